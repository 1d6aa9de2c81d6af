"""Proximal policy optimisation (PPO) as weights for `model.update`, and the loop of RLHF around it.

Three policies meet here, and each ratio is to another one. The *old* policy is the one that drew the batch: PPO's ratio
is to it. The *reference* is where training started: the charge on KL is to that one. The policy itself moves.

The value model is no policy. It is fitted by least squares, so it has an update of its own beside `model.update`.

Not done here: whitened advantages, a clipped loss of the value model, a price on KL that adapts, a bonus for entropy.
"""

import numpy as np

from tinylab.sampling import sample
from tinylab.world import decode, encode_prompts, join


def clip_objective(ratio, advantage, epsilon):
    """min(ratio * A, clip(ratio, 1 - epsilon, 1 + epsilon) * A), elementwise (schulman2017ppo, equation 7).

    clip_objective(3, -1, 0.2) = -3: the minimum keeps the worse of the two. An epsilon of inf does not clip.
    """
    return np.minimum(ratio * advantage, np.clip(ratio, 1 - epsilon, 1 + epsilon) * advantage)


def clip_weights(ratio, advantage, epsilon):
    """What the gradient of `clip_objective` puts on grad log pi of each token: ratio * A, or 0 where it is clipped.

    clip_weights(1.3, 1, 0.2) = 0, clip_weights(1.3, -1, 0.2) = -1.3: only a token that has gone far enough in the
    direction that its advantage wants is left alone.
    """
    gone = np.where(np.asarray(advantage) > 0, ratio > 1 + epsilon, ratio < 1 - epsilon)
    return np.where(gone, 0.0, ratio * advantage)


def token_logp(model, tokens, mask):
    """log pi of each token whose mask is 1, and 0 elsewhere: (B, T). Unlike `model.logp` it skips the prompts."""
    used, out = mask > 0, np.zeros(tokens.shape)
    _, logp = model.forward(model.contexts(tokens, used=used))  # (N, V)
    out[used] = logp[np.arange(len(logp)), tokens[used]]
    return out


def token_rewards(score, logp, ref_logp, mask, beta):
    """Rewards of each token (B, T): -beta * (logp - ref_logp) everywhere, and the score (B,) on the last token.

    Their sum over a response is its score minus beta times its log-ratio. All are numbers: no gradient goes through.
    """
    rewards = -beta * (logp - ref_logp) * mask
    last = mask.shape[1] - 1 - np.argmax(mask[:, ::-1] > 0, axis=1)
    rewards[np.arange(len(score)), last] += score
    return rewards


def gae(rewards, values, mask, lam, gamma=1.0):
    """Generalised advantage estimates (B, T): sum over k of (gamma * lam)^k * delta[t + k] (schulman2015gae).

    delta[t] = rewards[t] + gamma * values[t + 1] - values[t], and values after the last token are 0. values[b, t] is
    the value of what stands before token t. lam = 0 gives delta, lam = 1 the return that followed minus the value.

    >>> gae(np.array([[0.0, 1.0]]), np.array([[0.5, 0.8]]), np.ones((1, 2)), lam=0.5).round(2).tolist()
    [[0.4, 0.2]]
    """
    after = np.pad(values * mask, ((0, 0), (0, 1)))[:, 1:]  # values[t + 1], 0 behind the end
    delta = (rewards + gamma * after - values) * mask
    advantages = np.zeros_like(delta)
    running = np.zeros(len(delta))
    for t in reversed(range(delta.shape[1])):
        running = delta[:, t] + gamma * lam * running * mask[:, t]
        advantages[:, t] = running
    return advantages


