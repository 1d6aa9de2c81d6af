"""Every type of question: what is valid, and each way in which it can be wrong, with its line, field and advice."""

import json
import math
from pathlib import Path

import pytest
import yaml
from examples import EXAMPLES, example, leaves, put, replaced, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bookwidgets.bank.faults import BookError
from bookwidgets.bank.load import load, load_with_faults
from bookwidgets.bank.types import QUESTIONS, Numeric


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "quizzes").mkdir()
    return tmp_path / "quizzes/one.yml"


def messages(file: Path, text: str) -> list[str]:
    """What is wrong with a file of this ``text``, without what all messages begin with."""
    file.write_text(text, encoding="utf-8")
    faults = load_with_faults(file.parent)[1]
    found = str(BookError(faults)).splitlines() if faults else []
    return [line.removeprefix("quizzes/one.yml:").replace(": question 'q-one'", "", 1) for line in found]


def test_there_is_an_example_of_each_type():
    assert EXAMPLES.keys() == QUESTIONS.keys()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_examples_are_valid(file, kind):
    assert messages(file, EXAMPLES[kind]) == []
    assert load(file.parent).questions["q-one"].type == kind


def test_the_example_bank_of_the_browser_tests_has_two_of_each():
    path = Path(__file__).parent.parent / "browser/extra/quizzes/types.yml"
    kinds = [question["type"] for question in yaml.safe_load(path.read_text(encoding="utf-8"))]
    assert all(kinds.count(kind) >= 2 for kind in QUESTIONS)


