"""Demonstrations that a model writes itself: first a request, then a reply to it.

To write requests a model has to have learned what requests look like. `weights_for_writing` therefore puts loss on the
prompts too, in some of the rows; on the others a prompt is only read.

Not done here: any judgement of what was written, beyond whether a request has the form of one.
"""

import numpy as np

from tinylab.datasets import TEN_TASKS
from tinylab.model import TinyLM
from tinylab.sampling import sample
from tinylab.training import train
from tinylab.world import ID, LETTERS, PAD, V, batch, decode, encode_prompts

USER, ASSISTANT = ID["<user>"], ID["<assistant>"]


def weights_for_writing(tokens, mask, every=4):
    """mask (B, T) with loss on the prompts of every fourth row as well; on the user's marker, which is given, never."""
    weights = mask.copy()
    prompts = (tokens != PAD) & (tokens != USER)
    weights[::every] = prompts[::every]
    return weights


def learn_to_write(prompts, replies, rng, model=None, steps=150, lr=3e-2):
    """Train on demonstrations so that the model can write prompts as well: a new model, or a given one further."""
    if model is None:
        model = TinyLM(V, window=8, seed=int(rng.integers(2**31)))
    tokens, mask = batch(prompts, replies)
    train(model, tokens, weights_for_writing(tokens, mask), rng, steps=steps, lr=lr)
    return model


def write_requests(model, n, rng, max_len=8):
    """n prompts as the model writes them after '<user>', cut at its first '<assistant>' or after max_len words."""
    texts = []
    for row in sample(model, np.full((n, 1), USER), rng, max_len=max_len):
        words = decode(row).replace("<end>", "").split("<assistant>")[0]
        texts.append(f"<user> {words.strip()} <assistant>")
    return texts


def is_request(prompt):
    """Has it the form of a request of this world: one of the ten instructions, three different letters, no more?

    >>> is_request("<user> first backward c a b <assistant>"), is_request("<user> first backward c a a <assistant>")
    (True, False)
    """
    words = prompt.split()[1:-1]
    letters = words[2:]
    return " ".join(words[:2]) in TEN_TASKS and len(set(letters) & set(LETTERS)) == len(letters) == 3


def reply_to(model, prompts, rng=None, max_len=6):
    """A reply of the model to each prompt, without its <end>: a list of text. Greedy, or drawn if there is a rng."""
    replies = sample(model, encode_prompts(prompts), rng, max_len=max_len, temperature=0 if rng is None else 1)
    return [decode(reply).replace("<end>", "").strip() for reply in replies]
