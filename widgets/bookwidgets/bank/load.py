"""Reading the question bank: every question of every file, or every fault of every file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bookwidgets.bank.explain import explain
from bookwidgets.bank.faults import BookError, Fault, shown, unknown
from bookwidgets.bank.models import ID, BaseQuestion, Misconception
from bookwidgets.bank.own import MARKS, OWN_QUIZZES, unfit
from bookwidgets.bank.types import Question
from bookwidgets.bank.yaml_lines import Document, YamlPath, dotted, read_yaml

MISCONCEPTIONS = "misconceptions"
_QUESTION = TypeAdapter(Question)


@dataclass(frozen=True)
class Source:
    """Where a question or a misconception is written: its file, its name in messages, and the line of each field."""

    file: str
    name: str
    top: int | str
    lines: dict[YamlPath, int] = field(repr=False)
    chapter: str = ""  # the slug of the chapter that a question belongs to

    def line(self, path: YamlPath = ()) -> int:
        """The line of the field at ``path``, or of the nearest thing around it."""
        while path and (self.top, *path) not in self.lines:
            path = path[:-1]
        return self.lines[self.top, *path]

    def fault(self, path: YamlPath, message: str) -> Fault:
        where = f"{self.name}: {dotted(path)}" if path else self.name
        return Fault(self.file, self.line(path), where, message)


@dataclass(frozen=True)
class Bank:
    """The questions of a book by id, in the order of their files, and the misconceptions behind wrong options."""

    questions: dict[str, BaseQuestion] = field(default_factory=dict)
    misconceptions: dict[str, Misconception] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    misconception_sources: dict[str, Source] = field(default_factory=dict)
    # Every id that a file gives, faulty or not, and the files (without ending) that could not be read at all:
    # whatever names these is not to blame.
    question_ids: set[str] = field(default_factory=set)
    misconception_ids: set[str] = field(default_factory=set)
    unread_files: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)  # ids that a fork takes out: whoever asks for them gets nothing
    folders: list[Path] = field(default_factory=list)  # where it was read, a fork's own before ours

    def chapter(self, question_id: str) -> str:
        """The slug of the chapter that a question belongs to."""
        return self.sources[question_id].chapter

    def of_chapter(self, slug: str) -> list[str]:
        """The ids of a chapter's questions, in the order of its file."""
        return [question_id for question_id in self.questions if self.chapter(question_id) == slug]

    def find(self, names: tuple[str, ...]) -> list[BaseQuestion]:
        """The questions that ``names``, each an id or a chapter's slug, stand for.

        Raises ``KeyError`` with a sentence that names the nearest id.
        """
        found: list[str] = []
        for name in (name for name in names if name not in self.dropped):
            ids = [name] if name in self.questions else self.of_chapter(name)
            if not ids:
                raise KeyError(unknown("question", name, self.questions))
            found += ids
        return [self.questions[question_id] for question_id in found]

    def image(self, name: str) -> Path:
        """The file of an image that a question names. Raises ``FileNotFoundError``."""
        for folder in self.folders:
            if (folder / name).is_file():
                return folder / name
        raise FileNotFoundError(name)


def load(quizzes: Path, own: Path | None = None) -> Bank:
    """All questions and misconceptions below ``quizzes``. Raises ``BookError`` with every fault found.

    What stands below ``own`` is a fork's: it replaces, drops and adds.
    """
    bank, faults = load_with_faults(quizzes, own)
    if faults:
        raise BookError(faults)
    return bank


def load_with_faults(quizzes: Path, own: Path | None = None) -> tuple[Bank, list[Fault]]:
    """What could be read, and what could not: for a checker that has more to say about the rest."""
    bank = Bank(folders=[folder for folder in [own, quizzes] if folder])
    faults = _read_folder(bank, quizzes, quizzes.name)
    if own:
        faults += _read_folder(bank, own, OWN_QUIZZES, over=frozenset(bank.question_ids))
    return bank, faults


