"""The bank: every way in which a question file can be wrong, each with its line, id, field and advice."""

import random
from pathlib import Path

import pytest
from broken import QUESTION
from examples import EXAMPLES

from bookwidgets.bank.faults import BookError
from bookwidgets.bank.load import load, load_with_faults

ALL_TYPES = "choice, multi, match, categorize, order, numeric, text, cloze, tokens, spot, free, flashcard"
TYPES = f"use one of {ALL_TYPES}"

# What stands in QUESTION, what an author writes instead, and what she is told: line, place, message.
MISTAKES = [
    ("  type: choice\n", "", f"1: question 'q-one': type: is missing: add it (one of {ALL_TYPES})"),
    ("choice", "chioce", f"2: question 'q-one': type: is 'chioce': {TYPES}"),
    ("choice", "[choice]", f"2: question 'q-one': type: is a list: {TYPES}"),
    ("choice", "no", f"2: question 'q-one': type: is read as false: {TYPES}"),
    (
        "- id: q-one\n ",
        "-",
        "1: question 1: id: is missing: add it (a permanent id, unique in the book: progress, "
        "exports and cards are keyed on it)",
    ),
    ("q-one", "Q One", "1: question 'Q One': id: is 'Q One': use lower-case words joined by hyphens"),
    (
        "q-one",
        "2024-01-01",
        "1: question 1: id: is read as the date 2024-01-01, where text is needed: put it in quotes",
    ),
    ("q-one", "q" * 61, f"1: question '{'q' * 57}...': id: is '{'q' * 57}...': use 60 characters at most"),
    (
        "  explanation: Because.\n",
        "",
        "1: question 'q-one': explanation: is missing: add it (the reason behind the right answer)",
    ),
    (
        "explanation:",
        "explenation:",
        [
            "1: question 'q-one': explanation: is missing: add it (the reason behind the right answer)",
            "15: question 'q-one': explenation: there is no field 'explenation': did you mean 'explanation'? "
            "Else remove it.",
        ],
    ),
    (
        "  level: apply",
        "  level: aply",
        "4: question 'q-one': level: is 'aply': use one of 'remember', 'understand', 'apply', 'analyze' or 'evaluate'",
    ),
    (
        "  level: apply",
        "  level:",
        "4: question 'q-one': level: is empty: use one of 'remember', 'understand', 'apply', 'analyze' or 'evaluate'",
    ),
    ("What is it?", "yes", "5: question 'q-one': prompt: is read as true, where text is needed: put it in quotes"),
    (
        "What is it?",
        "2024-05-01",
        "5: question 'q-one': prompt: is read as the date 2024-05-01, where text is needed: put it in quotes",
    ),
    ("What is it?", "42", "5: question 'q-one': prompt: is the number 42, where text is needed: put it in quotes"),
    ("What is it?", "[a, b]", "5: question 'q-one': prompt: is a list, where text is needed: put it in quotes"),
    ("What is it?", "", "5: question 'q-one': prompt: is empty, where text is needed: write it"),
    ("What is it?", '"  "', "5: question 'q-one': prompt: is empty: write it, or remove the field"),
    ("What is it?", "x" * 5001, "5: question 'q-one': prompt: has 5,001 characters: shorten it to 5,000 at most"),
    (
        "What is it?",
        "a\u202eb",
        "5: question 'q-one': prompt: contains the invisible character U+202E (RIGHT-TO-LEFT OVERRIDE): remove it",
    ),
    (
        "What is it?",
        "What is\u200b it {x}?",
        "5: question 'q-one': prompt: contains the invisible character U+200B (ZERO WIDTH SPACE): remove it",
    ),
    (
        "[Think.]",
        "Think.",
        "6: question 'q-one': hints: is 'Think.', where a list is needed: write each entry on a "
        "line of its own after '- '",
    ),
    (
        "[Think.]",
        "[]",
        "6: question 'q-one': hints: has no entries: write one to three hints, from where to look to half a step",
    ),
    (
        "[Think.]",
        "[a, b, c, d]",
        "6: question 'q-one': hints: has 4 entries: write one to three hints, from where to look to half a step",
    ),
    (
        "[Think.]",
        "\n    - Think.\n    - no",
        "8: question 'q-one': hints[2]: is read as false, where text is needed: put it in quotes",
    ),
    ("[alpha]", "[Alpha]", "3: question 'q-one': concepts[1]: is 'Alpha': use lower-case words joined by hyphens"),
    (
        "      correct: true\n",
        "",
        "7: question 'q-one': options: no options are marked 'correct: true': mark exactly "
        "one, or make it 'type: multi'",
    ),
    (
        "      feedback: Yes.",
        "      feedback: Yes.\n    - {text: Four., correct: true, feedback: Yes.}",
        "7: question 'q-one': options: 2 options are marked 'correct: true': mark exactly one, or "
        "make it 'type: multi'",
    ),
    (
        "correct: true",
        "correct: 'yes'",
        "11: question 'q-one': options[2].correct: is 'yes', where true or false is "
        "needed: write one of them, without quotes",
    ),
    (
        "correct: true",
        "corect: true",
        "11: question 'q-one': options[2].corect: there is no field 'corect': did you mean 'correct'? Else remove it.",
    ),
    (
        "text: Three.",
        "text: ' tWo.'",
        "13: question 'q-one': options[3].text: is the same as that of options[2]: change or drop it",
    ),
    (
        "      feedback: No.\n",
        "",
        "8: question 'q-one': options[1].feedback: is missing: add it (why this option is "
        "right, or what would have to be true for it to be right)",
    ),
    (
        "    - text: Three.\n      feedback: No, not three.\n",
        "",
        "7: question 'q-one': options: has 2 entries: write three to six options",
    ),
    (
        "    - text: One.\n      feedback: No.\n",
        "    - just a text\n",
        "8: question 'q-one': options[1]: is 'just a "
        "text', where fields are needed: write 'name: value' lines, indented",
    ),
    (
        "feedback: No.\n",
        "feedback: No.\n      misconception: Bad One\n",
        "10: question 'q-one': options[1].misconception: is 'Bad One': use lower-case words joined by hyphens",
    ),
    ("one#sec-one", "one", "16: question 'q-one': see: is 'one': write it as chapter-slug#section-label"),
    (
        "see:",
        "accept: {longest: ''}\n  see:",
        "16: question 'q-one': accept.longest: is empty: write it, or remove the field",
    ),
    (
        "see:",
        "accept: {length: why}\n  see:",
        "16: question 'q-one': accept.length: is 'length': use one of 'longest', "
        "'all-of-the-above', 'off-topic', 'positions', 'absolutes', 'near-duplicates', 'levels', 'one-bin' or "
        "'given-away'",
    ),
    (
        "see:",
        "fixed: 1\n  see:",
        "16: question 'q-one': fixed: is the number 1, where true or false is needed: write "
        "one of them, without quotes",
    ),
]


