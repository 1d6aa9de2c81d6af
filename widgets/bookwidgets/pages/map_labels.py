"""How much room words take on a map, before any browser has set them."""

import unicodedata
from collections.abc import Sequence

TYPE, LEADING = 13, 16  # the size of type, and the distance of lines
# Widths in thousandths of the size of type, generous for the sans-serif faces that systems have; 640 for the rest.
WIDTHS = {
    300: "ijlI.,:;'’|!()[] ",
    420: 'frt-/"',
    560: "cksvxyzJ",
    640: "abdeghnopqu",
    780: "wCDGHNOQRU&",
    1000: "mMW%@",
}
_WIDTH = {letter: width for width, letters in WIDTHS.items() for letter in letters}


def text_width(text: str, size: float) -> float:
    """About how wide ``text`` is at most, in type of ``size`` pixels."""
    wide = sum(1000 if unicodedata.east_asian_width(letter) in "WF" else _WIDTH.get(letter, 640) for letter in text)
    return wide * size / 1000


def wrapped(text: str, size: float, room: float) -> list[str]:
    """``text`` in lines of about equal length that fit into ``room`` where its words do.

    >>> wrapped("Fine-tuning with labelled data", 13, 130)
    ['Fine-tuning with', 'labelled data']
    """
    words = text.split()
    narrow = _filled(words, size, room)
    # The same number of lines, as narrow as they can be.
    for width in sorted(
        {text_width(" ".join(words[i:j]), size) for i in range(len(words)) for j in range(i + 1, i + 9)}
    ):
        if width >= room:
            break
        lines = _filled(words, size, width)
        if len(lines) == len(narrow) and all(text_width(line, size) <= width for line in lines):
            return lines
    return narrow


def _filled(words: Sequence[str], size: float, room: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and text_width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
