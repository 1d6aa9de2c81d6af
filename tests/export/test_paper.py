"""The printable exam, read by Python's own HTML parser: all is asked, nothing is given away, the key answers."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from bookwidgets.bank.check import Book
from bookwidgets.export import export


class Texts(HTMLParser):
    """The text of each section, apart for the exam and its key, and every address that the page asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: dict[str, list[str]] = {"main": [], "aside": []}
        self.place = ""
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag in self.sections:
            self.place = tag
        elif tag == "section":
            self.sections[self.place].append("")

    def handle_data(self, data: str) -> None:
        if self.place and self.sections[self.place]:
            self.sections[self.place][-1] += data


@pytest.fixture
def read(types: Book, tmp_path: Path) -> Texts:
    export(types, "print", tmp_path / "exam.html", [])
    texts = Texts()
    texts.feed((tmp_path / "exam.html").read_text(encoding="utf-8"))
    return texts


def test_the_key_answers_what_the_exam_asks(types: Book, read: Texts) -> None:
    asked = [one for one in types.bank.find(("types", "own")) if one.type != "flashcard"]
    exam, key = read.sections["main"], read.sections["aside"]
    assert len(exam) == len(key) == len(asked)
    for n, question in enumerate(asked):
        assert key[n].startswith(f"{n + 1} {question.id}")
        assert exam[n].startswith(str(n + 1))
    choice = [question.id for question in asked].index("types-numeric-ranges")
    assert "2.197" in key[choice]
    assert "2.197" not in exam[choice]
    assert "That is the area of one side." in key[choice]
    assert "m³" in exam[choice]


def test_nothing_in_the_exam_gives_an_answer_away(types: Book, read: Texts) -> None:
    exam = " ".join(read.sections["main"])
    for question in types.bank.questions.values():
        feedback = [getattr(part, "feedback", "") for part in getattr(question, "options", [])]
        if question.id != "own-hostile":
            assert not [text for text in feedback if text in exam], question.id
    assert "Nothing can be divided by zero." not in exam


def test_the_page_is_complete_and_formulas_are_mathml(read: Texts) -> None:
    assert "math" in read.tags
    assert "script" not in read.tags
    assert [address for address in read.addresses if not address.startswith("data:image/png")] == []
    assert len(read.addresses) >= 1