MENU = "but is shown as it stands, in a menu: write it without, with signs such as β or ≤"
BINS = "which is not one of the bins: use one of 'Bin one', 'Bin two', 'Bin three'"
COVERED = "which another form covers: case, quotes and hyphens make no difference"
FAULTS = {
    # type, what stands in the example, what an author writes instead, what she is told
    "match": [
        (
            "    - item: Item three\n      partner: Partner three\n      feedback: Why three.\n",
            "",
            ["7: pairs: has 2 entries: write three to eight pairs"],
        ),
        ("Item two", "item  ONE", ["13: pairs[2].item: is the same as that of pairs[1]: change or drop it"]),
        ("Partner two", "partner one", ["14: pairs[2].partner: is the same as that of pairs[1]: change or drop it"]),
        (
            "[Partner four, Partner five]",
            "[Partner two, x, X]",
            [
                "19: distractors[1]: is the same as that of pairs[2]: change or drop it",
                "19: distractors[3]: is the same as distractors[2]: change or drop it",
            ],
        ),
        (
            "[Partner four, Partner five]",
            "[a, b, c, d]",
            ["19: distractors: has 4 entries: write up to three partners that belong to no item, plain text"],
        ),
        (
            "Partner two",
            "The $\\beta$",
            [f"14: pairs[2].partner: has $\\beta$, {MENU}"],
        ),
        (
            "partner: Partner two",
            "partner: |\n        a\n        b",
            ["14: pairs[2].partner: has several lines: write it in one"],
        ),
        (
            "      partner: Partner two\n",
            "",
            ["13: pairs[2].partner: is missing: add it (its partner, plain text of one line)"],
        ),
        (
            "partner: Partner two",
            "partners: Partner two",
            [
                "13: pairs[2].partner: is missing: add it (its partner, plain text of one line)",
                "14: pairs[2].partners: there is no field 'partners': did you mean 'partner'? Else remove it.",
            ],
        ),
        ("an-idea", "An Idea", ["12: pairs[1].misconception: is 'An Idea': use lower-case words joined by hyphens"]),
        ("wrong: Not so one.", "wrong: ''", ["11: pairs[1].wrong: is empty: write it, or remove the field"]),
    ],
    "categorize": [
        ("[Bin one, Bin two, Bin three]", "[Bin one]", ["7: bins: has 1 entry: write two to five bins, plain text"]),
        (
            "bin: Bin two",
            "bin: Bin too",
            [f"15: items[2].bin: is 'Bin too', {BINS}"],
        ),
        (
            "bin: Bin two",
            "bin: bin two",
            [f"15: items[2].bin: is 'bin two', {BINS}"],
        ),
        (
            "[Bin one, Bin two, Bin three]",
            "[Bin one, Bin two, bin ONE]",
            ["7: bins[3]: is the same as bins[1]: change or drop it"],
        ),
        ("Item two", "Item one", ["14: items[2].text: is the same as that of items[1]: change or drop it"]),
        (
            "Bin three",
            "a `three`",
            [f"7: bins[3]: has `three`, {MENU}"],
        ),
        (
            "      feedback: Why two.\n",
            "",
            ["14: items[2].feedback: is missing: add it (why the right answer is right)"],
        ),
        (
            "fixed: true",
            "fixed: 'yes'",
            ["20: fixed: is 'yes', where true or false is needed: write one of them, without quotes"],
        ),
    ],
    "order": [
        ("    - Step three\n", "", ["7: steps: has 2 entries: write three to ten steps in the right order"]),
        ("Step two", "step one", ["9: steps[2]: is the same as steps[1]: change or drop it"]),
        ("Step five", "Step two", ["15: distractors[2].text: is the same as steps[2]: change or drop it"]),
        (
            "Step five",
            "Step four",
            ["15: distractors[2].text: is the same as that of distractors[1]: change or drop it"],
        ),
        (
            "      feedback: Not five.\n",
            "",
            ["15: distractors[2].feedback: is missing: add it (why it does not belong)"],
        ),
        ("    - Step two", "    - 2", ["9: steps[2]: is the number 2, where text is needed: put it in quotes"]),
    ],
    "numeric": [
        (
            "  tolerance: {absolute: 0.05}\n",
            "",
            ["1: tolerance: is missing: add it (how near is right: 'absolute: 0.01' or 'relative: 0.02')"],
        ),
        ("{absolute: 0.05}", "{}", ["8: tolerance: needs one of the two: 'absolute: 0.01' or 'relative: 0.02'"]),
        (
            "{absolute: 0.05}",
            "{absolute: 0.05, relative: 0.1}",
            ["8: tolerance: needs one of the two: 'absolute: 0.01' or 'relative: 0.02'"],
        ),
        (
            "{absolute: 0.05}",
            "0.05",
            ["8: tolerance: is the number 0.05, where fields are needed: write 'name: value' lines, indented"],
        ),
        ("{absolute: 0.05}", "{absolute: -1}", ["8: tolerance.absolute: is -1: use a number of at least 0"]),
        ("{absolute: 0.05}", "{relative: 1}", ["8: tolerance.relative: is 1: use a number below 1"]),
        ("{absolute: 0.05}", "{relative: 0}", ["8: tolerance.relative: is 0: use a number above 0"]),
        (
            "answer: 2.3\n  tolerance: {absolute: 0.05}",
            "answer: 0\n  tolerance: {relative: 0.1}",
            ["8: tolerance: is relative to 0, which nothing is near: write 'absolute: ...'"],
        ),
        (
            "answer: 2.3",
            "answer: 2,3",
            ["7: answer: is '2,3', where a number is needed: write it without quotes, such as 0.001 or 1.0e-3"],
        ),
        (
            "answer: 2.3",
            "answer: 1e-3",
            ["7: answer: is '1e-3', where a number is needed: write it without quotes, such as 0.001 or 1.0e-3"],
        ),
        (
            "answer: 2.3",
            "answer: yes",
            ["7: answer: is read as true, where a number is needed: write it without quotes, such as 0.001 or 1.0e-3"],
        ),
        ("answer: 2.3", "answer:", ["7: answer: is empty, where a number is needed: write it"]),
        (
            "answer: 2.3",
            "answer: .inf",
            ["7: answer: is inf, which nothing can be compared with: write an ordinary number"],
        ),
        (
            "answer: 2.3",
            "answer: .nan",
            ["7: answer: is nan, which nothing can be compared with: write an ordinary number"],
        ),
        ("answer: 2.3", "answer: 1.0e+200", ["7: answer: is 1e+200: use a number of at most 1e+100"]),
        (
            "from: 4",
            "from: 2.3",
            ["16: ranges[2]: holds right numbers (2.25 to 2.35): end it before, or begin it after"],
        ),
        ("from: 4", "from: 2", ["16: ranges[2]: holds right numbers (2.25 to 2.35): end it before, or begin it after"]),
        ("from: 4", "to: -2.3", ["16: ranges[2]: overlaps ranges[1]: end one where the other begins"]),
        (
            "from: 4",
            "from: -2.25\n      to: -2.25",
            ["16: ranges[2]: overlaps ranges[1]: end one where the other begins"],
        ),
        ("from: -2.35", "from: -2.15", ["13: ranges[1].to: is less than from: exchange them"]),
        ("    - from: 4\n      feedback", "    - feedback", ["16: ranges[2]: has no end: add from, to or both"]),
        ("from: 4", "form: 4", ["16: ranges[2].form: there is no field 'form': did you mean 'from'? Else remove it."]),
        (
            "nats",
            "$m$",
            [f"9: unit: has $m$, {MENU}"],
        ),
    ],
    "text": [
        (
            "[reference policy, the reference]",
            "[]",
            ["7: answers: has no entries: write one or more accepted forms, the best first"],
        ),
        ("[reward model, a reward]", "['Reference  policy.']", []),
        (
            "[policy]",
            "['“reference-policy”.']",
            ["14: known[2].answers[1]: is '“reference-policy”.', which is accepted as right: drop it here or there"],
        ),
        (
            "[policy]",
            "[a reward]",
            [f"14: known[2].answers[1]: is 'a reward', {COVERED}"],
        ),
        (
            "the reference]",
            "reference-policy]",
            [f"7: answers[2]: is 'reference-policy', {COVERED}"],
        ),
        (
            "the reference]",
            "'- .']",
            ["7: answers[2]: is '- .', and without quotes, hyphens and final period nothing is left: write words"],
        ),
        ("the reference]", "2]", ["7: answers[2]: is the number 2, where text is needed: put it in quotes"]),
        (
            "      feedback: Which one?\n",
            "",
            ["14: known[2].feedback: is missing: add it (what would have to be true for it to be right)"],
        ),
        ("[policy]", '["a\\nb"]', ["14: known[2].answers[1]: has several lines: write it in one"]),
    ],
    "cloze": [
        (
            "{{2}}",
            "{{3}}",
            [
                "7: text: has {{3}}, but there are 2 gaps: add it to gaps, or mend the number",
                "14: gaps[2]: does not stand in the text: put {{2}} where it belongs",
            ],
        ),
        (
            "{{2}}",
            "{{1}}",
            [
                "7: text: has {{1}} 2 times: each gap stands in the text once",
                "14: gaps[2]: does not stand in the text: put {{2}} where it belongs",
            ],
        ),
        ("a {{2}}", "{{0}} {{2}}", ["7: text: has {{0}}, but there are 2 gaps: add it to gaps, or mend the number"]),
        (
            "answer: loss",
            "answer: Loss",
            ["10: gaps[1].answer: is 'Loss', which is not one of the options: use one of 'loss', 'gain'"],
        ),
        ("      answer: loss\n", "", ["9: gaps[1].answer: is missing: use one of 'loss', 'gain'"]),
        ("[loss, gain]", "[loss, gain, loss]", ["9: gaps[1].options[3]: is the same as options[1]: drop it"]),
        (
            "[loss, gain]",
            "[loss]",
            ["9: gaps[1].options: has 1 entry: write two to six options for a gap with a menu, plain text"],
        ),
        (
            "answers: [mask, a mask]",
            "wrong: x",
            ["14: gaps[2]: needs either options and the answer among them, or answers to type in"],
        ),
        (
            "answers: [mask, a mask]",
            "answers: [a, b]\n      options: [a, b]\n      answer: a",
            ["14: gaps[2]: needs either options and the answer among them, or answers to type in"],
        ),
        (
            "answers: [mask, a mask]",
            "answers: [a, b]\n      answer: a",
            ["15: gaps[2].answer: belongs to options: a gap to type in has answers only"],
        ),
        (
            "a mask]",
            "Mask]",
            [f"14: gaps[2].answers[2]: is 'Mask', {COVERED}"],
        ),
        (
            "gain]",
            "$g$]",
            [f"9: gaps[1].options[2]: has $g$, {MENU}"],
        ),
    ],
    "tokens": [
        (
            "[[2, 3], [6, 6]]",
            "[]",
            ["10: marked: has no entries: write one or more spans to be marked, each [first, last], positions from 1"],
        ),
        ("[6, 6]", "[6]", ["10: marked[2]: is [6]: write [first, last], and [5, 5] for one token"]),
        (
            "[6, 6]",
            "6",
            [
                "10: marked[2]: is the number 6, where a list is needed: write each entry on a line of its own "
                "after '- '"
            ],
        ),
        (
            "[6, 6]",
            "[6, x]",
            ["10: marked[2][2]: is 'x', where a whole number is needed: write it without quotes, such as 3"],
        ),
        ("[6, 6]", "[6, 9]", ["10: marked[2]: goes from 6 to 9, but there are 8 tokens, from 1"]),
        ("[6, 6]", "[0, 1]", ["10: marked[2]: goes from 0 to 1, but there are 8 tokens, from 1"]),
        ("[6, 6]", "[7, 6]", ["10: marked[2]: ends before it begins (7 to 6): exchange the two"]),
        ("[6, 6]", "[3, 6]", ["10: marked[2]: overlaps marked[1]: make them one, or part them"]),
        ("      to: 5", "      to: 50", ["16: feedback[2]: goes from 2 to 50, but there are 8 tokens, from 1"]),
        ("from: 2", "from: 1", ["16: feedback[2]: overlaps feedback[1]: make them one, or part them"]),
        ("from: 2", "from: 0", ["16: feedback[2].from: is 0: use a number of at least 1"]),
        (
            "from: 2",
            "from: 2.5",
            [
                "16: feedback[2].from: is the number 2.5, where a whole number is needed: write it without quotes, "
                "such as 3"
            ],
        ),
        ("a b c d\n", "a b c d" + " x" * 200 + "\n", ["7: tokens: has 208 tokens: shorten it to 200 at most"]),
    ],
    "spot": [
        ("      wrong: true\n", "", ["8: lines: no lines are marked 'wrong: true': mark exactly one"]),
        (
            "text: Line three\n",
            "text: Line three\n      wrong: true\n",
            ["8: lines: 2 lines are marked 'wrong: true': mark exactly one"],
        ),
        (
            "    - text: Line three\n      feedback: Holds three.\n",
            "",
            ["8: lines: has 2 entries: write three to fifteen lines"],
        ),
        ("as: text", "as: program", ["7: as: is 'program': use one of 'text' or 'code'"]),
        ("as: text", "As: text", ["7: As: there is no field 'As': did you mean 'as'? Else remove it."]),
        ("text: Line three", 'text: "a\\nb"', ["15: lines[3].text: has several lines: make each an entry of its own"]),
        (
            "      feedback: Holds three.\n",
            "",
            ["15: lines[3].feedback: is missing: add it (what is wrong with this line, or why it holds)"],
        ),
        (
            "lines:",
            "rows:",
            [
                "1: lines: is missing: add it (three to fifteen lines)",
                "8: rows: there is no field 'rows': mend the name or remove it",
            ],
        ),
    ],
    "free": [
        (
            "    - text: Criterion two\n      points: 1\n",
            "",
            ["9: rubric: has 1 entry: write two to six criteria with points"],
        ),
        ("points: 1", "points: 0", ["13: rubric[2].points: is 0: use a number of at least 1"]),
        ("points: 1", "points: 11", ["13: rubric[2].points: is 11: use a number of at most 10"]),
        (
            "points: 1",
            "points: 1.5",
            [
                "13: rubric[2].points: is the number 1.5, where a whole number is needed: write it without quotes, "
                "such as 3"
            ],
        ),
        ("  model: A model answer.\n", "", ["1: model: is missing: add it (a model answer)"]),
        ("scenario: A case.", "scenario: ''", ["7: scenario: is empty: write it, or remove the field"]),
    ],
    "flashcard": [
        ("  back: The back.\n", "", ["1: back: is missing: add it (the back of the card; its front is the prompt)"]),
        ("  back:", "  hints: [Think.]\n  back:", ["6: hints: has 1 entry: write no hints: a card is turned over"]),
    ],
}
MISTAKES = [(kind, *mistake) for kind, mistakes in FAULTS.items() for mistake in mistakes]


