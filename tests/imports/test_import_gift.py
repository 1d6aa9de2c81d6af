"""GIFT comes in: what goes out as GIFT comes back, and what other people write is read or named."""

import re
from pathlib import Path
from typing import Any

import pytest
from coming_in import came_in, completed
from pydantic import TypeAdapter

from bookwidgets.bank.check import Book
from bookwidgets.bank.text import as_tex, blocks, line
from bookwidgets.bank.types import Question
from bookwidgets.export import export
from tests.export.conftest import types, types_root, whole  # noqa: F401

KEPT = {"choice", "multi", "match", "categorize", "numeric", "text", "free"}


def flat(markup: str) -> str:
    return re.sub(r"\s+", " ", markup)


@pytest.mark.parametrize("name", ["whole", "types"])
def test_what_goes_out_comes_back(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    book: Book = request.getfixturevalue(name)
    export(book, "gift", tmp_path / "out.gift", [])
    found, _ = came_in((tmp_path / "out.gift").read_text(encoding="utf-8"), tmp_path)
    returned = {one["id"]: one for one in found}
    assert set(returned) == {key for key, one in book.bank.questions.items() if one.type != "flashcard"}
    compared = set()
    for key, question in book.bank.questions.items():
        if question.type not in KEPT or getattr(question, "case", False):  # capitals make no difference in GIFT
            continue
        one = TypeAdapter(Question).validate_python(completed(returned[key]))
        compared.add(one.type)
        assert (one.type, one.level, one.concepts) == (question.type, question.level, question.concepts)
        if "images/" not in question.prompt and question.type != "free":
            shown = flat(blocks(one.prompt, formula=as_tex))
            assert shown.startswith(flat(blocks(question.prompt, formula=as_tex))), key
            assert flat(blocks(question.explanation, formula=as_tex)) in flat(blocks(one.explanation, formula=as_tex))
        assert own_parts(one) == own_parts(question), key
    assert compared == KEPT if name == "types" else compared > {"choice", "multi", "numeric"}


def own_parts(question: Any) -> Any:
    """What GIFT can hold of a type's own fields, as learners see it."""
    if question.type in {"choice", "multi"}:
        return {(shown(one.text), one.correct, first_sentence(one.feedback)) for one in question.options}
    if question.type == "match":
        return {(shown(pair.item), pair.partner) for pair in question.pairs}, set(question.distractors)
    if question.type == "categorize":
        return {(shown(item.text), item.bin) for item in question.items}
    if question.type == "numeric":
        # A range without an end has gone out with a far one.
        ends = {one.ends for one in question.ranges if max(map(abs, one.ends)) < 1e6}
        return [float(f"{end:.9g}") for end in question.interval], len(question.ranges), ends
    if question.type == "text":
        return question.answers, {tuple(one.answers) for one in question.known}
    return flat(blocks(question.model, formula=as_tex))[:60]


def shown(text: str) -> str:
    return line(text, formula=as_tex)


def first_sentence(text: str) -> str:
    """Without the misconception, which stands behind the feedback once it has been out."""
    return shown(text).split(". ")[0].rstrip(".")


MOODLE = """\
// What Moodle's own page on the format shows, in other words.
$CATEGORY: $course$/top/Rivers

::Longest:: Which river is the longest in Germany?{
  =Rhine#It has 865 km there.
  ~Elbe#Longer, but mostly elsewhere.
  ~Weser
}

Which of these flow into the North Sea?{~%50%Rhine ~%50%Elbe ~%-50%Danube ~%-50%Inn}

The Danube rises in {=Donaueschingen =donau-eschingen =%50%Baden#Nearer, please.} as everyone knows.

How many tributaries are longer than 100 km?{#=25:2 #Right. =%50%20..22#Some. ####Counted in 2010.}

Match.{=Rhine -> Rotterdam =Elbe -> Hamburg =Weser -> Bremen = -> Trieste}

The Rhine is a river.{T#You may have thought of the lake.#Indeed.}

Describe a flood.{}

A text alone.

Two {=one} gaps {=two}.

[markdown]Is *this* kept?{~no ~perhaps =yes, \\= and $x^2$ \\: \\{ok\\}}
"""


def test_what_moodle_documents(tmp_path: Path) -> None:
    found, remarks = came_in(MOODLE, tmp_path)
    assert [one["type"] for one in found] == ["choice", "multi", "text", "numeric", "match", "choice", "free", "choice"]
    longest, multi, gap, number, match, truth, _, last = found
    assert [(o["text"], o.get("correct"), o["feedback"]) for o in longest["options"]] == [
        ("Rhine", True, "It has 865 km there."), ("Elbe", None, "Longer, but mostly elsewhere."), ("Weser", None, None),
    ]  # fmt: skip
    assert [bool(o.get("correct")) for o in multi["options"]] == [True, True, False, False]
    assert gap["answers"] == ["Donaueschingen", "donau-eschingen"]
    assert gap["known"] == [{"answers": ["Baden"], "feedback": "Nearer, please."}]
    assert "The Danube rises in _____ as everyone knows." in gap["prompt"].replace("\\_", "_")
    assert (number["answer"], number["tolerance"]) == (25, {"absolute": 2})
    assert number["ranges"] == [{"from": 20, "to": 22, "feedback": "Some."}]
    assert number["explanation"] == "Counted in 2010."
    assert {(p["item"], p["partner"]) for p in match["pairs"]} == {
        ("Rhine", "Rotterdam"), ("Elbe", "Hamburg"), ("Weser", "Bremen"),
    }  # fmt: skip
    assert match["distractors"] == ["Trieste"]
    assert [(o["text"], o.get("correct"), o["feedback"]) for o in truth["options"]] == [
        ("True", True, "Indeed."), ("False", None, "You may have thought of the lake."),
    ]  # fmt: skip
    assert last["options"][2]["text"] == "yes, = and $x^2$ : {ok}"
    lines = {int(remark.split(":")[1]) for remark in remarks}
    told = "\n".join(remarks)
    assert lines == {4, 12, 18, 20, 22, 24}
    assert "question 8: asks nothing, since it has no braces: left out" in told
    assert "question 9: has several gaps: left out; write a question of type cloze" in told
    assert "earns 50 % for 'Baden'" in told
    assert "question 1: is called 'Longest', which is no id: it is 'new-file-1'" in told
