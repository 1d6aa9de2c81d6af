"""The reader as annotator: pairs of responses to compare, and what the comparisons say about her.

Not done here: choosing, fitting and comparing, all of which the page script does. In a live notebook the choices come
back, so that the next cell can train on them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import anywidget
import traitlets

from bookwidgets.bank.strings import strings
from bookwidgets.static import live_module, source

# From its content the site builds the pairs into a page.
ANNOTATE_MIME = "application/vnd.bookwidgets.annotate+json"
CHOICES = ("a", "b", "tie", "unsure")


class Annotate(anywidget.AnyWidget):
    """Pairs that a reader compares.

    ``choices`` lists her choices so far, in the order of the pairs: ``pair`` counts from 0, and ``choice`` is "a", "b",
    "tie" or "unsure", where a and b are the responses as they were given, wherever the reader saw them. It can be
    observed.
    """

    _esm = live_module("annotate")
    _css = source("annotate.css")
    html = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __init__(self, parts: dict[str, Any]) -> None:
        self.parts = parts
        super().__init__(html=annotate_html(parts, strings()))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        data["text/plain"] = f"Annotate: {len(self.parts['pairs'])} pairs of {len(self.parts['items'])} responses"
        data["text/html"] = f"<style>{self._css}</style>{self.html}"
        data[ANNOTATE_MIME] = self.parts
        return data, metadata


def annotate(pairs: Iterable[Mapping[str, Any]], annotators: Mapping[str, Sequence[str]] | None = None) -> Annotate:
    """Let the reader compare ``pairs``, rank what she preferred, and compare her with ``annotators``.

    A pair has a ``prompt`` and the responses ``a`` and ``b``: texts, or dicts with a ``text`` and an ``id``. Responses
    with the same id (without one: with the same text) are one item of the ranking. Which of the two the reader sees
    first is drawn from the pair's content, and so stays.
    ``annotators`` maps names to choices, one for each pair: "a", "b", "tie" or "unsure".

    >>> pair = {"prompt": "last c a b", "a": "a b", "b": {"id": "polite", "text": "sure a b"}}
    >>> annotate([pair], annotators={"terse": ["a"]})

    The page fits strengths s that maximise the log-likelihood of P(i preferred to j) = 1 / (1 + exp(s_j - s_i)), in
    which a tie is half a win for each and "unsure" is left out, minus 0.05 times the sum of the squared strengths
    (Bradley and Terry, 1952, with a ridge). Intervals come from the inverse Hessian.

    Raises ``ValueError`` that names the pair or the annotator.
    """
    pairs = list(pairs)
    if not pairs:
        raise ValueError("annotate(): there are no pairs")
    items: list[str] = []
    shown = []
    for number, pair in enumerate(pairs):
        prompt, responses = _checked(number, pair)
        for name, _ in responses:
            if name not in items:
                items.append(name)
        order = [0, 1]
        if hashlib.sha256(json.dumps([prompt, responses]).encode()).digest()[0] % 2:
            order.reverse()
        shown.append(
            {
                "prompt": prompt,
                "texts": [responses[i][1] for i in order],
                "items": [items.index(responses[i][0]) for i in order],
                "swapped": order == [1, 0],
            }
        )
    judges = [
        {"name": str(name), "choices": _checked_choices(str(name), choices, len(pairs))}
        for name, choices in (annotators or {}).items()
    ]
    return Annotate({"items": items, "pairs": shown, "annotators": judges})


def _checked(number: int, pair: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    """A pair's prompt and its two responses as (id, text)."""
    keys = set(pair) if isinstance(pair, Mapping) else set()
    if keys != {"prompt", "a", "b"}:
        raise ValueError(f"annotate(): pair {number} is {pair!r}: it needs 'prompt', 'a' and 'b', and nothing else")
    responses = []
    for side in ("a", "b"):
        response = pair[side]
        text = response.get("text") if isinstance(response, Mapping) else response
        name = response.get("id", text) if isinstance(response, Mapping) else response
        if not isinstance(text, str) or not isinstance(name, str):
            raise ValueError(
                f"annotate(): pair {number}: {side!r} is {response!r}: give a text, or a dict with a 'text'"
            )
        responses.append((name, text))
    if responses[0][0] == responses[1][0]:
        raise ValueError(f"annotate(): pair {number} compares {responses[0][0]!r} with itself")
    return str(pair["prompt"]), responses


def _checked_choices(name: str, choices: Sequence[str], count: int) -> list[str]:
    choices = [str(choice) for choice in choices]
    if len(choices) != count:
        raise ValueError(f"annotate(): annotator {name!r} has {len(choices)} choices for {count} pairs")
    for number, choice in enumerate(choices):
        if choice not in CHOICES:
            raise ValueError(
                f"annotate(): annotator {name!r}, pair {number}: {choice!r} is none of {', '.join(CHOICES)}"
            )
    return choices


def annotate_html(parts: dict[str, Any], words: dict[str, str]) -> str:
    """The pairs as a list that can be read without a script, and for the script what the texts do not say."""
    data = {
        "items": parts["items"],
        "pairs": [{"items": pair["items"], "swapped": pair["swapped"]} for pair in parts["pairs"]],
        "annotators": parts["annotators"],
    }
    quoted = escape(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
    pairs = "".join(f"<li>{_pair(pair, words)}</li>" for pair in parts["pairs"])
    return f'<book-annotate class="bw-annotate" data-annotate="{quoted}"><ol>{pairs}</ol></book-annotate>'


def _pair(pair: dict[str, Any], words: dict[str, str]) -> str:
    def entry(name: str, text: str) -> str:
        return f"<div><dt>{escape(name)}</dt><dd><bdi>{escape(text)}</bdi></dd></div>"

    responses = [entry(letter, text) for letter, text in zip("AB", pair["texts"], strict=True)]
    return f"<dl>{entry(words['annotate_prompt'], pair['prompt'])}{''.join(responses)}</dl>"
