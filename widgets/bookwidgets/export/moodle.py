"""Moodle XML, as Moodle 4 imports it: https://docs.moodle.org/en/Moodle_XML_format

A question is known again by its ID number, which is its id in the bank. Formulas are TeX between \\( and \\), which
Moodle's MathJax filter shows. Penalties for further attempts are Moodle's own default.
"""

import base64
import html
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bookwidgets.export.shapes import GAP, Card, Essay, Exported, Gaps, Number, Option, Pairs, Pick, Shape, Words

# The shares of a grade that Moodle knows; it rounds no other one.
FRACTIONS = (100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5,
             11.11111, 10, 5)  # fmt: skip
KINDS: dict[type[Shape], str] = {
    Pick: "multichoice", Pairs: "matching", Number: "numerical", Words: "shortanswer", Gaps: "cloze", Essay: "essay",
}  # fmt: skip
IMAGE = re.compile(r"@@PLUGINFILE@@/([\w.-]+)")
# What has a meaning within a gap, as character references.
MARKS = {ord(mark): f"&#{ord(mark)};" for mark in "}~"}
HASH = {ord("#"): "&#35;"}
FARTHEST = 10**6  # how many times its own size a range without an end goes on


def address(path: Path) -> str:
    return f"@@PLUGINFILE@@/{path.name}"


def losses(one: Exported) -> Iterator[tuple[str, str]]:
    """What Moodle cannot express of a question, and what is done about it."""
    shape = one.shape
    if isinstance(shape, Card):
        yield "a flashcard", "left out: Moodle has no question of this kind"
        return
    if isinstance(shape, Pick) and shape.many and round(100 * shape.share, 5) not in FRACTIONS:
        yield "the share that each right pick earns", f"{fraction(shape.share):g} %, the nearest that Moodle knows"
    if isinstance(shape, Pairs) and any(item.feedback for item in shape.items):
        yield "feedback on each item", "stands in the general feedback"
    if isinstance(shape, Number) and any(None in (known.low, known.high) for known in shape.wrong):
        yield "ranges without an end", f"end at {FARTHEST:,} times their size"
    if isinstance(shape, Words) or (isinstance(shape, Gaps) and shape.typed):
        yield "levelling of quotes, hyphens and final periods", "each accepted form has to be met as it is written"
    if isinstance(shape, Essay):
        yield "grading oneself by a rubric", "model answer and rubric are information for graders"


def fraction(share: float) -> float:
    return min(FRACTIONS, key=lambda known: abs(known - 100 * share))


def moodle_xml(questions: list[Exported], title: str) -> bytes:
    """A file with a category for each chapter."""
    quiz = Element("quiz")
    chapter = None
    for one in questions:
        if isinstance(one.shape, Card):
            continue
        if one.chapter != chapter:
            chapter = one.chapter
            category = SubElement(SubElement(quiz, "question", type="category"), "category")
            SubElement(category, "text").text = f"$course$/top/{_step(title)}/{_step(one.title)}"
        _question(quiz, one)
    indent(quiz)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(quiz, encoding="utf-8") + b"\n"


def _step(name: str) -> str:
    """A name within a path of categories."""
    return name.replace("/", "//")


def _question(quiz: Element, one: Exported) -> None:
    element = SubElement(quiz, "question", type=KINDS[type(one.shape)])
    SubElement(SubElement(element, "name"), "text").text = one.id
    prompt = one.prompt + (_with_gaps(one.shape) if isinstance(one.shape, Gaps) else "")
    _html(element, "questiontext", prompt, one)
    feedback = one.explanation
    if isinstance(one.shape, Pairs):
        told = "".join(f"<li>{item.text}: {html.escape(item.answer)}. {item.feedback}</li>" for item in one.shape.items)
        feedback = f"<ul>{told}</ul>{feedback}"
    _html(element, "generalfeedback", feedback, one)
    points = one.shape.points if isinstance(one.shape, Essay) else 1
    _values(element, defaultgrade=points, penalty=0.3333333, hidden=0, idnumber=one.id)
    _body(element, one)
    for hint in one.hints:
        _html(element, "hint", hint, one)
    tags = SubElement(element, "tags")
    for tag in one.tags:
        SubElement(SubElement(tags, "tag"), "text").text = tag


def _values(parent: Element, **values: object) -> None:
    for name, value in values.items():
        SubElement(parent, name).text = str(value)


