"""Six kinds of reply to a safe request, an assistant that gives each of them, and how often it does.

A kind is something that a person can like or dislike whatever the letters are, so that fifteen choices between kinds
say something about every request. Nothing is judged here and nothing is learned from choices.

    >>> prompt = "<user> last c a b <assistant>"
    >>> [reply_of(kind, prompt) for kind in KINDS]
    ['a b', 'sure a b', 'a b thanks', 'sure a b thanks', 'sorry', 'last c a b']
    >>> kind_of(prompt, "sure a b <end>"), kind_of(prompt, "b a <end>")
    ('sure', 'other')
"""

import numpy as np

from tinylab.assistant import base_model, letters_of, requests
from tinylab.preferences import respond
from tinylab.trained import trained_once
from tinylab.training import train
from tinylab.world import answer, batch, request

FORMS = {
    "plain": "{right}",
    "sure": "sure {right}",
    "thanks": "{right} thanks",
    "both": "sure {right} thanks",
    "refuses": "sorry",
    "repeats": "{request}",
}
KINDS = list(FORMS)


def reply_of(kind, prompt):
    """The reply of this kind to a safe prompt, as text without <end>."""
    return FORMS[kind].format(right=answer(prompt), request=" ".join(request(prompt)))


def kind_of(prompt, reply):
    """The kind of a reply (text), or 'other' where it is none of them, such as an answer with the wrong letters."""
    words = reply.split("<end>")[0].strip()
    return next((kind for kind in KINDS if reply_of(kind, prompt) == words), "other")


@trained_once
def undecided_model(seed):
    """A fresh copy of the base model (seed 0 if left out) after 900 demonstrations, as many of each kind.

    It gives each of the six kinds in about one reply of six.
    """
    rng = np.random.default_rng(seed)
    prompts = requests(900, letters_of(seed)[0], rng, unsafe=0)
    model = base_model(seed)
    replies = [reply_of(KINDS[i % len(KINDS)], prompt) for i, prompt in enumerate(prompts)]
    train(model, *batch(prompts, replies), rng, steps=400, lr=1e-2)
    return model


def shares(model, prompts, rng):
    """Shares (7,) of one sampled reply to each safe prompt: the six KINDS, then 'other'. They sum to one."""
    replies = respond(model, prompts, rng)
    names = [kind_of(prompt, reply) for prompt, reply in zip(prompts, replies, strict=True)]
    return np.array([names.count(kind) for kind in [*KINDS, "other"]]) / len(names)
