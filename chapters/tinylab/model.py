"""TinyLM: an autoregressive language model small enough to see.

The previous `window` tokens are looked up in an embedding table, their vectors laid side by side, sent through one
tanh layer, and turned into a softmax over the next token. There is no attention: what has left the window is gone.

Two operations carry the book. `logp(tokens)` says how probable given tokens are. `update(tokens, weights, lr)` moves
the parameters along

    sum over b, t of  weights[b, t] * grad log pi(tokens[b, t] | tokens before t in row b)

A weight of +1 makes a token more probable in its context, -1 less, 0 leaves it out. Supervised training, policy
gradients and preference optimisation differ in where tokens and weights come from, and in nothing that is in here.
"""

import numpy as np

from tinylab.world import PAD


class TinyLM:
    def __init__(self, vocab_size, window=12, embed=8, hidden=64, seed=0):
        rng = np.random.default_rng(seed)
        self.window = window
        self.params = {
            "E": rng.normal(0, 1, (vocab_size, embed)),  # one vector per token
            "W1": rng.normal(0, (window * embed) ** -0.5, (window * embed, hidden)),
            "b1": np.zeros(hidden),
            "W2": rng.normal(0, 0.1 * hidden**-0.5, (hidden, vocab_size)),  # small: starts near the uniform policy
            "b2": np.zeros(vocab_size),
        }
        self.adam = {name: (np.zeros_like(p), np.zeros_like(p)) for name, p in self.params.items()}
        self.adam_steps = 0

    def contexts(self, tokens, segments=None, used=None):
        """(B, T) -> (B, T, window): the tokens before each position, padded on the left where the row begins.

        With segments (B, T), the number of the example that each token belongs to, a context shows tokens of its own
        example and padding in place of all others: what masking attention between packed examples does elsewhere.
        With used (B, T), True or False, only the contexts of the N positions that are True: (N, window).
        """
        b, t = np.indices(tokens.shape) if used is None else np.nonzero(used)
        columns = t[..., None] + np.arange(self.window)  # of the padded rows, in which position t stands at t + window
        seen = self._padded(tokens, PAD)[b[..., None], columns]
        if segments is None:
            return seen
        whose = self._padded(segments, -1)[b[..., None], columns]
        return np.where(whose == segments[b, t][..., None], seen, PAD)

    def _padded(self, rows, value):
        """(B, T) -> (B, window + T): the value stands `window` times in front of every row."""
        padded = np.full((len(rows), self.window + rows.shape[1]), value)
        padded[:, self.window :] = rows
        return padded

    def forward(self, contexts):
        """(N, window) -> hidden units (N, H) and log-probabilities of every next token (N, V)."""
        p = self.params
        x = p["E"].take(contexts, axis=0).reshape(len(contexts), len(p["W1"]))  # (N, window * embed)
        h = np.tanh(x @ p["W1"] + p["b1"])
        logits = h @ p["W2"] + p["b2"]
        logits = logits - logits.max(axis=1, keepdims=True)
        return h, logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))

    def next_logp(self, tokens):
        """(B, T) -> (B, V): log-probabilities of the token that follows each row."""
        return self.forward(self._padded(tokens, PAD)[:, -self.window :])[1]

    def logp(self, tokens, segments=None):
        """(B, T) -> (B, T): log pi(tokens[b, t] | tokens before t). Mask out what is not yours: padding has one too."""
        B, T = tokens.shape
        logp = self.forward(self.contexts(tokens, segments).reshape(B * T, -1))[1]  # (B * T, V)
        return logp[np.arange(B * T), tokens.ravel()].reshape(B, T)

    def gradient(self, tokens, weights, segments=None):
        """Value and gradient of sum_bt weights * logp(tokens): a float and a dict like `params`.

        tokens (B, T), weights (B, T), for packed rows segments (B, T). Positions of weight zero cost nothing. Raises
        ValueError where a weight stands on a token that the model cannot say (see `restricted`) or is not finite.
        """
        if tokens.shape != weights.shape:
            raise ValueError(f"tokens have shape {tokens.shape}, weights {weights.shape}; give every token its weight")
        used = weights != 0
        contexts, targets, w = (
            self.contexts(tokens, segments, used),
            tokens[used],
            weights[used],
        )  # (N, window), (N,), (N,)
        h, logp = self.forward(contexts)
        n = np.arange(len(targets))
        value = float(w @ logp[n, targets])
        if not np.isfinite(value):
            raise ValueError(f"weighted log-probability is {value}: a weight is not finite or its token has pi = 0")
        d_logits = -w[:, None] * np.exp(logp)  # d logp[y] / d logits = onehot(y) - pi
        d_logits[n, targets] += w
        return value, self.backward(contexts, h, d_logits)

    def backward(self, contexts, h, d_logits):
        """From the gradient in the logits (N, V) to the gradient in every parameter."""
        p = self.params
        d_h = (d_logits @ p["W2"].T) * (1 - h**2)  # (N, H)
        d_x = (d_h @ p["W1"].T).reshape(-1, p["E"].shape[1])  # (N * window, embed)
        x = p["E"].take(contexts, axis=0).reshape(len(contexts), len(p["W1"]))
        V, embed = p["E"].shape  # a token's vector gathers gradient from wherever the token stands:
        places = contexts.reshape(-1, 1) * embed + np.arange(embed)  # (N * window, embed), in E read row by row
        d_E = np.bincount(places.ravel(), d_x.ravel(), V * embed).reshape(V, embed)
        return {
            "E": d_E,
            "W1": x.T @ d_h,
            "b1": d_h.sum(axis=0),
            "W2": h.T @ d_logits,
            "b2": d_logits.sum(axis=0),
        }

    def update(self, tokens, weights, lr, segments=None):
        """One step of Adam (beta 0.9 and 0.999) *up* sum_bt weights * logp(tokens). Returns that sum, before the step.

        Adam divides by the size of recent gradients: doubling all weights of every step changes nothing. It also
        coasts: after other steps, one whose weights are all zero still moves the parameters a little.
        """
        value, gradient = self.gradient(tokens, weights, segments)
        self.adam_steps += 1
        for name, g in gradient.items():
            m, v = self.adam[name]
            m += 0.1 * (g - m)
            v += 0.001 * (g**2 - v)
            m_hat = m / (1 - 0.9**self.adam_steps)
            v_hat = v / (1 - 0.999**self.adam_steps)
            self.params[name] += lr * m_hat / (np.sqrt(v_hat) + 1e-8)
        return value

    def copy(self):
        """The same parameters in a new model with a fresh optimizer: what a reference policy is."""
        twin = TinyLM.__new__(TinyLM)
        twin.window = self.window
        twin.params = {name: p.copy() for name, p in self.params.items()}
        twin.adam = {name: (np.zeros_like(p), np.zeros_like(p)) for name, p in self.params.items()}
        twin.adam_steps = 0
        return twin

    def restricted(self, tokens):
        """A copy that can say only the given token ids; it reads all of them.

        The output bias of every other token is -inf: its probability is exactly zero and stays so in training.
        The softmax runs over what is left, so this is another policy. Small enough sets can be enumerated.
        """
        twin = self.copy()
        silenced = np.setdiff1d(np.arange(len(twin.params["b2"])), tokens)
        twin.params["b2"][silenced] = -np.inf
        return twin
