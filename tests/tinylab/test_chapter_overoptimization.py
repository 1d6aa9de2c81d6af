"""What chapters/overoptimization.md says about fitted proxies holds on five seeds, each with its own base."""

from copy import deepcopy
from functools import cache

import numpy as np
import pytest

from tinylab.annotators import Annotator
from tinylab.assistant import base_model, letters_of, requests
from tinylab.best_of_n import best_of_n, candidates, tilt_to
from tinylab.exact import kl
from tinylab.model import TinyLM
from tinylab.overoptimization import fit_form, frontier, listings, scores_of, spread
from tinylab.preferences import Comparisons, compare
from tinylab.reward_model import Ensemble, RewardModel
from tinylab.world import V, ask

SEEDS = pytest.mark.parametrize("seed", range(5))
NS = [2**k for k in range(15)]
FRIEND = Annotator(temperature=0.3)
RUNS = range(3)  # proxies for each base


@cache
def lists_of(seed):
    held_out = letters_of(seed)[1]
    return listings(base_model(seed), [ask(("first", "last", "outer")[i % 3], held_out[i]) for i in range(9)])


@cache
def pool_of(seed, run=0):
    """400 choices between drafts of the base, and the generator as it stands after them."""
    rng = np.random.default_rng(10 * seed + run)
    pairs = compare(base_model(seed), requests(950, letters_of(seed)[0], rng), FRIEND, rng).first(400)
    return pairs, rng


@cache
def proxy(seed, run, choices):
    """A score fitted to the first choices of a pool."""
    pairs, rng = pool_of(seed, run)
    return RewardModel(base_model(seed)).fit(pairs.first(choices), deepcopy(rng), steps=200)


@cache
def proxies(seed, choices):
    """Scores of the listed replies by three proxies, each fitted to other choices."""
    return [scores_of(proxy(seed, run, choices), lists_of(seed)) for run in RUNS]


@cache
def curves(seed, choices=100):
    """(3, 15, 3): KL, proxy gain, gold gain."""
    return np.array([frontier(lists_of(seed), scores, NS) for scores in proxies(seed, choices)])


@SEEDS
def test_the_proxy_rises_and_gold_rises_and_falls(seed):
    _, proxy, gold = curves(seed).transpose(2, 0, 1)
    assert np.all(np.diff(proxy) > 0)
    assert np.all(gold.max(axis=1) > 0.8)
    assert np.all(gold.max(axis=1) - gold[:, -1] > 0.4)
    assert np.all(proxy[:, -1] > gold[:, -1] + 0.7)


@SEEDS
def test_a_fit_to_the_first_64_draws_promises_more_than_comes(seed):
    mean = curves(seed).mean(axis=0)
    d, gold = np.sqrt(mean[:, 0]), mean[:, 2]
    a, b, _ = fit_form(d[1:7], gold[1:7], lambda d: d)
    assert d[-1] * (a - b * d[-1]) > gold[-1] + 0.3


def errors(choices):
    fits = [[fit_form(np.sqrt(c[1:, 0]), c[1:, 2], form)[2] for form in (lambda d: d, np.log)]
            for seed in range(5) for c in curves(seed, choices)]  # fmt: skip
    return np.array(fits).T


def test_the_form_of_best_of_n_fits_best_of_n_better():
    for choices, least in ((100, 9), (400, 13)):
        of_best_of_n, of_rl = errors(choices)  # (15,) each
        assert np.sum(of_best_of_n < of_rl) >= least
        assert of_best_of_n.mean() < of_rl.mean() - 0.02


def pairs_right(lists, scores, n):
    """The share among decided pairs, exactly, over all pairs of replies with some probability."""
    right = decided = 0.0
    for one, by in zip(lists, scores, strict=True):
        kept = best_of_n(one.ref, by, n)
        held = kept > 1e-6
        p, g, s = kept[held], one.gold[held], by[held]
        weight = np.outer(p, p) * (np.abs(g[:, None] - g) > 1e-9)
        right += np.sum(weight * ((s[:, None] > s) == (g[:, None] > g)))
        decided += weight.sum()
    return right / decided


@SEEDS
def test_the_proxy_orders_drafts_well_and_its_own_winners_badly(seed):
    drafts, winners = np.array(
        [[pairs_right(lists_of(seed), scores, n) for n in (1, 16384)] for scores in proxies(seed, 100)]
    ).T
    assert np.all(drafts > 0.85)
    assert np.all(winners < 0.6)
    assert winners.mean() < 0.5


