"""Reward models: the body of a TinyLM with one number on top, fitted to comparisons, and ensembles of them.

A reward model reads the last `window` tokens of a prompt and a response, and returns a score. The scores are fitted
so that sigmoid(score(chosen) - score(rejected)) is probable (Bradley-Terry): only differences of scores of one prompt
count, unless a centring term says where zero is.

The score is not used in here: sampling, reranking and training with it are the caller's.
"""

from functools import lru_cache

import numpy as np

from tinylab.annotators import sigmoid
from tinylab.preferences import Comparisons
from tinylab.world import PAD, encode

tokens_of = lru_cache(100_000)(encode)  # the same prompts and responses are read by one model after the other


def pair_loss(chosen, rejected, margin=0.0, centring=0.0):
    """The loss of B pairs (B,), and the weights (2, B) that its descent puts on the gradients of their scores.

        loss = -log sigmoid(chosen - rejected - margin) + centring * (chosen + rejected)^2

    chosen, rejected (B,): scores. margin: one number, or (B,), by how much the chosen one should lead at least half
    surely. At scores 2 and 1, margin 0.5 and centring 0.1 the loss is log(1 + exp(-0.5)) + 0.1 * 9 = 1.374.
    Sources: ouyang2022instructgpt, equation 1; touvron2023llama2, section 3.2.2 for the margin; eisenstein2023herding
    for the centring. Raises ValueError for a negative centring, which has no minimum.
    """
    if centring < 0:
        raise ValueError(f"centring must not be negative, got {centring}: the loss would have no minimum")
    push = sigmoid(margin - (chosen - rejected))  # as in DPO: pairs that are told apart push no more
    pull = 2 * centring * (chosen + rejected)
    loss = np.logaddexp(0.0, margin - (chosen - rejected)) + centring * (chosen + rejected) ** 2
    return loss, np.stack([push - pull, -push - pull])


class RewardModel:
    def __init__(self, body):
        """Starts from a copy of a TinyLM, whose output over words is replaced by a single one of zeros."""
        self.body = body.copy()
        p = self.body.params
        p["W2"], p["b2"] = np.zeros((len(p["b1"]), 1)), np.zeros(1)  # every score starts at 0

    def contexts(self, prompts, responses):
        """Prompts and responses (text) -> (N, window): the last tokens of each, padded on the left."""
        window = self.body.window
        rows = [[PAD] * window + tokens_of(p) + tokens_of(r) for p, r in zip(prompts, responses, strict=True)]
        return np.array([row[-window:] for row in rows])

    def forward(self, contexts):
        """(N, window) -> hidden units (N, H) and scores (N,)."""
        p = self.body.params
        h = np.tanh(p["E"].take(contexts, axis=0).reshape(len(contexts), -1) @ p["W1"] + p["b1"])
        return h, (h @ p["W2"] + p["b2"])[:, 0]

    def score(self, prompts, responses):
        """One score for each response (text, with its '<end>') to its prompt (text): (N,). Higher is better."""
        return self.forward(self.contexts(prompts, responses))[1]

    def reward(self, prompt, response):
        """The score of one response (text): a float, in the form in which `train_rloo` asks for a reward."""
        return float(self.score([prompt], [response])[0])

    def probability(self, prompts, first, second):
        """The probability (N,) that the first response of each pair is preferred, as the scores have it."""
        return sigmoid(self.score(prompts, first) - self.score(prompts, second))

    def gradient(self, chosen, rejected, margin=0.0, centring=0.0):
        """Mean `pair_loss` over B pairs of contexts (B, window), and its gradient *downhill*, a dict like `params`."""
        contexts = np.vstack([chosen, rejected])
        h, scores = self.forward(contexts)
        loss, weights = pair_loss(scores[: len(chosen)], scores[len(chosen) :], margin, centring)
        return float(loss.mean()), self.body.backward(contexts, h, weights.reshape(-1, 1) / len(chosen))

    def fit(self, comparisons, rng, steps=400, lr=3e-3, batch_size=32, margin=0.0, centring=0.0):
        """Fits the scores to comparisons by Adam, with a learning rate that falls to zero. Returns itself.

        margin: one number, or one for each of the N comparisons (N,).
        """
        prompts, *sides = comparisons
        chosen, rejected = (self.contexts(prompts, side) for side in sides)
        margins = np.broadcast_to(margin, len(prompts))
        self.body.adam = {name: (np.zeros_like(v), np.zeros_like(v)) for name, v in self.body.params.items()}
        for step in range(1, steps + 1):
            rows = rng.integers(len(prompts), size=batch_size)
            _, gradient = self.gradient(chosen[rows], rejected[rows], margins[rows], centring)
            for name, g in gradient.items():
                m, v = self.body.adam[name]
                m += 0.1 * (g - m)
                v += 0.001 * (g**2 - v)
                adam = m / (1 - 0.9**step) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
                self.body.params[name] += lr * (1 - (step - 1) / steps) * adam
        return self

    def accuracy(self, comparisons):
        """Share of the comparisons in which the chosen response has the higher score."""
        prompts, chosen, rejected = comparisons
        return float(np.mean(self.score(prompts, chosen) > self.score(prompts, rejected)))


class Ensemble:
    """Reward models whose mean is a score too, and whose spread says where they disagree.

    Only differences of scores are fitted, so each member has an offset of its own for every prompt, and the spread
    of scores holds these as well: fit with centring, or look at the spread of *differences* of one prompt.
    """

    def __init__(self, members, caution=0.0):
        """members: RewardModels. caution: standard deviations of the members that are taken off their mean."""
        if len(members) < 2:
            raise ValueError(f"an ensemble needs at least two members to disagree, got {len(members)}")
        self.members, self.caution = members, caution

    def fit(self, comparisons, rng, **options):
        """Fits each member to N of the N comparisons, drawn with replacement for it alone. Returns itself."""
        for member in self.members:
            rows = rng.integers(len(comparisons.prompts), size=len(comparisons.prompts))
            member.fit(Comparisons(*([column[i] for i in rows] for column in comparisons)), rng, **options)
        return self

    def scores(self, prompts, responses):
        """What every one of the K members says: (K, N)."""
        return np.stack([member.score(prompts, responses) for member in self.members])

    def score(self, prompts, responses):
        """Mean over the members, less `caution` times their standard deviation: (N,)."""
        scores = self.scores(prompts, responses)
        return scores.mean(axis=0) - self.caution * scores.std(axis=0, ddof=1)

    def reward(self, prompt, response):
        return float(self.score([prompt], [response])[0])
