"""The reward model: its loss by hand, its gradient by finite differences, its fit against known orders and optima."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from tinylab.model import TinyLM
from tinylab.preferences import Comparisons
from tinylab.reward_model import Ensemble, RewardModel, pair_loss
from tinylab.world import PAD, V, arguments, ask, encode

PROMPTS = [ask("first", letters) for letters in arguments()[:40]]


def pairs(chosen, rejected):
    return Comparisons(PROMPTS, [chosen] * len(PROMPTS), [rejected] * len(PROMPTS))


@pytest.fixture
def judge():
    judge = RewardModel(TinyLM(V, window=9, hidden=10, seed=3))
    judge.body.params["W2"] += np.random.default_rng(0).normal(size=(10, 1))
    judge.body.params["b2"] += 0.2
    return judge


@pytest.mark.parametrize(
    ("chosen", "rejected", "options", "expected"),
    [
        (1.0, 1.0, {}, np.log(2)),
        (np.log(3), 0.0, {}, np.log(4 / 3)),
        (0.0, np.log(3), {}, np.log(4)),
        (2.0, 1.0, {"margin": 1.0}, np.log(2)),
        (2.0, 1.0, {"margin": 1 + np.log(3)}, np.log(4)),
        (2.0, 1.0, {"margin": 0.5, "centring": 0.1}, 0.4740769842 + 0.9),
        (-3.0, 3.0, {"centring": 5.0}, 6.0024756851),
    ],
)
def test_loss_worked_by_hand(chosen, rejected, options, expected):
    loss, _ = pair_loss(np.array([chosen]), np.array([rejected]), **options)
    assert loss[0] == pytest.approx(expected)


def test_weights_are_minus_the_derivatives_of_the_loss():
    chosen, rejected = np.random.default_rng(0).normal(size=(2, 5))
    options, e = {"margin": np.array([0, 0.5, 1, 2, -1]), "centring": 0.3}, 1e-6
    _, weights = pair_loss(chosen, rejected, **options)
    for side, (a, b) in enumerate(((e, 0), (0, e))):
        ends = [pair_loss(chosen + s * a, rejected + s * b, **options)[0] for s in (1, -1)]
        np.testing.assert_allclose(weights[side], -(ends[0] - ends[1]) / (2 * e), atol=1e-8)


def test_scores_far_apart_do_not_overflow_and_a_negative_centring_is_refused():
    with np.errstate(all="raise", under="ignore"):
        loss, weights = pair_loss(np.array([-900.0, 900.0]), np.array([900.0, -900.0]))
    assert loss.tolist() == [1800.0, 0.0]
    assert weights.tolist() == [[1.0, 0.0], [-1.0, 0.0]]
    with pytest.raises(ValueError, match=r"-0\.1"):
        pair_loss(np.zeros(1), np.zeros(1), centring=-0.1)


def test_it_begins_without_an_opinion_and_leaves_the_body_it_was_given():
    body = TinyLM(V, window=9, hidden=10, seed=3)
    fresh = RewardModel(body)
    assert fresh.reward(PROMPTS[0], "a b <end>") == 0.0
    fresh.fit(pairs("a b <end>", "sorry <end>"), np.random.default_rng(0), steps=3)
    np.testing.assert_array_equal(body.params["W1"], TinyLM(V, window=9, hidden=10, seed=3).params["W1"])
    assert body.params["W2"].shape == (10, V)


def test_it_reads_the_end_of_prompt_and_reply(judge):
    row = judge.contexts([PROMPTS[0]], ["sorry <end>"])[0]
    text = encode(PROMPTS[0] + " sorry <end>")
    assert row.tolist() == ([PAD] * 9 + text)[-9:]


@pytest.mark.parametrize("options", [{}, {"margin": np.array([0, 0.5, 1, 2])}, {"centring": 0.2}])
def test_gradient_by_finite_differences(judge, options):
    chosen = judge.contexts(PROMPTS[:4], ["sure a b <end>"] * 4)
    rejected = judge.contexts(PROMPTS[:4], ["a b c <end>"] * 4)
    _, gradient = judge.gradient(chosen, rejected, **options)
    margin, centring = options.get("margin", 0), options.get("centring", 0)
    rng = np.random.default_rng(1)

    def loss():
        """-log of the Bradley-Terry probability of each choice, from scores of one reply at a time."""
        won, lost = (
            np.array([judge.reward(p, reply) for p in PROMPTS[:4]]) for reply in ("sure a b <end>", "a b c <end>")
        )
        likely = np.exp(won) / (np.exp(won) + np.exp(lost + margin))
        return np.mean(-np.log(likely) + centring * (won + lost) ** 2)

    assert judge.gradient(chosen, rejected, **options)[0] == pytest.approx(loss())
    for name in ("E", "W1", "b1", "W2", "b2"):
        p = judge.body.params[name]
        for _ in range(4):
            place = tuple(rng.integers(n) for n in p.shape)
            kept, ends = p[place], []
            for step in (1e-5, -1e-5):
                p[place] = kept + step
                ends.append(loss())
            p[place] = kept
            assert -gradient[name][place] == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=1e-8)


def fitted_to_three_quarters(judge, **options):
    """30 of 40 prefer one reply: its score, and that of the other."""
    chosen = ["a b <end>"] * 30 + ["sorry <end>"] * 10
    rejected = ["sorry <end>"] * 30 + ["a b <end>"] * 10
    same = Comparisons([PROMPTS[0]] * 40, chosen, rejected)
    judge.fit(same, np.random.default_rng(0), steps=600, lr=1e-2, batch_size=400, **options)
    return judge.score([PROMPTS[0]] * 2, ["a b <end>", "sorry <end>"])


@pytest.mark.parametrize(("margin", "centring"), [(0.0, 0.0), (1.0, 0.0), (0.0, 0.05)])
def test_fitted_to_choices_made_with_three_quarters_it_finds_the_optimum(judge, margin, centring):
    """Against scipy's minimum of the loss in the two scores; without a margin their best difference is log 3."""
    a, b = fitted_to_three_quarters(judge, margin=margin, centring=centring)

    def loss(two):
        d = two[0] - two[1]
        choices = 0.75 * log_expit(d - margin) + 0.25 * log_expit(-d - margin)
        return -choices + centring * (two[0] + two[1]) ** 2

    best = minimize(loss, [0.1, -0.2]).x
    assert a - b == pytest.approx(best[0] - best[1], abs=0.15)
    if not margin:
        assert best[0] - best[1] == pytest.approx(np.log(3), abs=1e-4)
    if centring:
        assert a + b == pytest.approx(0, abs=0.02)
    else:
        assert abs(a + b) > 0.02  # nothing says where zero is


