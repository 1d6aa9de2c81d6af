"""Typed answers are levelled out as spelling.json says; the page script is held to the same file."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookwidgets.bank.spelling import levelled

CASES = json.loads((Path(__file__).parent / "spelling.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "case", "expected"), CASES)
def test_levelled(text, case, expected):
    assert levelled(text, case) == expected


@given(st.text())
def test_spaces_and_capitals_around_words_make_no_difference(text):
    assert levelled(f"  {text} ") == levelled(text)
    assert levelled(text, case=True).lower() == levelled(text)
