"""QTI 2.1: a package of items, and a test with a section for each chapter.

The standard: https://www.imsglobal.org/question/qtiv2p1/imsqti_infov2p1.html
An item is known again by its identifier, which is the question's id. Formulas are MathML.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from bookwidgets.bank.types import Tokens
from bookwidgets.export.losses import TYPED
from bookwidgets.export.native import Marks, Steps
from bookwidgets.export.outgoing import Edition
from bookwidgets.export.package import document, write_zip
from bookwidgets.export.qti import choosing, entering
from bookwidgets.export.qti.manifest import manifest
from bookwidgets.export.qti.rules import ALWAYS, Asked
from bookwidgets.export.qti.xhtml import block, make, wrapped
from bookwidgets.export.shapes import Essay, Exported, Gaps, Number, Pairs, Pick, Words, by_chapter, listed

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
SCHEMA = f"{NAMESPACE} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
ROOT = {
    "xmlns": NAMESPACE, "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "xsi:schemaLocation": SCHEMA,
}  # fmt: skip


def address(path: Path) -> str:
    return f"../images/{path.name}"  # as seen from items/


def losses(one: Exported) -> Iterator[tuple[str, str]]:
    """What QTI 2.1 cannot express of a question, and what is done about it."""
    shape = one.shape
    if one.hints:
        yield "hints", "for tutors and authors: learners see none"
    if isinstance(shape, Pairs | Gaps):
        yield "feedback on each item", "stands in the feedback that everybody gets"
    if isinstance(shape, Marks) and shape.told:
        yield "feedback on stretches of tokens", "stands in the feedback that everybody gets"
    if isinstance(shape, Steps):
        yield "credit for the longest run in the right order", "credit for each step at its place"
    if isinstance(shape, Words) or (isinstance(shape, Gaps) and shape.typed):
        yield TYPED
    if isinstance(shape, Essay):
        yield "grading oneself by a rubric", "model answer and rubric are for scorers, tutors and authors"


def write(path: Path, questions: list[Exported], book: Edition) -> None:
    """Write the package: the manifest, the test, the items, and the images that they show."""
    files = {"imsmanifest.xml": document(manifest(questions, book)), "test.xml": document(_test(questions, book))}
    files |= {f"items/{one.id}.xml": document(_item(one, book.language)) for one in questions}
    files |= {name: file.read_bytes() for one in questions for name, file in one.images.items()}
    write_zip(path, files)


def identifier(name: str) -> str:
    """An id as QTI writes it: not with a digit at its beginning."""
    return f"_{name}" if name[0].isdigit() else name


def _item(one: Exported, language: str) -> Element:
    asked: Asked = _ASKED[type(one.shape)](one.shape, one)
    feedback = asked.feedback | {ALWAYS: listed(asked.told) + one.explanation}
    attributes = {"identifier": identifier(one.id), "title": one.id, "adaptive": "false", "timeDependent": "false"}
    return make(
        "assessmentItem", *asked.declared, *_outcomes(one.points),
        make("itemBody", block(_prompt(one)), *asked.shown, *_for_others(one)),
        make("responseProcessing", *asked.rules),
        *(wrapped(text, "modalFeedback", "div", outcomeIdentifier="FEEDBACK", identifier=name, showHide="show")
          for name, text in feedback.items() if text),
        **ROOT, **attributes, **{"xml:lang": language},
    )  # fmt: skip


def _prompt(one: Exported) -> str:
    """Without the tokens, which the interaction shows."""
    return one.prompt.rpartition("<pre>")[0] if isinstance(one.question, Tokens) else one.prompt


def _outcomes(points: int) -> list[Element]:
    def number(name: str, amount: float) -> Element:
        default = make("defaultValue", make("value", text=str(amount)))
        return make("outcomeDeclaration", default, identifier=name, cardinality="single", baseType="float")

    score = number("SCORE", 0)
    score.set("normalMaximum", str(points))
    feedback = make("outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple", baseType="identifier")
    return [score, number("MAXSCORE", points), feedback]


def _for_others(one: Exported) -> Iterator[Element]:
    """What the learner does not see: hints, and by what an essay is graded."""
    if one.hints:
        yield block("".join(f"<div>{hint}</div>" for hint in one.hints), "rubricBlock", view="author tutor")
    if isinstance(one.shape, Essay):
        yield block(one.shape.told, "rubricBlock", view="author scorer tutor")


def _test(questions: list[Exported], book: Edition) -> Element:
    """The questions in the book's order; learners go to and fro, and each is handed in by itself."""
    sections = (
        make(
            "assessmentSection",
            *(make("assessmentItemRef", identifier=identifier(one.id), href=f"items/{one.id}.xml") for one in some),
            identifier=f"section-{chapter}", title=some[0].title, visible="true",
        )
        for chapter, some in by_chapter(questions).items()
    )  # fmt: skip
    part = make("testPart", *sections, identifier="questions", navigationMode="nonlinear", submissionMode="individual")
    return make("assessmentTest", part, **ROOT, identifier="book-test", title=book.title)


_ASKED: dict[type, Callable[[Any, Exported], Asked]] = {
    Pick: choosing.pick, Marks: choosing.marks, Pairs: choosing.pairs, Steps: choosing.steps,
    Number: entering.number, Words: entering.words, Gaps: entering.gaps, Essay: entering.essay,
}  # fmt: skip
