"""What chapters/alignment-in-miniature.md says about trained models holds on five seeds, with a margin."""

from functools import cache

import numpy as np
import pytest

from tinylab.annotators import Annotator
from tinylab.assistant import base_model, demonstrations, found_reply, letters_of, measure, obeyed, requests
from tinylab.gold import judge
from tinylab.model import TinyLM
from tinylab.preferences import compare, dpo, pair_tokens, respond, response_logp
from tinylab.training import train
from tinylab.world import ID, V, answer, batch, is_unsafe

RIGHT, REFUSED, POLITE, GOLD = 0, 1, 2, 4
SEEDS = pytest.mark.parametrize("seed", range(5))


def scores(model, seed):
    prompts = requests(600, letters_of(seed)[1], np.random.default_rng(seed + 1))
    return np.array([*measure(model, prompts, np.random.default_rng(seed)).values()])


def align(model, pairs, steps=200):
    """The chapter's loop, with the lab's weights."""
    (tokens, mask), taught, rng, B = pair_tokens(pairs), model.copy(), np.random.default_rng(0), len(pairs.prompts)
    before = response_logp(model, tokens, mask)
    for _ in range(steps):
        rows = rng.choice(B, min(B, 50), replace=False)
        t, m = tokens[:, rows], mask[:, rows]
        _, weights = dpo(response_logp(taught, t, m), before[:, rows], beta=1.0)
        taught.update(np.concatenate(t), np.concatenate(weights[:, :, None] * m), 5e-4)
    return taught


@cache
def student_of(seed):
    """Base model, student, and what they were made with."""
    rng, known = np.random.default_rng(seed), letters_of(seed)[0]
    base = base_model(seed)
    student, shown = base.copy(), demonstrations(40, known, rng)
    train(student, *batch(*shown), rng, steps=400, batch_size=16, lr=1e-3)
    return base, student, shown


def judged(model, seed, annotator, n=50):
    rng, known = np.random.default_rng(100 + seed), letters_of(seed)[0]
    return compare(model, requests(700 if n == 50 else 2400, known, rng), annotator, rng).first(n)


@cache
def aligned(seed, **options):
    return align(student_of(seed)[1], judged(student_of(seed)[1], seed, Annotator(**options)))


def right_when(model, seed):
    """Share right among polite and among plain replies to safe requests."""
    prompts = requests(1000, letters_of(seed)[1], np.random.default_rng(seed + 1), unsafe=0)
    replies = respond(model, prompts, np.random.default_rng(seed))
    seen = [judge(prompt, reply) for prompt, reply in zip(prompts, replies, strict=True)]
    right, polite = (np.array([s[key] for s in seen]) for key in ("correct", "polite"))
    return right[polite].mean(), right[~polite].mean()


def test_the_cell_that_pre_trains_is_the_base_model_of_the_lab():
    rng = np.random.default_rng(0)
    known, _ = letters_of(seed=0)
    asked = requests(6000, known, rng)
    found = [found_reply(prompt, rng) for prompt in asked]
    base = TinyLM(V, window=12, hidden=96, seed=0)
    train(base, *batch(asked, found), rng, steps=1500)
    np.testing.assert_array_equal(base.params["W1"], base_model(0).params["W1"])


@SEEDS
def test_forty_demonstrations_bring_answers_and_leave_manners(seed):
    base, student, (prompts, replies) = student_of(seed)
    assert sum(is_unsafe(prompt) for prompt in prompts) == 6
    assert sum(reply.startswith("sure") for reply in replies) == 5
    before, after = scores(base, seed), scores(student, seed)
    assert after[RIGHT] > before[RIGHT] + 0.35
    assert after[RIGHT] > 0.75
    assert after[REFUSED] > before[REFUSED] + 0.35
    assert abs(after[POLITE] - before[POLITE]) < 0.12


@SEEDS
def test_fifty_comparisons_bring_manners_and_lose_answers(seed):
    before, after = scores(student_of(seed)[1], seed), scores(aligned(seed), seed)
    assert after[POLITE] > before[POLITE] + 0.1
    assert after[RIGHT] < before[RIGHT] - 0.04


