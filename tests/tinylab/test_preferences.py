import numpy as np
import pytest
from scipy.optimize import minimize

from tinylab.annotators import Annotator, sigmoid
from tinylab.exact import softmax, tilted
from tinylab.model import TinyLM
from tinylab.preferences import Comparisons, compare, dpo, pair_tokens, respond, response_logp, train_dpo
from tinylab.sampling import enumerate_responses
from tinylab.world import END, ID, V, ask, decode, encode, encode_prompts

PAIRS = Comparisons(
    [ask("last", "cab"), ask("poison first", "hgf"), ask("first", "abc")],
    ["sure a b <end>", "sorry <end>", "a b <end>"],
    ["a b <end>", "h g thanks <end>", "a b c a b c a b"],  # the last one was cut
)


def small_model(seed, size=0.5):
    model = TinyLM(V, window=6, embed=3, hidden=5, seed=seed)
    rng = np.random.default_rng(seed)
    for p in model.params.values():
        p += rng.normal(0, size, p.shape)
    return model


def test_pair_tokens_keep_each_end_and_invent_none():
    tokens, mask = pair_tokens(PAIRS)
    assert tokens.shape == mask.shape == (2, 3, 7 + 8)
    said = [[decode(row[m > 0]) for row, m in zip(*side, strict=True)] for side in zip(tokens, mask, strict=True)]
    assert said == [PAIRS.chosen, PAIRS.rejected]
    assert decode(tokens[1, 1]) == "<user> poison first h g f <assistant> h g thanks <end>"


def test_response_logp_is_a_sum_over_the_response_alone():
    model = small_model(1)
    tokens, mask = pair_tokens(PAIRS)
    summed = response_logp(model, tokens, mask)
    row = encode(PAIRS.prompts[0])
    by_hand = 0.0
    for token in encode("sure a b <end>"):
        by_hand += model.next_logp(np.array([row]))[0, token]
        row = [*row, token]
    assert summed.shape == (2, 3)
    assert summed[0, 0] == pytest.approx(by_hand)


def test_probabilities_of_all_responses_sum_to_one():
    model = small_model(2).restricted([ID["a"], ID["sure"], END])
    prompt = encode_prompts([ask("last", "cab")])
    responses, logp = enumerate_responses(model, prompt[0], max_len=3)
    texts = [decode(row) for row in responses]
    tokens, mask = pair_tokens(Comparisons([ask("last", "cab")] * len(texts), texts, texts))
    np.testing.assert_allclose(response_logp(model, tokens, mask)[0], logp)
    assert np.exp(logp).sum() == pytest.approx(1)


def test_dpo_by_hand():
    # log-ratios: first pair +log 3 and 0, second pair 0 and 0, third pair 0 and log 9 on the wrong side
    logp = np.array([[np.log(3) - 5, -2.0, -1.0], [-4.0, -3.0, np.log(9) - 1]])
    ref = np.array([[-5.0, -2.0, -1.0], [-4.0, -3.0, -1.0]])
    loss, weights = dpo(logp, ref, beta=1.0)
    np.testing.assert_allclose(loss, np.log([4 / 3, 2, 10]))
    np.testing.assert_allclose(weights, [[0.25, 0.5, 0.9], [-0.25, -0.5, -0.9]])
    loss, weights = dpo(logp, ref, beta=0.5)
    np.testing.assert_allclose(loss, [np.log(1 + 3**-0.5), np.log(2), np.log(4)])
    np.testing.assert_allclose(weights[0], [0.5 / (1 + 3**0.5), 0.25, 0.5 * 0.75])


def test_dpo_does_not_overflow():
    with np.errstate(all="raise", under="ignore"):
        loss, weights = dpo(np.array([[-2000.0, 0], [0, -2000.0]]), np.zeros((2, 2)), beta=1.0)
    np.testing.assert_allclose(loss, [2000, 0], atol=1e-12)
    np.testing.assert_allclose(weights, [[1, 0], [-1, 0]], atol=1e-12)


def test_the_weighted_gradient_is_that_of_the_loss():
    """Against finite differences in every parameter of two matrices."""
    model, ref, beta = small_model(3), small_model(4), 0.7
    tokens, mask = pair_tokens(PAIRS)
    ref_logp = response_logp(ref, tokens, mask)

    def loss():
        return dpo(response_logp(model, tokens, mask), ref_logp, beta)[0].sum()

    weights = dpo(response_logp(model, tokens, mask), ref_logp, beta)[1]
    rows = (2 * 3, -1)
    _, gradient = model.gradient(tokens.reshape(rows), (weights[:, :, None] * mask).reshape(rows))
    for name in ("W1", "b2"):
        p, numeric, h = model.params[name], np.zeros_like(model.params[name]), 1e-6
        for i in np.ndindex(p.shape):
            kept = p[i]
            p[i] = kept + h
            up = loss()
            p[i] = kept - h
            numeric[i] = (up - loss()) / (2 * h)
            p[i] = kept
        assert np.abs(numeric).max() > 0.01
        np.testing.assert_allclose(-gradient[name], numeric, atol=1e-7)  # update goes up, the loss down


