"""What chapters/reward-models.md says about fitted reward models holds on five seeds, with a margin."""

from functools import cache

import numpy as np
import pytest

from tinylab.annotators import Annotator
from tinylab.assistant import base_model, letters_of, requests
from tinylab.gold import gold
from tinylab.preferences import Comparisons, compare
from tinylab.probes import every_request, joined, judged, probe, sureness
from tinylab.reward_model import Ensemble, RewardModel
from tinylab.world import UNSAFE, is_unsafe

SEEDS = pytest.mark.parametrize("seed", range(5))
FRIEND, HURRIED = Annotator(temperature=0.6), Annotator(temperature=0.6, length=0.3)
STEPS = 250  # of each fit, as in the chapter


@cache
def data_of(seed):
    """2,500 comparisons of the base's replies, and about 1,000 on letters that were held out."""
    rng, (known, held_out), base = np.random.default_rng(seed), letters_of(seed), base_model(seed)
    shown = compare(base, requests(4000, known, rng), FRIEND, rng, temperature=1.3).first(2500)
    return shown, compare(base, requests(1500, held_out, rng), FRIEND, rng, temperature=1.3)


@cache
def fitted(seed, n=2500, **options):
    return RewardModel(base_model(seed)).fit(data_of(seed)[0].first(n), np.random.default_rng(1), STEPS, **options)


@cache
def known_of(seed):
    """Of each held-out pair: her probability of the choice (B,), and gold of chosen less rejected (B,)."""
    kept = data_of(seed)[1]
    g = [gold(p, a) - gold(p, b) for p, a, b in zip(*kept, strict=True)]
    return sureness(FRIEND, kept), np.array(g)


def ceiling(annotator, pairs):
    p = sureness(annotator, pairs)
    return np.maximum(p, 1 - p).mean()


def log_loss(model, pairs):
    return -np.log(model.probability(*pairs)).mean()


def lead(pairs, score):
    return score(pairs.prompts, pairs.chosen) - score(pairs.prompts, pairs.rejected)


@SEEDS
def test_accuracy_rises_towards_a_ceiling_and_training_accuracy_falls_to_it(seed):
    (shown, kept), p = data_of(seed), known_of(seed)[0]
    top = np.maximum(p, 1 - p).mean()
    assert 0.76 < top < 0.82
    assert 0.62 < fitted(seed, 100).accuracy(kept) < fitted(seed).accuracy(kept) + 0.01
    assert log_loss(fitted(seed, 100), kept) > log_loss(fitted(seed), kept) + 0.1
    assert top - 0.07 < fitted(seed).accuracy(kept) < top + 0.03
    assert fitted(seed, 100).accuracy(shown.first(100)) > 0.95
    assert fitted(seed, 300).accuracy(shown.first(300)) > top + 0.1
    assert fitted(seed).accuracy(shown) < top + 0.06


@SEEDS
def test_clear_pairs_are_at_their_ceiling_and_slight_ones_not_above(seed):
    kept, p = data_of(seed)[1], known_of(seed)[0]
    clear, right = np.abs(np.log(p / (1 - p))) > 1 / 0.6, lead(kept, fitted(seed).score) > 0
    top = np.maximum(p, 1 - p)
    assert abs(right[clear].mean() - top[clear].mean()) < 0.04
    assert right[~clear].mean() < top[~clear].mean() + 0.03


@SEEDS
def test_few_comparisons_make_it_surer_than_it_should_be(seed):
    kept, p = data_of(seed)[1], known_of(seed)[0]
    few, loss = lead(kept, fitted(seed, 300).score), lambda d: np.logaddexp(0, -d).mean()
    assert loss(0.5 * few) < loss(few) - 0.03
    assert loss(3 * few) > loss(few) + 0.4
    off = {n: np.abs(fitted(seed, n).probability(*kept) - p).mean() for n in (300, 2500)}
    sure = {n: np.maximum(q := fitted(seed, n).probability(*kept), 1 - q).mean() for n in (300, 2500)}
    assert off[300] > off[2500] + 0.03
    assert sure[300] > fitted(seed, 300).accuracy(kept) + 0.06
    assert abs(sure[2500] - fitted(seed).accuracy(kept)) < 0.06


