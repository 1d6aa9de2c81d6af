"""A policy that is fitted to its own samples, again and again, in the one case where everything can be computed.

There is one prompt with K replies and a vector p (K,) of probabilities. To train a generation is to draw n examples
and count them: the maximum-likelihood fit, with nothing forgotten and nothing smoothed. So what happens here is due to
sampling alone. Geneticists know it as drift (wright1931evolution); for language models see seddik2024synthetic.

Not done here: models that cannot fit their data, or samples drawn at another temperature. Both add errors of their own.
"""

import numpy as np


def zipf(K):
    """K replies, the k-th of them with probability proportional to 1 / k: zipf(2) = [2/3, 1/3]."""
    p = 1 / np.arange(1, K + 1)
    return p / p.sum()


def differ(p):
    """The chance that two replies drawn from p (..., K) are not the same: differ([0.5, 0.5]) = 0.5."""
    return 1 - np.sum(np.square(p), axis=-1)


def generations(p, n, count, rng, real=0.0):
    """Fitted policies (count + 1, K), the given p first. Each example of a generation is real, drawn from p, with
    probability `real`, and otherwise drawn from the generation before. Nothing older is kept."""
    fits = [np.asarray(p, float)]
    for _ in range(count):
        source = real * fits[0] + (1 - real) * fits[-1]
        fits.append(rng.multinomial(n, source / source.sum()) / n)
    return np.array(fits)


def accumulated(p, n, count, rng):
    """The same, but each generation is fitted to *all* examples so far: n real ones, n from the first fit, ..."""
    fits, pool = [np.asarray(p, float)], np.zeros(len(p))
    for _ in range(count):
        pool += rng.multinomial(n, fits[-1])
        fits.append(pool / pool.sum())
    return np.array(fits)


def expected_differ(p, n, count, real=0.0):
    """The mean of differ over all runs of `generations`, exactly: (count + 1,).

    With c = (1 - real)^2 the chance S that two replies agree goes from S to 1/n + (1 - 1/n) (c S + (1 - c) S_0):
    two examples are one and the same with chance 1/n, else they agree as two draws from the source do.
    """
    S_0 = 1 - differ(p)
    S, c = [S_0], (1 - real) ** 2
    for _ in range(count):
        S.append(1 / n + (1 - 1 / n) * (c * S[-1] + (1 - c) * S_0))
    return 1 - np.array(S)


def expected_differ_accumulated(p, n, count):
    """The mean of differ over all runs of `accumulated`, exactly: each generation t keeps 1 - 1 / (n t^2) of it."""
    t = np.arange(1, count + 1)
    return differ(p) * np.concatenate([[1.0], np.cumprod(1 - 1 / (n * t**2))])


def expected_alive(p, n, count):
    """The expected number of replies with any probability left after 0, 1, ... generations, none of them real.

    The count of one reply is a Markov chain: from i of n examples to Binomial(n, i / n). Returns (count + 1,).
    """
    i = np.arange(n + 1)
    log_choose = np.concatenate([[0.0], np.cumsum(np.log((n - i[:-1]) / (i[:-1] + 1)))])  # log C(n, i)

    def binomial(q):
        """Rows of probabilities of 0 ... n successes, for each q strictly between 0 and 1: (len(q), n + 1)."""
        return np.exp(log_choose + np.outer(np.log(q), i) + np.outer(np.log1p(-q), n - i))

    step = np.zeros((n + 1, n + 1))
    step[0, 0] = step[n, n] = 1.0  # what is lost stays lost, and what is alone stays alone
    step[1:n] = binomial(i[1:n] / n)
    held, alive = binomial(np.asarray(p, float)), [float(len(p))]
    for _ in range(count):
        alive.append(float(np.sum(1 - held[:, 0])))
        held = held @ step
    return np.array(alive)
