import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.stats import entropy as scipy_entropy

from tinylab.exact import entropy, expected, grad_expected, grad_kl, grad_reverse_kl, kl, softmax, tilted

RNG = np.random.default_rng(0)
THETA = RNG.normal(0, 1, 6)
P, Q, REWARD = softmax(THETA), softmax(RNG.normal(0, 1, 6)), RNG.normal(0, 1, 6)


def test_softmax_by_hand_and_without_overflow():
    np.testing.assert_allclose(softmax(np.array([0.0, np.log(3)])), [0.25, 0.75])
    np.testing.assert_allclose(softmax(np.array([0.0, np.log(3)]) + 1e4), [0.25, 0.75])


def test_entropy_and_kl_against_scipy():
    assert entropy(P) == pytest.approx(scipy_entropy(P))
    assert kl(P, Q) == pytest.approx(scipy_entropy(P, Q))
    assert kl(P, Q) != pytest.approx(kl(Q, P))


def test_entropy_and_kl_by_hand():
    assert entropy(np.array([1.0, 0.0])) == 0
    assert entropy(np.full(8, 1 / 8)) == pytest.approx(np.log(8))
    assert kl([0.5, 0.5], [0.9, 0.1]) == pytest.approx(0.5 * np.log(25 / 9))
    assert kl([1.0, 0.0], [0.5, 0.5]) == pytest.approx(np.log(2))
    with np.errstate(all="raise"):
        assert kl([0.5, 0.5], [1.0, 0.0]) == np.inf
    assert kl([0.0, 1.0], [0.0, 1.0]) == 0


def test_tilted_is_the_optimum_of_reward_minus_beta_kl():
    beta = 0.7
    best = tilted(P, REWARD, beta)

    def objective(q):
        return expected(q, REWARD) - beta * kl(q, P)

    others = RNG.dirichlet(np.ones(6), size=2000)
    nearby = [0.99 * best + 0.01 * q for q in others]
    assert objective(best) > max(map(objective, [*others, *nearby]))
    z = np.sum(P * np.exp(REWARD / beta))
    assert objective(best) == pytest.approx(beta * np.log(z))


def test_tilted_by_hand_zero_stays_zero_and_beta_is_positive():
    np.testing.assert_allclose(tilted(np.array([0.5, 0.5]), [0, np.log(3)], 1), [0.25, 0.75])
    np.testing.assert_allclose(tilted(np.array([0.5, 0.5, 0.0]), [0, 0, 100], 1), [0.5, 0.5, 0])
    np.testing.assert_allclose(tilted(P, REWARD, 1e9), P)
    with pytest.raises(ValueError, match="got 0"):
        tilted(P, REWARD, 0)


@pytest.mark.parametrize(
    ("function", "gradient"),
    [
        (lambda theta: expected(softmax(theta), REWARD), lambda p: grad_expected(p, REWARD)),
        (lambda theta: kl(softmax(theta), Q), lambda p: grad_kl(p, Q)),
        (lambda theta: kl(Q, softmax(theta)), lambda p: grad_reverse_kl(p, Q)),
    ],
    ids=["expected reward", "KL(p || q)", "KL(q || p)"],
)
def test_gradients_in_the_logits_against_finite_differences(function, gradient):
    np.testing.assert_allclose(gradient(P), approx_fprime(THETA, function, 1e-7), atol=1e-6)
