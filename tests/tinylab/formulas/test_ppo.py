"""Every displayed formula of chapters/ppo.md against enumeration, a closed form or finite differences."""

import numpy as np
import pytest

from tinylab.exact import kl
from tinylab.model import TinyLM
from tinylab.ppo import (
    ValueModel,
    clip_objective,
    clip_weights,
    context_kl,
    draw_batch,
    gae,
    token_logp,
    token_rewards,
)
from tinylab.sampling import enumerate_responses
from tinylab.world import END, ID, V, ask, encode_prompts, join

X = encode_prompts([ask("last", "cab")])


def small_model(seed, size=0.5):
    """Three words and <end>, up to three tokens: 1 + 3 + 9 + 27 = 40 responses."""
    model, rng = TinyLM(V, window=7, embed=3, hidden=5, seed=seed), np.random.default_rng(seed)
    for p in model.params.values():
        p += rng.normal(0, size, p.shape)
    return model.restricted([ID["a"], ID["b"], ID["sure"], END])


OLD, NEW, REF = (small_model(seed) for seed in (1, 2, 3))
RESPONSES, OLD_LOGP = enumerate_responses(OLD, X[0], max_len=3)
TOKENS, MASK = join(np.repeat(X, len(RESPONSES), axis=0), RESPONSES)
P_OLD, P_NEW = np.exp(OLD_LOGP), np.exp(enumerate_responses(NEW, X[0], max_len=3)[1])
REWARD = np.random.default_rng(0).normal(size=len(RESPONSES))


def numeric_gradient(model, objective, names=("W1", "E"), h=1e-6):
    """Central differences of objective() in each parameter named."""
    out = {}
    for name in names:
        parameter, out[name] = model.params[name], np.zeros_like(model.params[name])
        for k in np.ndindex(parameter.shape):
            kept = parameter[k]
            parameter[k] = kept + h
            up = objective()
            parameter[k] = kept - h
            out[name][k] = (up - objective()) / (2 * h)
            parameter[k] = kept
    return out


def test_importance_ratios_turn_old_averages_into_new_ones():
    rho = P_NEW / P_OLD
    assert P_OLD @ rho == pytest.approx(1)
    assert P_OLD @ (rho * REWARD) == pytest.approx(P_NEW @ REWARD)
    assert abs(P_OLD @ REWARD - P_NEW @ REWARD) > 0.1  # the two averages differ, so the test could fail


def test_the_share_that_counts_is_the_loss_of_precision():
    """1 / E[rho^2] by the variance of drawn averages of rho against that of one draw: Var = E[rho^2] - 1."""
    rho, rng = P_NEW / P_OLD, np.random.default_rng(0)
    means = rho[rng.choice(len(rho), p=P_OLD, size=(40_000, 16))].mean(axis=1)
    assert 16 * means.var() == pytest.approx(P_OLD @ rho**2 - 1, rel=0.1)


def test_the_numbers_of_the_error_in_circulation():
    assert clip_objective(3.0, -1.0, 0.2) == -3
    assert np.clip(3.0, 0.8, 1.2) * -1.0 == pytest.approx(-1.2)
    assert clip_weights(3.0, -1.0, 0.2) == -3


@pytest.mark.parametrize("A", [-1.5, 0.7])
@pytest.mark.parametrize("ratio", [0.3, 0.79, 0.81, 1.0, 1.19, 1.21, 3.0])
def test_clip_weights_are_the_slope_in_log_pi(A, ratio):
    """Objective as four explicit cases, and its slope by central differences in log rho."""
    low, high = 0.8, 1.2
    if A > 0:
        assert clip_objective(ratio, A, 0.2) == pytest.approx(A * min(ratio, high))
    else:
        assert clip_objective(ratio, A, 0.2) == pytest.approx(A * max(ratio, low))
    h = 1e-6
    up, down = (clip_objective(ratio * np.exp(s * h), A, 0.2) for s in (1, -1))
    assert clip_weights(ratio, A, 0.2) == pytest.approx((up - down) / (2 * h), abs=1e-6)


def test_the_update_follows_the_clipped_objective():
    model, A = NEW.copy(), np.random.default_rng(1).normal(size=MASK.shape) * MASK
    old = token_logp(OLD, TOKENS, MASK)

    def objective():
        return (clip_objective(np.exp(token_logp(model, TOKENS, MASK) - old), A, 0.2) * MASK).sum()

    weights = clip_weights(np.exp(token_logp(model, TOKENS, MASK) - old), A, 0.2) * MASK
    assert 0.1 < np.mean(weights[MASK > 0] == 0) < 0.9
    _, gradient = model.gradient(TOKENS, weights)
    for name, numeric in numeric_gradient(model, objective).items():
        np.testing.assert_allclose(gradient[name], numeric, atol=1e-5)


def test_token_rewards_sum_to_the_charged_score():
    logp, ref_logp = (token_logp(m, TOKENS, MASK) for m in (OLD, REF))
    rewards = token_rewards(REWARD, logp, ref_logp, MASK, beta=0.3)
    whole = enumerate_responses(REF, X[0], max_len=3)[1]
    np.testing.assert_allclose(rewards.sum(axis=1), REWARD - 0.3 * (OLD_LOGP - whole))
    assert np.all(rewards[MASK == 0] == 0)
    charged = P_OLD @ rewards.sum(axis=1)
    assert charged == pytest.approx(P_OLD @ REWARD - 0.3 * kl(P_OLD, np.exp(whole)))


