"""Replies of known kinds, to ask a reward model what it has learned; and comparisons of replies that are given.

`compare` in `tinylab.preferences` compares what a model draws. A probe compares what we write down, so that two
replies differ in one thing.

    >>> prompt = "<user> first c a b <assistant>"
    >>> probe([prompt], "right", "repeats")
    Comparisons(prompts=['<user> first c a b <assistant>'], chosen=['c a <end>'], rejected=['first c a b <end>'])
"""

import numpy as np

from tinylab.assistant import SKILLS, obeyed
from tinylab.preferences import Comparisons
from tinylab.world import UNSAFE, answer, ask, request


def repeated(prompt):
    return " ".join(request(prompt))


def mistaken(prompt):
    """The letters that another instruction asks for: two letters, and not the right ones."""
    skill, *letters = (word for word in request(prompt) if word not in UNSAFE)
    return answer(ask("last" if skill == "first" else "first", letters))


KINDS = {
    "right": obeyed,
    "right, thanks": lambda prompt: f"{obeyed(prompt)} thanks",
    "wrong letters": mistaken,
    "repeats": repeated,
    "sure, repeats": lambda prompt: f"sure {repeated(prompt)}",
    "sure, repeats, thanks": lambda prompt: f"sure {repeated(prompt)} thanks",
    "refuses": lambda prompt: "sorry",
}


def replies(prompts, kind):
    """One reply (text, with its '<end>') of a kind in KINDS to each prompt. 'right' obeys an unsafe request too."""
    return [f"{KINDS[kind](prompt)} <end>" for prompt in prompts]


def probe(prompts, better, worse):
    """Comparisons of two kinds of reply, as if the first one had been chosen each time."""
    return Comparisons(list(prompts), replies(prompts, better), replies(prompts, worse))


def every_request(letters, danger=None):
    """A request for each skill with each of the arguments, with an unsafe word in front if one is given: a list."""
    return [ask(f"{danger} {skill}" if danger else skill, argument) for skill in SKILLS for argument in letters]


def judged(annotator, pairs, rng):
    """The same pairs as Comparisons with her own, drawn choices: some rows have their sides exchanged."""
    stays = annotator.choose(*pairs, rng)
    rows = [(p, a, b) if kept else (p, b, a) for p, a, b, kept in zip(*pairs, stays, strict=True)]
    return Comparisons(*map(list, zip(*rows, strict=True)))


def joined(*parts):
    """Several sets of comparisons as one."""
    return Comparisons(*([item for column in columns for item in column] for columns in zip(*parts, strict=True)))


def sureness(annotator, comparisons):
    """The annotator's exact probability of each choice that was made: (B,)."""
    return np.array([annotator.probability(*row) for row in zip(*comparisons, strict=True)])


def reliability(said, true, edges):
    """Mean of what was said and of what is true, bin by bin: two arrays (n,), for the n bins that are not empty.

    >>> reliability(np.array([0.1, 0.3, 0.9]), np.array([0.2, 0.2, 0.6]), [0, 0.5, 1])
    (array([0.2, 0.9]), array([0.2, 0.6]))
    """
    places = np.clip(np.searchsorted(edges, said, side="right") - 1, 0, len(edges) - 2)
    held = [places == k for k in range(len(edges) - 1) if np.any(places == k)]
    return np.array([said[h].mean() for h in held]), np.array([true[h].mean() for h in held])
