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
from xml.etree.ElementTree import Element, SubElement, indent

from bookwidgets.export.losses import ENDLESS, TYPED
from bookwidgets.export.outgoing import Edition
from bookwidgets.export.package import document
from bookwidgets.export.shapes import (
    GAP,
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


def address(path: Path) -> str:
    return f"@@PLUGINFILE@@/{path.name}"


def losses(one: Exported) -> Iterator[tuple[str, str]]:
    """What Moodle cannot express of a question, and what is done about it."""
    shape = one.shape
    if isinstance(shape, Pick) and shape.many and round(100 * shape.share, 5) not in FRACTIONS:
        yield "the share that each right pick earns", f"{fraction(shape.share):g} %, the nearest that Moodle knows"
    if isinstance(shape, Pairs) and any(item.feedback for item in shape.items):
        yield "feedback on each item", "stands in the general feedback"
    if isinstance(shape, Number) and shape.endless:
        yield ENDLESS
    if isinstance(shape, Words) or (isinstance(shape, Gaps) and shape.typed):
        yield TYPED
    if isinstance(shape, Essay):
        yield "grading oneself by a rubric", "model answer and rubric are information for graders"


def fraction(share: float) -> float:
    return min(FRACTIONS, key=lambda known: abs(known - 100 * share))


def write(path: Path, questions: list[Exported], book: Edition) -> None:
    """Write a file with a category for each chapter."""
    quiz = Element("quiz")
    for some in by_chapter(questions).values():
        category = SubElement(SubElement(quiz, "question", type="category"), "category")
        SubElement(category, "text").text = category_of(book.title, some[0].title)
        for one in some:
            _question(quiz, one)
    indent(quiz)
    path.write_bytes(document(quiz))


def category_of(*names: str) -> str:
    """The path of a category in Moodle's question bank."""
    return "/".join(["$course$", "top", *(name.replace("/", "//") for name in names)])


def _question(quiz: Element, one: Exported) -> None:
    element = SubElement(quiz, "question", type=KINDS[type(one.shape)])
    SubElement(SubElement(element, "name"), "text").text = one.id
    prompt = one.prompt + (_with_gaps(one.shape) if isinstance(one.shape, Gaps) else "")
    _html(element, "questiontext", prompt, one)
    told = listed(one.shape.told) if isinstance(one.shape, Pairs) else ""
    _html(element, "generalfeedback", told + one.explanation, one)
    _values(element, defaultgrade=one.points, penalty=0.3333333, hidden=0, idnumber=one.id)
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
        _html(element, "graderinfo", shape.told, one)


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
    for answer in shape.left_over:
        question = _html(element, "subquestion", "", one)
        SubElement(SubElement(question, "answer"), "text").text = answer


def _number(element: Element, shape: Number, one: Exported) -> None:
    """The right number, then the ranges: the first that holds the learner's number counts."""
    ends = [(100.0, shape.low, shape.high, shape.feedback)]
    ends += [(0.0, *known.ends, known.feedback) for known in shape.wrong]
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
