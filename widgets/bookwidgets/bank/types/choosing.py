"""Questions whose answer is picked: from options, or from lines of which one is wrong."""

from itertools import chain
from typing import Literal

from pydantic import Field, field_validator, model_validator

from bookwidgets.bank.models import BaseQuestion, Findings, Idea, Line, Model, Text, distinct, reject
from bookwidgets.bank.yaml_lines import YamlPath


class Option(Model):
    text: Line = Field(description="what the learner may pick, one paragraph")
    correct: bool = Field(False, description="true for an option that is right")
    feedback: Line = Field(description="why this option is right, or what would have to be true for it to be right")
    misconception: Idea | None = Field(
        None, description="id of the misconception of quizzes/misconceptions.yml behind it"
    )


class Choices(BaseQuestion):
    """What `choice` and `multi` share: options, each with feedback."""

    options: list[Option] = Field(min_length=3, max_length=6, description="three to six options")
    fixed: bool = Field(False, description="true keeps the options in the order of the file")

    @field_validator("options")
    @classmethod
    def _fit(cls, options: list[Option]) -> list[Option]:
        right = sum(option.correct for option in options)
        same = distinct((("options", index, "text"), option.text) for index, option in enumerate(options))
        reject(chain(cls._marks(right, len(options)), ((path[1:], message) for path, message in same)))
        return options

    @classmethod
    def _marks(cls, right: int, options: int) -> Findings:
        raise NotImplementedError


class Choice(Choices):
    """The learner picks one option. Credit: 1 for the right one, else 0."""

    type: Literal["choice"] = Field(description="the learner picks one option")

    @classmethod
    def _marks(cls, right: int, options: int) -> Findings:
        if right != 1:
            yield (
                (),
                f"{right or 'no'} options are marked 'correct: true': mark exactly one, or make it 'type: multi'",
            )


class Multi(Choices):
    """The learner picks every option that holds; at least one holds and at least one does not.

    Credit: right picks less wrong picks, over the number of right options, at least 0.
    """

    type: Literal["multi"] = Field(description="the learner picks every option that holds")

    @classmethod
    def _marks(cls, right: int, options: int) -> Findings:
        if not 0 < right < options:
            number = "all" if right else "no"
            yield (
                (),
                f"{number} options are marked 'correct: true': mark at least one, and leave at least one unmarked",
            )


class SpotLine(Model):
    text: Text = Field(description="one line of the derivation, program or transcript")
    wrong: bool = Field(False, description="true for the line that is wrong")
    feedback: Line = Field(description="what is wrong with this line, or why it holds")
    misconception: Idea | None = Field(
        None, description="id of the misconception of quizzes/misconceptions.yml behind picking this line"
    )


class Spot(BaseQuestion):
    """The learner points at the one line that is wrong. Credit: 1 for that line, else 0."""

    type: Literal["spot"] = Field(description="the learner points at the line that is wrong")
    as_: Literal["text", "code"] = Field("text", alias="as", description="text (Markdown) or code (as it stands)")
    rows: list[SpotLine] = Field(min_length=3, max_length=15, alias="lines", description="three to fifteen lines")

    @field_validator("rows")
    @classmethod
    def _one_is_wrong(cls, rows: list[SpotLine]) -> list[SpotLine]:
        wrong = sum(row.wrong for row in rows)
        if wrong != 1:
            reject(iter([((), f"{wrong or 'no'} lines are marked 'wrong: true': mark exactly one")]))
        return rows

    @model_validator(mode="after")
    def _one_line_each(self) -> "Spot":
        several = [n for n, row in enumerate(self.rows) if len(row.text.splitlines()) > 1]
        message = "has several lines: make each an entry of its own"
        reject((("lines", n, "text"), message) for n in several)
        return self

    def lines(self) -> dict[YamlPath, str]:
        shown = {("lines", n, "text"): row.text for n, row in enumerate(self.rows) if self.as_ == "text"}
        return super().lines() | shown
