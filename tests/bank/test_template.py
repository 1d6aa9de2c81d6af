"""`bookwidgets new question`: a question to be written, put where it belongs, with nothing lost."""

import re
from pathlib import Path

import pytest
import yaml
from broken import QUESTION, faults
from examples import leaves, put

from bookwidgets.bank.blanks import BODIES
from bookwidgets.bank.load import load_with_faults
from bookwidgets.bank.models import fields_by_key
from bookwidgets.bank.template import RefusedError, add_question
from bookwidgets.bank.types import QUESTIONS
from bookwidgets.cli import main

EMPTY = re.compile(r": is empty, where (text|a number|a whole number|a list) is needed: write")
# What is written in place of what is empty, where a text of its own would not do.
WRITTEN = {
    ("concepts",): ["alpha"], ("see",): "one#sec-one", ("bins", 0): "A", ("items", 0, "bin"): "A", ("bins", 1): "B",
    ("items", 1, "bin"): "B", ("items", 2, "bin"): "A", ("text",): "A {{1}} and a {{2}}.",
    ("gaps", 0, "options", 0): "x", ("gaps", 0, "answer"): "x", ("tokens",): "a b c d", ("marked",): [[2, 2]],
    ("feedback", 0, "from"): 1, ("feedback", 0, "to"): 3, ("answer",): 2.5, ("hints", 0): "Look.",
}  # fmt: skip


def written(data: dict) -> dict:
    """A template with everything written."""
    for number, (path, value) in enumerate(list(leaves(data))):
        if value is None:
            put(data, path, WRITTEN.get(path, f"Text {number}"))
    return data


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_template_lacks_only_what_is_to_be_written(book, kind):
    added = add_question(book, kind, "one", "q-new")
    path = book / added.file
    item = yaml.safe_load(path.read_text())[-1]
    # The answer of a gap may be left out as far as its form goes; it is missed once the rest is there.
    empty = [place for place, value in leaves(item) if value is None and place != ("gaps", 0, "answer")]
    found = faults(book)
    assert len(found) == len(empty)
    assert all(EMPTY.search(fault) and "'q-new'" in fault for fault in found)
    path.write_text(QUESTION + yaml.safe_dump([written(item)], sort_keys=False))
    assert faults(book) == []


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_template_shows_every_field_of_its_type(kind):
    common = {"id", "type", "concepts", "level", "prompt", "hints", "explanation", "see", "accept"}
    own = set(fields_by_key(QUESTIONS[kind])) - common
    named = set(re.findall(r"^ +(?:#? *)?(?:- )?([a-z]+):", BODIES[kind], flags=re.MULTILINE))
    assert own <= named
    assert all(re.search(rf"^  (# )?{field}:", BODIES[kind], flags=re.MULTILINE) for field in own)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_what_is_commented_out_is_valid_once_it_is_written(book, kind):
    path = book / add_question(book, kind, "one", "q-new").file
    added = path.read_text().removeprefix(QUESTION)
    optional = re.sub(r"^( *)# ?( *(- )?[a-z]+:)", r"\1\2", added, flags=re.MULTILINE)
    item = yaml.safe_load(optional)[0]
    for place, _ in list(leaves(item)):
        if place[-1] == "misconception":
            put(item, place, "an-idea")
        elif place[0] == "ranges" and place[-1] in {"from", "to"}:
            put(item, place, 5 if place[-1] == "from" else 6)
    if item.get("distractors") == []:
        item["distractors"] = ["Another"]
    for known in item.get("known", []):
        known["answers"] = ["Another"]
    (book / "quizzes/misconceptions.yml").write_text("an-idea: {says: It is so., see: one#sec-one}\n")
    path.write_text(QUESTION + yaml.safe_dump([written(item)], sort_keys=False))
    assert faults(book) == []