def test_probability_is_the_sigmoid_of_a_difference(judge):
    first, second = ["a b <end>"] * 3, ["sorry <end>", "a <end>", "a b <end>"]
    difference = judge.score(PROMPTS[:3], first) - judge.score(PROMPTS[:3], second)
    np.testing.assert_allclose(judge.probability(PROMPTS[:3], first, second), expit(difference))


def test_accuracy_counts_pairs_in_the_right_order(judge):
    judge.fit(pairs("sorry <end>", "a b <end>"), np.random.default_rng(0), steps=100)
    assert judge.accuracy(pairs("sorry <end>", "a b <end>")) == 1.0
    assert judge.accuracy(pairs("a b <end>", "sorry <end>")) == 0.0


def test_each_comparison_keeps_its_own_margin(judge):
    """Two kinds of pair, one with a margin of 3: the fit must part it by more."""
    kinds = Comparisons(PROMPTS[:2], ["a b <end>"] * 2, ["sorry <end>", "c <end>"])
    judge.fit(kinds, np.random.default_rng(0), steps=60, margin=np.array([0.0, 3.0]))
    apart = judge.score(PROMPTS[:2], kinds.chosen) - judge.score(PROMPTS[:2], kinds.rejected)
    assert apart[1] > apart[0] + 1


def test_an_ensemble_is_its_members_mean_less_its_caution_times_their_spread():
    bodies = [TinyLM(V, window=9, hidden=10, seed=seed) for seed in range(3)]
    several = Ensemble([RewardModel(body) for body in bodies], caution=2.0)
    some = Comparisons(PROMPTS, ["a b <end>"] * 30 + ["sorry <end>"] * 10, ["sorry <end>"] * 30 + ["a b <end>"] * 10)
    several.fit(some, np.random.default_rng(0), steps=20)
    each = [[member.reward(p, "a b <end>") for p in PROMPTS[:4]] for member in several.members]
    np.testing.assert_allclose(several.scores(PROMPTS[:4], ["a b <end>"] * 4), each)
    cautious = np.mean(each, axis=0) - 2 * np.std(each, axis=0, ddof=1)
    np.testing.assert_allclose(several.score(PROMPTS[:4], ["a b <end>"] * 4), cautious)
    assert several.reward(PROMPTS[0], "a b <end>") == pytest.approx(cautious[0])


def test_members_are_fitted_to_different_draws_of_the_comparisons():
    """From one body, without draws of their own, members with equal batches would be equal."""
    body = TinyLM(V, window=9, hidden=10, seed=0)
    seen = []

    class Watched(RewardModel):
        def fit(self, comparisons, rng, **options):
            seen.append(comparisons.prompts)
            return super().fit(comparisons, rng, **options)

    Ensemble([Watched(body), Watched(body)]).fit(pairs("a <end>", "b <end>"), np.random.default_rng(0), steps=1)
    assert all(len(drawn) == len(PROMPTS) and set(drawn) < set(PROMPTS) for drawn in seen)
    assert seen[0] != seen[1]


def test_one_member_is_no_ensemble(judge):
    with pytest.raises(ValueError, match="got 1"):
        Ensemble([judge])
