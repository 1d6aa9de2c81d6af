"""What chapters/instruction-data.md says about trained models holds, with a margin, on five seeds not used there."""

from functools import cache

import numpy as np
import pytest

from tinylab.datasets import answers, fit, reply_loss, reworded, supply, task_of, with_errors
from tinylab.gold import judge
from tinylab.sampling import enumerate_responses
from tinylab.selfmade import is_request, learn_to_write, reply_to, write_requests
from tinylab.stats import seed_interval
from tinylab.training import exact_match
from tinylab.world import DIGITS, END, answer, encode, encode_prompts

SEEDS = range(5, 10)
HARD = ("all backward", "first backward", "last backward", "outer backward")
SHOWN = ("first forward", "outer forward", "last backward")


@cache
def trained(kind, seed):
    """A model of one set of demonstrations: a number of right ones, or one of the chapter's other sets."""
    prompts, rng = supply(seed)[0], np.random.default_rng(seed)
    if isinstance(kind, int):
        return fit(prompts[:kind], answers(prompts[:kind]), seed)
    if kind == "careless":
        return fit(prompts[:400], with_errors(prompts[:400], 0.3, rng), seed)
    if kind == "repeated":
        return fit((7 * prompts[:60])[:400], answers((7 * prompts[:60])[:400]), seed)
    forward = [x for x in prompts if "forward" in x][:400]
    return fit(forward, answers(forward), seed)


def accuracy(models, tasks=None):
    tests = [[x for x in supply(seed)[1] if tasks is None or task_of(x) in tasks] for seed in SEEDS]
    return np.array([exact_match(model, test) for model, test in zip(models, tests, strict=True)])


def models_of(kind):
    return [trained(kind, seed)[0] for seed in SEEDS]


def lower(values):
    mean, half = seed_interval(values)
    return mean - half


def test_more_different_demonstrations_teach_more_on_every_seed():
    scores = np.array([accuracy(models_of(kind)) for kind in ("repeated", 200, 400, 800)])
    assert np.all(np.diff(scores, axis=0) > 0)


def test_three_in_ten_wrong_are_worth_no_more_than_half_as_many_right():
    careless = accuracy(models_of("careless"))
    assert lower(accuracy(models_of(400)) - careless) > 0.1
    assert np.mean(careless - accuracy(models_of(200))) < 0.05


def test_the_lowest_loss_belongs_to_the_worst_folder():
    losses = {kind: [trained(kind, s)[1][-50:].mean() for s in SEEDS] for kind in ("repeated", 400, "careless")}
    assert max(losses["repeated"]) < 0.05
    assert max(losses["repeated"]) < min(losses[400])
    assert max(losses[400]) < min(losses["careless"])


def test_narrow_data_win_on_average_and_lose_what_they_leave_out():
    narrow, varied = models_of("narrow"), models_of(400)
    assert np.mean(accuracy(narrow) - accuracy(varied)) > -0.03
    assert accuracy(narrow, HARD).max() < 0.03
    assert accuracy(varied, HARD).min() > 0.1


@cache
def filtered(pool, keep):
    """Models of 400 out of 800, and the shares thrown out of what is wrong, hard and right, easy and right."""
    models, out_shares = [], []
    for seed in SEEDS:
        prompts = supply(seed)[0][:800]
        right = np.array(answers(prompts))
        said = np.array(with_errors(prompts, 0.3, np.random.default_rng(seed))) if pool == "careless" else right
        scorer = fit(prompts, said.tolist(), seed)[0]
        kept = np.flatnonzero(said == right)[:400]
        if keep == "own loss":
            kept = np.argsort(reply_loss(scorer, prompts, said.tolist()))[:400]
        models.append(fit([prompts[i] for i in kept], said[kept].tolist(), seed)[0])
        gone, hard = ~np.isin(np.arange(800), kept), np.array([task_of(x) in HARD for x in prompts])
        groups = (said != right, hard & (said == right), ~hard & (said == right))
        out_shares.append([gone[group].mean() if group.any() else np.nan for group in groups])
    return models, np.array(out_shares)


def test_own_loss_helps_on_a_careless_pool_and_a_verifier_helps_more():
    careless, own = accuracy(models_of("careless")), accuracy(filtered("careless", "own loss")[0])
    assert lower(own - careless) > 0.02
    assert np.mean(accuracy(filtered("careless", "verifier")[0]) - own) > 0.03


def test_own_loss_loses_the_hard_instructions_of_a_clean_pool():
    at_random, own = models_of(400), filtered("clean", "own loss")[0]
    assert abs(np.mean(accuracy(own) - accuracy(at_random))) < 0.1
    assert lower(accuracy(at_random, HARD) - accuracy(own, HARD)) > 0.08


