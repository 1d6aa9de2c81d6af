"""Every chapter as a notebook of plain Markdown, written beside its page, and the buttons that open it.

A notebook is made when its page is written, from the same resolved document, so it says what the page says.
Its code cells come from the chapter's source. It carries no outputs: who opens a notebook runs it.

On the site there is one to download and one for Colab, whose first cell installs the book's packages.
A workflow publishes the same folder on a branch of its own, where Binder and Colab find it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from docutils import nodes
from nbformat import NotebookNode, writes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from bookwidgets.bank.page import Page
from bookwidgets.bank.strings import strings
from bookwidgets.pages.execution import read_notebook
from bookwidgets.pages.markdown import Markdown, Unwritable, pieces
from bookwidgets.static import source

FOLDER = "notebooks"  # below the site's root, and on the branch
BRANCH = "notebooks"
INK = "#1f2328"

logger = logging.getLogger(__name__)

# What the page folds away, and how notebook front ends are told to.
FOLDED = {
    "hide-input": {"source_hidden": True},
    "remove-input": {"source_hidden": True},
    "hide-output": {"outputs_hidden": True},
    "remove-output": {"outputs_hidden": True},
    "hide-cell": {"source_hidden": True, "outputs_hidden": True},
    "remove-cell": {"source_hidden": True, "outputs_hidden": True},
}

INSTALL = """\
# Colab does not have this book's packages: install them, once a session.
%pip install --quiet "git+{url}@{branch}" "git+{url}@{branch}#subdirectory=widgets"
import sys

if "google.colab" in sys.modules:
    from google.colab import output

    output.enable_custom_widget_manager()  # what the quiz cells and explorables are made of"""


def site_address(config: Config) -> str:
    """Where the site is published: ``html: baseurl:``, else GitHub Pages of the repository; ends with a slash."""
    if config.html_baseurl:
        return config.html_baseurl.rstrip("/") + "/"
    owner, _, name = urlsplit(_repository(config)).path.strip("/").partition("/")
    return f"https://{owner.lower()}.github.io/{name}/"


def _repository(config: Config) -> str:
    return config.html_theme_options.get("repository_url", "").rstrip("/").removesuffix(".git")


def chapter_notebook(app: Sphinx, docname: str, document: nodes.document) -> NotebookNode | None:
    """The notebook of a page; none where the page has no code cells."""
    read = read_notebook(app, app.env, docname)
    if read is None or not any(cell.cell_type == "code" for cell in read.cells):
        return None
    pen = Markdown(
        address=site_address(app.config) + app.builder.get_target_uri(docname),
        numbers=_numbers(app, docname),
        picture=standalone,
    )
    cells = [*_cells(pen, document, read, _about(app, pen.address))]
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"  # nbformat draws at random, and two builds would differ
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _cells(pen: Markdown, document: nodes.document, read: NotebookNode, about: str) -> Iterator[NotebookNode]:
    """Text and code in turn: text from the document, a new cell for each section, and code from what was read.

    ``about`` goes below the title.
    """
    text: list[str] = []
    used = 0  # cells of the source that are dealt with: those that the page leaves out leave no trace in the document

    def flush() -> Iterator[NotebookNode]:
        words = "\n\n".join(filter(None, text))
        text.clear()
        if words:
            yield new_markdown_cell(words)

    for node, level in pieces(document):
        if isinstance(node, nodes.Element) and node.get("nb_element") == "cell_code":
            yield from flush()
            index = node["cell_index"]
            yield from (_code(cell) for cell in read.cells[used : index + 1] if cell.cell_type == "code")
            used = index + 1
            text += [pen._caption(figure) for figure in node.findall(nodes.figure)]
            continue
        if isinstance(node, nodes.title):
            yield from flush()
        text.append(pen.block(node, level))
        if isinstance(node, nodes.title) and level == 1:
            text.append(about)
    yield from flush()
    yield from (_code(cell) for cell in read.cells[used:] if cell.cell_type == "code")


def _code(cell: NotebookNode) -> NotebookNode:
    tags = list(cell.metadata.get("tags", []))
    folded = {key: value for tag in tags for key, value in FOLDED.get(tag, {}).items()}
    metadata: dict[str, Any] = {"tags": tags} if tags else {}
    return new_code_cell(cell.source, metadata=metadata | ({"jupyter": folded} if folded else {}))


def _about(app: Sphinx, address: str) -> str:
    book = f"[{app.config.html_title}]({site_address(app.config)})"
    return f"*{strings(app.config.language)['notebook_about'].format(book=book, page=address)}*"


def _numbers(app: Sphinx, docname: str) -> dict[str, str]:
    """What the page calls its figures and tables, and the numbers of its equations, by their ids."""
    if not app.config.numfig:
        return {}
    forms = dict(app.config.numfig_format)
    if app.config.math_numfig:  # else equations are counted through, and know their numbers themselves
        forms["displaymath"] = "%s"
    return {
        name: forms[kind] % ".".join(map(str, number))
        for kind, numbers in app.env.toc_fignumbers.get(docname, {}).items()
        if kind in forms
        for name, number in numbers.items()
    }


