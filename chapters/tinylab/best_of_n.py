"""Best-of-n: n responses drawn independently from a reference, of which the one with the highest reward is kept.

Over a list of K responses everything is exact: `best_of_n` is the distribution of what is kept, ties included,
`win_rate` compares it with the reference, and `tilt_to` gives the tilted policy at a chosen KL to hold it against.
For a model whose responses cannot be listed there are `candidates`, and `expected_best`, which estimates what best-of-n
would earn from more draws than n.

Not done here: learning the reward, or training on what was kept.
"""

import numpy as np

from tinylab.exact import kl, tilted
from tinylab.preferences import respond


def best_of_n(ref, reward, n):
    """Probabilities (K,) of the response that best-of-n returns; ref (K,) sums to one, reward (K,).

    With F the probability that the reference draws a reward of at most this level, and F' that of a lower one, the
    level is returned with probability F^n - F'^n. Responses of equal reward share it as under the reference, since
    argmax takes the first one drawn.

    best_of_n([0.5, 0.5], [0, 1], 2) = [0.25, 0.75]. Raises ValueError for n < 1.
    """
    if n < 1:
        raise ValueError(f"best-of-n needs at least one draw, got n = {n}")
    ref = np.asarray(ref, float)
    level, group = np.unique(reward, return_inverse=True)  # the L distinct rewards, worst first
    mass = np.bincount(group, ref, len(level))  # (L,)
    F = np.concatenate([[0.0], np.cumsum(mass)])
    F[-1] = 1.0  # whatever rounding left over would be magnified by the power
    won = F[1:] ** n - F[:-1] ** n  # (L,)
    share = np.divide(ref, mass[group], out=np.zeros_like(ref), where=mass[group] > 0)
    return won[group] * share


def kl_bound(n):
    """log n - (n - 1) / n, in nats: what KL(best-of-n || reference) is where no response has much probability, and at
    most that anywhere else (beirami2024bon). kl_bound(16) = 1.835."""
    return float(np.log(n) - (n - 1) / n)


def win_rate(p, ref, reward, ties=0.5):
    """How often a response of p has a higher reward than one drawn from ref, a tie counted as `ties` of a win.

    win_rate(p, p, reward) = 0.5 for every p; with ties=1 it is more, which compares nothing.
    """
    level, group = np.unique(reward, return_inverse=True)
    equal = np.bincount(group, ref, len(level))  # (L,): chance that the reference draws this level
    below = np.cumsum(equal) - equal
    return float(np.asarray(p) @ (below + ties * equal)[group])


def tilt_to(ref, reward, nats):
    """The tilted policy ref * exp(reward / beta) / Z with KL from ref of the given nats: probabilities (K,), beta.

    Raises ValueError where no beta > 0 gets there: the KL ends at log(1 / ref(best responses)).
    """
    reward = np.asarray(reward, float)
    end = -np.log(np.asarray(ref)[reward == reward.max()].sum())
    if not 0 < nats < end:
        raise ValueError(f"tilting this reference reaches between 0 and {end:.3f} nats, {nats} were asked for")
    low, high = 1e-6, 1e6  # KL falls as beta rises
    for _ in range(70):
        beta = np.sqrt(low * high)
        if kl(tilted(ref, reward, beta), ref) > nats:
            low = beta
        else:
            high = beta
    return tilted(ref, reward, beta), float(beta)


def candidates(model, score, prompts, n, rng, max_len=8):
    """n responses of the model to each of B prompts, and their scores: arrays (B, n) of text and of floats.

    score(prompts, responses): a function of two lists of text, such as `RewardModel.score`.
    """
    asked = [prompt for prompt in prompts for _ in range(n)]
    responses = respond(model, asked, rng, max_len)
    scores = np.asarray(score(asked, responses), float)
    return np.array(responses).reshape(-1, n), scores.reshape(-1, n)


def expected_best(scores, values, n):
    """What best-of-n by `scores` would earn in `values`, estimated from N >= n draws for one prompt: a float.

    The mean over all choices of n of the N draws, without drawing any: with c draws of at most some level, the best of
    n is at most there with chance C(c, n) / C(N, n). Draws that tie in score share. Unbiased (nakano2021webgpt).

    expected_best([1, 2, 3], [1, 2, 3], 2) = (2 + 3 + 3) / 3. Raises ValueError for n > N.
    """
    N = len(scores)
    if not 1 <= n <= N:
        raise ValueError(f"{N} draws say nothing about the best of {n}")
    level, group, count = np.unique(scores, return_inverse=True, return_counts=True)
    c = np.cumsum(count)  # (L,)
    i = np.arange(n)
    F = np.prod(np.clip(c[:, None] - i, 0, None) / (N - i), axis=1)  # (L,): C(c, n) / C(N, n)
    won = np.diff(F, prepend=0.0)
    return float(won @ (np.bincount(group, values, len(level)) / count))
