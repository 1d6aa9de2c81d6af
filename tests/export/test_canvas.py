"""The package for Canvas: against what text2qti writes, which Canvas is known to import, and read by pyslet.

text2qti knows five of Canvas's types. What is asserted of matching and of gaps is how Canvas itself exports them.
"""

import html
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element, fromstring

import pytest

from bookwidgets.bank.check import Book
from bookwidgets.bank.text import line
from bookwidgets.export import canvas, export

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pyslet calls its own older names

N = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
KINDS = {
    "choice": "multiple_choice", "multi": "multiple_answers", "spot": "multiple_choice", "match": "matching",
    "categorize": "matching", "order": "matching", "numeric": "numerical", "text": "short_answer", "free": "essay",
    "tokens": "multiple_answers",
}  # fmt: skip
PLAIN = """\
1. Which one?
... To all.
+ To right ones.
- To wrong ones.
*a) This one.
... Feedback on it.
b) That one.
... Feedback on it.

2. Which ones?
... To all.
+ To right ones.
- To wrong ones.
[*] This one.
... Feedback on it.
[ ] That one.
... Feedback on it.

3. How many?
... To all.
+ To right ones.
- To wrong ones.
= 1.5 +- 0.5

4. Which word?
... To all.
+ To right ones.
- To wrong ones.
* this one
* that one

5. Why?
... To all.
____
"""


