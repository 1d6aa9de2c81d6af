"""Reading the question bank: every question of every file, or every fault of every file."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from bookwidgets.bank.faults import BookError, Fault
from bookwidgets.bank.models import BaseQuestion, Misconception, Question
from bookwidgets.bank.yaml_lines import YamlPath, read_yaml

MISCONCEPTIONS = "misconceptions"
_QUESTION = TypeAdapter(Question)
_MODELS = {get_args(model.model_fields["type"].annotation)[0]: model for model in get_args(get_args(Question)[0])}


@dataclass(frozen=True)
class Source:
    """Where a question or a misconception is written: its file and the line of each of its fields."""

    file: str
    lines: dict[YamlPath, int]

    def line(self, path: YamlPath = ()) -> int:
        """The line of the field at ``path``, or of the nearest thing around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, question_id: str | None, path: YamlPath, message: str, kind: str = "question") -> Fault:
        name = f"{kind} '{question_id}'" if question_id else kind
        where = f"{name}: {dotted(path)}" if path else name
        return Fault(self.file, self.line(path), where, message)


@dataclass(frozen=True)
class Bank:
    """The questions of a book by id, in the order of their files, and the misconceptions behind wrong options."""

    questions: dict[str, BaseQuestion] = field(default_factory=dict)
    misconceptions: dict[str, Misconception] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    misconception_sources: dict[str, Source] = field(default_factory=dict)

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


def unknown(kind: str, name: str, known: Any) -> str:
    """Say that there is no such thing, and what was probably meant."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"there is no {kind} '{name}'" + (f": did you mean '{near[0]}'?" if near else "")


def dotted(path: YamlPath) -> str:
    """``("options", 1, "feedback")`` as a reader counts: ``options[2].feedback``."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


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
        try:
            data, lines = read_yaml(path, name)
        except BookError as error:
            faults += error.faults
            continue
        read = _read_misconceptions if path.stem == MISCONCEPTIONS else _read_questions
        faults += read(bank, data, name, lines)
    faults += [
        Fault(f"{quizzes.name}/{path.name}", 1, "", "is not read: question files end in .yml, so rename it")
        for path in sorted(quizzes.glob("*.yaml"))
    ]
    return bank, faults


def _below(lines: dict[YamlPath, int], data: Any, top: int | str) -> dict[YamlPath, int]:
    """The lines of the value at ``top``, with paths that start there."""
    below: dict[YamlPath, int] = {(): lines[top,]}

    def walk(value: Any, path: YamlPath) -> None:
        children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, child in children:
            below[*path, key] = lines[top, *path, key]
            walk(child, (*path, key))

    walk(data, ())
    return below


def _read_questions(bank: Bank, data: Any, name: str, lines: dict[YamlPath, int]) -> Iterator[Fault]:
    if not isinstance(data, list) or not data:
        yield Fault(name, 1, "", "holds no list of questions: begin each question with '- id: ...'")
        return
    for position, item in enumerate(data):
        source = Source(name, _below(lines, item, position))
        if not isinstance(item, dict):
            yield source.fault(None, (), "is not a question: write its fields as 'name: value' lines")
            continue
        question_id = item.get("id") if isinstance(item.get("id"), str) else None
        try:
            question = _QUESTION.validate_python(item)
        except ValidationError as error:
            yield from _explain(error, item, question_id, source)
            continue
        if question.id in bank.questions:
            first = bank.sources[question.id]
            message = (
                f"'{question.id}' is taken by {first.file}:{first.line()}: ids are unique in the book, choose another"
            )
            yield source.fault(question.id, ("id",), message)
            continue
        bank.questions[question.id] = question
        bank.sources[question.id] = source


def _read_misconceptions(bank: Bank, data: Any, name: str, lines: dict[YamlPath, int]) -> Iterator[Fault]:
    if not isinstance(data, dict):
        yield Fault(name, 1, "", "is not a mapping: write 'id:' and below it, indented, 'says:' and 'see:'")
        return
    for key, item in data.items():
        source = Source(name, _below(lines, item, key))
        try:
            bank.misconceptions[key] = Misconception.model_validate(item)
            bank.misconception_sources[key] = source
        except ValidationError as error:
            yield from _explain(error, item, key, source, Misconception, "misconception")


def _explain(
    error: ValidationError, item: Any, name: str | None, source: Source, model: Any = None, kind: str = "question"
):
    """The faults of one item, each with its line and in words that say what to do."""
    model = model or (_MODELS.get(item.get("type")) if isinstance(item, dict) else None)
    for detail in error.errors(include_url=False):
        path = tuple(step for step in detail["loc"] if step not in _MODELS)
        if detail["type"].startswith("union_tag"):
            path = ("type",)
        yield source.fault(name, path, _words(detail, path, model), kind)


def _words(detail: Any, path: YamlPath, model: Any) -> str:
    """One of pydantic's findings as a sentence for an author."""
    given = detail.get("input")
    match detail["type"]:
        case "missing":
            meaning = _description(model, path)
            return f"is missing: add it{f' ({meaning})' if meaning else ''}"
        case "union_tag_not_found":
            return f"is missing: add it (one of {', '.join(_MODELS)})"
        case "union_tag_invalid":
            return unknown("question type", str(given.get("type")), _MODELS) + f" (types: {', '.join(_MODELS)})"
        case "extra_forbidden":
            return unknown("field", str(path[-1]), _fields(model, path[:-1])) + " (remove it or mend its name)"
        case "string_type":
            return f"is {_kind(given)}, where text is needed: put it in quotes"
        case "bool_type":
            return f"is {_kind(given)}, where true or false is needed"
        case "list_type":
            return f"is {_kind(given)}, where a list is needed: write each entry on a line of its own after '- '"
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"is {_kind(given)}, where fields are needed: write 'name: value' lines, indented"
        case "string_pattern_mismatch" if path[-1] == "see":
            return f"is {given!r}: write it as chapter-slug#section-label"
        case "string_pattern_mismatch":
            return f"is {given!r}: use lower-case words joined by hyphens"
        case "literal_error":
            return f"is {given!r}: use one of {detail['ctx']['expected']}"
        case "too_short" | "too_long":
            meaning = _description(model, path)
            return f"has {detail['ctx']['actual_length']} entries: write {meaning or 'more or fewer'}"
    return detail["msg"]


def _kind(value: Any) -> str:
    words = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a mapping",
        type(None): "empty",
    }
    return words.get(type(value), "text" if isinstance(value, str) else type(value).__name__)


def _model_at(model: Any, path: YamlPath) -> Any:
    """The model that describes what stands at ``path``."""
    for step in path:
        if model is None or isinstance(step, int):
            continue
        info = model.model_fields.get(step)
        inner = get_args(info.annotation) if info else ()
        model = inner[0] if inner and hasattr(inner[0], "model_fields") else None
    return model


def _fields(model: Any, path: YamlPath) -> list[str]:
    found = _model_at(model, path)
    return list(found.model_fields) if found else []


def _description(model: Any, path: YamlPath) -> str:
    found = _model_at(model, path[:-1])
    info = found.model_fields.get(path[-1]) if found else None
    return (info.description or "") if info else ""
