"""How far two annotators agree, and how far they would by chance.

Labels are lists of equal length: what each of two annotators said about the same things. Nothing here says who is
right: two people who share a mistake agree about it.
"""

import numpy as np


def _checked(first, second):
    first, second = np.asarray(first), np.asarray(second)
    if first.shape != second.shape or first.ndim != 1 or not len(first):
        raise ValueError(
            f"agreement needs two lists of labels of the same things; got shapes {first.shape} and {second.shape}"
        )
    return first, second


def agreement(first, second):
    """Share of the labels that are equal. agreement("aab", "abb") = 2/3, given as lists."""
    first, second = _checked(first, second)
    return float(np.mean(first == second))


def chance_agreement(first, second):
    """Share that would be equal if each kept her frequencies of labels and gave them out at random."""
    first, second = _checked(first, second)
    labels = np.unique(np.concatenate([first, second]))
    return float(sum(np.mean(first == label) * np.mean(second == label) for label in labels))


def kappa(first, second):
    """Cohen's kappa: (agreement - chance) / (1 - chance). 1 for the same labels, 0 for what chance gives.

    >>> one = 50 * "a" + 18 * "a" + 12 * "b" + 20 * "b"
    >>> two = 50 * "a" + 18 * "b" + 12 * "a" + 20 * "b"
    >>> round(kappa([*one], [*two]), 3)                 # (0.70 - 0.5432) / (1 - 0.5432)
    0.343

    Raises ValueError where both gave one and the same label throughout: there chance agrees as well as they do.
    """
    chance = chance_agreement(first, second)
    if chance == 1:
        raise ValueError("both annotators gave one and the same label to everything: kappa is 0 / 0 there")
    return (agreement(first, second) - chance) / (1 - chance)


def kappa_interval(first, second, rng, draws=2000):
    """95 % interval (low, high) of kappa by the bootstrap: things drawn with replacement, both labels of each kept."""
    first, second = _checked(first, second)
    names, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    K, n = len(names), len(first)
    cells = np.bincount(codes[:n] * K + codes[n:], minlength=K * K) / n
    tables = rng.multinomial(n, cells, size=draws).reshape(draws, K, K) / n  # (draws, K, K)
    same = np.trace(tables, axis1=1, axis2=2)
    chance = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1)
    low, high = np.quantile((same - chance)[chance < 1] / (1 - chance)[chance < 1], [0.025, 0.975])
    return float(low), float(high)


def expected_agreement(p):
    """Agreement to be expected of two annotators who both choose the first of pair b with probability p[b]: (B,).

    p^2 + (1 - p)^2 on average. With p = 0.9 it is 0.82: two people of one mind, who waver in one case of ten.
    """
    p = np.asarray(p, float)
    return float(np.mean(p**2 + (1 - p) ** 2))
