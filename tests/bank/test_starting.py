"""What ``bookwidgets new course`` and ``new chapter`` write: it has no fault, and it touches nothing that is there."""

import pytest
import yaml
from broken import faults

from bookwidgets.bank import lint
from bookwidgets.bank.check import check
from bookwidgets.bank.own import settings
from bookwidgets.bank.starting import slug_of
from bookwidgets.cli import main

REPOSITORY = "https://github.com/me/mine"


def told(capsys, *arguments, status=0):
    assert main(["new", *map(str, arguments)]) == status
    captured = capsys.readouterr()
    return captured.err if status else captured.out


@pytest.fixture
def course(book, capsys):
    told(capsys, "course", "--title", "Alignment: it's mine", "--repository", f"{REPOSITORY}.git/", book)
    return book


def listed(book, page):
    with (book / "course/toc.yml").open("a") as toc:
        toc.write(f"  - file: {page}\n")


def test_a_course_is_the_book_until_it_is_edited(course):
    assert faults(course) == []
    assert (course / "course/toc.yml").read_text().endswith((course / "_toc.yml").read_text())
    found = settings(course)[0]
    assert (found["title"], found["repository"]["url"]) == ("Alignment: it's mine", REPOSITORY)
    assert found["sphinx"]["config"]["bookwidgets_book_id"] == "alignment-it-s-mine"


def test_a_course_is_not_begun_twice(course, capsys):
    (course / "course/config.yml").unlink()
    before = (course / "course/toc.yml").read_bytes()
    again = told(capsys, "course", "--title", "X", "--repository", REPOSITORY, course, status=2)
    assert again == "bookwidgets: course/toc.yml is there already: edit it\n"
    assert (course / "course/toc.yml").read_bytes() == before


@pytest.mark.parametrize("repository", ["me/mine", "http://github.com/me/mine", "https://github.com", "https://a b/c"])
def test_where_the_fork_is_has_to_be_an_address(book, capsys, repository):
    assert "is no address of a repository" in told(
        capsys, "course", "--title", "X", "--repository", repository, book, status=2
    )
    assert not (book / "course").exists()


def test_a_chapter_has_no_fault_and_no_advice(course, capsys):
    said = told(capsys, "chapter", "--title", "Reward: a “design”", course)
    assert "list it in course/toc.yml:\n  - file: course/chapters/reward-a-design\n" in said
    assert faults(course) == [], "before it is listed too"
    listed(course, "course/chapters/reward-a-design")
    assert faults(course) == []
    book = check(course)
    page = book.course.chapters["reward-a-design"]
    assert [concept.id for concept in page.concepts] == ["reward-a-design"]
    assert page.title == "Reward: a “design”"
    questions = [book.bank.questions[name] for name in book.bank.of_chapter("reward-a-design")]
    assert [question.type for question in questions] == ["choice", "numeric", "order", "multi", "free"]
    assert {name for name, _ in page.quizzes} == {question.id for question in questions}
    assert [str(one) for one in lint.advice(book.course, book.bank) if "reward" in one.file] == []


def test_a_second_chapter_and_a_notion_that_is_taken(course, capsys):
    for title in ["Alpha", "Another one"]:
        told(capsys, "chapter", "--title", title, course)
        listed(course, f"course/chapters/{slug_of(title)}")
    assert faults(course) == []
    assert list(check(course).course.concepts) == ["alpha", "beta", "alpha-idea", "another-one"]


def test_what_cannot_be_begun_leaves_nothing(course, capsys):
    def refused(*arguments):
        return told(capsys, "chapter", *arguments, course, status=2)

    before = {path: path.read_bytes() for path in course.rglob("*.*") if path.is_file()}
    assert refused("--title", "One").startswith("bookwidgets: chapters/one.md is there already: choose another title")
    assert refused("--title", "¿?").startswith(
        "bookwidgets: '' cannot be a file name of a chapter: name it with --slug"
    )
    assert refused("--title", "X", "--slug", "X y").startswith("bookwidgets: 'X y' cannot be a file name")
    assert before == {path: path.read_bytes() for path in course.rglob("*.*") if path.is_file()}


def test_without_a_folder_of_its_own_it_is_a_chapter_of_the_book(book, capsys):
    assert "list it in _toc.yml:\n  - file: chapters/mine\n" in told(capsys, "chapter", "--title", "Mine", book)
    with (book / "_toc.yml").open("a") as toc:
        toc.write("  - file: chapters/mine\n")
    assert faults(book) == []
    assert (book / "quizzes/mine.yml").read_text().startswith("# yaml-language-server: $schema=./schema.json\n")


def test_a_question_goes_into_the_folder_too(course, capsys):
    told(capsys, "chapter", "--title", "Mine", course)
    listed(course, "course/chapters/mine")
    said = told(capsys, "question", "--type", "match", "--chapter", "mine", course)
    assert said.startswith("course/quizzes/mine.yml:")
    for _ in range(2):
        told(capsys, "question", "--type", "match", "--chapter", "one", course)
    path = course / "course/quizzes/one.yml"
    assert path.read_text().startswith("# yaml-language-server: $schema=../../quizzes/schema.json\n")
    assert [one["id"] for one in yaml.safe_load(path.read_text())] == ["one-match", "one-match-2"]
    assert all("course/quizzes/" in fault for fault in faults(course)), "they are to be written"