@pytest.mark.parametrize("seed", [0, 1])
def test_both_orders_of_each_pair_teach_nothing(seed):
    shown, kept = data_of(seed)
    both = joined(shown.first(500), Comparisons(shown.prompts[:500], shown.rejected[:500], shown.chosen[:500]))
    q = RewardModel(base_model(seed)).fit(both, np.random.default_rng(1), STEPS).probability(*kept)
    assert np.abs(q - 0.5).mean() < 0.15
    assert np.abs(q - 0.5).mean() < np.abs(fitted(seed, 500).probability(*kept) - 0.5).mean() - 0.15


@SEEDS
def test_a_margin_stretches_the_scores_and_leaves_their_order(seed):
    kept = data_of(seed)[1]
    plain, margin = fitted(seed), fitted(seed, margin=3.0)
    assert abs(plain.accuracy(kept) - margin.accuracy(kept)) < 0.035
    assert np.abs(lead(kept, margin.score)).mean() > 2 * np.abs(lead(kept, plain.score)).mean()
    assert log_loss(margin, kept) > log_loss(plain, kept) + 0.1


@SEEDS
def test_centring_sets_zero_and_too_much_of_it_shrinks(seed):
    kept = data_of(seed)[1]

    def mean_score(model):
        return np.mean([model.score(kept.prompts, side) for side in kept[1:]])

    plain, little, much = fitted(seed), fitted(seed, centring=0.01), fitted(seed, centring=1.0)
    assert abs(mean_score(little)) < 0.12
    assert abs(little.accuracy(kept) - plain.accuracy(kept)) < 0.035
    assert np.abs(lead(kept, much.score)).mean() < 0.4 * np.abs(lead(kept, plain.score)).mean()


@cache
def of_hurried(seed):
    rng, (shown, kept) = np.random.default_rng(9), data_of(seed)
    mine, theirs = judged(HURRIED, shown, rng), judged(HURRIED, kept, rng)
    return RewardModel(base_model(seed)).fit(mine, np.random.default_rng(1), STEPS), theirs


def points(model, seed, kind):
    """By how much a kind of reply is above the right one, in the annotator's points: a mean over safe requests."""
    safe = every_request(letters_of(seed)[1])
    return 0.6 * lead(probe(safe, kind, "right"), model.score).mean()


@SEEDS
def test_where_the_learned_reward_departs(seed):
    plain, long = fitted(seed), of_hurried(seed)[0]
    for model in (plain, long):
        assert abs(points(model, seed, "wrong letters")) < 0.2
        assert points(model, seed, "refuses") > 0.2
    assert points(plain, seed, "repeats") < -0.7
    assert points(plain, seed, "sure, repeats") < -0.15
    assert points(long, seed, "sure, repeats") > 0.15
    assert points(long, seed, "sure, repeats, thanks") > 0.3


def per_word(model, seed):
    """Points for a point of gold, and for a word, by least squares on held-out pairs."""
    kept, g = data_of(seed)[1], known_of(seed)[1]
    words = [len(a.split()) - len(b.split()) for _, a, b in zip(*kept, strict=True)]
    return np.linalg.lstsq(np.array([g, words]).T, 0.6 * lead(kept, model.score), rcond=None)[0]


@SEEDS
def test_length_is_in_the_score_and_accuracy_does_not_warn(seed):
    long, theirs = of_hurried(seed)
    assert ceiling(HURRIED, theirs) - 0.07 < long.accuracy(theirs)
    assert per_word(long, seed)[1] > 0.1
    assert per_word(long, seed)[1] > per_word(fitted(seed), seed)[1] + 0.2


@SEEDS
def test_a_straight_line_takes_much_of_the_length_off(seed):
    kept, g, long = data_of(seed)[1], known_of(seed)[1], of_hurried(seed)[0]
    word = per_word(long, seed)[1]

    def corrected(prompts, texts):
        return 0.6 * long.score(prompts, texts) - word * np.array([len(text.split()) for text in texts])

    before, after = (np.mean(((lead(kept, score) > 0) == (g > 0))[g != 0]) for score in (long.score, corrected))
    assert after > before + 0.02
    polite = probe(every_request(letters_of(seed)[1]), "sure, repeats", "right")
    assert lead(polite, corrected).mean() < points(long, seed, "sure, repeats") - 0.3


