"""Every displayed formula of chapters/policy-gradients.md against an oracle of its own."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize_scalar

from tinylab.exact import grad_expected, softmax
from tinylab.gradient_noise import directions, rloo_variance, total_variance
from tinylab.model import TinyLM
from tinylab.policy_gradient import leave_one_out
from tinylab.preferences import response_logp
from tinylab.sampling import enumerate_responses
from tinylab.world import END, ID, V, ask, encode_prompts, join

RNG = np.random.default_rng(0)
THETA, REWARD = RNG.normal(0, 1, 4), RNG.normal(1, 1, 4)
P = softmax(THETA)
ONEHOT = np.eye(4) - P  # (4, 4): row y is the gradient of log pi(y) in the logits


def tiny():
    """A model with 7 replies to one prompt: (model, tokens, mask, p)."""
    model = TinyLM(V, window=6, embed=2, hidden=3, seed=1)
    for part in model.params.values():
        part += RNG.normal(0, 0.5, part.shape)
    model = model.restricted([ID["a"], ID["sure"], END])
    x = encode_prompts([ask("last", "cab")])
    replies, logp = enumerate_responses(model, x[0], max_len=2)
    return model, *join(np.repeat(x, len(logp), axis=0), replies), np.exp(logp)


def test_eq_pg_against_finite_differences():
    numeric = approx_fprime(THETA, lambda theta: softmax(theta) @ REWARD, 1e-7)
    np.testing.assert_allclose((P * REWARD) @ ONEHOT, numeric, atol=1e-6)
    np.testing.assert_allclose(grad_expected(P, REWARD), numeric, atol=1e-6)


def test_directions_against_finite_differences():
    model, tokens, mask, p = tiny()
    g = directions(model, tokens, mask)
    sizes = [part.size for part in model.params.values()]
    assert g.shape == (7, sum(sizes))
    offset = dict(zip(model.params, np.cumsum([0, *sizes[:-1]]), strict=True))
    for name in ("E", "W1", "b1", "W2"):
        part = model.params[name].ravel()  # a view
        for i in RNG.integers(part.size, size=3):
            kept, values = part[i], []
            for step in (1e-5, -1e-5):
                part[i] = kept + step
                values.append(response_logp(model, tokens, mask))
            part[i] = kept
            np.testing.assert_allclose(g[:, offset[name] + i], (values[0] - values[1]) / 2e-5, atol=1e-8)
    assert np.abs(g).max() > 0.1
    np.testing.assert_allclose(p @ g, 0, atol=1e-12)  # eq-pg-baseline


def every_group(G):
    """All groups of G replies with their probabilities: (4**G, G), (4**G,)."""
    groups = np.array(list(product(range(4), repeat=G)))
    return groups, P[groups].prod(axis=1)


def mean_and_total_variance(estimates, q):
    mean = q @ estimates
    return mean, q @ np.sum((estimates - mean) ** 2, axis=1)


@pytest.mark.parametrize("n", [1, 3])
def test_eq_pg_reinforce_is_unbiased_and_its_variance_is_that_of_one_over_n(n):
    groups, q = every_group(n)
    estimates = (REWARD[groups][:, :, None] * ONEHOT[groups]).mean(axis=1)
    mean, variance = mean_and_total_variance(estimates, q)
    np.testing.assert_allclose(mean, grad_expected(P, REWARD))
    assert variance == pytest.approx(total_variance(P, REWARD, ONEHOT) / n)


def test_eq_pg_best_against_a_minimiser():
    size = np.sum(ONEHOT**2, axis=1)
    best = (P * size) @ REWARD / (P @ size)
    found = minimize_scalar(lambda b: total_variance(P, REWARD - b, ONEHOT))
    assert found.x == pytest.approx(best, abs=1e-6)
    assert abs(best - P @ REWARD) > 0.05
    assert total_variance(P, REWARD - best + 0.5, ONEHOT) - found.fun == pytest.approx(0.25 * (P @ size))


@pytest.mark.parametrize("p", [0.1, 0.6, 0.97])
@pytest.mark.parametrize("c", [-2, 0, 5])
def test_two_replies_noise_over_gradient(p, c):
    q, r, g = np.array([p, 1 - p]), np.array([c + 1.0, c]), np.array([[1 - p, p - 1], [-p, p]])
    gradient = np.linalg.norm((q * r) @ g)
    assert total_variance(q, r - (c + 1 - p), g) == pytest.approx(0, abs=1e-12)
    for b in (0, c + p, c + 2):
        noise = np.sqrt(max(total_variance(q, r - b, g), 0)) / gradient
        assert noise == pytest.approx(abs(b - (c + 1 - p)) / np.sqrt(p * (1 - p)), abs=1e-6)


@pytest.mark.parametrize("G", [2, 3, 4])
def test_eq_pg_rloo_and_its_variance_over_all_groups(G):
    groups, q = every_group(G)
    r = REWARD[groups]  # (N, G)
    others = (r.sum(axis=1, keepdims=True) - r) / (G - 1)
    np.testing.assert_allclose(r - others, leave_one_out(r), atol=1e-12)
    np.testing.assert_allclose(r - others, G / (G - 1) * (r - r.mean(axis=1, keepdims=True)), atol=1e-12)
    estimates = ((r - others)[:, :, None] * ONEHOT[groups]).mean(axis=1)
    mean, variance = mean_and_total_variance(estimates, q)
    np.testing.assert_allclose(mean, grad_expected(P, REWARD), atol=1e-12)
    assert variance == pytest.approx(rloo_variance(P, REWARD, ONEHOT, G))
    own_too = ((r - r.mean(axis=1, keepdims=True))[:, :, None] * ONEHOT[groups]).mean(axis=1)
    np.testing.assert_allclose(q @ own_too, (G - 1) / G * grad_expected(P, REWARD), atol=1e-12)


def test_rloo_is_the_sample_covariance():
    groups, _ = every_group(3)
    for group in groups[[1, 17, 40]]:
        estimate = leave_one_out(REWARD[group]) @ ONEHOT[group] / 3
        covariance = [np.cov(REWARD[group], ONEHOT[group][:, k])[0, 1] for k in range(4)]
        np.testing.assert_allclose(estimate, covariance, atol=1e-12)


def test_stale_positive_weights_rest_at_the_reweighted_old_policy():
    """sum old * w * log pi is highest at pi proportional to old * w, and has no highest point with a negative w."""
    w, theta = np.array([1.0, 0.5, 2.0, 0.1]), np.zeros(4)
    for _ in range(4000):
        theta += 0.5 * (P * w) @ (np.eye(4) - softmax(theta))
    np.testing.assert_allclose(softmax(theta), P * w / (P @ w), atol=1e-6)
    w[3], height = -0.1, []
    for size in (1, 10, 100):
        height.append((P * w) @ np.log(softmax(np.array([0, 0, 0, -size]))))
    assert height[0] < height[1] < height[2] - 1


def test_of_two_equally_good_replies_the_more_probable_gains_more():
    p, r = np.array([0.3, 0.2, 0.1, 0.4]), np.array([1, 1, 1, 0.0])
    np.testing.assert_allclose(grad_expected(p, r), p * (r - 0.6))
    assert grad_expected(p, r)[0] > grad_expected(p, r)[1] > grad_expected(p, r)[2]
