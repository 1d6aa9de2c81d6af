"""What chapters/direct-preference-optimization.md says about trained models holds on five seeds, with a margin.

A seed here sets the reference as well, where the chapter takes one reference and several draws of pairs.
"""

from functools import cache

import numpy as np
import pytest

from tinylab.annotators import Annotator
from tinylab.assistant import base_model, instructed_model, letters_of, measure, requests
from tinylab.gold import gold, judge
from tinylab.preferences import (
    Comparisons,
    compare,
    dpo,
    implicit_reward,
    pair_tokens,
    respond,
    response_logp,
    train_dpo,
)
from tinylab.sampling import enumerate_responses
from tinylab.stats import seed_interval
from tinylab.training import train
from tinylab.world import answer, ask, batch, decode, encode, is_unsafe

SEEDS = pytest.mark.parametrize("seed", range(5))
FRIEND = Annotator(temperature=0.3)


@cache
def start_of(seed):
    """Reference, 200 comparisons of its replies, 600 test prompts."""
    ref, (known, held_out) = instructed_model(seed), letters_of(seed)
    rng = np.random.default_rng(seed)
    pairs = compare(ref, requests(1600, known, rng), FRIEND, rng).first(200)
    return ref, pairs, requests(600, held_out, np.random.default_rng(seed + 1))


@cache
def friday(seed):
    """The model after 100 updates, and means over all pairs (5 looks, 4): loss, told apart, chosen, rejected."""
    (ref, pairs, _), rng, log = start_of(seed), np.random.default_rng(100 + seed), []
    model = ref.copy()
    for steps in (25, 25, 25, 25, 0):
        r = implicit_reward(model, ref, pairs, 0.1)
        log.append([np.logaddexp(0, r[1] - r[0]).mean(), (r[0] > r[1]).mean(), *(10 * r).mean(axis=1)])
        train_dpo(model, ref, pairs, rng, 0.1, lr=1e-3, steps=steps)
    return model, np.array(log)


@SEEDS
def test_chosen_replies_rise_and_fall_while_the_loss_goes_down(seed):
    _, log = friday(seed)
    assert np.all(np.diff(log[:, 0]) < 0.02)
    assert log[-1, 1] > 0.75
    assert log[1, 2] > 0.3
    assert log[-1, 2] < log[1, 2] - 0.5
    assert log[-1, 3] < -5


def test_chosen_replies_end_below_their_start_in_at_least_four_of_five():
    assert sum(friday(seed)[1][-1, 2] < 0 for seed in range(5)) >= 4


@SEEDS
def test_plain_answers_lose_and_wrong_ones_gain(seed):
    (ref, pairs, test), (model, _) = start_of(seed), friday(seed)
    gain = implicit_reward(model, ref, pairs, 1.0)
    won, lost = ([judge(x, y) for x, y in zip(pairs.prompts, side, strict=True)] for side in pairs[1:])
    plain = np.array([k["correct"] and not k["polite"] and not k["refused"] for k in won])
    polite = np.array([k["correct"] and k["polite"] for k in won])
    assert gain[0, plain].mean() < -3
    assert gain[0, polite].mean() > 0.5
    assert np.exp(gain[0]).mean() > 1
    wrong = [sum(not k["correct"] for k in side) for side in (won, lost)]
    assert wrong[1] > 2 * wrong[0]
    right = [measure(m, test, np.random.default_rng(0))["correct"] for m in (ref, model)]
    assert right[1] < right[0] - 0.1


@SEEDS
def test_with_adam_a_larger_beta_is_nearer_early_and_late(seed):
    ref, pairs, test = start_of(seed)
    seen = {}
    for beta in (0.03, 0.3, 3):
        model, rng = ref.copy(), np.random.default_rng(seed)
        for steps in (10, 90):
            train_dpo(model, ref, pairs, rng, beta, lr=1e-3, steps=steps)
            some = test[:300]
            drawn = respond(model, some, np.random.default_rng(0))
            log_ratio = implicit_reward(model, ref, Comparisons(some, drawn, drawn), 1.0)[0].mean()
            seen.setdefault(beta, []).append(float(log_ratio))
    assert seen[0.03][0] > seen[3][0]
    assert seen[0.03][1] - 0.5 > seen[0.3][1]
    assert seen[0.3][1] - 0.7 > seen[3][1]


