"""Instruction and preference alignment in one update: a weighted sum of two losses is two sets of weights.

The loss is mu times the mean of -log pi over demonstrations, summed over each reply, plus the mean of DPO's loss over
comparisons. Both gradients are sums of weighted grad log pi, so one call of `model.update` follows both at once.

No balance is chosen here: mu is the caller's, and the two parts are not rescaled against each other.
"""

import numpy as np

from tinylab.preferences import dpo, pair_tokens, response_logp
from tinylab.world import PAD


def stack_rows(first, second):
    """Two batches (tokens, weights) of different length as one: tokens (B1 + B2, T), weights (B1 + B2, T).

    The shorter rows are padded on the left, where a model sees padding anyway, so no log-probability changes.

    >>> tokens, weights = stack_rows((np.array([[7, 8]]), np.array([[0.0, 1.0]])), (np.array([[9]]), np.array([[0.5]])))
    >>> tokens.tolist(), weights.tolist()
    ([[7, 8], [0, 9]], [[0.0, 1.0], [0.0, 0.5]])
    """
    T = max(first[0].shape[1], second[0].shape[1])
    tokens, weights = zip(first, second, strict=True)
    return (
        np.vstack([np.pad(rows, ((0, 0), (T - rows.shape[1], 0)), constant_values=PAD) for rows in tokens]),
        np.vstack([np.pad(rows, ((0, 0), (T - rows.shape[1], 0))) for rows in weights]),
    )


def joint_weights(model, demos, pairs, ref_logp, mu, beta):
    """Tokens (D + 2 B, T) and weights of one joint update: D demonstrations, then B chosen, then B rejected replies.

    demos: tokens and mask (D, T1). pairs: tokens and mask (2, B, T2) from `pair_tokens`; their ref_logp (2, B).
    Every token of a demonstrated reply weighs mu / D, every token of a compared one what DPO gives it, over B.
    """
    (shown, mask), (t, m) = demos, pairs
    _, push = dpo(response_logp(model, t, m), ref_logp, beta)  # (2, B)
    compared = push[:, :, None] * m / t.shape[1]  # (2, B, T2)
    flat = (t.reshape(-1, t.shape[-1]), compared.reshape(-1, t.shape[-1]))
    return stack_rows((shown, mu * mask / len(shown)), flat)


def train_joint(model, ref, demos, comparisons, rng, mu=0.1, beta=0.3, lr=1e-3, steps=200, batch_size=32):
    """Joint training on demonstrations (tokens, mask) and comparisons. Changes the model and leaves ref as it is.

    With mu = 0 it is DPO, and the larger mu is, the nearer it comes to supervised training. To look at a model on the
    way, call it again with the same rng: a model keeps the state of its optimizer. Raises ValueError for a negative mu.
    """
    if mu < 0:
        raise ValueError(f"mu, the weight of the demonstrations, is {mu}: a negative one would unlearn them")
    tokens, mask = pair_tokens(comparisons)
    ref_logp = response_logp(ref, tokens, mask)
    for _ in range(steps):
        i = rng.integers(len(demos[0]), size=batch_size)
        j = rng.integers(tokens.shape[1], size=batch_size)
        shown, pairs = (demos[0][i], demos[1][i]), (tokens[:, j], mask[:, j])
        model.update(*joint_weights(model, shown, pairs, ref_logp[:, j], mu, beta), lr)
