"""What chapters/kl-control.md says about trained models holds on five seeds, with a margin."""

from functools import cache

import numpy as np
import pytest
from scipy.optimize import brentq

from tinylab.assistant import instructed_model
from tinylab.exact import kl, tilted
from tinylab.gold import gold
from tinylab.kl_estimators import exact, k1, k2, k3, loss_weight
from tinylab.policy_gradient import draw_groups, leave_one_out, token_weights
from tinylab.preferences import response_logp
from tinylab.sampling import enumerate_responses
from tinylab.world import ask, decode, encode, encode_prompts

SEEDS = pytest.mark.parametrize("seed", range(5))
REWARD, PROMPT, BETA = cache(gold), ask("last", "agc"), 0.3


@cache
def world():
    """The reference of the chapter, its probabilities and the gold rewards of its 341 replies."""
    small = instructed_model(0).restricted(encode("sure a g c <end>"))
    replies, logq = enumerate_responses(small, encode_prompts([PROMPT])[0], max_len=4)
    return small, np.exp(logq), np.array([gold(PROMPT, decode(row)) for row in replies])


@cache
def trained(how, seed, beta=BETA):
    (small, _, _), rng = world(), np.random.default_rng(seed)
    student = small.copy()
    for _ in range(150):
        tokens, mask, r = draw_groups(student, [PROMPT], REWARD, rng, 1, 64, 4)
        ratio = (response_logp(student, tokens, mask) - response_logp(small, tokens, mask)).reshape(1, 64)
        if how == "reward":
            weights = leave_one_out(r - beta * ratio)
        else:
            weights = leave_one_out(r) + beta * loss_weight(how, ratio)
        student.update(tokens, token_weights(weights.ravel(), mask), lr=3e-3)
    return np.exp(enumerate_responses(student, encode_prompts([PROMPT])[0], max_len=4)[1])


@SEEDS
@pytest.mark.parametrize("how", ["reward", "k2"])
def test_k1_in_the_reward_and_k2_as_a_loss_reach_the_optimum(how, seed):
    _, q, r = world()
    best, p = tilted(q, r, BETA), trained(how, seed)
    assert kl(best, q) > 0.3
    assert kl(p, best) < 0.02
    assert abs(kl(p, q) - kl(best, q)) < 0.1


@SEEDS
def test_with_a_small_price_a_rare_reply_is_lost_that_the_optimum_keeps(seed):
    small, q, r = world()
    replies, _ = enumerate_responses(small, encode_prompts([PROMPT])[0], max_len=4)
    plain = [decode(row) for row in replies].index("g c <end>")
    assert tilted(q, r, 0.1)[plain] > 0.02
    assert trained("reward", seed, 0.1)[plain] < 0.002


@SEEDS
def test_k1_as_a_loss_holds_nothing(seed):
    _, q, _ = world()
    assert kl(trained("k1", seed), q) > 2


def test_k3_as_a_loss_ends_at_another_optimum_on_most_seeds():
    _, q, r = world()
    level = brentq(lambda top: np.sum(BETA * q / (top - r)) - 1, r.max() + 1e-9, 50)
    there, best = BETA * q / (level - r), tilted(q, r, BETA)
    ends = [trained("k3", seed) for seed in range(5)]
    assert kl(there, best) > 0.05
    assert all(kl(p, best) > 0.03 for p in ends)
    assert sum(kl(p, there) < 0.02 for p in ends) >= 3


def test_near_the_reference_k3_is_calm_and_far_from_it_wild():
    _, q, r = world()
    near, far = tilted(q, r, 1 / 0.3), tilted(q, r, 1 / 12)
    sd = {k: [exact(p, k(np.log(p / q)))[1] for p in (near, far)] for k in (k1, k2, k3)}
    assert sd[k3][0] < sd[k1][0] / 5
    assert sd[k3][1] > 20 * sd[k1][1]
