"""What each type of question shows: its task, and its answer with the feedback.

Parts are numbered from 1 in the order of the file (``data-n``, but for tokens, which stand in that order); what is
shuffled stands in an order that says nothing about the answer.
Where parts of a task have feedback one by one, the k-th feedback belongs to the k-th part shown.
"""

import html
from collections.abc import Callable, Iterable
from typing import Any

from bookwidgets.bank.models import Remark
from bookwidgets.bank.pen import Body, Pen, html_list, json_attribute, number, shuffled
from bookwidgets.bank.types import (
    Categorize,
    Choices,
    Cloze,
    Flashcard,
    Free,
    Gap,
    Match,
    Numeric,
    Option,
    Order,
    ShortText,
    Spot,
    Tokens,
)  # fmt: skip


def _choices(question: Choices, pen: Pen) -> Body:
    numbered = list(enumerate(question.options, 1))
    order = numbered if question.fixed else shuffled(numbered, question.id, lambda option: option[1].text)
    items = (f'<li data-n="{n}">{pen.line(option.text)}</li>' for n, option in order)
    return Body(
        pen.task("choose_one" if question.type == "choice" else "choose_all") + html_list("bw-options", items),
        html_list("bw-why", (_why(option, pen) for _, option in order)),
        " data-fixed" if question.fixed else "",
    )


def _why(option: Option, pen: Pen) -> str:
    verdict = pen.say("right" if option.correct else "wrong")
    feedback = pen.line(option.feedback) + pen.idea(option.misconception)
    return f"<li{' data-ok' * option.correct}><b>{verdict}.</b> {feedback}</li>"


def _spot(question: Spot, pen: Pen) -> Body:
    def shown(text: str) -> str:
        return f"<code>{html.escape(text)}</code>" if question.as_ == "code" else pen.line(text)

    lines = (f'<li data-n="{n}">{shown(row.text)}</li>' for n, row in enumerate(question.rows, 1))
    why = (
        f"<li{' data-ok' * row.wrong}>"
        f"<b>{pen.say('spot_wrong' if row.wrong else 'spot_right')}.</b> "
        f"{pen.line(row.feedback)}{pen.idea(row.misconception)}</li>"
        for row in question.rows
    )
    return Body(
        pen.task("task_spot") + html_list("bw-options bw-lines", lines), html_list("bw-why", why), " data-fixed"
    )


def _match(question: Match, pen: Pen) -> Body:
    items = (f'<li data-n="{n}">{pen.line(pair.item)}</li>' for n, pair in enumerate(question.pairs, 1))
    partners = shuffled(enumerate(question.partners, 1), question.id, lambda partner: partner[1])
    why = (_placed(pair.partner, pair, pen) for pair in question.pairs)
    task = pen.task("task_match") + html_list("bw-items", items) + _lettered("bw-partners", partners)
    return Body(task, html_list("bw-why", why))


def _categorize(question: Categorize, pen: Pen) -> Body:
    numbered = list(enumerate(question.items, 1))
    order = numbered if question.fixed else shuffled(numbered, question.id, lambda item: item[1].text)
    items = (f'<li data-n="{n}">{pen.line(item.text)}</li>' for n, item in order)
    bins = _lettered("bw-bins", enumerate(question.bins, 1))
    why = (_placed(item.bin, item, pen) for _, item in order)
    task = pen.task("task_categorize") + html_list("bw-items", items) + bins
    return Body(task, html_list("bw-why", why), " data-fixed" if question.fixed else "")


def _lettered(name: str, places: Iterable[tuple[int, str]]) -> str:
    """Where items are put; with letters, so that on paper 1 goes to c."""
    return html_list(name, (f'<li data-n="{n}">{html.escape(text)}</li>' for n, text in places), attributes=' type="a"')


def _placed(place: str, remark: Remark, pen: Pen) -> str:
    return f"<li><b>{html.escape(place)}</b> {pen.remark(remark)}</li>"


def _order(question: Order, pen: Pen) -> Body:
    right = list(enumerate(question.steps, 1))
    extra = list(enumerate(question.distractors, len(right) + 1))
    parts = [*right, *((n, distractor.text) for n, distractor in extra)]
    shown, salt = parts, 0
    while [part for part in shown if part in right] == right:  # would give the answer away
        shown = shuffled(parts, question.id, lambda part: part[1], str(salt or ""))
        salt += 1
    why = (
        f'<li data-n="{n}"><b>{pen.line(one.text)}</b> {pen.line(one.feedback)}{pen.idea(one.misconception)}</li>'
        for n, one in extra
    )
    return Body(
        pen.task("task_order_some" if extra else "task_order") + html_list("bw-steps", _steps(shown, pen)),
        html_list("bw-right", _steps(right, pen)) + html_list("bw-why", why, "ul"),
    )


def _steps(steps: Iterable[tuple[int, str]], pen: Pen) -> Iterable[str]:
    return (f'<li data-n="{n}">{pen.line(text)}</li>' for n, text in steps)


