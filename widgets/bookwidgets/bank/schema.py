"""The form of a question file as JSON Schema, so that editors complete fields and mark mistakes."""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bookwidgets.bank.types import Question

FILE = Path("quizzes/schema.json")
# The first line of a question file, for editors that speak to yaml-language-server.
MODELINE = "# yaml-language-server: $schema=./schema.json"


def schema() -> str:
    """The schema as the text of its file, generated from the models.

    It knows fields, their types and their bounds; what has to fit together is for ``bookwidgets check``.
    """
    found = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Generated from the models by `bookwidgets schema`: do not edit.",
        "title": "A file of questions",
        **_without_titles(TypeAdapter(list[Question]).json_schema()),
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
