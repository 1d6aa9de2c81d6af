"""An Anki deck, imported by Anki itself: twice without a duplicate, and again when a question has changed."""

import copy
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bookwidgets.bank.check import Book
from bookwidgets.export import export

anki_collection = pytest.importorskip("anki.collection", reason="the package anki is not installed")
pytest.importorskip("genanki", reason="the package genanki is not installed: bookwidgets[export]")


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[object]:
    opened = anki_collection.Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def imported(collection: object, book: Book, path: Path) -> object:
    export(book, "anki", path, [])
    request = anki_collection.ImportAnkiPackageRequest(package_path=str(path))
    return collection.import_anki_package(request).log


def test_a_second_import_makes_no_duplicates(collection: object, book: Book, tmp_path: Path) -> None:
    log = imported(collection, book, tmp_path / "a.apkg")
    assert len(log.new) == collection.note_count() == len(book.bank.questions)
    again = imported(collection, book, tmp_path / "b.apkg")
    assert len(again.new) == 0
    assert collection.note_count() == collection.card_count() == len(book.bank.questions)
    assert {note["Id"] for note in notes(collection)} == set(book.bank.questions)


def notes(collection: object) -> list[object]:
    return [collection.get_note(found) for found in collection.find_notes("")]


def test_an_edited_question_updates_its_note(
    collection: object, types: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(collection, types, tmp_path / "a.apkg")
    (card,) = collection.find_cards("Id:types-flashcard")
    collection.sched.set_due_date([card], "7")
    due = collection.get_card(card).due
    bank = copy.copy(types.bank)
    bank = replace(bank, questions=dict(bank.questions))
    edited = bank.questions["types-flashcard"].model_copy(update={"back": "Positive, always."})
    bank.questions["types-flashcard"] = edited
    later = time.time() + 60  # Anki takes the newer of two notes, and counts whole seconds
    with monkeypatch.context() as patched:
        patched.setattr("time.time", lambda: later)
        export(Book(types.course, bank), "anki", tmp_path / "b.apkg", [])
    request = anki_collection.ImportAnkiPackageRequest(package_path=str(tmp_path / "b.apkg"))
    log = collection.import_anki_package(request).log
    assert len(log.updated) >= 1
    assert len(log.new) == 0
    assert "Positive, always." in collection.get_note(collection.find_notes("Id:types-flashcard")[0])["Back"]
    assert collection.get_card(card).due == due


def test_cards_show_formulas_images_and_decks(collection: object, types: Book, tmp_path: Path) -> None:
    imported(collection, types, tmp_path / "a.apkg")
    (note,) = collection.find_notes("Id:types-flashcard-more")
    assert r"\[x^0 = x^{1-1} = \frac{x}{x}.\]" in collection.get_note(note)["Back"]
    (card,) = collection.find_cards("Id:own-hostile")
    assert "{{Back}}" in collection.get_card(card).question()  # a text, and not the field of that name
    assert collection.media.have("dot.png")
    assert {deck.name for deck in collection.decks.all_names_and_ids()} >= {
        "A small book::On types", "A small book::On own"
    }  # fmt: skip
    assert "level-apply" in collection.tags.all()
