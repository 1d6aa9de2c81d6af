"""How gold and proxy reward change as best-of-n leans on the proxy, exactly, over listed replies.

For a few requests every reply of a small set of words is listed, with its probability under a reference and its gold
reward. A proxy scores the same replies, and best-of-n by the proxy has a KL, a proxy gain and a gold gain in closed
form, for any n. Nothing is drawn, so a curve has no noise of its own: what varies over seeds is the proxy.

Two curves are fitted to gold gains here, and no claim is made about policies that were trained.
"""

from typing import NamedTuple

import numpy as np

from tinylab.exact import kl
from tinylab.gold import gold
from tinylab.reward_model import RewardModel
from tinylab.sampling import enumerate_responses
from tinylab.world import decode, encode, encode_prompts


class Listing(NamedTuple):
    """All K replies to one request (text), their probabilities and gold rewards (K,), and contexts (K, window)."""

    prompt: str
    replies: list
    ref: np.ndarray
    gold: np.ndarray
    contexts: np.ndarray


def listings(model, prompts, manners=("sure", "thanks"), max_len=4):
    """A Listing for each prompt: replies of up to max_len of the request's words and manners, then stopped with <end>.

    1,555 replies to a request of four words. The model is restricted to these words, so the probabilities sum to one.
    """
    lists = []
    for prompt in prompts:
        small = model.restricted(encode(" ".join([*manners, *prompt.split()[1:-1], "<end>"])))
        rows, logp = enumerate_responses(small, encode_prompts([prompt])[0], max_len)
        replies = [f"{decode(row).removesuffix('<end>')} <end>".replace("  ", " ").strip() for row in rows]
        points = np.array([gold(prompt, reply) for reply in replies])
        seen = RewardModel(model).contexts([prompt] * len(replies), replies)
        lists.append(Listing(prompt, replies, np.exp(logp), points, seen))
    return lists


def scores_of(reward_model, lists):
    """The scores of a RewardModel for every listed reply: a list of arrays (K,), one for each listing.

    The reward model has to read as many tokens as the model that the listings came from.
    """
    scores = reward_model.forward(np.concatenate([one.contexts for one in lists]))[1]
    return np.split(scores, np.cumsum([len(one.ref) for one in lists])[:-1])


def frontier(lists, scores, ns):
    """KL, proxy gain and gold gain of best-of-n by the scores, for each n: (len(ns), 3), means over the listings.

    Gains are over the reference's mean, in units of the reward's standard deviation under the reference (over all
    listings), so that proxy and gold can be drawn on one axis.
    """
    rows = np.zeros((len(ns), 3))
    for one, score in zip(lists, scores, strict=True):
        level, group = np.unique(score, return_inverse=True)
        mass = np.bincount(group, one.ref)  # (L,): within a level nothing is told apart, so levels are enough
        points = np.bincount(group, one.ref * one.gold) / mass
        F = np.append(0.0, np.cumsum(mass))
        F /= F[-1]
        for row, n in zip(rows, ns, strict=True):
            won = np.diff(F**n)  # as in `best_of_n`, with the levels sorted once for all n
            row += kl(won, mass), (won - mass) @ level, (won - mass) @ points
    units = np.array([1, spread(lists, scores), spread(lists, [one.gold for one in lists])])
    return rows / len(lists) / units


def spread(lists, values):
    """Standard deviation of values under the references: within each request, averaged over requests as variances."""
    variances = [one.ref @ (v - one.ref @ v) ** 2 for one, v in zip(lists, values, strict=True)]
    return float(np.sqrt(np.mean(variances)))


def fit_form(d, gain, form):
    """Least squares of gain (N,) on d * (a - b * form(d)): a, b and the root mean squared error, all floats.

    form is the identity for best-of-n and np.log for RL (gao2022overoptimization). d must be positive.

    fit_form([1, 2, 4], [1.5, 2.0, 0.0], lambda d: d) = (2.0, 0.5, 0.0).
    """
    d, gain = np.asarray(d, float), np.asarray(gain, float)
    if np.any(d <= 0):
        raise ValueError(f"the forms are fitted where d > 0, got d = {d.min()}; leave out n = 1")
    columns = np.stack([d, -d * form(d)], axis=1)
    (a, b), *_ = np.linalg.lstsq(columns, gain, rcond=None)
    return float(a), float(b), float(np.sqrt(np.mean((columns @ (a, b) - gain) ** 2)))