def messages(folder: Path) -> list[str]:
    faults = load_with_faults(folder)[1]
    return str(BookError(faults)).splitlines() if faults else []


@pytest.fixture
def quizzes(tmp_path: Path) -> Path:
    folder = tmp_path / "quizzes"
    folder.mkdir()
    (folder / "one.yml").write_text(QUESTION, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES)
def test_each_mistake_is_told_with_line_id_field_and_advice(quizzes, old, new, expected):
    assert QUESTION.count(old) >= 1
    (quizzes / "one.yml").write_text(QUESTION.replace(old, new, 1), encoding="utf-8")
    expected = [expected] if isinstance(expected, str) else expected
    assert messages(quizzes) == [f"quizzes/one.yml:{line}" for line in expected]


@pytest.mark.parametrize("right", [False, True])
def test_a_multi_question_has_right_and_wrong_options(quizzes, right):
    text = QUESTION.replace("type: choice", "type: multi").replace("      correct: true\n", "")
    if right:
        text = text.replace("      feedback", "      correct: true\n      feedback")
    (quizzes / "one.yml").write_text(text)
    assert messages(quizzes) == [
        f"quizzes/one.yml:7: question 'q-one': options: {'all' if right else 'no'} options are marked "
        "'correct: true': mark at least one, and leave at least one unmarked"
    ]


@pytest.mark.parametrize("content", ["", "just text", "a: 1", "[]", "# nothing\n"])
def test_a_file_without_questions(quizzes, content):
    (quizzes / "one.yml").write_text(content)
    assert messages(quizzes) == ["quizzes/one.yml:1: holds no list of questions: begin each question with '- id: ...'"]


def test_entries_that_are_no_questions(quizzes):
    (quizzes / "one.yml").write_text("- a text\n- [1]\n-\n")
    advice = "is not a question: write its fields as 'name: value' lines"
    assert messages(quizzes) == [f"quizzes/one.yml:{n}: question {n}: {advice}" for n in [1, 2, 3]]


def test_an_id_twice(quizzes):
    (quizzes / "two.yml").write_text("# a comment\n" + QUESTION)
    assert messages(quizzes) == [
        "quizzes/two.yml:2: question 'q-one': id: is taken by quizzes/one.yml:1: ids are unique in the book, "
        "choose another"
    ]


def test_a_file_with_another_ending_is_not_passed_over_in_silence(quizzes):
    (quizzes / "two.yaml").write_text(QUESTION)
    assert messages(quizzes) == ["quizzes/two.yaml:1: is not read: question files end in .yml, so rename it"]


