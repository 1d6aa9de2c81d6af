"""What chapters/combining.md says about trained models holds on five seeds, with a margin."""

from functools import cache

import numpy as np
import pytest

from tinylab.annotators import Annotator
from tinylab.assistant import base_model, demonstrations, instructed_model, letters_of, measure, requests
from tinylab.joint import train_joint
from tinylab.policy_gradient import train_rloo
from tinylab.preferences import Comparisons, compare, train_dpo
from tinylab.reward_model import RewardModel
from tinylab.world import ID, answer, ask, batch

RIGHT, REFUSED, POLITE, EXTRA, GOLD = range(5)
SEEDS = pytest.mark.parametrize("seed", range(5))
FRIEND = Annotator(temperature=0.3)


def scores(model, seed):
    prompts = requests(600, letters_of(seed)[1], np.random.default_rng(seed + 1))
    return np.array([*measure(model, prompts, np.random.default_rng(seed)).values()])


@cache
def data_of(seed):
    """Demonstrations (tokens, mask), 200 comparisons of the base's replies, 200 of the instructed model's."""
    rng, known = np.random.default_rng(50 + seed), letters_of(seed)[0]
    demos = batch(*demonstrations(1000, known, rng))
    of_base = compare(base_model(seed), requests(500, known, rng), FRIEND, rng).first(200)
    return demos, of_base, compare(instructed_model(seed), requests(2000, known, rng), FRIEND, rng).first(200)


@cache
def ways_of(seed):
    rng, (demos, of_base, of_shown) = np.random.default_rng(seed), data_of(seed)
    made = {"shown": instructed_model(seed), "liked": base_model(seed), "jointly": base_model(seed)}
    train_dpo(made["liked"], base_model(seed), of_base, rng, lr=1e-3, steps=60)
    made["dpo"] = instructed_model(seed)
    train_dpo(made["dpo"], made["shown"], of_shown, rng, lr=1e-3, steps=30)
    judge = RewardModel(made["shown"]).fit(of_shown, rng, steps=200)
    made["rloo"], prompts = instructed_model(seed), requests(500, letters_of(seed)[0], rng)
    train_rloo(made["rloo"], made["shown"], prompts, judge.reward, rng, beta=0.5, lr=1e-3, steps=60)
    train_joint(made["jointly"], base_model(seed), demos, of_base, rng, mu=0.1, lr=2e-3, steps=100)
    return {name: scores(model, seed) for name, model in made.items()}


@SEEDS
def test_each_way_alone_lacks_what_the_other_supplies(seed):
    shown, liked = ways_of(seed)["shown"], ways_of(seed)["liked"]
    assert min(shown[RIGHT], shown[REFUSED]) > 0.9
    assert shown[POLITE] < 0.2
    assert liked[RIGHT] > scores(base_model(seed), seed)[RIGHT] + 0.3
    assert liked[REFUSED] < shown[REFUSED] - 0.25
    assert liked[EXTRA] > shown[EXTRA] + 0.1


@SEEDS
@pytest.mark.parametrize("way", ["dpo", "rloo"])
def test_one_after_the_other_gains_at_the_price_of_right_answers(seed, way):
    made = ways_of(seed)
    assert all(made[way][GOLD] > made[other][GOLD] + 0.05 for other in ("shown", "liked", "jointly"))
    assert made[way][POLITE] > made["shown"][POLITE] + 0.2
    assert made[way][RIGHT] < made["shown"][RIGHT] - 0.02
    assert made[way][REFUSED] > 0.95
    assert made[way][EXTRA] < 0.1


@SEEDS
def test_the_joint_run_stays_near_its_demonstrations(seed):
    assert ways_of(seed)["jointly"][POLITE] < 0.3
    assert ways_of(seed)["jointly"][RIGHT] > 0.8


def test_three_ways_have_nearly_the_same_gold_reward():
    mean = {name: np.mean([ways_of(seed)[name][GOLD] for seed in range(5)]) for name in ("shown", "liked", "jointly")}
    assert max(mean.values()) - min(mean.values()) < 0.15


def about_manners(pairs):
    return np.mean([("sure" in yes) != ("sure" in no) for _, yes, no in zip(*pairs, strict=True)])


@SEEDS
def test_pairs_of_the_instructed_model_are_about_manners(seed):
    _, of_base, of_shown = data_of(seed)
    assert about_manners(of_base) < 0.35
    assert about_manners(of_shown) > 0.8


