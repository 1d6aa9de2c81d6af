"""An Anki package: one deck for each chapter, one note for each question, known again by the question's id.

Importing a later export updates the notes and keeps what Anki knows of the learner's reviews.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bookwidgets.export.outgoing import Edition
from bookwidgets.export.shapes import Card, Exported

FIELDS = ["Id", "Front", "Back", "Explanation"]
FRONT = '<div class="front">{{Front}}</div>'
BACK = '{{FrontSide}}<hr id="answer">{{Back}}<div class="why">{{Explanation}}</div>'
STYLE = """\
.card { font: 1.15em/1.5 system-ui, sans-serif; max-width: 40em; margin: 0 auto; padding: 0 1em; text-align: left; }
.card img { max-width: 100%; }
.card code, .card pre { font-size: .9em; }
.card pre { overflow-x: auto; }
.bw-tokens li { display: inline-block; margin-right: .5em; }
.why { margin-top: 1em; padding-top: .5em; border-top: 1px solid; }
"""


def address(path: Path) -> str:
    return path.name


def losses(one: Exported) -> Iterator[tuple[str, str]]:
    """What a card cannot do, and what is done about it."""
    if isinstance(one.shape, Card):
        return
    yield "an answer that is graded", "a card: the learner answers in mind, turns it and says how it went"
    if one.hints:
        yield "hints", "left out: a card has none"


def write(path: Path, questions: list[Exported], book: Edition) -> None:
    """Write the package: each question's task in front, its answer behind.

    Raises ``ModuleNotFoundError`` that says how to get genanki.
    """
    try:
        import genanki  # a dependency of this target alone: bookwidgets[export]
    except ModuleNotFoundError:
        message = "an export to Anki needs the package genanki: pip install 'bookwidgets[export]'"
        raise ModuleNotFoundError(message) from None
    templates = [{"name": "Card", "qfmt": FRONT, "afmt": BACK}]
    fields = [{"name": name} for name in FIELDS]
    model = genanki.Model(_number(f"{book.id}/model"), book.title, fields=fields, templates=templates, css=STYLE)
    decks: dict[str, genanki.Deck] = {}
    for one in questions:
        name = f"{book.title}::{one.title}"
        deck = decks.setdefault(one.chapter, genanki.Deck(_number(f"{book.id}/{one.chapter}"), name))
        guid = genanki.guid_for(book.id, one.id)
        body = one.body
        texts = [one.id, one.prompt + body.task, body.answer, one.explanation]
        # The question's id first, so that Anki sorts by it.
        deck.add_note(genanki.Note(model, texts, guid=guid, tags=list(one.tags), sort_field=one.id))
    images = dict.fromkeys(str(file) for one in questions for file in one.images.values())
    package = genanki.Package(list(decks.values()), list(images))
    package.write_to_file(str(path))


def _number(name: str) -> int:
    """A number that Anki takes for an id, the same at every export."""
    return (1 << 30) + int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) % (1 << 30)
