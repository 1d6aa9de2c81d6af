"""Policy gradients as weights for `model.update`: REINFORCE with a leave-one-out baseline (RLOO).

The model answers each prompt several times, a reward says what each response is worth, and every token of a response
gets the same weight: how much better the response was than the other ones to the same prompt. Distance from a
reference is charged inside the reward, per whole response, with a price of beta points per nat.

No importance ratios, no clipping, no value function: each batch is drawn from the policy that it updates.
"""

import numpy as np

from tinylab.preferences import response_logp
from tinylab.sampling import sample
from tinylab.world import decode, encode_prompts, join


def leave_one_out(rewards):
    """Advantages (B, G): each reward minus the mean of the other G - 1 rewards of its row.

    leave_one_out([[1, 0, 0]]) = [[1, -0.5, -0.5]]. Equals G / (G - 1) * (reward - mean of the row)
    (ahmadian2024rloo). Raises ValueError for G = 1, where there are no others.
    """
    rewards = np.asarray(rewards, float)
    G = rewards.shape[-1]
    if G < 2:
        raise ValueError(
            f"leave-one-out needs at least two responses to a prompt, got rewards of shape {rewards.shape}"
        )
    return (rewards - rewards.mean(axis=-1, keepdims=True)) * G / (G - 1)


def penalised(rewards, logp, ref_logp, beta):
    """rewards - beta * (logp - ref_logp): what is left of each reward when KL from the reference is charged.

    logp is what the *sampling* policy gave to the responses, a number like the reward: no gradient goes through it.
    Its mean over responses of the policy is E[reward] - beta * KL(policy || ref).
    """
    return rewards - beta * (logp - ref_logp)


def token_weights(advantages, mask):
    """Advantages (N,), mask (N, T) -> weights (N, T) whose update follows the mean of advantage * grad log pi."""
    return advantages[:, None] * mask / len(mask)


def draw_groups(model, prompts, reward, rng, batch=16, group=4, max_len=6):
    """`group` replies of the model to each of `batch` prompts (text, drawn from the list), with their rewards.

    reward(prompt, reply): a function of two texts. Returns tokens and mask (B * G, T), replies to the same prompt in
    neighbouring rows, and rewards (B, G).
    """
    asked = [prompts[i] for i in np.repeat(rng.integers(len(prompts), size=batch), group)]
    x = encode_prompts(asked)
    replies = sample(model, x, rng, max_len)
    r = [reward(prompt, decode(row)) for prompt, row in zip(asked, replies, strict=True)]
    return *join(x, replies), np.array(r, float).reshape(batch, group)


def train_rloo(model, ref, prompts, reward, rng, beta=0.1, lr=3e-4, steps=200, batch=16, group=4, max_len=8):
    """RLOO on `batch` prompts (text, drawn from the given list) with `group` responses each. Changes the model.

    reward(prompt, response): a function of two texts. Returns two curves (steps,), means over each step's responses
    before its update: the reward without the charge, and the estimate of KL from ref in nats.
    """
    curves = np.empty((2, steps))
    for step in range(steps):
        asked = [prompts[i] for i in np.repeat(rng.integers(len(prompts), size=batch), group)]  # B * G
        x = encode_prompts(asked)
        responses = sample(model, x, rng, max_len)
        tokens, mask = join(x, responses)
        r = np.array([reward(prompt, decode(row)) for prompt, row in zip(asked, responses, strict=True)])
        logp, ref_logp = response_logp(model, tokens, mask), response_logp(ref, tokens, mask)
        curves[:, step] = r.mean(), (logp - ref_logp).mean()
        advantages = leave_one_out(penalised(r, logp, ref_logp, beta).reshape(batch, group))
        model.update(tokens, token_weights(advantages.ravel(), mask), lr)
    return curves
