"""Each of the twelve types in one of the seven shapes, and what that costs."""

import html
from collections.abc import Callable, Iterator
from typing import Any

from bookwidgets.bank.models import BaseQuestion, Remark
from bookwidgets.bank.pen import Pen, shuffled
from bookwidgets.bank.types import (
    Categorize,
    Choices,
    Cloze,
    Flashcard,
    Free,
    Match,
    Numeric,
    Order,
    ShortText,
    Spot,
    Tokens,
)  # fmt: skip
from bookwidgets.export.shapes import (
    GAP,
    Card,
    Essay,
    Gap,
    Gaps,
    Item,
    Known,
    Number,
    Option,
    Pairs,
    Pick,
    Shape,
    Words,
)

MOST_TOKENS = 30  # as options to tick; more is no list that anyone reads


def shape_of(question: BaseQuestion, pen: Pen) -> Shape:
    return _SHAPES[question.type](question, pen)


def changes(question: BaseQuestion) -> Iterator[tuple[str, str]]:
    """What the shape alone costs, whatever the target: what is lost, and what was done."""
    if isinstance(question, Spot):
        yield "pointing at a line", "the lines are options, in their order"
    if isinstance(question, Order):
        yield "arranging steps", "each step is given its position; credit is for each position, not for the longest run"
    if isinstance(question, Tokens):
        done = "the tokens are numbered options" if _is_short(question) else "an essay: the learner writes which"
        yield "marking tokens in a text", done
        if _is_short(question):
            yield "feedback on stretches of tokens", "stands with each token of the stretch"


def _is_short(question: Tokens) -> bool:
    return sum(map(len, question.rows)) <= MOST_TOKENS


def _choices(question: Choices, pen: Pen) -> Pick:
    options = [
        Option(pen.line(one.text), one.correct, pen.line(one.feedback) + idea_of(one.misconception, pen))
        for one in question.options
    ]
    order = options if question.fixed else shuffled(options, question.id, lambda option: option.text)
    return Pick(tuple(order), question.type == "multi", question.fixed)


def idea_of(name: str | None, pen: Pen) -> str:
    """The misconception behind a mistake, to stand after feedback."""
    idea = pen.idea(name)
    return f" {idea}" if idea else ""


def remark_of(remark: Remark, pen: Pen) -> str:
    """Feedback, with what the book says in addition to those who were wrong."""
    wrong = f" {pen.line(remark.wrong)}" if remark.wrong else ""
    return pen.line(remark.feedback) + wrong + idea_of(remark.misconception, pen)


def _spot(question: Spot, pen: Pen) -> Pick:
    options = (
        Option(line_shown(question, row.text, pen), row.wrong, pen.line(row.feedback) + idea_of(row.misconception, pen))
        for row in question.rows
    )
    return Pick(tuple(options), many=False, fixed=True)


def line_shown(question: Spot, text: str, pen: Pen) -> str:
    """A line of the text in which the wrong one is to be found."""
    if question.as_ == "text":
        return pen.line(text)
    # Other systems trim leading spaces and shorten runs of them.
    return f"<code>{html.escape(text).replace(' ', '&#160;')}</code>"


def _match(question: Match, pen: Pen) -> Pairs:
    items = (Item(pen.line(pair.item), pair.partner, remark_of(pair, pen)) for pair in question.pairs)
    return Pairs(tuple(items), tuple(shuffled(question.partners, question.id, str)))


def _categorize(question: Categorize, pen: Pen) -> Pairs:
    items = [Item(pen.line(one.text), one.bin, remark_of(one, pen)) for one in question.items]
    order = items if question.fixed else shuffled(items, question.id, lambda item: item.text)
    return Pairs(tuple(order), tuple(question.bins))


def _order(question: Order, pen: Pen) -> Pairs:
    """Each step and its position: positions are plain text wherever answers are, and steps may hold formulas."""
    positions = [pen.words["export_position"].format(n=n) for n in range(1, len(question.steps) + 1)]
    left_out = pen.words["left_out"]
    items = [Item(pen.line(text), position, "") for text, position in zip(question.steps, positions, strict=True)]
    items += [
        Item(pen.line(one.text), left_out, pen.line(one.feedback) + idea_of(one.misconception, pen))
        for one in question.distractors
    ]
    order = shuffled(items, question.id, lambda item: item.text)
    return Pairs(tuple(order), tuple(positions + [left_out] * bool(question.distractors)))


def _numeric(question: Numeric, pen: Pen) -> Number:
    wrong = (
        Known(one.from_, one.to, pen.line(one.feedback) + idea_of(one.misconception, pen)) for one in question.ranges
    )
    return Number(question.answer, *question.interval, pen.line(question.feedback), tuple(wrong))


def _text(question: ShortText, pen: Pen) -> Words:
    wrong = ((tuple(one.answers), pen.line(one.feedback) + idea_of(one.misconception, pen)) for one in question.known)
    return Words(tuple(question.answers), question.case, pen.line(question.feedback), tuple(wrong))


def _cloze(question: Cloze, pen: Pen) -> Gaps:
    gaps = (
        Gap(tuple(shuffled(gap.options or [], f"{question.id}/{n}", str)), tuple(gap.forms), remark_of(gap, pen))
        for n, gap in enumerate(question.gaps, 1)
    )
    places = [GAP.format(n=n) for n in range(1, len(question.gaps) + 1)]
    return Gaps(pen.gapped(question.text, places), tuple(gaps))


def _tokens(question: Tokens, pen: Pen) -> Pick | Essay:
    tokens = [token for row in question.rows for token in row]
    if not _is_short(question):
        spans = "; ".join(" ".join(tokens[first - 1 : last]) for first, last in sorted(question.marked))
        stretches = "".join(
            f"<li>{pen.line(one.feedback)}{idea_of(one.misconception, pen)}</li>" for one in question.feedback
        )
        model = f"<p><code>{html.escape(spans)}</code></p><ul>{stretches}</ul>"
        return Essay(model, ((html.escape(spans), len(question.marked)),))

    def why(n: int) -> str:
        return " ".join(
            pen.line(one.feedback) + idea_of(one.misconception, pen)
            for one in question.feedback
            if one.first <= n <= one.last
        )

    right = set(question.right)
    options = (
        Option(f"{n}: <code>{html.escape(token)}</code>", n in right, why(n)) for n, token in enumerate(tokens, 1)
    )
    return Pick(tuple(options), many=True, fixed=True)


def _free(question: Free, pen: Pen) -> Essay:
    return Essay(pen.blocks(question.model), tuple((pen.line(one.text), one.points) for one in question.rubric))


def _flashcard(question: Flashcard, pen: Pen) -> Card:
    return Card(pen.blocks(question.back))


_SHAPES: dict[str, Callable[[Any, Pen], Shape]] = {
    "choice": _choices,
    "multi": _choices,
    "match": _match,
    "categorize": _categorize,
    "order": _order,
    "numeric": _numeric,
    "text": _text,
    "cloze": _cloze,
    "tokens": _tokens,
    "spot": _spot,
    "free": _free,
    "flashcard": _flashcard,
}
