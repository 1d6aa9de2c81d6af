"""Drift of an exact policy, against the enumeration of every possible set of examples."""

from itertools import product
from math import factorial, prod

import numpy as np
import pytest
from scipy.stats import binom

from tinylab.collapse import (
    accumulated,
    differ,
    expected_alive,
    expected_differ,
    expected_differ_accumulated,
    generations,
    zipf,
)

P = np.array([0.5, 0.3, 0.2])


def outcomes(p, n):
    """Every vector of counts of n draws from p, with its probability."""
    for counts in product(range(n + 1), repeat=len(p)):
        if sum(counts) == n:
            ways = factorial(n) // prod(factorial(c) for c in counts)
            yield np.array(counts), ways * float(np.prod(np.power(p, counts)))


def after(p, n, count, real, value):
    """The exact mean of value(fit) after some generations, over all that could have been drawn."""
    reached = [(p, 1.0)]
    for _ in range(count):
        reached = [
            (counts / n, chance * likely)
            for fit, chance in reached
            for counts, likely in outcomes(real * P + (1 - real) * fit, n)
            if likely > 0
        ]
    return sum(chance * value(fit) for fit, chance in reached)


def test_zipf_and_differ_by_hand():
    np.testing.assert_allclose(zipf(3), np.array([6, 3, 2]) / 11)
    assert differ([0.5, 0.5]) == 0.5
    np.testing.assert_allclose(differ(np.array([[1, 0], [0.9, 0.1]])), [0, 0.18])


@pytest.mark.parametrize("real", [0.0, 0.25, 1.0])
def test_expected_variety_is_that_of_all_outcomes(real):
    exact = [after(P, 4, count, real, differ) for count in range(4)]
    np.testing.assert_allclose(expected_differ(P, 4, 3, real), exact)


def test_expected_number_alive_is_that_of_all_outcomes():
    exact = [after(P, 4, count, 0.0, lambda fit: (fit > 0).sum()) for count in range(4)]
    np.testing.assert_allclose(expected_alive(P, 4, 3), exact)


def test_first_generation_loses_what_is_not_drawn():
    p = zipf(100)
    assert expected_alive(p, 200, 1)[1] == pytest.approx(100 - binom.pmf(0, 200, p).sum())


def test_accumulated_variety_is_that_of_all_outcomes():
    n, pools = 3, [(np.zeros(3), P, 1.0)]
    exact = [differ(P)]
    for _ in range(3):
        pools = [
            ((pool + counts), (pool + counts) / (pool + counts).sum(), chance * likely)
            for pool, fit, chance in pools
            for counts, likely in outcomes(fit, n)
            if likely > 0
        ]
        exact.append(sum(chance * differ(fit) for _, fit, chance in pools))
    np.testing.assert_allclose(expected_differ_accumulated(P, n, 3), exact)


def test_simulations_draw_what_is_expected():
    p, rng = zipf(20), np.random.default_rng(0)
    runs = np.array([generations(p, 30, 10, rng, real=0.1) for _ in range(2000)])
    assert runs.shape == (2000, 11, 20)
    np.testing.assert_allclose(runs.sum(axis=2), 1)
    np.testing.assert_allclose(runs.mean(axis=0)[10], p, atol=0.01)  # no reply is favoured
    np.testing.assert_allclose(differ(runs).mean(axis=0), expected_differ(p, 30, 10, 0.1), atol=0.01)
    piles = np.array([accumulated(p, 30, 10, rng) for _ in range(2000)])
    np.testing.assert_allclose(differ(piles).mean(axis=0), expected_differ_accumulated(p, 30, 10), atol=0.01)


@pytest.mark.parametrize("n", [10, 200])
def test_accumulating_forever_costs_what_euler_says(n):
    x = np.pi / np.sqrt(n)
    assert expected_differ_accumulated(P, n, 200_000)[-1] / differ(P) == pytest.approx(np.sin(x) / x, abs=1e-6)


@pytest.mark.parametrize("m", [1, 5, 20])
def test_the_number_of_real_examples_decides_where_it_settles(m):
    for n in (500, 2000):
        settled = expected_differ(zipf(100), n, 10_000, m / n)[-1] / differ(zipf(100))
        assert settled == pytest.approx(2 * m / (1 + 2 * m), abs=0.01)
