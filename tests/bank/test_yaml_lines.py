"""YAML with lines: what is read, where it stands, and every fault of form."""

import datetime
from pathlib import Path

import pytest

from bookwidgets.bank.yaml_lines import Document, read_yaml


@pytest.fixture
def read(tmp_path: Path):
    def read(content: str | bytes) -> Document:
        path = tmp_path / "x.yml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_yaml(path, "quizzes/x.yml")

    return read


def test_values_and_their_lines(read):
    document = read(
        '- id: a\n  n: 3\n  on: true\n  text: |\n    one\n    two\n  list:\n    - "x"\n    - {y: 1.5}\n- none:\n'
    )
    assert document.data == [
        {"id": "a", "n": 3, "on": True, "text": "one\ntwo\n", "list": ["x", {"y": 1.5}]},
        {"none": None},
    ]
    assert document.faults == []
    assert document.lines == {
        (): 1, (0,): 1, (0, "id"): 1, (0, "n"): 2, (0, "on"): 3, (0, "text"): 4, (0, "list"): 7, (0, "list", 0): 8,
        (0, "list", 1): 9, (0, "list", 1, "y"): 9, (1,): 10, (1, "none"): 10,
    }  # fmt: skip


def test_a_value_on_the_next_line_has_the_line_of_its_name(read):
    assert read("a:\n  b:\n    long text").lines[("a", "b")] == 2


def test_what_yaml_understands_of_unquoted_words(read):
    document = read("[yes, 2024-01-31, ~, 0x10, 'no', \"1\", 1e3, 12:30]")
    assert document.data == [True, datetime.date(2024, 1, 31), None, 16, "no", "1", "1e3", 750]


def test_a_byte_order_mark_is_no_part_of_the_text(read):
    assert read(b"\xef\xbb\xbfa: 1").data == {"a": 1}


@pytest.mark.parametrize("empty", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_holds_nothing(read, empty):
    assert read(empty) == Document()


FAULTS = {
    "a: 1\nb: c: d\n": "2: is not valid YAML: mapping values are not allowed in this context; "
    "put a text that contains ': ' into quotes, or start it with '|' on the line before",
    'a: 1\nb: "open\nc: 2\nd: 3\n': "2: is not valid YAML: while scanning a quoted scalar found unexpected end of "
    "stream; close the quotes that open here",
    "a: 1\nb: @x\n": "2: is not valid YAML: while scanning for the next token found character that cannot start any "
    "token; put a text that begins with a special character into quotes, and indent with spaces, not tabs",
    "- a: 1\n  b: 2\n c: 3\n": "3: is not valid YAML: while parsing a block collection did not find expected '-' "
    "indicator; check the indent of this line against the lines above it, and the quotes",
    "a: 'it's'\n": "1: is not valid YAML: while parsing a block mapping did not find expected key; "
    "check the indent of this line against the lines above it, and the quotes",
    'a: "\\q"\n': "1: is not valid YAML: while parsing a quoted scalar found unknown escape character; "
    "check quotes, colons and indent at this line and the one above it",
    "a: 1\nb: 2\na: 3\n": "3: has the field 'a' a second time (first in line 1): keep one",
    "a: &x one\nb: 2\nc: *x\n": "3: uses the alias *x: write its value out again",
    "a: &x [*x]\n": "1: uses the alias *x: write its value out again",
    "a: 1\nb: !!python/object/apply:os.system [ls]\n": "2: has the tag !!python/object/apply:os.system: "
    "remove it, or put the text into quotes",
    "a: !!set {b, c}\n": "1: has the tag !!set: remove it, or put the text into quotes",
    "a: !mine b\n": "1: has the tag !mine: remove it, or put the text into quotes",
    "a: 1\nb: 2024-13-45\n": "2: has 2024-13-45, which cannot be read as a timestamp (month must be in 1..12): "
    "put it in quotes",
    "a: 1\n? [b, c]\n: 2\n": "2: has a list, a mapping or an alias as a field's name: a name is one word",
    "a: 1\n---\nb: 2\n": "2: begins a second document: remove the line '---'",
    b"a: 1\nb: caf\xe9\n": "2: is not UTF-8: save the file as UTF-8",
    "a: \u00e4\nb: \x07\n": "2: holds the character U+0007, which YAML forbids: remove it",
}


@pytest.mark.parametrize(("content", "expected"), FAULTS.items())
def test_faults_of_form(read, content, expected):
    assert [str(fault) for fault in read(content).faults] == [f"quizzes/x.yml:{expected}"]


@pytest.mark.parametrize("content", ["[" * 100_000, "{a: " * 100_000, "- " * 50_000, "a:\n  " + "[" * 30])
def test_deep_nesting_is_a_fault_and_ends_no_process(read, content):
    (fault,) = read(content).faults
    assert fault.message == "is not valid YAML: nested too deeply; check for brackets that were not closed"
    assert fault.line == 1 + content.startswith("a:\n")


def test_all_faults_of_form_at_once_and_the_rest_is_read(read):
    document = read("a: &x 1\nb: *x\na: 2\nc: !t 5\n")
    assert [fault.line for fault in document.faults] == [2, 3, 4]
    assert document.data == {"a": 1, "b": None, "c": "5"}


def test_a_syntax_error_keeps_the_faults_before_it(read):
    document = read("a: *x\nb: c: d\n")
    assert [fault.line for fault in document.faults] == [1, 2]
    assert document.data is None
