"""Reading the question bank: every question of every file, or every fault of every file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bookwidgets.bank.explain import explain
from bookwidgets.bank.faults import BookError, Fault, shown, unknown
from bookwidgets.bank.models import ID, BaseQuestion, Misconception
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

    def chapter(self, question_id: str) -> str:
        """The slug of the chapter that a question belongs to."""
        return Path(self.sources[question_id].file).stem

    def of_chapter(self, slug: str) -> list[str]:
        """The ids of a chapter's questions, in the order of its file."""
        return [question_id for question_id in self.questions if self.chapter(question_id) == slug]

    def find(self, names: tuple[str, ...]) -> list[BaseQuestion]:
        """The questions that ``names``, each an id or a chapter's slug, stand for.

        Raises ``KeyError`` with a sentence that names the nearest id.
        """
        found: list[str] = []
        for name in names:
            ids = [name] if name in self.questions else self.of_chapter(name)
            if not ids:
                raise KeyError(unknown("question", name, self.questions))
            found += ids
        return [self.questions[question_id] for question_id in found]


def load(quizzes: Path) -> Bank:
    """All questions and misconceptions below ``quizzes``. Raises ``BookError`` with every fault found."""
    bank, faults = load_with_faults(quizzes)
    if faults:
        raise BookError(faults)
    return bank


def load_with_faults(quizzes: Path) -> tuple[Bank, list[Fault]]:
    """What could be read, and what could not: for a checker that has more to say about the rest."""
    bank, faults = Bank(), []
    for path in sorted(quizzes.glob("*.yml")):
        name = f"{quizzes.name}/{path.name}"
        document = read_yaml(path, name)
        faults += document.faults
        if document.data is None and document.faults:
            bank.unread_files.add(path.stem)
        elif path.stem == MISCONCEPTIONS:
            faults += _read_misconceptions(bank, document, name)
        else:
            faults += _read_questions(bank, document, name)
    faults += [
        Fault(f"{quizzes.name}/{path.name}", 1, "", "is not read: question files end in .yml, so rename it")
        for path in sorted(quizzes.glob("*.yaml"))
    ]
    return bank, faults


def _read_questions(bank: Bank, document: Document, file: str) -> Iterator[Fault]:
    if not isinstance(document.data, list) or not document.data:
        bank.unread_files.add(Path(file).stem)
        yield Fault(file, 1, "", "holds no list of questions: begin each question with '- id: ...'")
        return
    for position, item in enumerate(document.data):
        given = item.get("id") if isinstance(item, dict) else None
        name = f"question {shown(given)}" if isinstance(given, str) and given else f"question {position + 1}"
        source = Source(file, name, position, document.lines)
        if isinstance(given, str):
            bank.question_ids.add(given)
        if not isinstance(item, dict):
            yield source.fault((), "is not a question: write its fields as 'name: value' lines")
            continue
        try:
            question = _QUESTION.validate_python(item)
        except ValidationError as error:
            yield from (source.fault(path, message) for path, message in explain(error, item.get("type")))
            continue
        if question.id in bank.questions:
            first = bank.sources[question.id]
            message = f"is taken by {first.file}:{first.line(('id',))}: ids are unique in the book, choose another"
            yield source.fault(("id",), message)
            continue
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
