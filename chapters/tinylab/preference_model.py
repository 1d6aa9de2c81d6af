"""A preference model: the body of a TinyLM with one number on top, fitted to comparisons.

It reads the last `window` tokens of a prompt and its reply, and returns a score. The scores are fitted so that
sigmoid(score(chosen) - score(rejected)) is probable (Bradley-Terry): only differences of scores of one prompt count.

No calibration and no ensembles in here, and no use of the score: sampling and training with it are the caller's.
"""

import numpy as np

from tinylab.annotators import sigmoid
from tinylab.world import PAD, encode, pad


class PreferenceModel:
    def __init__(self, body):
        """Starts from a copy of a TinyLM, whose output over words is replaced by a single one of zeros."""
        self.body = body.copy()
        p = self.body.params
        p["W2"], p["b2"] = np.zeros((len(p["b1"]), 1)), np.zeros(1)  # every score starts at 0
        self.body.adam = {name: (np.zeros_like(v), np.zeros_like(v)) for name, v in p.items()}

    def contexts(self, prompts, replies):
        """Prompts and replies (text) -> (N, window): the last tokens of each, padded on the left."""
        rows = [[PAD] * self.body.window + encode(p) + encode(r) for p, r in zip(prompts, replies, strict=True)]
        return pad([row[-self.body.window :] for row in rows], "left")

    def forward(self, contexts):
        """(N, window) -> hidden units (N, H) and scores (N,)."""
        p = self.body.params
        h = np.tanh(p["E"][contexts].reshape(len(contexts), -1) @ p["W1"] + p["b1"])
        return h, (h @ p["W2"])[:, 0]

    def score(self, prompts, replies):
        """One score for each reply (text) to its prompt (text): (N,). Higher is better; the zero means nothing."""
        return self.forward(self.contexts(prompts, replies))[1]

    def reward(self, prompt, reply):
        """The score of one reply (text): a float, in the form in which `train_rloo` asks for a reward."""
        return float(self.score([prompt], [reply])[0])

    def gradient(self, chosen, rejected):
        """Mean loss -log sigmoid(difference) over B pairs of contexts (B, window), and its gradient *downhill*."""
        contexts = np.vstack([chosen, rejected])
        h, scores = self.forward(contexts)
        difference = scores[: len(chosen)] - scores[len(chosen) :]
        push = sigmoid(-difference) / len(chosen)  # (B,): as in DPO, pairs that are told apart push no more
        gradient = self.body.backward(contexts, h, np.concatenate([push, -push])[:, None])
        return float(np.logaddexp(0.0, -difference).mean()), gradient

    def fit(self, comparisons, rng, steps=400, lr=3e-3, batch_size=32):
        """Fits the scores to comparisons by Adam, with a learning rate that falls to zero. Returns itself."""
        prompts, *sides = comparisons
        chosen, rejected = (self.contexts(prompts, side) for side in sides)
        for step in range(1, steps + 1):
            rows = rng.integers(len(prompts), size=batch_size)
            _, gradient = self.gradient(chosen[rows], rejected[rows])
            for name, g in gradient.items():
                m, v = self.body.adam[name]
                m += 0.1 * (g - m)
                v += 0.001 * (g**2 - v)
                adam = m / (1 - 0.9**step) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
                self.body.params[name] += lr * (1 - (step - 1) / steps) * adam
        return self

    def accuracy(self, comparisons):
        """Share of the comparisons in which the chosen reply has the higher score."""
        prompts, chosen, rejected = comparisons
        return float(np.mean(self.score(prompts, chosen) > self.score(prompts, rejected)))
