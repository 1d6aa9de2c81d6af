"""Moodle XML, read back by moodlexml-to-json, which nobody here wrote; without Node or the package it is skipped.

It knows every type but cloze, whose gaps test_moodle.py reads by Moodle's description of them.
Of the packages that were looked at no other reads more: moodle-questions (PyPI) writes choices and short answers, and
takes apart only those; moodle-tools, pymoodef, moocloze and toodle (PyPI) write and do not read.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from on_node import read_on_node
from test_moodle import KINDS

from bookwidgets.bank.check import Book
from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.own import settings
from bookwidgets.bank.text import as_tex, blocks, line
from bookwidgets.bank.types import Categorize, Choices, Free, Match, Numeric, Order, ShortText, Spot
from bookwidgets.export import export
from tests.conftest import ROOT

READ = """
const read = require("moodlexml-to-json");
read(require("fs").readFileSync(process.argv[1], "utf8"), (found, error) => {
  if (error) throw error;
  console.log(JSON.stringify(found.questions));
});
"""


def read(book: Book, path: Path) -> list[dict[str, Any]]:
    export(book, "moodle", path, [])
    return read_on_node("moodlexml-to-json", READ, path)


def taken(text: str) -> Any:
    """A text as the package hands it over: in one line, and what is JSON, such as a number, as its value."""
    text = text.replace("\n", "")
    try:
        return json.loads(text)
    except ValueError:
        return text


def shown(text: str) -> Any:
    return taken(line(text, formula=as_tex))


def earned(one: dict[str, Any]) -> dict[Any, float]:
    return {answer["text"]: answer["score"] for answer in one["answers"]}


def expect_pairs(one: dict[str, Any], pairs: list[list[Any]]) -> None:
    """The pairs in any order, for they are shuffled."""
    assert sorted(one["correctAnswer"], key=str) == sorted(pairs, key=str)


def expect(question: BaseQuestion, one: dict[str, Any]) -> None:
    """What is asked and what is right, straight from the bank's fields."""
    match question:
        case Choices() if question.type == "choice":
            assert earned(one) == {shown(option.text): 100 * option.correct for option in question.options}
            assert one["single"] is True
        case Choices():
            share = 100 / sum(option.correct for option in question.options)
            expected = {shown(option.text): share if option.correct else -share for option in question.options}
            assert earned(one) == pytest.approx(expected, abs=1e-4)
            assert one["single"] is False
        case Spot():
            assert one["correctAnswer"] == [n for n, row in enumerate(question.rows) if row.wrong]
            assert one["shuffleanswers"] is False
        case Match():
            pairs = [[shown(pair.item), taken(pair.partner)] for pair in question.pairs]
            expect_pairs(one, pairs + [[[""], taken(text)] for text in question.distractors])
        case Categorize():
            pairs = [[shown(item.text), taken(item.bin)] for item in question.items]
            used = {item.bin for item in question.items}
            expect_pairs(one, pairs + [[[""], taken(text)] for text in question.bins if text not in used])
        case Order():
            places = [[shown(step), f"Position {place}"] for place, step in enumerate(question.steps, 1)]
            expect_pairs(one, places + [[shown(other.text), "Left out"] for other in question.distractors])
        case Numeric():
            assert one["correctAnswer"] == [pytest.approx(sum(question.interval) / 2, rel=1e-12)]
        case ShortText():
            right = [answer["text"] for answer in one["answers"] if answer["score"] == 100]
            assert right == [taken(form.replace("*", r"\*")) for form in question.answers]
        case Free():
            assert one["defaultgrade"] == sum(criterion.points for criterion in question.rubric)


def test_the_reader_takes_from_the_file_what_the_bank_holds(book: Book, tmp_path: Path) -> None:
    bank = {name: one for name, one in book.bank.questions.items() if one.type not in {"flashcard", "cloze"}}
    found = {one["name"]: one for one in read(book, tmp_path / "a.xml") if one["type"] != "category"}
    assert set(found) == set(bank)
    for name, question in bank.items():
        one = found[name]
        assert one["type"] == ("essay" if name == "own-tokens-many" else KINDS[question.type])
        assert one["tags"] == [*question.concepts, f"level-{question.level}"]
        prompt = blocks(question.prompt, lambda image: f"@@PLUGINFILE@@/{Path(image).name}", as_tex)
        assert str(taken(prompt.strip())) in one["questiontext"]
        assert one["generalfeedback"]
        expect(question, one)


def test_chapters_are_categories(whole: Book, tmp_path: Path) -> None:
    categories = [one["category"] for one in read(whole, tmp_path / "a.xml") if one["type"] == "category"]
    titles = [chapter.title for slug, chapter in whole.course.chapters.items() if whole.bank.of_chapter(slug)]
    book = settings(ROOT)[0]["title"]
    assert categories == [f"$course$/top/{book}/{title}" for title in titles]
