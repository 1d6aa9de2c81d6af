"""What an exam is made of: pure functions of its script, on random banks and answers, against other people's code."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser
from scipy import stats

import bookwidgets

STATIC = Path(bookwidgets.__file__).parent / "static"
FILES = ["parts/hash.js", "parts/forecast.js", *(f"exam/{name}.js" for name in ["clock", "draw", "score", "settings"])]
LEVELS = ["remember", "understand", "apply", "analyze", "evaluate"]
OPEN = {"chapters": [], "concepts": [], "levels": [], "types": []}
many = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Callable]:
    """Call a function of the exam's script by its name."""
    page = browser.new_page()
    page.add_script_tag(content="".join((STATIC / name).read_text(encoding="utf-8") for name in FILES))

    def call(name: str, *arguments: object) -> object:
        return page.evaluate("([name, args]) => window[name](...args)", [name, list(arguments)])

    yield call
    page.close()


# Drawing


def bank(size: int, chapters: int, concepts: int, seed: int) -> list[dict]:
    """Questions as the data scripts tell of them."""
    chance = random.Random(seed)
    return [
        {
            "id": f"q{n}",
            "print": "0" * 8,
            "type": chance.choice(["choice", "multi", "free", "flashcard"]),
            "chapter": f"chapter{chance.randrange(chapters)}",
            "concepts": [f"c{k}" for k in chance.sample(range(concepts), chance.randint(1, min(3, concepts)))],
            "level": chance.choice(LEVELS),
        }
        for n in range(size)
    ]


@st.composite
def draws(draw: Callable) -> tuple[list[dict], dict]:
    """A bank, and settings that need not fit it."""
    questions = bank(*(draw(st.integers(1, most)) for most in [40, 4, 6]), draw(st.integers(0, 10**6)))

    def some(values: list[str]) -> st.SearchStrategy:
        return st.lists(st.sampled_from(values), unique=True, max_size=4)

    wanted = {
        "chapters": draw(some([f"chapter{n}" for n in range(4)])),
        "concepts": draw(some([f"c{n}" for n in range(6)])),
        "levels": draw(some(LEVELS)),
        "types": draw(some(["choice", "multi", "free"])),
    }
    return questions, {"seed": draw(st.text(max_size=8)), "number": draw(st.integers(1, 45)), **wanted}


def fits(question: dict, wanted: dict) -> bool:
    def meets(name: str, values: set) -> bool:
        return not wanted[name] or bool(values & {*wanted[name]})

    return (
        question["type"] != "flashcard"
        and meets("types", {question["type"]})
        and meets("chapters", {question["chapter"]})
        and meets("levels", {question["level"]})
        and meets("concepts", {*question["concepts"]})
    )


def unevenness(drawn: list[dict], wanted: dict) -> Fraction:
    """The sum of the squared counts of levels and concepts; the concepts that were asked for share a question."""
    counts: Counter = Counter()
    for question in drawn:
        counts[question["level"]] += Fraction(1)
        about = [name for name in question["concepts"] if not wanted["concepts"] or name in wanted["concepts"]]
        for name in about:
            counts[name, "concept"] += Fraction(1, len(about))
    return sum(count**2 for count in counts.values())


def expect_even(drawn: list[dict], pool: list[dict], wanted: dict) -> None:
    """No chapter is two ahead of one that has questions left, and no exchange within a chapter evens out the rest."""
    counts, supply = (Counter(question["chapter"] for question in some) for some in [drawn, pool])
    left = [counts[chapter] for chapter in supply if counts[chapter] < supply[chapter]]
    assert not left or max(counts.values()) <= min(left) + 1
    names = {question["id"] for question in drawn}
    now = unevenness(drawn, wanted)
    for out, into in itertools.product(drawn, (question for question in pool if question["id"] not in names)):
        if out["chapter"] == into["chapter"]:
            other = [question for question in drawn if question is not out] + [into]
            assert unevenness(other, wanted) >= now, (out["id"], into["id"])


