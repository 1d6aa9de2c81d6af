"""Review, as a part of a page: ``{review}``."""

import html
import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from bookwidgets.bank.faults import unknown
from bookwidgets.bank.strings import strings


def _whole(low: int, high: int, text: str | None) -> int:
    """A whole number. Raises ``ValueError``, which MyST reports with file, line, option and value."""
    if not text or not re.fullmatch("[0-9]{1,4}", text) or not low <= int(text) <= high:
        raise ValueError(f"write a whole number from {low} to {high}")
    return int(text)


def _cards(text: str | None) -> int:
    return _whole(1, 500, text)


def _new(text: str | None) -> int:
    return _whole(0, 999, text)


def _slugs(text: str | None) -> list[str]:
    slugs = (text or "").replace(",", " ").split()
    if not slugs:
        raise ValueError("write slugs of chapters, with commas between them, or drop the option")
    return slugs


class ReviewDirective(SphinxDirective):
    """``{review}``: flashcards and missed questions, asked again when they are due. A script draws it from the store.

    ``:cards:`` is the length of a session (20), ``:new:`` how many cards a day come in as new (10), as long as the
    learner says nothing else; ``:chapters:`` names the only chapters whose cards take part.
    """

    option_spec = {"cards": _cards, "new": _new, "chapters": _slugs}

    def run(self) -> list[nodes.Node]:
        cards, new = self.options.get("cards", 20), self.options.get("new", 10)
        chapters = self.options.get("chapters")
        only = f' data-chapters="{html.escape(" ".join(self._existing(chapters)))}"' if chapters else ""
        without = html.escape(strings(self.config.language)["review_without"])
        markup = f'<book-review data-cards="{cards}" data-new="{new}"{only}><p>{without}</p></book-review>'
        return [nodes.raw("", markup, format="html")]

    def _existing(self, slugs: list[str]) -> list[str]:
        """The chapters that there are, in or out of the table of contents. An unknown one is an error."""
        course = self.env.app.bookwidgets_book.course  # type: ignore[attr-defined]
        known = {page.slug for page in course.dropped.values()} | course.chapters.keys()
        for slug in slugs:
            if slug not in known:
                raise self.error(f"review: chapters: {unknown('chapter', slug, course.chapters)}")
        return slugs


def setup(app: Sphinx) -> None:
    app.add_directive("review", ReviewDirective)
