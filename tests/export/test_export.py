"""`bookwidgets export`: what is chosen, reported and refused; the CSV is read by Python's own reader."""

import base64
import csv
import shutil
import zipfile
from pathlib import Path

import pytest

from bookwidgets.bank.check import Book
from bookwidgets.bank.course import scan
from bookwidgets.bank.load import load
from bookwidgets.cli import main
from bookwidgets.export import TARGETS, export
from bookwidgets.export.losses import Loss, table
from tests.conftest import SMALL_BOOK


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_chapters_and_ids(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "some.csv"
    assert main(["export", "--book", str(SMALL_BOOK), "--to", "csv", str(path), "two", "q-two", "q-one"]) == 0
    assert [row["id"] for row in rows(path)] == ["q-two", "q-one"]
    out = capsys.readouterr().out
    assert out.startswith(f"wrote {path}\n")
    assert "(2: q-two, q-one)" in out
    assert {row["question"] for row in rows(tmp_path / "some.csv.losses.csv")} == {"q-one", "q-two"}


def test_a_wrong_name_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "some.csv"
    assert main(["export", "--book", str(SMALL_BOOK), "--to", "csv", str(path), "q-onne"]) == 2
    assert "did you mean 'q-one'?" in capsys.readouterr().err
    assert not path.exists()


def test_the_sheet_has_every_question_and_no_formula_of_its_own(types: Book, tmp_path: Path) -> None:
    export(types, "csv", tmp_path / "a.csv", [])
    found = {row["id"]: row for row in rows(tmp_path / "a.csv")}
    assert set(found) == set(types.bank.questions)
    assert found["types-multi"]["right"] == "two\nfour"
    assert found["types-numeric-ranges"]["right"] == "2.197 (2.15306..2.24094)"
    assert found["types-cloze-typed"]["right"] == "positive | plus\nnegative\n9 | nine"
    assert found["own-hostile"]["prompt"].startswith("a=b ~c #d {e} :f: 50% -> </text>]]> {{Back}} &")
    assert "[A dot]" in found["own-hostile"]["prompt"]
    cells = [cell for row in found.values() for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert found["types-match-more"]["right"].splitlines()[0] == "minus three -> 9"


def text_of(path: Path) -> str:
    if path.suffix != ".zip":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as package:
        return " ".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_lost_in_silence(target: str, types: Book, tmp_path: Path) -> None:
    """What is not in the file at all is in the report."""
    if target == "anki":
        pytest.importorskip("genanki")
    path = tmp_path / f"a{TARGETS[target].ending}"
    losses = export(types, target, path, [])
    left_out = {loss.question for loss in losses if loss.done.startswith("left out") and loss.what == "a flashcard"}
    if target != "anki":
        text = text_of(path)
        assert {name for name in types.bank.questions if name not in text} == left_out
    hints = {loss.question for loss in losses if loss.what == "hints"}
    told = {name for name, question in types.bank.questions.items() if question.hints}
    assert hints in (set(), told)


@pytest.mark.parametrize("target", ["moodle", "canvas", "qti"])
def test_spelling_is_lost_where_something_is_typed(target: str, types: Book, tmp_path: Path) -> None:
    losses = export(types, target, tmp_path / "a", [])
    typed = {name for name, one in types.bank.questions.items() if one.type == "text"} | {
        name for name, one in types.bank.questions.items()
        if one.type == "cloze" and any(gap.answers for gap in one.gaps)
    }  # fmt: skip
    menus = {name for name, one in types.bank.questions.items() if one.type == "cloze"} - typed
    assert menus
    assert {loss.question for loss in losses if loss.what.startswith("levelling")} == typed


@pytest.mark.parametrize("target", sorted(set(TARGETS) - {"anki"}))
def test_the_same_bank_gives_the_same_file(target: str, types: Book, tmp_path: Path) -> None:
    for name in "ab":
        export(types, target, tmp_path / name, [])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_table_groups_what_was_lost() -> None:
    losses = [Loss(name, "choice", "hints", "left out") for name in "abcde"] + [Loss("f", "order", "steps", "changed")]
    assert table(losses) == "hints: left out (5: a, b, c, d, ...)\nsteps: changed (1: f)"


@pytest.mark.parametrize("target", ["moodle", "canvas", "qti", "print"])
def test_a_fork_puts_its_own_image_over_ours(target: str, types_root: Path, tmp_path: Path) -> None:
    book = tmp_path / "fork"
    shutil.copytree(types_root, book)
    own = book / "course/quizzes"
    (own / "images").mkdir(parents=True)
    changed = (own.parent.parent / "quizzes/images/dot.png").read_bytes() + b"own"
    (own / "images/dot.png").write_bytes(changed)
    path = tmp_path / f"a{TARGETS[target].ending}"
    export(Book(scan(book)[0], load(book / "quizzes", own)), target, path, ["own-hostile"])
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as package:
            assert package.read("images/dot.png") == changed
    else:
        assert base64.b64encode(changed).decode() in path.read_text(encoding="utf-8")
