"""The concept map, as a part of a page: ``{concept-map}``."""

from dataclasses import replace

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from bookwidgets.bank.course import Course, Page
from bookwidgets.bank.faults import unknown
from bookwidgets.bank.strings import strings
from bookwidgets.pages.concepts import anchor
from bookwidgets.pages.map_markup import map_markup


class ConceptMap(nodes.General, nodes.Element):
    """Where a map stands until the addresses and titles of all chapters are known: ``pages`` are their names."""


class ConceptMapDirective(SphinxDirective):
    """``{concept-map}``: what the book defines, and what has to come before what.

    ``:parts:`` restricts it to parts of the table of contents, by their captions with semicolons between them;
    ``:chapters:`` to chapters, by their file names with commas between them.
    """

    option_spec = {"parts": directives.unchanged_required, "chapters": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        course: Course = self.env.app.bookwidgets_book.course
        pages = list(course.pages.values())
        if "parts" in self.options:
            captions = self._named("parts", ";", "part", {page.part for page in pages if page.part})
            pages = [page for page in pages if page.part in captions]
        if "chapters" in self.options:
            known = {page.slug for page in (*course.chapters.values(), *course.dropped.values())}
            slugs = self._named("chapters", ",", "chapter", known)
            pages = [page for page in pages if page.slug in slugs]
        return [ConceptMap(pages=[page.name for page in pages])]

    def _named(self, option: str, between: str, kind: str, known: set[str]) -> list[str]:
        """The names in an option. Raises a docutils error, with its line, for one that the book does not have."""
        toc = self.env.app.bookwidgets_book.course.toc
        names = [name.strip() for name in self.options[option].split(between)]
        for name in names:
            if name not in known:
                raise self.error(f":{option}: {unknown(kind, name, sorted(known), f'in {toc}')}")
        return names


def _draw(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the drawn map where the directive stood."""
    course: Course = app.bookwidgets_book.course  # type: ignore[attr-defined]

    def address(page: Page, concept: str) -> str:
        uri = app.builder.get_relative_uri(docname, page.name)
        return f"{uri}#{anchor(concept)}" if concept else uri

    for count, node in enumerate(list(doctree.findall(ConceptMap)), 1):
        pages = [replace(course.pages[name], title=app.env.titles[name].astext()) for name in node["pages"]]
        name = "map" if count == 1 else f"map{count}"
        markup = map_markup(pages, address, strings(app.config.language), name)
        node.replace_self(nodes.raw("", markup, format="html"))


def setup(app: Sphinx) -> None:
    app.add_node(ConceptMap)
    app.add_directive("concept-map", ConceptMapDirective)
    app.connect("doctree-resolved", _draw)
