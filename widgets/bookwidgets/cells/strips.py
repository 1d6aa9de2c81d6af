"""Token strips: a text as its tokens, each with its log-probability, its mask or its weight. HTML, without a script."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from bookwidgets.bank.strings import strings
from bookwidgets.static import source

# From its content the site builds the strip into a page.
TOKENS_MIME = "application/vnd.bookwidgets.tokens+json"
SIGNS = {"\n": "⏎", "\t": "⇥", " ": "␣"}  # tokens of real tokenizers begin with spaces

Kind = Literal["logp", "mask", "weight"]


@dataclass(frozen=True)
class Tokens:
    """What ``tokens`` shows: for each token the word, its value as text, and how much of a bar it fills (-1 to 1)."""

    kind: Kind
    label: str
    tokens: list[tuple[str, str, float]]

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        parts = {"kind": self.kind, "label": self.label, "tokens": self.tokens}
        return {
            "text/plain": " ".join(f"{word}({text})" if text else word for word, text, _ in self.tokens),
            "text/html": f"<style>{source('strips.css')}</style>{tokens_html(parts, strings())}",
            TOKENS_MIME: parts,
        }


def token_strip(words: Iterable[str], values: Iterable[float | None], kind: Kind = "logp", label: str = "") -> Tokens:
    """A strip of ``words`` with a value below each; ``None`` for one that has none.

    ``kind`` says what the values are: "logp" (log-probabilities in nats, bars show the probability), "mask" (1 where
    the loss counts a token, 0 where not) or "weight" (any numbers, bars relative to the largest). ``label`` names the
    strip, which helps where one stands beside another.

    >>> token_strip(["sure", "a", "b", "<end>"], [-1.61, -0.05, -0.02, -0.01])

    Raises ``ValueError`` for values that do not fit the words or the kind.
    """
    words, values = list(words), [None if value is None else float(value) for value in values]
    if len(words) != len(values):
        raise ValueError(f"token_strip(): {len(words)} words and {len(values)} values: give one value for each word")
    if kind not in ("logp", "mask", "weight"):
        raise ValueError(f"token_strip(kind={kind!r}): choose 'logp', 'mask' or 'weight'")
    known = [value for value in values if value is not None]
    largest = max((abs(value) for value in known if math.isfinite(value)), default=0.0) or 1.0
    shown = []
    for number, (word, value) in enumerate(zip(words, values, strict=True)):
        if value is not None and not _fits(value, kind):
            raise ValueError(f"token_strip(kind={kind!r}): value {number} of {word!r} is {value:g}, {_wanted(kind)}")
        shown.append((str(word), _text(value, kind), round(_part(value, kind, largest), 3)))
    return Tokens(kind, label, shown)


def _fits(value: float, kind: Kind) -> bool:
    if kind == "logp":
        return value <= 1e-9  # rounding may leave a certain token a little above 0
    return value in (0, 1) if kind == "mask" else math.isfinite(value)


def _wanted(kind: Kind) -> str:
    wanted = {"logp": "a log-probability is at most 0", "mask": "a mask is 0 or 1", "weight": "a weight is finite"}
    return wanted[kind]


def _text(value: float | None, kind: Kind) -> str:
    """The value as a reader sees and hears it: a weight always has its sign, and a small one its first digit."""
    if value is None:
        return ""
    if kind == "mask":
        return f"{value:.0f}"
    if math.isinf(value):
        return "\N{MINUS SIGN}\N{INFINITY}"
    sign = "+" if kind == "weight" and value else ""
    digits = ".1g" if kind == "weight" and 0 < abs(value) < 0.01 else "z.2f"
    return format(value, sign + digits).replace("-", "\N{MINUS SIGN}")


def _part(value: float | None, kind: Kind, largest: float) -> float:
    if value is None:
        return 0.0
    return {"logp": math.exp(min(value, 0.0)), "mask": value, "weight": value / largest}[kind]


def tokens_html(parts: dict[str, Any], words: dict[str, str]) -> str:
    """The strip in the language of ``words``: a list that names what stands below each token."""
    kind = escape(parts["kind"])
    label = f"<b>{escape(parts['label'])}</b> " if parts["label"] else ""
    items = "".join(_item(*token) for token in parts["tokens"])
    return f'<div class="bw-strip bw-{kind}"><p>{label}{escape(words[f"tokens_{kind}"])}</p><ol>{items}</ol></div>'


def _item(word: str, text: str, part: float) -> str:
    side = "bw-minus" if part < 0 else "bw-plus" if part > 0 else "bw-none"
    visible = "".join(SIGNS.get(character, character) for character in word)
    value = f"<span>{escape(text)}</span>" if text else ""
    return f'<li class="{side}" style="--part:{abs(part):g}"><bdi>{escape(visible)}</bdi> {value}</li>'
