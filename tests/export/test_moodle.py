"""Moodle XML against the format that Moodle documents: names, places and sums; what is right comes from the bank."""

import base64
import html
import re
from fractions import Fraction
from pathlib import Path
from xml.etree.ElementTree import Element, parse

import pytest

from bookwidgets.bank.check import Book
from bookwidgets.bank.types import QUESTIONS
from bookwidgets.export import export

# What https://docs.moodle.org/en/Moodle_XML_format gives each type of question, below what all have.
COMMON = {"name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber", "hint", "tags"}
OWN = {
    "multichoice": {"single", "shuffleanswers", "answernumbering", "answer"},
    "matching": {"shuffleanswers", "subquestion"},
    "numerical": {"answer", "unitgradingtype", "unitpenalty", "showunits", "unitsleft"},
    "shortanswer": {"usecase", "answer"},
    "cloze": set(),
    "essay": {"responseformat", "responserequired", "responsefieldlines", "attachments", "graderinfo"},
}
KINDS = {
    "choice": "multichoice", "multi": "multichoice", "spot": "multichoice", "match": "matching",
    "categorize": "matching", "order": "matching", "numeric": "numerical", "text": "shortanswer", "cloze": "cloze",
    "free": "essay", "tokens": "multichoice",
}  # fmt: skip


def read(book: Book, path: Path) -> dict[str, Element]:
    export(book, "moodle", path, [])
    root = parse(path).getroot()
    return {q.findtext("idnumber"): q for q in root if q.get("type") != "category"}


def test_every_question_has_its_type_and_nothing_that_moodle_does_not_know(book: Book, tmp_path: Path) -> None:
    found = read(book, tmp_path / "a.xml")
    bank = book.bank.questions
    assert set(found) == {name for name, question in bank.items() if question.type != "flashcard"}
    for name, element in found.items():
        kind = element.get("type")
        assert kind == ("essay" if name == "own-tokens-many" else KINDS[bank[name].type])
        assert {child.tag for child in element} <= COMMON | OWN[kind], name
        assert {child.tag for child in element} >= OWN[kind] | (COMMON - {"hint"}), name
        assert len(element.findall("hint")) == len(bank[name].hints)
        assert {tag.text for tag in element.iterfind("tags/tag/text")} > set(bank[name].concepts)


def test_grades(book: Book, tmp_path: Path) -> None:
    """All right picks together earn everything, one wrong pick undoes one right one, and nothing else earns."""
    for name, element in read(book, tmp_path / "a.xml").items():
        if element.get("type") not in {"multichoice", "numerical", "shortanswer"}:
            continue
        shares = [float(answer.get("fraction")) for answer in element.findall("answer")]
        if element.findtext("single") == "false":
            right = [share for share in shares if share > 0]
            assert sum(right) == pytest.approx(100, abs=1e-3 if name != "own-tokens-thirteen" else 40)
            assert {-share for share in shares if share < 0} == set(right)
        else:
            assert set(shares) == {0, 100} or shares == [100] * len(shares)
            assert element.get("type") != "multichoice" or shares.count(100) == 1


def test_what_is_right(types: Book, tmp_path: Path) -> None:
    found = read(types, tmp_path / "a.xml")
    right = [a.findtext("text") for a in found["types-choice"].findall("answer") if a.get("fraction") == "100"]
    assert right == [r"It is \(9\)."]
    pairs = {s.findtext("text"): s.findtext("answer/text") for s in found["types-match-more"].findall("subquestion")}
    extra = [
        s.findtext("answer/text") for s in found["types-match-more"].findall("subquestion") if not s.find("text").text
    ]
    assert pairs.items() >= {"minus three": "9", "zero": "0", "one half": "1/4"}.items()
    assert sorted(extra) == ["-9", "1/2"]
    bins = [s.findtext("answer/text") for s in found["types-categorize"].findall("subquestion")]
    assert bins == ["even", "odd", "odd", "even"]
    steps = {s.findtext("text"): s.findtext("answer/text") for s in found["types-order-more"].findall("subquestion")}
    assert steps[r"\(2x + 6 = 10\)"] == "Position 1"
    assert steps[r"\(x = 2\)"] == "Position 3"
    assert steps[r"\(2x = 16\)"] == steps[r"\(x + 6 = 5\)"] == "Left out"


