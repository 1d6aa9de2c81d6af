"""tinylab.overoptimization against drawing, lists made by hand, and an independent fit."""

import numpy as np
import pytest
from scipy import optimize

from tinylab.assistant import base_model, letters_of
from tinylab.best_of_n import best_of_n
from tinylab.exact import kl
from tinylab.gold import gold
from tinylab.overoptimization import Listing, fit_form, frontier, listings, scores_of, spread
from tinylab.reward_model import RewardModel
from tinylab.world import ask


@pytest.fixture(scope="module")
def two():
    return listings(base_model(0), [ask("last", letters_of(0)[1][0]), ask("outer", letters_of(0)[1][1])])


def test_listed_replies_are_all_and_each_once(two):
    for one in two:
        assert len(one.replies) == len(set(one.replies)) == 1 + 6 + 36 + 216 + 1296
        assert one.ref.sum() == pytest.approx(1)
        assert all(reply.split()[-1] == "<end>" and len(reply.split()) <= 5 for reply in one.replies)
        assert one.gold.tolist() == [gold(one.prompt, reply) for reply in one.replies]


def test_scores_are_those_of_the_reward_model(two):
    model = RewardModel(base_model(0))
    model.body.params["W2"] += np.random.default_rng(0).normal(size=model.body.params["W2"].shape)
    for one, scores in zip(two, scores_of(model, two), strict=True):
        assert np.allclose(scores, model.score([one.prompt] * len(one.replies), one.replies))


def made_by_hand(rng, K=40):
    empty = np.zeros((K, 1), int)
    return [Listing("", [], rng.dirichlet(np.ones(K)), rng.normal(size=K), empty) for _ in range(3)]


@pytest.mark.parametrize("ties", [False, True])
def test_frontier_is_that_of_the_whole_distribution(ties):
    rng = np.random.default_rng(1)
    lists = made_by_hand(rng)
    scores = [rng.integers(5, size=40).astype(float) if ties else rng.normal(size=40) for _ in lists]
    ns = [1, 3, 50]
    rows = frontier(lists, scores, ns)
    unit = spread(lists, scores), spread(lists, [one.gold for one in lists])
    for n, (nats, proxy, points) in zip(ns, rows, strict=True):
        kept = [best_of_n(one.ref, s, n) for one, s in zip(lists, scores, strict=True)]
        assert nats == pytest.approx(np.mean([kl(p, one.ref) for p, one in zip(kept, lists, strict=True)]))
        for value, column, u in ((proxy, scores, unit[0]), (points, [one.gold for one in lists], unit[1])):
            gains = [(p - one.ref) @ c for p, one, c in zip(kept, lists, column, strict=True)]
            assert value == pytest.approx(np.mean(gains) / u, abs=1e-9)


def test_frontier_is_what_drawing_gives():
    rng = np.random.default_rng(2)
    lists = made_by_hand(rng)[:1]
    score = rng.normal(size=40)
    drawn = rng.choice(40, p=lists[0].ref, size=(100_000, 6))
    kept = drawn[np.arange(len(drawn)), score[drawn].argmax(axis=1)]
    gain = lists[0].gold[kept].mean() - lists[0].ref @ lists[0].gold
    assert frontier(lists, [score], [6])[0, 2] * spread(lists, [lists[0].gold]) == pytest.approx(gain, abs=0.02)


def test_spread_is_within_requests():
    even = np.full(2, 0.5)
    lists = [Listing("", [], even, even, even), Listing("", [], even, even, even)]
    assert spread(lists, [np.array([0.0, 2.0]), np.array([100.0, 102.0])]) == pytest.approx(1)


@pytest.mark.parametrize("form", [lambda d: d, np.log])
def test_fit_finds_the_least_squares_of_another_solver(form):
    rng = np.random.default_rng(3)
    d = np.linspace(0.3, 3, 12)
    gain = d * (1.3 - 0.4 * form(d)) + 0.05 * rng.normal(size=12)
    a, b, error = fit_form(d, gain, form)
    found = optimize.least_squares(lambda ab: d * (ab[0] - ab[1] * form(d)) - gain, [0, 0])
    assert (a, b) == pytest.approx(tuple(found.x), abs=1e-5)
    assert error == pytest.approx(np.sqrt(np.mean(found.fun**2)), abs=1e-8)
    assert fit_form(d, d * (1.3 - 0.4 * form(d)), form) == pytest.approx((1.3, 0.4, 0), abs=1e-9)


def test_fit_needs_a_distance():
    with pytest.raises(ValueError, match="leave out n = 1"):
        fit_form([0.0, 1.0], [0.0, 1.0], lambda d: d)
