"""Questions that the learner grades herself: free answers and flashcards."""

from typing import Literal

from pydantic import Field

from bookwidgets.bank.models import BaseQuestion, Blocks, Line, Model


class Criterion(Model):
    text: Line = Field(description="what an answer must have to earn these points")
    points: int = Field(ge=1, le=10, description="points that it earns, 1 to 10")


class Free(BaseQuestion):
    """The learner writes an answer, then grades it by a model answer and a rubric. Credit: points given over points."""

    type: Literal["free"] = Field(description="the learner writes an answer and grades it herself")
    scenario: Blocks | None = Field(None, description="the case, shown before the prompt")
    model: Blocks = Field(description="a model answer")
    rubric: list[Criterion] = Field(min_length=2, max_length=6, description="two to six criteria with points")


class Flashcard(BaseQuestion):
    """The learner recalls the back of a card. Credit: again 0, hard 1/3, good 2/3, easy 1."""

    type: Literal["flashcard"] = Field(description="the learner recalls the back of a card")
    hints: list[Blocks] = Field(default_factory=list, max_length=0, description="no hints: a card is turned over")
    back: Blocks = Field(description="the back of the card; its front is the prompt")
