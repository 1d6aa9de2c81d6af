"""Responses of a model: drawn one at a time, or all of them at once.

A response to a prompt is what the model appends, token by token, until it says <end> or has said `max_len` tokens.
"""

import numpy as np

from tinylab.world import END, PAD


def sample(model, prompts, rng, max_len=8, temperature=1.0):
    """One response per row of prompts (B, P): (B, max_len) token ids, PAD after <end>.

    Logits are divided by the temperature: 1 samples from the model itself, 0 takes the most probable token (greedy).
    Repeat a prompt (np.repeat) for several samples. A response that reaches max_len has no <end>: it was cut.
    """
    B, P = prompts.shape
    rows = np.pad(prompts, ((0, 0), (0, max_len)), constant_values=PAD)
    chance = np.zeros((max_len, B)) if temperature == 0 else rng.random((max_len, B))
    running = np.arange(B)  # the rows that have not said <end>
    for t in range(max_len):
        tokens = draw(model.next_logp(rows[running, : P + t]), chance[t, running], temperature)
        rows[running, P + t] = tokens
        running = running[tokens != END]
        if len(running) == 0:
            break
    return rows[:, P:]


def greedy(model, prompts, max_len=8):
    """The response that takes the most probable token each time: (B, max_len). Needs no randomness."""
    return sample(model, prompts, rng=None, max_len=max_len, temperature=0)


def draw(logp, chance, temperature):
    """One token per row of log-probabilities (B, V): (B,) ids. chance (B,): drawn uniformly from 0 to 1."""
    if temperature == 0:
        return logp.argmax(axis=1)
    scaled = logp / temperature
    p = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    cumulative = p.cumsum(axis=1)
    threshold = chance[:, None] * cumulative[:, -1:]
    return (cumulative > threshold).argmax(axis=1)  # the first whose cumulative weight exceeds the threshold


def enumerate_responses(model, prompt, max_len, limit=200_000):
    """All responses to one prompt (P,) and their exact log-probabilities: (N, max_len), (N,).

    With A tokens beside <end> that the model can say, the responses are the sequences of fewer than max_len of them
    closed by <end>, and the A**max_len sequences that were cut at max_len before an <end>. No response is the
    beginning of a longer one, so these are all outcomes of `sample`, and their probabilities sum to one.

    Raises ValueError if there are more than `limit`: give `model.restricted(tokens)`, or a smaller max_len.
    """
    sayable = np.flatnonzero(np.isfinite(model.params["b2"]))
    count = sum((len(sayable) - 1) ** k for k in range(max_len + 1))
    if count > limit:
        raise ValueError(f"{count} responses of up to {max_len} of {len(sayable)} tokens; restrict the model's tokens")
    rows, logp = np.asarray(prompt)[None], np.zeros(1)  # open beginnings and their log-probabilities
    finished, finished_logp = [], []
    for k in range(1, max_len + 1):
        step = model.next_logp(rows)[:, sayable]  # (n, A + 1)
        rows = np.hstack([np.repeat(rows, len(sayable), axis=0), np.tile(sayable, len(rows))[:, None]])
        logp = (logp[:, None] + step).ravel()
        done = (rows[:, -1] == END) | (k == max_len)
        finished.append(np.pad(rows[done, len(prompt) :], ((0, 0), (0, max_len - k)), constant_values=PAD))
        finished_logp.append(logp[done])
        rows, logp = rows[~done], logp[~done]
    return np.vstack(finished), np.concatenate(finished_logp)
