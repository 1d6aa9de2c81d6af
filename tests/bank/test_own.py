"""A fork's folder course/: its table of contents, its settings and its questions, laid over ours."""

from pathlib import Path

import pytest
import yaml
from broken import QUESTION, faults

from bookwidgets.bank.check import check
from bookwidgets.bank.own import settings
from bookwidgets.cli import main
from tests.bank.conftest import ONE

MINE = ONE.replace("one", "mine").replace("alpha", "mu").replace(":title: Alpha", ":title: Mu\n:after: alpha")
MY_QUESTION = QUESTION.replace("q-one", "q-mine").replace("one#sec-one", "mine#sec-mine").replace("[alpha]", "[mu]")


@pytest.fixture
def fork(book: Path) -> Path:
    """The book, forked: its first chapter, then one of its own."""
    write(book, "course/toc.yml", "root: index\nchapters:\n- file: chapters/one\n- file: course/chapters/mine\n")
    write(book, "course/config.yml", "title: Mine\nrepository: {url: https://example.org/me/mine}\n")
    write(book, "course/chapters/mine.md", MINE)
    write(book, "course/quizzes/mine.yml", MY_QUESTION)
    return book


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def test_the_fork_is_the_book(fork):
    assert faults(fork) == []
    book = check(fork)
    assert list(book.course.chapters) == ["one", "mine"]
    assert list(book.course.dropped) == ["chapters/two"]
    assert list(book.bank.questions) == ["q-one", "q-two", "q-mine"]
    assert book.bank.of_chapter("mine") == ["q-mine"]


def test_without_it_the_book_is_ours(fork):
    book = check(fork, own=False)
    assert list(book.course.pages) == ["index", "chapters/one", "chapters/two"]
    assert list(book.bank.questions) == ["q-one", "q-two"]


def test_a_question_is_replaced_where_it_was(fork):
    write(fork, "course/quizzes/ours.yml", QUESTION.replace("What is it?", "What else is it?"))
    bank = check(fork).bank
    assert list(bank.questions) == ["q-one", "q-two", "q-mine"]
    assert bank.questions["q-one"].prompt == "What else is it?"
    assert bank.chapter("q-one") == "one"
    write(fork, "course/quizzes/ours.yml", QUESTION.replace("type:", "replaces: true\n  type:"))
    assert faults(fork) == []


def test_a_question_is_dropped_and_its_cells_stay(fork):
    write(fork, "course/quizzes/ours.yml", "- {id: q-one, drop: true}\n")
    assert faults(fork) == [], "index.md and chapter one ask for it"
    bank = check(fork).bank
    assert list(bank.questions) == ["q-two", "q-mine"]
    assert bank.find(("q-one",)) == []
    assert [question.id for question in bank.find(("q-one", "q-mine"))] == ["q-mine"]