@many
@given(draws())
def test_a_draw_fits_and_is_even(js, both):
    questions, wanted = both
    pool = [question for question in questions if fits(question, wanted)]
    drawn = js("draw", questions, wanted)
    assert len(drawn) == min(wanted["number"], len(pool))
    assert len({question["id"] for question in drawn}) == len(drawn)
    assert all(question in pool for question in drawn)
    expect_even(drawn, pool, wanted)


@many
@given(draws(), st.randoms())
def test_no_order_but_that_of_chance_matters(js, both, chance):
    questions, wanted = both
    mixed = {
        name: chance.sample(value, len(value)) if isinstance(value, list) else value for name, value in wanted.items()
    }
    others = [question | {"concepts": chance.sample(c := question["concepts"], len(c))} for question in questions]
    chance.shuffle(others)
    drawn, again = js("draw", questions, wanted), js("draw", others, mixed)
    assert [question["id"] for question in drawn] == [question["id"] for question in again]
    assert js("codeOf", drawn) == js("codeOf", again)


def test_all_counts_are_even_where_they_can_be(js):
    """With plenty of questions for each chapter, concept and level, no count differs by more than one."""
    cells = itertools.product(range(3), range(2), LEVELS, range(12))
    questions = [
        {"id": f"q{n}", "type": "choice", "chapter": f"h{h}", "concepts": [f"h{h}-{c}"], "level": level}
        for n, (h, c, level, _) in enumerate(cells)
    ]
    for number in range(1, 61):
        drawn = js("draw", questions, OPEN | {"seed": str(number), "number": number})
        for name, values in [("chapter", 3), ("level", 5)]:
            counts = Counter(question[name] for question in drawn)
            assert max(counts.values()) - (min(counts.values()) if len(counts) == values else 0) <= 1
        per_chapter = [Counter(q["concepts"][0] for q in drawn if q["chapter"] == f"h{h}") for h in range(3)]
        for counts in per_chapter:
            assert not counts or max(counts.values()) - (min(counts.values()) if len(counts) == 2 else 0) <= 1


def test_every_pair_is_as_likely(js):
    questions = [
        {"id": f"q{n}", "type": "choice", "chapter": "one", "concepts": ["c"], "level": "apply"} for n in range(6)
    ]
    seen = Counter(
        frozenset(question["id"] for question in js("draw", questions, OPEN | {"seed": f"s{n}", "number": 2}))
        for n in range(900)
    )
    counts = [seen[frozenset(pair)] for pair in itertools.combinations([question["id"] for question in questions], 2)]
    assert stats.chisquare(counts).pvalue > 1e-3


def fnv(text: str) -> int:
    """FNV-1a over code points, with the two last steps of MurmurHash3's mix."""
    value = 2166136261
    for character in text:
        value = (value ^ ord(character)) * 16777619 % 2**32
    value = (value ^ (value >> 15)) * 2246822507 % 2**32
    return value ^ (value >> 13)


