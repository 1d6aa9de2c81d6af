import numpy as np
import pytest

from tinylab.exact import kl, tilted
from tinylab.model import TinyLM
from tinylab.policy_gradient import leave_one_out, penalised, token_weights, train_rloo
from tinylab.sampling import enumerate_responses
from tinylab.world import END, ID, V, ask, decode, encode_prompts, join

PROMPT = ask("last", "cab")
X = encode_prompts([PROMPT])


def small_model(seed, size=0.5):
    """A model of three sayable words with 13 responses of up to two tokens."""
    model = TinyLM(V, window=6, embed=3, hidden=5, seed=seed)
    rng = np.random.default_rng(seed)
    for p in model.params.values():
        p += rng.normal(0, size, p.shape)
    return model.restricted([ID["a"], ID["b"], ID["sure"], END])


def policy(model):
    responses, logp = enumerate_responses(model, X[0], max_len=2)
    return responses, np.exp(logp)


def test_leave_one_out_by_hand_and_against_a_loop():
    np.testing.assert_allclose(leave_one_out([[1, 0, 0]]), [[1, -0.5, -0.5]])
    rewards = np.random.default_rng(0).normal(size=(3, 5))
    loop = [
        [r - np.mean([other for j, other in enumerate(row) if j != i]) for i, r in enumerate(row)] for row in rewards
    ]
    np.testing.assert_allclose(leave_one_out(rewards), loop)
    np.testing.assert_allclose(leave_one_out(rewards).sum(axis=1), 0, atol=1e-12)
    with pytest.raises(ValueError, match=r"\(3, 1\)"):
        leave_one_out(rewards[:, :1])


@pytest.mark.parametrize("beta", [0.0, 0.4])
def test_the_expected_update_is_the_exact_gradient(beta):
    """Every pair of responses with its probability (G = 2), against finite differences of E[r] - beta * KL."""
    model, ref = small_model(1), small_model(2)
    responses, p = policy(model)
    _, q = policy(ref)
    reward = np.random.default_rng(3).normal(size=len(p))

    i, j = (index.ravel() for index in np.indices((len(p), len(p))))
    r = penalised(reward, np.log(p), np.log(q), beta)
    advantages = leave_one_out(np.stack([r[i], r[j]], axis=1))  # (pairs, 2)
    tokens, mask = join(np.repeat(X, 2 * len(i), axis=0), responses[np.stack([i, j], axis=1).ravel()])
    weights = token_weights(advantages.ravel(), mask) * len(mask) / 2  # one update per pair: a mean over two rows
    _, gradient = model.gradient(tokens, weights * np.repeat(p[i] * p[j], 2)[:, None])

    def objective():
        now = policy(model)[1]
        return now @ reward - beta * kl(now, q)

    for name in ("W1", "E"):
        parameter, numeric, h = model.params[name], np.zeros_like(model.params[name]), 1e-6
        for k in np.ndindex(parameter.shape):
            kept = parameter[k]
            parameter[k] = kept + h
            up = objective()
            parameter[k] = kept - h
            numeric[k] = (up - objective()) / (2 * h)
            parameter[k] = kept
        assert np.abs(numeric).max() > 0.01
        np.testing.assert_allclose(gradient[name], numeric, atol=1e-7)


def test_the_penalised_reward_has_the_objective_as_its_mean():
    (_, p), (_, q) = policy(small_model(1)), policy(small_model(2))
    reward = np.random.default_rng(3).normal(size=len(p))
    assert p @ penalised(reward, np.log(p), np.log(q), 0.4) == pytest.approx(p @ reward - 0.4 * kl(p, q))


def test_token_weights_spread_one_advantage_over_a_response():
    mask = np.array([[0, 1, 1, 0], [0, 1, 1, 1.0]])
    np.testing.assert_allclose(token_weights(np.array([2.0, -1]), mask), [[0, 1, 1, 0], [0, -0.5, -0.5, -0.5]])


def test_training_approaches_the_tilted_reference():
    ref = small_model(4, size=0.1)
    responses, q = policy(ref)
    value = {decode(row): ("sure" in decode(row)) - 0.5 * (decode(row)[:1] == "b") for row in responses}
    model = ref.copy()
    rng = np.random.default_rng(0)
    reward, moved = train_rloo(
        model, ref, [PROMPT], lambda _, y: value[y], rng, beta=0.5, lr=1e-2, steps=300, group=8, max_len=2
    )
    best = tilted(q, np.array([*value.values()]), 0.5)
    _, p = policy(model)
    assert kl(best, q) > 0.3
    assert kl(p, best) < 0.03
    assert moved[0] == 0
    assert reward[-50:].mean() == pytest.approx(best @ np.array([*value.values()]), abs=0.1)
    assert moved[-50:].mean() == pytest.approx(kl(best, q), abs=0.15)


def test_what_a_prompt_is_worth_teaches_nothing():
    """A reward that depends on the prompt alone cancels within each group: no weight, and no movement."""
    model = small_model(5)
    before = {name: p.copy() for name, p in model.params.items()}
    prompts = [PROMPT, ask("first", "cab")]
    train_rloo(
        model, model.copy(), prompts, lambda x, _: float("first" in x), np.random.default_rng(0), steps=3, max_len=2
    )
    for name, p in model.params.items():
        np.testing.assert_array_equal(p, before[name])
