"""CONTRIBUTING.md says how questions are written: its examples are valid, and it forgets no type, field or finding."""

import re
from pathlib import Path
from typing import get_args

import pytest
import yaml
from examples import example

from bookwidgets.bank.load import Bank
from bookwidgets.bank.models import FindingName, fields_by_key
from bookwidgets.bank.render import question_html, text_faults
from bookwidgets.bank.strings import strings
from bookwidgets.bank.types import QUESTIONS

TEXT = (Path(__file__).parent.parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)]
SHORT = {block["type"]: block for block in BLOCKS if isinstance(block, dict) and "type" in block}
COMMON = ["id", "concepts", "level", "prompt", "hints", "explanation", "see"]


def test_the_long_example():
    question = QUESTIONS["choice"].model_validate(BLOCKS[0][0])
    assert list(text_faults(question, str)) == []


@pytest.mark.parametrize("kind", sorted(QUESTIONS.keys() - {"choice", "multi"}))
def test_the_short_examples(kind):
    common = {key: value for key, value in example(kind).items() if key in COMMON}
    question = QUESTIONS[kind].model_validate(common | SHORT[kind])
    assert list(text_faults(question, str)) == []
    assert question_html(question, Bank(), strings())


@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_table_names_each_type_and_its_fields(kind):
    (row,) = re.findall(rf"^\| `{kind}` \|.*$", TEXT, flags=re.MULTILINE)
    needed, _, optional = row.split(" | ")[2].partition("; ")
    own = {key: info for key, info in fields_by_key(QUESTIONS[kind]).items() if key not in [*COMMON, "type", "accept"]}
    assert set(re.findall(r"`(\w+)", needed)) == {key for key, info in own.items() if info.is_required()}
    assert set(re.findall(r"`(\w+)", optional)) == {key for key, info in own.items() if not info.is_required()}


def test_every_finding_that_can_be_accepted_is_named():
    assert all(f"`{name}`" in TEXT for name in get_args(FindingName))
