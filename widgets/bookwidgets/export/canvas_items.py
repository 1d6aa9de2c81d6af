"""Each shape as one of Canvas's types of questions, in QTI 1.2."""

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from bookwidgets.export.qti.xhtml import make
from bookwidgets.export.shapes import GAP, Essay, Exported, Gaps, Number, Pairs, Pick, Words, listed

RIGHT, WRONG, ALL = "correct_fb", "general_incorrect_fb", "general_fb"
FIRST_MATCH = 1001  # partners have numbers too, apart from those of the items


@dataclass(frozen=True)
class Asked:
    """The parts of an item that are its shape's own. Answers are known by numbers: Canvas wants it so."""

    kind: str
    responses: list[Element]
    conditions: list[Element]
    feedback: dict[str, str] = field(default_factory=dict)  # HTML by ident
    told: str = ""  # HTML before the explanation
    answers: int = 0
    prompt: str = ""  # HTML after the question's own


def item(one: Exported) -> Element:
    asked: Asked = _ASKED[type(one.shape)](one.shape)
    feedback = {ALL: asked.told + one.explanation} | asked.feedback
    shown = make("presentation", _material(f"<div>{one.prompt}{asked.prompt}</div>"), *asked.responses)
    score = make("decvar", maxvalue=100, minvalue=0, varname="SCORE", vartype="Decimal")
    everybody = _condition([make("other")], shows=ALL, goes_on="Yes")
    return make(
        "item", _metadata(one, asked), shown,
        make("resprocessing", make("outcomes", score), everybody, *asked.conditions, *_otherwise(feedback)),
        *(make("itemfeedback", make("flow_mat", _material(text)), ident=name) for name, text in feedback.items()),
        ident=one.id, title=one.id,
    )  # fmt: skip


def _metadata(one: Exported, asked: Asked) -> Element:
    fields = {
        "question_type": asked.kind,
        "points_possible": one.points,
        "original_answer_ids": ",".join(str(n) for n in range(1, asked.answers + 1)),
        "assessment_question_identifierref": f"{one.id}-question",
        "concepts": " ".join(one.question.concepts),
        "level": one.question.level,
    }
    entries = (
        make("qtimetadatafield", make("fieldlabel", text=name), make("fieldentry", text=str(entry)))
        for name, entry in fields.items()
    )
    return make("itemmetadata", make("qtimetadata", *entries))


def _material(text: str, kind: str = "text/html") -> Element:
    return make("material", make("mattext", text=text, texttype=kind))


def _condition(
    what: Iterable[Element], *, score: str | None = None, action: str = "Set", shows: str | None = None,
    goes_on: str | None = None,
) -> Element:  # fmt: skip
    return make(
        "respcondition", make("conditionvar", *what),
        make("setvar", text=score, action=action, varname="SCORE") if score else None,
        make("displayfeedback", feedbacktype="Response", linkrefid=shows) if shows else None,
        **{"continue": goes_on},
    )  # fmt: skip


def _otherwise(feedback: dict[str, str]) -> Iterable[Element]:
    return [_condition([make("other")], shows=WRONG, goes_on="Yes")] if WRONG in feedback else []


def _equals(text: object, response: str = "response1") -> Element:
    return make("varequal", text=str(text), respident=response)


def _labels(texts: Iterable[tuple[int, str]], kind: str = "text/html") -> Element:
    return make("render_choice", *(make("response_label", _material(text, kind), ident=n) for n, text in texts))


def _pick(shape: Pick) -> Asked:
    numbered = list(enumerate(shape.options, 1))
    cardinality = "Multiple" if shape.many else "Single"
    labels = _labels((n, option.text) for n, option in numbered)
    feedback = {f"{n}_fb": option.feedback for n, option in numbered if option.feedback}
    conditions = [
        _condition([_equals(n)], shows=f"{n}_fb", goes_on="Yes") for n, _ in numbered if f"{n}_fb" in feedback
    ]
    if shape.many:
        picks = (_equals(n) if option.right else make("not", _equals(n)) for n, option in numbered)
        right = [make("and", *picks)]
    else:
        right = [_equals(n) for n, option in numbered if option.right]
    conditions.append(_condition(right, score="100", goes_on="No"))
    kind = "multiple_answers_question" if shape.many else "multiple_choice_question"
    responses = [make("response_lid", labels, ident="response1", rcardinality=cardinality)]
    return Asked(kind, responses, conditions, feedback, answers=len(numbered))


