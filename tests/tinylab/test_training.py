import numpy as np
import pytest

from tinylab.model import TinyLM
from tinylab.training import demonstrations, exact_match, train
from tinylab.world import ID, SELECTIONS, V, arguments, ask, split

TASKS = [f"{selection} {order}" for selection in SELECTIONS for order in ("forward", "backward")]


@pytest.mark.parametrize("seed", range(5))
def test_ten_instructions_are_learnt_on_held_out_arguments(seed):
    rng = np.random.default_rng(seed)
    known, held_out = split(arguments(3), rng)
    model = TinyLM(V, seed=seed)
    tokens, mask = demonstrations([ask(task, argument) for task in TASKS for argument in known])
    prompts = [ask(task, argument) for task in TASKS for argument in held_out]
    assert exact_match(model, prompts) < 0.01
    losses = train(model, tokens, mask, rng)
    assert len(losses) == 1000
    assert losses[0] == pytest.approx(np.log(V), abs=0.15)
    assert losses[-50:].mean() < 0.05
    assert exact_match(model, prompts) >= 0.99


def test_exact_match_counts_the_end_and_takes_given_responses():
    model = TinyLM(V)
    prompts = [ask("first", "ab"), ask("backward", "ab")]
    tokens, mask = demonstrations(prompts)
    train(model, tokens, mask, np.random.default_rng(0), steps=200, batch_size=4)
    assert exact_match(model, prompts) == 1.0
    assert exact_match(model, prompts, ["a b", "a b"]) == 0.5
    assert exact_match(model, prompts, ["a", "b"]) == 0.0  # the beginning is right, <end> comes too late
    assert exact_match(model, prompts, ["a b c", "b a c"]) == 0.0  # <end> comes too early


def test_tokens_of_weight_zero_are_not_learnt():
    tokens, mask = demonstrations([ask("first", "def")])  # responds d e: the f is seen, but nowhere said
    model = TinyLM(V)
    train(model, tokens, mask, np.random.default_rng(0), steps=100)
    logp = model.logp(tokens)[0]
    assert logp[mask[0] > 0].min() > -0.1
    assert logp[tokens[0] == ID["f"]].item() < -np.log(V)


def test_the_same_seed_gives_the_same_run():
    tokens, mask = demonstrations([ask("last", argument) for argument in arguments(3, "abcd")])
    runs = [train(TinyLM(V, seed=3), tokens, mask, np.random.default_rng(3), steps=20) for _ in range(2)]
    np.testing.assert_array_equal(*runs)


def test_rows_are_drawn_with_the_given_probabilities():
    seen = []

    class Recorder:
        def update(self, tokens, weights, lr, segments=None):
            seen.extend(tokens[:, 0])
            return 0.0

    tokens, mask = np.arange(4)[:, None], np.ones((4, 1))
    train(Recorder(), tokens, mask, np.random.default_rng(0), steps=500, p=[0.5, 0.25, 0.25, 0.0])
    shares = np.bincount(seen, minlength=4) / len(seen)
    np.testing.assert_allclose(shares, [0.5, 0.25, 0.25, 0], atol=0.015)  # 16,000 draws: four standard errors
    assert shares[3] == 0