@pytest.mark.parametrize(("kind", "old", "new", "expected"), MISTAKES)
def test_each_mistake_is_told_with_line_field_and_advice(file, kind, old, new, expected):
    assert EXAMPLES[kind].count(old) >= 1
    assert messages(file, EXAMPLES[kind].replace(old, new, 1)) == expected


def test_all_faults_of_a_question_are_told_at_once(file):
    text = EXAMPLES["categorize"].replace("bin: Bin two", "bin: x").replace("Item three", "Item one")
    assert [line.split(" is ")[0] for line in messages(file, text)] == ["15: items[2].bin:", "17: items[3].text:"]


def test_ranges_may_touch(file):
    text = EXAMPLES["numeric"].replace("from: 4", "from: 2.35").replace("to: -2.25", "to: 2.25")
    assert messages(file, text) == []
    zero = text.replace("absolute: 0.05", "absolute: 0").replace("from: 2.35", "from: 2.3")
    assert [line.split(":")[0] for line in messages(file, zero)] == ["16"]  # 2.3 itself would be in the range


NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)


@given(answer=NUMBERS, absolute=st.floats(0, 1e6), relative=st.floats(1e-6, 0.999))
def test_the_right_interval_holds_the_answer_and_its_ends(answer, absolute, relative):
    for tolerance in [{"absolute": absolute}, {"relative": relative}]:
        try:
            question = Numeric.model_validate(example("numeric") | {
                "answer": answer, "tolerance": tolerance, "ranges": []})  # fmt: skip
        except ValidationError:
            assert answer == 0
            continue
        low, high = question.interval
        assert low <= answer <= high
        width = absolute if "absolute" in tolerance else relative * abs(answer)
        assert math.isclose(high - low, 2 * width, rel_tol=1e-6, abs_tol=1e-9)


