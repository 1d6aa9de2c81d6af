"""How noisy is a policy gradient? Exactly, where all replies can be listed.

For one prompt there are K replies with probabilities p (K,), rewards (K,) and directions g (K, P): row k is the
gradient of log pi(reply k) in all P parameters. A *total variance* is the trace of a covariance: the expected squared
distance between an estimate of the gradient and its mean. Other estimates of the same mean can be told apart by it.

No sampling in here: chapters and tests draw replies, and hold what they measure against these formulas.
"""

import numpy as np


def directions(model, tokens, mask):
    """The gradient of each row's masked log-probability, flattened: tokens, mask (K, T) -> (K, P).

    Weighted by p and summed, the rows of all replies to a prompt give zero: probabilities sum to one, whatever the
    parameters are.
    """
    rows = []
    for k in range(len(tokens)):
        _, gradient = model.gradient(tokens[k : k + 1], mask[k : k + 1])
        rows.append(np.concatenate([part.ravel() for part in gradient.values()]))
    return np.stack(rows)


def total_variance(p, weights, g):
    """Total variance of weights[y] * g[y] for one reply y drawn from p: sum p w^2 |g|^2 - |sum p w g|^2.

    The mean of n independent draws has 1 / n of it.

    >>> g = np.array([[0.5, -0.5], [-0.5, 0.5]])        # two replies of probability 1/2: onehot - p
    >>> total_variance(np.array([0.5, 0.5]), np.array([1.0, 0.0]), g)
    0.125
    """
    mean = (p * weights) @ g  # (P,)
    return float((p * weights**2) @ np.sum(g**2, axis=1) - mean @ mean)


def rloo_variance(p, reward, g, G):
    """Total variance of the leave-one-out estimate 1/G sum_i (r_i - mean of the others) g_i with G draws from p.

    The estimate is the sample covariance of reward and direction, with G - 1 in the denominator, so it is the variance
    of a covariance (g has mean zero, and d = reward - E[reward]):

        total_variance(p, d, g) / G + (Var[reward] * E|g|^2 + |grad|^2) / (G (G - 1))

    The first term is what a known mean would leave; the second, of order 1 / G^2, is the price of estimating it.
    """
    d = reward - p @ reward
    gradient = (p * d) @ g
    spread = (p @ d**2) * (p @ np.sum(g**2, axis=1))
    return total_variance(p, d, g) / G + float(spread + gradient @ gradient) / (G * (G - 1))