class ValueModel:
    """What a response is still going to earn, guessed from its beginning: a TinyLM with one number on top."""

    def __init__(self, body):
        """Starts from a copy of a TinyLM; its output over words is replaced by a single one, which begins at 0."""
        self.body = body.copy()
        p = self.body.params
        p["W2"], p["b2"] = np.zeros((len(p["b1"]), 1)), np.zeros(1)
        self.body.adam = {name: (np.zeros_like(v), np.zeros_like(v)) for name, v in p.items()}

    def forward(self, contexts):
        """(N, window) -> hidden units (N, H) and values (N,)."""
        p = self.body.params
        h = np.tanh(p["E"].take(contexts, axis=0).reshape(len(contexts), -1) @ p["W1"] + p["b1"])
        return h, (h @ p["W2"] + p["b2"])[:, 0]

    def values(self, tokens, mask):
        """The value of what stands before each token whose mask is 1, and 0 elsewhere: (B, T)."""
        out = np.zeros(tokens.shape)
        out[mask > 0] = self.forward(self.body.contexts(tokens, used=mask > 0))[1]
        return out

    def gradient(self, tokens, mask, targets):
        """Half the mean squared error over tokens, and its gradient *downhill*: a float and a dict like `params`."""
        contexts = self.body.contexts(tokens, used=mask > 0)
        h, values = self.forward(contexts)
        error = targets[mask > 0] - values  # (N,)
        return float(np.mean(error**2) / 2), self.body.backward(contexts, h, error[:, None] / len(error))

    def update(self, tokens, mask, targets, lr):
        """One step of Adam towards targets (B, T). Returns half the mean squared error before it."""
        loss, gradient = self.gradient(tokens, mask, targets)
        self.body.adam_steps += 1
        for name, g in gradient.items():
            m, v = self.body.adam[name]
            m += 0.1 * (g - m)
            v += 0.001 * (g**2 - v)
            m_hat, v_hat = m / (1 - 0.9**self.body.adam_steps), v / (1 - 0.999**self.body.adam_steps)
            self.body.params[name] += lr * m_hat / (np.sqrt(v_hat) + 1e-8)
        return loss


def draw_batch(model, ref, prompts, score, rng, beta, max_len=8):
    """Responses of the model to prompts (text), judged: tokens, mask, logp, rewards, each (B, T), and scores (B,).

    score(prompts, responses), two lists of text, returns (B,). logp is that of the policy that drew: pi_old.
    """
    x = encode_prompts(prompts)
    responses = sample(model, x, rng, max_len)
    tokens, mask = join(x, responses)
    scores = np.asarray(score(prompts, [decode(row) for row in responses]), float)
    logp, ref_logp = token_logp(model, tokens, mask), token_logp(ref, tokens, mask)
    return tokens, mask, logp, token_rewards(scores, logp, ref_logp, mask, beta), scores


def context_kl(old, new, tokens, mask):
    """KL(old || new) per response in nats: of the next token, over the whole vocabulary, summed over the response.

    Exact in the tokens, sampled in the contexts; with responses drawn from old its mean is the KL of whole responses.
    """
    contexts = old.contexts(tokens, used=mask > 0)
    p, q = old.forward(contexts)[1], new.forward(contexts)[1]  # (N, V)
    held = np.isfinite(p)
    return float(np.sum(np.exp(p[held]) * (p[held] - q[held])) / len(tokens))


def train_ppo(
    model,
    ref,
    prompts,
    score,
    rng,
    value=None,
    *,
    beta=0.1,
    epsilon=0.2,
    lam=0.95,
    epochs=4,
    minibatches=2,
    batch=64,
    rounds=40,
    lr=1e-3,
    value_lr=3e-3,
):
    """RLHF with PPO: rounds of drawing a batch and going over it `epochs` times. Changes model and value.

    Without a value model each token's advantage is the reward from there on (lam is then not used). Returns four
    curves (rounds,): mean score and mean log-ratio to ref of what was drawn; the share of tokens whose weight the clip
    had set to 0, over the updates of the round; and how far the round moved, KL(old || new) per response in nats.
    """
    curves = np.zeros((4, rounds))
    for round_ in range(rounds):
        asked = [prompts[i] for i in rng.integers(len(prompts), size=batch)]
        before = model.copy()
        tokens, mask, old, rewards, scores = draw_batch(before, ref, asked, score, rng, beta)
        values = np.zeros(mask.shape) if value is None else value.values(tokens, mask)
        advantages = gae(rewards, values, mask, 1.0 if value is None else lam)
        targets = advantages + values
        clipped = []
        for _ in range(epochs):
            for rows in np.array_split(rng.permutation(batch), minibatches):
                t, m, a = tokens[rows], mask[rows], advantages[rows]
                ratio = np.exp(token_logp(model, t, m) - old[rows])
                weights = clip_weights(ratio, a, epsilon) * m
                clipped.append(1 - np.mean(weights[m > 0] != 0))
                model.update(t, weights / len(rows), lr)
                if value is not None:
                    value.update(t, m, targets[rows], value_lr)
        log_ratio = (old - token_logp(ref, tokens, mask)).sum(axis=1)
        step = context_kl(before, model, tokens, mask)
        curves[:, round_] = scores.mean(), log_ratio.mean(), np.mean(clipped), step
    return curves