@SEEDS
def test_the_fall_is_more_than_regression(seed):
    lists = lists_of(seed)
    for scores, course in zip(proxies(seed, 100), curves(seed), strict=True):
        together = [one.ref @ ((s - one.ref @ s) * one.gold) for one, s in zip(lists, scores, strict=True)]
        rho = np.mean(together) / spread(lists, scores) / spread(lists, [one.gold for one in lists])
        assert rho > 0.75
        assert rho * np.sqrt(2 * course[-1, 0]) > course[-1, 2] + 1


@SEEDS
def test_tilting_follows_nearly_the_same_frontier(seed):
    lists, gaps, ends = lists_of(seed), [], []
    unit = spread(lists, [one.gold for one in lists])
    for scores, course in zip(proxies(seed, 100), curves(seed), strict=True):
        gains = {}
        for n in (32, 2048):
            tilts = []
            for one, by in zip(lists, scores, strict=True):
                end = -np.log(one.ref[by == by.max()].sum())
                tilt = tilt_to(one.ref, by, min(kl(best_of_n(one.ref, by, n), one.ref), 0.99 * end))[0]
                tilts.append((tilt - one.ref) @ one.gold)
            gains[n] = np.mean(tilts) / unit
        gaps.append(gains[32] - course[NS.index(32), 2])
        ends.append(gains[32] - gains[2048])
    assert abs(np.mean(gaps)) < 0.25
    assert np.mean(ends) > 0.1


@SEEDS
def test_more_choices_raise_the_peak_on_average_and_the_fall_stays(seed):
    few, many = (curves(seed, choices)[:, :, 2] for choices in (100, 400))
    assert many.max(axis=1).mean() > few.max(axis=1).mean()
    assert np.all(many.max(axis=1) - many[:, -1] > 0.3)


def gold_of(seed, scores):
    return frontier(lists_of(seed), scores, NS[::2])[:, 2]


def turned(pairs, share, rng):
    flip = rng.random(len(pairs.prompts)) < share
    rows = [(p, b, a) if f else (p, a, b) for f, p, a, b in zip(flip, *pairs, strict=True)]
    return Comparisons(*map(list, zip(*rows, strict=True)))


def on_winners(seed, score, pairs, rng):
    """The pairs and up to 50 choices between winners of best-of-16."""
    asked, row = requests(150, letters_of(seed)[0], rng), np.arange(150)
    drafts, points = candidates(base_model(seed), score, asked, 32, rng)
    a, b = (list(map(str, drafts[row, 16 * k + points[:, 16 * k : 16 * k + 16].argmax(axis=1)])) for k in (0, 1))
    first = FRIEND.choose(asked, a, b, rng)
    new = [(p, y, z) if f else (p, z, y) for p, y, z, f in zip(asked, a, b, first, strict=True) if y != z][:50]
    return Comparisons(*[[*old, *more] for old, more in zip(pairs, zip(*new, strict=True), strict=True)])


@cache
def falls(seed):
    """By how much gold falls, for each kind of proxy and each remedy of the chapter, on one base."""
    rng, lists, base = np.random.default_rng(2000 + seed), lists_of(seed), base_model(seed)
    pool = pool_of(seed)[0]

    def fitted(pairs, body=base):
        return RewardModel(body).fit(pairs, rng, steps=200)

    kinds = {
        "25": fitted(pool.first(25)),
        "turned": fitted(turned(pool, 0.3, rng)),
        "2 units": fitted(pool, TinyLM(V, window=12, hidden=2, seed=seed)),
        "96 units": fitted(pool, TinyLM(V, window=12, hidden=96, seed=seed)),
        "winners": fitted(on_winners(seed, proxy(seed, 0, 100).score, pool.first(100), rng)),
    }
    scores = {name: scores_of(one, lists) for name, one in kinds.items()}
    members = Ensemble([RewardModel(base) for _ in range(5)]).fit(pool.first(100), rng, steps=200).members
    said = [np.array(s) for s in zip(*[scores_of(one, lists) for one in members], strict=True)]
    said = [s - (s @ one.ref)[:, None] for s, one in zip(said, lists, strict=True)]
    scores["ensemble"] = [s.mean(axis=0) for s in said]
    scores["cautious"] = [s.mean(axis=0) - s.std(axis=0, ddof=1) for s in said]
    courses = {name: gold_of(seed, one) for name, one in scores.items()}
    return {name: course.max() - course[-1] for name, course in courses.items()}


@pytest.mark.parametrize("kind", ["25", "turned", "2 units", "96 units", "winners", "ensemble", "cautious"])
def test_every_kind_of_proxy_and_every_remedy_still_falls(kind):
    each = [falls(seed)[kind] for seed in range(5)]
    assert min(each) >= 0
    assert np.mean(each) > 0.3
