"""What chapters/policy-gradients.md says about trained models holds on five seeds, with a margin."""

from functools import cache

import numpy as np
import pytest

from tinylab.assistant import base_model, instructed_model, letters_of, measure, requests
from tinylab.gold import gold, judge
from tinylab.gradient_noise import directions, rloo_variance, total_variance
from tinylab.policy_gradient import draw_groups, leave_one_out, token_weights
from tinylab.preferences import respond, response_logp
from tinylab.sampling import enumerate_responses, sample
from tinylab.world import ID, ask, batch, decode, encode, encode_prompts, join

SEEDS = pytest.mark.parametrize("seed", range(5))
REWARD = cache(gold)


@cache
def data_of(seed):
    rng, (known, held_out) = np.random.default_rng(seed), letters_of(seed)
    return requests(500, known, rng), requests(400, held_out, rng)


def gold_of(model, seed):
    return measure(model, data_of(seed)[1], np.random.default_rng(0))["gold"]


@cache
def gold_after(seed, weigh, steps, fresh):
    student, rng = instructed_model(seed), np.random.default_rng(seed)
    for step in range(steps):
        if step % fresh == 0:
            store = [draw_groups(student, data_of(seed)[0], REWARD, rng) for _ in range(fresh)]
        tokens, mask, r = store[step % fresh]
        student.update(tokens, token_weights(weigh(r).ravel(), mask), lr=1e-3)
    return gold_of(student, seed)


def plain(r):
    return r


def five_more(r):
    return r + 5


@SEEDS
def test_five_points_for_taking_part_cost_most_of_the_gain(seed):
    yours, hers, ours = (gold_after(seed, weigh, 100, 1) for weigh in (plain, five_more, leave_one_out))
    before = gold_of(instructed_model(seed), seed)
    assert yours > hers + 0.05
    assert ours > hers + 0.12
    assert ours > before + 0.2


@SEEDS
def test_old_advantages_help_and_then_ruin_and_old_rewards_hardly_move(seed):
    before = gold_of(instructed_model(seed), seed)
    assert gold_after(seed, leave_one_out, 300, 300) < before - 0.2
    assert abs(gold_after(seed, plain, 300, 300) - before) < 0.1


@SEEDS
def test_old_advantages_help_for_fifty_updates(seed):
    student, rng = instructed_model(seed), np.random.default_rng(seed)
    for tokens, mask, r in [draw_groups(student, data_of(seed)[0], REWARD, rng) for _ in range(50)]:
        student.update(tokens, token_weights(leave_one_out(r).ravel(), mask), lr=1e-3)
    assert gold_of(student, seed) > gold_of(instructed_model(seed), seed) + 0.1


def shares_and_entropy(model, prompts, seed):
    said = [reply.split() for reply in respond(model, prompts, np.random.default_rng(seed), 6)]
    x = encode_prompts(prompts)
    drawn = join(x, sample(model, x, np.random.default_rng(seed), 6))
    shares = [np.mean([word in reply for reply in said]) for word in ("sure", "thanks")]
    return *shares, -response_logp(model, *drawn).mean()


@SEEDS
def test_one_way_of_being_polite_takes_everything(seed):
    model, rng, (prompts, test) = base_model(seed), np.random.default_rng(seed), data_of(seed)
    sure, thanks, nats = shares_and_entropy(model, test, seed)
    assert sure > 0.04
    assert 0.02 < thanks < sure + 0.01
    for _ in range(150):
        tokens, mask, r = draw_groups(model, prompts, REWARD, rng)
        model.update(tokens, token_weights(leave_one_out(r).ravel(), mask), lr=2e-3)
    after = shares_and_entropy(model, test, seed)
    assert after[0] < 0.03
    assert after[1] > 0.75
    assert after[2] < 0.65 * nats


