"""Every displayed formula of chapters/kl-control.md, and the signs and numbers that others print wrongly."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize
from scipy.stats import entropy as scipy_kl

from tinylab.exact import kl, softmax, tilted
from tinylab.kl_estimators import exact, k1, k2, k3, loss_weight, two_tokens

RNG = np.random.default_rng(0)
PI, REF = np.array([0.7, 0.2, 0.1]), np.array([0.3, 0.3, 0.4])
RATIO = np.log(PI) - np.log(REF)
KINDS = {"k1": k1, "k2": k2, "k3": k3}


def test_the_objective_is_one_expectation():
    r = RNG.normal(size=3)
    assert PI @ (r - 0.3 * RATIO) == pytest.approx(PI @ r - 0.3 * scipy_kl(PI, REF))


def test_the_optimum_against_a_minimiser_and_its_constant_is_beta_log_z():
    r, beta = np.array([0.2, 1.0, -0.5]), 0.4

    def loss(theta):
        p = softmax(theta)
        return -(p @ r - beta * scipy_kl(p, REF))

    found = minimize(loss, np.zeros(3), tol=1e-12)
    best, Z = tilted(REF, r, beta), REF @ np.exp(r / beta)
    np.testing.assert_allclose(softmax(found.x), best, atol=1e-5)
    np.testing.assert_allclose(r - beta * np.log(best / REF), beta * np.log(Z))
    assert -found.fun == pytest.approx(beta * np.log(Z))
    assert best[0] / best[1] == pytest.approx(REF[0] / REF[1] * np.exp((0.2 - 1.0) / beta))


@pytest.mark.parametrize("beta", [0.2, 0.5, 2.0])
def test_beta_is_the_slope_of_reward_against_kl_at_the_optimum(beta):
    r = np.array([0.2, 1.0, -0.5])
    up, down = (tilted(REF, r, beta * (1 + e)) for e in (1e-4, -1e-4))
    assert (up - down) @ r / (scipy_kl(up, REF) - scipy_kl(down, REF)) == pytest.approx(beta, rel=1e-3)


def test_signs_of_the_estimators_by_hand():
    """Policy minus reference: log 2 for a reply that the policy likes twice as much."""
    twice = np.log(2)
    assert (k1(twice), k2(twice), k3(twice)) == pytest.approx((0.693147, 0.240227, 0.193147), abs=1e-6)
    assert k3(-twice) == pytest.approx(2 - 1 - twice)


def test_means_of_the_estimators_and_of_the_swapped_ratio():
    true, chi2 = scipy_kl(PI, REF), np.sum(PI**2 / REF) - 1
    means = {name: exact(PI, k(RATIO))[0] for name, k in KINDS.items()}
    swapped = {name: exact(PI, k(-RATIO))[0] for name, k in KINDS.items()}
    assert means["k1"] == pytest.approx(true)
    assert means["k3"] == pytest.approx(true)
    assert abs(means["k2"] - true) > 0.005
    assert swapped["k1"] == pytest.approx(-true)
    assert swapped["k3"] == pytest.approx(chi2 - true)
    assert swapped["k3"] > 1.1 * true
    assert swapped["k2"] == pytest.approx(means["k2"])  # why a test of this branch alone shows nothing
    assert k3(RATIO).min() >= 0


def test_spread_of_the_estimators_against_draws():
    drawn = RNG.choice(3, p=PI, size=400_000)
    for k in KINDS.values():
        mean, spread = exact(PI, k(RATIO))
        assert k(RATIO)[drawn].mean() == pytest.approx(mean, abs=4 * spread / 600)
        assert k(RATIO)[drawn].std() == pytest.approx(spread, rel=0.02)


def test_k3_lacks_what_the_policy_cannot_say():
    cut, held = np.array([0.7, 0.3]), REF[:2]
    ratio = np.log(cut / held)
    assert cut @ k1(ratio) == pytest.approx(scipy_kl([0.7, 0.3, 0], REF))
    assert cut @ k3(ratio) == pytest.approx(scipy_kl([0.7, 0.3, 0], REF) - REF[2])


def numeric_loss_gradient(k, theta):
    """d/d theta of sum_y p_fixed(y) k(log pi_theta(y) - log ref(y)): what a library differentiates."""
    fixed = softmax(theta)
    return approx_fprime(theta, lambda t: fixed @ k(np.log(softmax(t)) - np.log(REF)), 1e-7)


@pytest.mark.parametrize(
    ("name", "divergence"),
    [("k1", lambda p: 0.0), ("k2", lambda p: scipy_kl(p, REF)), ("k3", lambda p: scipy_kl(REF, p))],
)
def test_eq_klc_loss_what_each_estimator_follows_as_a_loss(name, divergence):
    theta = np.log(PI)
    onehot = np.eye(3) - PI
    update = (PI * loss_weight(name, RATIO)) @ onehot  # up the weighted log-probabilities
    np.testing.assert_allclose(-update, numeric_loss_gradient(KINDS[name], theta), atol=1e-6)
    np.testing.assert_allclose(-update, approx_fprime(theta, lambda t: divergence(softmax(t)), 1e-7), atol=1e-6)


def test_an_unknown_estimator_is_named():
    with pytest.raises(ValueError, match="k4"):
        loss_weight("k4", RATIO)


def test_the_optimum_of_k3_as_a_loss():
    r, beta = np.array([0.2, 1.0, -0.5]), 0.4
    found = minimize(lambda t: -(softmax(t) @ r - beta * scipy_kl(REF, softmax(t))), np.zeros(3), tol=1e-12)
    level = r + beta * REF / softmax(found.x)
    np.testing.assert_allclose(level, level[0], atol=1e-4)
    assert level[0] > r.max()


THETA, THETA_REF = RNG.normal(size=12), RNG.normal(size=12)


def test_two_tokens_against_finite_differences():
    logp, d = two_tokens(THETA)
    assert (logp.shape, d.shape) == ((9, 2), (9, 2, 12))
    assert np.exp(logp.sum(axis=1)).sum() == pytest.approx(1)
    for y in range(9):
        for t in range(2):
            numeric = approx_fprime(THETA, lambda theta, y=y, t=t: two_tokens(theta)[0][y, t], 1e-7)
            np.testing.assert_allclose(d[y, t], numeric, atol=1e-6)
    with pytest.raises(ValueError, match="7"):
        two_tokens(np.zeros(7))


def joint(theta):
    return np.exp(two_tokens(theta)[0].sum(axis=1))


@pytest.mark.parametrize(("name", "forward"), [("k2", True), ("k3", False)])
def test_whole_replies_are_exact_and_tokens_are_not(name, forward):
    (logp, d), (ref_logp, _) = two_tokens(THETA), two_tokens(THETA_REF)
    p, q, ratio = joint(THETA), joint(THETA_REF), logp - ref_logp

    def divergence(theta):
        return scipy_kl(joint(theta), q) if forward else scipy_kl(q, joint(theta))

    true = approx_fprime(THETA, divergence, 1e-7)
    whole = np.repeat(ratio.sum(axis=1, keepdims=True), 2, axis=1)
    exactly = -np.einsum("y,yt,ytp->p", p, loss_weight(name, whole), d)
    per_token = -np.einsum("y,yt,ytp->p", p, loss_weight(name, ratio), d)
    np.testing.assert_allclose(exactly, true, atol=1e-6)
    assert np.linalg.norm(per_token - true) > 0.05 * np.linalg.norm(true)


def test_the_numbers_of_the_chapters_two_token_policy():
    theta = np.log([0.7, 0.3, 0.9, 0.1, 0.5, 0.5])
    (logp, d), (ref_logp, _) = two_tokens(theta), two_tokens(np.zeros(6))
    p, ratio = joint(theta), logp - ref_logp
    quarter = np.full(4, 0.25)
    off = []
    for name, divergence in (
        ("k2", lambda t: scipy_kl(joint(t), quarter)),
        ("k3", lambda t: scipy_kl(quarter, joint(t))),
    ):
        true = approx_fprime(theta, divergence, 1e-8)
        per_token = -np.einsum("y,yt,ytp->p", p, loss_weight(name, ratio), d)
        off.append(np.linalg.norm(per_token - true) / np.linalg.norm(true))
    assert off == pytest.approx([0.266, 0.283], abs=0.001)
    to_go = np.cumsum(ratio[:, ::-1], axis=1)[:, ::-1]
    true = approx_fprime(theta, lambda t: scipy_kl(joint(t), quarter), 1e-8)
    np.testing.assert_allclose(np.einsum("y,yt,ytp->p", p, to_go, d), true, atol=1e-6)


def test_per_token_estimates_are_unbiased_and_their_variance_differs():
    (logp, _), (ref_logp, _) = two_tokens(THETA), two_tokens(THETA_REF)
    p, q, ratio = joint(THETA), joint(THETA_REF), logp - ref_logp
    true = scipy_kl(p, q)
    assert p @ k1(ratio).sum(axis=1) == pytest.approx(true)
    assert p @ k3(ratio).sum(axis=1) == pytest.approx(true)
    assert p @ k3(ratio.sum(axis=1)) == pytest.approx(true)


def test_tilting_twice_adds_the_inverse_prices():
    r = RNG.normal(size=3)
    np.testing.assert_allclose(tilted(tilted(REF, r, 0.5), r, 0.3), tilted(REF, r, 0.15 / 0.8))
    assert kl(tilted(REF, r, 0.15 / 0.8), REF) > kl(tilted(REF, r, 0.3), REF)


def test_k3_per_token_weighs_beginnings_by_the_policy_and_the_whole_reply_by_the_reference():
    theta, ref = RNG.normal(0, 1, 12), RNG.normal(0, 1, 12)  # three tokens
    (logp, d), (logr, _) = two_tokens(theta), two_tokens(ref)
    p, ratio = np.exp(logp.sum(axis=1)), logp - logr
    per_token = -np.einsum("y,yt,ytp->p", p, loss_weight("k3", ratio), d)
    whole = np.repeat(ratio.sum(axis=1, keepdims=True), 2, axis=1)
    at_once = -np.einsum("y,yt,ytp->p", p, loss_weight("k3", whole), d)
    first, first_ref = (softmax(logits[:3]) for logits in (theta, ref))
    np.testing.assert_allclose(per_token[:3], at_once[:3], atol=1e-12)
    np.testing.assert_allclose(at_once[:3], first - first_ref, atol=1e-12)
    for k in range(3):
        rows = slice(3 + 3 * k, 6 + 3 * k)
        pull = softmax(theta[rows]) - softmax(ref[rows])  # gradient of KL(ref || pi) of this next token
        np.testing.assert_allclose(per_token[rows], first[k] * pull, atol=1e-12)
        np.testing.assert_allclose(at_once[rows], first_ref[k] * pull, atol=1e-12)
