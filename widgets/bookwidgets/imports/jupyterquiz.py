"""Questions of jupyterquiz: https://github.com/jmshea/jupyterquiz

Its texts are HTML in which $x$ is a formula. A number is right when it agrees in `precision` significant digits.
"""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

from bookwidgets.imports.drafts import Draft, Fields, Report
from bookwidgets.imports.markup import Writer

KNOWN = {"question", "type", "answers", "code", "precision"}
KNOWN_OF_ANSWERS = {"answer", "code", "correct", "feedback", "value", "range", "type", "match_case", "fuzzy_threshold"}


class UnreadableError(ValueError):
    """Why a file cannot be read at all."""


class _Place:
    """A question in its file: takes what is not understood of it."""

    def __init__(self, report: Report, line: int, n: int) -> None:
        self.report, self.line, self.n = report, line, n

    def tell(self, message: str, field: str = "") -> None:
        self.report.tell(self.line, f"question {self.n}{f': {field}' if field else ''}", message)

    def write(self, field: str) -> Writer:
        return Writer(lambda message: self.tell(message, field), dollars=True)


def read(text: str, report: Report) -> list[Draft]:
    """What is there. Raises ``UnreadableError``."""
    drafts = []
    for n, (line, given) in enumerate(_entries(text), 1):
        place = _Place(report, line, n)
        if not isinstance(given, dict):
            place.tell('is not a question: write it in braces, with "question", "type" and "answers"')
            continue
        draft = _draft(given, place)
        if draft:
            drafts.append(draft)
    return drafts