def test_the_base_is_right_more_often_with_thanks_than_with_sure():
    right = {"sure": [], "thanks": []}
    for seed in range(5):
        asked = requests(3000, letters_of(seed)[1], np.random.default_rng(7))
        replies = respond(base_model(seed), asked, np.random.default_rng(seed), 6)
        for word, found in right.items():
            found.append(
                np.mean([judge(x, y)["correct"] for x, y in zip(asked, replies, strict=True) if word in y.split()])
            )
    assert np.mean(right["thanks"]) > np.mean(right["sure"]) + 0.05
    assert sum(t > s for s, t in zip(right["sure"], right["thanks"], strict=True)) >= 4


@cache
def of_manners(prompt, reply):
    seen = judge(prompt, reply)
    return 0.6 * seen["polite"] - 0.1 * seen["extra_words"]


def test_where_letters_earn_nothing_the_word_before_the_answer_stays_ahead():
    """With gold it falls below 3 % on all seeds (see above)."""
    ahead, shares = [], []
    for seed in range(5):
        model, rng, (prompts, _) = base_model(seed), np.random.default_rng(seed), data_of(seed)
        for _ in range(150):
            tokens, mask, r = draw_groups(model, prompts, of_manners, rng)
            model.update(tokens, token_weights(leave_one_out(r).ravel(), mask), lr=2e-3)
        test = requests(2000, letters_of(seed)[1], np.random.default_rng(7))
        sure, thanks, _ = shares_and_entropy(model, test, seed)
        ahead.append(sure - thanks)
        shares.append(sure)
    assert min(ahead) > 0.05
    assert np.mean(ahead) > 0.2
    assert min(shares) > 0.4


def test_thanks_is_praised_more_than_sure_at_the_start_and_for_its_letters():
    gaps = {REWARD: [], of_manners: []}
    for reward, found in gaps.items():
        for seed in range(5):
            rng = np.random.default_rng(9)
            tokens, _, r = draw_groups(base_model(seed), data_of(seed)[0], reward, rng, batch=3000)
            A = leave_one_out(r).ravel()
            sure, thanks = (A[(tokens == ID[word]).any(axis=1)].mean() for word in ("sure", "thanks"))
            found.append(thanks - sure)
    assert min(gaps[REWARD]) > 0
    assert np.mean(gaps[REWARD]) > 0.06
    assert np.mean(gaps[of_manners]) < np.mean(gaps[REWARD]) / 2


@SEEDS
def test_prices_of_baselines_on_one_prompt(seed):
    """On the unseen letters whose plain right answer has a probability close to 0.9."""
    start, letters_held = instructed_model(seed), letters_of(seed)[1]
    tokens, mask = batch([ask("last", a) for a in letters_held], [f"{a[1]} {a[2]}" for a in letters_held])
    letters = letters_held[np.abs(np.exp(response_logp(start, tokens, mask)) - 0.9).argmin()]
    x, right = encode_prompts([ask("last", letters)]), f"{letters[1]} {letters[2]} <end>"
    model = start.restricted(encode(f"sure {' '.join(letters)} <end>"))
    replies, logp = enumerate_responses(model, x[0], max_len=4)
    texts, p = [decode(row) for row in replies], np.exp(logp)
    g = directions(model, *join(np.repeat(x, len(p), axis=0), replies))
    r, size = np.array([gold(ask("last", letters), text) for text in texts]), np.sum(g**2, axis=1)
    best = (p * size) @ r / (p @ size)
    prices = [total_variance(p, r - b, g) for b in (best, p @ r, 0, -5)]
    assert prices == sorted(prices)
    assert prices[3] > 10 * prices[2]
    assert rloo_variance(p, r, g, 4) < 1.5 * total_variance(p, r - p @ r, g) / 4
    plain_right = np.array([text == right for text in texts], float)
    assert 0.8 < p @ plain_right < 0.97
    noisier = total_variance(p, plain_right - p @ plain_right, g) / total_variance(p, plain_right, g)
    assert noisier > 5
