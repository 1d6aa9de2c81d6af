"""Questions whose answer is marked in a given text."""

from typing import Literal

from pydantic import Field, model_validator

from bookwidgets.bank.models import BaseQuestion, Findings, Idea, Line, Model, Text, reject

MOST_TOKENS = 200


class Stretch(Model):
    first: int = Field(alias="from", ge=1, description="position of the stretch's first token, from 1")
    last: int = Field(alias="to", ge=1, description="position of the stretch's last token")
    feedback: Line = Field(description="why this stretch is to be marked, or is not")
    misconception: Idea | None = Field(
        None, description="id of the misconception of quizzes/misconceptions.yml behind a mistake here"
    )


class Tokens(BaseQuestion):
    """The learner marks tokens. Credit: rightly less wrongly marked ones, over those to be marked, at least 0."""

    type: Literal["tokens"] = Field(description="the learner marks spans of tokens")
    tokens: Text = Field(description="the tokens as they stand, with spaces between them; a new line begins a new line")
    marked: list[list[int]] = Field(
        min_length=1, description="one or more spans to be marked, each [first, last], positions from 1"
    )
    feedback: list[Stretch] = Field(min_length=1, description="one or more stretches: 'from', 'to', 'feedback'")

    @property
    def rows(self) -> list[list[str]]:
        """The tokens, line by line."""
        return [line.split() for line in self.tokens.splitlines() if line.strip()]

    @property
    def right(self) -> list[int]:
        """The positions of the tokens to be marked."""
        return [n for first, last in sorted(self.marked) for n in range(first, last + 1)]

    @model_validator(mode="after")
    def _within(self) -> "Tokens":
        reject(self._misplaced())
        return self

    def _misplaced(self) -> Findings:
        count = sum(map(len, self.rows))
        if count > MOST_TOKENS:
            yield ("tokens",), f"has {count} tokens: shorten it to {MOST_TOKENS} at most"
            return
        pairs = [n for n, span in enumerate(self.marked) if len(span) != 2]
        for n in pairs:
            yield ("marked", n), f"is {self.marked[n]}: write [first, last], and [5, 5] for one token"
        if not pairs:
            yield from _misplaced("marked", [(span[0], span[1]) for span in self.marked], count)
        yield from _misplaced("feedback", [(one.first, one.last) for one in self.feedback], count)


def _misplaced(field: str, spans: list[tuple[int, int]], count: int) -> Findings:
    """Find spans outside the tokens, the wrong way round, or over each other."""
    for n, (first, last) in enumerate(spans):
        if first > last:
            yield (field, n), f"ends before it begins ({first} to {last}): exchange the two"
        elif first < 1 or last > count:
            yield (field, n), f"goes from {first} to {last}, but there are {count} tokens, from 1"
        for m, (other_first, other_last) in enumerate(spans[:n]):
            if max(first, other_first) <= min(last, other_last):
                yield (field, n), f"overlaps {field}[{m + 1}]: make them one, or part them"
                break
