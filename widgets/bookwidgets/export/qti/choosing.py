"""What is chosen, marked, paired and ordered, as QTI 2.1 asks it."""

from xml.etree.ElementTree import Element

from bookwidgets.export.native import Mark, Marks, Steps
from bookwidgets.export.qti.rules import (
    Asked,
    adds,
    declared,
    divides,
    gives,
    is_right,
    mapping,
    maps,
    sets,
    value,
    variable,
    when,
)
from bookwidgets.export.qti.xhtml import make, wrapped
from bookwidgets.export.shapes import Exported, Pairs, Pick


def pick(shape: Pick, one: Exported) -> Asked:
    named = {f"O{n}": option for n, option in enumerate(shape.options, 1)}
    choices = (wrapped(option.text, "simpleChoice", "span", identifier=name) for name, option in named.items())
    most, shuffle = 0 if shape.many else 1, str(not shape.fixed).lower()
    interaction = make("choiceInteraction", *choices, responseIdentifier="RESPONSE", maxChoices=most, shuffle=shuffle)
    declaration, rules = _choosing({name: option.right for name, option in named.items()}, shape.many)
    feedback = {name: option.feedback for name, option in named.items()}
    return Asked([declaration], [interaction], [*rules, gives(response=True)], feedback)


def marks(shape: Marks, one: Exported) -> Asked:
    named = {f"W{n}": mark for n, mark in enumerate(shape.marks, 1)}
    names = iter(named)
    lines = [_line(line, [next(names) for _ in line]) for line in shape.lines]
    most = 0 if shape.many else 1
    interaction = make("hottextInteraction", *lines, responseIdentifier="RESPONSE", maxChoices=most)
    declaration, rules = _choosing({name: mark.right for name, mark in named.items()}, shape.many)
    feedback = {name: mark.feedback for name, mark in named.items() if mark.feedback}
    return Asked([declaration], [interaction], [*rules, gives(response=bool(feedback))], feedback, shape.told)


def _line(line: tuple[Mark, ...], names: list[str]) -> Element:
    words = [wrapped(mark.text, "hottext", "span", identifier=name) for mark, name in zip(line, names, strict=True)]
    for word in words:
        word.tail = " "
    return make("div", *words)


def _choosing(rights: dict[str, bool], many: bool) -> tuple[Element, list[Element]]:
    """Declaration and score of picking from ``rights``: the one, or all that hold less those that do not."""
    right = [name for name, holds in rights.items() if holds]
    if many:
        worth = mapping({name: 1 if holds else -1 for name, holds in rights.items()})
        return declared("RESPONSE", "identifier", "multiple", right, worth), [maps(), divides(len(right))]
    rule = when((is_right("RESPONSE"), [sets("SCORE", value("float", 1))]))
    return declared("RESPONSE", "identifier", "single", right), [rule]


def pairs(shape: Pairs, one: Exported) -> Asked:
    answers = {answer: f"A{n}" for n, answer in enumerate(shape.answers, 1)}
    items = {f"I{n}": item for n, item in enumerate(shape.items, 1)}
    most = 1 if one.question.type == "match" else 0  # how many items may share an answer; 0: any number
    left = (
        wrapped(item.text, "simpleAssociableChoice", "span", identifier=name, matchMax=1)
        for name, item in items.items()
    )
    right = (
        make("simpleAssociableChoice", text=text, identifier=name, matchMax=most) for text, name in answers.items()
    )
    columns = make("simpleMatchSet", *left), make("simpleMatchSet", *right)
    attributes = {"responseIdentifier": "RESPONSE", "shuffle": "false", "maxAssociations": len(items)}
    correct = [f"{name} {answers[item.answer]}" for name, item in items.items()]
    declaration = declared("RESPONSE", "directedPair", "multiple", correct, mapping(dict.fromkeys(correct, 1)))
    interaction = make("matchInteraction", *columns, **attributes)
    return Asked([declaration], [interaction], [maps(), divides(len(items)), gives()], told=shape.told)


def steps(shape: Steps, one: Exported) -> Asked:
    """A step earns its share where it stands at its place; every step too many takes one away."""
    names = {step: f"S{n}" for n, step in enumerate(shape.steps, 1)}
    choices = (wrapped(step.text, "simpleChoice", "span", identifier=name) for step, name in names.items())
    right = [names[step] for step in shape.right]
    some = {"minChoices": 1, "maxChoices": len(names)} if len(right) < len(names) else {}
    interaction = make("orderInteraction", *choices, responseIdentifier="RESPONSE", shuffle="true", **some)
    rules = [when((_stands(name, n), [adds()])) for n, name in enumerate(right, 1)]
    if some:
        rules += _less_what_is_too_much(len(right))
    told = tuple(f"{step.text}: {step.feedback}" for step in shape.steps if step.feedback)
    declaration = declared("RESPONSE", "identifier", "ordered", right)
    return Asked([declaration], [interaction], [*rules, divides(len(right)), gives()], told=told)


def _stands(name: str, place: int) -> Element:
    return make("match", make("index", variable("RESPONSE"), n=place), value("identifier", name))


def _less_what_is_too_much(count: int) -> list[Element]:
    def size() -> Element:
        return make("integerToFloat", make("containerSize", variable("RESPONSE")))

    less = make("subtract", make("sum", variable("SCORE"), value("float", count)), size())
    return [
        when((make("gt", size(), value("float", count)), [sets("SCORE", less)])),
        when((make("lt", variable("SCORE"), value("float", 0)), [sets("SCORE", value("float", 0))])),
    ]
