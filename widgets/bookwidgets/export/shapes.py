"""What other systems ask: seven shapes, in which the twelve types of questions are expressed.

Texts are HTML that is safe in a page, unless a comment says that they are plain.
"""

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bookwidgets.bank.markup import BODIES
from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.pen import Body, Pen

FARTHEST = 10**6  # how many times its own size a range without an end goes on where a system wants ends


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

    @property
    def told(self) -> tuple[str, ...]:
        """Each item with its answer and the feedback, for systems with no place for them beside the item."""
        return tuple(f"{item.text} → {html.escape(item.answer)}. {item.feedback}".strip() for item in self.items)

    @property
    def left_over(self) -> list[str]:
        """The answers that belong to no item."""
        taken = {item.answer for item in self.items}
        return [answer for answer in self.answers if answer not in taken]


@dataclass(frozen=True)
class Known:
    """Numbers from ``low`` to ``high`` that are wrong in a way that is recognised; None: without an end."""

    low: float | None
    high: float | None
    feedback: str

    @property
    def ends(self) -> tuple[float, float]:
        """Its ends; one that it does not have lies FARTHEST times its size away."""
        far = float(FARTHEST) * max(1, *(abs(end) for end in (self.low, self.high) if end is not None))
        return (-far if self.low is None else self.low, far if self.high is None else self.high)


@dataclass(frozen=True)
class Number:
    answer: float
    low: float
    high: float
    feedback: str
    wrong: tuple[Known, ...]

    @property
    def endless(self) -> bool:
        """Whether one of the ranges goes on without an end."""
        return any(None in (known.low, known.high) for known in self.wrong)


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

    @property
    def told(self) -> tuple[str, ...]:
        """The word of each gap and the feedback, for systems with no place for them beside the gap."""
        return tuple(f"{html.escape(gap.forms[0])}. {gap.feedback}" for gap in self.gaps)

    def numbered(self, mark: str) -> str:
        """The text with ``mark`` in each gap, which holds {n} for the gap's number."""
        text = self.text
        for n in range(1, len(self.gaps) + 1):
            text = text.replace(GAP.format(n=n), mark.format(n=n))
        return text


GAP = '<gap n="{n}"/>'


@dataclass(frozen=True)
class Essay:
    model: str
    rubric: tuple[tuple[str, int], ...]  # criteria and their points

    @property
    def points(self) -> int:
        return sum(points for _, points in self.rubric)

    @property
    def told(self) -> str:
        """The model answer and the rubric."""
        return f"{self.model}<ul>{''.join(f'<li>{text} ({points})</li>' for text, points in self.rubric)}</ul>"


@dataclass(frozen=True)
class Card:
    back: str


def listed(entries: Iterable[str]) -> str:
    """Entries that are HTML as a numbered list; nothing where there are none."""
    items = "".join(f"<li>{entry}</li>" for entry in entries)
    return f"<ol>{items}</ol>" if items else ""


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
    pen: Pen  # which wrote all this as the target shows it
    images: Mapping[str, Path] = field(default_factory=dict)  # files by their names below quizzes/
    formulas: int = 0  # how many of its texts' formulas are shown

    @property
    def body(self) -> Body:
        """What is asked and its answer, as the book shows them without a script."""
        return BODIES[self.question.type](self.question, self.pen)

    @property
    def points(self) -> int:
        return self.shape.points if isinstance(self.shape, Essay) else 1

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def tags(self) -> tuple[str, ...]:
        return (*self.question.concepts, f"level-{self.question.level}")


def by_chapter(questions: Iterable[Exported]) -> dict[str, list[Exported]]:
    """The questions of each chapter, in the order in which the chapters come up."""
    chapters: dict[str, list[Exported]] = {}
    for one in questions:
        chapters.setdefault(one.chapter, []).append(one)
    return chapters
