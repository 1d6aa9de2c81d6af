"""What other systems ask: seven shapes, in which the twelve types of questions are expressed.

Texts are HTML that is safe in a page, unless a comment says that they are plain.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bookwidgets.bank.models import BaseQuestion


@dataclass(frozen=True)
class Option:
    text: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Pick:
    """Options of which one, or each that holds, is to be picked."""

    options: tuple[Option, ...]
    many: bool
    fixed: bool

    @property
    def share(self) -> float:
        """What a right pick earns and a wrong one costs, of 1."""
        return 1 / sum(option.right for option in self.options)


@dataclass(frozen=True)
class Item:
    text: str
    answer: str  # plain
    feedback: str


@dataclass(frozen=True)
class Pairs:
    """Items, each to be given one of the answers; an answer may be right for several, or for none."""

    items: tuple[Item, ...]
    answers: tuple[str, ...]  # plain


@dataclass(frozen=True)
class Known:
    """Numbers from ``low`` to ``high`` that are wrong in a way that is recognised; None: without an end."""

    low: float | None
    high: float | None
    feedback: str


@dataclass(frozen=True)
class Number:
    answer: float
    low: float
    high: float
    feedback: str
    wrong: tuple[Known, ...]


@dataclass(frozen=True)
class Words:
    answers: tuple[str, ...]  # plain, the best first
    case: bool
    feedback: str
    wrong: tuple[tuple[tuple[str, ...], str], ...]  # forms, plain, and their feedback


@dataclass(frozen=True)
class Gap:
    options: tuple[str, ...]  # plain; none: to be typed in
    forms: tuple[str, ...]  # plain, what is right, the best first
    feedback: str


@dataclass(frozen=True)
class Gaps:
    """A text in which GAP.format(n=1), 2 and so on stand for the gaps."""

    text: str
    gaps: tuple[Gap, ...]

    @property
    def typed(self) -> bool:
        """Whether one of them is to be typed in."""
        return not all(gap.options for gap in self.gaps)


GAP = '<gap n="{n}"/>'


@dataclass(frozen=True)
class Essay:
    model: str
    rubric: tuple[tuple[str, int], ...]  # criteria and their points

    @property
    def points(self) -> int:
        return sum(points for _, points in self.rubric)


@dataclass(frozen=True)
class Card:
    back: str


Shape = Pick | Pairs | Number | Words | Gaps | Essay | Card


@dataclass(frozen=True)
class Exported:
    """A question on its way out."""

    question: BaseQuestion
    chapter: str
    title: str  # of the chapter
    prompt: str  # with the scenario and the task
    shape: Any  # a Shape, or one of native.py's where the target has it
    explanation: str
    hints: tuple[str, ...]
    images: Mapping[str, Path] = field(default_factory=dict)  # files by their names below quizzes/
    formulas: int = 0  # how many of its texts' formulas are shown

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def tags(self) -> tuple[str, ...]:
        return (*self.question.concepts, f"level-{self.question.level}")
