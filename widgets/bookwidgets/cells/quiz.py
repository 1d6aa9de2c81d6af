"""Quiz cells: questions of the bank in a notebook, live with a kernel and readable without one."""

import base64
import mimetypes
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from bookwidgets.bank.course import find_book
from bookwidgets.bank.load import Bank, load
from bookwidgets.bank.own import OWN_QUIZZES
from bookwidgets.bank.render import question_html
from bookwidgets.bank.strings import strings
from bookwidgets.static import live_module, source

# Which questions a cell shows: the site renders them from the bank when it reads the page.
QUIZ_MIME = "application/vnd.bookwidgets.quiz+json"


class Quiz(anywidget.AnyWidget):
    """Questions that a learner answers in a notebook.

    ``responses`` maps each answered question's id to what the page script reported last:
    ``type``, ``response`` (its form depends on the type: see the head of static/quiz.js; for options their positions in
    the bank, from 1), ``score`` (0 to 1), ``attempt``, ``hints``, ``shown`` and ``ideas`` (misconceptions behind it).
    ``score`` is the mean over all questions of the cell; one that was not answered counts 0.
    Both can be observed.
    """

    _esm = live_module("quiz")
    _css = source("quiz.css")
    html = traitlets.Unicode().tag(sync=True)
    responses = traitlets.Dict().tag(sync=True)
    score = traitlets.Float(0.0)

    def __init__(self, bank: Bank, names: tuple[str, ...]) -> None:
        questions = bank.find(names)
        self.names = names
        self.ids = [question.id for question in questions]

        def inline(image: str) -> str:
            content = base64.b64encode(bank.image(image).read_bytes()).decode()
            return f"data:{mimetypes.guess_type(image)[0]};base64,{content}"

        parts = [question_html(question, bank, strings(), image=inline) for question in questions]
        super().__init__(html="".join(before + after for before, after in parts))

    @traitlets.observe("responses")
    def _grade(self, change: dict[str, Any]) -> None:
        # Python does not grade: it averages what the page script found.
        found = [self.responses[i]["score"] for i in self.ids if i in self.responses]
        self.score = sum(found) / len(self.ids) if self.ids else 0.0

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        data["text/plain"] = f"Quiz: {', '.join(self.ids)}"
        data["text/html"] = f"<style>{self._css}</style>{self.html}"
        data[QUIZ_MIME] = {"ids": list(self.names)}  # as the cell names them: what they stand for is looked up again
        return data, metadata


def _quizzes() -> tuple[Path, Path]:
    """The questions of the book around the notebook, else those that came with the book's installed packages.

    Ours, and a fork's own; setup.py packs them in the same way. An editable install leads to the book itself.
    """
    try:
        book = find_book()
    except FileNotFoundError as error:
        if find_spec("book_quizzes") is None:
            raise FileNotFoundError(f"{error}; run the notebook in the book's folder, or install the book") from None
        packed = Path(str(files("book_quizzes")))
        try:
            book = find_book(packed)
        except FileNotFoundError:
            return packed, packed / OWN_QUIZZES
    return book / "quizzes", book / OWN_QUIZZES


@lru_cache(maxsize=1)
def _bank(quizzes: Path, own: Path, versions: tuple[tuple[str, int], ...]) -> Bank:
    """The bank below both folders, read again when a file's modification time changes."""
    return load(quizzes, own)


def quiz(*names: str) -> Quiz:
    """Show the questions that ``names`` stand for: ids of questions, or a chapter's slug for all of its questions.

    >>> quiz("sft-loss-mask")  # one question
    >>> quiz("supervised-fine-tuning")  # a chapter's

    Raises ``TypeError`` without a name, ``KeyError`` for an unknown one and ``BookError`` for a bank with faults.
    """
    if not names:
        raise TypeError("quiz() needs the id of a question or the slug of a chapter")
    folders = _quizzes()
    paths = sorted(path for folder in folders for path in folder.glob("*.yml"))
    versions = tuple((str(path), path.stat().st_mtime_ns) for path in paths)
    return Quiz(_bank(*folders, versions), names)
