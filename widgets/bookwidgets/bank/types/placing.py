"""Questions whose parts are put where they belong: to partners, into bins, into order."""

from typing import Literal

from pydantic import Field, model_validator

from bookwidgets.bank.faults import shown
from bookwidgets.bank.models import BaseQuestion, Findings, Idea, Label, Line, Model, Remark, distinct, reject


class Pair(Remark):
    item: Line = Field(description="what gets a partner, one line")
    partner: Label = Field(description="its partner, plain text of one line")


class Match(BaseQuestion):
    """The learner finds the partner of each item. Credit: the share of items that have theirs."""

    type: Literal["match"] = Field(description="the learner finds the partner of each item")
    pairs: list[Pair] = Field(min_length=3, max_length=8, description="three to eight pairs")
    distractors: list[Label] = Field(
        default_factory=list, max_length=3, description="up to three partners that belong to no item, plain text"
    )

    @property
    def partners(self) -> list[str]:
        """All partners: those of the pairs, then those that belong to none."""
        return [pair.partner for pair in self.pairs] + self.distractors

    @model_validator(mode="after")
    def _distinct(self) -> "Match":
        reject(self._repetitions())
        return self

    def _repetitions(self) -> Findings:
        yield from distinct((("pairs", n, "item"), pair.item) for n, pair in enumerate(self.pairs))
        partners = [(("pairs", n, "partner"), pair.partner) for n, pair in enumerate(self.pairs)]
        yield from distinct([*partners, *((("distractors", n), text) for n, text in enumerate(self.distractors))])


class Item(Remark):
    text: Line = Field(description="what is put into a bin, one line")
    bin: Label = Field(description="the bin that it belongs to, word for word as in bins")


class Categorize(BaseQuestion):
    """The learner puts each item into a bin. Credit: the share of items in the right one."""

    type: Literal["categorize"] = Field(description="the learner puts each item into one of a few bins")
    bins: list[Label] = Field(min_length=2, max_length=5, description="two to five bins, plain text")
    items: list[Item] = Field(min_length=3, max_length=12, description="three to twelve items")
    fixed: bool = Field(False, description="true keeps the items in the order of the file")

    @model_validator(mode="after")
    def _fit(self) -> "Categorize":
        reject(self._misfits())
        return self

    def _misfits(self) -> Findings:
        yield from distinct((("bins", n), text) for n, text in enumerate(self.bins))
        yield from distinct((("items", n, "text"), item.text) for n, item in enumerate(self.items))
        for n, item in enumerate(self.items):
            if item.bin not in self.bins:
                there = ", ".join(shown(text) for text in self.bins)
                yield ("items", n, "bin"), f"is {shown(item.bin)}, which is not one of the bins: use one of {there}"


class Distractor(Model):
    text: Line = Field(description="a step that does not belong, one line")
    feedback: Line = Field(description="why it does not belong")
    misconception: Idea | None = Field(
        None, description="id of the misconception of quizzes/misconceptions.yml behind keeping it"
    )


class Order(BaseQuestion):
    """The learner puts steps into order, and leaves out those that do not belong.

    Credit: the length of the longest run of steps that stand in the right order relative to each other,
    less 1 for every distractor that was kept, over the number of steps, at least 0.
    It is 1 only when all is right.
    """

    type: Literal["order"] = Field(description="the learner puts steps into order")
    steps: list[Line] = Field(min_length=3, max_length=10, description="three to ten steps in the right order")
    distractors: list[Distractor] = Field(
        default_factory=list, max_length=3, description="up to three steps that do not belong"
    )

    @model_validator(mode="after")
    def _distinct(self) -> "Order":
        steps = [(("steps", n), text) for n, text in enumerate(self.steps)]
        more = [(("distractors", n, "text"), one.text) for n, one in enumerate(self.distractors)]
        reject(distinct([*steps, *more]))
        return self
