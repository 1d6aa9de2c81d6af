"""Comparisons of two responses, and direct preference optimisation (DPO) as weights for `model.update`.

Responses are kept as text, as `decode` gives it: '<end>' closes a response, and one that was cut at `max_len` has
none. The two sides of B pairs stand in one array, chosen in row 0 and rejected in row 1: log-probabilities (2, B).

No reward model is fitted here, and the other preference losses are not here either.
"""

from typing import NamedTuple

import numpy as np

from tinylab.annotators import sigmoid
from tinylab.sampling import sample
from tinylab.world import decode, encode, encode_prompts, join, pad


class Comparisons(NamedTuple):
    """B judged pairs, as three lists of text. `Comparisons(*zip(*rows))` makes one of (prompt, chosen, rejected)."""

    prompts: list
    chosen: list
    rejected: list

    def first(self, n):
        """The first n pairs. Raises ValueError if there are fewer."""
        if len(self.prompts) < n:
            raise ValueError(f"{n} pairs wanted, {len(self.prompts)} there; compare more prompts")
        return Comparisons(*(column[:n] for column in self))


def respond(model, prompts, rng, max_len=8, temperature=1.0):
    """One response (text) to each prompt (text)."""
    return [decode(row) for row in sample(model, encode_prompts(prompts), rng, max_len, temperature)]


def compare(model, prompts, annotator, rng, max_len=8, temperature=1.0):
    """Two responses of the model to each prompt, and which one the annotator prefers: Comparisons.

    Pairs of equal responses are dropped, since there is nothing to choose: expect fewer pairs than prompts.
    """
    first, second = (respond(model, prompts, rng, max_len, temperature) for _ in range(2))
    prefers_first = annotator.choose(prompts, first, second, rng)
    rows = [
        (prompt, a, b) if better else (prompt, b, a)
        for prompt, a, b, better in zip(prompts, first, second, prefers_first, strict=True)
        if a != b
    ]
    if not rows:
        raise ValueError(f"all {len(prompts)} pairs were of equal responses; give more prompts or a higher temperature")
    return Comparisons(*map(list, zip(*rows, strict=True)))


def pair_tokens(comparisons):
    """Tokens (2, B, T) and mask (2, B, T) of the pairs, chosen first; the mask is 1.0 on the responses' tokens.

    A response's own '<end>' counts as one of its tokens: to have stopped is something that it did.
    """
    prompts, chosen, rejected = comparisons
    responses = pad([encode(response) for response in [*chosen, *rejected]], "right")  # (2 * B, L)
    tokens, mask = join(np.tile(encode_prompts(prompts), (2, 1)), responses)
    shape = (2, len(prompts), tokens.shape[1])
    return tokens.reshape(shape), mask.reshape(shape)


def response_logp(model, tokens, mask):
    """log pi(response | prompt), summed over the response's tokens: (..., T) -> (...).

    Sum, not mean: the mean over tokens is the logarithm of no response's probability. The tokens of the prompt are
    read and cost nothing, even those that a restricted model could not say itself.
    """
    rows, used = tokens.reshape(-1, tokens.shape[-1]), mask.reshape(-1, mask.shape[-1]) > 0
    _, logp = model.forward(model.contexts(rows, used=used))  # (N, V) for the N response tokens
    total = np.bincount(np.nonzero(used)[0], logp[np.arange(len(logp)), rows[used]], len(rows))
    return total.reshape(tokens.shape[:-1])


def dpo(logp, ref_logp, beta):
    """DPO's loss (B,) and the weights (2, B) that its gradient puts on the tokens of each response.

    logp, ref_logp (2, B): summed log-probabilities under the policy and under the reference, chosen in row 0.

        margin = beta * ((logp - ref_logp)[chosen] - (logp - ref_logp)[rejected])
        loss = -log sigmoid(margin);  weights = +beta * sigmoid(-margin) on chosen, minus the same on rejected

    At margin 0 the loss is log 2 and the weights are +beta / 2 and -beta / 2; a pair that is told apart by far has
    weights near 0. Source: rafailov2023dpo, equation 7 and the gradient below it.
    """
    logratio = logp - ref_logp  # (2, B)
    margin = beta * (logratio[0] - logratio[1])
    push = beta * sigmoid(-margin)
    return np.logaddexp(0.0, -margin), np.stack([push, -push])


def implicit_reward(model, ref, comparisons, beta):
    """The reward that DPO has written into a model, beta * log(pi / ref), of both sides of B pairs: (2, B).

    It is known up to a constant for each prompt, so only the difference of two replies to one prompt means something:
    `dpo`'s margin is row 0 minus row 1. In nats of log-ratio with beta = 1, and 0 everywhere where model equals ref.
    Source: rafailov2023dpo, equation 5 and the text below it.
    """
    tokens, mask = pair_tokens(comparisons)
    return beta * (response_logp(model, tokens, mask) - response_logp(ref, tokens, mask))


def train_dpo(model, ref, comparisons, rng, beta=0.3, lr=3e-4, steps=200, batch_size=32):
    """DPO on pairs drawn at random. Changes the model and leaves ref as it is.

    Returns three curves (steps,), means over each batch before its update: the loss, and the log-ratio
    log pi / ref of the chosen and of the rejected responses. The first starts at log 2 when model equals ref.
    """
    tokens, mask = pair_tokens(comparisons)
    ref_logp = response_logp(ref, tokens, mask)
    curves = np.empty((3, steps))
    for step in range(steps):
        rows = rng.integers(tokens.shape[1], size=batch_size)
        t, m = tokens[:, rows], mask[:, rows]  # (2, batch, T)
        logp = response_logp(model, t, m)
        loss, weights = dpo(logp, ref_logp[:, rows], beta)
        curves[:, step] = [loss.mean(), *(logp - ref_logp[:, rows]).mean(axis=1)]
        token_weights = weights[:, :, None] * m / batch_size
        model.update(t.reshape(-1, t.shape[-1]), token_weights.reshape(-1, t.shape[-1]), lr)
    return curves
