"""What pydantic finds in a question, in words that tell an author what to do."""

import datetime
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bookwidgets.bank.faults import shown, unknown
from bookwidgets.bank.models import Misconception, Question
from bookwidgets.bank.yaml_lines import YamlPath

_QUESTIONS: dict[str, type[BaseModel]] = {
    get_args(model.model_fields["type"].annotation)[0]: model for model in get_args(get_args(Question)[0])
}
_MODELS = _QUESTIONS | {"misconception": Misconception}


def explain(error: ValidationError, kind: Any) -> Iterator[tuple[YamlPath, str]]:
    """Each finding as its field and a sentence. ``kind`` is the type of the question, or "misconception"."""
    model = _MODELS.get(kind) if isinstance(kind, str) else None
    for detail in error.errors(include_url=False):
        path = tuple(step for step in detail["loc"] if step != "[key]")
        if detail["type"].startswith("union_tag"):
            path = ("type",)
        elif path and path[0] in _QUESTIONS:  # pydantic begins with the type where it can tell several apart
            path = path[1:]
        yield path + tuple(detail.get("ctx", {}).get("at", ())), _words(detail, path, model)


def _words(detail: Any, path: YamlPath, model: type[BaseModel] | None) -> str:
    given, context = detail.get("input"), detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            meaning = _description(model, path)
            return f"is missing: add it{f' ({meaning})' if meaning else ''}"
        case "union_tag_not_found":
            return f"is missing: add it (one of {', '.join(_QUESTIONS)})"
        case "union_tag_invalid":
            return f"is {_kind(given['type'])}: use one of {', '.join(_QUESTIONS)}"
        case "extra_forbidden":
            fields = _model_at(model, path[:-1])
            return unknown("field", str(path[-1]), fields.model_fields if fields else []) + " Else remove it."
        case "string_type":
            return f"is {_kind(given)}, where text is needed: {'write it' if given is None else 'put it in quotes'}"
        case "bool_type":
            return f"is {_kind(given)}, where true or false is needed: write one of them, without quotes"
        case "list_type":
            return f"is {_kind(given)}, where a list is needed: write each entry on a line of its own after '- '"
        case "model_type" | "dict_type":
            return f"is {_kind(given)}, where fields are needed: write 'name: value' lines, indented"
        case "string_pattern_mismatch" if path[-1] == "see":
            return f"is {shown(given)}: write it as chapter-slug#section-label"
        case "string_pattern_mismatch":
            return f"is {shown(given)}: use lower-case words joined by hyphens"
        case "string_too_long":
            return f"is {shown(given)}: use {context['max_length']} characters at most"
        case "literal_error":
            return f"is {_kind(given)}: use one of {context['expected']}"
        case "too_short" | "too_long":
            number = context["actual_length"]
            count = "1 entry" if number == 1 else f"{number or 'no'} entries"
            return f"has {count}: write {_description(model, path)}"
    return detail["msg"]


def _kind(value: Any) -> str:
    """What an author wrote, as YAML understood it."""
    match value:
        case None:
            return "empty"
        case bool():
            return f"read as {str(value).lower()}"
        case int() | float():
            return f"the number {value}"
        case datetime.date():
            return f"read as the date {value}"
        case str():
            return shown(value)
        case list():
            return "a list"
        case dict():
            return "a mapping"
    return f"of the type {type(value).__name__}"


def _model_at(model: type[BaseModel] | None, path: YamlPath) -> type[BaseModel] | None:
    """The model that describes what stands at ``path``, None where there is none."""
    for step in path:
        if model is None or isinstance(step, int):
            continue
        info = model.model_fields.get(step)
        inner = get_args(info.annotation) if info else ()
        model = inner[0] if inner and hasattr(inner[0], "model_fields") else None
    return model


def _description(model: type[BaseModel] | None, path: YamlPath) -> str:
    """The sentence that the models give to the field at ``path``."""
    found = _model_at(model, path[:-1])
    info = found.model_fields.get(str(path[-1])) if found else None
    return (info.description or "") if info else ""