def test_numbers_fall_where_the_bank_says(book: Book, tmp_path: Path) -> None:
    """Moodle takes the first answer whose tolerance holds the number: at, just inside and just outside every end."""
    checked = 0

    def graded(element: Element, number: float) -> tuple[float, str]:
        for answer in element.findall("answer"):
            distance = abs(number - float(answer.findtext("text")))
            if distance <= float(answer.findtext("tolerance")) * (1 + 1e-12):
                return float(answer.get("fraction")), answer.findtext("feedback/text")
        return 0, ""

    for name, element in read(book, tmp_path / "a.xml").items():
        question = book.bank.questions[name]
        if question.type != "numeric":
            continue
        low, high = question.interval
        step = max(high - low, abs(question.answer) * 1e-3, 1e-6) * 1e-3
        assert graded(element, question.answer)[0] == graded(element, low)[0] == graded(element, high)[0] == 100
        assert graded(element, low - step)[0] == graded(element, high + step)[0] == 0
        for one in question.ranges:
            inside = [end for end in (one.from_, one.to) if end is not None]
            assert all(graded(element, number)[1] for number in inside)
            checked += 1
    assert checked > 0


def read_gaps(text: str) -> list[list[tuple[bool, str, str]]]:
    """Gaps as Moodle's page on embedded answers describes them; a mark after a backslash or in a reference is text."""
    gaps = []
    for body in re.findall(r"\{\d*:(?:MULTICHOICE|SHORTANSWER):([^\n]*?)(?<!\\)\}", text):
        # The first '#' that does not belong to a reference divides answer and feedback.
        split = [re.split(r"(?<!&)(?<!&amp;)#", part, maxsplit=1) for part in re.split(r"(?<!\\)~", body)]
        gaps.append([(a.startswith("="), html.unescape(a.removeprefix("=")), html.unescape(f)) for a, f in split])
    return gaps


def test_gaps(types: Book, tmp_path: Path) -> None:
    found = read(types, tmp_path / "a.xml")
    first, second, third = read_gaps(found["types-cloze-typed"].findtext("questiontext/text"))
    assert [(right, answer) for right, answer, _ in first] == [(True, "positive"), (True, "plus")]
    assert sorted((right, answer) for right, answer, _ in second) == [(False, "positive"), (True, "negative")]
    assert "Three times three." in third[0][2]
    menu, typed = read_gaps(found["own-gaps"].findtext("questiontext/text"))
    assert sorted((right, answer) for right, answer, _ in menu) == [(False, "a~b"), (False, "e&amp;"), (True, "c#d}")]
    assert [answer for _, answer, _ in typed] == ["=f", "{g~"]
    assert typed[0][2] == r"A \(b &lt; c_{1}\) &amp; more."


def known_fractions() -> set[float]:
    """The grades that Moodle's importer accepts, in percent: p/q up to q = 6, p/10, 1/q up to q = 10, and 1/20."""
    shares = {Fraction(p, q) for q in [1, 2, 3, 4, 5, 6, 10] for p in range(q + 1)}
    shares |= {Fraction(1, q) for q in [7, 8, 9, 20]}
    return {round(float(100 * share), 5) for share in shares}


def test_fractions_are_among_those_that_moodle_accepts(book: Book, tmp_path: Path) -> None:
    """Another one is an error when the file is imported, whose choice is to round it or to stop."""
    found = [
        float(answer.get("fraction"))
        for element in read(book, tmp_path / "a.xml").values()
        for answer in element.findall("answer")
    ]
    assert found
    assert {round(abs(fraction), 5) for fraction in found} <= known_fractions()


def test_texts_bring_their_images_and_fields_are_within_bounds(book: Book, tmp_path: Path) -> None:
    """An image belongs to the very text that shows it; Moodle keeps 255 characters of a name, 100 of an ID number."""
    export(book, "moodle", tmp_path / "a.xml", [])
    root = parse(tmp_path / "a.xml").getroot()
    assert root.tag == "quiz"
    questions = [question for question in root if question.get("type") != "category"]
    numbers = [question.findtext("idnumber") for question in questions]
    assert len(numbers) == len(set(numbers))
    assert max(map(len, numbers)) <= 100
    for question in questions:
        assert 0 < len(question.findtext("name/text")) <= 255
        assert float(question.findtext("defaultgrade")) > 0
        for parent in question.iter():
            shown = set(re.findall(r"@@PLUGINFILE@@/([^\"]+)", parent.findtext("text") or ""))
            assert {file.get("name") for file in parent.findall("file")} == shown
            assert parent.get("format") in {None, "html", "moodle_auto_format"}
            if parent.get("format") == "html":
                assert len(parent.findall("text")) == 1


def test_images_travel_with_the_text_that_shows_them(types: Book, tmp_path: Path) -> None:
    element = read(types, tmp_path / "a.xml")["own-hostile"]
    file = element.find("questiontext/file")
    assert base64.b64decode(file.text).startswith(b"\x89PNG")
    assert f'src="@@PLUGINFILE@@/{file.get("name")}"' in element.findtext("questiontext/text")
    assert len(element.findall(".//file")) == 1


def test_every_type_is_decided_upon() -> None:
    assert set(KINDS) | {"flashcard"} == set(QUESTIONS)
