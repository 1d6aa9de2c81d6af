"""A package for Canvas: QTI 1.2 with Canvas's own types of questions, as its importer for "QTI .zip files" takes it.

The standard: https://www.imsglobal.org/question/qtiv1p2/imsqti_asi_infov1p2.html
Each chapter becomes a practice quiz. A question is known again by its id, so importing a later package overwrites it.
What belongs to which type of question, and that answers are numbers, is what Canvas itself writes.
"""

import html
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree.ElementTree import Element

from bookwidgets.export.canvas_items import item
from bookwidgets.export.losses import TYPED
from bookwidgets.export.outgoing import Edition
from bookwidgets.export.package import document, write_zip
from bookwidgets.export.qti.manifest import packaged_id
from bookwidgets.export.qti.xhtml import make
from bookwidgets.export.shapes import Essay, Exported, Gaps, Number, Pairs, Pick, Words, by_chapter

QTI = {
    "xmlns": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2 "
    "http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd",
}
MANIFEST = {"xmlns": "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"}
META = {"xmlns": "http://canvas.instructure.com/xsd/cccv1p0"}
META_TYPE = "associatedcontent/imscc_xmlv1p1/learning-application-resource"


def address(path: Path) -> str:
    return f"%24IMS-CC-FILEBASE%24/images/{path.name}"


def as_equation(tex: str, display: bool) -> str:
    """A formula as Canvas's own editor writes it: an image that Canvas draws of the TeX, which screen readers read."""
    shown = html.escape(f"\\displaystyle {tex}" if display else tex)
    source = quote(quote(f"\\displaystyle {tex}" if display else tex, safe=""), safe="")
    image = (
        f'<img class="equation_image" title="{shown}" src="/equation_images/{source}" '
        f'alt="LaTeX: {shown}" data-equation-content="{shown}" />'
    )
    return f'<span style="display: block; text-align: center;">{image}</span>' if display else image


def losses(one: Exported) -> Iterator[tuple[str, str]]:
    """What Canvas cannot express of a question, and what is done about it."""
    shape = one.shape
    if one.hints:
        yield "hints", "left out: Canvas has none"
    if one.formulas:
        yield "formulas", "images that Canvas draws of the TeX, which is also their description"
    yield "concepts and level", "kept in the file; Canvas does not show them"
    if isinstance(shape, Pick) and not shape.fixed:
        yield "shuffled options", "in one order for all, unless the quiz is set to shuffle"
    if isinstance(shape, Pairs | Gaps):
        yield "feedback on each item", "stands in the general feedback"
    if isinstance(shape, Gaps) and len({bool(gap.options) for gap in shape.gaps}) > 1:
        yield "menus beside gaps to type in", "all gaps are typed in; the words of each menu stand behind its gap"
    if isinstance(shape, Number | Words) and shape.wrong:
        yield "feedback on wrong answers that are recognised", "all of it stands in the feedback to a wrong answer"
    if isinstance(shape, Words) or (isinstance(shape, Gaps) and shape.typed):
        yield TYPED
    if isinstance(shape, Words) and shape.case:
        yield "capitals that count", "make no difference in Canvas"
    if isinstance(shape, Essay):
        yield "grading oneself by a rubric", "model answer and rubric stand in the general feedback"


def write(path: Path, questions: list[Exported], book: Edition) -> None:
    """Write the package: the manifest, two files for each quiz, and the images that questions show."""
    chapters = by_chapter(questions)
    images = {name: file for one in questions for name, file in one.images.items()}
    names = {chapter: f"{packaged_id(book)}-{chapter}" for chapter in chapters}
    files = {"imsmanifest.xml": document(_manifest(packaged_id(book), list(names.values()), list(images)))}
    for chapter, some in chapters.items():
        name = names[chapter]
        files[f"{name}/{name}.xml"] = document(_assessment(name, some))
        files[f"{name}/assessment_meta.xml"] = document(_meta(name, some))
    files |= {name: file.read_bytes() for name, file in images.items()}
    write_zip(path, files)


def _manifest(book: str, quizzes: list[str], images: list[str]) -> Element:
    resources: list[Element] = []
    for name in quizzes:
        meta = f"{name}/assessment_meta.xml"
        resources += [
            make(
                "resource", make("file", href=f"{name}/{name}.xml"), make("dependency", identifierref=f"{name}-meta"),
                identifier=name, type="imsqti_xmlv1p2",
            ),
            make("resource", make("file", href=meta), identifier=f"{name}-meta", type=META_TYPE, href=meta),
        ]  # fmt: skip
    for image in images:
        name = image.replace("/", "-")
        resources.append(make("resource", make("file", href=image), identifier=name, type="webcontent", href=image))
    about = make("metadata", make("schema", text="IMS Content"), make("schemaversion", text="1.1.3"))
    return make("manifest", about, make("organizations"), make("resources", *resources), **MANIFEST, identifier=book)


def _assessment(name: str, questions: list[Exported]) -> Element:
    section = make("section", *map(item, questions), ident="root_section")
    return make("questestinterop", make("assessment", section, ident=name, title=questions[0].title), **QTI)


def _meta(name: str, questions: list[Exported]) -> Element:
    """What Canvas knows of the quiz: for practice, as often as one likes."""
    points = sum(one.points for one in questions)
    values = {
        "title": questions[0].title, "quiz_type": "practice_quiz", "points_possible": f"{points:.1f}",
        "allowed_attempts": -1, "shuffle_answers": "false", "show_correct_answers": "true", "available": "false",
    }  # fmt: skip
    return make("quiz", *(make(key, text=str(value)) for key, value in values.items()), **META, identifier=name)
