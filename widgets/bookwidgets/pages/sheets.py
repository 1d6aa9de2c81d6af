"""One style sheet for what pages have in common, in place of the ten that they link, without the rules nobody uses.

A browser shows nothing, and runs little, before it has fetched and read the theme's and the extensions' half a megabyte
of rules, one file of them only after another has named it. A book uses a quarter of them.
A rule stays if each class and id that its selector needs is a word on some page or in some script of the site. What
cannot be told so stays too.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import tinycss2
from sphinx.application import Sphinx
from tinycss2.ast import AtRule, Comment, HashToken, IdentToken, Node, QualifiedRule

from bookwidgets.pages.assets import MYSTNB

ONE = "bookwidgets/page.css"
SHEETS = (
    "styles/theme.css", "styles/pydata-sphinx-theme.css", "pygments.css", "styles/sphinx-book-theme.css",
    "togglebutton.css", "copybutton.css", MYSTNB, "sphinx-design.min.css", "bookwidgets/book.css",
    "bookwidgets/quiz.css",
)  # fmt: skip
LINK = re.compile(r'\s*<link\b[^>]*href="(?P<static>[^"]*?_static/)(?P<name>[^"?]*)[^"]*"[^>]*>')
# Pages are written before it is known what the sheet holds: its mark, which tells a browser of a new one, comes last.
MARK = re.compile(rf"(?<={re.escape(ONE)}\?v=)[0-9a-f]{{8}}")

WORD = re.compile(r"[\w-]+")
ADDRESS = re.compile(r"""url\(\s*(["']?)(?![\w+.-]+:|[/#])([^"')]+)\1\s*\)""")
GROUPS = {"container", "layer", "media", "supports"}  # what holds rules of its own
IMPORTED = re.compile(r"""@import\s+(?:url\(\s*)?["']?([^"')]+)["']?\s*\)?\s*;""")


def in_one(links: Iterable[str]) -> list[str]:
    """The links to style sheets of a page's head, in their order; those to SHEETS are one, the first."""
    found = [(link, LINK.match(link)) for link in links]
    ours = [match for _, match in found if match and match["name"] in SHEETS]
    others = [link for link, match in found if match not in ours]
    if not ours:
        return others
    return [f'\n    <link rel="stylesheet" href="{ours[0]["static"]}{ONE}?v={"0" * 8}" />', *others]


def needed(sheet: str, words: set[str]) -> str:
    """``sheet`` without the rules whose selectors need a class or an id that is none of ``words``.

    Of its comments those stay that ask for it by an exclamation mark: licences.
    """
    return "".join(_needed(tinycss2.parse_stylesheet(sheet, skip_whitespace=True), words))


def _needed(nodes: Iterable[Node], words: set[str]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, QualifiedRule):
            if kept := [selector for selector in _selectors(node.prelude) if _names(selector) <= words]:
                selectors = ",".join(tinycss2.serialize(selector).strip() for selector in kept)
                yield f"{selectors}{{{tinycss2.serialize(node.content).strip()}}}\n"
        elif isinstance(node, AtRule) and node.content is not None and node.lower_at_keyword in GROUPS:
            inner = tinycss2.parse_rule_list(node.content, skip_whitespace=True)
            if kept := "".join(_needed(inner, words)):
                yield f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}{{{kept}}}\n"
        elif not isinstance(node, Comment) or node.value.startswith("!"):
            yield f"{node.serialize()}\n"


def _selectors(prelude: list[Node]) -> list[list[Node]]:
    selectors: list[list[Node]] = [[]]
    for node in prelude:
        if node == ",":
            selectors.append([])
        else:
            selectors[-1].append(node)
    return selectors


def _names(selector: list[Node]) -> set[str]:
    """The words in the classes and ids that a match must have: what stands in :not(), :is() and [] tells nothing."""
    classes = [node.value for before, node in pairwise(selector) if before == "." and isinstance(node, IdentToken)]
    ids = [node.value for node in selector if isinstance(node, HashToken)]
    return {word for name in [*classes, *ids] for word in WORD.findall(name)}


def _read(static: Path, name: str) -> str:
    """A sheet with those that it imports, its addresses as seen from ONE."""
    folder = posixpath.dirname(name)

    def imported(match: re.Match[str]) -> str:
        return _read(static, posixpath.normpath(posixpath.join(folder, match[1])))

    def moved(match: re.Match[str]) -> str:
        return f"url({match[1]}{posixpath.relpath(posixpath.join(folder, match[2]), posixpath.dirname(ONE))}{match[1]})"

    text = ADDRESS.sub(moved, (static / name).read_text(encoding="utf-8"))
    return IMPORTED.sub(imported, text)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    site, static = Path(app.outdir), Path(app.outdir, "_static")
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html") if static not in path.parents}
    scripts = [*static.glob("*.js"), *static.glob("scripts/*.js"), *static.glob("bookwidgets/**/*.js")]
    texts = [*pages.values(), *(path.read_text(encoding="utf-8") for path in scripts)]
    words = {word for text in texts for word in WORD.findall(text)}
    sheets = {name: _read(static, name) for name in SHEETS if (static / name).is_file()}
    # Our own are all needed, and our scripts put names of classes together that are no words anywhere.
    sheet = "".join(text if name.startswith("bookwidgets/") else needed(text, words) for name, text in sheets.items())
    (static / ONE).write_text(sheet, encoding="utf-8")
    mark = hashlib.sha256(sheet.encode()).hexdigest()[:8]
    for path, text in pages.items():
        if (marked := MARK.sub(mark, text)) != text:
            path.write_text(marked, encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("build-finished", _write, priority=900)  # after the theme has written the colours of programs
