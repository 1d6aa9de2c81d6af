"""What pydantic finds in a question, in words that tell an author what to do."""

import datetime
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bookwidgets.bank.faults import shown, unknown
from bookwidgets.bank.models import Misconception, fields_by_key
from bookwidgets.bank.types import QUESTIONS
from bookwidgets.bank.yaml_lines import YamlPath

_MODELS: dict[str, type[BaseModel]] = QUESTIONS | {"misconception": Misconception}


def explain(error: ValidationError, kind: Any) -> Iterator[tuple[YamlPath, str]]:
    """Each finding as its field and a sentence. ``kind`` is the type of the question, or "misconception"."""
    model = _MODELS.get(kind) if isinstance(kind, str) else None
    for detail in error.errors(include_url=False):
        path = tuple(step for step in detail["loc"] if step != "[key]")
        if detail["type"].startswith("union_tag"):
            path = ("type",)
        elif kind in QUESTIONS:  # pydantic begins with the type where it can tell several apart
            path = path[1:]
        if detail["type"] == "found":  # by a validator of ours, see models.reject
            yield from ((path + below, message) for below, message in detail["ctx"]["found"])
        else:
            yield path, _words(detail, path, model)


_EXAMPLES = {"number": "0.001 or 1.0e-3", "whole number": "3"}
_BOUNDS = {
    "greater_than": "above",
    "greater_than_equal": "of at least",
    "less_than": "below",
    "less_than_equal": "of at most",
}


def _words(detail: Any, path: YamlPath, model: type[BaseModel] | None) -> str:
    given, context = detail.get("input"), detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            meaning = _description(model, path)
            return f"is missing: add it{f' ({meaning})' if meaning else ''}"
        case "union_tag_not_found":
            return f"is missing: add it (one of {', '.join(QUESTIONS)})"
        case "union_tag_invalid":
            return f"is {_kind(given['type'])}: use one of {', '.join(QUESTIONS)}"
        case "extra_forbidden":
            fields = _model_at(model, path[:-1])
            advice = unknown("field", str(path[-1]), fields_by_key(fields) if fields else [])
            return advice + (" Else remove it." if advice.endswith("?") else " or remove it")
        case "string_type":
            return f"is {_kind(given)}, where text is needed: {'write it' if given is None else 'put it in quotes'}"
        case "bool_type":
            return f"is {_kind(given)}, where true or false is needed: write one of them, without quotes"
        case "float_type" | "int_type":
            number = "number" if detail["type"] == "float_type" else "whole number"
            advice = "write it" if given is None else "write it without quotes, such as " + _EXAMPLES[number]
            return f"is {_kind(given)}, where a {number} is needed: {advice}"
        case "finite_number":
            return f"is {given}, which nothing can be compared with: write an ordinary number"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            (bound,) = context.values()
            return f"is {given}: use a number {_BOUNDS[detail['type']]} {bound:g}"
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
        info = fields_by_key(model).get(step)
        model = _model_in(info.annotation) if info else None
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field holds, one of it or a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def _description(model: type[BaseModel] | None, path: YamlPath) -> str:
    """The sentence that the models give to the field at ``path``."""
    found = _model_at(model, path[:-1])
    info = fields_by_key(found).get(str(path[-1])) if found else None
    return (info.description or "") if info else ""