def standalone(markup: str) -> str:
    """A drawing of the page as a picture of its own: literal colours instead of the theme's, on paper, with a size."""
    light_last = reversed(
        re.findall(r"(--bw-[a-z]+): (#[0-9a-f]{6})", source("book.css"))
    )  # the first is the light one
    colours = dict(light_last)
    markup = re.sub(r"var\((--bw-[a-z]+)\)", lambda match: colours[match[1]], markup).replace("currentColor", INK)
    markup = re.sub(r'viewBox="\S+ \S+ (\S+) (\S+)"', r'width="\1" height="\2" \g<0>', markup, count=1)
    paper = f"background: #fff; color: {INK}; font-family: sans-serif"
    styled = re.compile(r'(<svg\b[^>]*?) style="([^"]*)"')
    if styled.match(markup):
        return styled.sub(rf'\1 style="{paper}; \2"', markup, count=1)
    return markup.replace("<svg ", f'<svg style="{paper}" ', 1)


def for_colab(notebook: NotebookNode, config: Config) -> NotebookNode:
    """The same notebook with a first cell that installs the book's packages."""
    url, branch = _repository(config), config.html_theme_options.get("repository_branch", "main")
    first = new_code_cell(INSTALL.format(url=url, branch=branch), id="cell-0")
    return NotebookNode(notebook | {"cells": [first, *notebook.cells]})


def _write(app: Sphinx, pagename: str, template: str, context: dict[str, Any], document: nodes.document | None) -> None:
    """Write the notebook of a page, and put the buttons into its header."""
    page = app.bookwidgets_book.course.pages.get(pagename)
    if page is None or document is None:
        return
    try:
        notebook = chapter_notebook(app, pagename, document)
    except Unwritable as error:
        logger.warning(f"{error}: say it in other words, or teach pages/markdown.py", location=error.node)
        return
    if notebook is None:
        return
    name = f"{page.slug}.ipynb"
    for path, made in zip(files_of(app, page), [notebook, for_colab(notebook, app.config)], strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(writes(made) + "\n", encoding="utf-8")
    links = [
        *_launchers(app, name),
        (".ipynb", "run_download", context["pathto"](f"{FOLDER}/{name}", 1), "fas fa-download"),
    ]
    words = strings(app.config.language)
    context["header_buttons"].append(
        {
            "type": "group",
            "label": "launch-buttons",
            "icon": "fas fa-rocket",
            "tooltip": words["run_chapter"],
            "buttons": [
                {"type": "link", "text": text, "tooltip": words[tip], "url": url, "icon": icon}
                for text, tip, url, icon in links
            ],
        }
    )


def files_of(app: Sphinx, page: Page) -> list[Path]:
    """Where the notebooks of a page are written: the one to download, and the one for Colab."""
    folder = Path(app.outdir, FOLDER)
    return [folder / f"{page.slug}.ipynb", folder / "colab" / f"{page.slug}.ipynb"]


def _launchers(app: Sphinx, name: str) -> Iterator[tuple[str, str, str, str]]:
    """The services that open the notebook ``name`` from the repository's branch: text, tooltip, address and icon."""
    hosts = app.bookwidgets_launch
    repository = urlsplit(_repository(app.config))
    on_github = repository.netloc == "github.com"
    path = repository.path.strip("/")
    if hosts.get("binderhub_url"):
        where = f"gh/{path}" if on_github else f"git/{quote(repository.geturl(), safe='')}"
        opened = f"{where}/{BRANCH}?urlpath=lab/tree/{FOLDER}/{name}"
        yield "Binder", "run_binder", f"{hosts['binderhub_url'].rstrip('/')}/v2/{opened}", "fas fa-rocket"
    if hosts.get("colab_url") and on_github:  # Colab opens notebooks of GitHub only
        opened = f"github/{path}/blob/{BRANCH}/{FOLDER}/colab/{name}"
        yield "Colab", "run_colab", f"{hosts['colab_url'].rstrip('/')}/{opened}", "fas fa-cloud"


def _take_launch_buttons(app: Sphinx, config: Config) -> None:
    """Keep the theme from making its own of ``launch_buttons``: they would open the source, which is no notebook."""
    offered = config.html_theme_options.get("launch_buttons", {})
    app.bookwidgets_launch = {  # type: ignore[attr-defined]  # read when pages are written
        host: offered.pop(host, "") for host in ("binderhub_url", "colab_url")
    }


def setup(app: Sphinx) -> None:
    app.connect("config-inited", _take_launch_buttons)
    app.connect("html-page-context", _write, priority=502)  # after the theme's own buttons
