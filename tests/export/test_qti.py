"""QTI 2.1, read and graded by pyslet: an implementation of the standard that nobody here wrote."""

import logging
import zipfile
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from bookwidgets.bank.check import Book
from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.text import plain
from bookwidgets.bank.types import QUESTIONS, Choices, Spot
from bookwidgets.export import export
from bookwidgets.export.qti import identifier

packages = pytest.importorskip("pyslet.imscpv1p2", reason="the package pyslet is not installed")
documents = pytest.importorskip("pyslet.qtiv2.xml")
variables = pytest.importorskip("pyslet.qtiv2.variables")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pyslet calls its own older names

Q = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
KINDS = {
    "choice": {"choice"}, "multi": {"choice"}, "match": {"match"}, "categorize": {"match"}, "order": {"order"},
    "numeric": {"textEntry"}, "text": {"textEntry"}, "cloze": {"inlineChoice", "textEntry"}, "tokens": {"hottext"},
    "spot": {"hottext"}, "free": {"extendedText"},
}  # fmt: skip


@dataclass
class Item:
    question: BaseQuestion
    tree: Element  # as Python's XML parser reads it
    read: Any  # as pyslet does

    def graded(self, **responses: Any) -> tuple[float, set[str]]:
        """The score and the feedback, by pyslet's response processing. ``None``: what the item calls correct."""
        session = variables.ItemSessionState(self.read)
        session.begin_session()
        for one in self.read.ResponseDeclaration:
            given = responses.get(one.identifier, ())
            if given is None:
                session[one.identifier] = one.get_correct_value()
            elif given != ():
                session[one.identifier].set_value(given)
        self.read.ResponseProcessing.run(session)
        return session["SCORE"].value, set(session["FEEDBACK"].value or {})

    def texts(self, tag: str) -> dict[str, str]:
        """The texts of elements by their identifiers."""
        return {one.get("identifier"): "".join(one.itertext()) for one in self.tree.iter(f"{Q}{tag}")}

    def named(self, tag: str, text: str) -> str:
        (name,) = [name for name, other in self.texts(tag).items() if other == plain(text)]
        return name


@pytest.fixture(scope="module", params=["whole", "types"])
def items(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Item]:
    book = request.getfixturevalue(request.param)
    path = tmp_path_factory.mktemp("qti") / "book.zip"
    export(book, "qti", path, [])
    return read(book, path)


def read(book: Book, path: Path) -> dict[str, Item]:
    """Every item of the package, by the id of its question; pyslet refuses what the standard has no place for."""
    logging.disable(logging.WARNING)  # pyslet tells of every schema that it does not load
    package = packages.ContentPackage(str(path))
    found = {}
    with zipfile.ZipFile(path) as archive:
        for resource in package.manifest.root.Resources.Resource:
            if resource.type == "imsqti_item_xmlv2p1":
                text = archive.read(str(resource.href)).decode()
                document = documents.QTIDocument()
                document.read(src=text)
                question = book.bank.questions[str(resource.href).removeprefix("items/").removesuffix(".xml")]
                found[question.id] = Item(question, fromstring(text), document.root)
    package.close()
    logging.disable(logging.NOTSET)
    return found


def of_type(items: dict[str, Item], *types: str) -> list[Item]:
    return [one for one in items.values() if one.question.type in types]


def test_every_question_is_asked_by_the_interaction_of_its_type(items: dict[str, Item], request: Any) -> None:
    book = request.getfixturevalue(request.node.callspec.params["items"])
    assert set(items) == {name for name, one in book.bank.questions.items() if one.type != "flashcard"}
    for name, one in items.items():
        used = {e.tag.removeprefix(Q).removesuffix("Interaction") for e in one.tree.iter() if "Interaction" in e.tag}
        assert used, name
        assert used <= KINDS[one.question.type], name
        assert one.read.identifier == identifier(name)


def test_every_type_is_decided_upon() -> None:
    assert set(KINDS) | {"flashcard"} == set(QUESTIONS)