def _pairs(shape: Pairs) -> Asked:
    partners = {text: n for n, text in enumerate(shape.answers, FIRST_MATCH)}
    responses, conditions = [], []
    for n, one in enumerate(shape.items, 1):
        labels = _labels(((number, text) for text, number in partners.items()), "text/plain")
        responses.append(make("response_lid", _material(one.text), labels, ident=f"response_{n}"))
        share = f"{100 / len(shape.items):.2f}"
        conditions.append(_condition([_equals(partners[one.answer], f"response_{n}")], score=share, action="Add"))
    return Asked("matching_question", responses, conditions, told=listed(shape.told), answers=len(shape.items))


def _field(decimal: bool = False) -> list[Element]:
    blank = make("render_fib", make("response_label", ident="answer1"), fibtype="Decimal" if decimal else None)
    return [make("response_str", blank, ident="response1", rcardinality="Single")]


def _number(shape: Number) -> Asked:
    """Exactly the answer, or within the tolerance: Canvas shows the one and takes the other as its margin."""
    ends = [make("vargte", text=repr(shape.low), respident="response1"),
            make("varlte", text=repr(shape.high), respident="response1")]  # fmt: skip
    near = make("or", _equals(repr(shape.answer)), make("and", *ends))
    conditions = [_condition([near], score="100", shows=RIGHT, goes_on="No")]
    known = [(_range(one.low, one.high), one.feedback) for one in shape.wrong]
    return Asked("numerical_question", _field(decimal=True), conditions, _feedback(shape.feedback, known), answers=1)


def _range(low: float | None, high: float | None) -> str:
    return f"{'' if low is None else f'{low:g}'} … {'' if high is None else f'{high:g}'}".strip()


def _feedback(right: str, known: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Feedback to a right answer, and to a wrong one: all that might have been meant."""
    listed = "".join(f"<li>{html.escape(given)}: {why}</li>" for given, why in known)
    return {RIGHT: right} | ({WRONG: f"<ul>{listed}</ul>"} if listed else {})


def _words(shape: Words) -> Asked:
    conditions = [_condition(map(_equals, shape.answers), score="100", shows=RIGHT, goes_on="No")]
    known = ((" | ".join(forms), why) for forms, why in shape.wrong)
    answers = len(shape.answers)
    return Asked("short_answer_question", _field(), conditions, _feedback(shape.feedback, known), answers=answers)


def _gaps(shape: Gaps) -> Asked:
    """Menus where every gap is one; else all are typed in, and the text says what a menu would offer."""
    menus = all(gap.options for gap in shape.gaps)
    text, responses, conditions, number = shape.text, [], [], 0
    for n, gap in enumerate(shape.gaps, 1):
        offered = f" ({' / '.join(map(html.escape, gap.options))})" if gap.options and not menus else ""
        text = text.replace(GAP.format(n=n), f"[gap{n}]{offered}")
        words = dict(enumerate(gap.options if menus else gap.forms, number + 1))
        number += len(words)
        blank = _material(f"gap{n}", "text/plain")
        responses.append(make("response_lid", blank, _labels(words.items(), "text/plain"), ident=f"response_gap{n}"))
        right = next(key for key, word in words.items() if word in gap.forms)
        share = f"{100 / len(shape.gaps):.2f}"
        conditions.append(_condition([_equals(right, f"response_gap{n}")], score=share, action="Add"))
    kind = "multiple_dropdowns_question" if menus else "fill_in_multiple_blanks_question"
    return Asked(kind, responses, conditions, told=listed(shape.told), answers=number, prompt=text)


def _essay(shape: Essay) -> Asked:
    return Asked("essay_question", _field(), [_condition([make("other")], goes_on="No")], told=shape.told)


_ASKED: dict[type, Callable[[Any], Asked]] = {
    Pick: _pick, Pairs: _pairs, Number: _number, Words: _words, Gaps: _gaps, Essay: _essay,
}  # fmt: skip
