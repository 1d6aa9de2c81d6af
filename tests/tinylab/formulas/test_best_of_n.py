"""The displayed formulas of chapters/best-of-n.md, each against something that does not use it."""

from itertools import product

import numpy as np
import pytest
from scipy import integrate, optimize

from tinylab.best_of_n import best_of_n, kl_bound, tilt_to, win_rate
from tinylab.exact import expected, kl, softmax, tilted

RNG = np.random.default_rng(0)
REF, REWARD = RNG.dirichlet(np.ones(6)), RNG.normal(size=6)


@pytest.mark.parametrize("n", [2, 16, 100])
def test_eq_bon_bound_is_the_integral(n):
    def integrand(u):
        return n * u ** (n - 1) * np.log(n * u ** (n - 1)) if u > 0 else 0.0

    assert kl_bound(n) == pytest.approx(integrate.quad(integrand, 0, 1)[0], abs=1e-7)


def test_bound_holds_with_and_without_ties_and_is_approached():
    rng = np.random.default_rng(1)
    for _ in range(200):
        K, n = rng.integers(1, 30), rng.integers(1, 200)
        ref, reward = rng.dirichlet(np.ones(K)), rng.integers(0, rng.integers(1, 30), size=K)
        level = ref[reward == reward.max()].sum()
        assert kl(best_of_n(ref, reward, n), ref) < min(kl_bound(n), np.log(1 / level)) + 1e-9
    fine = np.full(100_000, 1e-5)
    assert kl(best_of_n(fine, np.arange(100_000), 16), fine) == pytest.approx(kl_bound(16), abs=1e-4)


def test_four_outcomes_as_printed():
    ref, reward = np.full(4, 0.25), np.arange(4)
    pi = best_of_n(ref, reward, 16)
    draws = np.random.default_rng(2).integers(4, size=(400_000, 17))
    winner, other = draws[:, :16].max(axis=1), draws[:, 16]
    assert kl(pi, ref) == pytest.approx(1.330, abs=5e-4)
    assert kl_bound(16) == pytest.approx(1.835, abs=5e-4)
    assert win_rate(pi, ref, reward, ties=1) == pytest.approx(0.9975, abs=5e-5)
    assert win_rate(pi, ref, reward, ties=1) == pytest.approx(np.mean(winner >= other), abs=5e-4)
    halves = np.mean(winner > other) + np.mean(winner == other) / 2
    assert win_rate(pi, ref, reward) == pytest.approx(halves, abs=2e-3)


def test_win_rate_is_at_most_n_over_n_plus_one_and_ties_as_wins_break_it():
    rng, broken = np.random.default_rng(3), 0
    for _ in range(200):
        K, n = rng.integers(2, 12), rng.integers(1, 40)
        ref, reward = rng.dirichlet(np.ones(K)), rng.integers(0, 5, size=K)
        pi = best_of_n(ref, reward, n)
        assert win_rate(pi, ref, reward) < n / (n + 1) + 1e-9
        broken += win_rate(pi, ref, reward, ties=1) > n / (n + 1)
    assert broken > 100
    fine = np.full(10_000, 1e-4)
    assert win_rate(best_of_n(fine, np.arange(10_000), 4), fine, np.arange(10_000)) == pytest.approx(0.8, abs=1e-3)


def test_eq_bon_tilted_is_found_by_an_optimiser():
    beta = 0.7

    def cost(theta):
        p = softmax(theta)
        return -(p @ REWARD - beta * np.sum(p * np.log(p / REF)))

    found = optimize.minimize(cost, np.zeros(6), tol=1e-12)
    assert np.allclose(softmax(found.x), tilted(REF, REWARD, beta), atol=1e-4)


def test_eq_bon_objective_for_any_policy():
    beta, Z = 0.7, np.sum(REF * np.exp(REWARD / 0.7))
    for p in np.random.default_rng(4).dirichlet(np.ones(6), size=20):
        objective = p @ REWARD - beta * np.sum(p * np.log(p / REF))
        tilt = REF * np.exp(REWARD / beta) / Z
        assert objective == pytest.approx(beta * np.log(Z) - beta * np.sum(p * np.log(p / tilt)))


@pytest.mark.parametrize("n", [2, 4, 16])
def test_at_equal_kl_no_policy_earns_more_than_the_tilted_one(n):
    pi = best_of_n(REF, REWARD, n)
    tilt, beta = tilt_to(REF, REWARD, kl(pi, REF))
    assert expected(tilt, REWARD) - expected(pi, REWARD) == pytest.approx(beta * kl(pi, tilt), abs=1e-7)
    found = optimize.minimize(
        lambda theta: -softmax(theta) @ REWARD,
        np.log(REF),
        constraints={"type": "ineq", "fun": lambda theta: kl(pi, REF) - kl(softmax(theta), REF)},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    assert -found.fun == pytest.approx(expected(tilt, REWARD), abs=1e-4)


def test_weight_one_on_winners_aims_at_best_of_n():
    """The expected update over all draws is minus the gradient of KL(best-of-n || p), by finite differences."""
    theta, n, h = np.array([0.3, -0.2, 0.9]), 3, 1e-5
    ref, reward, p = np.array([0.5, 0.3, 0.2]), [0.0, 2.0, 2.0], softmax(np.array([0.3, -0.2, 0.9]))
    update = np.zeros(3)
    for drawn in product(range(3), repeat=n):
        winner = max(drawn, key=lambda k: reward[k])
        update += np.prod(ref[list(drawn)]) * (np.eye(3)[winner] - p)
    teacher = best_of_n(ref, reward, n)
    slope = [(kl(teacher, softmax(theta + h * e)) - kl(teacher, softmax(theta - h * e))) / (2 * h) for e in np.eye(3)]
    assert np.allclose(update, -np.array(slope), atol=1e-8)


def test_accepted_draws_follow_the_tilted_policy():
    beta = 0.8
    accept = np.exp((REWARD - REWARD.max()) / beta)
    kept = REF * accept / np.sum(REF * accept)
    assert np.allclose(kept, tilted(REF, REWARD, beta), atol=1e-12)
    drawn = np.random.default_rng(5).choice(6, p=REF, size=300_000)
    taken = np.random.default_rng(6).random(300_000) < accept[drawn]
    assert np.mean(taken) == pytest.approx(np.sum(REF * accept), abs=4e-3)