def test_the_example_worked_by_hand():
    r, v, ones = np.array([[0, -0.1, 0, 1]]), np.array([[0.5, 0.6, 0.4, 0.8]]), np.ones((1, 4))
    np.testing.assert_allclose(gae(r, v, ones, 0.5), [[0.075, -0.05, 0.5, 0.2]])
    np.testing.assert_allclose(gae(r, v, ones, 0.0), [[0.1, -0.3, 0.4, 0.2]])
    np.testing.assert_allclose(gae(r, v, ones, 1.0), [[0.4, 0.3, 0.6, 0.2]])


@pytest.mark.parametrize(("lam", "gamma"), [(0.0, 1.0), (0.6, 1.0), (1.0, 1.0), (0.7, 0.9)])
def test_gae_against_its_sum(lam, gamma):
    """The definition as a double loop over lists, for responses of different lengths behind a prompt."""
    rng, mask = np.random.default_rng(2), np.zeros((3, 7))
    for b, length in enumerate((1, 3, 4)):
        mask[b, 2 : 2 + length] = 1
    r, v = rng.normal(size=mask.shape) * mask, rng.normal(size=mask.shape)
    got = gae(r, v, mask, lam, gamma)
    for b in range(3):
        where = np.flatnonzero(mask[b])
        rewards, values = [r[b, t] for t in where], [*(v[b, t] for t in where), 0.0]
        delta = [rewards[t] + gamma * values[t + 1] - values[t] for t in range(len(where))]
        for t in range(len(where)):
            wanted = sum((gamma * lam) ** k * delta[t + k] for k in range(len(where) - t))
            assert got[b, where[t]] == pytest.approx(wanted)
    assert np.all(got[mask == 0] == 0)


def true_values():
    """Values by enumeration: the mean reward over the responses with the same beginning."""
    v = np.zeros(MASK.shape)
    for n, t in np.argwhere(MASK > 0):
        same = [m for m in range(len(TOKENS)) if list(TOKENS[m, :t]) == list(TOKENS[n, :t])]
        v[n, t] = P_OLD[same] @ REWARD[same] / P_OLD[same].sum()
    return v


@pytest.mark.parametrize(
    ("values", "lam", "unbiased"),
    [("true", 0.0, True), ("true", 0.5, True), ("wrong", 1.0, True), ("wrong", 0.0, False)],
)
def test_when_advantages_give_the_exact_gradient(values, lam, unbiased):
    """The mean update over all responses against finite differences of the expected reward."""
    model, v = OLD.copy(), true_values()
    if values == "wrong":  # a function of the beginning alone, as a value model is
        v += 0.5 * np.sin(np.cumsum(np.pad(TOKENS, ((0, 0), (1, 0)))[:, :-1], axis=1))
    rewards = token_rewards(REWARD, 0 * MASK, 0 * MASK, MASK, beta=0.0)
    _, gradient = model.gradient(TOKENS, P_OLD[:, None] * gae(rewards, v, MASK, lam) * MASK)

    def objective():
        return np.exp(enumerate_responses(model, X[0], max_len=3)[1]) @ REWARD

    numeric = numeric_gradient(model, objective, names=("W1",))["W1"]
    assert np.allclose(gradient["W1"], numeric, atol=1e-7) == unbiased


def test_value_gradient_is_that_of_the_squared_error():
    value, rng = ValueModel(OLD), np.random.default_rng(3)
    value.body.params["W2"] += rng.normal(size=value.body.params["W2"].shape)
    targets = rng.normal(size=MASK.shape)

    def loss():
        v = value.values(TOKENS, MASK)
        return sum((targets[n, t] - v[n, t]) ** 2 for n, t in np.argwhere(MASK > 0)) / MASK.sum() / 2

    got, downhill = value.gradient(TOKENS, MASK, targets)
    assert got == pytest.approx(loss())
    for name, numeric in numeric_gradient(value.body, loss, names=("W1", "W2", "b2")).items():
        np.testing.assert_allclose(downhill[name], -numeric, atol=1e-7)


def test_regression_finds_the_values():
    value, exact = ValueModel(TinyLM(V, window=7, embed=4, hidden=16, seed=0)), true_values()
    rng = np.random.default_rng(0)
    for _ in range(400):
        rows = rng.choice(len(P_OLD), size=64, p=P_OLD)
        value.update(TOKENS[rows], MASK[rows], REWARD[rows, None] * MASK[rows], lr=1e-2)
    weight = P_OLD[:, None] * MASK
    error = (weight * (value.values(TOKENS, MASK) - exact) ** 2).sum()
    spread = (weight * (exact - P_OLD @ REWARD) ** 2).sum()
    assert error < 0.15 * spread


def test_kl_over_contexts_is_the_kl_of_responses():
    """With every response as often as the old policy draws it."""
    rows = np.repeat(np.arange(len(P_OLD)), np.round(P_OLD * 20_000).astype(int))
    assert context_kl(OLD, NEW, TOKENS[rows], MASK[rows]) == pytest.approx(kl(P_OLD, P_NEW), rel=0.01)


def test_a_batch_is_judged_as_drawn():
    rng = np.random.default_rng(0)
    tokens, mask, logp, rewards, scores = draw_batch(
        OLD, REF, [ask("last", "cab")] * 5, lambda p, r: np.arange(len(r), dtype=float), rng, 0.2, max_len=3
    )
    np.testing.assert_array_equal(scores, np.arange(5.0))
    listed = {tuple(row): logp for row, logp in zip(RESPONSES.tolist(), OLD_LOGP, strict=True)}
    drawn = tokens[:, X.shape[1] :].tolist()
    np.testing.assert_allclose(logp.sum(axis=1), [listed[tuple(row)] for row in drawn])
    np.testing.assert_allclose(rewards.sum(axis=1), scores - 0.2 * (logp - token_logp(REF, tokens, mask)).sum(axis=1))
