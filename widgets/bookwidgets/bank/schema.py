"""The form of a question file as JSON Schema, so that editors complete fields and mark mistakes."""

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, TypeAdapter

from bookwidgets.bank.models import Id, Model
from bookwidgets.bank.own import MARKS, OWN_QUIZZES
from bookwidgets.bank.types import QUESTIONS, Question

FILE = Path("quizzes/schema.json")


def modeline(own: bool) -> str:
    """The first line of a question file, for editors that speak to yaml-language-server.

    ``own`` says whether the file is a fork's, in ``course/quizzes/``.
    """
    return f"# yaml-language-server: $schema={f'../../{FILE.as_posix()}' if own else f'./{FILE.name}'}"


class Dropped(Model):
    """A question of the original book that a fork leaves out."""

    id: Id = Field(description="the id of the question that goes")
    drop: Literal[True] = Field(description=f"in {OWN_QUIZZES}/: {MARKS['drop']}")


def schema() -> str:
    """The schema as the text of its file, generated from the models; it serves a fork's own files too.

    It knows fields, their types and their bounds; what has to fit together is for ``bookwidgets check``.
    """
    models = TypeAdapter(list[Question | Dropped]).json_schema()
    replaces = {"const": True, "description": f"in {OWN_QUIZZES}/: says {MARKS['replaces']}", "type": "boolean"}
    for model in QUESTIONS.values():
        models["$defs"][model.__name__]["properties"]["replaces"] = replaces
    found = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Generated from the models by `bookwidgets schema`: do not edit.",
        "title": "A file of questions",
        **_without_titles(models),
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _without_titles(part: Any) -> Any:
    """Drop the titles that pydantic makes from names: they say nothing that the names do not say."""
    if isinstance(part, list):
        return [_without_titles(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _without_titles(value) for key, value in part.items() if not (key == "title" and isinstance(value, str))
    }