@pytest.fixture(scope="module", params=["whole", "types"])
def book(request: pytest.FixtureRequest) -> Book:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def package(book: Book, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("canvas") / "book.zip"
    export(book, "canvas", path, [])
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def quizzes(package: dict[str, bytes]) -> Iterator[str]:
    for name, content in package.items():
        folder, _, file = name.partition("/")
        if file == f"{folder}.xml":
            yield content.decode()


@pytest.fixture(scope="module")
def items(package: dict[str, bytes]) -> dict[str, Element]:
    return {one.get("ident"): one for quiz in quizzes(package) for one in fromstring(quiz).iter(f"{N}item")}


def kind(item: Element) -> str:
    return fields(item)["question_type"].removesuffix("_question")


def fields(item: Element) -> dict[str, str]:
    pairs = item.iter(f"{N}qtimetadatafield")
    return {one.findtext(f"{N}fieldlabel"): one.findtext(f"{N}fieldentry") or "" for one in pairs}


def paths(element: Element, above: str = "") -> set[str]:
    """Where which element stands, with the names of its attributes: the structure without the texts."""
    own = f"{above}/{element.tag.removeprefix(N)}"
    found = {own, *(f"{own}@{name}" for name in element.attrib)}
    return found.union(*(paths(child, own) for child in element))


def test_the_structure_is_one_that_canvas_imports(items: dict[str, Element]) -> None:
    quiz = pytest.importorskip("text2qti.quiz", reason="the package text2qti is not installed")
    config = pytest.importorskip("text2qti.config").Config()
    written = pytest.importorskip("text2qti.qti").QTI(quiz.Quiz(PLAIN, config=config)).assessment
    known = {kind(item): item for item in fromstring(written).iter(f"{N}item")}
    assert len(known) == 5
    compared = set()
    for name, item in items.items():
        if kind(item) in known:
            compared.add(kind(item))
            other = known[kind(item)]
            assert paths(item) <= paths(other), name
            assert set(fields(item)) == set(fields(other)) | {"concepts", "level"}
    assert compared >= {"multiple_choice", "multiple_answers", "numerical", "essay"}


def test_pyslet_reads_every_item(package: dict[str, bytes], items: dict[str, Element]) -> None:
    documents = pytest.importorskip("pyslet.qtiv1.xml", reason="the package pyslet is not installed")
    found = set()
    for quiz in quizzes(package):
        document = documents.QTIDocument()
        document.read(src=quiz)
        (section,) = document.root.Assessment.SectionMixin
        found |= {item.ident for item in section.SectionItemMixin}
    assert found == set(items)


def test_every_question_has_its_type(book: Book, items: dict[str, Element]) -> None:
    assert set(items) == {name for name, one in book.bank.questions.items() if one.type != "flashcard"}
    for name, item in items.items():
        question = book.bank.questions[name]
        if question.type == "cloze":
            menus = all(gap.options for gap in question.gaps)
            assert kind(item) == ("multiple_dropdowns" if menus else "fill_in_multiple_blanks")
        else:
            assert kind(item) == ("essay" if name == "own-tokens-many" else KINDS[question.type])


def holds(condition: Element, given: dict[str, set[str]]) -> bool:
    """Whether a condition of QTI 1.2 holds for what was given, by the idents of the responses."""
    tag = condition.tag.removeprefix(N)
    if tag in {"conditionvar", "or"}:
        return any(holds(child, given) for child in condition)
    if tag == "and":
        return all(holds(child, given) for child in condition)
    if tag == "not":
        return not any(holds(child, given) for child in condition)
    if tag == "other":
        return True
    answers = given.get(condition.get("respident"), set())
    if tag == "varequal":
        return condition.text in answers
    sign = 1 if tag == "vargte" else -1
    return any(sign * float(answer) >= sign * float(condition.text) for answer in answers)


def earned(item: Element, given: dict[str, set[str]]) -> float:
    score = 0.0
    for one in item.iter(f"{N}respcondition"):
        changed = one.find(f"{N}setvar")
        if changed is not None and holds(one.find(f"{N}conditionvar"), given):
            score = float(changed.text) + (score if changed.get("action") == "Add" else 0)
    return score


def labels(response: Element) -> dict[str, str]:
    return {one.get("ident"): one.findtext(f".//{N}mattext") for one in response.iter(f"{N}response_label")}


def shown(text: str) -> str:
    """HTML as text, formulas as TeX."""
    tex = re.sub(r'<img class="equation_image" title="([^"]*)"[^>]*>', r"\1", text)
    return html.unescape(re.sub(r"<[^>]*>", "", tex))


def test_what_is_right_and_what_is_not(book: Book, items: dict[str, Element]) -> None:
    for name, item in items.items():
        question = book.bank.questions[name]
        if question.type in {"choice", "multi"}:
            (response,) = item.iter(f"{N}response_lid")
            written = {canvas_line(option.text): option.correct for option in question.options}
            rights = {ident: written[text] for ident, text in labels(response).items()}
            right = {ident for ident, correct in rights.items() if correct}
            assert len(rights) == len(question.options)
            assert earned(item, {"response1": right}) == 100
            for ident in set(rights) - right:
                assert earned(item, {"response1": {ident}}) == 0
                if question.type == "multi":
                    assert earned(item, {"response1": right | {ident}}) == 0
        elif question.type == "numeric":
            low, high = question.interval
            step = max(high - low, abs(question.answer) * 1e-3, 1e-6) * 1e-3
            for number in (low, question.answer, high):
                assert earned(item, {"response1": {repr(number)}}) == 100
            for number in (low - step, high + step):
                assert earned(item, {"response1": {repr(number)}}) == 0
        elif question.type == "text":
            assert all(earned(item, {"response1": {form}}) == 100 for form in question.answers)
            assert not any(earned(item, {"response1": {form}}) for known in question.known for form in known.answers)


def canvas_line(text: str) -> str:
    return line(text, formula=canvas.as_equation)


def test_pairs_and_gaps_as_canvas_writes_them(book: Book, items: dict[str, Element]) -> None:
    """Canvas takes numbers for items and partners out of the idents, and finds gaps in the text by their names."""
    for name, item in items.items():
        question = book.bank.questions[name]
        responses = {one.get("ident"): one for one in item.iter(f"{N}response_lid")}
        if kind(item) == "matching":
            numbers = [int(ident.removeprefix("response_")) for ident in responses]
            partners = [labels(one) for one in responses.values()]
            assert all(one == partners[0] for one in partners)
            assert not set(numbers) & {int(ident) for ident in partners[0]}
            assert fields(item)["original_answer_ids"] == ",".join(map(str, numbers))
        if question.type in {"match", "categorize"}:
            parts = {p.item: p.partner for p in question.pairs} if question.type == "match" else {
                p.text: p.bin for p in question.items
            }  # fmt: skip
            right = {}
            for ident, one in responses.items():
                (partner,) = [
                    p for text, p in parts.items() if canvas_line(text) == one.findtext(f"{N}material/{N}mattext")
                ]
                right[ident] = {number for number, text in partners[0].items() if text == partner}
            assert earned(item, right) == pytest.approx(100, abs=0.05)
            assert earned(item, dict(list(right.items())[1:])) == pytest.approx(100 - 100 / len(right), abs=0.05)
        if question.type == "cloze":
            text = item.findtext(f"{N}presentation/{N}material/{N}mattext")
            idents = [ident for one in responses.values() for ident in labels(one)]
            assert len(set(idents)) == len(idents)
            assert fields(item)["original_answer_ids"] == ",".join(idents)
            for n, (gap, (ident, one)) in enumerate(zip(question.gaps, responses.items(), strict=True), 1):
                assert ident == f"response_gap{n}"
                assert f"[gap{n}]" in text
                right = next(number for number, word in labels(one).items() if word in gap.forms)
                assert earned(item, {ident: {right}}) == pytest.approx(100 / len(question.gaps), abs=0.01)
                assert all(word in shown(text) for word in gap.options or []) or "dropdowns" in kind(item)


def test_feedback_is_found_where_it_is_called_for(items: dict[str, Element]) -> None:
    for name, item in items.items():
        called = {one.get("linkrefid") for one in item.iter(f"{N}displayfeedback")}
        there = {one.get("ident"): one.findtext(f".//{N}mattext") for one in item.iter(f"{N}itemfeedback")}
        assert called == set(there), name
        assert all(there.values())


def test_a_formula_survives_canvas_and_its_address(types: Book) -> None:
    tex = r"\frac{a}{b} < 50\%41 & \text{\"x\"}"
    image = fromstring(canvas.as_equation(tex, display=False))
    assert image.get("data-equation-content") == image.get("title") == tex
    path = image.get("src").removeprefix("/equation_images/")
    assert "/" not in path
    assert unquote(unquote(path)) == tex
    assert fromstring(canvas.as_equation("x", display=True)).find("img").get("title") == r"\displaystyle x"


def test_the_package_holds_what_its_manifest_names(package: dict[str, bytes], book: Book) -> None:
    manifest = fromstring(package["imsmanifest.xml"])
    listed = [one.get("href") for one in manifest.iter() if one.tag.endswith("}file")]
    assert set(package) == {*listed, "imsmanifest.xml"}
    kinds = [one.get("type") for one in manifest.iter() if one.tag.endswith("}resource")]
    quizzes_there = [name for name in package if name.endswith("/assessment_meta.xml")]
    assert kinds.count("imsqti_xmlv1p2") == len(quizzes_there) == len(list(quizzes(package)))
    wanted = {image for image in package if image.startswith("images/")}
    texts = " ".join(quizzes(package))
    assert {f"images/{name}" for name in re.findall(r"%24IMS-CC-FILEBASE%24/images/([\w.-]+)", texts)} == wanted
