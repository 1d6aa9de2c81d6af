import numpy as np
import pytest

from tinylab.model import TinyLM
from tinylab.packing import pack
from tinylab.training import train
from tinylab.world import PAD, V, answer, ask, batch, decode

PROMPTS = [ask("last", "cab"), ask("first sorted", "hg"), ask("backward dashed", "fed"), ask("outer", "abcd")]
RESPONSES = [answer(prompt) for prompt in PROMPTS]


@pytest.fixture
def model():
    """A window that reaches over a border from any token of a reply, and parameters far from uniform."""
    model = TinyLM(V, window=14, embed=3, hidden=5, seed=1)
    rng = np.random.default_rng(2)
    for p in model.params.values():
        p += rng.normal(0, 0.5, p.shape)
    return model


def test_pack_worked_by_hand():
    tokens, mask, segments = pack(PROMPTS[:2], RESPONSES[:2], length=18)
    assert decode(tokens[0]) == (
        "<user> last c a b <assistant> a b <end> <user> first sorted h g <assistant> g h <end>"
    )
    assert mask[0].tolist() == [0] * 6 + [1] * 3 + [0] * 6 + [1] * 3
    assert segments[0].tolist() == [0] * 9 + [1] * 9


def test_first_fit_fills_gaps_and_every_example_is_there_once():
    tokens, mask, segments = pack(PROMPTS, RESPONSES, length=20)  # 9, 9, 13 and 10 tokens
    assert [np.count_nonzero(row != PAD) for row in tokens] == [18, 13, 10]
    assert np.array_equal(segments == -1, tokens == PAD)
    assert mask.sum() == sum(len(response.split()) + 1 for response in RESPONSES)
    found = [decode(row[numbers == n]) for row, numbers in zip(tokens, segments, strict=True) for n in (0, 1)]
    wanted = [f"{prompt} {response} <end>" for prompt, response in zip(PROMPTS, RESPONSES, strict=True)]
    assert sorted(text for text in found if text) == sorted(wanted)


def test_an_example_longer_than_a_row_is_named():
    with pytest.raises(ValueError, match=r"backward dashed f e d.*has 13 tokens, a row 11"):
        pack(PROMPTS[2:3], RESPONSES[2:3], length=11)


def test_with_segments_an_example_is_as_if_it_stood_alone(model):
    tokens, _, segments = pack(PROMPTS, RESPONSES, length=20)
    apart, mixed = model.logp(tokens, segments), model.logp(tokens)
    for r, n in np.argwhere([[n in row for n in (0, 1)] for row in segments]):
        here = segments[r] == n
        alone = model.logp(tokens[r : r + 1, here])[0]
        np.testing.assert_allclose(apart[r, here], alone, rtol=1e-12)
        if n:  # the first example of a row has no neighbour before it
            assert np.abs(mixed[r, here] - alone).max() > 0.01


def test_gradient_of_packed_rows_is_that_of_the_examples(model):
    tokens, mask, segments = pack(PROMPTS, RESPONSES, length=20)
    value, packed = model.gradient(tokens, mask, segments)
    expected, alone = model.gradient(*batch(PROMPTS, RESPONSES))
    assert value == pytest.approx(expected, rel=1e-12)
    for name in packed:
        np.testing.assert_allclose(packed[name], alone[name], atol=1e-12)
    assert model.gradient(tokens, mask)[0] != pytest.approx(expected, rel=1e-3)


def test_training_with_segments_is_training_with_one_example_a_row(model):
    """The same examples in every step: packed in one row, and each in its own."""
    tokens, mask, segments = pack(PROMPTS[:2], RESPONSES[:2], length=18)
    packed, padded = model.copy(), model.copy()
    train(packed, tokens, mask, np.random.default_rng(0), steps=5, batch_size=1, segments=segments)
    rows, weights = batch(PROMPTS[:2], RESPONSES[:2])
    for step in range(5):
        padded.update(rows, weights / weights.sum(), 2e-2 * (1 - step / 5))
    for name in packed.params:
        np.testing.assert_allclose(packed.params[name], padded.params[name], atol=1e-12)
