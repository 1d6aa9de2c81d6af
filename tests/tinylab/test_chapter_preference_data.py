"""What chapters/preference-data.md says about trained models and drawn labels holds on five seeds, with a margin."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest

from tinylab.agreement import agreement
from tinylab.annotators import Annotator
from tinylab.assistant import letters_of, requests
from tinylab.bradley_terry import count_wins, draw_rankings, draw_wins, fit_newton, fit_plackett_luce
from tinylab.gold import POLITE, gold
from tinylab.kinds import KINDS, kind_of, reply_of, shares, undecided_model
from tinylab.policy_gradient import train_rloo
from tinylab.preferences import Comparisons, respond
from tinylab.reward_model import RewardModel
from tinylab.world import ask

SEEDS = pytest.mark.parametrize("seed", range(5))
PROMPT = ask("last", "cab")
VALUE = np.array([gold(PROMPT, reply_of(kind, PROMPT)) for kind in KINDS])
S = (VALUE - VALUE.mean()) / 0.6
TASTES = {
    "friend": gold,
    "manners": lambda prompt, reply: sum(word in POLITE for word in reply.split()),
    "short": lambda prompt, reply: -len(reply.split()),
}


def test_kinds_are_told_apart_and_other_replies_are_none_of_them():
    assert [kind_of(PROMPT, f"{reply_of(kind, PROMPT)} <end>") for kind in KINDS] == KINDS
    assert {kind_of(PROMPT, reply) for reply in ("b a <end>", "", "sure sure a b", "a b a b")} == {"other"}
    assert pytest.approx([1, 1.6, 1.6, 1.5, 0, -0.2]) == VALUE


def six_desks(n, spread, rng):
    marks, wins = np.zeros(6), np.zeros((6, 6))
    for j, generous in enumerate(rng.normal(0, spread, 6)):
        a, b = j, (j + 1) % 6
        impression = S[[a, b]] + rng.gumbel(size=(n, 2))
        marks[[a, b]] += np.clip(np.round(5 + generous + impression), 1, 10).mean(axis=0) / 2
        won = np.sum(impression[:, 0] > impression[:, 1])
        wins[a, b], wins[b, a] = won, n - won
    return np.array([marks - marks.mean(), fit_newton(wins, ridge=0.1).strengths])


@SEEDS
def test_more_marks_do_not_help_where_readers_differ_and_more_choices_do(seed):
    def error(n, spread):
        worlds = [six_desks(n, spread, np.random.default_rng(1000 * seed + k)) for k in range(40)]
        return np.sqrt(np.mean((np.array(worlds) - S) ** 2, axis=(0, 2)))

    fair, few, many = error(40, 0), error(40, 1), error(320, 1)
    assert fair[0] < 0.7 * fair[1]
    assert few[0] > 1.5 * few[1]
    assert many[0] > 0.85 * few[0]
    assert many[1] < 0.5 * few[1]


@SEEDS
def test_pairs_cut_from_rankings_are_too_sure(seed):
    def covers(fit):
        return np.mean(np.abs(fit.strengths - S) < 1.96 * fit.errors())

    ranked, cut = [], []
    for k in range(100):
        rankings = draw_rankings(S, 40, np.random.default_rng(1000 * seed + k))
        pairs = sum(count_wins(rankings[:, a], rankings[:, b], 6) for a, b in combinations(range(6), 2))
        ranked.append(covers(fit_plackett_luce(rankings, 6, ridge=1e-3)))
        cut.append(covers(fit_newton(pairs, ridge=1e-3)))
    assert np.mean(ranked) > 0.92
    assert np.mean(cut) < 0.9


def test_distant_items_need_more_comparisons_than_close_ones():
    """20 of each pair are what the formula wants for equals within half a nat; these kinds are not equals."""

    def within(s):
        rng, games = np.random.default_rng(5), 20 * (1 - np.eye(6))
        fits = [fit_newton(draw_wins(s, games, rng), ridge=1e-3).strengths for _ in range(1000)]
        return np.mean([abs(f[0] - f[1] - (s[0] - s[1])) < 0.5 for f in fits])

    equals, ours = within(np.zeros(6)), within(S)
    assert equals == pytest.approx(0.95, abs=0.025)
    assert ours < equals - 0.01


@cache
def drafts_of(seed):
    rng, (known, _) = np.random.default_rng(seed), letters_of(seed)
    asked = requests(1500, known, rng, unsafe=0)
    two = [respond(undecided_model(seed), asked, rng) for _ in range(2)]
    return [(x, a, b) for x, a, b in zip(asked, *two, strict=True) if gold(x, a) != gold(x, b)]


@SEEDS
def test_two_who_like_length_agree_more_and_are_right_less(seed):
    def study(person):
        rng, columns = np.random.default_rng(seed), [*map(list, zip(*drafts_of(seed), strict=True))]
        one, two = person.choose(*columns, rng), person.choose(*columns, rng)
        better = [gold(x, a) > gold(x, b) for x, a, b in drafts_of(seed)]
        return agreement(one, two), np.mean(one == better)

    careful, length = study(Annotator(temperature=0.6)), study(Annotator(temperature=0.6, length=0.6))
    assert length[0] > careful[0] + 0.03
    assert length[1] < careful[1] - 0.03


@cache
def start_of(seed):
    test = requests(400, letters_of(seed)[1], np.random.default_rng(1), unsafe=0)
    return test, shares(undecided_model(seed), test, np.random.default_rng(2))


def followed(taste, seed):
    """Shares after alignment to fifteen labels by a taste, ties as in the chapter."""
    rng, (known, _), assistant, rows = np.random.default_rng(seed), letters_of(seed), undecided_model(seed), []
    for i, j in combinations(range(6), 2):
        for k, x in enumerate(requests(20, known, rng, unsafe=0)):
            a, b = (reply_of(KINDS[kind], x) for kind in (i, j))
            a_won = taste(x, a) > taste(x, b) or (np.isclose(taste(x, a), taste(x, b)) and k % 2 == 0)
            rows.append((x, f"{a} <end>", f"{b} <end>") if a_won else (x, f"{b} <end>", f"{a} <end>"))
    judge = RewardModel(assistant).fit(Comparisons(*map(list, zip(*rows, strict=True))), rng, steps=150)
    aligned, everyday = assistant.copy(), requests(300, known, rng, unsafe=0)
    train_rloo(aligned, assistant, everyday, judge.reward, rng, 0.3, lr=1e-3, steps=40)
    return shares(aligned, start_of(seed)[0], np.random.default_rng(2))


@SEEDS
def test_the_assistant_starts_undecided(seed):
    before = start_of(seed)[1]
    assert before[:6].min() > 0.05
    assert before[:6].max() < 0.3


@SEEDS
def test_it_becomes_what_its_reader_chose(seed):
    sure, both, refuses = (KINDS.index(kind) for kind in ("sure", "both", "refuses"))
    assert followed(TASTES["friend"], seed)[sure : both + 1].sum() > 0.65
    assert followed(TASTES["manners"], seed)[both] > 0.5
    assert followed(TASTES["short"], seed)[refuses] > 0.6
