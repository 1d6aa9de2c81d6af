"""Questions whose answer is typed in or filled in: a number, a few words, the gaps of a text."""

import re
from collections import Counter
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bookwidgets.bank.faults import shown
from bookwidgets.bank.models import (
    BaseQuestion,
    Findings,
    Form,
    Idea,
    Label,
    Line,
    Model,
    Remark,
    Shown,
    Text,
    reject,
)  # fmt: skip
from bookwidgets.bank.spelling import levelled
from bookwidgets.bank.text import GAP
from bookwidgets.bank.yaml_lines import YamlPath

LARGEST = 1e100  # sums stay numbers that a page can reckon with
Number = Annotated[float, Field(allow_inf_nan=False, ge=-LARGEST, le=LARGEST)]
Distance = Annotated[float, Field(allow_inf_nan=False, ge=0, le=LARGEST)]
Share = Annotated[float, Field(allow_inf_nan=False, gt=0, lt=1)]


class Tolerance(Model):
    absolute: Distance | None = Field(None, description="how far from the answer, in its unit")
    relative: Share | None = Field(None, description="how far from the answer, as a share of it")

    @model_validator(mode="after")
    def _one(self) -> "Tolerance":
        if (self.absolute is None) == (self.relative is None):
            reject(iter([((), "needs one of the two: 'absolute: 0.01' or 'relative: 0.02'")]))
        return self


class Range(Model):
    from_: Number | None = Field(None, alias="from", description="the least number of the range; none: no lower end")
    to: Number | None = Field(None, description="the greatest number of the range; none: no upper end")
    feedback: Line = Field(description="what leads to such a number")
    misconception: Idea | None = Field(
        None, description="id of the misconception of quizzes/misconceptions.yml behind it"
    )

    @property
    def ends(self) -> tuple[float, float]:
        low = float("-inf") if self.from_ is None else self.from_
        return low, float("inf") if self.to is None else self.to

    @model_validator(mode="after")
    def _has_ends(self) -> "Range":
        low, high = self.ends
        if self.from_ is None and self.to is None:
            reject(iter([((), "has no end: add from, to or both")]))
        if low > high:
            reject(iter([(("to",), "is less than from: exchange them")]))
        return self