def _html(parent: Element, name: str, text: str, one: Exported, **attributes: str) -> Element:
    """A text and the images that it shows."""
    element = SubElement(parent, name, format="html", **attributes)
    SubElement(element, "text").text = text
    shown = set(IMAGE.findall(text))
    for image in one.images:
        if Path(image).name in shown:
            file = SubElement(element, "file", name=Path(image).name, path="/", encoding="base64")
            file.text = base64.b64encode(one.images[image].read_bytes()).decode()
    return element


def _body(element: Element, one: Exported) -> None:
    shape = one.shape
    if isinstance(shape, Pick):
        shuffled = str(not shape.fixed).lower()
        _values(element, single=str(not shape.many).lower(), shuffleanswers=shuffled, answernumbering="none")
        for option in shape.options:
            _answer(element, option.text, _earned(option, shape), option.feedback, one)
    elif isinstance(shape, Pairs):
        _values(element, shuffleanswers="true")
        _pairs(element, shape, one)
    elif isinstance(shape, Number):
        _number(element, shape, one)
    elif isinstance(shape, Words):
        _values(element, usecase=int(shape.case))
        for form in shape.answers:
            _answer(element, form, 100, shape.feedback, one, plain=True)
        for forms, feedback in shape.wrong:
            for form in forms:
                _answer(element, form, 0, feedback, one, plain=True)
    elif isinstance(shape, Essay):
        _values(element, responseformat="editor", responserequired=1, responsefieldlines=15, attachments=0)
        rubric = "".join(f"<li>{text} ({points})</li>" for text, points in shape.rubric)
        _html(element, "graderinfo", f"{shape.model}<ul>{rubric}</ul>", one)


def _earned(option: Option, shape: Pick) -> float:
    if shape.many:
        return fraction(shape.share) * (1 if option.right else -1)
    return 100 if option.right else 0


def _answer(
    element: Element, text: str, earned: float, feedback: str, one: Exported, *, plain: bool = False
) -> Element:
    if plain:
        answer = SubElement(element, "answer", fraction=f"{earned:g}", format="moodle_auto_format")
        # An asterisk stands for anything in a short answer.
        SubElement(answer, "text").text = text.replace("*", r"\*")
    else:
        answer = _html(element, "answer", text, one)
        answer.set("fraction", f"{earned:.7g}")
    _html(answer, "feedback", feedback, one)
    return answer


def _pairs(element: Element, shape: Pairs, one: Exported) -> None:
    for item in shape.items:
        question = _html(element, "subquestion", item.text, one)
        SubElement(SubElement(question, "answer"), "text").text = item.answer
    taken = {item.answer for item in shape.items}
    for answer in shape.answers:
        if answer not in taken:
            question = _html(element, "subquestion", "", one)
            SubElement(SubElement(question, "answer"), "text").text = answer


def _number(element: Element, shape: Number, one: Exported) -> None:
    """The right number, then the ranges: the first that holds the learner's number counts."""
    ends = [(100.0, shape.low, shape.high, shape.feedback)]
    for known in shape.wrong:
        far = FARTHEST * max(1, *(abs(end) for end in (known.low, known.high) if end is not None))
        low = -far if known.low is None else known.low
        ends.append((0.0, low, far if known.high is None else known.high, known.feedback))
    for earned, low, high, feedback in ends:
        middle = (Decimal(repr(low)) + Decimal(repr(high))) / 2
        answer = _answer(element, _decimal(middle), earned, feedback, one, plain=True)
        SubElement(answer, "tolerance").text = _decimal(Decimal(repr(high)) - middle)
    _values(element, unitgradingtype=0, unitpenalty=0, showunits=3, unitsleft=0)


def _decimal(number: Decimal) -> str:
    return str(number.normalize())


def _with_gaps(shape: Gaps) -> str:
    """The text with Moodle's own marks for gaps in it."""
    text = shape.text
    for n, gap in enumerate(shape.gaps, 1):
        kind = "MULTICHOICE" if gap.options else "SHORTANSWER"
        # Moodle decodes character references in there, so the feedback's own have to survive that.
        feedback = " ".join(gap.feedback.replace("&", "&amp;").translate(MARKS).split("\n"))
        answers = [
            f"{'=' * (word in gap.forms)}{html.escape(word, quote=False).translate(MARKS | HASH)}#{feedback}"
            for word in gap.options or gap.forms
        ]
        text = text.replace(GAP.format(n=n), f"{{1:{kind}:{'~'.join(answers)}}}")
    return text
