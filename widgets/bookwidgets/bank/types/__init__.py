"""The types of questions.

A new type is a model in one of the modules beside this one and in ``Question``, its markup in ``bank.markup``,
a template in ``bank.template``, and what the learner does with it in the page script, which alone grades.

How much of the credit an answer earns, from 0 to 1, is said in the docstring of each model.
"""

from typing import Annotated, get_args

from pydantic import Field

from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.types.choosing import Choice, Choices, Multi, Option, Spot
from bookwidgets.bank.types.entering import Cloze, Gap, Numeric, ShortText
from bookwidgets.bank.types.marking import Tokens
from bookwidgets.bank.types.placing import Categorize, Match, Order
from bookwidgets.bank.types.recalling import Flashcard, Free

__all__ = [
    "QUESTIONS",
    "Categorize",
    "Choice",
    "Choices",
    "Cloze",
    "Flashcard",
    "Free",
    "Gap",
    "Match",
    "Multi",
    "Numeric",
    "Option",
    "Order",
    "Question",
    "ShortText",
    "Spot",
    "Tokens",
]

Question = Annotated[
    Choice | Multi | Match | Categorize | Order | Numeric | ShortText | Cloze | Tokens | Spot | Free | Flashcard,
    Field(discriminator="type"),
]

# Each type's name and its model.
QUESTIONS: dict[str, type[BaseQuestion]] = {
    get_args(model.model_fields["type"].annotation)[0]: model for model in get_args(get_args(Question)[0])
}
