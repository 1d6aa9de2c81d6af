"""jupyterquiz comes in; the package itself says which of its examples it would show."""

import json
from pathlib import Path
from typing import Any

import pytest
from coming_in import came_in, completed
from pydantic import TypeAdapter, ValidationError

from bookwidgets.bank.types import Question

CHOICE = {
    "question": "Which is <b>least</b>, if $a &lt; b$ and $b < c$?",
    "type": "multiple_choice",
    "code": "def f(x):\n    return x",
    "answer_cols": 2,
    "answers": [
        {"answer": "$a$", "correct": True, "feedback": "By the first, then the second."},
        {"answer": "b*c", "correct": False, "feedback": "Not <i>least</i>."},
        {"code": "min(`a`, c) < 3", "correct": False},
    ],
}
MANY = {
    "question": "Which are even?",
    "type": "many_choice",
    "answers": [{"answer": str(n), "correct": n % 2 == 0, "feedback": f"{n} is."} for n in range(4)],
}
NUMERIC = {
    "question": "What is pi, to three digits?",
    "type": "numeric",
    "precision": 3,
    "answers": [
        {"value": 3.14159, "correct": True, "feedback": "Yes."},
        {"range": [3.2, 4], "correct": False, "feedback": "Less."},
        {"type": "default", "feedback": "Think of a circle."},
    ],
}
STRING = {
    "question": "What is the capital of Peru?",
    "type": "string",
    "answers": [
        {"answer": "Lima", "correct": True, "match_case": True, "feedback": "Yes."},
        {"answer": "Cusco", "correct": False, "feedback": "It was."},
        {"answer": "Limaa", "correct": True, "fuzzy_threshold": 0.8},
    ],
}


def read(tmp_path: Path, *questions: Any) -> tuple[list[dict[str, Any]], list[str]]:
    return came_in(json.dumps(questions, indent=1), tmp_path, ".json")


def test_each_kind(tmp_path: Path) -> None:
    (choice, many, numeric, string), remarks = read(tmp_path, CHOICE, MANY, NUMERIC, STRING)
    assert choice["prompt"] == "Which is **least**, if $a < b$ and $b < c$?\n\n```\ndef f(x):\n    return x\n```"
    assert [option["text"] for option in choice["options"]] == ["$a$", r"b\*c", "``min(`a`, c) < 3``"]
    assert [option.get("correct") for option in choice["options"]] == [True, None, None]
    assert choice["options"][1]["feedback"] == "Not *least*."
    assert (many["type"], [bool(o.get("correct")) for o in many["options"]]) == ("multi", [True, False, True, False])
    assert (numeric["answer"], numeric["tolerance"]) == (3.14159, {"absolute": 0.005})
    assert numeric["ranges"] == [{"from": 3.2, "to": 4, "feedback": "Less."}]
    assert (string["answers"], string["case"]) == (["Lima", "Limaa"], True)
    assert string["known"] == [{"answers": ["Cusco"], "feedback": "It was."}]
    told = "\n".join(remarks)
    assert "a.json:2: question 1: answer_cols: has no counterpart in the book: left out" in told
    assert "question 3: answers: says 'Think of a circle.' to any other answer: put it into the hints" in told
    assert "question 4: answers[3]: accepts what is nearly it" in told
    assert len(remarks) == 3
    for one in (choice, many, numeric, string):
        TypeAdapter(Question).validate_python(completed(one))


def test_what_is_to_be_written_is_empty(tmp_path: Path) -> None:
    (choice,), _ = read(tmp_path, CHOICE)
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(Question).validate_python(choice)
    missing = {".".join(map(str, error["loc"][1:])) for error in raised.value.errors()}
    assert missing == {"concepts", "level", "hints.0", "options.2.feedback", "explanation", "see"}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (7, "is not a question: write it in braces"),
        ({"type": "drag"}, "type: is 'drag', which is none of multiple_choice, many_choice, numeric, string"),
        ({"type": ["numeric"]}, "type: is ['numeric'], which is none of"),
        ({"type": "string", "question": 3, "answers": []}, 'has no text in "question" or no list in "answers"'),
        ({**MANY, "answers": [3, None, {"answer": 4}]}, "answers[3]: is no answer of jupyterquiz: left out"),
        ({**NUMERIC, "answers": [{"value": "x", "correct": True}]}, 'has no number in "value" and no two in "range"'),
        ({**NUMERIC, "answers": [{"value": True, "correct": True}]}, "answers: has no right number"),
        ({**CHOICE, "answers": CHOICE["answers"][:1]}, "has 1 options, and the book takes three to six"),
        ({**CHOICE, "answers": [{"answer": "<script>alert(1)</script>x"}] * 3}, "had a <script>, which was left out"),
        ({**CHOICE, "answers": [{"answer": '<img src=x onerror=y alt="A [cat]">'}] * 3}, "had an image: put it into"),
        ({**MANY, "hint": "x"}, "hint: has no counterpart in the book: left out"),
    ],
)
def test_what_is_not_understood_is_named_with_its_place(question: Any, told: str, tmp_path: Path) -> None:
    found, remarks = read(tmp_path, CHOICE, question)
    assert found[0]["type"] == "choice"
    assert any(told in remark and "question 2" in remark for remark in remarks), remarks
    assert "<script" not in json.dumps(found)
    assert "onerror" not in json.dumps(found)
