"""What a question is.

Only the form of questions is defined here; what a question must know about its course is in ``check``.

A new type of question is a model here and in ``Question``, and its markup in ``render``.
Its ``blocks`` and ``lines`` tell the checker which of its texts are shown, and how.
"""

import hashlib
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from bookwidgets.bank.characters import hidden_character
from bookwidgets.bank.yaml_lines import YamlPath

LONGEST_TEXT = 5_000  # characters; more is not a question but a chapter

# What item lint (lint.py) may find, and an author may accept with a reason.
FindingName = Literal[
    "longest", "all-of-the-above", "off-topic", "positions", "absolutes", "near-duplicates", "levels"
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


Text = Annotated[str, AfterValidator(_readable)]
ID = "[a-z0-9]+(-[a-z0-9]+)*"  # lower-case words joined by hyphens
Id = Annotated[str, Field(pattern=f"^{ID}$", max_length=60)]
See = Annotated[str, Field(pattern=r"^[a-z0-9-]+#[a-zA-Z0-9_-]+$")]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    def blocks(self) -> dict[YamlPath, str]:
        """The texts that are shown as paragraphs, lists and code, by their place in the model."""
        return {}

    def lines(self) -> dict[YamlPath, str]:
        """The texts that are shown within a line."""
        return {}


class Option(Model):
    text: Text = Field(description="what the learner may pick, one paragraph")
    correct: bool = False
    feedback: Text = Field(description="why this option is right, or what would have to be true for it to be right")
    misconception: Id | None = Field(
        None, description="id of the misconception of quizzes/misconceptions.yml behind it"
    )


class BaseQuestion(Model):
    id: Id = Field(description="a permanent id, unique in the book: progress, exports and cards are keyed on it")
    concepts: list[Id] = Field(min_length=1, description="ids of the concepts that it tests")
    level: Literal["remember", "understand", "apply", "analyze", "evaluate"]
    prompt: Text = Field(description="the situation and one complete question")
    hints: list[Text] = Field(
        min_length=1, max_length=3, description="one to three hints, from where to look to half a step"
    )
    explanation: Text = Field(description="the reason behind the right answer")
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

    def blocks(self) -> dict[YamlPath, str]:
        hints = {("hints", index): hint for index, hint in enumerate(self.hints)}
        return {("prompt",): self.prompt, **hints, ("explanation",): self.explanation}


class Choices(BaseQuestion):
    """What `choice` and `multi` share: options, each with feedback."""

    options: list[Option] = Field(min_length=3, max_length=6, description="three to six options")
    fixed: bool = Field(False, description="true keeps the options in the order of the file")

    @field_validator("options")
    @classmethod
    def _distinct(cls, options: list[Option]) -> list[Option]:
        seen: dict[str, int] = {}
        for index, option in enumerate(options):
            first = seen.setdefault(" ".join(option.text.casefold().split()), index)
            if first != index:
                where = {"first": first + 1, "at": (index, "text")}
                raise PydanticCustomError(
                    "options", "is the same as that of options[{first}]: change or drop it", where
                )
        return options

    def lines(self) -> dict[YamlPath, str]:
        return {
            ("options", index, name): getattr(option, name)
            for index, option in enumerate(self.options)
            for name in ["text", "feedback"]
        }


class Choice(Choices):
    """The learner picks one option."""

    type: Literal["choice"]

    @field_validator("options")
    @classmethod
    def _one_is_right(cls, options: list[Option]) -> list[Option]:
        right = sum(option.correct for option in options)
        if right != 1:
            message = "{right} options are marked 'correct: true': mark exactly one, or make it 'type: multi'"
            raise PydanticCustomError("options", message, {"right": right or "no"})
        return options


class Multi(Choices):
    """The learner picks every option that holds; at least one holds and at least one does not."""

    type: Literal["multi"]

    @field_validator("options")
    @classmethod
    def _some_are_right(cls, options: list[Option]) -> list[Option]:
        right = sum(option.correct for option in options)
        if not 0 < right < len(options):
            message = "{right} options are marked 'correct: true': mark at least one, and leave at least one unmarked"
            raise PydanticCustomError("options", message, {"right": "all" if right else "no"})
        return options


Question = Annotated[Choice | Multi, Field(discriminator="type")]


class Misconception(Model):
    """A wrong idea that has a name: one sentence in the words of someone who holds it, and where the book meets it."""

    says: Text = Field(description="the idea in one sentence, as someone who holds it would say it")
    see: See = Field(description="the section that meets it: chapter-slug#label")

    def lines(self) -> dict[YamlPath, str]:
        return {("says",): self.says}
