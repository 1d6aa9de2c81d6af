"""Mistakes that stand in other books and programs, each computed beside what is right.

One test per mistake. The lab's functions are held against something that does not use them: enumeration, a closed
form, finite differences, or numbers worked by hand. A test that passes for both versions would be of no use, so each
one also asserts that the mistaken version gives another result.
"""

import numpy as np
import pytest
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, log_expit, log_softmax, logsumexp

from tinylab import kl_estimators, ppo
from tinylab.annotators import Annotator
from tinylab.assistant import instructed_model, letters_of, requests
from tinylab.best_of_n import best_of_n, candidates
from tinylab.exact import grad_kl, grad_reverse_kl, kl, softmax, tilted
from tinylab.model import TinyLM
from tinylab.preferences import Comparisons, compare, dpo, implicit_reward, pair_tokens, response_logp, train_dpo
from tinylab.reward_model import pair_loss
from tinylab.training import train
from tinylab.world import END, V, ask, batch

PI, REF = np.array([0.7, 0.2, 0.1]), np.array([0.2, 0.2, 0.6])  # over three tokens
KL = 0.7 * np.log(0.7 / 0.2) + 0.1 * np.log(0.1 / 0.6)  # 0.698 nats


def estimators(log_ratio):
    """k1, k2 and k3 (schulman2020kl) for samples from pi, with log_ratio = log pi - log ref, written out."""
    return log_ratio, log_ratio**2 / 2, np.exp(-log_ratio) - 1 + log_ratio


