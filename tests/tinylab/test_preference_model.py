"""The preference model: its gradient by finite differences, its fit against a known order."""

import numpy as np
import pytest

from tinylab.model import TinyLM
from tinylab.preference_model import PreferenceModel
from tinylab.preferences import Comparisons
from tinylab.world import PAD, V, arguments, ask, encode

PROMPTS = [ask("first", letters) for letters in arguments()[:40]]


def pairs(chosen, rejected):
    return Comparisons(PROMPTS, [chosen] * len(PROMPTS), [rejected] * len(PROMPTS))


@pytest.fixture
def judge():
    judge = PreferenceModel(TinyLM(V, window=9, hidden=10, seed=3))
    judge.body.params["W2"] += np.random.default_rng(0).normal(size=(10, 1))
    return judge


def test_it_begins_without_an_opinion_and_leaves_the_body_it_was_given():
    body = TinyLM(V, window=9, hidden=10, seed=3)
    fresh = PreferenceModel(body)
    assert fresh.reward(PROMPTS[0], "a b <end>") == 0.0
    fresh.fit(pairs("a b <end>", "sorry <end>"), np.random.default_rng(0), steps=3)
    np.testing.assert_array_equal(body.params["W1"], TinyLM(V, window=9, hidden=10, seed=3).params["W1"])
    assert body.params["W2"].shape == (10, V)


def test_it_reads_the_end_of_prompt_and_reply(judge):
    row = judge.contexts([PROMPTS[0]], ["sorry <end>"])[0]
    text = encode(PROMPTS[0] + " sorry <end>")
    assert row.tolist() == ([PAD] * 9 + text)[-9:]


def test_gradient_by_finite_differences(judge):
    chosen = judge.contexts(PROMPTS[:4], ["sure a b <end>"] * 4)
    rejected = judge.contexts(PROMPTS[:4], ["a b c <end>"] * 4)
    _, gradient = judge.gradient(chosen, rejected)
    rng = np.random.default_rng(1)

    def loss():
        """-log of the Bradley-Terry probability of each choice, from scores of one reply at a time."""
        scores = [[judge.reward(p, reply) for p in PROMPTS[:4]] for reply in ("sure a b <end>", "a b c <end>")]
        return -np.mean([np.log(np.exp(a) / (np.exp(a) + np.exp(b))) for a, b in zip(*scores, strict=True)])

    assert judge.gradient(chosen, rejected)[0] == pytest.approx(loss())
    for name in ("E", "W1", "b1", "W2"):
        p = judge.body.params[name]
        for _ in range(4):
            place = tuple(rng.integers(n) for n in p.shape)
            kept, ends = p[place], []
            for step in (1e-5, -1e-5):
                p[place] = kept + step
                ends.append(loss())
            p[place] = kept
            assert -gradient[name][place] == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=1e-8)


def test_fitted_to_choices_made_with_three_quarters_it_says_three_quarters(judge):
    """30 of 40 prefer one reply: the best difference of scores is log 3, whatever the network."""
    chosen = ["a b <end>"] * 30 + ["sorry <end>"] * 10
    rejected = ["sorry <end>"] * 30 + ["a b <end>"] * 10
    same = Comparisons([PROMPTS[0]] * 40, chosen, rejected)
    judge.fit(same, np.random.default_rng(0), steps=500, lr=3e-2, batch_size=40)
    difference = judge.reward(PROMPTS[0], "a b <end>") - judge.reward(PROMPTS[0], "sorry <end>")
    assert difference == pytest.approx(np.log(3), abs=0.25)


def test_accuracy_counts_pairs_in_the_right_order(judge):
    judge.fit(pairs("sorry <end>", "a b <end>"), np.random.default_rng(0), steps=100)
    assert judge.accuracy(pairs("sorry <end>", "a b <end>")) == 1.0
    assert judge.accuracy(pairs("a b <end>", "sorry <end>")) == 0.0