def test_the_interval_is_reckoned_in_decimals():
    question = Numeric.model_validate(example("numeric"))
    assert question.interval == (2.25, 2.35)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_text_is_known_to_the_checker_or_shown_as_it_stands(kind):
    """A text that is none of a type's rendered ones is a label, a form or a token."""
    question = QUESTIONS[kind].model_validate(example(kind))
    known = question.blocks() | question.lines() | question.gapped()
    data = example(kind)
    assert all(dict(leaves(data))[path] == text for path, text in known.items())
    plain = set(texts(kind)) - set(known.values())
    assert plain == {
        "match": {f"Partner {n}" for n in ["one", "two", "three", "four", "five"]},
        "categorize": {"Bin one", "Bin two", "Bin three"},
        "numeric": {"nats"},
        "text": {"reference policy", "the reference", "reward model", "a reward", "policy"},
        "cloze": {"loss", "gain", "mask", "a mask"},
        "tokens": {"a b c d\ne f g h\n"},
    }.get(kind, set())


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_misconception_is_named(kind):
    question = QUESTIONS[kind].model_validate(example(kind))
    expected = {path: value for path, value in leaves(example(kind)) if path[-1] == "misconception"}
    assert question.ideas() == expected
    assert bool(expected) == (kind not in {"choice", "free", "flashcard"})


