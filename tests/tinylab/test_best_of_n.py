"""tinylab.best_of_n against lists of all draws, numbers worked by hand, and drawing."""

from itertools import combinations, product

import numpy as np
import pytest

from tinylab.assistant import base_model, letters_of, requests
from tinylab.best_of_n import best_of_n, candidates, expected_best, kl_bound, tilt_to, win_rate
from tinylab.exact import kl, tilted


def by_listing(ref, reward, n):
    """What is returned, over all K^n sequences of draws: the first of the highest reward."""
    p = np.zeros(len(ref))
    for drawn in product(range(len(ref)), repeat=n):
        p[max(drawn, key=lambda k: reward[k])] += np.prod([ref[k] for k in drawn])
    return p


@pytest.mark.parametrize("reward", [[0, 1, 2, 3], [3, 1, 2, 0], [1, 0, 1, 1], [2, 2, 2, 2], [-1.5, 7, 7, -1.5]])
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_distribution_is_that_of_all_sequences_of_draws(reward, n):
    ref = np.array([0.1, 0.2, 0.3, 0.4])
    assert np.allclose(best_of_n(ref, reward, n), by_listing(ref, reward, n), atol=1e-12)


def test_distribution_of_many_draws_sums_to_one_and_is_certain_of_the_best():
    ref = np.random.default_rng(0).dirichlet(np.ones(500))
    p = best_of_n(ref, np.arange(500), 10**7)
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert p[-1] > 0.99


def test_a_response_that_is_never_drawn_is_never_returned():
    assert best_of_n([0.5, 0.5, 0.0, 0.0], [0, 1, 2, 1], 3).tolist() == [0.125, 0.875, 0.0, 0.0]


def test_no_draws_are_an_error():
    with pytest.raises(ValueError, match="n = 0"):
        best_of_n([1.0], [0], 0)


def test_win_rate_over_all_pairs():
    rng = np.random.default_rng(1)
    p, ref, reward = rng.dirichlet(np.ones(7)), rng.dirichlet(np.ones(7)), rng.integers(3, size=7)
    for ties in (0, 0.5, 1):
        worth = [
            p[i] * ref[j] * (1 if reward[i] > reward[j] else ties * (reward[i] == reward[j]))
            for i, j in product(range(7), repeat=2)
        ]
        assert win_rate(p, ref, reward, ties) == pytest.approx(sum(worth), abs=1e-12)


def test_tilt_to_meets_its_kl_and_is_a_tilt():
    rng = np.random.default_rng(2)
    ref, reward = rng.dirichlet(np.ones(50)), rng.normal(size=50)
    for nats in (0.01, 0.5, 2.0):
        p, beta = tilt_to(ref, reward, nats)
        assert kl(p, ref) == pytest.approx(nats, abs=1e-8)
        assert np.allclose(p, tilted(ref, reward, beta))


@pytest.mark.parametrize("nats", [0, -1, np.log(4), 3])
def test_tilt_to_says_how_far_tilting_reaches(nats):
    with pytest.raises(ValueError, match=r"between 0 and 1\.386 nats"):
        tilt_to(np.full(4, 0.25), np.arange(4), nats)


@pytest.mark.parametrize("n", [1, 2, 4, 6])
def test_expected_best_is_the_mean_over_all_choices(n):
    scores, values = [3, 1, 4, 1.5, 9, 2], [1.0, 5, 2, 8, 0, 3]
    choices = [max(chosen, key=lambda i: scores[i]) for chosen in combinations(range(6), n)]
    assert expected_best(scores, values, n) == pytest.approx(np.mean([values[i] for i in choices]))


def test_expected_best_shares_among_ties():
    shuffled = [np.random.default_rng(k).permutation(5) for k in range(120)]
    scores, values = np.array([1, 2, 2, 0, 2]), np.array([1.0, 5, 2, 8, 3])
    first_wins = [
        np.mean([values[max(chosen, key=lambda i: scores[i])] for chosen in combinations(order, 3)])
        for order in shuffled
    ]
    assert expected_best(scores, values, 3) == pytest.approx(np.mean(first_wins), abs=0.1)
    assert expected_best([7, 7], [0.0, 1.0], 2) == 0.5


def test_expected_best_needs_as_many_draws_as_it_speaks_of():
    with pytest.raises(ValueError, match="3 draws"):
        expected_best([1, 2, 3], [1, 2, 3], 4)


def test_candidates_belong_to_their_prompts():
    prompts = requests(5, letters_of(0)[1], np.random.default_rng(0))

    def names(asked, responses):
        return [hash((prompt, response)) for prompt, response in zip(asked, responses, strict=True)]

    drafts, scores = candidates(base_model(0), names, prompts, 3, np.random.default_rng(0))
    assert drafts.shape == scores.shape == (5, 3)
    for prompt, row, points in zip(prompts, drafts, scores, strict=True):
        assert points.tolist() == [float(hash((prompt, str(response)))) for response in row]


def test_bound_by_hand():
    assert kl_bound(1) == 0
    assert kl_bound(2) == pytest.approx(0.6931472 - 0.5)