FILES = {
    "one question": QUESTION,
    "no newline at the end": QUESTION.rstrip("\n"),
    "a block at the end": QUESTION.rstrip("\n") + "\n  explanation: |\n    Text",
    "Windows": QUESTION.replace("\n", "\r\n"),
    "indented": "  " + QUESTION.replace("\n", "\n  ").rstrip(" "),
    "comments and blank lines": f"# A comment\n\n{QUESTION}\n# The end\n\n\n",
    "only a comment": "# yaml-language-server: $schema=./schema.json\n",
    "empty": "",
    "other characters": QUESTION.replace("Think.", "Grüße, 考え"),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_what_stands_in_the_file_stays_byte_for_byte(book, content):
    content = content.replace("  explanation: Because.\n", "") if "|" in content else content
    path = book / "quizzes/one.yml"
    path.write_bytes(content.encode())
    before = yaml.safe_load(content) or []
    added = add_question(book, "match", "one")
    after = path.read_bytes()
    assert after.startswith(content.encode())
    read = yaml.safe_load(after.decode())
    assert [question["id"] for question in read] == [*(question["id"] for question in before), "one-match"]
    line = after.decode().splitlines()[added.line - 1]
    assert line.strip().startswith("- id: one-match")
    assert (b"\r\n" in content.encode()) == (b"\r\n" in after)
    if b"\r\n" in after:
        assert after.count(b"\r\n") == after.count(b"\n")
    again = add_question(book, "match", "one")
    assert again.id == "one-match-2"
    assert path.read_bytes().startswith(after)


def test_a_file_that_does_not_exist_is_made_and_begins_with_the_schema(book):
    path = book / "quizzes/one.yml"
    path.unlink()
    added = add_question(book, "free", "one")
    assert added.line == 3
    assert path.read_text().startswith("# yaml-language-server: $schema=./schema.json\n\n- id: one-free")


REFUSED = {
    "a: b: c\n": "mend quizzes/one.yml first, it cannot be read: quizzes/one.yml:1: is not valid YAML",
    "a: 1\n": "quizzes/one.yml is no list with an entry '- id: ...' for each question: write it so first",
    "[{id: q-one}]\n": "quizzes/one.yml is no list with an entry '- id: ...' for each question: write it so first",
    QUESTION + "...\n": "quizzes/one.yml is no list with an entry '- id: ...' for each question: write it so first",
}


@pytest.mark.parametrize(("content", "message"), REFUSED.items(), ids=["no YAML", "a mapping", "in brackets", "ended"])
def test_a_file_that_cannot_take_one_is_left_alone(book, content, message):
    path = book / "quizzes/one.yml"
    path.write_text(content)
    with pytest.raises(RefusedError) as caught:
        add_question(book, "match", "one")
    assert str(caught.value).startswith(message)
    assert path.read_text() == content


def test_ids_chapters_and_types_are_checked_first(book, capsys):
    def told(*arguments: str) -> str:
        assert main(["new", "question", *arguments, str(book)]) == 2
        return capsys.readouterr().err

    before = {path: path.read_bytes() for path in book.rglob("*.*") if path.is_file()}
    assert told("--type", "mach", "--chapter", "one").startswith(
        "bookwidgets: there is no type 'mach': did you mean 'match'?"
    )
    assert told("--type", "match", "--chapter", "on") == (
        "bookwidgets: there is no chapter 'on' in _toc.yml: did you mean 'one'?\n"
    )
    assert told("--type", "match", "--chapter", "one", "--id", "q-two") == (
        "bookwidgets: the id 'q-two' is taken: ids are unique in the book, choose another\n"
    )
    assert told("--type", "match", "--chapter", "one", "--id", "Q 1") == (
        "bookwidgets: the id 'Q 1' cannot be used: use lower-case words joined by hyphens, 60 characters at most\n"
    )
    assert "q" * 57 in told("--type", "match", "--chapter", "one", "--id", "q" * 61)
    assert before == {path: path.read_bytes() for path in book.rglob("*.*") if path.is_file()}


def test_the_command_says_where_it_is(book, capsys):
    assert main(["new", "question", "--type", "order", "--chapter", "one", "--id", "q-new", str(book)]) == 0
    assert capsys.readouterr().out == (
        "quizzes/one.yml:18: question 'q-new': write what is empty, then run bookwidgets check\n"
        'show it in the chapter one by a cell with quiz("q-new")\n'
    )
    assert load_with_faults(book / "quizzes")[0].question_ids == {"q-one", "q-two", "q-new"}


def test_a_long_chapter_name_still_gives_an_id(book):
    slug = "a" * 70
    (book / f"chapters/{slug}.md").write_text((book / "chapters/one.md").read_text().replace("alpha", "gamma"))
    with (book / "_toc.yml").open("a") as toc:
        toc.write(f"  - file: chapters/{slug}\n")
    ids = [add_question(book, "match", slug).id for _ in range(2)]
    assert ids == ["a" * 60, "a" * 55 + "-2"]
    assert Path(book / f"quizzes/{slug}.yml").is_file()
