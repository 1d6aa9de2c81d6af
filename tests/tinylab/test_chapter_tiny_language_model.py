"""What chapters/tiny-language-model.md says about trained models holds on five seeds, with a margin."""

from functools import cache

import numpy as np
import pytest

from tinylab.exact import entropy, kl
from tinylab.model import TinyLM
from tinylab.sampling import enumerate_responses, sample
from tinylab.stats import seed_interval
from tinylab.training import demonstrations, exact_match, train
from tinylab.world import SELECTIONS, V, answer, arguments, ask, batch, decode, encode, encode_prompts, join, split

TASKS = ("first", "last", "outer")
SEEDS = pytest.mark.parametrize("seed", range(5))


def swapped(reply):
    return " ".join(reversed(reply.split()))


@cache
def base_model(seed):
    """The model of the five teachers: model, losses, prompts it knows, letters it does not."""
    rng = np.random.default_rng(seed)
    known, held_out = split(arguments(3), rng)
    prompts = [ask(task, a) for task in TASKS for a in known]
    right = [answer(prompt) for prompt in prompts]
    replies = 3 * right + ["sure " + reply for reply in right] + [swapped(reply) for reply in right]
    base = TinyLM(V, window=10, seed=seed)
    losses = train(base, *batch(5 * prompts, replies), rng, steps=2000)
    return base, losses, prompts, held_out


def learn(model, prompts, rule, seed, rounds=60):
    student, rng = model.copy(), np.random.default_rng(seed)
    for _ in range(rounds):
        asked = [str(prompt) for prompt in rng.choice(prompts, 64)]
        x = encode_prompts(asked)
        tokens, mask = join(x, sample(student, x, rng, max_len=5))
        w = [rule(prompt, decode(row[x.shape[1] :])) for prompt, row in zip(asked, tokens, strict=True)]
        student.update(tokens, mask * np.array(w)[:, None], lr=1e-3)
    return student


def unseen(held_out):
    return [ask(task, a) for task in TASKS for a in held_out]


def kinds_of_reply(model, prompts):
    best = [answer(prompt) for prompt in prompts]
    p = []
    for replies in (best, ["sure " + reply for reply in best], [swapped(reply) for reply in best]):
        tokens, mask = batch(prompts, replies)
        p.append(np.exp((model.logp(tokens) * mask).sum(axis=1)).mean())
    return np.array([*p, 1 - sum(p)])


def wrong(prompt, reply):
    return reply.removeprefix("sure ") != answer(prompt) + " <end>"


def accuracy_after_200_steps(seed, embed=8, lr=0.02):
    rng = np.random.default_rng(seed)
    known, held_out = split(arguments(3), rng)
    tasks = [f"{selection} {order}" for selection in SELECTIONS for order in ("forward", "backward")]
    model = TinyLM(V, window=10, embed=embed, seed=seed)
    train(model, *demonstrations([ask(task, a) for task in tasks for a in known]), rng, steps=200, lr=lr)
    return exact_match(model, [ask(task, a) for task in tasks for a in held_out])


@SEEDS
def test_loss_stops_at_the_entropy_of_the_teachers(seed):
    base, losses, _, held_out = base_model(seed)
    floor = entropy(np.array([0.6, 0.2, 0.2])) / 3.2
    assert 0 < losses[-200:].mean() - floor < 0.05
    np.testing.assert_allclose(kinds_of_reply(base, unseen(held_out)), [0.58, 0.2, 0.18, 0.04], atol=0.05)


@SEEDS
def test_temperature_changes_entropy_and_sums_stay_one(seed):
    base, _, _, held_out = base_model(seed)
    small, nats = base.restricted(encode(" ".join(["sure", *held_out[0], "<end>"]))), []
    for T in (0.3, 1.0, 3.0):
        model = small.copy()
        model.params["W2"] /= T
        model.params["b2"] /= T
        responses, logp = enumerate_responses(model, encode_prompts([ask("last", held_out[0])])[0], max_len=4)
        assert len(responses) == 341
        assert np.exp(logp).sum() == pytest.approx(1, abs=1e-12)
        nats.append(entropy(np.exp(logp)))
    assert nats[0] + 0.2 < nats[1] < nats[2] - 1


