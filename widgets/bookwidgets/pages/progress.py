"""The learner's progress, as a part of a page: ``{progress}``."""

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


def setup(app: Sphinx) -> None:
    app.add_directive("progress", ProgressDirective)
