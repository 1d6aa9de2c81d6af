"""What cells put out besides questions, on a page: explorables, annotation and token strips.

A cell's output carries the parts as data, and the markup is made here, whenever a page is read: in the book's language,
without a kernel, and with a script and a style sheet on the pages that need them.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx.application import Sphinx

from bookwidgets.bank.strings import strings
from bookwidgets.cells.annotate import ANNOTATE_MIME, annotate_html
from bookwidgets.cells.explore import EXPLORE_MIME, explore_html
from bookwidgets.cells.strips import TOKENS_MIME, tokens_html

# For each MIME type the files that its page needs, and what makes the markup of the data and a language's strings.
SHOWN: dict[str, tuple[list[str], Callable[[dict[str, Any], dict[str, str]], str]]] = {
    EXPLORE_MIME: (["explore.css", "explore.js"], lambda parts, words: explore_html(parts)),
    ANNOTATE_MIME: (["annotate.css", "annotate.js"], annotate_html),
    TOKENS_MIME: (["strips.css"], tokens_html),
}


class PartsRenderer:
    """MyST-NB asks it for what such a cell put out; it runs on cached executions too."""

    mime_priority_overrides: ClassVar = [("*", mime, 1) for mime in SHOWN]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Node] | None:
        if data.mime_type not in SHOWN:
            return None
        _, markup = SHOWN[data.mime_type]
        words = strings(renderer.renderer.sphinx_env.config.language)
        return [nodes.raw("", markup(data.content, words), format="html", bookwidgets=data.mime_type)]


def _page_assets(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    shown = {node.get("bookwidgets") for node in doctree.findall(nodes.raw)} if doctree is not None else set()
    for mime in sorted(shown & SHOWN.keys()):
        for file in SHOWN[mime][0]:
            if file.endswith(".js"):
                app.add_js_file(f"bookwidgets/{file}", loading_method="defer")
            else:
                app.add_css_file(f"bookwidgets/{file}")


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", _page_assets)
