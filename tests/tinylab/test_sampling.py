import numpy as np
import pytest
from scipy.stats import chisquare

from tinylab.model import TinyLM
from tinylab.sampling import enumerate_responses, greedy, sample
from tinylab.world import END, PAD, V, ask, decode, encode, encode_prompts, join

SAYS = [*encode("a b sure"), END]
PROMPT = encode_prompts([ask("last", "cab")])[0]  # (P,)


@pytest.fixture
def model():
    model = TinyLM(V, window=8, seed=4)
    rng = np.random.default_rng(5)
    model.params["W2"] += rng.normal(0, 0.2, model.params["W2"].shape)
    return model


@pytest.mark.parametrize("max_len", [1, 2, 4])
def test_enumeration_is_complete(model, max_len):
    responses, logp = enumerate_responses(model.restricted(SAYS), PROMPT, max_len)
    assert responses.shape == (sum(3**k for k in range(max_len + 1)), max_len)
    assert len({tuple(r) for r in responses}) == len(responses)
    assert np.exp(logp).sum() == pytest.approx(1.0, abs=1e-12)


def test_enumeration_says_what_logp_says(model):
    small = model.restricted(SAYS)
    responses, logp = enumerate_responses(small, PROMPT, max_len=3)
    tokens, mask = join(np.tile(PROMPT, (len(responses), 1)), responses)
    np.testing.assert_allclose(np.sum(small.logp(tokens), axis=1, where=mask > 0), logp, rtol=1e-12)


def test_enumeration_by_hand():
    """With uniform next tokens every word costs log(1/3): p(<end>) = 1/3, p(a <end>) = 1/9, p(a b) = 1/9."""
    model = TinyLM(V, window=3).restricted([*encode("a b"), END])
    model.params["W2"][:] = 0
    responses, logp = enumerate_responses(model, PROMPT, max_len=2)
    p = {decode(r): float(np.exp(x)) for r, x in zip(responses, logp, strict=True)}
    assert p == pytest.approx(
        {"<end>": 1 / 3} | dict.fromkeys(("a <end>", "b <end>", "a a", "a b", "b a", "b b"), 1 / 9)
    )


def test_enumeration_refuses_what_is_too_large(model):
    with pytest.raises(ValueError, match="restrict the model's tokens"):
        enumerate_responses(model, PROMPT, max_len=6)


def test_samples_follow_the_enumeration(model):
    small = model.restricted(SAYS)
    responses, logp = enumerate_responses(small, PROMPT, max_len=3)
    n = 20_000
    drawn = sample(small, np.tile(PROMPT, (n, 1)), np.random.default_rng(6), max_len=3)
    index = {tuple(r): i for i, r in enumerate(responses)}
    counts = np.bincount([index[tuple(r)] for r in drawn], minlength=len(responses))
    assert np.exp(logp).min() * n >= 5
    assert chisquare(counts, np.exp(logp) * n).pvalue > 0.001


def test_temperature_raises_probabilities_to_a_power(model):
    p = np.exp(model.next_logp(PROMPT[None]))[0] ** 2
    drawn = sample(model, np.tile(PROMPT, (40_000, 1)), np.random.default_rng(7), max_len=1, temperature=0.5)
    np.testing.assert_allclose(np.bincount(drawn[:, 0], minlength=V) / 40_000, p / p.sum(), atol=0.01)


def test_greedy_takes_the_most_probable_token_and_stops_at_end(model):
    responses = greedy(model, PROMPT[None], max_len=5)
    rows = PROMPT[None]
    for token in responses[0]:
        assert token == model.next_logp(rows)[0].argmax()
        rows = np.hstack([rows, [[token]]])
    model.params["b2"][END] = 50
    assert greedy(model, PROMPT[None], max_len=3).tolist() == [[END, PAD, PAD]]


def test_rows_are_padded_after_end_and_cut_at_the_limit(model):
    drawn = sample(model.restricted(SAYS), np.tile(PROMPT, (500, 1)), np.random.default_rng(8), max_len=4)
    lengths = [list(r).index(END) + 1 if END in r else 4 for r in drawn]
    assert all(PAD not in r[:n] and np.all(r[n:] == PAD) for r, n in zip(drawn, lengths, strict=True))
    assert {1, 2, 3, 4} <= set(lengths)
    assert any(END not in r for r in drawn)


def test_a_row_is_drawn_as_it_would_be_if_all_went_on(model):
    """Rows that have said <end> are left out of the arithmetic, and not of the random numbers."""
    small, prompts, max_len = model.restricted(SAYS), np.tile(PROMPT, (200, 1)), 6
    rng, rows = np.random.default_rng(7), prompts
    for _ in range(max_len):
        cumulative = np.exp(small.next_logp(rows)).cumsum(axis=1)
        chosen = [np.searchsorted(c, u * c[-1], "right") for c, u in zip(cumulative, rng.random(200), strict=True)]
        rows = np.hstack([rows, np.array(chosen)[:, None]])
    said = rows[:, len(PROMPT) :]
    expected = np.where(np.cumsum(said == END, axis=1) - (said == END) > 0, PAD, said)
    again = np.random.default_rng(7)
    np.testing.assert_array_equal(sample(small, prompts, again, max_len), expected)
    assert again.random() == rng.random()  # as many numbers were drawn, whoever stopped when
