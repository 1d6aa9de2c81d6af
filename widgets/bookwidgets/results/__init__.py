"""How a class did, out of the files that learners exported. No server, and nothing leaves the machine."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from bookwidgets.bank.load import Bank
from bookwidgets.bank.strings import strings
from bookwidgets.results import count
from bookwidgets.results.page import page
from bookwidgets.results.read import Learner, Skipped, read_files

__all__ = ["write_results"]


def write_results(
    paths: Iterable[Path], bank: Bank, folder: Path, *, book: str, title: str, language: str = "en"
) -> tuple[list[Learner], list[Skipped]]:
    """Read exported files and write ``folder``: a CSV file for each table, and index.html with all of them.

    ``book`` is the book's id, as in its configuration. Returns who counts, and which files do not and why.
    """
    learners, skipped = read_files(paths, bank, book)
    learner_rows, question_rows = count.of_learners(learners, bank), count.of_questions(learners, bank)
    choices, misconceptions = count.of_choices(learners, bank), count.of_misconceptions(learners, bank)
    folder.mkdir(parents=True, exist_ok=True)
    _table(folder / "learners.csv", count.OfLearner, learner_rows)
    _table(folder / "questions.csv", count.OfQuestion, question_rows)
    _table(folder / "choices.csv", count.OfChoice, choices)
    _table(folder / "misconceptions.csv", count.OfMisconception, misconceptions)
    _table(folder / "skipped.csv", Skipped, skipped)
    words = strings(language)
    text = page(title, language, words, learner_rows, question_rows, choices, misconceptions, skipped)
    (folder / "index.html").write_text(text, encoding="utf-8", newline="\n")
    return learners, skipped


def _table(path: Path, kind: type, rows: Sequence[Any]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([one.name for one in fields(kind)])
        writer.writerows([_cell(value) for value in astuple(row)] for row in rows)


def _cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: what learners typed is not to be run by who reads it."""
    if isinstance(value, float):
        return round(value, 4)
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
