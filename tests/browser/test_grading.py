"""Grading is a set of pure functions of the page script: tried on random answers, against plain definitions."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

import bookwidgets
from bookwidgets.bank.spelling import levelled

TYPES = Path(bookwidgets.__file__).parent / "static/quiz"
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Callable]:
    """Call a function of the files in static/quiz by its name."""
    page = browser.new_page()
    page.add_script_tag(content="".join(path.read_text(encoding="utf-8") for path in TYPES.iterdir()))

    def call(name: str, *arguments: object) -> object:
        return page.evaluate("([name, args]) => window[name](...args)", [name, list(arguments)])

    yield call
    page.close()


parts = st.integers(1, 12)


@st.composite
def picks(draw: Callable) -> tuple[list[int], list[int]]:
    """What is right, at least one part, and what was picked."""
    right = draw(st.sets(parts, min_size=1))
    return sorted(right), draw(st.permutations(sorted(draw(st.sets(parts)))))


@many
@given(picks())
def test_picks(js, both):
    right, picked = both
    score = js("gradePicks", right, picked)
    assert score == max(0, len({*right} & {*picked}) - len({*picked} - {*right})) / len(right)
    assert (score == 1) == ({*right} == {*picked})
    assert js("gradePicks", right[::-1], picked[::-1]) == score  # the order of neither matters
    for n in {*right} - {*picked}:
        assert js("gradePicks", right, [*picked, n]) >= score  # one more right part never costs
    for n in set(range(1, 13)) - {*right, *picked}:
        assert js("gradePicks", right, [*picked, n]) <= score  # one more wrong part never pays


@pytest.mark.parametrize("picked", [1, 2, 3])
def test_one_of_several_is_all_or_nothing(js, picked):
    assert js("gradePicks", [2], [picked]) == (picked == 2)


@st.composite
def pairings(draw: Callable) -> tuple[dict, dict]:
    right = draw(st.dictionaries(parts.map(str), parts, min_size=1))
    return right, draw(st.dictionaries(st.sampled_from([*right]), parts))


@many
@given(pairings())
def test_pairs(js, both):
    right, answer = both
    parts = [{"key": n, "forms": [m], "isSelect": True} for n, m in right.items()]
    score = js("gradeFields", parts, answer)
    assert score == sum(answer.get(n) == m for n, m in right.items()) / len(right)
    assert (score == 1) == (answer == right)
    assert js("gradeFields", parts[::-1], dict(reversed(answer.items()))) == score
    for n in right:
        assert js("gradeFields", parts, answer | {n: right[n]}) >= score


@st.composite
def kept_lines(draw: Callable) -> tuple[int, list[int]]:
    """The number of steps, and kept lines in some order; those above the number of steps are distractors."""
    steps = draw(st.integers(3, 7))
    lines = draw(st.sets(st.integers(1, steps + 2)))
    return steps, draw(st.permutations(sorted(lines)))


def longest(numbers: list[int]) -> int:
    """By trying all subsets."""
    subsets = itertools.chain.from_iterable(itertools.combinations(numbers, n) for n in range(len(numbers) + 1))
    return max(len(some) for some in subsets if list(some) == sorted(some))


@many
@given(kept_lines())
def test_order(js, both):
    steps, kept = both
    score = js("gradeOrder", steps, kept)
    right = [n for n in kept if n <= steps]
    assert score == max(0, longest(right) - (len(kept) - len(right))) / steps
    assert (score == 1) == (kept == list(range(1, steps + 1)))
    run = js("longestRun", kept)
    assert run == sorted(run) == [n for n in kept if n in run]
    assert len(run) == longest(kept)
    for n in kept:
        without = [m for m in kept if m != n]
        if n > steps:
            assert js("gradeOrder", steps, without) >= score  # leaving out a distractor never costs
        elif n not in js("longestRun", right):
            moved = sorted([*js("longestRun", right), n])
            place = without.index(moved[moved.index(n) - 1]) + 1 if moved[0] != n else 0
            assert js("gradeOrder", steps, [*without[:place], n, *without[place:]]) >= score  # nor does a right move


numbers = st.floats(-1e6, 1e6)


@many
@given(numbers, st.floats(0, 10), numbers)
def test_number(js, middle, tolerance, value):
    right = {"low": middle - tolerance, "high": middle + tolerance}
    assert js("gradeNumber", right, value) == (right["low"] <= value <= right["high"])
    assert js("gradeNumber", right, middle) == js("gradeNumber", right, right["low"]) == 1


@many
@given(
    st.floats(-1e9, 1e9), st.sampled_from([".", ","]), st.sampled_from(["-", "−", "–"]), st.sampled_from(["", " nats"])
)
def test_a_number_is_read_as_it_is_written(js, value, point, minus, unit):
    written = repr(value).replace(".", point).replace("-", minus)
    assert js("toNumber", f" {written}{unit} ", "nats") == value


@many
@given(st.integers(-999, 999), st.integers(1, 999))
def test_fractions(js, top, bottom):
    assert js("toNumber", f"{top} / {bottom}") == pytest.approx(top / bottom)


NUMBERS = [
    ("1 234", 1234), ("1 234 567,5", 1234567.5), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1,000,000", 1e6),
    ("1.000.000", 1e6), ("1,234", 1.234), (".5", 0.5), ("5.", 5), ("+3", 3), ("2e-5", 2e-5), ("2E5", 2e5),
    ("2·10^-5", 2e-5), ("2 × 10⁻⁵", 2e-5), ("10³", 1000), ("-10^2", -100), ("50%", 0.5), ("50 %", 0.5), ("３,５", 3.5),
]  # fmt: skip
NO_NUMBERS = ["", "abc", "1/0", "1/2/3", "1 2", "1 1/2", "1½", "--3", "1,2,3", "Infinity", "NaN", "0x10", "1e999",
              "1-2", "m", "1e", ".", "-", "/", "%", "1e1.5", "[]", "true"]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_numbers(js, text, value):
    assert js("toNumber", text) == value


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number(js, text):
    assert js("toNumber", text) != js("toNumber", text)  # NaN


@pytest.mark.parametrize(
    ("text", "unit"), [("3 m³", "m³"), ("3m3", "m³"), ("3 m^3", "m³"), ("3 M³", "m³"), ("3", "m³"), ("3 %", "%")]
)
def test_units(js, text, unit):
    assert js("toNumber", text, unit) == 3
    assert js("toNumber", "3 km", unit) != 3


@many
@given(st.text())
def test_any_text_is_a_number_or_not(js, text):
    value = js("toNumber", text)
    assert isinstance(value, int | float)
    assert abs(value) != float("inf")


texts = st.text(st.sampled_from("aB1- '.–“ \u00a0=(İßÅﬁ"), max_size=12)


@many
@given(texts, st.booleans())
def test_spelling_is_levelled_as_in_python(js, text, case):
    assert js("levelled", text, case) == levelled(text, case)


@many
@given(texts)
def test_spelling_is_levelled_once(js, text):
    once = js("levelled", text)
    assume(not once.endswith("."))  # one final period is dropped, not all
    assert js("levelled", once) == once


SPELLINGS = [
    ("-1", "-1"), ("x = −1.", "x = -1"), ("pre - training", "pre training"), ("GPT-4", "gpt 4"), ("‘KL’", "kl"),
    ("  The “KL-Penalty”. ", "the kl penalty"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "level"), SPELLINGS)
def test_spellings(js, text, level):
    assert js("levelled", text) == level


@many
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=6), st.data())
def test_gaps(js, answers, data):
    gaps = [{"key": n, "forms": [form], "isSelect": is_select} for n, (form, is_select) in enumerate(answers)]
    given_ = data.draw(st.lists(st.sampled_from(["", "a", "b", "c", "A."]), min_size=len(gaps), max_size=len(gaps)))
    score = js("gradeFields", gaps, given_)
    fits = [text == form or (not is_select and text == "A." and form == "a")
            for (form, is_select), text in zip(answers, given_, strict=True)]  # fmt: skip
    assert score == sum(fits) / len(gaps)
    assert js("gradeFields", gaps, [form for form, _ in answers]) == 1
    assert js("gradeFields", gaps[::-1], given_) == score


@many
@given(st.lists(st.integers(1, 5), min_size=2, max_size=6), st.data())
def test_points(js, points, data):
    given_ = [data.draw(st.sampled_from([0, n])) for n in points]
    score = js("gradePoints", points, given_)
    assert score == sum(given_) / sum(points)
    assert (score == 1) == (given_ == points)


def test_recall(js):
    assert [js("gradeRecall", grade) for grade in ["again", "hard", "good", "easy"]] == [0, 1 / 3, 2 / 3, 1]
