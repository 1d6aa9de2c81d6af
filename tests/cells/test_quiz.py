"""Quiz cells: what a live notebook gets, what a reader without scripts sees, and what reaches Python."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from bookwidgets.bank.faults import BookError
from bookwidgets.bank.types import QUESTIONS
from bookwidgets.cells.quiz import QUIZ_MIME, Quiz, quiz
from tests.conftest import ROOT

DATA_URI = "data:image/svg+xml;base64,PHN2Zy8+"


@pytest.fixture(autouse=True)
def in_the_book(small_book: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Notebooks run in the folder of their chapter."""
    monkeypatch.chdir(small_book / "chapters")
    return small_book


def answer(identifier: str, score: float) -> dict[str, dict]:
    """What quiz.live.js puts into ``responses`` after an answer."""
    return {identifier: {"id": identifier, "response": [2], "score": score, "attempt": 1, "hints": 0, "shown": False,
                         "ideas": [], "print": "0"}}  # fmt: skip


def from_the_page(widget: Quiz, responses: dict) -> None:
    """Set ``responses`` as the page does: through the comm's message, not from Python."""
    widget.set_state({"responses": responses})


def test_answers_arrive_and_the_score_is_their_mean():
    widget = quiz("q-one", "q-two")
    assert (widget.responses, widget.score) == ({}, 0)
    seen: list[float] = []
    widget.observe(lambda change: seen.append(change["new"]), "score")
    from_the_page(widget, answer("q-one", 1.0))
    assert widget.score == 0.5
    assert widget.responses["q-one"]["response"] == [2]
    from_the_page(widget, answer("q-one", 1.0) | answer("q-two", 0.5))
    assert widget.score == 0.75
    from_the_page(widget, {})
    assert widget.score == 0
    assert seen == [0.5, 0.75, 0]


def test_the_mime_bundle():
    data, _ = quiz("q-one")._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain", QUIZ_MIME}
    assert data[QUIZ_MIME] == {"ids": ["q-one"]}
    assert data["text/plain"] == "Quiz: q-one"
    assert data["text/html"].startswith("<style>")
    assert "<script" not in data["text/html"]
    assert '<book-question class="bw" data-type="choice" data-id="q-one"' in data["text/html"]
    for text in ["What is", "Think.", "Squares are never negative."]:
        assert text in data["text/html"]


def test_the_script_is_one_module_for_anywidget():
    assert re.search(r"export default\s*\{\s*render\s*\}", quiz("q-one")._esm)
    assert "import " not in re.sub(r"[\"'`].*?[\"'`]", "", quiz("q-one")._esm)


def test_a_chapter_stands_for_its_questions():
    assert quiz("two").ids == ["q-two"]
    assert quiz("one", "q-two").ids == ["q-one", "q-two"]


def test_an_unknown_name():
    with pytest.raises(KeyError, match=r"there is no question 'q-tow': did you mean 'q-two'\?"):
        quiz("q-one", "q-tow")


def test_a_bank_with_faults(in_the_book):
    (in_the_book / "quizzes/one.yml").write_text("a: b: c")
    with pytest.raises(BookError, match=r"quizzes/one.yml:1: is not valid YAML"):
        quiz("q-two")


def test_an_edited_bank_is_read_again(in_the_book):
    path = in_the_book / "quizzes/one.yml"
    before = quiz("q-one").html
    path.write_text(path.read_text().replace("Think.", "Look closely."))
    os.utime(path, ns=(1, 1))
    assert "Look closely." in quiz("q-one").html
    assert "Look closely." not in before


def test_images_are_inline_in_a_notebook(in_the_book):
    path = in_the_book / "quizzes/one.yml"
    (in_the_book / "quizzes/images").mkdir()
    (in_the_book / "quizzes/images/map.svg").write_text("<svg/>")
    path.write_text(path.read_text().replace("Think.", "'![A map](images/map.svg)'"))
    assert f'<img src="{DATA_URI}" alt="A map" />' in quiz("q-one").html


def test_a_question_of_every_type_in_a_notebook(in_the_book):
    extra = Path(__file__).parent.parent / "browser/extra/quizzes"
    for name in ["types.yml", "misconceptions.yml"]:
        (in_the_book / "quizzes" / name).write_bytes((extra / name).read_bytes())
    widget = quiz("types")
    assert set(re.findall(r'data-type="(\w+)"', widget.html)) == set(QUESTIONS)
    assert "<script" not in widget.html
    from_the_page(widget, answer(widget.ids[0], 1.0) | answer(widget.ids[1], 0.5))
    assert widget.score == 1.5 / len(widget.ids)


def test_an_editable_install_has_the_questions_anywhere(tmp_path):
    """As `make book` and Binder install the book; a namespace package could not be listed there."""
    ask = """
from importlib.resources import files
from bookwidgets import quiz
print(files("book_quizzes"), quiz("wia-lead").ids)
"""
    done = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.split() == [str(ROOT / "quizzes"), "['wia-lead']"], done.stderr


@pytest.fixture
def packed(in_the_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small book's questions as the package ``book_quizzes``, seen from a folder without a book."""
    shutil.copy(ROOT / "quizzes/__init__.py", in_the_book / "quizzes")
    import_as_package(in_the_book / "quizzes", monkeypatch)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return in_the_book


def import_as_package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_from_file_location("book_quizzes", folder / "__init__.py")
    monkeypatch.setitem(sys.modules, "book_quizzes", module_from_spec(spec))


def test_an_editable_install_of_a_fork_has_its_own_questions(packed):
    own = packed / "course/quizzes/one.yml"
    own.parent.mkdir(parents=True)
    own.write_text("- {id: q-one, drop: true}\n")
    assert quiz("q-one", "q-two").ids == ["q-two"]


def test_questions_that_were_packed_without_the_book(packed, monkeypatch):
    lib = shutil.copytree(packed / "quizzes", packed.parent / "lib/book_quizzes")
    shutil.copytree(packed / "quizzes", lib / "course/quizzes")
    (lib / "course/quizzes/one.yml").write_text("- {id: q-one, drop: true}\n")
    (lib / "course/quizzes/two.yml").unlink()
    import_as_package(lib, monkeypatch)
    assert quiz("q-one", "q-two").ids == ["q-two"]


def test_no_questions_anywhere(packed, monkeypatch):
    monkeypatch.setattr("bookwidgets.cells.quiz.find_spec", lambda name: None)
    with pytest.raises(
        FileNotFoundError, match=r"no book at or above .*elsewhere: .*run the notebook in the book's folder"
    ):
        quiz("q-two")
