"""The formulas of chapters/preference-data.md, each against something that was not derived from it."""

from itertools import combinations, permutations, product

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import log_expit, logsumexp
from scipy.stats import gumbel_r

from tinylab.agreement import chance_agreement, expected_agreement, kappa
from tinylab.bradley_terry import (
    draw_rankings,
    draw_wins,
    fit_newton,
    fit_plackett_luce,
    gradient,
    information,
    log_likelihood,
    preference,
    ranking_logp,
)

S = np.array([0.7, -0.4, 1.1, 0.0, -1.4])
WINS = np.array([[0, 7, 3, 6, 9], [2, 0, 1, 4.5, 8], [5, 6, 0, 7, 10], [3, 3.5, 2, 0, 6], [1, 2, 0, 3, 0]])


def plain_log_likelihood(s):
    return sum(WINS[i, j] * log_expit(s[i] - s[j]) for i, j in permutations(range(5), 2))


@pytest.mark.parametrize("difference", [-2.0, 0.0, 0.3, 1.5])
def test_the_larger_of_two_impressions_is_bradley_terry(difference):
    """P(first + noise > second + noise) by integration over the second one's Gumbel noise."""
    found, _ = quad(lambda e: gumbel_r.pdf(e) * gumbel_r.sf(e - difference), -20, 60)
    assert preference(np.array([difference, 0.0]))[0, 1] == pytest.approx(found, abs=1e-8)


def test_log_likelihood_and_its_gradient_and_curvature():
    assert log_likelihood(S, WINS) == pytest.approx(plain_log_likelihood(S))
    step = 1e-4 * np.eye(5)
    slopes = [(plain_log_likelihood(S + d) - plain_log_likelihood(S - d)) / 2e-4 for d in step]
    np.testing.assert_allclose(gradient(S, WINS), slopes, atol=1e-6)
    curvature = [(gradient(S + d, WINS) - gradient(S - d, WINS)) / 2e-4 for d in step]
    np.testing.assert_allclose(information(S, WINS), -np.array(curvature), atol=1e-6)


def test_one_choice_pushes_by_what_was_not_expected():
    wins = np.zeros((2, 2))
    wins[0, 1] = 1
    p = 1 / (1 + np.exp(-0.9))
    np.testing.assert_allclose(gradient(np.array([0.9, 0.0]), wins), [1 - p, p - 1])


def test_only_differences_count():
    assert log_likelihood(S + 5, WINS) == pytest.approx(log_likelihood(S, WINS))
    np.testing.assert_allclose(information(S, WINS) @ np.ones(5), 0, atol=1e-12)


def test_the_fit_is_the_maximum_that_a_general_optimiser_finds():
    found = minimize(lambda s: -plain_log_likelihood(s), np.zeros(5), method="BFGS", options={"gtol": 1e-8}).x
    np.testing.assert_allclose(fit_newton(WINS).strengths, found - found.mean(), atol=1e-6)


def test_the_fit_with_a_ridge_is_its_maximum():
    ridged = minimize(lambda s: -plain_log_likelihood(s) + 0.4 / 2 * s @ s, np.zeros(5), options={"gtol": 1e-8}).x
    np.testing.assert_allclose(fit_newton(WINS, ridge=0.4).strengths, ridged, atol=1e-6)


def test_errors_are_those_of_a_fit_with_one_strength_held():
    """Hold item 4 at zero: then the information of the others has an inverse, and differences to it have its errors."""
    fit = fit_newton(WINS)
    inverse = np.linalg.inv(information(fit.strengths, WINS)[:4, :4])
    for i in range(4):
        assert fit.error(i, 4) == pytest.approx(np.sqrt(inverse[i, i]))
    assert fit.error(0, 1) == pytest.approx(np.sqrt(inverse[0, 0] + inverse[1, 1] - 2 * inverse[0, 1]))


def test_intervals_contain_the_truth_as_often_as_they_say():
    rng, s = np.random.default_rng(0), S - S.mean()
    games = 30 * (1 - np.eye(5))
    fits = [fit_newton(draw_wins(s, games, rng)) for _ in range(600)]
    inside = np.mean([np.abs(fit.strengths - s) < 1.96 * fit.errors() for fit in fits])
    assert inside == pytest.approx(0.95, abs=0.012)


@pytest.mark.parametrize("K", [2, 3, 6, 12])
def test_variance_of_a_difference_among_equals(K):
    """(K - 1) / (n p (1 - p)), against the inverse of the information of a round robin."""
    per_pair = 40
    wins = per_pair / 2 * (1 - np.eye(K))
    n = per_pair * K * (K - 1) / 2
    assert fit_newton(wins).error(0, 1) ** 2 == pytest.approx((K - 1) / (n * 0.25))


