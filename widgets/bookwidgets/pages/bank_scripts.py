"""The question bank as scripts, for pages that show questions of other pages: exam, review, progress and map.

``index.js`` says which chapters, concepts and questions there are; one script for each chapter holds the markup of its
questions.
They are scripts because browsers refuse to fetch data from ``file://``, and they are written only for a book with a
page that loads them.
All addresses in them are relative to the root of the site; static/parts/bank.js reads them.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sphinx
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import new_document

from bookwidgets.bank.cards import concept_card
from bookwidgets.bank.check import Book
from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.strings import strings
from bookwidgets.pages.concepts import anchor as concept_anchor
from bookwidgets.pages.questions import linked_question

# Pages with one of these directives load the data scripts.
DIRECTIVES = frozenset({"practice-exam", "review", "progress", "concept-map"})
HERE = "bank-of-the-book"  # the page, at the root of the site, as seen from which links are written
BETWEEN = "<!--next question-->"  # no text of the bank can hold it: there < is &lt;


@dataclass(frozen=True)
class Entry:
    """A question as the data scripts tell it: its chapter, the page and anchor that show it, whether it is a card."""

    question: BaseQuestion
    chapter: str
    page: str = ""  # none where the book shows it nowhere
    anchor: str = ""
    card: bool = False


def entries(book: Book, words: dict[str, str]) -> list[Entry]:
    """Every question of a chapter that the table of contents lists, in the book's order, each chapter's concepts last.

    A concept becomes a card in the words of the book's language.
    """
    shown, known = _first_shown(book), book.course.known
    found = []
    for slug, page in book.course.chapters.items():
        for name in book.bank.of_chapter(slug):
            found.append(Entry(book.bank.questions[name], slug, shown.get(name, ""), f"q-{name}"))
        for concept in page.concepts:
            card = concept_card(concept, known, words)
            found.append(Entry(card, slug, page.name, concept_anchor(concept.id), card=True))
    return found


def _first_shown(book: Book) -> dict[str, str]:
    """The page that shows each question: its own chapter, else the first in the book's order."""
    places: dict[str, str] = {}
    for page in book.course.pages.values():
        for name, _ in page.quizzes:
            for question in book.bank.find((name,)):
                if question.id not in places or book.bank.chapter(question.id) == page.slug:
                    places[question.id] = page.name
    return places


def _write(app: Sphinx, exception: Exception | None) -> None:
    """Write the scripts after each build, also after one that found all pages up to date."""
    if exception is not None or app.builder.format != "html":
        return
    book = app.bookwidgets_book  # type: ignore[attr-defined]
    folder = Path(app.outdir, "_static/bookwidgets/bank")
    shutil.rmtree(folder, ignore_errors=True)  # what a dropped chapter left
    if not any(page.directives & DIRECTIVES for page in book.course.pages.values()):
        return
    folder.mkdir(parents=True)
    by_chapter: dict[str, list[Entry]] = {}
    for entry in entries(book, strings(app.config.language)):
        by_chapter.setdefault(entry.chapter, []).append(entry)
    scripts = _scripts(app, by_chapter)
    versions = {slug: _digest(script) for slug, script in scripts.items()}
    scripts["index"] = f"window.bookBank??={_json(_index(app, by_chapter, versions))};\n"
    for name, script in scripts.items():
        (folder / f"{name}.js").write_text(script, encoding="utf-8", newline="\n")


def _scripts(app: Sphinx, by_chapter: dict[str, list[Entry]]) -> dict[str, str]:
    """The script of each chapter. One whose questions and links are those of the last build is not made again."""
    path = Path(app.doctreedir, "bank-scripts.json")
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    book = app.bookwidgets_book  # type: ignore[attr-defined]
    places = [(concept.id, concept.title, concept.file) for concept in book.course.concepts.values()]
    ideas = [repr(idea) for idea in book.bank.misconceptions.values()]
    code = [app.config.bookwidgets_code, app.config.language, sphinx.__version__, app.builder.name]
    labels = [(name, *map(str, place)) for name, place in sorted(app.env.domaindata["std"]["labels"].items())]
    kept: dict[str, list[str]] = {}
    for slug, some in by_chapter.items():
        key = _digest(_json([code, places, ideas, labels, [entry.question.model_dump_json() for entry in some]]))
        if before.get(slug, [""])[0] == key:
            kept[slug] = before[slug]
            continue
        markup = dict(zip((entry.question.id for entry in some), _markup(app, some), strict=True))
        kept[slug] = [key, f"bookBank.html[{_json(slug)}]={_json(markup)};\n"]
    path.write_text(_json(kept), encoding="utf-8")
    return {slug: script for slug, (_, script) in kept.items()}


def _markup(app: Sphinx, some: Iterable[Entry]) -> list[str]:
    """The markup of each question, with links that Sphinx has resolved as for a page at the root of the site."""
    document = new_document("the question bank")
    for entry in some:
        document += linked_question(app, entry.question, HERE)
        document += nodes.raw("", BETWEEN, format="html")
    app.env.resolve_references(document, HERE, app.builder)
    rendered = app.builder.render_partial(nodes.container("", *document.children))["fragment"]
    inside = rendered[rendered.index(">") + 1 : rendered.rindex("</div>")]
    return [markup.strip() for markup in inside.split(BETWEEN)[:-1]]


def _index(app: Sphinx, by_chapter: dict[str, list[Entry]], versions: dict[str, str]) -> dict[str, Any]:
    """What ``window.bookBank`` is before markup arrives. Chapters without questions and concepts are left out."""
    book, uri = app.bookwidgets_book, app.builder.get_target_uri  # type: ignore[attr-defined]
    pages = {concept.id: page for page in book.course.pages.values() for concept in page.concepts}
    holding = {page.slug for page in pages.values()} | by_chapter.keys()
    companions = {name: uri(page.name) for page in book.course.pages.values() for name in page.directives & DIRECTIVES}
    return {
        "book": app.config.bookwidgets_book_id,
        "pages": dict(sorted(companions.items())),
        "chapters": [
            {
                "slug": slug,
                "title": app.env.titles[page.name].astext(),
                "href": uri(page.name),
                "part": page.part,
                "version": versions.get(slug, ""),
            }
            for slug, page in book.course.chapters.items()
            if slug in holding
        ],
        "concepts": [
            {
                "id": concept.id,
                "title": concept.title,
                "href": f"{uri(pages[concept.id].name)}#{concept_anchor(concept.id)}",
                "chapter": pages[concept.id].slug,
                "after": [before for before in concept.after if before in book.course.concepts],
            }
            for concept in book.course.concepts.values()
        ],
        "questions": [_described(app, entry) for some in by_chapter.values() for entry in some],
        "html": {},
    }


def _described(app: Sphinx, entry: Entry) -> dict[str, Any]:
    question = entry.question
    described = {
        "id": question.id,
        "print": question.fingerprint,
        "type": question.type,
        "chapter": entry.chapter,
        "concepts": [name for name in question.concepts if name in app.bookwidgets_book.course.concepts],
        "level": question.level,
        "href": f"{app.builder.get_target_uri(entry.page)}#{entry.anchor}" if entry.page else "",
    }
    return described | {"card": True} if entry.card else described


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def setup(app: Sphinx) -> None:
    app.connect("build-finished", _write, priority=400)  # before a build with warnings is forgotten