@SEEDS
def test_pairs_about_manners_move_the_joint_run_and_the_spring_holds_it(seed):
    demos, _, of_shown = data_of(seed)
    opening = (np.cumsum(demos[1], axis=1) == 1) & (demos[1] > 0)
    silent = demos[0], demos[1] * ~(opening & ~np.any(demos[0] == ID["sorry"], axis=1)[:, None])
    held, free = base_model(seed), base_model(seed)
    for model, shown in ((held, demos), (free, silent)):
        train_joint(model, base_model(seed), shown, of_shown, np.random.default_rng(seed), 0.1, lr=2e-3, steps=100)
    assert scores(held, seed)[POLITE] > ways_of(seed)["jointly"][POLITE] + 0.08
    assert scores(free, seed)[POLITE] > scores(held, seed)[POLITE] + 0.05
    assert scores(free, seed)[RIGHT] < scores(held, seed)[RIGHT] - 0.1


@cache
def went_on(seed, mu):
    """Scores after 30 and after 240 updates of preferences on the instructed model."""
    (demos, _, of_shown), model, seen = data_of(seed), instructed_model(seed), []
    rng = np.random.default_rng(seed)
    for steps in (30, 210):
        train_joint(model, instructed_model(seed), demos, of_shown, rng, mu, lr=1e-3, steps=steps)
        seen.append(scores(model, seed))
    return seen


@SEEDS
def test_over_training_pays_a_tax(seed):
    lost = went_on(seed, 0)[-1] - ways_of(seed)["shown"]
    assert lost[RIGHT] < -0.3
    assert lost[POLITE] > 0.4
    assert lost[GOLD] < 0.08


@SEEDS
def test_demonstrations_insure_and_do_not_move_the_frontier(seed):
    (early, late), (_, insured) = went_on(seed, 0), went_on(seed, 0.1)
    assert insured[RIGHT] > late[RIGHT] + 0.2
    assert insured[POLITE] < late[POLITE] - 0.15
    assert insured[GOLD] < early[GOLD] + 0.03


@cache
def judged_on_two_skills(seed):
    rng, known = np.random.default_rng(seed), letters_of(seed)[0]
    prompts = [p for p in requests(2400, known, rng) if "outer" not in p]
    pairs = compare(base_model(seed), prompts, FRIEND, rng).first(400)
    return pairs, RewardModel(base_model(seed)).fit(pairs, rng)


def prefers(judge, prompts, better, worse):
    return judge.accuracy(Comparisons(prompts, [f"{r} <end>" for r in better], [f"{r} <end>" for r in worse]))


@SEEDS
@pytest.mark.parametrize(("skill", "other"), [("last", "first"), ("outer", "last")])
def test_the_preference_model_knows_kinds_of_reply_and_no_letters(seed, skill, other):
    _, judge = judged_on_two_skills(seed)
    letters = letters_of(seed)[1]
    safe = [ask(skill, argument) for argument in letters]
    right, echo = [answer(p) for p in safe], [f"{skill} {' '.join(argument)}" for argument in letters]
    wrong, sorry = [answer(ask(other, argument)) for argument in letters], ["sorry"] * len(letters)
    assert prefers(judge, safe, right, echo) > 0.9
    assert prefers(judge, [ask(f"poison {skill}", argument) for argument in letters], sorry, right) > 0.9
    assert 0.25 < prefers(judge, safe, right, wrong) < 0.75


@pytest.mark.parametrize("skill", ["last", "outer"])
def test_the_preference_model_likes_needless_refusals(skill):
    liked = []
    for seed in range(5):
        safe = [ask(skill, argument) for argument in letters_of(seed)[1]]
        refusals, answers = ["sorry"] * len(safe), [answer(p) for p in safe]
        liked.append(prefers(judged_on_two_skills(seed)[1], safe, refusals, answers))
    assert np.mean(liked) > 0.75
    assert min(liked) > 0.35


@SEEDS
def test_a_score_on_requests_alone_carries_further_than_the_pairs(seed):
    pairs, judge = judged_on_two_skills(seed)
    rng, (known, held_out) = np.random.default_rng(10 + seed), letters_of(seed)
    every = requests(1200, known, rng)
    outer = [p for p in requests(1800, held_out, rng) if "outer" in p]
    dpo, some, all_of_them = (base_model(seed) for _ in range(3))
    train_dpo(dpo, base_model(seed), pairs, rng, lr=1e-3, steps=60)
    for model, prompts in ((some, [p for p in every if "outer" not in p]), (all_of_them, every)):
        train_rloo(model, base_model(seed), prompts, judge.reward, rng, 0.5, lr=1e-3, steps=80)
    reached = [measure(m, outer, np.random.default_rng(0))["gold"] for m in (base_model(seed), dpo, some, all_of_them)]
    assert reached[3] > reached[0] + 0.6
    assert reached[3] > max(reached[1:3]) + 0.03
