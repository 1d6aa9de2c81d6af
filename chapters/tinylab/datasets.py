"""Sets of demonstrations: drawn, spoiled, weighed by a model's loss, and compared with one another.

Everything here is about ten instructions (five selections, forward and backward) with three letters, so that two sets
can be held against each other with nothing else changed: the same model, the same number of updates, the same test.

Not done here: deciding what to keep. A chapter does that in sight.
"""

import numpy as np

from tinylab.model import TinyLM
from tinylab.training import train
from tinylab.world import MANNERS, SELECTIONS, V, answer, arguments, ask, batch, request, split

TEN_TASKS = [f"{selection} {order}" for selection in SELECTIONS for order in ("forward", "backward")]


def supply(seed):
    """All 2,690 prompts with the letters kept for training, in random order, and 340 with letters held out."""
    rng = np.random.default_rng(seed)
    known, held_out = split(arguments(3), rng)
    prompts = rng.permutation([ask(task, a) for task in TEN_TASKS for a in known]).tolist()
    return prompts, [ask(task, a) for task in TEN_TASKS for a in held_out[::2]]


def task_of(prompt):
    """'<user> first backward c a b <assistant>' -> 'first backward', manners overlooked."""
    return " ".join(request(prompt)[:2])


def answers(prompts):
    return [answer(prompt) for prompt in prompts]


def misread(prompt, rng):
    """The reply of somebody who took the instruction for another of the ten: a wrong answer about the same letters.

    >>> misread("<user> first backward c a b <assistant>", np.random.default_rng(0))     # the right answer is a c
    'b a'
    """
    letters = request(prompt)[2:]
    others = sorted({answer(ask(task, letters)) for task in TEN_TASKS} - {answer(prompt)})
    return others[rng.integers(len(others))]


def with_errors(prompts, share, rng):
    """Replies to the prompts, exactly a share of them misread: a list of text."""
    wrong = set(rng.choice(len(prompts), round(share * len(prompts)), replace=False))
    return [misread(prompt, rng) if i in wrong else answer(prompt) for i, prompt in enumerate(prompts)]


def fit(prompts, replies, seed, model=None, steps=150, lr=3e-2):
    """A model trained on the replies, from nothing or on from a copy of a model: 150 steps of 32 rows, drawn at random.

    Returns the model and its losses (steps,). However many demonstrations there are, the number of updates is the same.
    """
    student = TinyLM(V, window=8, seed=seed) if model is None else model.copy()
    losses = train(student, *batch(prompts, replies), np.random.default_rng(seed), steps=steps, lr=lr)
    return student, losses


def reply_loss(model, prompts, replies):
    """The next-token loss of each reply under a model, in nats per token, <end> included: (N,)."""
    tokens, mask = batch(prompts, replies)
    return -(model.logp(tokens) * mask).sum(axis=1) / mask.sum(axis=1)


def ngrams(text, n):
    """The runs of n words of a text, as a set: ngrams("c a b", 2) = {("c", "a"), ("a", "b")}."""
    words = text.split()
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def overlapping(items, corpus, n):
    """Which of the items (text) share a run of n words with any text of the corpus: (N,) bool."""
    seen = set().union(*(ngrams(text, n) for text in corpus))
    return np.array([not seen.isdisjoint(ngrams(item, n)) for item in items])


def reworded(prompt, rng):
    """The same request with a word of manners between the parts of its instruction.

    >>> reworded("<user> first backward c a b <assistant>", np.random.default_rng(0))
    '<user> first very backward c a b <assistant>'
    """
    user, selection, *rest = prompt.split()
    return " ".join([user, selection, MANNERS[rng.integers(len(MANNERS))], *rest])