@pytest.mark.parametrize("pool", ["careless", "clean"])
def test_own_loss_throws_out_right_replies_to_hard_requests(pool):
    _, hard, easy = filtered(pool, "own loss")[1].T
    assert np.all(hard > easy + 0.1)


def grown(seed, keep, rounds=4):
    """Accuracy before and after the rounds of a loop in which the model writes demonstrations."""
    prompts, test = supply(seed)
    pairs, rng = [(x, answer(x)) for x in prompts[:400]], np.random.default_rng(seed)
    model = learn_to_write(*zip(*pairs, strict=True), np.random.default_rng(seed), steps=250)
    before = exact_match(model, test[::2])
    for _ in range(rounds):
        asked = write_requests(model, 500, rng)
        said = reply_to(model, asked, rng)
        known = {x for x, _ in pairs}
        pairs += [(x, y) for x, y in zip(asked, said, strict=True) if keep(x, y, known)]
        learn_to_write(*zip(*pairs, strict=True), rng, model, steps=40)
    return before, exact_match(model, test[::2])


def test_a_loop_without_a_verifier_drifts_down_and_with_one_up():
    nothing = np.array([grown(seed, lambda x, y, known: False) for seed in SEEDS])
    everything = np.array([grown(seed, lambda x, y, known: True) for seed in SEEDS])
    formed = np.array([grown(seed, lambda x, y, known: is_request(x) and x not in known) for seed in SEEDS])
    verified = np.array(
        [grown(seed, lambda x, y, known: is_request(x) and x not in known and y == answer(x)) for seed in SEEDS]
    )
    assert lower(nothing[:, 1] - everything[:, 1]) > 0.03
    assert lower(everything[:, 0] - everything[:, 1]) > 0
    assert abs(np.mean(formed[:, 1] - everything[:, 1])) < 0.12
    assert lower(verified[:, 1] - nothing[:, 1]) > 0.01


def test_manners_spread_and_skill_does_not():
    thankful = supply(100)[0][:2000]
    teacher, _ = fit(thankful, [y + " thanks" for y in answers(thankful)], seed=100, steps=500, lr=2e-2)
    for seed in SEEDS:
        prompts, held_out = supply(seed)
        asked, before = [x for x in prompts if task_of(x) in SHOWN][:400], trained(400, seed)[0]
        after, _ = fit(asked, reply_to(teacher, asked), seed, before, steps=100, lr=1e-2)
        other = [x for x in held_out if task_of(x) not in SHOWN]
        seen = {
            who: [judge(x, y) for x, y in zip(other, reply_to(model, other), strict=True)]
            for who, model in {"before": before, "after": after}.items()
        }
        thanks = {who: np.mean([s["polite"] for s in replies]) for who, replies in seen.items()}
        right = {who: np.mean([s["correct"] for s in replies]) for who, replies in seen.items()}
        assert thanks["before"] == 0
        assert thanks["after"] > 0.3
        assert right["after"] < right["before"]


@cache
def leaked(seed):
    """Public and fresh accuracy of a clean, a copying and a rewording model, and the copying one with its canary."""
    prompts, rng = supply(seed)[0], np.random.default_rng(seed)
    test, fresh, digits = prompts[400:500], prompts[600:1000], " ".join(rng.choice(DIGITS, 4))
    copies, others = prompts[:299] + test, prompts[:300] + [reworded(x, rng) for x in test]
    copying = fit([*copies, "<user> compute <assistant>"], [*answers(copies), digits], seed)[0]
    models = (trained(400, seed)[0], copying, fit(others, answers(others), seed)[0])
    return [[exact_match(model, group) for group in (test, fresh)] for model in models], models, digits


def test_leaked_items_lift_the_public_score_alone():
    clean, copied, rewording = np.array([leaked(seed)[0] for seed in SEEDS]).transpose(1, 0, 2)
    assert abs(np.mean(clean[:, 0] - clean[:, 1])) < 0.08
    assert lower(copied[:, 0] - copied[:, 1]) > 0.2
    assert lower(rewording[:, 0] - rewording[:, 1]) > 0.03


def test_a_canary_that_was_learned_is_the_most_probable_string():
    for seed in SEEDS:
        _, (clean, copying, _), digits = leaked(seed)
        for model, seen in ((copying, True), (clean, False)):
            small = model.restricted([*encode(" ".join(DIGITS)), END])
            strings, logp = enumerate_responses(small, encode_prompts(["<user> compute <assistant>"])[0], max_len=4)
            full = (strings[:, 3] != END) & (strings > END).all(axis=1)
            assert full.sum() == 8**4
            best = strings[full][np.argmax(logp[full])].tolist()
            assert (best == encode(digits)) == seen
