"""Every displayed formula of chapters/direct-preference-optimization.md, against a calculation of another kind."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize
from scipy.special import expit, log_expit, logsumexp
from scipy.stats import norm

from tinylab.exact import expected, kl, softmax, tilted
from tinylab.model import TinyLM
from tinylab.preferences import Comparisons, dpo, implicit_reward, pair_tokens, response_logp
from tinylab.sampling import enumerate_responses
from tinylab.world import END, ID, V, ask, decode, encode

P_REF = np.array([0.62, 0.13, 0.12, 0.03, 0.08, 0.02])
REWARD = np.array([1.0, 1.6, 0.0, 0.6, -0.2, 0.0])
LENGTH = np.array([3, 4, 3, 4, 5, 2])
BETAS = pytest.mark.parametrize("beta", [0.3, 1.0, 3.0])
FIRST, SECOND = (index.ravel() for index in np.indices((6, 6)))
SHARE = P_REF[FIRST] * P_REF[SECOND] * expit(REWARD[FIRST] - REWARD[SECOND])


def list_loss(logp, beta, share=SHARE, length=None):
    """The loss on the list from its definition, by scipy's functions: logp (6,) -> float."""
    gain = (logp - np.log(P_REF)) / (1 if length is None else length)
    return -share @ log_expit(beta * (gain[FIRST] - gain[SECOND]))


def fitted(beta, **how):
    """Minimised over the simplex by a general optimiser that knows no gradient of ours."""
    best = minimize(lambda theta: list_loss(theta - logsumexp(theta), beta, **how), np.log(P_REF), tol=1e-12)
    return softmax(best.x)


@BETAS
def test_the_tilted_reference_maximises_reward_less_beta_kl(beta):
    """Eq. eq-dpo-optimum, against a general optimiser."""
    best = minimize(lambda theta: beta * kl(softmax(theta), P_REF) - expected(softmax(theta), REWARD), np.zeros(6))
    np.testing.assert_allclose(tilted(P_REF, REWARD, beta), softmax(best.x), atol=1e-4)


@BETAS
def test_the_reward_comes_back_up_to_a_constant_per_prompt(beta):
    """Eq. eq-dpo-reward: the constant is beta log Z, with Z summed in the open."""
    constants = []
    for ref, reward in ((P_REF, REWARD), (np.array([0.6, 0.4]), np.array([1.0, -1.0]))):
        Z = sum(p * np.exp(r / beta) for p, r in zip(ref, reward, strict=True))
        back = beta * np.log(tilted(ref, reward, beta) / ref) + beta * np.log(Z)
        np.testing.assert_allclose(back, reward, atol=1e-12)
        constants.append(beta * np.log(Z))
    assert abs(constants[0] - constants[1]) > 0.01


def test_the_choice_probability_is_that_of_two_noisy_impressions():
    """Eq. eq-dpo-bt is a logistic law: the odds of i over k are those of i over j times those of j over k."""
    r_hat = 0.5 * np.log(tilted(P_REF, REWARD, 0.5) / P_REF)
    odds = np.exp(r_hat[:, None] - r_hat[None, :])
    np.testing.assert_allclose(odds[0, 1] * odds[1, 2], odds[0, 2])
    np.testing.assert_allclose(odds / (1 + odds), expit(REWARD[:, None] - REWARD[None, :]))
    gumbel = np.random.default_rng(0).gumbel(size=(200_000, 2)) + REWARD[[0, 1]]
    assert np.mean(gumbel[:, 0] > gumbel[:, 1]) == pytest.approx(odds[0, 1] / (1 + odds[0, 1]), abs=4e-3)
    assert norm.cdf(-0.6) != pytest.approx(odds[0, 1] / (1 + odds[0, 1]), abs=0.05)  # a normal law would differ


def test_the_loss_is_the_reference_library_s():
    """TRL's form, -logsigmoid(beta * ((lp_c - lp_r) - (ref_c - ref_r))), on numbers worked by hand."""
    logp, ref = np.array([[-3.0, -4.0, -1.0], [-12.0, -4.0, -1.0]]), np.array([[-7.0, -4.0, -3.0], [-6.0, -4.0, -0.5]])
    for beta in (0.1, 0.5):
        library = -log_expit(beta * ((logp[0] - logp[1]) - (ref[0] - ref[1])))
        np.testing.assert_allclose(dpo(logp, ref, beta)[0], library, atol=1e-14)
    loss, weights = dpo(logp, ref, 0.1)  # margins 1, 0 and 0.25
    np.testing.assert_allclose(loss, np.log([1 + np.exp(-1), 2, 1 + np.exp(-0.25)]))
    np.testing.assert_allclose(weights[0], [0.1 / (1 + np.e), 0.05, 0.1 / (1 + np.exp(0.25))])
    np.testing.assert_allclose(weights[1], -weights[0])


