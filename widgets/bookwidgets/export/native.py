"""Two more shapes, for systems that can order steps and mark words in a text."""

import html
from dataclasses import dataclass
from itertools import count

from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.pen import Pen, shuffled
from bookwidgets.bank.types import Order, Spot, Tokens
from bookwidgets.bank.types.choosing import SpotLine
from bookwidgets.export.shapes import Shape
from bookwidgets.export.shaping import idea_of, line_shown, shape_of


@dataclass(frozen=True)
class Step:
    text: str
    place: int | None  # from 1; None: does not belong
    feedback: str


@dataclass(frozen=True)
class Steps:
    """Steps to be put into order, as they are shown."""

    steps: tuple[Step, ...]

    @property
    def right(self) -> list[Step]:
        return sorted((step for step in self.steps if step.place), key=lambda step: step.place or 0)


@dataclass(frozen=True)
class Mark:
    text: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Marks:
    """Lines of words, of which one, or all that hold, are to be marked."""

    lines: tuple[tuple[Mark, ...], ...]
    many: bool
    told: tuple[str, ...] = ()  # feedback on stretches of words

    @property
    def marks(self) -> list[Mark]:
        return [mark for line in self.lines for mark in line]


def native_shape(question: BaseQuestion, pen: Pen) -> Shape | Steps | Marks:
    if isinstance(question, Order):
        return _steps(question, pen)
    if isinstance(question, Tokens):
        return _tokens(question, pen)
    return _lines(question, pen) if isinstance(question, Spot) else shape_of(question, pen)


def _steps(question: Order, pen: Pen) -> Steps:
    steps = [Step(pen.line(text), place, "") for place, text in enumerate(question.steps, 1)]
    steps += [
        Step(pen.line(one.text), None, pen.line(one.feedback) + idea_of(one.misconception, pen))
        for one in question.distractors
    ]
    return Steps(tuple(shuffled(steps, question.id, lambda step: step.text)))


def _lines(question: Spot, pen: Pen) -> Marks:
    def mark(row: SpotLine) -> Mark:
        feedback = pen.line(row.feedback) + idea_of(row.misconception, pen)
        return Mark(line_shown(question, row.text, pen), row.wrong, feedback)

    return Marks(tuple((mark(row),) for row in question.rows), many=False)


def _tokens(question: Tokens, pen: Pen) -> Marks:
    right, positions = set(question.right), count(1)
    lines = (
        tuple(Mark(f"<code>{html.escape(token)}</code>", next(positions) in right, "") for token in row)
        for row in question.rows
    )
    tokens = [token for row in question.rows for token in row]
    told = (
        f"<code>{html.escape(' '.join(tokens[one.first - 1 : one.last]))}</code>: {pen.line(one.feedback)}"
        f"{idea_of(one.misconception, pen)}"
        for one in question.feedback
    )
    return Marks(tuple(lines), many=True, told=tuple(told))