def _read_folder(bank: Bank, quizzes: Path, shown_as: str, over: frozenset[str] | None = None) -> list[Fault]:
    """Read the files of a folder into ``bank``; ``over`` are the ids of ours that a fork may replace and drop."""
    faults: list[Fault] = []
    for path in sorted(quizzes.glob("*.yml")):
        name = f"{shown_as}/{path.name}"
        document = read_yaml(path, name)
        faults += document.faults
        if document.data is None and document.faults:
            bank.unread_files.add(path.stem)
        elif path.stem == MISCONCEPTIONS:
            faults += _read_misconceptions(bank, document, name)
        else:
            faults += _read_questions(bank, document, name, over)
    faults += [
        Fault(f"{shown_as}/{path.name}", 1, "", "is not read: question files end in .yml, so rename it")
        for path in sorted(quizzes.glob("*.yaml"))
    ]
    return faults


def _read_questions(bank: Bank, document: Document, file: str, over: frozenset[str] | None) -> Iterator[Fault]:
    if not isinstance(document.data, list) or not document.data:
        bank.unread_files.add(Path(file).stem)
        yield Fault(file, 1, "", "holds no list of questions: begin each question with '- id: ...'")
        return
    for position, item in enumerate(document.data):
        given = item.get("id") if isinstance(item, dict) else None
        name = f"question {shown(given)}" if isinstance(given, str) and given else f"question {position + 1}"
        source = Source(file, name, position, document.lines, _chapter(bank, given, file))
        if not isinstance(item, dict):
            yield source.fault((), "is not a question: write its fields as 'name: value' lines")
        elif over is not None and (found := unfit(item, over)):
            yield source.fault(*found)
        elif over is not None and item.get("drop"):
            _drop(bank, item["id"])
        else:
            if isinstance(given, str):
                bank.question_ids.add(given)
            fields = item if over is None else {key: item[key] for key in item if key not in MARKS}
            yield from _read_question(bank, fields, source, over or frozenset())


def _chapter(bank: Bank, given: Any, file: str) -> str:
    """The chapter of a question: of one that replaces another, that one's; else the chapter of its file."""
    first = bank.sources.get(given) if isinstance(given, str) else None
    return first.chapter if first else Path(file).stem


def _drop(bank: Bank, name: str) -> None:
    bank.dropped.add(name)
    bank.question_ids.discard(name)
    bank.questions.pop(name, None)
    bank.sources.pop(name, None)


def _read_question(bank: Bank, item: dict[str, Any], source: Source, over: frozenset[str]) -> Iterator[Fault]:
    """Add a question to the bank, in the place of the one that it replaces, if ``over`` allows that."""
    try:
        question = _QUESTION.validate_python(item)
    except ValidationError as error:
        yield from (source.fault(path, message) for path, message in explain(error, item.get("type")))
        return
    first = bank.sources.get(question.id)
    if question.id in bank.dropped:
        yield source.fault(("id",), "is dropped by another entry of course/quizzes/: keep one of the two")
    elif first and (question.id not in over or first.file.startswith(OWN_QUIZZES)):
        message = f"is taken by {first.file}:{first.line(('id',))}: ids are unique in the book, choose another"
        yield source.fault(("id",), message)
    else:
        bank.questions[question.id] = question
        bank.sources[question.id] = source


def _read_misconceptions(bank: Bank, document: Document, file: str) -> Iterator[Fault]:
    if not isinstance(document.data, dict):
        bank.unread_files.add(MISCONCEPTIONS)
        yield Fault(file, 1, "", "is not a mapping: write 'id:' and below it, indented, 'says:' and 'see:'")
        return
    for key, item in document.data.items():
        source = Source(file, f"misconception {shown(key)}", key, document.lines)
        bank.misconception_ids.add(key)
        if not re.fullmatch(ID, key):
            yield source.fault((), "has a name that cannot be used: write lower-case words joined by hyphens")
            continue
        try:
            bank.misconceptions[key] = Misconception.model_validate(item)
            bank.misconception_sources[key] = source
        except ValidationError as error:
            yield from (source.fault(path, message) for path, message in explain(error, "misconception"))
