"""What the items of QTI 2.1 are made of: declarations, conditions and rules.

The rules for the score are written out, and not taken from the standard's templates, so that a part of the answer
earns what it earns in the book wherever QTI's rules can say so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from bookwidgets.export.qti.xhtml import make

ALWAYS = "EXPLANATION"  # the feedback that everybody gets


@dataclass(frozen=True)
class Asked:
    """The parts of an item that are its shape's own."""

    declared: list[Element]
    shown: list[Element]
    rules: list[Element]  # they set SCORE, 0 to 1, and FEEDBACK
    feedback: dict[str, str] = field(default_factory=dict)  # HTML by identifier
    told: tuple[str, ...] = ()  # HTML: entries before the explanation


def declared(
    name: str, base: str, cardinality: str, right: Iterable[str] = (), mapping: Element | None = None
) -> Element:
    values = [make("value", text=value) for value in right]
    correct = make("correctResponse", *values) if values else None
    attributes = {"identifier": name, "cardinality": cardinality, "baseType": base}
    return make("responseDeclaration", correct, mapping, **attributes)


def mapping(worth: dict[str, int]) -> Element:
    """What each part of a response is worth; all together not less than nothing."""
    entries = (make("mapEntry", mapKey=key, mappedValue=points) for key, points in worth.items())
    return make("mapping", *entries, lowerBound=0, defaultValue=0)


def value(base: str, text: object) -> Element:
    return make("baseValue", text=str(text), baseType=base)


def variable(name: str) -> Element:
    return make("variable", identifier=name)


def is_right(name: str) -> Element:
    return make("match", variable(name), make("correct", identifier=name))


def sets(name: str, expression: Element) -> Element:
    """The rule that a variable takes the value of an expression."""
    return make("setOutcomeValue", expression, identifier=name)


def gives(*feedback: str, response: bool = False) -> Element:
    """The rule that these, what everybody gets, and perhaps what is named like the response, is the feedback."""
    named = [value("identifier", name) for name in (ALWAYS, *feedback)]
    return sets("FEEDBACK", make("multiple", *named, *([variable("RESPONSE")] if response else [])))


def adds() -> Element:
    return sets("SCORE", make("sum", variable("SCORE"), value("float", 1)))


def divides(count: int) -> Element:
    return sets("SCORE", make("divide", variable("SCORE"), value("float", count)))


def maps() -> Element:
    """The rule that the score is what the declaration's mapping gives."""
    return sets("SCORE", make("mapResponse", identifier="RESPONSE"))


def when(*branches: tuple[Element, list[Element]]) -> Element:
    """If the first condition holds its rules, else the second's, and so on."""
    names = ["responseIf"] + ["responseElseIf"] * (len(branches) - 1)
    made = (make(name, condition, *rules) for name, (condition, rules) in zip(names, branches, strict=True))
    return make("responseCondition", *made)
