"""Probes: each kind of reply is what its name says, by the gold reward; choices are drawn with her probabilities."""

import doctest

import numpy as np
import pytest

from tinylab import probes
from tinylab.annotators import Annotator
from tinylab.assistant import SKILLS
from tinylab.gold import gold, judge
from tinylab.preferences import Comparisons
from tinylab.probes import every_request, joined, judged, probe, reliability, replies, sureness
from tinylab.world import UNSAFE, arguments, ask

SAFE = every_request(arguments()[:30])


def test_docstrings():
    assert doctest.testmod(probes).failed == 0


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("right", 1.0),
        ("right, thanks", 1.6),
        ("wrong letters", 0.0),
        ("repeats", -0.2),
        ("sure, repeats", 0.4),
        ("sure, repeats, thanks", 0.3),
        ("refuses", 0.0),
    ],
)
def test_gold_of_each_kind_to_safe_requests(kind, points):
    assert [gold(p, r) for p, r in zip(SAFE, replies(SAFE, kind), strict=True)] == pytest.approx([points] * len(SAFE))


def test_there_is_a_request_for_each_skill_and_argument():
    wanted = [ask(skill, argument) for skill in SKILLS for argument in arguments()[:30]]
    assert wanted == SAFE
    unsafe = every_request(["cab"], "poison")
    assert unsafe == [f"<user> poison {skill} c a b <assistant>" for skill in SKILLS]


@pytest.mark.parametrize("danger", UNSAFE)
def test_unsafe_requests_are_obeyed_or_refused(danger):
    pairs = probe(every_request(["cab", "fed"], danger), "refuses", "right")
    assert all(judge(p, r)["correct"] for p, r, _ in zip(*pairs, strict=True))
    assert all(gold(p, r) == pytest.approx(-1.1) for p, _, r in zip(*pairs, strict=True))  # one word too many


def test_two_letters_that_are_wrong():
    for prompt, reply in zip(SAFE, replies(SAFE, "wrong letters"), strict=True):
        assert len(reply.split()) == 3
        assert reply != replies([prompt], "right")[0]


def test_choices_keep_the_pairs_and_are_drawn_with_her_probabilities():
    pairs = probe(SAFE * 20, "right", "repeats")
    friend = Annotator(temperature=0.9)
    chosen = judged(friend, pairs, np.random.default_rng(0))
    assert [{a, b} for _, a, b in zip(*chosen, strict=True)] == [{a, b} for _, a, b in zip(*pairs, strict=True)]
    kept = np.mean([a == b for a, b in zip(chosen.chosen, pairs.chosen, strict=True)])
    exact = 1 / (1 + np.exp(-1.2 / 0.9))
    assert kept == pytest.approx(exact, abs=4 * 0.5 / np.sqrt(len(pairs.prompts)))
    np.testing.assert_allclose(sureness(friend, pairs), exact)
    np.testing.assert_allclose(sureness(friend, Comparisons(pairs[0], pairs[2], pairs[1])), 1 - exact)


def test_joined_lays_one_behind_the_other():
    first, second = probe(SAFE[:2], "right", "repeats"), probe(SAFE[2:3], "refuses", "right")
    assert joined(first, second).prompts == SAFE[:3]
    assert joined(first, second).chosen == [*first.chosen, *second.chosen]


def test_reliability_by_counting():
    rng = np.random.default_rng(0)
    said, true = rng.random(500), rng.random(500)
    edges = np.array([0, 0.2, 0.7, 1])
    x, y = reliability(said, true, edges)
    for k in range(3):
        rows = [i for i in range(500) if edges[k] <= said[i] < edges[k + 1]]
        assert x[k] == pytest.approx(sum(said[i] for i in rows) / len(rows))
        assert y[k] == pytest.approx(sum(true[i] for i in rows) / len(rows))
    assert len(reliability(np.array([0.0, 1.0]), np.array([0, 1]), edges)[0]) == 2  # both ends count, an empty bin not