def test_a_seed_is_a_promise(js):
    """What was drawn for a seed is drawn for it for ever: chance is a published hash of seed and id, and no more."""
    questions = [
        {"id": f"é-{n}", "print": f"{n:08d}", "type": "choice", "chapter": "one", "concepts": ["c"], "level": "apply"}
        for n in range(50)
    ]
    drawn = js("draw", questions, OPEN | {"seed": "Klasse 7 – 😀", "number": 10})
    expected = sorted(questions, key=lambda question: fnv(f"Klasse 7 – 😀/{question['id']}"))[:10]
    assert drawn == expected
    joined = " ".join(f"{question['id']}/{question['print']}" for question in drawn)
    digits = np.base_repr(fnv(joined) * 36**6 // 2**32, 36).rjust(6, "0")
    assert js("codeOf", drawn) == digits


def test_ten_thousand_questions(js):
    questions = bank(10_000, 25, 120, seed=1)
    wanted = OPEN | {"seed": "large", "number": 40, "types": ["choice", "multi"]}
    pool = [question for question in questions if fits(question, wanted)]
    drawn = js("draw", questions, wanted)
    assert len(drawn) == 40
    chapters = Counter(question["chapter"] for question in drawn)
    assert sorted(chapters.values()) == [1] * 10 + [2] * 15
    some = random.Random(2).sample(pool, 300)
    expect_even(drawn, [*drawn, *(question for question in some if question not in drawn)], wanted)


# Points, and what to read again

CONCEPTS = [f"k{n}" for n in range(9)]


@st.composite
def graphs(draw: Callable) -> list[dict]:
    """Concepts without a circle, in an order of the book in which what comes before need not stand before."""
    order = draw(st.permutations(CONCEPTS))
    after = {
        name: draw(st.lists(st.sampled_from(order[:place]), unique=True, max_size=3)) if place else []
        for place, name in enumerate(order)
    }
    return [{"id": name, "after": after[name]} for name in draw(st.permutations(CONCEPTS))]


outcomes = st.lists(
    st.fixed_dictionaries(
        {
            "chapter": st.sampled_from(["one", "two"]),
            "concepts": st.lists(st.sampled_from(CONCEPTS), unique=True, min_size=1, max_size=3),
            "level": st.sampled_from(LEVELS),
            "score": st.sampled_from([None, 0, 0.25, 0.5, 1]),
        }
    ),
    max_size=20,
)


@many
@given(outcomes)
def test_points(js, some):
    counted = [one for one in some if one["score"] is not None]
    assert js("total", some) == {"points": sum(one["score"] for one in counted), "of": len(counted)}
    sums = js("totals", some, "concepts")
    for name in CONCEPTS:
        about = [one["score"] for one in counted if name in one["concepts"]]
        assert sums.get(name) == ({"points": sum(about), "of": len(about)} if about else None)


@many
@given(graphs(), st.dictionaries(st.sampled_from(CONCEPTS), st.integers(0, 10)))
def test_the_most_basic_gap_comes_first(js, concepts, tenths):
    """Against networkx: depth in the graph, then how much of the list rests on it, then the order of the book."""
    graph = nx.DiGraph([(before, one["id"]) for one in concepts for before in one["after"]])
    graph.add_nodes_from(CONCEPTS)
    sums = {name: {"points": n / 10, "of": 1} for name, n in tenths.items()}
    weak = [one["id"] for one in concepts if tenths.get(one["id"], 10) < 7]
    depth = {}
    for name in nx.topological_sort(graph):
        depth[name] = max((depth[before] + 1 for before in graph.predecessors(name)), default=0)
    opens = {name: [other for other in weak if other in nx.descendants(graph, name)] for name in weak}
    expected = sorted(weak, key=lambda name: (depth[name], -len(opens[name])))
    listed = js("whereToBegin", concepts, sums)
    assert listed == [{"id": name, "opens": opens[name]} for name in expected]
    for earlier, later in itertools.combinations([entry["id"] for entry in listed], 2):
        assert later not in nx.ancestors(graph, earlier)


# Forecasts

forecasts = st.lists(
    st.fixed_dictionaries({"percent": st.integers(0, 100), "right": st.integers(0, 1)}), min_size=1, max_size=60
)


@many
@given(forecasts)
def test_brier_and_bins(js, some):
    p, right = (np.array([one[name] for one in some]) for name in ["percent", "right"])
    assert js("brier", some) == pytest.approx(np.mean((p / 100 - right) ** 2))
    found = js("bins", some)
    edges = np.array([*range(10, 100, 10)])
    groups = np.digitize(p, edges)
    assert [one["from"] for one in found] == sorted({10 * int(group) for group in groups})
    for one in found:
        inside = groups == one["from"] // 10
        assert one["n"] == inside.sum()
        assert one["said"] == pytest.approx(p[inside].mean() / 100)
        assert one["right"] == pytest.approx(right[inside].mean())
        interval = stats.binomtest(int(right[inside].sum()), one["n"]).proportion_ci(method="wilson")
        assert (one["low"], one["high"]) == pytest.approx((interval.low, interval.high), abs=1e-6)


@pytest.mark.parametrize(("options", "least"), [(0, 0), (3, 33), (4, 25), (5, 20), (6, 17), (15, 7)])
def test_one_can_be_as_unsure_as_a_blind_guess(js, options, least):
    percents = js("certainties", options)
    assert percents == [least, *(ten for ten in range(0, 101, 10) if ten > least)]


# Time

# Between two looks: what the time of day and the steady clock say has passed, in ms.
moments = st.lists(st.tuples(st.integers(-(10**7), 10**7), st.integers(0, 10**6)), min_size=1, max_size=12)


@many
@given(moments, st.booleans())
def test_time_is_reckoned_honestly(js, steps, may_pause):
    clock = {"limit": None, "spent": 0, "wall": 10**12}
    before = {"wall": 10**12, "steady": 0}
    expected = 0
    for wall, steady in steps:
        now = {"wall": before["wall"] + wall, "steady": before["steady"] + steady}
        clock = js("reckon", clock, before, now, may_pause)
        expected += steady if may_pause else max(steady, wall)  # a clock that was put back gives no time
        assert clock == {"limit": None, "spent": expected, "wall": now["wall"]}
        before = now


@pytest.mark.parametrize(("may_pause", "away", "counts"), [(True, 60_000, 0), (False, 60_000, 60_000), (False, -5, 0)])
def test_time_with_the_page_closed(js, may_pause, away, counts):
    clock = {"limit": 10**6, "spent": 1000, "wall": 10**12}
    now = {"wall": 10**12 + away, "steady": 700}
    assert js("reckon", clock, None, now, may_pause) == {"limit": 10**6, "spent": 1000 + counts, "wall": now["wall"]}


@many
@given(st.integers(1, 120), st.lists(st.integers(1, 10**6), min_size=1, max_size=30))
def test_each_mark_is_told_once_at_most(js, minutes, steps):
    """However the looks at the clock fall, and the last of several that are passed at once."""
    clock = {"limit": minutes * 60_000, "spent": 0, "wall": 0}
    marks = {mark for mark in [minutes / 2, 10, 5, 1] if 1 <= mark <= minutes / 2}
    spent, told = 0, []
    for step in steps:
        passed = {mark for mark in marks if spent < clock["limit"] - mark * 60_000 <= spent + step}
        mark = js("markPassed", clock, spent, spent + step)
        spent += step
        assert mark == (min(passed) if passed and spent < clock["limit"] else None)
        told += [mark] if mark else []
    assert len(told) == len(set(told))
    assert js("isOver", clock | {"spent": spent}) == (spent >= clock["limit"])


@pytest.mark.parametrize(
    ("ms", "face"), [(0, "0:00"), (1, "0:01"), (59_999, "1:00"), (75_000, "1:15"), (3_600_000, "1:00:00"), (-5, "0:00")]
)
def test_clock_face(js, ms, face):
    assert js("clockFace", ms) == face


# Settings in an address

CHOICES = {
    "chapters": ["one", "two", "three"],
    "concepts": ["c-1", "c-2"],
    "levels": LEVELS,
    "types": ["choice", "free"],
}
chosen = {name: st.lists(st.sampled_from(values), unique=True) for name, values in CHOICES.items()}
every = st.fixed_dictionaries(
    {
        "seed": st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=40),
        "number": st.integers(1, 200),
        "minutes": st.integers(0, 600),
        "pause": st.booleans(),
        "confidence": st.booleans(),
        **chosen,
    }
)


@many
@given(every, every)
def test_an_address_carries_all_settings(js, wanted, others):
    assume(all(len(wanted[name]) < len(values) for name, values in CHOICES.items()))
    address = js("writeSettings", wanted, "ABC123")
    read = js("readSettings", f"#{address}", others, CHOICES)
    ordered = {name: [value for value in values if value in wanted[name]] for name, values in CHOICES.items()}
    assert read == {"settings": wanted | ordered, "code": "ABC123", "unknown": []}


def test_an_address_that_somebody_spoilt(js):
    before = {"seed": "s", "number": 20, "minutes": 40, "pause": True, "confidence": False, **OPEN}
    spoilt = "#exam&n=1e9&minutes=-3&pause=maybe&chapters=two+none&seed=++&types=free+choice"
    read = js("readSettings", spoilt, before, CHOICES)
    expected = before | {"number": 200, "minutes": 0, "pause": False, "chapters": ["two"]}
    assert read == {"settings": expected, "code": "", "unknown": ["none"]}
    assert js("readSettings", "#exam&n=many", before, CHOICES)["settings"] == before
    assert js("readSettings", "#some-section", before, CHOICES) is None