WRONG = {
    "- {id: q-onne, drop: true}": (
        "1: question 'q-onne': id: there is no question 'q-onne' in quizzes/: did you mean 'q-one'?"
    ),
    QUESTION.replace("q-one", "q-onee").replace("type:", "replaces: true\n  type:"): (
        "1: question 'q-onee': id: there is no question 'q-onee' in quizzes/: did you mean 'q-one'?"
    ),
    "- {id: q-mine, drop: true}": (
        "1: question 'q-mine': id: there is no question 'q-mine' in quizzes/: did you mean 'q-one'?"
    ),
    "- {id: q-one, drop: yes please}": "1: question 'q-one': drop: write 'drop: true', or leave it out",
    "- {id: q-one, drop: true, prompt: x}": (
        "1: question 'q-one': drop: takes the question out: leave its other fields out too"
    ),
    "- {id: q-one, drop: true}\n" + QUESTION: (
        "2: question 'q-one': id: is dropped by another entry of course/quizzes/: keep one of the two"
    ),
    QUESTION + QUESTION: (
        "17: question 'q-one': id: is taken by course/quizzes/ours.yml:1: ids are unique in the book, choose another"
    ),
    QUESTION.replace("q-one", "q-new"): (
        "1: belongs to no chapter: there is no course/chapters/ours.md; rename the file or add the chapter"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_laid_over_ours(fork, text):
    write(fork, "course/quizzes/ours.yml", text)
    assert faults(fork) == [f"course/quizzes/ours.yml:{WRONG[text]}"]


def test_a_chapter_of_ours_is_replaced(fork):
    """The fork's chapter has the same file name; what refers to ours is checked against it."""
    write(fork, "course/chapters/one.md", ONE.replace("## A section", "## Another section"))
    toc = "root: index\nchapters:\n- file: course/chapters/one\n- file: chapters/two\n- file: course/chapters/mine\n"
    write(fork, "course/toc.yml", toc)
    assert faults(fork) == []
    course = check(fork).course
    assert course.chapters["one"].headings == {"sec-one": "Another section"}
    assert course.concepts["alpha"].file == "course/chapters/one.md"
    write(fork, "course/toc.yml", toc + "- file: chapters/one\n")
    assert faults(fork) == [
        "course/toc.yml:6: lists 'chapters/one' beside 'course/chapters/one', whose place it would take: keep one"
    ]


def test_faults_name_the_table_of_contents_that_is_used(fork):
    write(fork, "course/toc.yml", "root: index\nchapters:\n- file: chapters/oone\n")
    assert faults(fork)[0].startswith("course/toc.yml:3: lists 'chapters/oone', but ")


def test_own_images_and_misconceptions(fork):
    write(fork, "quizzes/images/a.svg", "<svg/>")
    write(fork, "course/quizzes/images/b.svg", "<svg/>")
    write(fork, "quizzes/misconceptions.yml", "an-idea:\n  says: That.\n  see: one#sec-one\n")
    write(fork, "course/quizzes/misconceptions.yml", "an-idea:\n  says: This.\n  see: mine#sec-mine\n")
    prompt = "prompt: |\n    What? ![a](images/a.svg) ![b](images/b.svg)"
    idea = "feedback: No.\n      misconception: an-idea"
    text = MY_QUESTION.replace("prompt: What is it?", prompt).replace("feedback: No.", idea, 1)
    write(fork, "course/quizzes/mine.yml", text)
    assert faults(fork) == []
    bank = check(fork).bank
    assert bank.misconceptions["an-idea"].says == "This."
    assert [bank.image(f"images/{name}.svg").parent.parent.parent.name for name in "ab"] == [fork.name, "course"]
    write(fork, "course/quizzes/mine.yml", text.replace("images/b", "images/c"))
    assert "images/c.svg" in faults(fork)[0]


CONFIG = """\
title: Ours
launch_buttons: {binderhub_url: https://mybinder.org, colab_url: https://colab.example.org}
sphinx:
  config:
    bookwidgets_book_id: ours
    extensions: [one, two]
"""


def test_settings_are_laid_over_ours(fork):
    write(fork, "_config.yml", CONFIG)
    own = "title: Mine\nlaunch_buttons: {colab_url: null}\nsphinx: {config: {language: de, extensions: [three]}}\n"
    write(fork, "course/config.yml", own)
    found, wrong = settings(fork)
    assert wrong == []
    assert found == {
        "title": "Mine",
        "launch_buttons": {"binderhub_url": "https://mybinder.org", "colab_url": None},
        "sphinx": {"config": {"bookwidgets_book_id": "ours", "extensions": ["three"], "language": "de"}},
    }
    assert settings(fork, own=False)[0] == yaml.safe_load(CONFIG)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- title", "1: is not a mapping: write 'title: ...' and the like, as in _config.yml"),
        ("author: Me\ntitel: Mine\n", "2: there is no setting 'titel' in _config.yml: did you mean 'title'?"),
        ("title: a: b\n", "1: is not valid YAML: "),
    ],
)
def test_settings_that_cannot_be_read(fork, text, expected):
    write(fork, "_config.yml", CONFIG)
    write(fork, "course/config.yml", text)
    assert [fault.startswith(f"course/config.yml:{expected}") for fault in faults(fork)] == [True]


def test_what_it_should_not_share_with_the_original_is_advice(fork, capsys):
    write(fork, "_config.yml", CONFIG)
    assert main(["check", str(fork)]) == 0
    assert "course/config.yml:1: sphinx: config: bookwidgets_book_id: is the name" in capsys.readouterr().out
    write(fork, "course/config.yml", "repository: {url: x}\nsphinx: {config: {bookwidgets_book_id: mine}}\n")
    assert main(["check", str(fork)]) == 0
    assert "course/config.yml" not in capsys.readouterr().out
