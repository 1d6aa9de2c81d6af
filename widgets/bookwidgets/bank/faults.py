"""What is wrong with a book, and where.

A check never stops at the first fault.
It collects them all, and whoever asked shows them as one list.
"""

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