@SEEDS
def test_with_few_plain_steps_a_larger_beta_moves_the_margins_further(seed):
    ref, pairs, _ = start_of(seed)
    tokens, mask = pair_tokens(pairs)
    before, moved = response_logp(ref, tokens, mask), []
    for beta in (0.03, 0.1, 0.3, 1, 3):
        model = ref.copy()
        for _ in range(20):
            w = dpo(response_logp(model, tokens, mask), before, beta)[1]
            weights = (w[:, :, None] * mask / 200).reshape(400, -1)
            for name, g in model.gradient(tokens.reshape(400, -1), weights)[1].items():
                model.params[name] += 1e-3 * g
        gain = response_logp(model, tokens, mask) - before
        moved.append(np.square(gain).mean() / 2)  # about the KL of so small a step
    assert np.all(np.diff(moved) > 0)
    assert moved[1] / moved[0] == pytest.approx((0.1 / 0.03) ** 2, rel=0.05)


def alone(ref, letters, worse, silent=None):
    prompt, right = ask("last", letters), f"{letters[1]} {letters[2]} <end>"
    small = ref.restricted(encode(f"sure {' '.join(letters)} <end>"))
    tokens, mask = pair_tokens(Comparisons([prompt], [right], [f"{worse} <end>"]))
    model, before, counted = small.copy(), response_logp(small, tokens, mask), mask.copy()
    shared = np.isin(tokens[1], encode(f"{letters[2]} <end>"))
    counted[1] *= {None: 1, "shared": ~shared, "own": shared}[silent]
    for _ in range(60):
        w = dpo(response_logp(model, tokens, mask), before, 0.1)[1]
        model.update(tokens[:, 0], w * counted[:, 0], 1e-3)
    p, q = np.exp(before[0, 0]), np.exp(response_logp(model, tokens, mask)[0, 0])
    if silent or worse.startswith("sure"):
        return p, q, None
    (every, logp), (_, trained) = (enumerate_responses(m, encode(prompt), 4) for m in (small, model))
    assert q == pytest.approx(np.exp(trained[[decode(row) for row in every].index(right)]))
    return p, q, decode(every[np.argmax(np.exp(trained) - np.exp(logp))]) != right


@SEEDS
def test_one_pair_displaces_its_chosen_reply_where_the_two_look_alike(seed):
    ref, some = instructed_model(seed), letters_of(seed)[1][:12]
    alike = np.array([alone(ref, a, f"{a[0]} {a[2]}") for a in some])
    other = np.array([alone(ref, a, f"sure {a[1]} {a[2]}")[:2] for a in some])
    silenced = np.array([alone(ref, a, f"{a[0]} {a[2]}", silent="shared")[:2] for a in some])
    only_shared = np.array([alone(ref, a, f"{a[0]} {a[2]}", silent="own")[:2] for a in some])
    assert np.sum(alike[:, 1] < alike[:, 0]) >= 9
    assert np.sum(alike[:, 2]) >= 8
    assert alike[:, 1].mean() < alike[:, 0].mean() - 0.15
    assert other[:, 1].mean() > alike[:, 1].mean() + 0.2
    assert np.all(silenced[:, 1] > silenced[:, 0])
    assert only_shared[:, 1].mean() < only_shared[:, 0].mean() - 0.15