def test_what_is_right_earns_everything_and_silence_nothing(items: dict[str, Item]) -> None:
    for name, one in items.items():
        right = {declared.identifier: None for declared in one.read.ResponseDeclaration}
        if one.question.type == "free":  # a person grades it
            assert one.graded(RESPONSE="An answer.")[0] == 0
        else:
            assert one.graded(**right)[0] == 1, name
        score, feedback = one.graded()
        assert (score, feedback) == (0, {"EXPLANATION"}), name


def test_one_option_or_line_is_right_and_each_has_its_feedback(items: dict[str, Item]) -> None:
    for one in of_type(items, "choice", "spot"):
        question = one.question
        tag = "hottext" if isinstance(question, Spot) else "simpleChoice"
        if isinstance(question, Choices):
            parts = {one.named(tag, option.text): (option.correct, option.feedback) for option in question.options}
        else:
            parts = {f"W{n}": (row.wrong, row.feedback) for n, row in enumerate(question.rows, 1)}
        assert set(parts) == set(one.texts(tag))
        for name, (right, why) in parts.items():
            assert one.graded(RESPONSE=name) == (int(right), {"EXPLANATION", name})
            assert one.texts("modalFeedback")[name].startswith(plain(why))


def test_right_picks_less_wrong_ones_over_the_right_ones(items: dict[str, Item]) -> None:
    for one in of_type(items, "multi"):
        right = {one.named("simpleChoice", option.text): option.correct for option in one.question.options}
        for n in range(1, len(right) + 1):
            for picked in combinations(right, n):
                earned = sum(1 if right[name] else -1 for name in picked) / sum(right.values())
                score, feedback = one.graded(RESPONSE=list(picked))
                assert score == pytest.approx(max(0, earned), abs=1e-12)
                assert feedback == {"EXPLANATION", *picked}


def test_tokens_are_counted_from_one(items: dict[str, Item]) -> None:
    for one in of_type(items, "tokens"):
        tokens = [token for row in one.question.rows for token in row]
        right = [f"W{n}" for n in one.question.right]
        assert list(one.texts("hottext").values()) == tokens
        assert one.graded(RESPONSE=right)[0] == 1
        assert one.graded(RESPONSE=list(one.texts("hottext")))[0] == max(0, 2 * len(right) - len(tokens)) / len(right)
        explained = one.texts("modalFeedback")["EXPLANATION"]
        assert all(plain(stretch.feedback) in explained for stretch in one.question.feedback)


def test_each_item_in_its_place_earns_its_share(items: dict[str, Item]) -> None:
    for one in of_type(items, "match", "categorize"):
        answers = {name: text for name, text in one.texts("simpleAssociableChoice").items() if name[0] == "A"}
        by_text = {text: name for name, text in answers.items()}
        parts = [(p.item, p.partner) for p in one.question.pairs] if one.question.type == "match" else [
            (p.text, p.bin) for p in one.question.items
        ]  # fmt: skip
        pairs = [f"{one.named('simpleAssociableChoice', item)} {by_text[answer]}" for item, answer in parts]
        assert one.graded(RESPONSE=pairs)[0] == 1
        assert one.graded(RESPONSE=pairs[1:])[0] == pytest.approx(1 - 1 / len(pairs))
        first, _, taken = pairs[0].partition(" ")
        other = next(name for name in answers if name != taken)
        assert one.graded(RESPONSE=[f"{first} {other}", *pairs[1:]])[0] == pytest.approx(1 - 1 / len(pairs))


def test_steps_at_their_places(items: dict[str, Item]) -> None:
    for one in of_type(items, "order"):
        right = [one.named("simpleChoice", step) for step in one.question.steps]
        extra = [one.named("simpleChoice", step.text) for step in one.question.distractors]
        n = len(right)
        assert one.graded(RESPONSE=right)[0] == 1
        assert one.graded(RESPONSE=[right[1], right[0], *right[2:]])[0] == pytest.approx((n - 2) / n)
        for k in range(1, len(extra) + 1):
            assert one.graded(RESPONSE=right + extra[:k])[0] == pytest.approx(max(0, 1 - k / n))
        assert bool(one.tree.find(f".//{Q}orderInteraction").get("minChoices")) == bool(extra)


