"""Questions leave for other systems: what goes out, and a report of what could not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookwidgets.bank.check import Book
from bookwidgets.bank.markup import BODIES
from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.pen import Pen
from bookwidgets.bank.strings import strings
from bookwidgets.bank.text import Formula, ImageAddress, as_mathml, as_tex
from bookwidgets.export import anki, canvas, gift, moodle, paper, qti, sheets
from bookwidgets.export.losses import Loss
from bookwidgets.export.native import native_shape
from bookwidgets.export.outgoing import Edition, edition, outgoing
from bookwidgets.export.shapes import Exported
from bookwidgets.export.shaping import changes, shape_of

__all__ = ["TARGETS", "export"]


@dataclass(frozen=True)
class Target:
    """A system that questions leave for."""

    ending: str
    formula: Formula
    address: Callable[[Path], str]  # of an image
    losses: Callable[[Exported], Iterator[tuple[str, str]]]
    write: Callable[[Path, list[Exported], Book, Edition], None]
    shaped: bool = True  # whether it asks in the seven shapes alone, or shows types as the book does
    shape: Callable[[BaseQuestion, Pen], Any] = shape_of


def export(book: Book, target: str, path: Path, names: list[str]) -> list[Loss]:
    """Write the questions that ``names`` stand for (none: all) to ``path``, and return what could not be carried over.

    Raises ``KeyError`` for a name that is neither an id nor a chapter.
    """
    to = TARGETS[target]
    bank = book.bank
    known = [chapter for chapter in book.course.chapters if bank.of_chapter(chapter)]
    questions = bank.find(tuple(names or known))
    about = edition(book.course.root)
    # A question named twice, by its id and by its chapter, goes out once.
    once = list({question.id: question for question in questions}.values())
    exported = outgoing(book, once, about.language, formula=to.formula, image=to.address, shape=to.shape)
    to.write(path, exported, book, about)
    return [loss for one in exported for loss in _losses(one, to)]


def _losses(one: Exported, to: Target) -> Iterator[Loss]:
    found = list(changes(one.question)) if to.shaped else []
    for what, done in [*found, *to.losses(one)]:
        yield Loss(one.id, one.question.type, what, done)


def _moodle(path: Path, questions: list[Exported], book: Book, about: Edition) -> None:
    path.write_bytes(moodle.moodle_xml(questions, about.title))


def _gift(path: Path, questions: list[Exported], book: Book, about: Edition) -> None:
    path.write_text(gift.gift(questions, about.title), encoding="utf-8", newline="\n")


def _canvas(path: Path, questions: list[Exported], book: Book, about: Edition) -> None:
    canvas.write_canvas(path, questions, about)


def _qti(path: Path, questions: list[Exported], book: Book, about: Edition) -> None:
    qti.write_qti(path, questions, about)


def _csv(path: Path, questions: list[Exported], book: Book, about: Edition) -> None:
    path.write_text(sheets.sheet(questions), encoding="utf-8", newline="\n")


def _bodies(questions: list[Exported], book: Book, about: Edition, to: Target) -> Iterator[tuple[Exported, str, str]]:
    """Each question with its task and its answer, as the book shows them without a script."""
    pen = Pen(book.bank.misconceptions, strings(about.language), _address(book, to), to.formula)
    for one in questions:
        shown = BODIES[one.question.type](one.question, pen)
        yield one, shown.task, shown.answer


def _address(book: Book, to: Target) -> ImageAddress:
    return lambda name: to.address(book.bank.image(name))


def _anki(path: Path, questions: list[Exported], book: Book, about: Edition) -> None:
    notes = [anki.Note(*parts) for parts in _bodies(questions, book, about, TARGETS["anki"])]
    anki.write_anki(path, notes, about)


def _print(path: Path, questions: list[Exported], book: Book, about: Edition) -> None:
    sheets_of = [paper.Sheet(*parts) for parts in _bodies(questions, book, about, TARGETS["print"])]
    text = paper.paper(sheets_of, about.title, about.language, strings(about.language))
    path.write_text(text, encoding="utf-8", newline="\n")


TARGETS = {
    "moodle": Target(".xml", as_tex, moodle.address, moodle.losses, _moodle),
    "gift": Target(".txt", as_tex, gift.address, gift.losses, _gift),
    "canvas": Target(".zip", canvas.as_equation, canvas.address, canvas.losses, _canvas),
    "qti": Target(".zip", as_mathml, qti.address, qti.losses, _qti, shaped=False, shape=native_shape),
    "anki": Target(".apkg", as_tex, anki.address, anki.losses, _anki, shaped=False),
    "csv": Target(".csv", as_tex, sheets.address, sheets.losses, _csv),
    "print": Target(".html", as_mathml, paper.address, paper.losses, _print, shaped=False),
}
