r"""GIFT, the text format of Moodle and others: https://docs.moodle.org/en/GIFT_format

Each question stands on one line, below a comment with its id and tags, by which Moodle 3.6 and later know it again.
"""

import base64
import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from bookwidgets.export.losses import ENDLESS, TYPED
from bookwidgets.export.moodle import category_of
from bookwidgets.export.outgoing import Edition
from bookwidgets.export.shapes import (
    Essay,
    Exported,
    Gaps,
    Number,
    Option,
    Pairs,
    Pick,
    Shape,
    Words,
    by_chapter,
    listed,
)


def address(path: Path) -> str:
    content = base64.b64encode(path.read_bytes()).decode()
    return f"data:{mimetypes.guess_type(path.name)[0]};base64,{content}"


def losses(one: Exported) -> Iterator[tuple[str, str]]:
    """What GIFT cannot express of a question, and what is done about it."""
    shape = one.shape
    if one.hints:
        yield "hints", "left out: GIFT has none"
    if one.images:
        yield "image files", "embedded in the text"
    if isinstance(shape, Pick) and shape.fixed:
        yield "the order of the options", "as in the file, unless the quiz shuffles"
    if isinstance(shape, Pairs | Gaps):
        yield "feedback on each item", "stands in the general feedback"
    if isinstance(shape, Gaps):
        yield "gaps in a text", "the text has numbers, and each is given its word out of a list"
        if shape.typed:
            yield "gaps to type in", "the word is picked out of the list: recognised and not recalled"
    if isinstance(shape, Number) and shape.endless:
        yield ENDLESS
    if isinstance(shape, Words):
        yield TYPED
        if shape.case:
            yield "capitals that count", "make no difference in GIFT"
    if isinstance(shape, Essay):
        yield "grading oneself by a rubric", "model answer and rubric stand in the general feedback"


def write(path: Path, questions: list[Exported], book: Edition) -> None:
    """Write a file with a category for each chapter."""
    parts: list[str] = []
    for some in by_chapter(questions).values():
        parts.append(f"$CATEGORY: {category_of(book.title, some[0].title)}")
        parts += map(_question, some)
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")


def _question(one: Exported) -> str:
    tags = " ".join(f"[tag:{tag}]" for tag in one.tags)
    body = _BODIES[type(one.shape)](one.shape)
    prompt = one.prompt + (one.shape.numbered("<b>({n})</b>") if isinstance(one.shape, Gaps) else "")
    return f"// [id:{one.id}] {tags}\n::{one.id}::{rich(prompt)}{{{body}####{rich(_told(one))}}}"


def rich(text: str) -> str:
    """HTML as a text of GIFT."""
    return f"[html]{_escaped(text)}"


def _escaped(text: str) -> str:
    text = re.sub(r"([\\~=#{}:])", r"\\\1", text.replace("->", "-&gt;"))
    return text.replace("\r", "").replace("\n", "\\n")


def _told(one: Exported) -> str:
    """What is said in the end: what GIFT has no other place for, then the explanation."""
    if isinstance(one.shape, Pairs | Gaps):
        return listed(one.shape.told) + one.explanation
    return (one.shape.told if isinstance(one.shape, Essay) else "") + one.explanation


def _pick(shape: Pick) -> str:
    return "".join(f"{_mark(option, shape)}{rich(option.text)}{_why(option.feedback)}" for option in shape.options)


def _mark(option: Option, shape: Pick) -> str:
    if not shape.many:
        return "=" if option.right else "~"
    # Five places are what Moodle's own list of grades has; it takes the nearest.
    return f"~%{'' if option.right else '-'}{100 * shape.share:.5f}%"


def _why(feedback: str) -> str:
    return f"#{rich(feedback)}" if feedback else ""


def _pairs(shape: Pairs) -> str:
    return _paired([(item.text, item.answer) for item in shape.items], shape.left_over)


def _paired(pairs: Iterable[tuple[str, str]], left_over: Iterable[str]) -> str:
    """Texts with their answers, then the answers that belong to none."""
    written = [f"={rich(text)} -> {_plain(answer)} " for text, answer in pairs]
    return "".join([*written, *(f"= -> {_plain(answer)} " for answer in left_over)])


def _plain(text: str) -> str:
    return _escaped(text.replace("->", "→"))


def _number(shape: Number) -> str:
    answers = [f"={_between(shape.low, shape.high)}{_why(shape.feedback)}"]
    for known in shape.wrong:
        answers.append(f"=%0%{_between(*known.ends)}{_why(known.feedback)}")
    return "#" + "".join(answers)


def _between(low: float, high: float) -> str:
    return f"{Decimal(repr(low)):f}..{Decimal(repr(high)):f}"


def _words(shape: Words) -> str:
    answers = [(form, 100, shape.feedback) for form in shape.answers]
    answers += [(form, 0, feedback) for forms, feedback in shape.wrong for form in forms]
    # A share in front of each, so that a form that begins with a percent sign is not taken for one.
    return "".join(f"=%{earned}%{_plain(form)}{_why(feedback)}" for form, earned, feedback in answers)


def _gaps(shape: Gaps) -> str:
    words = dict.fromkeys(word for gap in shape.gaps for word in (gap.options or gap.forms[:1]))
    taken = {gap.forms[0] for gap in shape.gaps}
    pairs = ((f"({n})", gap.forms[0]) for n, gap in enumerate(shape.gaps, 1))
    return _paired(pairs, [word for word in words if word not in taken])


_BODIES: dict[type[Shape], Callable[[Any], str]] = {
    Pick: _pick, Pairs: _pairs, Number: _number, Words: _words, Gaps: _gaps, Essay: lambda shape: "",
}  # fmt: skip