@BETAS
def test_the_gradient_is_the_weighted_difference(beta):
    """Eq. eq-dpo-gradient, in the logits of the list, by central differences of the loss."""
    theta = np.random.default_rng(0).normal(size=6)
    logp = theta - logsumexp(theta)
    weights = dpo(np.stack([logp[FIRST], logp[SECOND]]), np.log(np.stack([P_REF[FIRST], P_REF[SECOND]])), beta)[1]
    one_hot = np.eye(6)
    analytic = (SHARE * weights[0]) @ (one_hot[FIRST] - one_hot[SECOND])  # grad log p_i - grad log p_j = e_i - e_j
    for k, h in enumerate(1e-5 * one_hot):
        up, down = (list_loss(t - logsumexp(t), beta) for t in (theta + h, theta - h))
        assert -(up - down) / 2e-5 == pytest.approx(analytic[k], abs=1e-8)


@BETAS
def test_the_optimum_of_the_loss_is_the_tilted_reference(beta):
    np.testing.assert_allclose(fitted(beta), tilted(P_REF, REWARD, beta), atol=2e-5)


def test_a_surer_annotator_is_a_smaller_beta():
    share = P_REF[FIRST] * P_REF[SECOND] * expit((REWARD[FIRST] - REWARD[SECOND]) / 0.3)
    np.testing.assert_allclose(fitted(2.0, share=share), tilted(P_REF, REWARD, 0.6), atol=2e-5)


def test_averaging_over_tokens_has_an_optimum_of_its_own():
    """pi = ref * exp(|y| (r + c) / beta), with c from a root finder: fits each choice, moves long replies further."""
    c = brentq(lambda c: P_REF @ np.exp(LENGTH * (REWARD + c)) - 1, -5, 5)
    closed_form = P_REF * np.exp(LENGTH * (REWARD + c))
    np.testing.assert_allclose(fitted(1.0, length=LENGTH), closed_form, atol=2e-4)
    assert closed_form[2] / closed_form[5] < 0.5 * P_REF[2] / P_REF[5]  # equal reward, three tokens and two
    assert kl(closed_form, P_REF) > 3 * kl(tilted(P_REF, REWARD, 1.0), P_REF)


def test_kl_at_the_optimum_falls_with_beta_at_the_rate_of_the_reward_s_variance():
    """d KL / d(1/beta) = Var(r) / beta under the tilted policy: never negative, so a larger beta is nearer."""
    for beta in (0.1, 0.5, 2.0):
        p, h = tilted(P_REF, REWARD, beta), 1e-5
        nearby = [kl(tilted(P_REF, REWARD, 1 / (1 / beta + step)), P_REF) for step in (h, -h)]
        variance = expected(p, REWARD**2) - expected(p, REWARD) ** 2
        assert (nearby[0] - nearby[1]) / (2 * h) == pytest.approx(variance / beta, rel=1e-5)


def test_on_a_list_a_single_pair_lifts_its_chosen_reply():
    """d log p_chosen = w (1 - p_chosen + p_rejected) for a step of one pair, by finite differences."""
    theta, w, h = np.log(P_REF), 0.05, 1e-6
    for chosen, rejected in ((0, 1), (0, 5), (4, 0)):
        push = w * (np.eye(6)[chosen] - np.eye(6)[rejected])
        moved = [(theta + s * h * push)[chosen] - logsumexp(theta + s * h * push) for s in (1, -1)]
        slope = w * (1 - P_REF[chosen] + P_REF[rejected])
        assert (moved[0] - moved[1]) / (2 * h) == pytest.approx(slope, rel=1e-5)
        assert slope > 0


def test_replies_that_are_never_compared_keep_their_logits():
    """The loss of a policy does not change when the mass of all compared replies is scaled."""
    shown = np.array([True, False, True, True, False, False])
    share = SHARE * shown[FIRST] * shown[SECOND]
    p = np.array([0.3, 0.2, 0.1, 0.1, 0.2, 0.1])
    scaled = np.where(shown, 0.4 * p, p) / (0.4 * p[shown].sum() + p[~shown].sum())
    assert list_loss(np.log(p), 0.3, share) == pytest.approx(list_loss(np.log(scaled), 0.3, share), abs=1e-12)
    assert list_loss(np.log(p), 0.3) != pytest.approx(list_loss(np.log(scaled), 0.3), abs=1e-4)


def test_implicit_reward_is_a_log_ratio_of_enumerated_probabilities():
    models = [TinyLM(V, window=6, embed=3, hidden=5, seed=seed) for seed in (1, 2)]
    rng = np.random.default_rng(0)
    for model in models:
        for p in model.params.values():
            p += rng.normal(0, 0.5, p.shape)
    prompt, words = ask("last", "cab"), [ID["a"], ID["sure"], END]
    small = [model.restricted(words) for model in models]
    listed = [enumerate_responses(model, np.array(encode(prompt)), max_len=2) for model in small]
    texts = [decode(row) for row in listed[0][0]]
    r_hat = implicit_reward(*small, Comparisons([prompt] * len(texts), texts, texts[::-1]), beta=0.4)
    np.testing.assert_allclose(r_hat[0], 0.4 * (listed[0][1] - listed[1][1]), atol=1e-12)
    np.testing.assert_allclose(r_hat[1], r_hat[0][::-1], atol=1e-12)
    pairs = Comparisons([prompt], ["sure a"], ["a <end>"])
    tokens, mask = pair_tokens(pairs)
    loss = dpo(response_logp(small[0], tokens, mask), response_logp(small[1], tokens, mask), 0.4)[0]
    assert -log_expit(np.subtract(*implicit_reward(*small, pairs, 0.4)))[0] == pytest.approx(loss[0])