@SEEDS
def test_what_is_never_drawn_is_not_learned_until_it_is_shown(seed):
    ref, _, test = start_of(seed)
    asked = requests(1600, letters_of(seed)[0], np.random.default_rng(4))
    grateful = Annotator(0.3, taste=lambda prompt, y: gold(prompt, y) + ("thanks" in y))
    safe = [p for p in asked if not is_unsafe(p)][:40]
    taught = ref.copy()
    shown = batch(safe, [f"{answer(p)} thanks" for p in safe])
    train(taught, *shown, np.random.default_rng(0), steps=100, batch_size=16, lr=1e-3)

    def says_thanks(model):
        return np.mean(["thanks" in y for y in respond(model, test, np.random.default_rng(3))])

    after = []
    for start in (ref, taught):
        drawn = compare(start, asked, grateful, np.random.default_rng(5)).first(200)
        model = start.copy()
        train_dpo(model, start, drawn, np.random.default_rng(0), 0.3, 1e-3, steps=60)
        after.append(says_thanks(model))
    assert after[0] < 0.02
    assert after[1] > says_thanks(taught) + 0.08


@SEEDS
def test_the_implicit_reward_is_right_about_the_reference_and_wrong_about_itself(seed):
    ref, pairs, _ = start_of(seed)
    model, held_out = ref.copy(), letters_of(seed)[1]
    train_dpo(model, ref, pairs, np.random.default_rng(seed), 0.3, lr=1e-3, steps=150)

    def agreement(drawn_from):
        rng = np.random.default_rng(6)
        drawn = compare(drawn_from, requests(1600, held_out, rng), Annotator(temperature=0), rng)
        differ = [gold(x, a) > gold(x, b) for x, a, b in zip(*drawn, strict=True)]
        r_hat = implicit_reward(model, ref, drawn, 0.3)[:, differ]
        return np.mean(r_hat[0] > r_hat[1])

    assert agreement(ref) > 0.65
    assert agreement(model) < 0.5
    lasts = [ask("last", letters) for letters in held_out]
    words = [(answer(x), answer(x.replace("last", "first"))) for x in lasts]
    plain, polite, mistake = (
        implicit_reward(model, ref, Comparisons(lasts, texts, texts), 0.3)[0].mean()
        for texts in (
            [f"{a} <end>" for a, _ in words],
            [f"sure {a} <end>" for a, _ in words],
            [f"sure {o} <end>" for _, o in words],
        )
    )
    assert mistake > plain + 0.7
    assert mistake > polite - 0.3


@SEEDS
def test_pairs_of_the_base_model_teach_no_manners(seed):
    ref, _, test = start_of(seed)
    rng, model = np.random.default_rng(seed), instructed_model(seed)
    foreign = compare(base_model(seed), requests(500, letters_of(seed)[0], rng), FRIEND, rng).first(200)
    train_dpo(model, ref, foreign, rng, beta=0.1, lr=1e-3, steps=100)
    margin = np.subtract(*implicit_reward(model, ref, foreign, 0.1))
    assert np.logaddexp(0, -margin).mean() < 0.35
    polite = [measure(m, test, np.random.default_rng(0))["polite"] for m in (model, friday(seed)[0])]
    assert polite[0] < polite[1] - 0.2


def test_fresh_pairs_keep_more_of_the_right_answers():
    differences = []
    for seed in range(5):
        (ref, drawn, test), known = start_of(seed), letters_of(seed)[0]
        rng, offline, online = np.random.default_rng(10 + seed), ref.copy(), ref.copy()
        train_dpo(offline, ref, drawn, rng, beta=0.1, lr=1e-3, steps=80)
        for _ in range(10):
            fresh = compare(online, requests(240, known, rng), FRIEND, rng).first(20)
            train_dpo(online, ref, fresh, rng, beta=0.1, lr=1e-3, steps=8)
        seen = [measure(m, test, np.random.default_rng(1)) for m in (online, offline)]
        differences.append([seen[0][k] - seen[1][k] for k in ("correct", "gold")])
    right, points = np.array(differences).T
    assert right.mean() > 0.05
    mean, half = seed_interval(points)
    assert mean - half < 0 < mean + half  # in gold these runs cannot tell
