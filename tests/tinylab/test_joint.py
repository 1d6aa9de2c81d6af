"""Joint updates against sums computed one by one, and the loss they belong to."""

import numpy as np
import pytest

from tinylab.joint import joint_weights, stack_rows, train_joint
from tinylab.model import TinyLM
from tinylab.preferences import Comparisons, pair_tokens, response_logp, train_dpo
from tinylab.world import V, ask, batch

PAIRS = Comparisons(
    [ask("first", "abc"), ask("last", "hgf"), ask("steal outer", "cab")],
    ["sure a b <end>", "g f <end>", "sorry <end>"],
    ["a b <end>", "g h f g <end>", "c b <end>"],
)
SHOWN = batch([ask("poison first", "abd"), ask("outer", "gfe")], ["sorry", "g e"])


@pytest.fixture
def models():
    model, ref = TinyLM(V, window=8, hidden=12, seed=1), TinyLM(V, window=8, hidden=12, seed=2)
    model.params["W2"] *= 10  # away from the uniform policy, so that margins are not zero
    return model, ref


def by_hand(model, ref, mu, beta):
    """The joint loss, spelt out pair by pair and token by token."""
    total = 0.0
    for tokens, mask in zip(*SHOWN, strict=True):
        total -= mu / 2 * float(model.logp(tokens[None])[0] @ mask)
    for prompt, chosen, rejected in zip(*PAIRS, strict=True):
        gain = []
        for reply in (chosen, rejected):
            tokens, mask = batch([prompt], [reply.removesuffix(" <end>")])
            gain.append(float(((model.logp(tokens) - ref.logp(tokens)) * mask).sum()))
        total -= np.log(1 / (1 + np.exp(-beta * (gain[0] - gain[1])))) / 3
    return total


@pytest.mark.parametrize("mu", [0.0, 0.1, 2.0])
def test_the_weights_are_the_gradient_of_the_loss_by_finite_differences(models, mu):
    model, ref = models
    tokens, mask = pair_tokens(PAIRS)
    rows, weights = joint_weights(model, SHOWN, (tokens, mask), response_logp(ref, tokens, mask), mu, beta=0.7)
    _, gradient = model.gradient(rows, weights)
    rng = np.random.default_rng(0)
    for name, p in model.params.items():
        for _ in range(3):
            place = tuple(rng.integers(n) for n in p.shape)
            kept, ends = p[place], []
            for step in (1e-5, -1e-5):
                p[place] = kept + step
                ends.append(by_hand(model, ref, mu, beta=0.7))
            p[place] = kept
            assert -gradient[name][place] == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=1e-7)


def test_padding_on_the_left_changes_no_log_probability(models):
    model, _ = models
    short, long = batch([ask("first", "abc")], ["a b"]), batch([ask("steal outer", "cab")], ["sure sure c b"])
    for first, second in ((short, long), (long, short)):
        tokens, weights = stack_rows(first, second)
        apart = [float((model.logp(t) * w).sum()) for t, w in (first, second)]
        np.testing.assert_allclose((model.logp(tokens) * weights).sum(axis=1), apart)


def test_without_demonstrations_it_is_dpo(models):
    """Same pairs in each batch (there is one), so the two draws of rows do not matter."""
    _, ref = models
    one, mine, lab = PAIRS.first(1), ref.copy(), ref.copy()
    train_joint(mine, ref, SHOWN, one, np.random.default_rng(0), mu=0, beta=0.3, lr=1e-2, steps=5, batch_size=1)
    train_dpo(lab, ref, one, np.random.default_rng(0), beta=0.3, lr=1e-2, steps=5, batch_size=1)
    for name in lab.params:
        np.testing.assert_allclose(mine.params[name], lab.params[name], atol=1e-9)


def test_a_negative_weight_is_refused(models):
    model, ref = models
    with pytest.raises(ValueError, match="mu, the weight of the demonstrations, is -1"):
        train_joint(model, ref, SHOWN, PAIRS, np.random.default_rng(0), mu=-1)
