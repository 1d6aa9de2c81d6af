"""What a question is.

Only the form of questions is defined here; what a question must know about its course is in ``check``.
"""

import hashlib
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

LONGEST_TEXT = 5_000  # characters; more is not a question but a chapter


def _readable(text: str) -> str:
    """Reject what no reader can see: nothing, controls, and marks that reorder the text around them."""
    if not text.strip():
        raise PydanticCustomError("text", "is empty: write it, or remove the field")
    if len(text) > LONGEST_TEXT:
        raise PydanticCustomError("text", f"has {len(text):,} characters: {LONGEST_TEXT:,} at most")
    for character in text:
        hidden = (
            unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} and character not in "\n\t\u200c\u200d"
        )
        if hidden:
            code = f"U+{ord(character):04X}"
            raise PydanticCustomError("text", f"contains the invisible character {code}: remove it")
    return text


Text = Annotated[str, AfterValidator(_readable)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
See = Annotated[str, Field(pattern=r"^[a-z0-9-]+#[a-zA-Z0-9_-]+$")]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


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

    @property
    def fingerprint(self) -> str:
        """Changes when the question does, so that a stored answer can be shown as given to an older wording."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:8]


class Choices(BaseQuestion):
    """What `choice` and `multi` share: options, each with feedback."""

    options: list[Option] = Field(min_length=3, max_length=6, description="three to six options")
    fixed: bool = Field(False, description="true keeps the options in the order of the file")

    @model_validator(mode="after")
    def _answerable(self) -> "Choices":
        right = sum(option.correct for option in self.options)
        low, high = self.right_options()
        if not low <= right <= high:
            wanted = "exactly one option" if low == high else f"{low} to {high} options"
            raise PydanticCustomError("options", f"{right} options are marked 'correct: true': mark {wanted}")
        texts = [option.text.strip().casefold() for option in self.options]
        if len(set(texts)) < len(texts):
            raise PydanticCustomError("options", "two options have the same text: change or drop one")
        return self

    def right_options(self) -> tuple[int, int]:
        """The fewest and the most options that may be correct."""
        raise NotImplementedError


class Choice(Choices):
    """The learner picks one option."""

    type: Literal["choice"]

    def right_options(self) -> tuple[int, int]:
        return 1, 1


class Multi(Choices):
    """The learner picks every option that holds; at least one holds and at least one does not."""

    type: Literal["multi"]

    def right_options(self) -> tuple[int, int]:
        return 1, len(self.options) - 1


Question = Annotated[Choice | Multi, Field(discriminator="type")]


class Misconception(Model):
    """A wrong idea that has a name: one sentence in the words of someone who holds it, and where the book meets it."""

    says: Text = Field(description="the idea in one sentence, as someone who holds it would say it")
    see: See = Field(description="the section that meets it: chapter-slug#label")
