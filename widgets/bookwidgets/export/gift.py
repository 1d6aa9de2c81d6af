r"""GIFT, the text format of Moodle and others: https://docs.moodle.org/en/GIFT_format

Each question stands on one line, below a comment with its id and tags, by which Moodle 3.6 and later know it again.
"""

import base64
import html
import mimetypes
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from bookwidgets.export.shapes import GAP, Card, Essay, Exported, Gaps, Number, Option, Pairs, Pick, Shape, Words

NO_END = Decimal(10) ** 6  # how many times its own size a range without an end goes on


def address(path: Path) -> str:
    content = base64.b64encode(path.read_bytes()).decode()
    return f"data:{mimetypes.guess_type(path.name)[0]};base64,{content}"


def losses(one: Exported) -> Iterator[tuple[str, str]]:
    """What GIFT cannot express of a question, and what is done about it."""
    shape = one.shape
    if isinstance(shape, Card):
        yield "a flashcard", "left out: GIFT has no question of this kind"
        return
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
    if isinstance(shape, Number) and any(None in (known.low, known.high) for known in shape.wrong):
        yield "ranges without an end", f"end at {NO_END:,} times their size"
    if isinstance(shape, Words):
        yield "levelling of quotes, hyphens and final periods", "each accepted form has to be met as it is written"
        if shape.case:
            yield "capitals that count", "make no difference in GIFT"
    if isinstance(shape, Essay):
        yield "grading oneself by a rubric", "model answer and rubric stand in the general feedback"


def gift(questions: list[Exported], title: str) -> str:
    """A file with a category for each chapter."""
    parts: list[str] = []
    chapter = None
    for one in questions:
        if isinstance(one.shape, Card):
            continue
        if one.chapter != chapter:
            chapter = one.chapter
            parts.append(f"$CATEGORY: $course$/top/{title.replace('/', '//')}/{one.title.replace('/', '//')}")
        tags = " ".join(f"[tag:{tag}]" for tag in one.tags)
        body = _BODIES[type(one.shape)](one.shape)
        prompt = one.prompt + (_numbered(one.shape) if isinstance(one.shape, Gaps) else "")
        parts.append(f"// [id:{one.id}] {tags}\n::{one.id}::{rich(prompt)}{{{body}####{rich(_told(one))}}}")
    return "\n\n".join(parts) + "\n"


def rich(text: str) -> str:
    """HTML as a text of GIFT."""
    return f"[html]{_escaped(text)}"


def _escaped(text: str) -> str:
    text = re.sub(r"([\\~=#{}:])", r"\\\1", text.replace("->", "-&gt;"))
    return text.replace("\r", "").replace("\n", "\\n")


def _told(one: Exported) -> str:
    """What is said in the end: what GIFT has no other place for, then the explanation."""
    shape = one.shape
    entries: list[str] = []
    if isinstance(shape, Pairs):
        entries = [f"{item.text}: {html.escape(item.answer)}. {item.feedback}" for item in shape.items]
    elif isinstance(shape, Gaps):
        entries = [f"{html.escape(gap.forms[0])}. {gap.feedback}" for gap in shape.gaps]
    elif isinstance(shape, Essay):
        rubric = "".join(f"<li>{text} ({points})</li>" for text, points in shape.rubric)
        return f"{shape.model}<ul>{rubric}</ul>{one.explanation}"
    listed = "".join(f"<li>{entry}</li>" for entry in entries)
    return (f"<ol>{listed}</ol>" if listed else "") + one.explanation


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
    taken = {item.answer for item in shape.items}
    pairs = [(item.text, item.answer) for item in shape.items]
    pairs += [("", answer) for answer in shape.answers if answer not in taken]
    return "".join(f"={rich(text) if text else ''} -> {_plain(answer)} " for text, answer in pairs)


def _plain(text: str) -> str:
    return _escaped(text.replace("->", "→"))


def _number(shape: Number) -> str:
    answers = [f"={_between(shape.low, shape.high)}{_why(shape.feedback)}"]
    for known in shape.wrong:
        far = float(NO_END) * max(1, *(abs(end) for end in (known.low, known.high) if end is not None))
        ends = -far if known.low is None else known.low, far if known.high is None else known.high
        answers.append(f"=%0%{_between(*ends)}{_why(known.feedback)}")
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
    pairs = [(f"({n})", gap.forms[0]) for n, gap in enumerate(shape.gaps, 1)]
    pairs += [("", word) for word in words if word not in taken]
    return "".join(f"={rich(text) if text else ''} -> {_plain(word)} " for text, word in pairs)


def _numbered(shape: Gaps) -> str:
    text = shape.text
    for n in range(1, len(shape.gaps) + 1):
        text = text.replace(GAP.format(n=n), f"<b>({n})</b>")
    return text


def _essay(shape: Essay) -> str:
    return ""


_BODIES: dict[type[Shape], Callable[[Any], str]] = {
    Pick: _pick, Pairs: _pairs, Number: _number, Words: _words, Gaps: _gaps, Essay: _essay,
}  # fmt: skip