@SEEDS
def test_what_the_rules_teach(seed):
    base, _, prompts, held_out = base_model(seed)
    before = kinds_of_reply(base, unseen(held_out))

    def after(rule):
        return kinds_of_reply(learn(base, prompts, rule, seed), unseen(held_out))

    assert after(lambda prompt, reply: 1.0 if "sure" in reply else 0.0)[1] > 0.75
    punished = after(lambda prompt, reply: -1.0 if "sure" in reply else 0.0)
    assert punished[1] < 0.06
    assert punished[0] > before[0] + 0.08
    corrected = after(lambda prompt, reply: -1.0 if wrong(prompt, reply) else 0.0)
    assert corrected[1] > before[1] + 0.15  # manners that nobody asked for
    assert corrected[2] < before[2] / 2


@SEEDS
def test_manners_come_from_what_prompts_share(seed):
    """Taught on one prompt alone, the rule against wrong replies does not make the model polite."""
    base, _, prompts, _ = base_model(seed)
    for prompt in prompts[:3]:
        student = learn(base, [prompt], lambda x, y: -1.0 if wrong(x, y) else 0.0, seed, rounds=30)
        before, after = kinds_of_reply(base, [prompt]), kinds_of_reply(student, [prompt])
        assert after[0] > before[0] + 0.1
        assert after[1] < before[1] + 0.05


@SEEDS
def test_equal_weights_on_own_replies_have_no_expected_gradient(seed):
    base, _, _, held_out = base_model(seed)
    small = base.restricted(encode(" ".join(["sure", *held_out[0], "<end>"])))
    prompt = encode_prompts([ask("last", held_out[0])])
    responses, logp = enumerate_responses(small, prompt[0], max_len=4)
    tokens, mask = join(np.repeat(prompt, len(responses), axis=0), responses)
    _, gradient = small.gradient(tokens, mask * np.exp(logp)[:, None])
    assert max(np.abs(g).max() for g in gradient.values()) < 1e-12


@SEEDS
def test_the_polite_student_has_moved_in_both_directions(seed):
    base, _, prompts, held_out = base_model(seed)
    student = learn(base, prompts, lambda prompt, reply: 1.0 if "sure" in reply else 0.0, seed)
    words, prompt = encode(" ".join(["sure", *held_out[0], "<end>"])), encode_prompts([ask("last", held_out[0])])[0]
    p, q = (np.exp(enumerate_responses(m.restricted(words), prompt, max_len=4)[1]) for m in (base, student))
    assert 0.5 < kl(q, p) < 2.5
    assert kl(p, q) > 0.5


@SEEDS
def test_exercise_a_rule_with_a_condition(seed):
    base, _, prompts, held_out = base_model(seed)
    student = learn(
        base, prompts, lambda prompt, reply: 1.0 if ("sure" in reply) == ("last" in prompt) else -1.0, seed, rounds=100
    )
    for task in TASKS:
        next_logp = student.next_logp(encode_prompts([ask(task, a) for a in held_out]))
        p_sure = np.exp(next_logp)[:, encode("sure")[0]].mean()
        assert p_sure > 0.7 if task == "last" else p_sure < 0.15


@pytest.mark.parametrize("seeds", [range(5), range(5, 10)])
def test_a_tenth_more_learning_rate_helps_and_ten_numbers_cannot_be_told(seeds):
    plain = np.array([accuracy_after_200_steps(seed) for seed in seeds])
    faster = np.array([accuracy_after_200_steps(seed, lr=0.022) for seed in seeds]) - plain
    wider = np.array([accuracy_after_200_steps(seed, embed=10) for seed in seeds]) - plain
    mean, half = seed_interval(faster)
    assert mean - half > 0.005
    assert seed_interval(plain)[1] > mean  # the methods' own intervals overlap
    mean, half = seed_interval(wider)
    assert mean - half < 0 < mean + half


def test_beyond_the_window_two_instructions_are_one():
    prompts = encode_prompts([ask("first backward", "abcdefgh"), ask("last backward", "abcdefgh")])
    a, b = TinyLM(V, window=10, seed=0).next_logp(prompts)
    np.testing.assert_array_equal(a, b)
