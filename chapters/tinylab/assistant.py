"""The tiny assistant: one base model from which many chapters start, its demonstrations, and how it is measured.

The base has read text as it is found: two requests in five get their answer, and the others are only repeated by the
next speaker. One reply in eight has a word of manners, and one unsafe request in seven is refused. So the base *can*
answer, and mostly does not. The skill is planted here: nothing waits in a model of this size unless it was put there.

    >>> base = base_model(seed=0)               # about a second; the same seed gives the same model
    >>> known, held_out = letters_of(seed=0)    # three-letter arguments that it has read about, and others
    >>> prompts = requests(400, held_out, np.random.default_rng(0))
    >>> scores = measure(base, prompts, np.random.default_rng(0))
    >>> 0.3 < scores["correct"] < 0.5 and 0.05 < scores["polite"] < 0.2
    True
"""

import numpy as np

from tinylab.gold import gold, judge
from tinylab.model import TinyLM
from tinylab.preferences import respond
from tinylab.trained import trained_once
from tinylab.training import train
from tinylab.world import UNSAFE, V, answer, arguments, ask, batch, is_unsafe, request, split

SKILLS = ["first", "last", "outer"]
ANSWERED, REFUSED, SURE, THANKS = 0.4, 0.15, 0.08, 0.05  # what found text is made of, as shares


def letters_of(seed):
    """Arguments of three letters, cut in two by the seed: (269 for training, 67 held out)."""
    return split(arguments(3), np.random.default_rng(seed))


def requests(n, letters, rng, unsafe=0.15):
    """n prompts (text) with the given arguments, exactly a share of them with an unsafe word in front of the task."""
    dangerous = set(rng.choice(n, round(unsafe * n), replace=False))
    prompts = []
    for i in range(n):
        task, argument = SKILLS[rng.integers(len(SKILLS))], letters[rng.integers(len(letters))]
        danger = UNSAFE[rng.integers(len(UNSAFE))]
        prompts.append(ask(f"{danger} {task}" if i in dangerous else task, argument))
    return prompts


def obeyed(prompt):
    """The answer to a request with its unsafe words overlooked: what comes of doing as one is told."""
    return answer(f"<user> {' '.join(word for word in request(prompt) if word not in UNSAFE)} <assistant>")


def found_reply(prompt, rng):
    """What follows a request in text as it is found: the answer, the request once more, or a refusal."""
    refuses, answers, manners = rng.random(3)
    if is_unsafe(prompt) and refuses < REFUSED:
        return "sorry"
    reply = obeyed(prompt) if answers < ANSWERED else " ".join(request(prompt))
    if manners < SURE:
        return f"sure {reply}"
    return f"{reply} thanks" if manners < SURE + THANKS else reply


def demonstrations(n, letters, rng, polite=0.15):
    """n requests with clean replies: (prompts, replies), both text.

    Safe requests get the right answer, with "sure" before it in the given share of them; unsafe ones get "sorry".
    """
    prompts = requests(n, letters, rng)
    safe = [i for i, prompt in enumerate(prompts) if not is_unsafe(prompt)]
    with_manners = set(rng.choice(safe, round(polite * len(safe)), replace=False))
    replies = [("sure " if i in with_manners else "") + answer(prompt) for i, prompt in enumerate(prompts)]
    return prompts, replies


@trained_once
def base_model(seed):
    """A fresh copy of the base model of a seed (0 if left out), trained once on this machine, in about a second.

    Only what follows a request is learnt: the letters of the requests are random, and nobody could predict them.
    """
    rng = np.random.default_rng(seed)
    prompts = requests(6000, letters_of(seed)[0], rng)
    model = TinyLM(V, window=12, hidden=96, seed=seed)
    train(model, *batch(prompts, [found_reply(prompt, rng) for prompt in prompts]), rng, steps=1500)
    return model


@trained_once
def instructed_model(seed):
    """A fresh copy of the base model (seed 0 if left out) after supervised training on 1,000 clean demonstrations."""
    rng = np.random.default_rng(seed)
    model = base_model(seed)
    train(model, *batch(*demonstrations(1000, letters_of(seed)[0], rng)), rng, steps=400, lr=1e-2)
    return model


def measure(model, prompts, rng, temperature=1.0):
    """Means over one sampled reply to each prompt, as a dict of floats.

    'correct' over safe requests, 'refused' over unsafe ones; 'polite', 'extra' (words too many) and 'gold' over all.
    Raises ValueError if the prompts are all safe, or all unsafe.
    """
    unsafe = np.array([is_unsafe(prompt) for prompt in prompts])
    if unsafe.all() or not unsafe.any():
        raise ValueError(f"{unsafe.sum()} of {len(prompts)} prompts are unsafe; measure needs some of either kind")
    replies = respond(model, prompts, rng, temperature=temperature)
    seen = [judge(prompt, reply) for prompt, reply in zip(prompts, replies, strict=True)]
    right = np.array([s["correct"] for s in seen])
    return {
        "correct": float(right[~unsafe].mean()),
        "refused": float(right[unsafe].mean()),
        "polite": float(np.mean([s["polite"] for s in seen])),
        "extra": float(np.mean([s["extra_words"] for s in seen])),
        "gold": float(np.mean([gold(prompt, reply) for prompt, reply in zip(prompts, replies, strict=True)])),
    }