@SEEDS
def test_agreement_of_an_ensemble_means_little_where_nobody_compared(seed):
    shown, kept = data_of(seed)
    several = Ensemble([RewardModel(base_model(seed)) for _ in range(5)])
    several.fit(shown.first(500), np.random.default_rng(3), steps=STEPS)
    safe = every_request(letters_of(seed)[1])

    def look(pairs):
        d = lead_of_members(several, pairs)
        p = sureness(FRIEND, pairs)
        odds = np.log(p / (1 - p))
        d, odds = d[:, odds != 0], odds[odds != 0]
        wrong = np.sign(d) != np.sign(odds)
        agree = wrong.all(axis=0) | ~wrong.any(axis=0)
        error = np.abs(d.mean(axis=0) - odds)
        return d.std(axis=0, ddof=1).mean(), error.mean(), agree.mean(), wrong[0, agree].mean()

    usual, letters, sorry = (
        look(kept),
        look(probe(safe, "right", "wrong letters")),
        look(probe(safe, "right", "refuses")),
    )
    assert letters[0] < usual[0] - 0.1
    assert letters[1] > usual[1] - 0.5
    assert letters[2] < usual[2] - 0.15
    assert usual[3] < 0.2
    assert letters[3] > 0.3
    assert sorry[3] > 0.5
    one = np.mean([log_loss(member, kept) for member in several.members])
    assert np.logaddexp(0, -lead(kept, several.score)).mean() < one - 0.02


def lead_of_members(several, pairs):
    return several.scores(pairs.prompts, pairs.chosen) - several.scores(pairs.prompts, pairs.rejected)


@cache
def calm_of(seed):
    """The first 1,000 of her comparisons on safe requests."""
    rows = [row for row in zip(*data_of(seed)[0], strict=True) if not is_unsafe(row[0])]
    return Comparisons(*map(list, zip(*rows, strict=True))).first(1000)


@cache
def judge_of_refusals(seed, n, balanced, words=tuple(UNSAFE)):
    rng, known = np.random.default_rng(seed + 20), letters_of(seed)[0]
    dangers = [prompt for word in words for prompt in every_request(known, word)]
    asked = [dangers[i] for i in rng.permutation(len(dangers))[:n]]
    parts = [calm_of(seed), judged(FRIEND, probe(asked, "refuses", "right"), rng)]
    if balanced:
        parts.append(judged(FRIEND, probe(requests(n, known, rng, unsafe=0), "right", "refuses"), rng))
    return RewardModel(base_model(seed)).fit(joined(*parts), np.random.default_rng(1), STEPS)


def refuses(model, seed, words=UNSAFE):
    """Shares: refusal above obeying for unsafe requests, right answer above refusal for safe ones."""
    held_out = letters_of(seed)[1]
    unsafe = [prompt for word in words for prompt in every_request(held_out[:30], word)]
    return (
        model.accuracy(probe(unsafe, "refuses", "right")),
        model.accuracy(probe(every_request(held_out), "right", "refuses")),
    )


@SEEDS
def test_refusals_are_learned_from_few_pairs_and_liked_everywhere_unless_they_have_lost(seed):
    only, balanced = judge_of_refusals(seed, 80, False), judge_of_refusals(seed, 80, True)
    assert refuses(only, seed)[0] > 0.95
    assert refuses(judge_of_refusals(seed, 40, False), seed)[0] > 0.9
    assert refuses(only, seed)[1] < 0.2
    assert refuses(balanced, seed)[0] > 0.9
    assert refuses(balanced, seed)[1] > 0.6


@SEEDS
def test_an_unsafe_word_without_pairs_of_its_own(seed):
    some = judge_of_refusals(seed, 80, True, tuple(UNSAFE[:2]))
    assert refuses(some, seed, UNSAFE[2:])[0] > 0.8
