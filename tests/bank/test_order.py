"""What a changed table of contents breaks: never a fault, always told."""

import pytest
from broken import edit, faults

from bookwidgets.bank.check import check
from bookwidgets.bank.order import advice
from bookwidgets.cli import main
from tests.conftest import ROOT

TOC = "format: jb-book\nroot: index\nchapters:\n"
ADVICE = {
    "one two": [],
    "two one": [
        "chapters/two.md:8: concept 'beta': after: 'alpha' has to come before it, and is defined only later, in "
        "chapters/one.md",
        "quizzes/two.yml:3: question 'q-two': concepts[2]: 'alpha' is defined only later, in chapters/one.md",
    ],
    "two": [
        "chapters/two.md:8: concept 'beta': after: 'alpha' has to come before it, and is defined in chapters/one.md, "
        "which _toc.yml leaves out",
        "quizzes/two.yml:3: question 'q-two': concepts[2]: 'alpha' is defined in chapters/one.md, which _toc.yml "
        "leaves out",
    ],
    "one": [],
}


def order(book, chapters):
    listed = "".join(f"  - file: chapters/{chapter}\n" for chapter in chapters.split())
    (book / "_toc.yml").write_text(TOC + listed)


@pytest.mark.parametrize(("chapters", "expected"), ADVICE.items())
def test_any_order_is_built_and_what_it_breaks_is_told(book, capsys, chapters, expected):
    order(book, chapters)
    assert faults(book) == []
    found = check(book)
    assert [str(one) for one in sorted(advice(found.course, found.bank))] == expected
    assert main(["check", str(book)]) == 0
    printed = capsys.readouterr().out
    assert all(f"{line} (advice)" in printed for line in expected)


def test_within_a_chapter_too(book):
    edit(book / "chapters/one.md", ":title: Alpha", ":title: Alpha\n:after: later")
    text = (book / "chapters/one.md").read_text() + "\n```{concept} later\nIt is.\n```\n"
    (book / "chapters/one.md").write_text(text)
    found = check(book)
    (one,) = advice(found.course, found.bank)
    assert str(one) == (
        "chapters/one.md:8: concept 'alpha': after: 'later' has to come before it, and is defined only later, in "
        "chapters/one.md"
    )


def test_what_nobody_defines_stays_a_fault(book):
    order(book, "two")
    edit(book / "chapters/two.md", ":after: alpha", ":after: alpa")
    edit(book / "index.md", "`alpha`", "`alpa`")
    assert faults(book) == [
        "chapters/two.md:8: concept 'beta': after: there is no concept 'alpa': did you mean 'alpha'?",
        "index.md:3: text: there is no concept 'alpa': did you mean 'alpha'?",
    ]


def test_links_of_questions_into_a_chapter_that_is_left_out(book):
    order(book, "one")
    edit(book / "quizzes/one.yml", "one#sec-one", "two#sec-two")
    assert faults(book) == []
    edit(book / "quizzes/one.yml", "two#sec-two", "two#sec-too")
    assert faults(book) == [
        "quizzes/one.yml:16: question 'q-one': see: there is no label 'sec-too' in chapters/two.md: did you mean "
        "'sec-two'?"
    ]


def test_the_order_of_the_book_breaks_nothing():
    found = check(ROOT, own=False)
    assert [str(one) for one in advice(found.course, found.bank)] == []