class Numeric(BaseQuestion):
    """The learner enters a number. Credit: 1 within the tolerance, else 0.

    Both ends of a range belong to it; of two ranges that touch, the first counts.
    """

    type: Literal["numeric"] = Field(description="the learner enters a number")
    answer: Number = Field(description="the right number")
    tolerance: Tolerance = Field(description="how near is right: 'absolute: 0.01' or 'relative: 0.02'")
    unit: Label | None = Field(None, description="the unit, plain text")
    feedback: Line = Field(description="why this number is right")
    ranges: list[Range] = Field(
        default_factory=list, max_length=8, description="up to eight ranges of wrong numbers, each with feedback"
    )

    @property
    def interval(self) -> tuple[float, float]:
        """The least and the greatest number that count as right.

        Reckoned in decimals, as an author reads them: 2.3 + 0.05 is 2.35, and not 2.3499999999999996.
        """
        answer = Decimal(repr(self.answer))
        if self.tolerance.absolute is not None:
            distance = Decimal(repr(self.tolerance.absolute))
        else:
            distance = abs(answer) * Decimal(repr(self.tolerance.relative))
        return float(answer - distance), float(answer + distance)

    @model_validator(mode="after")
    def _apart(self) -> "Numeric":
        reject(self._overlaps())
        return self

    def _overlaps(self) -> Findings:
        low, high = self.interval
        if self.answer == 0 and self.tolerance.relative is not None:
            yield ("tolerance",), "is relative to 0, which nothing is near: write 'absolute: ...'"
        for n, one in enumerate(self.ranges):
            if _overlap(one.ends, (low, high)):
                yield ("ranges", n), f"holds right numbers ({low:g} to {high:g}): end it before, or begin it after"
            first = next((m for m, other in enumerate(self.ranges[:n]) if _overlap(one.ends, other.ends)), None)
            if first is not None:
                yield ("ranges", n), f"overlaps ranges[{first + 1}]: end one where the other begins"


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two ranges share more than the end where they touch; a single number is shared where it is met."""
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return low < high or (low == high and (one[0] == one[1] or other[0] == other[1]))


class KnownWrong(Model):
    answers: list[Form] = Field(min_length=1, max_length=20, description="one or more forms of a wrong answer")
    feedback: Line = Field(description="what would have to be true for it to be right")
    misconception: Idea | None = Field(
        None, description="id of the misconception of quizzes/misconceptions.yml behind it"
    )


class ShortText(BaseQuestion):
    """The learner answers in a few words. Credit: 1 for an accepted form, else 0. For forms see ``spelling``."""

    type: Literal["text"] = Field(description="the learner answers in a few words")
    answers: list[Form] = Field(min_length=1, max_length=20, description="one or more accepted forms, the best first")
    case: bool = Field(False, description="true tells capitals from small letters")
    feedback: Line = Field(description="why this answer is right")
    known: list[KnownWrong] = Field(
        default_factory=list, max_length=8, description="up to eight wrong answers, each with feedback"
    )

    @model_validator(mode="after")
    def _apart(self) -> "ShortText":
        given: list[tuple[YamlPath, str]] = [(("answers", n), form) for n, form in enumerate(self.answers)]
        for n, one in enumerate(self.known):
            given += [(("known", n, "answers", m), form) for m, form in enumerate(one.answers)]
        reject(same_forms(given, self.case))
        return self


def same_forms(forms: list[tuple[YamlPath, str]], case: bool = False) -> Findings:
    """Find forms that say the same, or nothing, once spelling is levelled out."""
    seen: dict[str, YamlPath] = {}
    for path, form in forms:
        key = levelled(form, case)
        first = seen.setdefault(key, path)
        if not key:
            yield path, f"is {shown(form)}, and without quotes, hyphens and final period nothing is left: write words"
        elif first[0] != path[0]:
            yield path, f"is {shown(form)}, which is accepted as right: drop it here or there"
        elif first != path:
            yield path, f"is {shown(form)}, which another form covers: case, quotes and hyphens make no difference"


class Gap(Remark):
    options: list[Label] | None = Field(
        None, min_length=2, max_length=6, description="two to six options for a gap with a menu, plain text"
    )
    answer: Label | None = Field(None, description="the right one of the options, word for word")
    answers: list[Form] | None = Field(
        None, min_length=1, max_length=20, description="one or more accepted forms for a gap to type in"
    )

    @property
    def forms(self) -> list[str]:
        """What is right, the best first."""
        return [self.answer] if self.answer is not None else list(self.answers or [])

    @model_validator(mode="after")
    def _fit(self) -> "Gap":
        reject(self._misfits())
        return self

    def _misfits(self) -> Findings:
        if self.answers is not None:
            yield from same_forms([(("answers", n), form) for n, form in enumerate(self.answers)])
        if (self.options is None) == (self.answers is None):
            yield (), "needs either options and the answer among them, or answers to type in"
        elif self.options is None:
            if self.answer is not None:
                yield ("answer",), "belongs to options: a gap to type in has answers only"
            return
        options = self.options or []
        same = [n for n, text in enumerate(options) if text in options[:n]]
        yield from ((("options", n), f"is the same as options[{options.index(options[n]) + 1}]: drop it") for n in same)
        if self.options is not None and self.answer not in options:
            there = ", ".join(map(shown, options))
            given = "is missing" if self.answer is None else f"is {shown(self.answer)}, which is not one of the options"
            yield ("answer",), f"{given}: use one of {there}"


class Cloze(BaseQuestion):
    """The learner fills the gaps of a text. Credit: the share of gaps that are right."""

    type: Literal["cloze"] = Field(description="the learner fills the gaps of a text")
    text: Annotated[Text, Shown("gapped")] = Field(description="Markdown with {{1}}, {{2}} ... where the gaps are")
    gaps: list[Gap] = Field(
        min_length=1, max_length=12, description="one to twelve gaps, in the order of their numbers"
    )

    @model_validator(mode="after")
    def _each_gap_once(self) -> "Cloze":
        reject(self._miscounted())
        return self

    def _miscounted(self) -> Findings:
        uses = Counter(int(number) for number in re.findall(GAP, self.text))
        for n in range(1, len(self.gaps) + 1):
            if n not in uses:
                yield ("gaps", n - 1), f"does not stand in the text: put {{{{{n}}}}} where it belongs"
        for n, count in sorted(uses.items()):
            if not 0 < n <= len(self.gaps):
                number = f"{len(self.gaps)} gap" + "s" * (len(self.gaps) > 1)
                yield ("text",), f"has {{{{{n}}}}}, but there are {number}: add it to gaps, or mend the number"
            elif count > 1:
                yield ("text",), f"has {{{{{n}}}}} {count} times: each gap stands in the text once"
