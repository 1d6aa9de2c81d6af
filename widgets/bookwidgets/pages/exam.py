"""The practice exam, as a part of a page: ``{practice-exam}``.

The directive says what the set-up form begins with; readers may change all of it.
Whatever it names is checked when the page is read, and what belongs to a chapter that the table of contents leaves out
is left out with it.
"""

import html
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar, get_args

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from bookwidgets.bank.check import Book
from bookwidgets.bank.faults import unknown
from bookwidgets.bank.markup import BODIES
from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.strings import strings

LEVELS = get_args(BaseQuestion.model_fields["level"].annotation)
TYPES = [name for name in BODIES if name != "flashcard"]  # a card is not graded
MOST_QUESTIONS, MOST_MINUTES = 200, 600  # the same as MOST in static/exam/settings.js


def _count(least: int, most: int, text: str | None) -> int:
    number = int(text) if text and text.strip().isdecimal() else -1
    if not least <= number <= most:
        raise ValueError(f"write a whole number from {least} to {most}")
    return number


def _words(text: str | None) -> list[str]:
    words = [word.strip() for word in (text or "").split(",")]
    if not all(words):
        raise ValueError("write one name or several, with a comma between them")
    return words


def _seed(text: str | None) -> str:
    seed = (text or "").strip()
    if not 0 < len(seed) <= 40 or "\n" in seed:
        raise ValueError("write one line of at most 40 characters")
    return seed


def _yes_or_no(text: str | None) -> str:
    if text not in {"yes", "no"}:
        raise ValueError("write yes or no")
    return text


class PracticeExam(SphinxDirective):
    """``{practice-exam}`` with what the form begins with.

    ``:chapters:``, ``:concepts:``, ``:levels:`` and ``:types:`` are lists with commas; where one is left out nothing is
    excluded, but free answers are asked for only on request.
    ``:questions:`` and ``:minutes:`` are numbers, with 0 minutes for no limit; ``:pause:`` and ``:confidence:`` are yes
    or no; ``:seed:`` is what a class agrees on, left to chance without it.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "chapters": _words,
        "concepts": _words,
        "levels": _words,
        "types": _words,
        "questions": partial(_count, 1, MOST_QUESTIONS),
        "minutes": partial(_count, 0, MOST_MINUTES),
        "pause": _yes_or_no,
        "confidence": _yes_or_no,
        "seed": _seed,
    }

    def run(self) -> list[nodes.Node]:
        book = self.env.app.bookwidgets_book
        questions = self.options.get("questions", 20)
        data = {"questions": questions, "minutes": 2 * questions, "pause": "yes", "confidence": "yes"} | self.options
        for name, known, dropped in self._known(book):
            if name in self.options:
                data[name] = " ".join(self._listed(name, known, dropped))
        marks = "".join(f' data-{name}="{html.escape(str(data[name]))}"' for name in sorted(data))
        opening, closing = f'<book-exam class="bw-exam"{marks}>', "</book-exam>"
        return [
            nodes.raw("", opening, format="html"),
            *_without_scripts(book, self.config.language, self.env.docname),
            nodes.raw("", closing, format="html"),
        ]

    @staticmethod
    def _known(book: Book) -> Iterable[tuple[str, Iterable[str], set[str]]]:
        """For each list what it may name, and what it may name in vain."""
        unlisted = book.course.dropped.values()
        yield "chapters", book.course.chapters, {page.slug for page in unlisted}
        yield "concepts", book.course.concepts, {concept.id for page in unlisted for concept in page.concepts}
        yield "levels", LEVELS, set()
        yield "types", TYPES, set()

    def _listed(self, name: str, known: Iterable[str], dropped: set[str]) -> list[str]:
        """The names of an option that the book has. Raises a docutils error, with its line, for an unknown one."""
        for value in self.options[name]:
            if value not in known and value not in dropped:
                raise self.error(f":{name}: {unknown(name.removesuffix('s'), value, known)}")
        return [value for value in self.options[name] if value in known]


def _without_scripts(book: Book, language: str, docname: str) -> list[nodes.Node]:
    """What the element holds until a script takes it over: where the questions can be answered without one."""
    words = strings(language)
    chapters = nodes.bullet_list()
    for slug, page in book.course.chapters.items():
        count = sum(book.bank.questions[name].type in TYPES for name in book.bank.of_chapter(slug))
        if count:
            before, _, after = words["exam_questions_in"].partition("{title}")
            chapters += nodes.list_item("", line := nodes.paragraph())
            line += [nodes.Text(before), _chapter_link(page.name, docname), nodes.Text(after.format(n=count))]
    return [nodes.paragraph("", words["exam_without"]), chapters]


def _chapter_link(page: str, docname: str) -> pending_xref:
    """A link with the title of the chapter."""
    reference = pending_xref(
        "", refdomain="std", reftype="doc", reftarget=f"/{page}", refdoc=docname, refexplicit=False, refwarn=True
    )
    reference += nodes.inline("", page, classes=["xref", "doc"])
    return reference


def setup(app: Sphinx) -> None:
    app.add_directive("practice-exam", PracticeExam)