def test_misconceptions(quizzes):
    (quizzes / "misconceptions.yml").write_text(
        "good-one:\n  says: It is so.\n  see: one#sec-one\n"
        "Bad One:\n  says: It is so.\n  see: one#sec-one\n"
        "no-see:\n  says: It is so.\nempty:\nodd:\n  says: 3\n  see: one\n  sea: x\n"
    )
    assert messages(quizzes) == [
        "quizzes/misconceptions.yml:4: misconception 'Bad One': has a name that cannot be used: write lower-case words "
        "joined by hyphens",
        "quizzes/misconceptions.yml:7: misconception 'no-see': see: is missing: add it (the section that meets it: "
        "chapter-slug#label)",
        "quizzes/misconceptions.yml:9: misconception 'empty': is empty, where fields are needed: write 'name: value' "
        "lines, indented",
        "quizzes/misconceptions.yml:11: misconception 'odd': says: is the number 3, where text is needed: put it in "
        "quotes",
        "quizzes/misconceptions.yml:12: misconception 'odd': see: is 'one': write it as chapter-slug#section-label",
        "quizzes/misconceptions.yml:13: misconception 'odd': sea: there is no field 'sea': did you mean 'see'? Else "
        "remove it.",
    ]
    (quizzes / "misconceptions.yml").write_text("- a list\n")
    assert messages(quizzes) == [
        "quizzes/misconceptions.yml:1: is not a mapping: write 'id:' and below it, indented, 'says:' and 'see:'"
    ]


def test_all_faults_of_all_files_in_one_list_by_file_and_line(quizzes):
    (quizzes / "one.yml").write_text(
        QUESTION.replace("apply", "aply").replace("[Think.]", "[]").replace("q-one", "B A")
    )
    (quizzes / "also.yml").write_text("a: b: c\n")
    (quizzes / "zero.yml").write_bytes(b"\xff")
    with pytest.raises(BookError) as caught:
        load(quizzes)
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        "quizzes/also.yml:1",
        "quizzes/one.yml:1",
        "quizzes/one.yml:4",
        "quizzes/one.yml:6",
        "quizzes/zero.yml:1",
    ]


def test_what_is_read_and_found(quizzes):
    (quizzes / "two.yml").write_text(QUESTION.replace("q-one", "q-b") + QUESTION.replace("q-one", "q-a"))
    bank = load(quizzes)
    assert bank.of_chapter("two") == ["q-b", "q-a"]
    assert bank.chapter("q-a") == "two"
    assert [question.id for question in bank.find(("q-one", "two"))] == ["q-one", "q-b", "q-a"]
    with pytest.raises(KeyError, match=r"there is no question 'q-onn': did you mean 'q-one'\?"):
        bank.find(("q-onn",))


PIECES = [
    *"-:#&*!|>'\"%@`{}[],?\\ \n\t~",
    "\r\n",
    "- ",
    ": ",
    "  ",
    "null",
    "yes",
    "1e9",
    "2024-02-30",
    "<<: *x",
    "&x ",
    "---\n",
    "...\n",
    "!!int ",
    "\u0000",
    "\ufeff",
    "\u202e",
    "é",
    "\U0001f600",
    "$x$",
    "[" * 40,
    "=",
    "0o7",
]


def mutated(text: str, rng: random.Random) -> bytes:
    """``text`` after one to five accidents: pieces lost, doubled, moved or put in; sometimes a broken byte."""
    for _ in range(rng.randint(1, 5)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.choice([0, 0, 1, 2, 10, 60]))
        piece = rng.choice([rng.choice(PIECES), "", text[start:end] * 2, text[: rng.randrange(40)]])
        text = text[:start] + piece + text[end:]
    content = text.encode()
    return content if rng.random() < 0.95 else content[: len(content) // 2] + b"\xff" + content[len(content) // 2 :]


@pytest.mark.parametrize("seed", range(1_000))
def test_a_damaged_file_gives_a_bank_or_faults_with_lines_in_it(tmp_path, seed):
    rng = random.Random(seed)
    one, two = rng.sample(list(EXAMPLES.values()), 2)
    content = mutated(one + "\n" + two.replace("q-one", "q-two"), rng)
    path = tmp_path / "quizzes" / rng.choice(["one.yml", "misconceptions.yml"])
    path.parent.mkdir()
    path.write_bytes(content)
    bank, faults = load_with_faults(path.parent)
    assert faults or bank.questions or bank.misconceptions
    lines = len(content.decode("utf-8", "replace").splitlines()) + 1
    for fault in faults:
        assert fault.file == f"quizzes/{path.name}"
        assert 1 <= fault.line <= lines
        assert len(str(fault).splitlines()) == 1, fault
