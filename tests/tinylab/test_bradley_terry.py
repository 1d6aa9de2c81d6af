"""What the formulas do not say: draws, fits that have no end, and errors. For the formulas see formulas/."""

import doctest

import networkx as nx
import numpy as np
import pytest

from tinylab import bradley_terry, kinds
from tinylab.bradley_terry import (
    count_wins,
    draw_wins,
    fit_newton,
    fit_plackett_luce,
    preference,
    unbeaten,
)


def test_counts():
    wins = count_wins([0, 0, 2], [1, 1, 0], 3)
    assert wins.tolist() == [[0, 2, 0], [0, 0, 0], [1, 0, 0]]


def test_drawn_wins_are_as_many_as_the_games_and_as_likely_as_said():
    s, games = np.array([1.0, 0.0, -0.5]), np.array([[0, 40, 7], [40, 0, 0], [7, 0, 0]])
    rng = np.random.default_rng(0)
    drawn = np.array([draw_wins(s, games, rng) for _ in range(4000)])
    assert np.all(drawn + drawn.transpose(0, 2, 1) == games)
    np.testing.assert_allclose(drawn.mean(axis=0), games * preference(s), atol=0.2)


@pytest.mark.parametrize("seed", range(40))
def test_unbeaten_groups_against_strong_components(seed):
    rng = np.random.default_rng(seed)
    K = int(rng.integers(2, 7))
    wins = (rng.random((K, K)) < 0.35).astype(float) * (1 - np.eye(K))
    graph = nx.from_numpy_array(wins, create_using=nx.DiGraph)
    group = unbeaten(wins)
    assert (group == []) == nx.is_strongly_connected(graph)
    if group:
        others = [i for i in range(K) if i not in group]
        assert wins[np.ix_(others, group)].sum() == 0


@pytest.mark.parametrize("ridge", [0.1, 1.0])
def test_a_ridge_keeps_what_never_lost_finite(ridge):
    wins = count_wins([0, 0, 1, 2], [1, 2, 2, 1], 3)
    with pytest.raises(ValueError, match=r"items \[0\] never lost"):
        fit_newton(wins)
    fit = fit_newton(wins, ridge=ridge)
    assert fit.strengths[0] > fit.strengths[1] == pytest.approx(fit.strengths[2])
    assert bradley_terry.gradient(fit.strengths, wins) == pytest.approx(ridge * fit.strengths, abs=1e-8)


def test_rankings_that_put_one_item_first_each_time_have_no_fit():
    with pytest.raises(ValueError, match=r"items \[2\]"):
        fit_plackett_luce([[2, 0, 1], [2, 1, 0]], 3)


@pytest.mark.parametrize("module", [bradley_terry, kinds])
def test_worked_examples(module):
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0
