from itertools import product

import numpy as np

from tinylab.datasets import TEN_TASKS, answers, supply
from tinylab.model import TinyLM
from tinylab.sampling import greedy
from tinylab.selfmade import is_request, learn_to_write, reply_to, weights_for_writing, write_requests
from tinylab.world import LETTERS, V, arguments, ask, batch, decode, encode_prompts


def test_every_fourth_row_learns_its_prompt_but_not_the_marker_that_is_given():
    tokens, mask = batch([ask("first forward", "cab")] * 6, ["c a"] * 6)
    weights = weights_for_writing(tokens, mask)
    #            <user> first forward c a b <assistant> c a <end>
    writes, reads = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]
    assert weights.tolist() == [writes, reads, reads, reads, writes, reads]
    assert mask.tolist() == [reads] * 6  # the mask itself is left alone


def test_a_request_is_one_of_ten_instructions_with_three_different_letters():
    good = {ask(task, a) for task in TEN_TASKS for a in arguments(3)}
    assert all(is_request(prompt) for prompt in good)
    words = ["first", "forward", "backward", "sure", *LETTERS[:3]]
    tried = {f"<user> {' '.join(text)} <assistant>" for n in (4, 5) for text in product(words, repeat=n)}
    assert {prompt for prompt in tried if is_request(prompt)} == tried & good
    assert not is_request("<user> <assistant>")
    assert not is_request(ask("first forward", "cabd"))


def test_replies_are_the_greedy_ones_without_their_end():
    prompts, _ = supply(0)
    model = learn_to_write(prompts[:40], answers(prompts[:40]), np.random.default_rng(0), steps=60)
    for reply, row in zip(
        reply_to(model, prompts[:20]), greedy(model, encode_prompts(prompts[:20]), max_len=6), strict=True
    ):
        assert reply == " ".join(word for word in decode(row).split() if word != "<end>")


def test_a_model_that_has_learned_to_write_asks_what_it_was_shown():
    prompts, _ = supply(0)
    model = learn_to_write(prompts[:12], answers(prompts[:12]), np.random.default_rng(0), steps=300)
    written = write_requests(model, 50, np.random.default_rng(0))
    assert np.mean([prompt in prompts[:12] for prompt in written]) > 0.7
    untrained = write_requests(TinyLM(V, window=8, seed=0), 50, np.random.default_rng(0))
    assert not any(is_request(prompt) for prompt in untrained)
    assert all(prompt.startswith("<user>") and prompt.endswith("<assistant>") for prompt in untrained)


def test_drawn_replies_vary_and_repeat_with_the_seed():
    model = TinyLM(V, window=8, seed=0)
    prompts = [ask("first forward", "cab")] * 20
    drawn = reply_to(model, prompts, np.random.default_rng(0))
    assert len(set(drawn)) > 10
    assert drawn == reply_to(model, prompts, np.random.default_rng(0))
