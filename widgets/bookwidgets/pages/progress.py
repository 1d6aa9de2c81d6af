"""The learner's progress, as a part of a page: ``{progress}``; and a link to go on where one was: ``{continue}``."""

import html

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from bookwidgets.bank.strings import strings


class ProgressDirective(SphinxDirective):
    """``{progress}``: what is done, mastered and due, and the file of it all. A script draws it from the store."""

    def run(self) -> list[nodes.Node]:
        words = strings(self.config.language)
        without = html.escape(words["progress_without"])
        return [nodes.raw("", f"<book-progress><p>{without}</p></book-progress>", format="html")]


class ContinueDirective(SphinxDirective):
    """``{continue}``: on a landing page, a link to where the reader was last, if there is one."""

    def run(self) -> list[nodes.Node]:
        return [nodes.raw("", "<book-continue hidden></book-continue>", format="html")]


def setup(app: Sphinx) -> None:
    app.add_directive("progress", ProgressDirective)
    app.add_directive("continue", ContinueDirective)
