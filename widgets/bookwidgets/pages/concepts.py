"""Concepts: where the book defines a notion, what to learn before it, and what it opens."""

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains import Domain, ObjType
from sphinx.roles import XRefRole
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from bookwidgets.bank.course import Concept, Course
from bookwidgets.bank.strings import strings
from bookwidgets.bank.text import running
from bookwidgets.pages.links import comma_separated, link


def anchor(concept: str) -> str:
    return f"concept-{concept}"


def _course(app: Sphinx) -> Course:
    return app.bookwidgets_book.course


def _neighbours(course: Course, concept: Concept) -> Iterator[tuple[str, list[str]]]:
    """What to learn before, what belongs beside (whichever side says so), and what opens next."""
    known = course.concepts.values()
    yield "learn_before", [name for name in concept.after if name in course.concepts]
    beside = {*concept.related, *(other.id for other in known if concept.id in other.related)}
    yield "related", [other.id for other in known if other.id in beside]
    yield "learn_next", [other.id for other in known if concept.id in other.after]


class ConceptDirective(SphinxDirective):
    """Define a notion: ``{concept} id`` with title, after, related and tags, and one to three sentences.

    What the options say was read and checked before the build began (bank/course.py); here it is only shown.
    """

    required_arguments = 1
    has_content = True
    option_spec = dict.fromkeys(["title", "after", "related", "tags"], directives.unchanged)

    def run(self) -> list[nodes.Node]:
        concept = _course(self.env.app).concepts[self.arguments[0].strip()]
        box = nodes.container(classes=["concept"], ids=[anchor(concept.id)])
        box += nodes.rubric("", concept.title, classes=["concept-title"])
        self.state.nested_parse(self.content, self.content_offset, box)
        box += _neighbour_list(self.env.app, concept, self.env.docname)
        return [box]


def _neighbour_list(app: Sphinx, concept: Concept, docname: str) -> list[nodes.Node]:
    words = strings(app.config.language)
    lines = []
    for label, ids in _neighbours(_course(app), concept):
        if ids:
            line = nodes.paragraph("", "", nodes.strong("", f"{words[label]}: "), classes=["concept-links"])
            line += comma_separated([link("book", "concept", other, docname) for other in ids])
            lines.append(line)
    return lines


class ConceptList(SphinxDirective):
    """``{concept-list}``: every concept of the book, by title, with its definition and a search field."""

    def run(self) -> list[nodes.Node]:
        concepts = sorted(_course(self.env.app).concepts.values(), key=lambda concept: concept.title.casefold())
        items = nodes.container(classes=["concept-list"])
        for concept in concepts:
            entry = nodes.container(classes=["concept"])
            title = nodes.paragraph("", "", classes=["concept-title"])
            title += link("book", "concept", concept.id, self.env.docname, concept.title)
            entry += title
            # The definition as its chapter gives it; a role in it is resolved from here.
            self.state.nested_parse(StringList(concept.definition.splitlines(), source=concept.file), 0, entry)
            entry += _neighbour_list(self.env.app, concept, self.env.docname)
            items += entry
        return [nodes.raw("", "<concept-search></concept-search>", format="html"), items]


class ConceptRole(XRefRole):
    """``{concept}`id``` shows the concept's title, in lower case as in running text."""

    def __init__(self) -> None:
        super().__init__(innernodeclass=nodes.inline, warn_dangling=True)


class BookDomainRole(ConceptRole):
    """The same role without its domain's name in front: ``{concept}`` and not ``{book:concept}``."""

    def __call__(self, name: str, *arguments: Any, **options: Any):
        return super().__call__("book:concept", *arguments, **options)


class BookDomain(Domain):
    """The book's concepts, for links, the search and the inventory. They live in the checked book, not here."""

    name = "book"
    label = "Book"
    object_types = {"concept": ObjType("concept", "concept")}
    roles = {"concept": ConceptRole()}

    def _places(self) -> dict[str, tuple[str, Concept]]:
        pages = _course(self.env.app).pages.values()
        return {concept.id: (page.name, concept) for page in pages for concept in page.concepts}

    def resolve_xref(
        self, env: Any, fromdocname: str, builder: Any, typ: str, target: str, node: pending_xref, contnode: Any
    ) -> nodes.reference | None:
        place = self._places().get(target)
        if place is None:
            return None
        docname, concept = place
        if not node["refexplicit"]:
            contnode = nodes.inline("", running(concept.title), classes=["xref", "concept-link"])
        return make_refnode(builder, fromdocname, docname, anchor(target), contnode)

    def resolve_any_xref(self, *arguments: Any) -> list:
        return []  # {any} means sections and files; a concept is meant when {concept} is written

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for name, (docname, concept) in self._places().items():
            yield name, concept.title, "concept", docname, anchor(name), 1

    def merge_domaindata(self, docnames: Any, otherdata: Any) -> None:
        """Nothing is collected while pages are read, so nothing has to be merged."""


def setup(app: Sphinx) -> None:
    app.add_domain(BookDomain)
    app.add_directive("concept", ConceptDirective)
    app.add_directive("concept-list", ConceptList)
    app.add_role("concept", BookDomainRole())
