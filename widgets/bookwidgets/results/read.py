"""The files that learners export on the progress page: which of them count, and why the others do not.

A file is {format, book, title, entries: {"answer": {question: [at, value or null]}, ...}} (static/store.js).
It carries no name: a learner is called after the file. Whoever hands in twice is known by the moments, in thousandths
of a second, at which questions were first answered: no two people share one, and the later file has the earlier one's.
A file counts as a whole or not at all.
"""

import json
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from bookwidgets.bank.load import Bank
from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.types import Choices, Spot, Tokens

FORMAT = 1
LAST = 4102444800000  # as in static/store/entries.js: the year 2100
LARGEST = 20_000_000  # bytes; a learner with a whole book and its reviews has less than one


class UnusableError(Exception):
    """Why a file does not count."""


@dataclass(frozen=True)
class Answer:
    """A learner's answer to a question: what came first, and what is known of the rest."""

    score: float  # of the first try, 0 to 1
    hints: int  # before the first try
    at: int  # of the first try, in ms
    response: Any  # at the first try; its form depends on the type (static/quiz.js)
    tries: int
    ideas: tuple[str, ...]  # misconceptions met at the last try

    @property
    def at_once(self) -> bool:
        """Right at the first try and without a hint."""
        return self.score == 1 and self.hints == 0


@dataclass(frozen=True)
class Learner:
    name: str
    newest: int  # when the last answer came, in ms
    answers: dict[str, Answer] = field(repr=False)
    reworded: int = 0  # answers to another wording of a question, or to one that the book no longer has


@dataclass(frozen=True)
class Skipped:
    file: str
    why: str


def read_files(paths: Iterable[Path], bank: Bank, book: str) -> tuple[list[Learner], list[Skipped]]:
    """The learners, one each, and the files that do not count."""
    learners: list[Learner] = []
    skipped: list[Skipped] = []
    for path, name in _named(list(paths)):
        try:
            learners.append(_read(path, name, bank, book))
        except UnusableError as error:
            skipped.append(Skipped(name, str(error)))
    kept, doubles = _one_each(learners)
    return kept, skipped + doubles


def _named(paths: list[Path]) -> list[tuple[Path, str]]:
    """Each file and what it is called below the folder that all of them have in common."""
    folders = [path.absolute().parent for path in paths]
    common = os.path.commonpath(folders) if len({folder.anchor for folder in folders}) == 1 else None
    return [(path, path.absolute().relative_to(common).as_posix() if common else str(path)) for path in paths]


def _one_each(learners: list[Learner]) -> tuple[list[Learner], list[Skipped]]:
    """Of files that share the moment of a first answer, the newest; of equally new ones, the first."""
    owner: dict[tuple[str, int], Learner] = {}
    kept: list[Learner] = []
    skipped: list[Skipped] = []
    for learner in sorted(learners, key=lambda one: -one.newest):
        moments = [(question, answer.at) for question, answer in learner.answers.items()]
        same = next((owner[moment] for moment in moments if moment in owner), None)
        if same:
            skipped.append(Skipped(learner.name, f"is of the same learner as {same.name}, which is newer and counts"))
        else:
            kept.append(learner)
        # Also where it does not count, so that a third file that shares only this one's answers is known.
        owner |= {moment: owner.get(moment, same or learner) for moment in moments}
    order = {id(learner): n for n, learner in enumerate(learners)}
    return sorted(kept, key=lambda one: order[id(one)]), skipped


def _read(path: Path, name: str, bank: Bank, book: str) -> Learner:
    data = _parsed(path)
    if not isinstance(data, dict) or not _is_count(data.get("format")) or not isinstance(data.get("entries"), dict):
        raise UnusableError("is no file of progress: export it on the progress page")
    if data.get("book") != book:
        raise UnusableError(f"is of another book, {str(data.get('title') or data.get('book'))[:80]}")
    if data["format"] != FORMAT:
        raise UnusableError("was saved by a newer version of the book: update the book")
    entries = data["entries"].get("answer", {})
    if not isinstance(entries, dict):
        _damaged("answer")
    answers: dict[str, Answer] = {}
    newest = reworded = 0
    for asked, entry in entries.items():
        at, value = _entry(asked, entry)
        newest = max(newest, at)
        question = bank.questions.get(asked)
        if value is None:
            continue
        if question is None or value.get("print") != question.fingerprint:
            reworded += 1
        else:
            answers[asked] = _answer(question, value)
    return Learner(name, newest, answers, reworded)


def _parsed(path: Path) -> Any:
    if path.stat().st_size > LARGEST:
        raise UnusableError(f"has more than {LARGEST // 1_000_000} MB: no file of progress is that large")
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_not_json)
    except (ValueError, RecursionError):
        raise UnusableError("is damaged: it is not JSON to its end") from None


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _damaged(where: str) -> NoReturn:
    raise UnusableError(f"is damaged at {where[:80]}")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LAST


def _entry(name: str, entry: Any) -> tuple[int, dict[str, Any] | None]:
    if not isinstance(entry, list) or len(entry) < 2 or not _is_count(entry[0]):
        _damaged(f"answer/{name}")
    if entry[1] is not None and not isinstance(entry[1], dict):
        _damaged(f"answer/{name}")
    return entry[0], entry[1]


def _answer(question: BaseQuestion, value: dict[str, Any]) -> Answer:
    first, ideas = value.get("first"), value.get("ideas", [])
    sound = (
        value.get("type") == question.type
        and isinstance(first, dict)
        and _is_share(first.get("score"))
        and _is_count(first.get("hints"))
        and _is_count(first.get("at"))
        and _is_count(value.get("attempt"))
        and isinstance(ideas, list)
        and all(isinstance(idea, str) for idea in ideas)
    )
    if not sound or not _fits(question, first.get("response")):
        _damaged(f"answer/{question.id}")
    score = float(first["score"])
    return Answer(score, first["hints"], first["at"], first["response"], max(1, value["attempt"]), tuple(ideas))


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value <= 1


def _fits(question: BaseQuestion, response: Any) -> bool:
    """Whether the positions of a response are positions in the question."""
    if not isinstance(question, Choices | Spot | Tokens):
        return isinstance(response, dict | list)
    if isinstance(question, Tokens):
        count = sum(map(len, question.rows))
    else:
        count = len(question.rows if isinstance(question, Spot) else question.options)
    return isinstance(response, list) and all(_is_count(n) and 1 <= n <= count for n in response)
