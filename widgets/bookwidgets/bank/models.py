"""What all questions share; the types of questions are in ``types``.

Only the form of questions is defined here; what a question must know about its course is in ``check``.

A field that a learner reads has one of the types ``Blocks``, ``Line`` or ``Label``, which say how it is shown.
From that the checker knows every text that must be rendered, wherever it stands.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from bookwidgets.bank.characters import hidden_character
from bookwidgets.bank.text import MARKUP
from bookwidgets.bank.yaml_lines import YamlPath, dotted

LONGEST_ID = 60
LONGEST_TEXT = 5_000  # characters; more is not a question but a chapter

# What item lint (lint.py) may find, and an author may accept with a reason.
FindingName = Literal[
    "longest", "all-of-the-above", "off-topic", "positions", "absolutes", "near-duplicates", "levels",
    "one-bin", "given-away",
]  # fmt: skip


def _readable(text: str) -> str:
    """Reject what no reader can see: nothing, controls, and marks that reorder the text around them."""
    if not text.strip():
        raise PydanticCustomError("text", "is empty: write it, or remove the field")
    if len(text) > LONGEST_TEXT:
        size = {"given": f"{len(text):,}", "most": f"{LONGEST_TEXT:,}"}
        raise PydanticCustomError("text", "has {given} characters: shorten it to {most} at most", size)
    hidden = hidden_character(text)
    if hidden:
        raise PydanticCustomError("text", "contains the invisible character {hidden}: remove it", {"hidden": hidden})
    return text


def _one_line(text: str) -> str:
    if len(text.splitlines()) > 1:
        raise PydanticCustomError("text", "has several lines: write it in one")
    return text


def _as_it_stands(text: str) -> str:
    found = MARKUP.search(text)
    if found:
        message = "has {found}, but is shown as it stands, in a menu: write it without, with signs such as β or ≤"
        raise PydanticCustomError("text", message, {"found": found.group()})
    return text


@dataclass(frozen=True)
class Shown:
    """How a text is shown to learners, or that it names an idea that is."""

    how: Literal["blocks", "line", "gapped", "idea"]


Text = Annotated[str, AfterValidator(_readable)]
Blocks = Annotated[Text, Shown("blocks")]  # Markdown: paragraphs, lists, tables, code
Line = Annotated[Text, Shown("line")]  # Markdown within one paragraph
Form = Annotated[Text, AfterValidator(_one_line)]  # what a learner may type
Label = Annotated[Form, AfterValidator(_as_it_stands)]  # what stands in a menu, where no markup can
ID = "[a-z0-9]+(-[a-z0-9]+)*"  # lower-case words joined by hyphens
Id = Annotated[str, Field(pattern=f"^{ID}$", max_length=LONGEST_ID)]
Idea = Annotated[Id, Shown("idea")]
See = Annotated[str, Field(pattern=r"^[a-z0-9-]+#[a-zA-Z0-9_-]+$")]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    def blocks(self) -> dict[YamlPath, str]:
        """The texts that are shown as paragraphs, lists and code, by their place in the model."""
        return dict(self._texts("blocks"))

    def lines(self) -> dict[YamlPath, str]:
        """The texts that are shown within a line."""
        return dict(self._texts("line"))

    def gapped(self) -> dict[YamlPath, str]:
        """The texts that are shown as blocks with gaps in them."""
        return dict(self._texts("gapped"))

    def ideas(self) -> dict[YamlPath, str]:
        """The ids of the misconceptions behind wrong answers, by their place in the model."""
        return dict(self._texts("idea"))

    def _texts(self, how: str) -> Iterator[tuple[YamlPath, str]]:
        for name, key, marked in _fields(type(self)):
            value = getattr(self, name)
            entries = enumerate(value) if isinstance(value, list) else [(None, value)]
            for n, entry in entries:
                path: YamlPath = (key,) if n is None else (key, n)
                if isinstance(entry, Model):
                    yield from (((*path, *below), text) for below, text in entry._texts(how))
                elif marked == how and entry is not None:
                    yield path, entry


def fields_by_key(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of ``model`` by the names that authors write."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


@lru_cache
def _fields(model: type[BaseModel]) -> list[tuple[str, str, str | None]]:
    """Each field as its name in Python, its name in a file, and how its texts are shown."""
    return [
        (name, info.alias or name, next((mark.how for mark in _marks([info.annotation, *info.metadata])), None))
        for name, info in model.model_fields.items()
    ]


def _marks(parts: Iterable[Any]) -> Iterator[Shown]:
    for part in parts:
        if isinstance(part, Shown):
            yield part
        yield from _marks(get_args(part))


# What a validator finds: where, below the field that it validates, and what to do about it.
Findings = Iterator[tuple[YamlPath, str]]


def reject(findings: Findings) -> None:
    """Raise all ``findings``, if there are any, as one error that ``explain`` takes apart."""
    found = list(findings)
    if found:
        raise PydanticCustomError("found", "does not fit together", {"found": found})


def distinct(texts: Iterable[tuple[YamlPath, str]]) -> Findings:
    """Find texts that differ in case and spaces at most; the paths begin at the question."""
    seen: dict[str, YamlPath] = {}
    for path, text in texts:
        first = seen.setdefault(" ".join(text.casefold().split()), path)
        if first != path:
            same = f"that of {dotted(first[:-1])}" if isinstance(first[-1], str) else dotted(first)
            yield path, f"is the same as {same}: change or drop it"


class Remark(Model):
    """What a part of a question says about an answer."""

    feedback: Line = Field(description="why the right answer is right")
    wrong: Line | None = Field(None, description="what to say in addition to someone who got this part wrong")
    misconception: Idea | None = Field(
        None, description="id of the misconception of quizzes/misconceptions.yml behind a wrong answer"
    )


class BaseQuestion(Model):
    id: Id = Field(description="a permanent id, unique in the book: progress, exports and cards are keyed on it")
    concepts: list[Id] = Field(min_length=1, description="ids of the concepts that it tests")
    level: Literal["remember", "understand", "apply", "analyze", "evaluate"] = Field(
        description="what a learner has to do: remember, understand, apply, analyze or evaluate"
    )
    prompt: Blocks = Field(description="the situation and one complete question")
    hints: list[Blocks] = Field(
        min_length=1, max_length=3, description="one to three hints, from where to look to half a step"
    )
    explanation: Blocks = Field(description="the reason behind the right answer")
    see: See = Field(description="the section to read again: chapter-slug#label")
    # Not a part of what a learner sees, so it is left out of what is written and of the fingerprint.
    accept: dict[FindingName, Text] = Field(
        default_factory=dict, exclude=True, description="findings of item lint to accept, each with the reason"
    )

    @property
    def fingerprint(self) -> str:
        """Changes when the question does, so that a stored answer can be shown as given to an older wording.

        Defaults are left out: a field that is added to the models later leaves the fingerprints as they are.
        """
        return hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()[:8]


class Misconception(Model):
    """A wrong idea that has a name: one sentence in the words of someone who holds it, and where the book meets it."""

    says: Line = Field(description="the idea in one sentence, as someone who holds it would say it")
    see: See = Field(description="the section that meets it: chapter-slug#label")
