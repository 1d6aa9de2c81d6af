"""What chapters/ppo.md says about trained models holds on five seeds, with a margin: another reference for each."""

from functools import cache

import numpy as np
import pytest

from tinylab.annotators import Annotator
from tinylab.assistant import instructed_model, letters_of, measure, requests
from tinylab.gold import gold
from tinylab.ppo import ValueModel, draw_batch, token_logp, train_ppo
from tinylab.preferences import compare
from tinylab.reward_model import RewardModel

KL, SCORE, RIGHT, REFUSED, POLITE, GOLD, MOVED = range(7)
SEEDS = pytest.mark.parametrize("seed", range(5))
SETTINGS = {"beta": 0.5, "epochs": 6, "rounds": 8, "lr": 3e-3}
WITHOUT = {
    "all": {},
    "no KL": {"beta": 0.0},
    "no clip": {"epsilon": np.inf},
    "one pass": {"epochs": 1, "minibatches": 1},
    "no values": {"value": None},
    "shift": {"shift": 3},
    "shift, no values": {"value": None, "shift": 3},
}


@cache
def judge_of(seed):
    rng, ref = np.random.default_rng(20 + seed), instructed_model(seed)
    people = Annotator(temperature=0.3, length=0.15)
    pairs = compare(ref, requests(1600, letters_of(seed)[0], rng), people, rng).first(200)
    return RewardModel(ref).fit(pairs, rng, steps=200)


def seen_on(model, seed):
    rng, ref = np.random.default_rng(40 + seed), instructed_model(seed)
    test = requests(400, letters_of(seed)[1], rng)
    tokens, mask, logp, _, scores = draw_batch(model, ref, test, judge_of(seed).score, rng, beta=0)
    seen = measure(model, test, rng)
    kl = (logp - token_logp(ref, tokens, mask)).sum(axis=1).mean()
    return [kl, 0.3 * scores.mean(), *(seen[k] for k in ("correct", "refused", "polite", "gold"))]


@cache
def run(name, seed):
    changes, ref, rng = dict(WITHOUT[name]), instructed_model(seed), np.random.default_rng(30 + seed)
    shift, model = changes.pop("shift", 0), instructed_model(seed)
    settings = SETTINGS | {"value": ValueModel(ref)} | changes
    prompts = requests(500, letters_of(seed)[0], rng)
    curves = train_ppo(model, ref, prompts, lambda p, r: judge_of(seed).score(p, r) + shift, rng, **settings)
    return np.array([*seen_on(model, seed), curves[3].mean()])


def gaps(name):
    """Differences from all of PPO, seed by seed: (5, 7)."""
    return np.array([run(name, seed) - run("all", seed) for seed in range(5)])


@SEEDS
def test_ppo_gains_score_manners_and_gold_and_loses_right_answers(seed):
    before, after = np.array(seen_on(instructed_model(seed), seed)), run("all", seed)
    assert after[SCORE] > before[SCORE] + 0.2
    assert after[POLITE] > before[POLITE] + 0.25
    assert after[RIGHT] < before[RIGHT] - 0.04
    assert after[GOLD] > before[GOLD]


def test_ppo_gains_gold_on_average():
    before = [seen_on(instructed_model(seed), seed)[GOLD] for seed in range(5)]
    assert np.mean([run("all", seed)[GOLD] for seed in range(5)]) > np.mean(before) + 0.08


def test_without_the_charge_the_run_goes_far_and_loses_gold():
    gap = gaps("no KL")
    assert np.all(gap[:, KL] > 0.5)
    assert gap[:, KL].mean() > 1.5
    assert gap[:, GOLD].mean() < -0.08
    assert gap[:, REFUSED].mean() < -0.2


@SEEDS
def test_without_the_clip_a_round_goes_further(seed):
    assert run("no clip", seed)[MOVED] > 1.2 * run("all", seed)[MOVED]


def test_without_the_clip_nothing_is_won():
    gap = gaps("no clip")
    assert gap[:, SCORE].mean() < 0.02
    assert gap[:, GOLD].mean() < 0.02


@SEEDS
def test_one_update_for_a_batch_learns_less_and_stays_near(seed):
    gap = gaps("one pass")[seed]
    assert gap[SCORE] < -0.04
    assert gap[KL] < -0.3
    assert run("one pass", seed)[MOVED] < 0.05


def test_values_matter_when_the_score_has_another_zero():
    """Which costs most where the average score lies high above zero already; there dropping the values does harm."""
    assert gaps("no values")[:, SCORE].min() > -0.3
    assert gaps("shift")[:, SCORE].mean() > -0.2
    assert np.all(gaps("shift, no values")[:, SCORE] < gaps("no values")[:, SCORE] - 0.15)


def test_a_single_update_never_meets_the_clip():
    """Every ratio is 1 then, so that PPO with any epsilon is the same."""
    made = []
    for epsilon in (0.01, np.inf):
        model, ref = instructed_model(0), instructed_model(0)
        settings = SETTINGS | {"epochs": 1, "minibatches": 1, "rounds": 2, "epsilon": epsilon}
        prompts = requests(100, letters_of(0)[0], np.random.default_rng(0))
        curves = train_ppo(
            model, ref, prompts, judge_of(0).score, np.random.default_rng(1), ValueModel(ref), **settings
        )
        assert np.all(curves[2] == 0)
        made.append(model.params)
    assert all(np.array_equal(made[0][name], made[1][name]) for name in made[0])


@SEEDS
def test_gold_rises_turns_and_falls_while_the_score_rises(seed):
    rng, ref, seen = np.random.default_rng(60 + seed), instructed_model(seed), []

    def score(prompts, replies):
        seen.append(np.mean([gold(*pair) for pair in zip(prompts, replies, strict=True)]))
        return judge_of(seed).score(prompts, replies)

    settings = {"beta": 0.0, "epochs": 1, "minibatches": 1, "rounds": 48, "lr": 6e-3}
    prompts = requests(500, letters_of(seed)[0], rng)
    curves = train_ppo(ref.copy(), ref, prompts, score, rng, ValueModel(ref), **settings)
    raw = np.array([curves[1], 0.3 * curves[0], seen]).reshape(3, -1, 4).mean(axis=2)
    start = seen_on(ref, seed)
    kl, proxy, golds = raw[0], raw[1] - start[SCORE], raw[2] - start[GOLD]
    peak = golds.argmax()
    assert golds[peak] > 0.1
    assert kl[peak] < 4.5 < kl[-1]
    assert golds[-1] < -0.08
    assert proxy[-1] > proxy[2] + 0.02
