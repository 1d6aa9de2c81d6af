"""What is typed in, as QTI 2.1 asks it."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from bookwidgets.export.qti.rules import (
    Asked,
    adds,
    declared,
    divides,
    gives,
    is_right,
    sets,
    value,
    variable,
    when,
)
from bookwidgets.export.qti.xhtml import block, make
from bookwidgets.export.shapes import Essay, Exported, Gap, Gaps, Number, Words


def number(shape: Number, one: Exported) -> Asked:
    conditions = [_between("RESPONSE", known.low, known.high) for known in shape.wrong]
    declaration = declared("RESPONSE", "float", "single", [repr(shape.answer)])
    right = _between("RESPONSE", shape.low, shape.high)
    return _entered(declaration, right, shape.feedback, conditions, [known.feedback for known in shape.wrong], 12)


def words(shape: Words, one: Exported) -> Asked:
    conditions = [_one_of("RESPONSE", forms, shape.case) for forms, _ in shape.wrong]
    declaration = declared("RESPONSE", "string", "single", shape.answers[:1])
    right = _one_of("RESPONSE", shape.answers, shape.case)
    return _entered(declaration, right, shape.feedback, conditions, [why for _, why in shape.wrong], 30)


def _entered(
    declaration: Element, right: Element, why: str, known: list[Element], feedback: list[str], length: int
) -> Asked:
    """A field, whose right answer and whose wrong ones that are recognised have feedback of their own."""
    entry = make("p", make("textEntryInteraction", responseIdentifier="RESPONSE", expectedLength=length))
    branches = [(right, [sets("SCORE", value("float", 1)), gives("RIGHT")])]
    branches += [(condition, [gives(f"K{n}")]) for n, condition in enumerate(known, 1)]
    named = {"RIGHT": why} | {f"K{n}": text for n, text in enumerate(feedback, 1)}
    return Asked([declaration], [entry], [gives(), when(*branches)], named)


def _between(name: str, low: float | None, high: float | None) -> Element:
    ends = [] if low is None else [make("gte", variable(name), value("float", repr(low)))]
    ends += [] if high is None else [make("lte", variable(name), value("float", repr(high)))]
    return make("and", *ends)


def _one_of(name: str, forms: Iterable[str], case: bool = False) -> Element:
    compared = {"caseSensitive": str(case).lower(), "substring": "false"}
    return make("or", *(make("stringMatch", variable(name), value("string", form), **compared) for form in forms))


def gaps(shape: Gaps, one: Exported) -> Asked:
    made = [_gap(f"RESPONSE{n}", gap) for n, gap in enumerate(shape.gaps, 1)]
    text = block(shape.text, gaps={str(n): shown for n, (_, shown, _) in enumerate(made, 1)})
    rules = [when((right, [adds()])) for _, _, right in made]
    declarations = [declaration for declaration, _, _ in made]
    return Asked(declarations, [text], [*rules, divides(len(made)), gives()], told=shape.told)


def _gap(name: str, gap: Gap) -> tuple[Element, Element, Element]:
    """Its declaration, what is shown of it, and the condition that it is right."""
    if not gap.options:
        entry = make("textEntryInteraction", responseIdentifier=name, expectedLength=20)
        return declared(name, "string", "single", gap.forms[:1]), entry, _one_of(name, gap.forms)
    named = {f"O{n}": word for n, word in enumerate(gap.options, 1)}
    menu = (make("inlineChoice", text=word, identifier=key) for key, word in named.items())
    right = [key for key, word in named.items() if word in gap.forms]
    shown = make("inlineChoiceInteraction", *menu, responseIdentifier=name, shuffle="false")
    return declared(name, "identifier", "single", right), shown, is_right(name)


def essay(shape: Essay, one: Exported) -> Asked:
    space = make("extendedTextInteraction", responseIdentifier="RESPONSE", expectedLines=15)
    return Asked([declared("RESPONSE", "string", "single")], [space], [gives()])
