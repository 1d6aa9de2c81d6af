"""What is wrong with a book, and where.

A check never stops at the first fault.
It collects them all, and whoever asked shows them as one list.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that somebody has to mend: ``quizzes/x.yml:12: question 'id': options[2].feedback: ...``."""

    file: str
    line: int
    where: str
    message: str

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{self.file}:{self.line}: {place}{self.message}"


class BookError(Exception):
    """The faults of a book; its text is the whole list, sorted by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def unknown(kind: str, name: str, known: Iterable[str], place: str = "") -> str:
    """Say that there is no such thing, and what was probably meant.

    >>> unknown("label", "sec-won", ["sec-one"], "in chapters/one.md")
    "there is no label 'sec-won' in chapters/one.md: did you mean 'sec-one'?"
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    advice = f"did you mean '{near[0]}'?" if near else "mend the name"
    return f"there is no {kind} {shown(name)}{f' {place}' if place else ''}: {advice}"


def shown(text: str) -> str:
    """``text`` in quotes for a message: on one line, with what cannot be printed spelt out, and not too long."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