def test_numbers_fall_where_the_bank_says(items: dict[str, Item]) -> None:
    for one in of_type(items, "numeric"):
        low, high = one.question.interval
        step = max(high - low, abs(one.question.answer) * 1e-3, 1e-6) * 1e-3
        for number in (one.question.answer, low, high):
            assert one.graded(RESPONSE=number) == (1, {"EXPLANATION", "RIGHT"})
        assert one.graded(RESPONSE=low - step)[0] == one.graded(RESPONSE=high + step)[0] == 0
        for known in one.question.ranges:
            for end in filter(lambda end: end is not None and not low <= end <= high, (known.from_, known.to)):
                names = one.graded(RESPONSE=end)[1] - {"EXPLANATION"}
                assert [one.texts("modalFeedback")[name].startswith(plain(known.feedback)) for name in names] == [True]


def test_words_and_gaps(items: dict[str, Item]) -> None:
    for one in of_type(items, "text"):
        for form in one.question.answers:
            assert one.graded(RESPONSE=form) == (1, {"EXPLANATION", "RIGHT"})
            other = form.swapcase()
            if other != form and other not in one.question.answers:
                assert one.graded(RESPONSE=other)[0] == (0 if one.question.case else 1)
        for n, known in enumerate(one.question.known, 1):
            for form in known.answers:
                assert one.graded(RESPONSE=form) == (0, {"EXPLANATION", f"K{n}"})
    for one in of_type(items, "cloze"):
        gaps = one.question.gaps
        right = {f"RESPONSE{n}": None for n in range(1, len(gaps) + 1)}
        for name in right:
            assert one.graded(**{key: given for key, given in right.items() if key != name})[0] == pytest.approx(
                1 - 1 / len(gaps)
            )
        for n, gap in enumerate(gaps, 1):
            for form in gap.answers or []:
                assert one.graded(**{f"RESPONSE{n}": form})[0] == pytest.approx(1 / len(gaps))


def test_the_package_holds_what_its_manifest_names(types: Book, types_root: Path, tmp_path: Path) -> None:
    export(types, "qti", tmp_path / "a.zip", [])
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        manifest = fromstring(archive.read("imsmanifest.xml"))
        text = archive.read("test.xml").decode()
        names = set(archive.namelist())
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}  # or no two exports were the same
        assert archive.read("images/dot.png") == (types_root / "quizzes/images/dot.png").read_bytes()
        hostile = archive.read("items/own-hostile.xml").decode()
    test = fromstring(text)
    listed = [one.get("href") for one in manifest.iter() if one.tag.endswith("}file")]
    assert names == {*listed, "imsmanifest.xml"}
    assert len({one.get("identifier") for one in manifest.iter() if one.tag.endswith("}resource")}) == len(names) - 2
    assert {one.get("href") for one in test.iter(f"{Q}assessmentItemRef")} == {n for n in names if "items/" in n}
    assert [one.get("title") for one in test.iter(f"{Q}assessmentSection")] == ["On types", "On own"]
    assert '<img src="../images/dot.png" alt="A dot" />' in hostile
    assert "level-apply" in [one.text for one in manifest.iter() if one.tag.endswith("}langstring")]
    documents.QTIDocument().read(src=text)


def test_texts_that_want_to_escape(types: Book, tmp_path: Path) -> None:
    export(types, "qti", tmp_path / "a.zip", [])
    one = read(types, tmp_path / "a.zip")["own-hostile"]
    (right,) = [option for option in one.question.options if option.correct]
    assert one.graded(RESPONSE=one.named("simpleChoice", right.text))[0] == 1
    assert one.tree.find(".//{http://www.w3.org/1998/Math/MathML}math") is not None
    assert not [e for e in one.tree.iter() if e.tag.endswith("}script") or "data-idea" in e.attrib]
