"""Questions on a page: rendered from the bank whenever the page is read, never from what a cell once put out."""

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from bookwidgets.bank.cards import ConceptCard
from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.render import question_html
from bookwidgets.bank.strings import strings
from bookwidgets.cells.quiz import QUIZ_MIME
from bookwidgets.pages.links import comma_separated, link

# Where a link to a section belongs, which Sphinx has to resolve; no text of the bank can hold it: there < is &lt;
SECTION = re.compile("<!--see (.*?)-->")


def question_nodes(env: BuildEnvironment, question: BaseQuestion) -> list[nodes.Node]:
    """A question on the page that is being read; its anchor stands where the page shows it first.

    One of another chapter is asked to recall it: the store then does not put back what was answered there.
    """
    seen = env.temp_data.setdefault("bookwidgets_shown", set())
    anchor = "" if question.id in seen else f"q-{question.id}"  # an id can stand on a page only once
    seen.add(question.id)
    shown = linked_question(env.app, question, env.docname, anchor)
    if env.app.bookwidgets_book.bank.chapter(question.id) == env.docname.rpartition("/")[2]:
        return shown
    return [nodes.raw("", '<div class="bw-recall">', format="html"), *shown, nodes.raw("", "</div>", format="html")]


def linked_question(app: Sphinx, question: BaseQuestion, docname: str, anchor: str = "") -> list[nodes.Node]:
    """A question on page ``docname``, as raw HTML around links that Sphinx resolves."""
    words = strings(app.config.language)
    up = "../" * docname.count("/")
    before, after = question_html(
        question,
        app.bookwidgets_book.bank,
        words,
        anchor=anchor,
        image=lambda image: f"{up}_static/quizzes/{image}",
        section=lambda see: f"<!--see {see}-->",
    )
    known = app.bookwidgets_book.course.concepts
    concepts = [link("book", "concept", concept, docname) for concept in question.concepts if concept in known]
    if isinstance(question, ConceptCard):  # its section is its definition
        links = [_links(words["read_again"], concepts)]
    else:
        links = [_links(words["read_again"], [_section(question.see, docname)])]
        links += [_links(words["concepts"], concepts)] if concepts else []
    return [*_with_sections(before, words["read_again"], docname), *links, nodes.raw("", after, format="html")]


def _section(see: str, docname: str) -> nodes.Node:
    return link("std", "ref", see.partition("#")[2], docname)


def _with_sections(markup: str, label: str, docname: str) -> Iterator[nodes.Node]:
    """``markup`` as raw HTML, with links in it where SECTION stands."""
    for number, part in enumerate(SECTION.split(markup)):  # in turn markup and what it sees
        if number % 2:
            yield nodes.inline("", f" {label} ", _section(part, docname), classes=["bw-see"])
        else:
            yield nodes.raw("", part, format="html")


def _links(label: str, links: Sequence[nodes.Node]) -> nodes.paragraph:
    return nodes.paragraph("", "", nodes.Text(label + " "), *comma_separated(links), classes=["bw-see"])


def _page_nodes(env: BuildEnvironment, names: tuple[str, ...]) -> list[nodes.Node]:
    """The questions of ``names``, but for those of chapters that the table of contents leaves out."""
    book = env.app.bookwidgets_book
    listed = (question for question in book.bank.find(names) if book.bank.chapter(question.id) in book.course.chapters)
    return [node for question in listed for node in question_nodes(env, question)]


class QuizRenderer:
    """MyST-NB asks it for what a quiz cell put out; it runs on cached executions too."""

    mime_priority_overrides: ClassVar = [("*", QUIZ_MIME, 1)]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Node] | None:
        if data.mime_type != QUIZ_MIME:
            return None
        return _page_nodes(renderer.renderer.sphinx_env, tuple(data.content["ids"]))


class QuizDirective(SphinxDirective):
    """``{quiz} id ...`` on a page that has no cells, such as the landing page."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        return _page_nodes(self.env, tuple(self.arguments[0].split()))


def setup(app: Sphinx) -> None:
    app.add_directive("quiz", QuizDirective)