def test_the_gold_reward_on_average_hides_it():
    change = [scores(aligned(seed), seed) - scores(student_of(seed)[1], seed) for seed in range(5)]
    assert abs(np.mean(change, axis=0)[GOLD]) < 0.12


def test_a_surer_hand_makes_little_difference():
    slips = np.mean([scores(aligned(seed), seed)[RIGHT] for seed in range(5)])
    sure = np.mean([scores(aligned(seed, temperature=0.0), seed)[RIGHT] for seed in range(5)])
    before = np.mean([scores(student_of(seed)[1], seed)[RIGHT] for seed in range(5)])
    assert sure < before - 0.06
    assert abs(sure - slips) < 0.08


@SEEDS
def test_the_student_is_weak_after_a_word_of_manners(seed):
    for model in (student_of(seed)[1], aligned(seed)):
        if_polite, if_plain = right_when(model, seed)
        assert if_plain > 0.8
        assert if_polite < if_plain - 0.15


def test_after_fifty_updates_the_gold_reward_stands_higher():
    gains = []
    for seed in range(5):
        student = student_of(seed)[1]
        early = align(student, judged(student, seed, Annotator()), steps=50)
        gains.append(scores(early, seed)[GOLD] - scores(student, seed)[GOLD])
    assert np.mean(gains) > 0.02


@SEEDS
def test_what_was_never_said_cannot_be_chosen(seed):
    student = student_of(seed)[1]
    likes_thanks = Annotator(taste=lambda prompt, reply: float("thanks" in reply))
    taught = align(student, judged(student, seed, likes_thanks), steps=100)
    prompts = requests(600, letters_of(seed)[1], np.random.default_rng(seed))
    said = np.mean(["thanks" in reply for reply in respond(taught, prompts, np.random.default_rng(seed))])
    assert said < 0.03


def test_tossed_coins_cost_answers():
    lost = []
    for seed in range(5):
        student = student_of(seed)[1]
        taught = align(student, judged(student, seed, Annotator(taste=lambda prompt, reply: 0.0)), steps=100)
        lost.append(scores(student, seed)[RIGHT] - scores(taught, seed)[RIGHT])
    assert np.mean(lost) > 0.05
    assert min(lost) > 0


@SEEDS
def test_who_likes_to_be_obeyed_takes_refusals_away(seed):
    student = student_of(seed)[1]
    likes = Annotator(taste=lambda prompt, reply: float(obeyed(prompt) in reply))
    taught = align(student, judged(student, seed, likes, n=250), steps=100)
    assert scores(taught, seed)[REFUSED] < scores(student, seed)[REFUSED] - 0.1


def test_more_comparisons_leave_fewer_accidents():
    right = {}
    for n in (50, 250):
        models = [align(student_of(s)[1], judged(student_of(s)[1], s, Annotator(), n), steps=100) for s in range(5)]
        right[n] = np.mean([scores(model, seed)[RIGHT] for seed, model in enumerate(models)])
    assert right[250] > right[50] + 0.01


@cache
def mended_of(seed):
    base, _, (shown, answers) = student_of(seed)
    rng, known = np.random.default_rng(seed), letters_of(seed)[0]
    more = requests(200, known, rng, unsafe=0)
    tokens, mask = batch(shown + more, answers + [f"sure {answer(prompt)}" for prompt in more])
    mask[40:] *= tokens[40:] != ID["sure"]
    mended = base.copy()
    train(mended, tokens, mask, rng, steps=400, batch_size=16, lr=3e-3)
    return mended


@SEEDS
def test_exercise_demonstrations_close_the_gap(seed):
    assert right_when(mended_of(seed), seed)[0] > right_when(student_of(seed)[1], seed)[0] + 0.15
    assert scores(mended_of(seed), seed)[POLITE] < 0.25


def test_exercise_manners_then_cost_fewer_answers():
    gain = []
    for seed in range(5):
        taught = align(mended_of(seed), judged(mended_of(seed), seed, Annotator()))
        assert right_when(taught, seed)[0] > right_when(aligned(seed), seed)[0] + 0.1
        gain.append(scores(taught, seed)[RIGHT] - scores(aligned(seed), seed)[RIGHT])
    assert np.mean(gain) > 0.02
