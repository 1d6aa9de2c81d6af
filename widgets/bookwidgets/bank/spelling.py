"""How typed answers are compared: the same as in the page script, with the cases of tests/bank/spelling.json."""

import re
import unicodedata

HYPHENS = re.compile("[-\u2010-\u2015\u2212]")
SIGN_OR_HYPHEN = re.compile(r"((?:^|[ (=])-(?=[.0-9]))|-")
QUOTES = re.compile("[\"'`\u2018-\u201f\u00ab\u00bb\u2039\u203a]")


def levelled(text: str, case: bool = False) -> str:
    """``text`` without the differences of spelling that do not count.

    In this order: Unicode's NFKC; quotes are dropped; dashes become hyphens; spaces are trimmed and become one; a final
    period is dropped; hyphens become spaces, but for a sign before a number; letters become small unless ``case``.

    >>> levelled("  The “KL-Penalty”. ")
    'the kl penalty'
    >>> levelled("x = −1")
    'x = -1'
    """
    text = HYPHENS.sub("-", QUOTES.sub("", unicodedata.normalize("NFKC", text)))
    text = " ".join(text.split()).removesuffix(".")
    text = " ".join(SIGN_OR_HYPHEN.sub(lambda found: found[1] or " ", text).split())
    return text if case else text.lower()
