"""quizzes/schema.json: generated, up to date, and of use to an editor."""

import json
from pathlib import Path

import jsonschema
import pytest
from examples import EXAMPLES, example

from bookwidgets.bank.schema import FILE, schema
from bookwidgets.bank.types import QUESTIONS
from bookwidgets.cli import main

ROOT = Path(__file__).parent.parent.parent


def test_the_stored_schema_is_that_of_the_models():
    assert (ROOT / FILE).read_text(encoding="utf-8") == schema(), "run bookwidgets schema"


@pytest.mark.parametrize("kind", EXAMPLES)
def test_examples_pass_and_what_an_editor_can_see_does_not(kind):
    validator = jsonschema.Draft202012Validator(json.loads(schema()))
    validator.check_schema(validator.schema)
    assert validator.is_valid([example(kind)])
    for name, value in {"level": "aply", "prompt": 3, "concepts": [], "id": "Q One", "wrnog": 1, "see": "x"}.items():
        assert not validator.is_valid([example(kind) | {name: value}]), name
    assert not validator.is_valid([{k: v for k, v in example(kind).items() if k != "explanation"}])


def test_what_a_fork_says_of_a_question_of_ours():
    """An editor takes what `bookwidgets check` takes in course/quizzes/, and marks what it refuses."""
    validator = jsonschema.Draft202012Validator(json.loads(schema()))
    assert validator.is_valid([{"id": "q-one", "drop": True}, example("match") | {"replaces": True}])
    for wrong in [
        {"id": "q-one"},
        {"id": "q-one", "drop": False},
        {"id": "q-one", "drop": True, "prompt": "x"},
        {"drop": True},
        example("match") | {"drop": True},
        example("match") | {"replaces": "yes"},
    ]:
        assert not validator.is_valid([wrong]), wrong


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_type_can_replace(kind):
    assert jsonschema.Draft202012Validator(json.loads(schema())).is_valid([example(kind) | {"replaces": True}])


def test_every_field_says_what_it_is_for():
    definitions = json.loads(schema())["$defs"]
    assert len(definitions) > len(QUESTIONS)
    for name, model in definitions.items():
        for key, field in model["properties"].items():
            assert field.get("description"), f"{name}.{key}"
    assert all("Credit" in definitions[model.__name__]["description"] for model in QUESTIONS.values())


def test_the_command_writes_it_and_tells_when_it_is_stale(book, capsys):
    assert main(["schema", "--check", str(book)]) == 1
    assert capsys.readouterr().err == "quizzes/schema.json is out of date: run bookwidgets schema\n"
    assert main(["schema", str(book)]) == 0
    assert main(["schema", "--check", str(book)]) == 0
    (book / FILE).write_text("{}")
    assert main(["schema", "--check", str(book)]) == 1
    assert main(["check", str(book)]) == 0  # no question file