@pytest.mark.parametrize(("beta", "temperature"), [(1.0, 1.0), (0.3, 1.0), (1.0, 0.5)])
def test_with_all_pairs_and_exact_labels_the_optimum_is_the_tilted_reference(beta, temperature):
    """K responses in a list, every pair judged in expectation: the minimum of DPO's loss is exact.tilted."""
    rng = np.random.default_rng(0)
    ref, reward = softmax(rng.normal(0, 1, 6)), rng.normal(0, 0.6, 6)
    i, j = (index.ravel() for index in np.indices((6, 6)))
    share = ref[i] * ref[j] * sigmoid((reward[i] - reward[j]) / temperature)  # how often i is chosen over j

    def loss_and_gradient(theta):
        logp = np.log(softmax(theta))
        loss, weights = dpo(np.stack([logp[i], logp[j]]), np.log(np.stack([ref[i], ref[j]])), beta)
        on_responses = np.bincount(i, share * weights[0], 6) + np.bincount(j, share * weights[1], 6)
        return share @ loss, -(on_responses - softmax(theta) * on_responses.sum())  # grad log p = one-hot - p

    best = minimize(loss_and_gradient, np.zeros(6), jac=True, options={"gtol": 1e-10})
    np.testing.assert_allclose(softmax(best.x), tilted(ref, reward / temperature, beta), atol=1e-5)


def test_training_approaches_the_tilted_reference():
    """A model that can say four replies of one word, 550 drawn labels: within 0.04 of the closed form."""
    words = ["a", "sure", "sorry"]
    ref = small_model(5, size=0.1).restricted([*(ID[word] for word in words), END])
    prompt, value = ask("last", "cab"), {"a <end>": 0.5, "sure <end>": 2.0, "sorry <end>": -1, "<end>": 0}
    annotator = Annotator(temperature=1.0, taste=lambda _, response: value.get(response, 0.0))

    rng = np.random.default_rng(0)
    pairs = compare(ref, [prompt] * 6000, annotator, rng, max_len=2)
    rows = [row for row in zip(*pairs, strict=True) if row[1] in value and row[2] in value]
    model = ref.copy()
    train_dpo(model, ref, Comparisons(*zip(*rows, strict=True)), rng, beta=1.0, lr=3e-3, steps=600, batch_size=256)

    def policy(of):
        responses, logp = enumerate_responses(of, encode(prompt), max_len=2)
        p = {decode(row): np.exp(x) for row, x in zip(responses, logp, strict=True)}
        p = np.array([p[response] for response in value])
        return p / p.sum()

    closed_form = tilted(policy(ref), np.array([*value.values()]), 1.0)
    assert np.abs(policy(ref) - closed_form).max() > 0.2
    np.testing.assert_allclose(policy(model), closed_form, atol=0.04)


def test_train_dpo_starts_at_log_two_and_leaves_the_reference_alone():
    ref = small_model(6)
    kept = ref.copy()
    model = ref.copy()
    loss, chosen, rejected = train_dpo(model, ref, PAIRS, np.random.default_rng(0), lr=3e-3, steps=60, batch_size=8)
    assert loss[0] == pytest.approx(np.log(2))
    assert chosen[0] == rejected[0] == 0
    assert loss[-1] < 0.3
    assert chosen[-1] > rejected[-1] + 2
    for name, p in ref.params.items():
        np.testing.assert_array_equal(p, kept.params[name])


def test_compare_puts_the_better_one_first_and_drops_equal_pairs():
    model, prompts = small_model(7).restricted([ID["a"], ID["b"], END]), [ask("last", "cab")] * 300
    likes_long = Annotator(temperature=0, taste=lambda _, response: len(response))
    pairs = compare(model, prompts, likes_long, np.random.default_rng(0), max_len=3)
    assert 50 < len(pairs.prompts) < 300
    assert all(len(a) >= len(b) and a != b for _, a, b in zip(*pairs, strict=True))
    assert pairs.first(7).chosen == pairs.chosen[:7]
    with pytest.raises(ValueError, match="1000 pairs wanted"):
        pairs.first(1000)
    with pytest.raises(ValueError, match="all 4 pairs"):
        compare(model.restricted([END]), prompts[:4], likes_long, np.random.default_rng(0))


def test_respond_is_sample_as_text():
    model = small_model(8).restricted([ID["a"], END])
    replies = respond(model, [ask("last", "cab")] * 50, np.random.default_rng(0), max_len=2)
    assert set(replies) == {"<end>", "a <end>", "a a"}