def central(f, theta, h=1e-6):
    """Numerical gradient of a function of a vector."""
    return np.array([(f(theta + h * e) - f(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


def test_kl_estimators_take_log_pi_minus_log_ref():
    k1, k2, k3 = (float(PI @ k) for k in estimators(np.log(PI / REF)))
    assert kl(PI, REF) == pytest.approx(KL, abs=1e-12)
    lab = [kl_estimators.k1, kl_estimators.k2, kl_estimators.k3]
    np.testing.assert_allclose([float(PI @ k(np.log(PI / REF))) for k in lab], [k1, k2, k3])
    assert k1 == pytest.approx(KL)
    assert k3 == pytest.approx(KL)
    assert k2 == pytest.approx(0.7 * np.log(3.5) ** 2 / 2 + 0.1 * np.log(6) ** 2 / 2)  # biased: 0.710
    assert abs(k2 - KL) > 1e-3

    turned = [float(PI @ k) for k in estimators(np.log(REF / PI))]  # the ratio the other way round
    assert turned[0] == pytest.approx(-KL)
    assert turned[1] == pytest.approx(k2)  # the symmetric one: a test of it alone sees nothing
    chi_squared = np.sum((PI - REF) ** 2 / REF)
    assert turned[2] == pytest.approx(chi_squared - KL)  # another divergence than KL(pi || ref) or KL(ref || pi)
    assert abs(turned[2] - KL) > 0.02
    assert abs(turned[2] - kl(REF, PI)) > 0.02


def test_a_good_kl_estimator_is_not_a_good_loss():
    """Whole responses: E_pi[grad k], with the sampling held fixed, against exact gradients of both divergences."""
    theta = np.log(PI)

    def mean_of(which):
        return central(lambda t: float(PI @ estimators(log_softmax(t) - np.log(REF))[which]), theta)

    for which, name in enumerate(("k1", "k2", "k3")):  # the lab's weights w, in sum p w grad log p = p w - p sum(p w)
        w = PI * kl_estimators.loss_weight(name, np.log(PI / REF))
        np.testing.assert_allclose(w - PI * w.sum(), -mean_of(which), atol=1e-9)
    np.testing.assert_allclose(mean_of(0), 0, atol=1e-9)
    np.testing.assert_allclose(mean_of(1), grad_kl(PI, REF), atol=1e-9)
    np.testing.assert_allclose(mean_of(2), grad_reverse_kl(PI, REF), atol=1e-9)
    np.testing.assert_allclose(grad_kl(PI, REF), central(lambda t: kl(softmax(t), REF), theta), atol=1e-9)
    np.testing.assert_allclose(grad_reverse_kl(PI, REF), central(lambda t: kl(REF, softmax(t)), theta), atol=1e-9)
    assert np.abs(grad_kl(PI, REF) - grad_reverse_kl(PI, REF)).max() > 0.05


def test_per_token_kl_losses_drop_what_a_token_does_to_later_ones():
    """A policy of two tokens out of three, enumerated: k2 and k3 summed over tokens have another gradient."""
    rng = np.random.default_rng(0)
    theta, ref = rng.normal(size=(2, 4, 3))  # row 0: first token; row 1 + a: second token after a
    ref = log_softmax(ref, axis=1)

    def logs(flat):
        """Log-probabilities (3, 3, 2) of both tokens of each of nine responses."""
        rows = log_softmax(flat.reshape(4, 3), axis=1)
        return np.stack([np.repeat(rows[0][:, None], 3, axis=1), rows[1:]], axis=-1)

    flat, ref_logs = theta.ravel(), logs(ref.ravel())
    p = np.exp(logs(flat).sum(axis=-1))
    assert p.sum() == pytest.approx(1)

    def exact(t, reverse):
        a, b = logs(t).sum(axis=-1), ref_logs.sum(axis=-1)
        return float(np.sum(np.exp(b) * (b - a)) if reverse else np.sum(np.exp(a) * (a - b)))

    for which, reverse in ((1, False), (2, True)):
        target = central(lambda t, reverse=reverse: exact(t, reverse), flat)
        whole = central(lambda t, k=which: float(np.sum(p * estimators((logs(t) - ref_logs).sum(-1))[k])), flat)
        per_token = central(lambda t, k=which: float(np.sum(p * estimators(logs(t) - ref_logs)[k].sum(-1))), flat)
        np.testing.assert_allclose(whole, target, atol=1e-7)
        assert np.linalg.norm(per_token - target) > 0.1 * np.linalg.norm(target)


def test_bradley_terry_over_both_orders_teaches_constant_rewards():
    both = minimize_scalar(lambda gap: pair_loss(gap, 0.0)[0] + pair_loss(0.0, gap)[0])
    assert both.x == pytest.approx(0, abs=1e-6)
    assert both.fun == pytest.approx(1.386, abs=5e-4)
    assert both.fun / 2 == pytest.approx(0.693, abs=5e-4)
    assert pair_loss(2.0, 0.0)[0] + pair_loss(0.0, 2.0)[0] > both.fun + 0.5  # spread rewards cost more
    assert pair_loss(9.0, 0.0)[0] < 1e-3  # over the chosen order alone, to tell apart is to gain
    assert pair_loss(2.0, 1.0)[0] == pytest.approx(-log_expit(1.0))


def test_centring_has_a_plus_sign():
    centred = minimize(lambda r: float(pair_loss(r[0], r[1], centring=0.01)[0]), np.array([3.0, 2.0]))
    assert centred.x.sum() == pytest.approx(0, abs=1e-3)
    assert pair_loss(2.0, 1.0, centring=0.01)[0] == pytest.approx(-log_expit(1.0) + 0.01 * 9)
    with pytest.raises(ValueError, match="no minimum"):
        pair_loss(2.0, 1.0, centring=-0.01)
    wrong = [-log_expit(1.0) - 0.01 * (2 * level + 1) ** 2 for level in (0, 10, 100)]  # the same gap, ever higher
    assert wrong[0] > wrong[1] > wrong[2]
    assert wrong[2] < -400


def test_ppo_takes_the_minimum_and_not_the_clipped_ratio():
    assert ppo.clip_objective(3.0, -1.0, 0.2) == pytest.approx(-3)
    assert np.clip(3.0, 0.8, 1.2) * -1.0 == pytest.approx(-1.2)  # without the minimum
    for ratio, advantage, value, weight in (
        (1.5, 1.0, 1.2, 0.0),
        (0.5, 1.0, 0.5, 0.5),
        (1.5, -1.0, -1.5, -1.5),
        (0.5, -1.0, -0.8, 0.0),
        (1.1, 2.0, 2.2, 2.2),
    ):
        assert ppo.clip_objective(ratio, advantage, 0.2) == pytest.approx(value)
        h = 1e-6  # in log pi, in which d ratio = ratio: the weight of the token
        ends = [ppo.clip_objective(ratio * np.exp(step), advantage, 0.2) for step in (h, -h)]
        assert (ends[0] - ends[1]) / (2 * h) == pytest.approx(weight, abs=1e-5)
        assert ppo.clip_weights(ratio, advantage, 0.2) == pytest.approx(weight)


def test_the_ratio_is_to_the_policy_that_sampled():
    """Before the first step of a round pi is pi_old, and each token has its advantage as weight, wherever ref is."""
    pi, old, ref = np.log([0.7, 0.1]), np.log([0.7, 0.1]), np.log([0.2, 0.6])
    advantage = np.array([1.0, -1.0])
    np.testing.assert_allclose(ppo.clip_weights(np.exp(pi - old), advantage, 0.2), advantage)
    np.testing.assert_allclose(ppo.clip_weights(np.exp(pi - ref), advantage, 0.2), 0)  # a policy that never moves on
    charged = ppo.token_rewards(np.array([2.0]), pi[None], ref[None], np.ones((1, 2)), beta=0.5)
    by_hand = [-0.5 * np.log(0.7 / 0.2), -0.5 * np.log(0.1 / 0.6) + 2]  # the charge on KL is to the reference
    np.testing.assert_allclose(charged[0], by_hand)


def test_best_of_n_is_not_top_n():
    ref, reward = np.array([0.5, 0.3, 0.2]), np.array([0.0, 1.0, 2.0])
    listed = np.zeros(3)
    for i in range(3):  # two independent draws, all nine cases
        for j in range(3):
            listed[i if reward[i] > reward[j] else j] += ref[i] * ref[j]
    np.testing.assert_allclose(best_of_n(ref, reward, 2), listed)
    np.testing.assert_allclose(listed, [0.25, 0.39, 0.36])
    most_likely = np.argsort(-ref)[:2]
    assert most_likely[np.argmax(reward[most_likely])] == 1  # top-2 would return the second one each time
    drawn, scores = candidates(
        TinyLM(V, seed=0),
        lambda x, y: np.array([len(t) for t in y]),
        [ask("last", "cab")],
        9,
        np.random.default_rng(0),
        3,
    )
    kept = drawn[0][np.argmax(scores[0])]  # argmax: what is kept is a response and not its score
    assert isinstance(kept, str)
    assert len(kept) == scores[0].max()


LIST, VALUE = np.array([0.62, 0.13, 0.12, 0.03, 0.08, 0.02]), np.array([1.0, 1.6, 0.0, 0.6, -0.2, 0.0])
FIRST, SECOND = (index.ravel() for index in np.indices((6, 6)))


def descend(beta, steps, lr, share):
    """DPO's weights on a list of replies, followed by plain gradient ascent of the weighted log-probabilities."""
    theta, logref = np.log(LIST), np.log(LIST)
    for _ in range(steps):
        logp = theta - logsumexp(theta)
        _, w = dpo(np.stack([logp[FIRST], logp[SECOND]]), np.stack([logref[FIRST], logref[SECOND]]), beta)
        theta = theta + lr * (np.bincount(FIRST, share * w[0], 6) + np.bincount(SECOND, share * w[1], 6))
    return softmax(theta)


BETAS = (0.03, 0.1, 0.3, 1.0, 3.0)
WAVERING = LIST[FIRST] * LIST[SECOND] * expit(VALUE[FIRST] - VALUE[SECOND])
SURE = LIST[FIRST] * LIST[SECOND] * (VALUE[FIRST] > VALUE[SECOND])


def test_larger_beta_is_closer_at_the_optimum_of_dpo():
    at_optimum = [kl(tilted(LIST, VALUE, beta), LIST) for beta in BETAS]
    assert np.all(np.diff(at_optimum) < 0)
    for beta, exact in zip(BETAS[2:], at_optimum[2:], strict=True):
        assert kl(descend(beta, 2000, 4 / beta**2, WAVERING), LIST) == pytest.approx(exact, abs=1e-8)


def test_larger_beta_is_further_in_the_first_plain_steps_of_dpo():
    assert np.all(np.diff([kl(descend(beta, 20, 0.25, WAVERING), LIST) for beta in BETAS]) > 0)
    _, weights = dpo(np.zeros((2, 1)), np.zeros((2, 1)), 3.0)
    np.testing.assert_allclose(weights[:, 0], [1.5, -1.5])  # beta / 2 at margin zero


def test_with_sure_choices_dpo_has_no_finite_optimum():
    for beta in (0.3, 3.0):
        further = [kl(descend(beta, steps, 1.0, SURE), LIST) for steps in (30, 300, 3000)]
        assert further[0] + 0.1 < further[1] < further[2] - 0.1
        assert further[2] < -np.log(LIST[1])  # certainty of the best reply
    assert further[1] > 10 * kl(tilted(LIST, VALUE, 3.0), LIST)


@pytest.mark.parametrize("seed", range(5))
def test_larger_beta_is_closer_after_300_steps_of_adam(seed):
    ref, known = instructed_model(seed), letters_of(seed)[0]
    rng = np.random.default_rng(seed)
    pairs = compare(ref, requests(1600, known, rng), Annotator(temperature=0.3), rng).first(200)
    gaps = []
    for beta in (0.03, 3.0):
        model = ref.copy()
        train_dpo(model, ref, pairs, np.random.default_rng(seed), beta, lr=1e-3, steps=300, batch_size=16)
        gaps.append(np.square(implicit_reward(model, ref, pairs, 1.0)).mean() ** 0.5)
    assert gaps[0] > 3 * gaps[1]


def test_dpo_sums_log_probabilities_over_tokens():
    model, ref = TinyLM(V, seed=0), TinyLM(V, seed=1)
    pairs = Comparisons([ask("last", "cab")], ["sure a b <end>"], ["sorry <end>"])
    tokens, mask = pair_tokens(pairs)
    summed = np.array([(m.logp(tokens[:, 0]) * mask[:, 0]).sum(axis=1) for m in (model, ref)])  # (models, sides)
    by_hand = -log_expit(0.1 * ((summed[0, 0] - summed[0, 1]) - (summed[1, 0] - summed[1, 1])))
    loss, weights = dpo(response_logp(model, tokens, mask), response_logp(ref, tokens, mask), 0.1)
    assert loss[0] == pytest.approx(by_hand)
    mean = summed / mask[:, 0].sum(axis=1)
    averaged = -log_expit(0.1 * ((mean[0, 0] - mean[0, 1]) - (mean[1, 0] - mean[1, 1])))
    assert abs(averaged - by_hand) > 1e-4
    assert weights[0, 0] == pytest.approx(0.1 * (1 - np.exp(-by_hand)))


def test_the_chosen_log_probability_can_fall_while_the_loss_goes_down():
    """Three replies with one shared parameter: the chosen one lies between the rejected one and a third."""
    features, logref = np.array([1.0, 0.0, 5.0]), np.log([0.3, 0.3, 0.4])

    def logp(t):
        return logref + features * t - logsumexp(logref + features * t)

    t, losses = 0.0, []
    for _ in range(50):
        now = logp(t)
        loss, w = dpo(now[:2, None], logref[:2, None], 1.0)
        losses.append(loss[0])
        mean = np.exp(now) @ features
        t += 0.05 * float(w[0, 0] * (features[0] - mean) + w[1, 0] * (features[1] - mean))
    assert np.all(np.diff(losses) < 0)
    assert logp(t)[0] < np.log(0.3) - 0.3  # chosen
    assert logp(t)[1] < logp(t)[0]  # rejected
    assert logp(t)[2] > np.log(0.4) + 0.3  # and the mass is with the reply that stands in no pair


def test_grpo_s_loss_starts_at_zero_by_sequence_and_not_by_token():
    """Rewards 1, 0, 0, 1 and lengths 2, 5, 5, 3, on-policy (ratio 1), no KL: loss = -mean of the advantages."""
    rewards, lengths = np.array([1.0, 0.0, 0.0, 1.0]), np.array([2, 5, 5, 3])
    advantage = (rewards - 0.5) / (np.sqrt(1 / 3) + 1e-4)  # the standard deviation with n - 1: sqrt(4 * 0.25 / 3)
    assert rewards.std(ddof=1) == pytest.approx(np.sqrt(1 / 3))
    total = -(advantage * lengths).sum()
    assert -advantage.mean() == pytest.approx(0, abs=1e-12)  # each sequence averaged, then their mean
    assert total / lengths.sum() == pytest.approx(0.289, abs=5e-4)  # all tokens alike (DAPO)
    assert total / (4 * 8) == pytest.approx(0.135, abs=5e-4)  # by a constant length, here 8 (Dr. GRPO)
    one_hot_minus_pi = np.array([[0.5, -0.5], [-0.5, 0.5], [-0.5, 0.5], [0.5, -0.5]])  # two replies, pi = 1/2 each
    assert np.abs((advantage[:, None] * one_hot_minus_pi).mean(axis=0)).max() > 0.4  # the gradient is not zero


def test_best_of_n_and_rl_have_different_forms_of_over_optimisation():
    """gao2022overoptimization, with d = sqrt(KL): d (a - b d) for best-of-n, d (a - b log d) for RL."""
    a, b, d = 1.0, 0.3, np.linspace(0.05, 60, 200_001)
    bon, rl = d * (a - b * d), d * (a - b * np.log(d))
    assert d[np.argmax(bon)] == pytest.approx(a / (2 * b), abs=1e-3)
    assert d[np.argmax(rl)] == pytest.approx(np.exp(a / b - 1), abs=1e-3)
    assert d[np.argmax(rl)] > 5 * d[np.argmax(bon)]
    fit = np.linalg.lstsq(np.stack([d[:20_000], d[:20_000] ** 2], axis=1), rl[:20_000], rcond=None)
    assert np.sqrt(fit[1][0] / 20_000) > 0.02  # one form does not stand for the other


def test_kl_div_wants_to_know_that_its_target_is_a_logarithm():
    """The library's pointwise definition, target * (log target - input): KL(target || exp(input))."""

    def kl_div(log_input, target, log_target=False):
        with np.errstate(invalid="ignore"):
            return np.sum(
                np.exp(target) * (target - log_input) if log_target else target * (np.log(target) - log_input)
            )

    assert kl_div(np.log(REF), PI) == pytest.approx(KL)
    assert kl_div(np.log(REF), np.log(PI), log_target=True) == pytest.approx(KL)
    assert np.isnan(kl_div(np.log(REF), np.log(PI)))
    assert abs(kl_div(REF, PI) - KL) > 0.1  # probabilities where logarithms are wanted: a number, and a wrong one


def test_the_stop_token_is_learned_and_an_empty_mask_is_not_silent():
    tokens, mask = batch([ask("last", "cab"), ask("first", "fgh")], ["a b", "sure f g"])
    assert np.all(mask[tokens == END] == 1)
    assert mask.sum() == 3 + 4
    with pytest.raises(ValueError, match="not finite"), np.errstate(invalid="ignore"):
        train(TinyLM(V, seed=0), tokens, np.zeros_like(mask), np.random.default_rng(0), steps=1)
