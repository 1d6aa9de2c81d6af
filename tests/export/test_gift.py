"""GIFT, read back by gift-pegjs, a parser that nobody here wrote; without Node or the package it is skipped."""

import re
from pathlib import Path
from typing import Any

import pytest
from on_node import read_on_node

from bookwidgets.bank.check import Book
from bookwidgets.bank.text import as_tex, line
from bookwidgets.export import export

READ = """
const { parse } = require("gift-pegjs");
console.log(JSON.stringify(parse(require("fs").readFileSync(process.argv[1], "utf8"))));
"""
KINDS = {
    "choice": "MC", "multi": "MC", "spot": "MC", "match": "Matching", "categorize": "Matching", "order": "Matching",
    "numeric": "Numerical", "text": "Short", "cloze": "Matching", "free": "Essay", "tokens": "MC",
}  # fmt: skip


def read(book: Book, path: Path) -> dict[str, dict[str, Any]]:
    export(book, "gift", path, [])
    found = read_on_node("gift-pegjs", READ, path)
    return {one["title"]: one for one in found if one["type"] != "Category"}


def test_every_question_is_read(book: Book, tmp_path: Path) -> None:
    found = read(book, tmp_path / "a.txt")
    bank = {name: question for name, question in book.bank.questions.items() if question.type != "flashcard"}
    assert set(found) == set(bank)
    for name, one in found.items():
        assert one["id"] == name
        assert set(one["tags"]) == {*bank[name].concepts, f"level-{bank[name].level}"}
        assert one["type"] == ("Essay" if name == "own-tokens-many" else KINDS[bank[name].type])
        assert one["stem"]["format"] == "html"
        assert one["globalFeedback"]["text"]


def shown(text: str) -> str:
    return line(text, formula=as_tex)


def test_options_keep_their_text_and_what_is_right(book: Book, tmp_path: Path) -> None:
    for name, one in read(book, tmp_path / "a.txt").items():
        question = book.bank.questions[name]
        if question.type not in {"choice", "multi"}:
            continue
        right = {
            choice["text"]["text"] for choice in one["choices"] if choice["isCorrect"] or (choice["weight"] or 0) > 0
        }
        assert right == {shown(option.text) for option in question.options if option.correct}
        assert {c["text"]["text"] for c in one["choices"]} == {shown(option.text) for option in question.options}
        assert all(choice["feedback"]["text"] for choice in one["choices"])
        if question.type == "multi":
            assert sum(c["weight"] for c in one["choices"] if c["weight"] > 0) == pytest.approx(100, abs=1e-3)


def taken(pair: dict[str, Any]) -> tuple[str, str]:
    """A pair; the parser leaves escaped marks of the second text in a code of its own, as Moodle does within."""
    code = re.compile(r"&&(\d{3});")
    return pair["subquestion"]["text"], code.sub(lambda found: chr(int(found[1])), pair["subanswer"])


def test_pairs_numbers_and_words(book: Book, tmp_path: Path) -> None:
    for name, one in read(book, tmp_path / "a.txt").items():
        question = book.bank.questions[name]
        if question.type == "match":
            pairs = {taken(pair) for pair in one["matchPairs"]}
            assert pairs == {(shown(pair.item), pair.partner) for pair in question.pairs} | {
                ("", partner) for partner in question.distractors
            }
        elif question.type == "categorize":
            pairs = {taken(pair) for pair in one["matchPairs"] if pair["subquestion"]["text"]}
            assert pairs == {(shown(item.text), item.bin) for item in question.items}
        elif question.type == "numeric":
            right = [choice for choice in one["choices"] if choice["weight"] is None]
            assert [(c["text"]["numberLow"], c["text"]["numberHigh"]) for c in right] == [question.interval]
            assert len(one["choices"]) == 1 + len(question.ranges)
        elif question.type == "text":
            right = [choice["text"]["text"] for choice in one["choices"] if choice["weight"] == 100]
            assert right == question.answers


def test_texts_that_want_to_escape(types: Book, tmp_path: Path) -> None:
    found = read(types, tmp_path / "a.txt")
    one = found["own-hostile"]
    (right,) = [choice for choice in one["choices"] if choice["isCorrect"]]
    hostile = types.bank.questions["own-hostile"]
    assert right["text"]["text"] == shown(hostile.options[1].text)
    assert r"\(a &lt; b_{1}\)" in one["stem"]["text"]
    assert 'src="data:image/png;base64,iVBOR' in one["stem"]["text"]
    assert [taken(pair)[1] for pair in found["own-gaps"]["matchPairs"]][:2] == ["c#d}", "=f"]
