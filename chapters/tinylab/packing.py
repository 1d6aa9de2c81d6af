"""Packing: several examples end to end in one row, so that little of a batch is padding.

Not done here: keeping the examples of a row apart. A model that is given no segments reads over their borders.
"""

import numpy as np

from tinylab.world import END, PAD, encode


def pack(prompts, responses, length):
    """Prompts and responses as lists of text -> tokens (R, length), mask (R, length), segments (R, length).

    Each example goes, in the order given, into the first row with room for it ("first fit"); another order makes
    other neighbours. The mask is 1.0 on responses with their <end>. segments counts the examples of a row from 0 and
    is -1 on the padding at its end. Raises ValueError for an example that is longer than a row.

    >>> tokens, mask, segments = pack(["<user> first c a b <assistant>"] * 2, ["c a"] * 2, length=20)
    >>> segments[0].tolist()
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1]
    """
    rows = []
    for prompt, response in zip(prompts, responses, strict=True):
        example = encode(prompt), [*encode(response), END]
        size = sum(map(len, example))
        if size > length:
            raise ValueError(f"{prompt!r} with its response has {size} tokens, a row {length}: make rows longer")
        row = next((row for row in rows if row["room"] >= size), None)
        if row is None:
            row = {"room": length, "examples": []}
            rows.append(row)
        row["room"] -= size
        row["examples"].append(example)
    return laid_out([row["examples"] for row in rows], length)


def laid_out(rows, length):
    """Rows of (prompt ids, response ids) -> the three arrays of `pack`."""
    tokens, mask = np.full((len(rows), length), PAD), np.zeros((len(rows), length))
    segments = np.full((len(rows), length), -1)
    for r, examples in enumerate(rows):
        start = 0
        for number, (prompt, response) in enumerate(examples):
            reply, stop = start + len(prompt), start + len(prompt) + len(response)
            tokens[r, start:stop] = prompt + response
            mask[r, reply:stop] = 1.0
            segments[r, start:stop] = number
            start = stop
    return tokens, mask, segments
