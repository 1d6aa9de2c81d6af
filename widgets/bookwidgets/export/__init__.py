"""Questions leave for other systems: what goes out, and a report of what could not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookwidgets.bank.check import Book
from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.pen import Pen
from bookwidgets.bank.text import Formula, as_mathml, as_tex
from bookwidgets.export import anki, canvas, gift, moodle, paper, qti, sheets
from bookwidgets.export.losses import Loss
from bookwidgets.export.native import native_shape
from bookwidgets.export.outgoing import Edition, edition, outgoing
from bookwidgets.export.shapes import Card, Exported
from bookwidgets.export.shaping import changes, shape_of

__all__ = ["TARGETS", "export"]


@dataclass(frozen=True)
class Target:
    """A system that questions leave for."""

    ending: str
    formula: Formula
    address: Callable[[Path], str]  # of an image
    losses: Callable[[Exported], Iterator[tuple[str, str]]]
    write: Callable[[Path, list[Exported], Edition], None]
    no_cards: str = ""  # why flashcards are left out, where they are
    shaped: bool = True  # whether it asks in the seven shapes alone, or shows types as the book does
    shape: Callable[[BaseQuestion, Pen], Any] = shape_of

    def takes(self, one: Exported) -> bool:
        return not (self.no_cards and isinstance(one.shape, Card))


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
    to.write(path, [one for one in exported if to.takes(one)], about)
    return [loss for one in exported for loss in _losses(one, to)]


def _losses(one: Exported, to: Target) -> Iterator[Loss]:
    if to.takes(one):
        found = [*(changes(one.question) if to.shaped else []), *to.losses(one)]
    else:
        found = [("a flashcard", f"left out: {to.no_cards}")]
    for what, done in found:
        yield Loss(one.id, one.question.type, what, done)


TARGETS = {
    "moodle": Target(
        ".xml", as_tex, moodle.address, moodle.losses, moodle.write, "Moodle has no question of this kind"
    ),
    "gift": Target(".txt", as_tex, gift.address, gift.losses, gift.write, "GIFT has no question of this kind"),
    "canvas": Target(
        ".zip", canvas.as_equation, canvas.address, canvas.losses, canvas.write, "Canvas has no question of this kind"
    ),
    "qti": Target(
        ".zip",
        as_mathml,
        qti.address,
        qti.losses,
        qti.write,
        "QTI has no question of this kind",
        shaped=False,
        shape=native_shape,
    ),
    "anki": Target(".apkg", as_tex, anki.address, anki.losses, anki.write, shaped=False),
    "csv": Target(".csv", as_tex, sheets.address, sheets.losses, sheets.write),
    "print": Target(
        ".html",
        as_mathml,
        paper.address,
        paper.losses,
        paper.write,
        "an exam asks for no self-graded recall",
        shaped=False,
    ),
}
