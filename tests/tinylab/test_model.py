import platform
import subprocess
import sys

import numpy as np
import pytest

from tinylab.model import TinyLM
from tinylab.world import END, ID, PAD, V, ask, batch, encode, encode_prompts


@pytest.fixture
def model():
    """A small model with parameters large enough that nothing is near uniform."""
    model = TinyLM(vocab_size=V, window=4, embed=3, hidden=5, seed=1)
    rng = np.random.default_rng(2)
    for p in model.params.values():
        p += rng.normal(0, 0.5, p.shape)
    return model


TOKENS, MASK = batch([ask("last", "cab"), ask("first sorted", "hg")], ["a b", "g"])
WEIGHTS = MASK * np.random.default_rng(3).normal(0, 1, MASK.shape)  # of both signs


def naive_logp(model, row, t):
    """log pi(row[t] | before) for one token, by the definition, with loops and no arrays of contexts."""
    before = [PAD] * model.window + list(row[:t])
    p = model.params
    x = np.concatenate([p["E"][i] for i in before[-model.window :]])
    logits = np.tanh(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
    return logits[row[t]] - np.log(np.sum(np.exp(logits)))


def test_logp_is_what_the_definition_says(model):
    expected = [[naive_logp(model, row, t) for t in range(len(row))] for row in TOKENS]
    np.testing.assert_allclose(model.logp(TOKENS), expected, rtol=1e-12)


def test_next_logp_continues_the_row(model):
    next_logp = model.next_logp(TOKENS[:, :-1])
    np.testing.assert_allclose(np.exp(next_logp).sum(axis=1), 1.0)
    np.testing.assert_allclose(next_logp[np.arange(2), TOKENS[:, -1]], model.logp(TOKENS)[:, -1])


def test_padding_on_the_left_changes_nothing(model):
    alone = encode_prompts([ask("last", "ab")])
    beside = encode_prompts([ask("last", "ab"), ask("first sorted", "cab")])[:1]
    assert beside.shape[1] == alone.shape[1] + 2
    np.testing.assert_allclose(model.logp(beside)[:, 2:], model.logp(alone))


def test_what_has_left_the_window_is_gone(model):
    tokens = np.array([encode("a b c d e f"), encode("h b c d e f"), encode("a b h d e f")])
    last = model.next_logp(tokens)  # window 4: sees c d e f
    np.testing.assert_array_equal(last[0], last[1])
    assert not np.allclose(last[0], last[2])


@pytest.mark.parametrize("name", ["E", "W1", "b1", "W2", "b2"])
def test_gradient_against_finite_differences(model, name):
    _, gradient = model.gradient(TOKENS, WEIGHTS)
    p, h = model.params[name], 1e-6
    numeric = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        kept = p[i]
        p[i] = kept + h
        up = np.sum(WEIGHTS * model.logp(TOKENS))
        p[i] = kept - h
        down = np.sum(WEIGHTS * model.logp(TOKENS))
        p[i] = kept
        numeric[i] = (up - down) / (2 * h)
    assert np.abs(numeric).max() > 0.01
    np.testing.assert_allclose(gradient[name], numeric, atol=1e-7)


def test_gradient_value_and_linearity_in_the_weights(model):
    value, gradient = model.gradient(TOKENS, WEIGHTS)
    assert value == pytest.approx(np.sum(WEIGHTS * model.logp(TOKENS)))
    other = np.roll(WEIGHTS, 1, axis=0)
    _, both = model.gradient(TOKENS, 2 * WEIGHTS - other)
    np.testing.assert_allclose(both["W1"], 2 * gradient["W1"] - model.gradient(TOKENS, other)[1]["W1"], atol=1e-12)


def test_expected_gradient_of_log_probability_is_zero(model):
    """sum_y pi(y | context) grad log pi(y | context) = 0: the identity behind every baseline."""
    prompt = encode_prompts([ask("last", "cab")])
    p = np.exp(model.next_logp(prompt))[0]  # (V,)
    tokens = np.hstack([np.repeat(prompt, V, axis=0), np.arange(V)[:, None]])
    weights = np.zeros(tokens.shape)
    weights[:, -1] = p
    for g in model.gradient(tokens, weights)[1].values():
        np.testing.assert_allclose(g, 0, atol=1e-12)


@pytest.mark.parametrize(("sign", "moves"), [(1.0, np.greater), (-1.0, np.less)])
def test_update_moves_tokens_the_way_their_weight_points(model, sign, moves):
    before = np.sum(MASK * model.logp(TOKENS))
    assert model.update(TOKENS, sign * MASK, lr=1e-3) == pytest.approx(sign * before)
    assert moves(np.sum(MASK * model.logp(TOKENS)), before)


def test_update_is_adam(model):
    """Three steps against Adam as its paper states it, on one matrix."""
    twin, p = model.copy(), model.params["W2"].copy()
    m = v = np.zeros_like(p)
    for t in range(1, 4):
        g = twin.gradient(TOKENS, WEIGHTS)[1]["W2"]
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        p = p + 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        twin.update(TOKENS, WEIGHTS, lr=0.01)
    np.testing.assert_allclose(twin.params["W2"], p, rtol=1e-12)


def test_weights_of_zero_have_a_zero_gradient(model):
    before = model.logp(TOKENS)
    assert model.update(TOKENS, np.zeros(TOKENS.shape), lr=0.1) == 0
    np.testing.assert_array_equal(model.logp(TOKENS), before)


def test_copy_shares_nothing_and_starts_its_optimizer_afresh(model):
    model.update(TOKENS, MASK, lr=0.1)
    reference = model.copy()
    before = reference.logp(TOKENS)
    model.update(TOKENS, MASK, lr=0.1)
    np.testing.assert_array_equal(reference.logp(TOKENS), before)
    assert not np.allclose(model.logp(TOKENS), before)
    assert reference.adam_steps == 0
    assert all(np.all(m == 0) for m, _ in reference.adam.values())


def test_restricted_says_only_its_tokens_and_keeps_their_proportions(model):
    tokens = [ID["a"], ID["b"], END]
    small = model.restricted(tokens)
    prompt = encode_prompts([ask("last", "cab")])
    p, q = np.exp(model.next_logp(prompt))[0], np.exp(small.next_logp(prompt))[0]
    np.testing.assert_allclose(q[tokens], p[tokens] / p[tokens].sum())
    assert np.delete(q, tokens).max() == 0
    np.testing.assert_array_equal(np.exp(model.next_logp(prompt))[0], p)  # the model itself is as it was
    spoken, mask = batch([ask("last", "cab")], ["a b"])
    for _ in range(5):
        small.update(spoken, mask, lr=0.1)
    assert np.delete(np.exp(small.next_logp(prompt))[0], tokens).max() == 0
    with pytest.raises(ValueError, match="pi = 0"):
        small.update(*batch([ask("last", "cab")], ["c"]), lr=0.1)


def test_errors_name_what_was_given(model):
    with pytest.raises(ValueError, match=r"\(2, 9\), weights \(2, 3\)"):
        model.update(TOKENS, MASK[:, :3], lr=0.1)
    with pytest.raises(ValueError, match="nan"):
        model.update(TOKENS, MASK * np.nan, lr=0.1)


def test_contexts_of_some_positions_are_those_of_all(model):
    segments = np.arange(TOKENS.size).reshape(TOKENS.shape) // 3
    for whose in (None, segments):
        np.testing.assert_array_equal(model.contexts(TOKENS, whose, MASK > 0), model.contexts(TOKENS, whose)[MASK > 0])


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc's malloc that gives memory back")
def test_updates_do_not_fetch_their_memory_again():
    """Without the line in tinylab/__init__.py there are more than a hundred page faults for each update."""
    code = (
        "import resource, numpy as np, tinylab.model as m\n"
        "model, rng = m.TinyLM(50, window=12, hidden=96), np.random.default_rng(0)\n"
        "tokens = rng.integers(50, size=(32, 14)); weights = np.ones((32, 14))\n"
        "faults = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "for _ in range(5): model.update(tokens, weights, 1e-3)\n"
        "before = faults()\n"
        "for _ in range(20): model.update(tokens, weights, 1e-3)\n"
        "print((faults() - before) / 20)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert float(told) < 10
