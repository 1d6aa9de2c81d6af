import numpy as np
import pytest

from tinylab.datasets import (
    TEN_TASKS,
    answers,
    fit,
    misread,
    ngrams,
    overlapping,
    reply_loss,
    reworded,
    supply,
    task_of,
    with_errors,
)
from tinylab.model import TinyLM
from tinylab.world import END, V, answer, ask, encode, request


def test_supply_keeps_letters_apart():
    prompts, held_out = supply(3)
    assert len(set(prompts)) == len(prompts) == 2690
    assert len(set(held_out)) == len(held_out) == 340
    for group in (prompts, held_out):
        counts = np.unique([task_of(prompt) for prompt in group], return_counts=True)
        assert counts[0].tolist() == sorted(TEN_TASKS)
        assert len(set(counts[1])) == 1
    letters = [{" ".join(request(prompt)[2:]) for prompt in group} for group in (prompts, held_out)]
    assert not letters[0] & letters[1]
    assert supply(3) == (prompts, held_out)
    assert supply(4)[0] != prompts


@pytest.mark.parametrize("task", TEN_TASKS)
def test_a_misread_reply_answers_another_instruction(task):
    rng = np.random.default_rng(0)
    prompt = ask(task, "cab")
    seen = {misread(prompt, rng) for _ in range(200)}
    # by hand, for c a b: all, its reverse, first, outer, last, inner
    replies = {"c a b", "b a c", "c a", "a c", "c b", "b c", "a b", "b a", "a"}
    assert seen == replies - {answer(prompt)}


def test_errors_have_exactly_their_share_and_leave_the_rest():
    prompts, _ = supply(0)
    replies = with_errors(prompts[:400], 0.3, np.random.default_rng(0))
    wrong = [reply != answer(prompt) for prompt, reply in zip(prompts, replies, strict=False)]
    assert sum(wrong) == 120
    assert with_errors(prompts[:50], 0.0, np.random.default_rng(0)) == answers(prompts[:50])


def test_reply_loss_is_the_mean_surprise_of_the_reply_token_by_token():
    model = TinyLM(V, window=8, seed=1)
    model.params["W2"] *= 20
    prompts, replies = [ask("first backward", "cab"), ask("inner forward", "cab")], ["a c", "b"]
    for prompt, reply, loss in zip(prompts, replies, reply_loss(model, prompts, replies), strict=True):
        beginning, surprises = encode(prompt), []
        for token in [*encode(reply), END]:
            surprises.append(-model.next_logp(np.array([beginning]))[0, token])
            beginning.append(token)
        assert loss == pytest.approx(np.mean(surprises))


def test_fit_makes_the_same_number_of_updates_for_any_size():
    prompts, _ = supply(0)
    for n in (10, 100):
        model, losses = fit(prompts[:n], answers(prompts[:n]), seed=0, steps=20)
        assert losses.shape == (20,)
        assert model.adam_steps == 20


def test_fit_goes_on_from_a_copy():
    prompts, _ = supply(0)
    start = TinyLM(V, window=8, seed=0)
    before = {name: p.copy() for name, p in start.params.items()}
    model, _ = fit(prompts[:50], answers(prompts[:50]), seed=0, model=start, steps=5)
    assert all(np.array_equal(start.params[name], p) for name, p in before.items())
    assert any(not np.array_equal(model.params[name], p) for name, p in before.items())


def test_overlap_is_a_run_of_words_in_common():
    assert ngrams("c a b", 2) == {("c", "a"), ("a", "b")}
    assert ngrams("c a", 3) == set()
    corpus = ["first forward c a b", "last backward d e f"]
    items = ["first backward c a b", "outer forward a b c", "forward c a"]
    # as text: a run of n words stands in a line if it stands there between spaces
    for n in (1, 2, 3, 4):
        found = [
            any(
                f" {' '.join(item.split()[i : i + n])} " in f" {text} "
                for text in corpus
                for i in range(len(item.split()) - n + 1)
            )
            for item in items
        ]
        assert overlapping(items, corpus, n).tolist() == found
    assert overlapping(items, corpus, 3).tolist() == [True, False, True]


def test_rewording_changes_words_and_not_the_answer():
    prompts, _ = supply(0)
    rng = np.random.default_rng(0)
    for prompt in prompts[:50]:
        other = reworded(prompt, rng)
        assert other != prompt
        assert len(other.split()) == len(prompt.split()) + 1
        assert (answer(other), task_of(other)) == (answer(prompt), task_of(prompt))