def _entries(text: str) -> Iterator[tuple[int, Any]]:
    """The entries of a list, each with the line where it begins."""
    decoder, at = json.JSONDecoder(parse_constant=_no_number), _after_spaces(text, 0)
    if text[at : at + 1] != "[":
        raise UnreadableError("holds no list of questions: jupyterquiz's files begin with [")
    at = _after_spaces(text, at + 1)
    while text[at : at + 1] != "]":
        line = _line(text, at)
        try:
            value, at = decoder.raw_decode(text, at)
        except RecursionError:
            raise UnreadableError(f"cannot be read after line {line}: it is nested too deeply") from None
        except ValueError as error:
            where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else f"line {line}"
            raise UnreadableError(f"is not JSON at {where}: {getattr(error, 'msg', error)}") from None
        yield line, value
        at = _after_spaces(text, at)
        if text[at : at + 1] == ",":
            at = _after_spaces(text, at + 1)
        elif text[at : at + 1] != "]":
            raise UnreadableError(f"is not JSON at line {_line(text, at)}: a comma or ] is missing")
    if text[at + 1 :].strip():
        raise UnreadableError(f"is not JSON after line {_line(text, at)}: something stands behind the list")


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _after_spaces(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _draft(given: Fields, place: _Place) -> Draft | None:
    kind = given.get("type")
    read_body = _KINDS.get(kind) if isinstance(kind, str) else None
    question, answers = given.get("question"), given.get("answers")
    if read_body is None:
        place.tell(f"is {kind!r}, which is none of {', '.join(_KINDS)}: left out", "type")
        return None
    if not isinstance(question, str) or not isinstance(answers, list):
        place.tell('has no text in "question" or no list in "answers": left out')
        return None
    for name in given.keys() - KNOWN:
        place.tell("has no counterpart in the book: left out", str(name))
    sound = [answer for n, answer in enumerate(answers, 1) if _is_sound(answer, n, place)]
    prompt = place.write("question").blocks(question)
    if isinstance(given.get("code"), str):
        prompt += f"\n\n```\n{given['code'].strip(chr(10))}\n```"
    name, body = read_body(sound, given, place)
    return Draft(name, prompt, body, place.line) if body else None


def _is_sound(answer: Any, n: int, place: _Place) -> bool:
    texts = isinstance(answer, dict) and all(
        isinstance(answer.get(name, ""), str) for name in ("answer", "code", "feedback")
    )
    if not texts:
        place.tell("is no answer of jupyterquiz: left out", f"answers[{n}]")
        return False
    for name in answer.keys() - KNOWN_OF_ANSWERS:
        place.tell("has no counterpart in the book: left out", f"answers[{n}].{name}")
    return True


def _feedback(answer: Fields, place: _Place) -> str | None:
    return place.write("feedback").line(answer.get("feedback", "")) or None


def _without_default(answers: list[Fields], place: _Place) -> list[Fields]:
    for answer in answers:
        if answer.get("type") == "default" and answer.get("feedback"):
            place.tell(f"says {answer['feedback'][:60]!r} to any other answer: put it into the hints", "answers")
    return [answer for answer in answers if answer.get("type") != "default"]


def _choice(answers: list[Fields], given: Fields, place: _Place) -> tuple[str, Fields]:
    options = []
    for answer in answers:
        text = place.write("answers").line(answer.get("answer", ""))
        if answer.get("code"):
            text = " ".join(filter(None, [text, place.write("answers").line(f"<code>{_shown(answer['code'])}</code>")]))
        right = {"correct": True} if answer.get("correct") is True else {}
        options.append({"text": text or None, **right, "feedback": _feedback(answer, place)})
    rights = sum("correct" in option for option in options)
    if not 3 <= len(options) <= 6:
        place.tell(f"has {len(options)} options, and the book takes three to six: add or drop some", "answers")
    many = given["type"] == "many_choice"
    if not rights or (rights > 1 and not many):
        place.tell(f"has {rights} right options: mend it in the new file", "answers")
    return "multi" if many else "choice", {"options": options}


def _shown(code: str) -> str:
    return code.replace("&", "&amp;").replace("<", "&lt;")


def _numeric(answers: list[Fields], given: Fields, place: _Place) -> tuple[str, Fields]:
    body: Fields = {"answer": None, "tolerance": {"absolute": None}, "feedback": None}
    ranges = []
    for n, answer in enumerate(_without_default(answers, place), 1):
        ends = _ends(answer, given.get("precision"))
        if ends is None:
            place.tell('has no number in "value" and no two in "range": left out', f"answers[{n}]")
        elif answer.get("correct") is not True:
            ranges.append({"from": ends[0], "to": ends[1], "feedback": _feedback(answer, place)})
        elif body["answer"] is not None:
            place.tell("is a second right number: the book has one, so make another question of it", f"answers[{n}]")
        else:
            middle = answer["value"] if "value" in answer else (ends[0] + ends[1]) / 2
            distance = float(f"{(ends[1] - ends[0]) / 2:.12g}")
            body = {"answer": middle, "tolerance": {"absolute": distance}, "feedback": _feedback(answer, place)}
    if body["answer"] is None:
        place.tell("has no right number: mend it in the new file", "answers")
    return "numeric", body | ({"ranges": ranges} if ranges else {})


def _ends(answer: Fields, precision: Any) -> tuple[float, float] | None:
    """The numbers that an answer stands for."""
    value, ends = answer.get("value"), answer.get("range")
    if _is_number(value):
        digits = precision if isinstance(precision, int) and 0 < precision < 20 and value else None
        near = 0.5 * 10.0 ** (math.floor(math.log10(abs(value))) + 1 - digits) if digits else 0
        return value - near, value + near
    if isinstance(ends, list) and len(ends) == 2 and all(map(_is_number, ends)):
        return min(ends), max(ends)
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e100


def _string(answers: list[Fields], given: Fields, place: _Place) -> tuple[str, Fields]:
    forms, feedback, case, known = [], None, False, []
    for n, answer in enumerate(_without_default(answers, place), 1):
        form = place.write("answers").plain(answer.get("answer", ""))
        if answer.get("fuzzy_threshold"):
            place.tell("accepts what is nearly it: add the spellings that you would accept", f"answers[{n}]")
        case = case or answer.get("match_case") is True
        if answer.get("correct") is True:
            forms.append(form)
            feedback = feedback or _feedback(answer, place)
        else:
            known.append({"answers": [form], "feedback": _feedback(answer, place)})
    body: Fields = {"answers": forms or [None], **({"case": True} if case else {}), "feedback": feedback}
    return "text", body | ({"known": known} if known else {})


_KINDS: dict[str, Callable[[list[Fields], Fields, _Place], tuple[str, Fields]]] = {
    "multiple_choice": _choice, "many_choice": _choice, "numeric": _numeric, "string": _string,
}  # fmt: skip
