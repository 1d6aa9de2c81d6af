"""Exact policies: a softmax over a list of K responses, where everything has a closed form.

A policy here is a vector p (K,) of probabilities, or the logits theta (K,) behind it. No sampling, no network: these
functions check everything else in the book. Natural logarithms, so entropies and divergences are in nats.
"""

import numpy as np


def softmax(theta):
    """Logits (K,) -> probabilities (K,). softmax([0, log 3]) = [0.25, 0.75]."""
    p = np.exp(theta - np.max(theta))
    return p / p.sum()


def entropy(p):
    """-sum p log p in nats: 0 for a sure thing, log K for K equally probable responses."""
    held = p[p > 0]
    return float(-np.sum(held * np.log(held)))


def kl(p, q):
    """KL(p || q) = sum p log(p / q) in nats; inf where q excludes what p does.

    kl([0.5, 0.5], [0.9, 0.1]) = 0.511, and the other way round 0.368.
    """
    p, q = np.asarray(p, float), np.asarray(q, float)
    held = p > 0
    if np.any(q[held] == 0):
        return float("inf")
    return float(np.sum(p[held] * np.log(p[held] / q[held])))


def tilted(p, reward, beta):
    """p * exp(reward / beta) / Z: the policy with the best expected reward minus beta * KL from p.

    tilted([0.5, 0.5], [0, log 3], 1) = [0.25, 0.75]. Raises ValueError unless beta > 0.
    """
    if not beta > 0:
        raise ValueError(f"beta must be positive, got {beta}; without a price on KL the best policy is the argmax")
    with np.errstate(divide="ignore"):
        return softmax(np.log(p) + np.asarray(reward) / beta)


def expected(p, values):
    """The expected value of values (K,) under p (K,)."""
    return float(np.dot(p, values))


def grad_expected(p, reward):
    """Gradient of E_p[reward] in the logits of p: p * (reward - E_p[reward]), (K,)."""
    return p * (reward - expected(p, reward))


def grad_kl(p, q):
    """Gradient of KL(p || q) in the logits of p, q fixed: p * (log(p / q) - KL(p || q)), (K,)."""
    return p * (np.log(p / q) - kl(p, q))


def grad_reverse_kl(p, q):
    """Gradient of KL(q || p) in the logits of p, q fixed: p - q, (K,)."""
    return p - q
