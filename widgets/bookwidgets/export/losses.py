"""What an export could not carry over, question by question: said aloud, and kept beside what was exported."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields

from bookwidgets.export.shapes import FARTHEST


@dataclass(frozen=True)
class Loss:
    """One thing of a question that its new home cannot express, and what was done about it."""

    question: str  # its id
    type: str
    what: str
    done: str


# What several targets lose in the same way.
TYPED = ("levelling of quotes, hyphens and final periods", "each accepted form has to be met as it is written")
ENDLESS = ("ranges without an end", f"end at {FARTHEST:,} times their size")


def table(losses: Iterable[Loss]) -> str:
    """The losses for people to read: one line for each kind of loss, with the questions it meets.

    >>> print(table([Loss("a", "choice", "hints", "left out"), Loss("b", "multi", "hints", "left out")]))
    hints: left out (2: a, b)
    """
    questions: dict[tuple[str, str], list[str]] = {}
    for loss in losses:
        questions.setdefault((loss.what, loss.done), []).append(loss.question)
    counted = Counter({kind: len(ids) for kind, ids in questions.items()})
    return "\n".join(
        f"{what}: {done} ({count}: {_some(questions[what, done])})" for (what, done), count in counted.most_common()
    )


def _some(ids: list[str], most: int = 4) -> str:
    return ", ".join(ids[:most]) + (", ..." if len(ids) > most else "")


def as_csv(losses: Iterable[Loss]) -> str:
    """The losses for a spreadsheet: one line for each question and loss."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([field.name for field in fields(Loss)])
    writer.writerows(astuple(loss) for loss in losses)
    return written.getvalue()
