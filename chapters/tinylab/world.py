"""The world of the book: its words, its requests, and what the right answer to each of them is.

A prompt is a string of words between role markers, a response a string of words:

    >>> prompt = ask("last backward dashed", "cab")
    >>> prompt
    '<user> last backward dashed c a b <assistant>'
    >>> answer(prompt)
    'b - a'

An instruction has three parts: which letters to select, in which order, in which format. 5 x 3 x 4 parts make the
60 TASKS, so that a model can be asked for combinations that it has never seen. A part that is left out means
"all", "forward", "plain". (Of three letters "inner" selects a single one, which has one order and no dashes.)
A request with an unsafe word is to be refused. Digits make tasks of several steps:

    >>> answer("<user> compute 3 plus 7 times 5 <assistant>"), steps("<user> compute 3 plus 7 times 5 <assistant>")
    ('2', ['2', '2'])

Models see arrays of token ids. Prompts are padded on the left and responses on the right, so that in a batch every
response begins in the same column. There is no tokenizer: a word is a token.
"""

from functools import lru_cache
from itertools import permutations, product

import numpy as np

SELECTIONS = {
    "all": lambda letters: letters,
    "first": lambda letters: letters[:2],
    "last": lambda letters: letters[-2:],
    "outer": lambda letters: [letters[0], letters[-1]],
    "inner": lambda letters: letters[1:-1],
}
ORDERS = {"forward": list, "backward": lambda letters: letters[::-1], "sorted": sorted}
FORMATS = {
    "plain": " ".join,
    "doubled": lambda letters: " ".join(f"{letter} {letter}" for letter in letters),
    "dashed": " - ".join,
    "bracketed": lambda letters: " ".join(["(", *letters, ")"]),
}
TASKS = [" ".join(parts) for parts in product(SELECTIONS, ORDERS, FORMATS)]

LETTERS = list("abcdefgh")
SIGNS = ["-", "(", ")"]
DIGITS = list("01234567")
OPERATIONS = {"plus": lambda a, b: (a + b) % 8, "minus": lambda a, b: (a - b) % 8, "times": lambda a, b: (a * b) % 8}
MANNERS = ["sure", "thanks", "please", "sorry", "very"]
UNSAFE = ["poison", "weapon", "steal"]

VOCAB = ["<pad>", "<system>", "<user>", "<assistant>", "<end>"]
VOCAB += [*SELECTIONS, *ORDERS, *FORMATS, *LETTERS, *SIGNS, *MANNERS, *UNSAFE, "compute", *OPERATIONS, *DIGITS]
ID = {word: i for i, word in enumerate(VOCAB)}
V = len(VOCAB)
PAD, END = ID["<pad>"], ID["<end>"]


def encode(text):
    """'b - a' -> [18, 25, 17]. Raises ValueError for a word that is not in VOCAB."""
    try:
        return [ID[word] for word in text.split()]
    except KeyError as unknown:
        raise ValueError(f"not a word of this world: {unknown} in {text!r}; see tinylab.world.VOCAB") from None


def decode(tokens):
    """Token ids, also a row of an array, to text; padding is dropped, '<end>' is kept so that it can be seen."""
    return " ".join(VOCAB[i] for i in tokens if i != PAD)


def ask(task, arguments):
    """A prompt: ask("first sorted plain", "cab") -> '<user> first sorted plain c a b <assistant>'."""
    return f"<user> {task} {' '.join(arguments)} <assistant>"


def request(prompt):
    """The words of the last user turn, without markers and manner words."""
    words = prompt.split("<user>")[-1].replace("<assistant>", "").split()
    return [word for word in words if word not in MANNERS]


@lru_cache(maxsize=100_000)
def is_unsafe(prompt):
    """Whether the last user turn has an unsafe word."""
    return any(word in UNSAFE for word in request(prompt))


@lru_cache(maxsize=100_000)
def answer(prompt):
    """The right answer to a prompt, without manners: 'sorry' where the request is unsafe."""
    words = request(prompt)
    if is_unsafe(prompt):
        return "sorry"
    if "compute" in words:
        return steps(prompt)[-1]
    chosen = [next((word for word in words if word in part), None) for part in (SELECTIONS, ORDERS, FORMATS)]
    selection, order, form = chosen[0] or "all", chosen[1] or "forward", chosen[2] or "plain"
    letters = [word for word in words if word in LETTERS]
    return FORMATS[form](ORDERS[order](SELECTIONS[selection](letters)))


def steps(prompt):
    """Results after each operation of 'compute 3 plus 7 times 5', from left to right, modulo 8: ['2', '2']."""
    words = request(prompt)
    values = [int(words[1])]
    for operation, digit in zip(words[2::2], words[3::2], strict=True):
        values.append(OPERATIONS[operation](values[-1], int(digit)))
    return [str(value) for value in values[1:]]


def arguments(n=3, letters=LETTERS):
    """All arguments of n different letters: 336 strings such as 'cab' for three letters out of eight."""
    return ["".join(chosen) for chosen in permutations(letters, n)]


def split(items, rng, held_out=0.2):
    """Shuffle a list and cut it in two: (for training, held out)."""
    shuffled = [items[i] for i in rng.permutation(len(items))]
    cut = round(len(items) * held_out)
    return shuffled[cut:], shuffled[:cut]


def pad(rows, side):
    """Lists of ids of different lengths to one array (B, longest), padded on side 'left' or 'right'."""
    tokens = np.full((len(rows), max(map(len, rows))), PAD)
    for b, row in enumerate(rows):
        columns = slice(tokens.shape[1] - len(row), None) if side == "left" else slice(len(row))
        tokens[b, columns] = row
    return tokens


def encode_prompts(prompts):
    """Prompts as text -> (B, P) ids, padded on the left."""
    return pad([encode(prompt) for prompt in prompts], "left")


def encode_responses(responses):
    """Responses as text -> (B, L) ids, each closed by <end>, padded on the right."""
    return pad([[*encode(response), END] for response in responses], "right")


def join(prompts, responses):
    """Prompts (B, P) and responses (B, L) -> tokens (B, P + L) and mask (B, P + L), 1.0 on response tokens."""
    tokens = np.hstack([prompts, responses])
    mask = (tokens != PAD).astype(float)
    mask[:, : prompts.shape[1]] = 0.0
    return tokens, mask


def batch(prompts, responses):
    """Prompts and responses as lists of text -> tokens (B, T), mask (B, T).

    >>> tokens, mask = batch([ask("last", "cab")], ["a b"])
    >>> decode(tokens[0]), mask[0].tolist()
    ('<user> last c a b <assistant> a b <end>', [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    """
    return join(encode_prompts(prompts), encode_responses(responses))