def test_code_lines_are_shown_as_they_stand():
    data = example("spot") | {"as": "code"}
    question = QUESTIONS["spot"].model_validate(data)
    assert ("lines", 0, "text") not in question.lines()
    assert ("lines", 0, "feedback") in question.lines()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_fingerprint_changes_with_every_value(kind):
    """Each value of the example, changed to another valid one where there is a simple one."""
    model = QUESTIONS[kind]
    before = model.model_validate(example(kind)).fingerprint
    changed = 0
    for path, value in leaves(example(kind)):
        if isinstance(value, str) and path[-1] not in {"type", "level", "as", "bin", "answer"}:
            data = replaced(kind, {value: "Another"}) if value in texts(kind) else None
            data = data or put(example(kind), path, "two#sec-two" if path == ("see",) else "another")
            assert model.model_validate(data).fingerprint != before, path
            changed += 1
    assert changed > 4


# What YAML may put in place of any value.
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=5), st.builds(list),
    st.builds(dict), st.builds(lambda: [[[]]]), st.builds(lambda: [1, 2]), st.builds(lambda: {"a": 1}),
    st.builds(lambda: [None, "a"]), st.just(10**400), st.just("{{1}}"),
)  # fmt: skip


def places(data: object, path: tuple = ()) -> list[tuple]:
    """Every place of a question, lists and mappings included."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else []
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


@settings(max_examples=1_000, deadline=None)
@given(data=st.data())
def test_any_value_anywhere_is_a_question_or_faults_with_lines(tmp_path_factory, data):
    kind = data.draw(st.sampled_from(list(EXAMPLES)))
    item = example(kind)
    for _ in range(data.draw(st.integers(1, 3))):
        item = put([item], (0, *data.draw(st.sampled_from(places(item)))), data.draw(VALUES))[0]
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    content = yaml.safe_dump([item], sort_keys=False, allow_unicode=True).encode("utf-8", "replace")
    (folder / "one.yml").write_bytes(content)
    bank, faults = load_with_faults(folder)
    assert faults or bank.questions
    for fault in faults:
        assert 1 <= fault.line <= content.count(b"\n") + 1
        assert len(str(fault).splitlines()) == 1
        assert "Input should" not in fault.message, fault  # pydantic's own words say nothing of what to do
        json.dumps(fault.message)