@pytest.mark.parametrize("p", [0.5, 0.6, 0.95])
def test_variance_of_the_difference_of_two(p):
    wins = np.array([[0, 200 * p], [200 * (1 - p), 0]])
    assert fit_newton(wins).error(0, 1) ** 2 == pytest.approx(1 / (200 * p * (1 - p)))


def plain_ranking(s, ranking):
    p, left = 1.0, list(ranking)
    while left:
        p *= np.exp(s[left[0]]) / sum(np.exp(s[item]) for item in left)
        left.pop(0)
    return p


def test_rankings_sum_to_one_and_pairs_are_bradley_terry():
    orders = list(permutations(range(5)))
    p = np.exp(ranking_logp(S, orders))
    assert p.sum() == pytest.approx(1)
    np.testing.assert_allclose(p, [plain_ranking(S, order) for order in orders])
    for i, j in combinations(range(5), 2):
        before = sum(q for q, order in zip(p, orders, strict=True) if order.index(i) < order.index(j))
        assert before == pytest.approx(preference(S)[i, j])
    two = ranking_logp(S, [(i, j) for i, j in permutations(range(5), 2)])
    np.testing.assert_allclose(np.exp(two), [preference(S)[i, j] for i, j in permutations(range(5), 2)])


def test_sorted_impressions_are_plackett_luce():
    s, n = S[:3], 60_000
    drawn = draw_rankings(s, n, np.random.default_rng(0))
    for order in permutations(range(3)):
        seen = np.mean((drawn == order).all(axis=1))
        assert seen == pytest.approx(plain_ranking(s, order), abs=4 * 0.5 / np.sqrt(n))


def test_plackett_luce_fit_and_errors():
    rankings = draw_rankings(S, 80, np.random.default_rng(1))[:, :4]  # the last place was not asked for
    fit = fit_plackett_luce(rankings, 5)

    def loss(s):  # four of five were ranked, so each place was taken from those of the four that were left
        return -sum((s[rankings[:, k]] - logsumexp(s[rankings[:, k:]], axis=1)).sum() for k in range(4))

    found = minimize(loss, np.zeros(5), options={"gtol": 1e-6}).x
    np.testing.assert_allclose(fit.strengths, found - found.mean(), atol=1e-4)
    rng, s = np.random.default_rng(2), S - S.mean()
    fits = [fit_plackett_luce(draw_rankings(s, 60, rng), 5) for _ in range(300)]
    inside = np.mean([np.abs(one.strengths - s) < 1.96 * one.errors() for one in fits])
    assert inside == pytest.approx(0.95, abs=0.02)


def test_kappa_from_its_definition():
    rng = np.random.default_rng(0)
    one, two = rng.choice(list("abt"), 300, p=[0.6, 0.3, 0.1]), rng.choice(list("abt"), 300, p=[0.5, 0.3, 0.2])
    two[:150] = one[:150]
    seen = sum(x == y for x, y in zip(one, two, strict=True)) / 300
    pairs = sum(x == y for x, y in product(one, two)) / 300**2  # every label of one beside every label of the other
    assert chance_agreement(one, two) == pytest.approx(pairs)
    assert kappa(one, two) == pytest.approx((seen - pairs) / (1 - pairs))


def test_agreement_of_two_of_one_mind():
    p = [0.5, 0.8, 1.0]
    listed = np.mean([sum(q for a, b, q in ((1, 1, x * x), (0, 0, (1 - x) ** 2)) if a == b) for x in p])
    rng = np.random.default_rng(0)
    drawn = np.mean((rng.random((100_000, 3)) < p) == (rng.random((100_000, 3)) < p))
    assert expected_agreement(p) == pytest.approx(listed)
    assert expected_agreement(p) == pytest.approx(drawn, abs=0.005)


def test_a_circle_has_no_better_strengths_than_equal_ones():
    circle = np.array([[0, 2, 1], [1, 0, 2], [2, 1, 0.0]])
    assert fit_newton(circle).strengths == pytest.approx(0)
    grid = np.linspace(-3, 3, 61)
    best = max(log_likelihood(np.array([a, b, 0.0]), circle) for a, b in product(grid, grid))
    assert best == pytest.approx(-9 * np.log(2))
    free = 6 * np.log(2 / 3) + 3 * np.log(1 / 3)
    assert best < free - 0.4


def test_two_of_eight_single_labels_of_three_equals_are_circles():
    outcomes = list(product([0, 1], repeat=3))  # a over b, b over c, c over a
    assert sum(x == y == z for x, y, z in outcomes) / len(outcomes) == 0.25
