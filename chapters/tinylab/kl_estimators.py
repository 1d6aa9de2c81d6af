"""Estimators of KL(pi || ref) from responses of pi: k1, k2, k3 (schulman2020kl), and what they are as losses.

With y drawn from pi and the log-ratio l = log pi(y) - log ref(y), policy minus reference,

    k1 = l,    k2 = l^2 / 2,    k3 = exp(-l) - 1 + l.

The other sign of l gives -KL for k1, the same for k2, and another divergence for k3: testing k2 alone shows nothing.

As a *loss* a function k of l is differentiated for given responses, which gives k'(l) grad log pi: so each is a weight
for `model.update`, and the mean of a loss is not the loss of a mean (tang2025pitfalls).

No sampling in here. Everything is exact where all responses can be listed.
"""

import numpy as np


def k1(logratio):
    """The log-ratio itself: unbiased, of both signs. k1(log 2) = 0.693."""
    return np.asarray(logratio, float)


def k2(logratio):
    """Half its square: never negative, and biased. k2(log 2) = 0.240."""
    return np.square(logratio) / 2


def k3(logratio):
    """exp(-l) - 1 + l: never negative, and unbiased wherever pi can say all that ref can. k3(log 2) = 0.193."""
    return np.expm1(-np.asarray(logratio, float)) + logratio


def loss_weight(name, logratio):
    """Weights for `model.update` that follow minus the gradient of the mean loss: -k'(l), in the shape of logratio.

    name: "k1", "k2" or "k3". With log-ratios of *whole responses* of the present policy the expected update is

        k1  zero            k2  minus the gradient of KL(pi || ref)            k3  minus the gradient of KL(ref || pi)
    """
    logratio = np.asarray(logratio, float)
    if name == "k1":
        return -np.ones_like(logratio)
    if name == "k2":
        return -logratio
    if name == "k3":
        return np.expm1(-logratio)
    raise ValueError(f"no estimator is called {name!r}; there are 'k1', 'k2' and 'k3'")


def exact(p, values):
    """Mean and standard deviation of values (K,) of a response drawn from p (K,): two floats."""
    mean = float(p @ values)
    return mean, float(np.sqrt(p @ (values - mean) ** 2))


def two_tokens(theta):
    """A policy of two tokens out of A, with a logit for everything: theta (A + A * A,) -> logp, directions.

    theta[:A] are the logits of the first token, and the rest, as (A, A), those of the second, a row for each first.
    logp (A * A, 2): log-probability of each token of each response. directions (A * A, 2, A + A * A): its gradient in
    theta. A response is the pair (first, second), at index A * first + second.

    >>> logp, _ = two_tokens(np.zeros(6))
    >>> np.exp(logp.sum(axis=1)).round(2).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    A = round((np.sqrt(1 + 4 * len(theta)) - 1) / 2)
    if len(theta) != A + A * A:
        raise ValueError(f"theta has {len(theta)} entries; two tokens out of A need A + A * A of them, such as 6 or 12")
    tables = np.vstack([theta[:A], theta[A:].reshape(A, A)])  # (1 + A, A)
    log_p = tables - np.log(np.exp(tables).sum(axis=1, keepdims=True))
    first, second = np.divmod(np.arange(A * A), A)
    logp = np.stack([log_p[0, first], log_p[1 + first, second]], axis=1)
    directions = np.zeros((A * A, 2, 1 + A, A))
    for y in range(A * A):
        for t, row, said in ((0, 0, first[y]), (1, 1 + first[y], second[y])):
            directions[y, t, row] = np.eye(A)[said] - np.exp(log_p[row])
    return logp, directions.reshape(A * A, 2, -1)
