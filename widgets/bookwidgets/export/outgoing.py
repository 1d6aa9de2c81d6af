"""The questions that leave, with their texts as the target shows them."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookwidgets.bank.check import Book
from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.own import settings
from bookwidgets.bank.pen import Pen
from bookwidgets.bank.strings import strings
from bookwidgets.bank.text import Formula, as_mathml
from bookwidgets.bank.types import Free, Numeric, Tokens
from bookwidgets.export.shapes import Exported
from bookwidgets.export.shaping import shape_of


@dataclass(frozen=True)
class Edition:
    """What the book says of itself: the name under which answers are kept, its title and its language."""

    id: str
    title: str
    language: str


def edition(root: Path) -> Edition:
    """Out of its settings; the folder's name where they say nothing."""
    config: dict[str, Any] = settings(root)[0]
    sphinx = (config.get("sphinx") or {}).get("config") or {}
    title = str(config.get("title") or root.name)
    language = str(sphinx.get("language") or "en")
    return Edition(str(sphinx.get("bookwidgets_book_id") or root.name), title, language)


def outgoing(
    book: Book,
    questions: list[BaseQuestion],
    language: str,
    *,
    formula: Formula = as_mathml,
    image: Callable[[Path], str],
    shape: Callable[[BaseQuestion, Pen], Any] = shape_of,
) -> list[Exported]:
    """Each question in its shape. ``image`` gives the address under which the target finds a file."""
    return [_exported(book, question, language, formula, image, shape) for question in questions]


def _exported(
    book: Book,
    question: BaseQuestion,
    language: str,
    formula: Formula,
    image: Callable[[Path], str],
    shape: Callable[[BaseQuestion, Pen], Any],
) -> Exported:
    used: dict[str, Path] = {}
    formulas: list[str] = []

    def address(name: str) -> str:
        used[name] = book.bank.image(name)
        return image(used[name])

    def counted(tex: str, display: bool) -> str:
        formulas.append(tex)
        return formula(tex, display)

    pen = Pen(book.bank.misconceptions, strings(language), address, counted)
    slug, _, label = question.see.partition("#")
    page = book.course.chapters.get(slug)
    title = page.title if page else slug
    chapter = book.bank.chapter(question.id)
    own = book.course.chapters.get(chapter)
    again = pen.say("export_again", title=f"{title} ({label})")
    return Exported(
        question,
        chapter,
        own.title if own else chapter,
        _prompt(question, pen),
        shape(question, pen),
        f"{pen.blocks(question.explanation)}<p>{again}</p>",
        tuple(pen.blocks(hint) for hint in question.hints),
        pen,
        used,
        len(formulas),
    )


def _prompt(question: BaseQuestion, pen: Pen) -> str:
    """The scenario, the prompt, and what is shown besides to answer it."""
    before = pen.blocks(question.scenario) if isinstance(question, Free) and question.scenario else ""
    after = ""
    if isinstance(question, Numeric) and question.unit:
        after = f"<p>{pen.say('export_in', unit=question.unit)}</p>"
    elif isinstance(question, Tokens):
        after = f"<pre>{html.escape(chr(10).join(' '.join(row) for row in question.rows))}</pre>"
    return before + pen.blocks(question.prompt) + after
