"""What chapters/best-of-n.md says about trained models holds on five seeds, each with its own base, with a margin."""

from functools import cache

import numpy as np
import pytest

from tinylab.annotators import Annotator
from tinylab.assistant import base_model, letters_of, requests
from tinylab.best_of_n import best_of_n, candidates, kl_bound, tilt_to
from tinylab.exact import kl
from tinylab.gold import gold, judge
from tinylab.preferences import compare, respond, response_logp
from tinylab.reward_model import RewardModel
from tinylab.sampling import enumerate_responses
from tinylab.training import train
from tinylab.world import ask, batch, decode, encode, encode_prompts

RIGHT, POLITE, POINTS = range(3)
SEEDS = pytest.mark.parametrize("seed", range(5))
FRIEND = Annotator(temperature=0.3)


@cache
def fitted(seed):
    rng = np.random.default_rng(100 + seed)
    pairs = compare(base_model(seed), requests(800, letters_of(seed)[0], rng), FRIEND, rng).first(400)
    return RewardModel(base_model(seed)).fit(pairs, rng)


def look(prompts, replies):
    seen = [judge(p, y) for p, y in zip(prompts, replies, strict=True)]
    points = [gold(p, y) for p, y in zip(prompts, replies, strict=True)]
    return np.mean([s["correct"] for s in seen]), np.mean([s["polite"] for s in seen]), np.mean(points)


@cache
def chosen(seed):
    """look() of the best of 1, 16, 64 by the score and by gold, on unseen letters."""
    rng = np.random.default_rng(seed)
    prompts = requests(120, letters_of(seed)[1], rng)
    drafts, scores = candidates(base_model(seed), fitted(seed).score, prompts, 64, rng)
    points = np.array([[gold(p, y) for y in row] for p, row in zip(prompts, drafts, strict=True)])
    row = np.arange(120)
    return [{n: look(prompts, drafts[row, by[:, :n].argmax(axis=1)]) for n in (1, 16, 64)} for by in (scores, points)]


@SEEDS
def test_choosing_by_the_score_helps_and_the_last_draws_buy_manners(seed):
    score, ideal = chosen(seed)
    assert score[16][POINTS] > score[1][POINTS] + 0.6
    assert score[64][POLITE] > score[16][POLITE] + 0.1
    assert score[64][RIGHT] < score[16][RIGHT] + 0.05
    assert score[64][RIGHT] < ideal[64][RIGHT] - 0.1
    assert score[64][POINTS] < ideal[64][POINTS] - 0.1


@cache
def listed(seed):
    """For twelve requests: the reference over the replies, with gold reward and score, (1555,) each."""
    lists = []
    for i, letters in enumerate(letters_of(seed)[1][:12]):
        x = ask(("first", "last", "outer")[i % 3], letters)
        small = base_model(seed).restricted(encode(" ".join(["sure", "thanks", *x.split()[1:-1], "<end>"])))
        rows, logp = enumerate_responses(small, encode_prompts([x])[0], max_len=4)
        replies = [decode(row) for row in rows]
        by_gold = np.array([gold(x, y) for y in replies]).round(6)
        lists.append((np.exp(logp), by_gold, fitted(seed).score([x] * len(replies), replies)))
    return lists


@SEEDS
def test_ties_end_the_kl_and_a_score_without_them_goes_on(seed):
    end, gold_kl, score_kl, by_gold_worth, by_score_worth = np.mean(
        [
            (
                -np.log(ref[by_gold == by_gold.max()].sum()),
                kl(best_of_n(ref, by_gold, 2**20), ref),
                kl(best_of_n(ref, by_score, 2**20), ref),
                best_of_n(ref, by_gold, 2**20) @ by_gold,
                best_of_n(ref, by_score, 2**20) @ by_gold,
            )
            for ref, by_gold, by_score in listed(seed)
        ],
        axis=0,
    )
    assert abs(gold_kl - end) < 0.02
    assert score_kl > 2 * end
    assert by_score_worth < by_gold_worth - 0.5
    assert all(len(np.unique(g)) < 20 and len(np.unique(s)) > 1500 for _, g, s in listed(seed))


@SEEDS
def test_best_of_n_comes_close_to_tilting_by_the_fitted_score(seed):
    shares = []
    for ref, _, by_score in listed(seed):
        pi = best_of_n(ref, by_score, 16)
        tilt = tilt_to(ref, by_score, kl(pi, ref))[0]
        shares.append((pi - ref) @ by_score / ((tilt - ref) @ by_score))
    assert max(shares) <= 1 + 1e-9
    assert min(shares) > 0.6
    assert np.mean(shares) > 0.8


@SEEDS
def test_a_model_trained_on_the_kept_drafts_is_worth_as_much(seed):
    rng, base = np.random.default_rng(seed), base_model(seed)
    (known, held_out), row = letters_of(seed), np.arange(400)
    asked, test = requests(400, known, rng), requests(300, held_out, rng)
    drafts, scores = candidates(base, fitted(seed).score, asked, 16, rng)
    worth = {"base": look(test, respond(base, test, rng))[POINTS], "kept": chosen(seed)[0][16][POINTS]}
    for name, kept in (("student", scores.argmax(axis=1)), ("control", rng.integers(16, size=400))):
        model = base.copy()
        tokens, mask = batch(asked, [y.removesuffix(" <end>") for y in drafts[row, kept]])
        train(model, tokens, mask, rng, steps=200, lr=3e-3)
        replies = respond(model, test, rng)
        worth[name] = look(test, replies)[POINTS]
        said = batch(test, [y.removesuffix(" <end>") for y in replies])
        worth[f"KL of {name}"] = np.mean(response_logp(model, *said) - response_logp(base, *said))
    assert worth["student"] > worth["base"] + 0.6
    assert abs(worth["student"] - worth["kept"]) < 0.2
    assert abs(worth["control"] - worth["base"]) < 0.25
    assert worth["KL of control"] < 0.5 < worth["KL of student"] < kl_bound(16)
