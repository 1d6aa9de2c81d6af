"""GIFT taken apart: https://docs.moodle.org/en/GIFT_format

Only the form is read here; what the parts mean for a question of the book is in ``gift``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A mark after a backslash is text. It is set aside while the text is taken apart.
MARKS = "\\~=#{}:"
ASIDE = {mark: chr(0xF8F0 + n) for n, mark in enumerate(MARKS)}
BACK = {aside: mark for mark, aside in ASIDE.items()}
ESCAPE = re.compile(r"\\([\\~=#{}:n])")
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
ANSWER = re.compile(r"([~=])([^~=]*)")
SHARE = re.compile(r"\s*%(-?\d+(?:\.\d+)?)%")
TAG = re.compile(r"\[(id|tag):\s*([^\]]*)\]")


@dataclass(frozen=True)
class Text:
    """A text and how it is written: html, moodle, plain or markdown."""

    text: str
    format: str

    def __bool__(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True)
class Answer:
    sign: str  # = or ~
    share: float | None  # in per cent, where it is said
    text: Text
    feedback: Text

    @property
    def earned(self) -> float:
        return self.share if self.share is not None else (100 if self.sign == "=" else 0)


@dataclass(frozen=True)
class Item:
    line: int
    title: str
    ids: tuple[tuple[str, str], ...]  # ("id" or "tag", its text)
    before: Text
    after: Text
    inside: str | None  # between the braces, without the general feedback, marks still set aside
    general: Text
    braces: int  # how many pairs there are; -1 where they do not fit


def items(source: str) -> Iterator[Item]:
    """The questions: what stands between empty lines."""
    block: list[str] = []
    start = 1
    for n, line in enumerate([*source.splitlines(), ""], 1):
        if line.strip():
            start = start if block else n
            block.append(_set_aside(line))
        else:
            yield from _item(block, start)
            block = []


def _set_aside(line: str) -> str:
    line = "".join(char for char in line if char not in BACK)
    return ESCAPE.sub(lambda found: "\n" if found[1] == "n" else ASIDE[found[1]], line)


def put_back(text: str) -> str:
    return "".join(BACK.get(char, char) for char in text)


def _item(block: list[str], start: int) -> Iterator[Item]:
    """The question of a block of lines; comments are read for ids and tags, and categories are passed over."""
    ids = [found for line in block if line.lstrip().startswith("//") for found in TAG.findall(put_back(line))]
    kept = [(n, line) for n, line in enumerate(block, start) if not line.lstrip().startswith(("//", "$CATEGORY"))]
    text = "\n".join(line for _, line in kept)
    if not text.strip():
        return
    title, stem = "", text
    named = re.match(r"\s*::(.*?)::", text, re.DOTALL)
    if named:
        title, stem = put_back(named[1]).strip(), text[named.end() :]
    found = FORMAT.match(stem)
    form = found[1] if found else "moodle"
    stem = stem[found.end() :] if found else stem
    before, inside, after = _braces(stem)
    pairs = stem.count("{") if stem.count("{") == stem.count("}") else -1
    inside, _, general = (inside or "").partition("####") if inside is not None else (None, "", "")
    yield Item(kept[0][0], title, tuple(ids), Text(put_back(before), form), Text(put_back(after), form), inside,
               text_of(general, form), pairs)  # fmt: skip


def _braces(stem: str) -> tuple[str, str | None, str]:
    before, opening, rest = stem.partition("{")
    inside, closing, after = rest.partition("}")
    return (before, inside, after) if opening and closing else (stem, None, "")


def text_of(source: str, form: str) -> Text:
    """A text that may say itself how it is written."""
    found = FORMAT.match(source)
    return Text(put_back(source[found.end() :] if found else source).strip(" "), found[1] if found else form)


def answers(inside: str, form: str) -> Iterator[Answer]:
    for sign, part in ANSWER.findall(inside):
        share = SHARE.match(part)
        text, _, feedback = (part[share.end() :] if share else part).partition("#")
        worth = float(share[1]) if share else None
        yield Answer(sign, worth, text_of(text.strip(), form), text_of(feedback.strip(), form))
