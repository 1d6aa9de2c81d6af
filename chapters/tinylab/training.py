"""Supervised training, and how often the trained model is right."""

import numpy as np

from tinylab.sampling import greedy
from tinylab.world import PAD, answer, batch, encode_prompts, encode_responses


def train(model, tokens, weights, rng, steps=1000, batch_size=32, lr=2e-2, p=None, segments=None):
    """Supervised training on rows drawn at random; the learning rate falls linearly to zero.

    tokens (M, T), weights (M, T): the mask of the response, or any other weights. Changes the model.
    p (M,): the probability of each row to be drawn, equal if left out. segments (M, T): see `tinylab.packing`.
    Returns losses (steps,): minus the weighted mean of log pi over the batch's tokens, in nats per token.
    """
    losses = np.empty(steps)
    for step in range(steps):
        rows = rng.integers(len(tokens), size=batch_size) if p is None else rng.choice(len(tokens), batch_size, p=p)
        w = weights[rows] / weights[rows].sum()
        apart = None if segments is None else segments[rows]
        losses[step] = -model.update(tokens[rows], w, lr * (1 - step / steps), apart)
    return losses


def demonstrations(prompts):
    """Every prompt with its right answer: tokens (B, T), mask (B, T)."""
    return batch(prompts, [answer(prompt) for prompt in prompts])


def exact_match(model, prompts, responses=None):
    """Share of prompts (text) whose greedy response is the right answer, or the given one, to the token and <end>."""
    wanted = encode_responses(responses or [answer(prompt) for prompt in prompts])  # (B, L)
    got = greedy(model, encode_prompts(prompts), max_len=wanted.shape[1] + 1)
    wanted = np.pad(wanted, ((0, 0), (0, 1)), constant_values=PAD)
    return float((got == wanted).all(axis=1).mean())