def _numeric(question: Numeric, pen: Pen) -> Body:
    low, high = map(number, question.interval)
    unit = html.escape(question.unit or "")
    blank = f' data-unit="{unit}">… {unit}' if unit else ">…"
    why = []
    for one in question.ranges:
        ends = {"from": one.from_, "to": one.to}
        marks = "".join(f' data-{end}="{number(at)}"' for end, at in ends.items() if at is not None)
        feedback = pen.line(one.feedback) + pen.idea(one.misconception)
        why.append(f"<li{marks}><b>{_range(one.from_, one.to, pen)}</b> {feedback}</li>")
    answer = f"{pen.number(question.answer)} {unit}".strip()
    right = f'<p class="bw-value" data-from="{low}" data-to="{high}"><b>{answer}</b> {pen.line(question.feedback)}</p>'
    return Body(
        f'{pen.task("task_numeric")}<p class="bw-blank"{blank}</p>',
        right + html_list("bw-why", why, "ul"),
    )


def _range(low: float | None, high: float | None, pen: Pen) -> str:
    if low is None:
        return pen.say("range_to", high=pen.number(high))
    if high is None:
        return pen.say("range_from", low=pen.number(low))
    return pen.number(low) if low == high else pen.say("range_between", low=pen.number(low), high=pen.number(high))


def _text(question: ShortText, pen: Pen) -> Body:
    marks = _forms(question.answers) + " data-case" * question.case
    best = html.escape(question.answers[0])
    why = (
        f"<li{_forms(known.answers)}>"
        f"<b>{html.escape(', '.join(known.answers))}</b> {pen.line(known.feedback)}{pen.idea(known.misconception)}</li>"
        for known in question.known
    )
    return Body(
        f'{pen.task("task_text")}<p class="bw-blank">…</p>',
        f'<p class="bw-value"{marks}><b>{best}</b> {pen.line(question.feedback)}</p>{html_list("bw-why", why, "ul")}',
    )


def _forms(forms: list[str]) -> str:
    """The accepted forms of an answer; one alone stands in sight."""
    return f" data-forms={json_attribute(forms)}" if len(forms) > 1 else ""


def _cloze(question: Cloze, pen: Pen) -> Body:
    gaps = [_gap(n, gap, question.id) for n, gap in enumerate(question.gaps, 1)]
    text = pen.gapped(question.text, gaps)
    why = (f"<li{_forms(gap.forms)}><b>{html.escape(gap.forms[0])}</b> {pen.remark(gap)}</li>" for gap in question.gaps)
    return Body(f'{pen.task("task_cloze")}<div class="bw-cloze">{text}</div>', html_list("bw-why", why))


def _gap(n: int, gap: Gap, seed: str) -> str:
    if gap.options is None:
        return f'<span class="bw-gap" data-n="{n}">[{n}]</span>'
    options = shuffled(gap.options, f"{seed}/{n}", str)
    shown = html.escape(" / ".join(options))
    return f'<span class="bw-gap" data-n="{n}" data-options={json_attribute(options)}>[{n}: {shown}]</span>'


def _tokens(question: Tokens, pen: Pen) -> Body:
    items: list[str] = []
    tokens = [""]  # from 1
    for row in question.rows:
        for place, token in enumerate(row):
            begins = " data-line" if place == 0 and items else ""
            items.append(f"<li{begins}>{html.escape(token)}</li>")
            tokens.append(token)

    def stretch(first: int, last: int) -> str:
        return html.escape(" ".join(tokens[first : last + 1]))

    spans = " … ".join(f"<mark>{stretch(first, last)}</mark>" for first, last in sorted(question.marked))
    why = (
        f"<li data-at={json_attribute([[one.first, one.last]])}>"
        f"<b>{stretch(one.first, one.last)}</b> {pen.line(one.feedback)}{pen.idea(one.misconception)}</li>"
        for one in question.feedback
    )
    right = f'<p class="bw-marked" data-at={json_attribute(sorted(question.marked))}>{spans}</p>'
    return Body(pen.task("task_tokens") + html_list("bw-tokens", items), right + html_list("bw-why", why, "ul"))


def _free(question: Free, pen: Pen) -> Body:
    rubric = (
        f'<li data-points="{one.points}">{pen.line(one.text)}'
        f' <span class="bw-points">{pen.say("points", n=one.points)}</span></li>'
        for one in question.rubric
    )
    return Body(
        f'{pen.task("task_free")}<p class="bw-blank">…</p>',
        f'<p class="bw-title">{pen.say("model_answer")}</p><div class="bw-model">{pen.blocks(question.model)}</div>'
        f'<p class="bw-title">{pen.say("rubric")}</p>{html_list("bw-rubric", rubric, "ul")}',
        scenario=f'<div class="bw-scenario">{pen.blocks(question.scenario)}</div>' if question.scenario else "",
    )


def _flashcard(question: Flashcard, pen: Pen) -> Body:
    return Body("", f'<div class="bw-back">{pen.blocks(question.back)}</div>')


# How each type of question is shown.
BODIES: dict[str, Callable[[Any, Pen], Body]] = {
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
