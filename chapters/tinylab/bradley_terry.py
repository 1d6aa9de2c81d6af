"""Strengths behind choices: Bradley-Terry for pairs, Plackett-Luce for rankings.

K items have strengths s (K,), in nats: the log-odds that i is preferred to j are s_i - s_j. Only differences mean
anything, so every fit has mean zero. Choices are kept as wins (K, K): wins[i, j] says how often i was preferred to j,
and a tie is half a win for each (bradley1952paired; luce1959choice, plackett1975permutations).

    >>> s = np.log([1.0, 2.0, 4.0])
    >>> preference(s)[2].round(3).tolist()                          # 4/5, 4/6 and, against itself, 1/2
    [0.8, 0.667, 0.5]
    >>> fit = fit_newton(100 * preference(s) * (1 - np.eye(3)))     # wins as expected give s back
    >>> float(fit.strengths[2] - fit.strengths[0]), float(fit.error(2, 0).round(2))
    (1.386..., 0.19)

No features of the items, and no strengths that change in time.
"""

from typing import NamedTuple

import numpy as np

from tinylab.annotators import sigmoid


class Fit(NamedTuple):
    """Estimated strengths (K,) of mean zero, and the covariance (K, K) of their errors."""

    strengths: np.ndarray
    covariance: np.ndarray

    def error(self, i, j):
        """Standard error of strengths[i] - strengths[j]."""
        C = self.covariance
        return np.sqrt(C[i, i] + C[j, j] - 2 * C[i, j])

    def errors(self):
        """Standard errors (K,) of the strengths, each relative to the mean of all."""
        return np.sqrt(np.diag(self.covariance))


def preference(s):
    """P(i preferred to j) for all pairs: (K,) -> (K, K), one half on the diagonal."""
    return sigmoid(s[:, None] - s[None, :])


def count_wins(winners, losers, K):
    """Two lists of B items, who won and who lost -> wins (K, K)."""
    wins = np.zeros((K, K))
    np.add.at(wins, (winners, losers), 1)
    return wins


def draw_wins(s, games, rng):
    """Wins (K, K) of annotators with strengths s, who compare pair i, j games[i, j] times; games symmetric (K, K)."""
    won = np.triu(rng.binomial(np.triu(games, 1).astype(int), preference(s)), 1)
    return won + np.tril((games - won.T), -1)


def log_likelihood(s, wins):
    """sum_ij wins[i, j] * log P(i preferred to j), in nats."""
    return -float(np.sum(wins * np.logaddexp(0.0, s[None, :] - s[:, None])))


def gradient(s, wins):
    """Of the log-likelihood, (K,): each item's wins beyond those that s expects. It sums to zero."""
    games = wins + wins.T
    return wins.sum(axis=1) - (games * preference(s)).sum(axis=1)


def information(s, wins):
    """Minus the Hessian of the log-likelihood, (K, K): what the choices say about the strengths.

    Its rows sum to zero: about the mean of all strengths nothing is said.
    """
    P = preference(s)
    between = (wins + wins.T) * P * P.T
    return np.diag(between.sum(axis=1)) - between


def unbeaten(wins):
    """Items that never lost to any item outside their group, as a list; empty if there is no such group.

    Such a group could be ever stronger and only explain the choices better, so that the fit would not end. There is
    none exactly if from every item a chain of wins leads to every other one (Ford 1957).
    """
    reach = (wins > 0) | np.eye(len(wins), dtype=bool)
    for _ in range(len(wins).bit_length()):
        reach = reach @ reach
    top = max(range(len(wins)), key=lambda i: reach[i].sum())
    group = [i for i in range(len(wins)) if reach[i, top]]
    return group if len(group) < len(wins) else []


def fit_newton(wins, ridge=0.0, tolerance=1e-10):
    """Maximum of log_likelihood - ridge / 2 * sum(s^2) by Newton's method with halved steps: a Fit.

    Raises ValueError without a ridge where the maximum lies at infinity, and names the items.
    """
    if ridge == 0 and (group := unbeaten(wins)):
        raise ValueError(f"items {group} never lost to the others: no finite fit; collect more choices or give a ridge")
    return _newton(
        lambda s: log_likelihood(s, wins),
        lambda s: gradient(s, wins),
        lambda s: information(s, wins),
        len(wins),
        ridge,
        tolerance,
    )


def _newton(value, slope, curvature, K, ridge, tolerance):
    """Newton's method for a concave function of strengths that does not depend on their mean."""
    s, flat = np.zeros(K), np.full((K, K), 1 / K)
    for _ in range(100):
        H = curvature(s) + ridge * np.eye(K)
        step = np.linalg.solve(H + flat, slope(s) - ridge * s)  # `flat` acts on the mean alone
        if np.abs(step).max() < tolerance:
            break
        while value(s + step) - ridge / 2 * np.sum((s + step) ** 2) < value(s) - ridge / 2 * np.sum(s**2):
            step /= 2
            if np.abs(step).max() < tolerance:
                break
        s = s + step
    return Fit(s - s.mean(), np.linalg.inv(curvature(s) + ridge * np.eye(K) + flat) - flat / (1 + ridge))


def draw_rankings(s, n, rng):
    """n rankings (n, K) of all items, best first, under Plackett-Luce: sort strengths plus Gumbel noise."""
    return np.argsort(-(s + rng.gumbel(size=(n, len(s)))), axis=1)


def ranking_logp(s, rankings):
    """Log-probabilities (N,) of rankings (N, L), best first: each place is a choice among those that are left.

    ranking_logp(log [1, 2, 4], [[2, 1, 0]]) = log(4/7 * 2/3). L may be less than K: then those L were ranked.
    """
    ordered = s[np.asarray(rankings)]  # (N, L)
    left = np.logaddexp.accumulate(ordered[:, ::-1], axis=1)[:, ::-1]  # log of the sum over this place and below
    return (ordered - left).sum(axis=1)


def fit_plackett_luce(rankings, K, ridge=0.0, tolerance=1e-10):
    """Maximum of the rankings' log-likelihood, by Newton's method: a Fit. rankings (N, L) as in `ranking_logp`.

    Raises ValueError where the maximum lies at infinity, as `fit_newton` does.
    """
    rankings = np.asarray(rankings)
    L = rankings.shape[1]
    left = np.zeros((L, len(rankings), K), bool)  # left[l, n]: who can still take place l of ranking n
    for place in range(L):
        np.put_along_axis(left[place], rankings[:, place:], True, axis=1)
    pairs = [(rankings[:, a], rankings[:, b]) for a in range(L) for b in range(a + 1, L)]
    wins = sum(count_wins(*pair, K) for pair in pairs)
    if ridge == 0 and (group := unbeaten(wins)):
        raise ValueError(f"items {group} were never ranked below the others: no finite fit")
    placed = np.bincount(rankings.ravel(), minlength=K)

    def shares(s):
        p = np.where(left, np.exp(s - s.max()), 0.0)
        return (p / p.sum(axis=2, keepdims=True)).reshape(-1, K)  # (L * N, K)

    def curvature(s):
        p = shares(s)
        return np.diag(p.sum(axis=0)) - p.T @ p

    return _newton(
        lambda s: ranking_logp(s, rankings).sum(),
        lambda s: placed - shares(s).sum(axis=0),
        curvature,
        K,
        ridge,
        tolerance,
    )
