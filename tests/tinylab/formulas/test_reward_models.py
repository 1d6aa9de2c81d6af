"""Each formula of chapters/reward-models.md against scipy, enumeration or a closed form."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import expit, log_expit, logit

from tinylab.annotators import Annotator
from tinylab.probes import sureness
from tinylab.reward_model import pair_loss


def at(difference, **options):
    """The lab's loss of one pair with this difference of scores and the sum zero."""
    return float(pair_loss(np.array([difference / 2]), np.array([-difference / 2]), **options)[0][0])


def test_eq_rwm_loss_is_minus_the_log_likelihood_of_all_choices():
    """Enumerate the eight ways in which three pairs can be chosen: their probabilities, by the loss, sum to one."""
    scores = np.array([[0.3, -1.0], [2.0, 1.1], [0.0, 4.0]])
    total = 0.0
    for choices in product((0, 1), repeat=3):
        chosen = scores[range(3), choices]
        rejected = scores[range(3), [1 - c for c in choices]]
        total += np.exp(-pair_loss(chosen, rejected)[0].sum())
    assert total == pytest.approx(1)
    expected = -log_expit(scores[:, 0] - scores[:, 1])
    np.testing.assert_allclose(pair_loss(scores[:, 0], scores[:, 1])[0], expected)


def test_the_optimum_over_both_orders_is_a_constant_score():
    best = minimize_scalar(lambda d: at(d) + at(-d), bounds=(-8, 8), method="bounded")
    assert best.x == pytest.approx(0, abs=1e-4)
    assert best.fun == pytest.approx(1.386, abs=5e-4)
    assert best.fun / 2 == pytest.approx(0.693, abs=5e-4)
    assert at(2) + at(-2) > best.fun + 0.5
    assert at(8) < at(4) < at(0)  # over the chosen order alone it goes on falling


@pytest.mark.parametrize(("p", "m"), [(0.75, 0.0), (0.75, 1.0), (0.6, 2.0), (0.9, 3.0)])
def test_eq_rwm_margin_asks_for_more_than_the_log_odds(p, m):
    """Where p of the choices go one way, the best difference solves p sigmoid(m - d) = (1 - p) sigmoid(m + d)."""
    root = brentq(lambda d: p * expit(m - d) - (1 - p) * expit(m + d), -20, 20)
    best = minimize_scalar(
        lambda d: p * at(d, margin=m) + (1 - p) * at(-d, margin=m), bounds=(-20, 20), method="bounded"
    )
    assert best.x == pytest.approx(root, abs=1e-3)
    assert root > logit(p) + 0.1 if m else root == pytest.approx(logit(p))


def test_at_margin_one_a_difference_that_reads_as_80_percent_belongs_to_69():
    d = logit(0.8)
    p = brentq(
        lambda p: minimize_scalar(lambda x: p * at(x, margin=1.0) + (1 - p) * at(-x, margin=1.0)).x - d, 0.5, 0.8
    )
    assert p == pytest.approx(0.69, abs=0.005)


def test_at_its_margin_a_pair_is_treated_as_equal_scores_are_without():
    assert at(1.7, margin=1.7) == pytest.approx(np.log(2)) == at(0.0)


def test_a_centring_term_with_a_minus_has_no_minimum():
    """By the formula itself, since the lab refuses it."""
    k = np.array([0.0, 1, 10, 100, 1000])
    fixed = -log_expit(1.0)
    np.testing.assert_allclose(pair_loss(k + 0.5, k - 0.5, centring=0.01)[0], fixed + 0.01 * (2 * k) ** 2)
    assert np.all(np.diff(fixed - 0.01 * (2 * k) ** 2) < 0)
    assert fixed - 0.01 * 2000.0**2 < -30_000


@pytest.mark.parametrize(("c", "lead"), [(0.0, 4.0), (0.01, 3.55), (0.1, 2.17), (1.0, 0.63)])
def test_centring_of_three_replies_squeezes_their_lead(c, lead):
    """The second exercise: true scores 2, 0, -2, compared in pairs; scipy's minimum of the expected loss."""
    true = np.array([2.0, 0, -2])

    def loss(r):
        total = 0.0
        for i, j in ((0, 1), (0, 2), (1, 2)):
            p = expit(true[i] - true[j])
            both = [pair_loss(r[[a]], r[[b]], centring=c)[0][0] for a, b in ((i, j), (j, i))]
            total += p * both[0] + (1 - p) * both[1]
        return total

    r = minimize(loss, np.array([0.1, 0.0, -0.1]), tol=1e-10).x
    assert r[0] - r[2] == pytest.approx(lead, abs=0.01)


@pytest.mark.parametrize("p", [0.5, 0.6, 0.9])
def test_ceiling_and_second_opinion_by_enumeration(p):
    """Four outcomes of two labels of one pair; the best fixed guess; both as the chapter has them."""
    both = {(a, b): (p if a else 1 - p) * (p if b else 1 - p) for a, b in product((0, 1), repeat=2)}
    assert sum(q for (a, b), q in both.items() if a == b) == pytest.approx(p**2 + (1 - p) ** 2)
    best = max(sum(q for (a, _), q in both.items() if a == guess) for guess in (0, 1))
    assert best == pytest.approx(max(p, 1 - p))


def test_log_odds_of_both_orders_average_the_place_away():
    prompts = ["<user> last c a b <assistant>"] * 2
    a, b = ["a b <end>", "b a <end>"], ["sure a b <end>", "last c a b <end>"]
    fair, placed = Annotator(temperature=0.6), Annotator(temperature=0.6, position=0.6)
    first, second = sureness(placed, (prompts, a, b)), 1 - sureness(placed, (prompts, b, a))
    values = [[fair.value(p, r) for p, r in zip(prompts, side, strict=True)] for side in (a, b)]
    np.testing.assert_allclose((logit(first) + logit(second)) / 2, np.subtract(*values) / 0.6)
    assert placed.probability(prompts[0], a[0], a[0]) == pytest.approx(expit(1.0))
