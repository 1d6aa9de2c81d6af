"""A resolved document as plain Markdown, for notebook front ends that know nothing of MyST.

Roles and directives are gone by the time a document is resolved: references have their words, citations their names,
equations their numbers. What is left is written with the Markdown that every front end shows: headings, lists, quotes,
tables, images, TeX between dollars. A node that has no such form is an error, so that nothing is lost in silence.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urljoin, urlsplit

from docutils import nodes
from sphinx import addnodes

# Markdown's own signs, and the dollar that would open a formula.
SIGNS = re.compile(r"([\\`*_\[\]<>$#|])")
FORMULA = re.compile(r"(?<!\\)\$[^$]+\$")
CODE = re.compile(r"`[^`]+`")
ITEM_START = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+])(?=\s|$)", flags=re.MULTILINE)


class Unwritable(Exception):
    """A node that plain Markdown has no form for; ``node`` knows its place."""

    def __init__(self, node: nodes.Node) -> None:
        super().__init__(f"a notebook cannot show this ({type(node).__name__}): {node.astext()[:60]!r}")
        self.node = node


@dataclass
class Markdown:
    """Writes nodes of one page, whose address on the site is ``address``."""

    address: str
    numbers: dict[str, str] = field(default_factory=dict)  # by ids, of figures, tables, equations: "Fig. 3", "7.1"
    picture: Callable[[str], str] = str  # an SVG of the page as one that stands alone

    def blocks(self, parent: nodes.Node, level: int = 0) -> str:
        """The block-level children of ``parent``, with an empty line between them."""
        return "\n\n".join(filter(None, (self.block(child, level) for child in parent.children)))

    def block(self, node: nodes.Node, level: int = 0) -> str:
        if isinstance(node, nodes.Element) and "bw-see" in node["classes"]:
            return ""  # of a question, which only its cell can ask in a notebook
        writer = getattr(self, f"_block_{type(node).__name__}", None)
        if writer is not None:
            return writer(node, level)
        if isinstance(node, nodes.Admonition):
            return self._admonition(node, level)
        if isinstance(node, (nodes.Invisible, nodes.target, nodes.substitution_definition)):
            return ""
        raise Unwritable(node)

    def inline(self, parent: nodes.Node) -> str:
        return "".join(map(self._inline, parent.children))

    # Blocks

    def _block_section(self, node: nodes.section, level: int) -> str:
        return self.blocks(node, level + 1)

    def _block_title(self, node: nodes.title, level: int) -> str:
        return f"{'#' * level} {self.inline(node)}"

    def _block_paragraph(self, node: nodes.paragraph, level: int) -> str:
        return ITEM_START.sub(
            lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", self.inline(node)
        )

    def _block_rubric(self, node: nodes.rubric, level: int) -> str:
        return f"**{self.inline(node)}**"

    def _block_container(self, node: nodes.container, level: int) -> str:
        text = self.blocks(node, level)
        return quoted(text) if "concept" in node["classes"] else text

    _block_compound = _block_tabular_col_spec = _block_container

    def _block_block_quote(self, node: nodes.block_quote, level: int) -> str:
        return quoted(self.blocks(node, level))

    _block_epigraph = _block_block_quote

    def _block_attribution(self, node: nodes.attribution, level: int) -> str:
        return f"— {self.inline(node)}"

    def _admonition(self, node: nodes.Admonition, level: int) -> str:
        kind = type(node).__name__
        titled = isinstance(node.children[0], nodes.title)
        title = self.inline(node.children[0]) if titled else kind.replace("seealso", "see also").capitalize()
        body = "\n\n".join(filter(None, (self.block(child, level) for child in node.children[titled:])))
        return quoted(f"**{title}**\n\n{body}")

    def _block_dropdown_main(self, node: nodes.Element, level: int) -> str:
        title, *body = node.children
        summary = "".join(text for text in title.findall(nodes.Text) if not isinstance(text.parent, nodes.raw))
        text = "\n\n".join(self.block(child, level) for child in body)
        return f"<details>\n<summary>{escape(summary)}</summary>\n\n{text}\n\n</details>"

    def _block_sd_tab_input(self, node: nodes.Element, level: int) -> str:
        return ""

    def _block_sd_tab_label(self, node: nodes.Element, level: int) -> str:
        return f"**{self.inline(node)}**"

    def _block_bullet_list(self, node: nodes.bullet_list, level: int) -> str:
        return self._list(node, level, lambda position: "- ")

    def _block_enumerated_list(self, node: nodes.enumerated_list, level: int) -> str:
        return self._list(node, level, lambda position: f"{node.get('start', 1) + position}. ")

    def _list(self, node: nodes.Element, level: int, mark: Callable[[int], str]) -> str:
        items = (hanging(mark(n), self.blocks(item, level)) for n, item in enumerate(node.children))
        return "\n".join(items)

    def _block_definition_list(self, node: nodes.definition_list, level: int) -> str:
        return "\n".join(
            hanging("- ", f"**{self.inline(item[0])}** {self.blocks(item[-1], level)}") for item in node.children
        )

    def _block_literal_block(self, node: nodes.literal_block, level: int) -> str:
        return f"```{node.get('language', '')}\n{node.astext().rstrip()}\n```"

    def _block_math_block(self, node: nodes.math_block, level: int) -> str:
        number = self._number(node) or node.get("number")
        tag = rf" \tag{{{number}}}" if number else ""
        return f"$$\n{node.astext().strip()}{tag}\n$$"

    def _block_transition(self, node: nodes.transition, level: int) -> str:
        return "---"

    def _block_table(self, node: nodes.table, level: int) -> str:
        rows = [[self._cell(entry) for entry in row.children] for row in node.findall(nodes.row)]
        rule = ["---"] * len(rows[0])
        lines = ["| " + " | ".join(row) + " |" for row in [rows[0], rule, *rows[1:]]]
        return "\n\n".join(filter(None, [self._caption(node), "\n".join(lines)]))

    def _cell(self, entry: nodes.entry) -> str:
        """In a table a bar ends the cell, in code and formulas too."""
        text = " ".join(self.inline(child) for child in entry.children).replace("\n", " ")
        text = FORMULA.sub(lambda match: match[0].replace(r"\|", r"\Vert ").replace("|", r"\vert "), text)
        return CODE.sub(lambda match: match[0].replace("|", r"\|"), text)

    def _block_figure(self, node: nodes.figure, level: int) -> str:
        shown = [self.block(child, level) for child in node.children if not isinstance(child, nodes.caption)]
        return "\n\n".join(filter(None, [*shown, self._caption(node)]))

    def _caption(self, node: nodes.Element) -> str:
        """The caption of a figure or table, after what it is called."""
        called = self._number(node)
        captions = [child for child in node.children if isinstance(child, (nodes.caption, nodes.title))]
        words = "".join(self.inline(caption) for caption in captions)
        return " ".join(filter(None, [f"**{called}.**" if called else "", words]))

    def _number(self, node: nodes.Element) -> str:
        return next((self.numbers[name] for name in node["ids"] if name in self.numbers), "")

    def _block_caption(self, node: nodes.caption, level: int) -> str:
        return self.inline(node)

    def _block_legend(self, node: nodes.legend, level: int) -> str:
        return self.blocks(node, level)

    def _block_image(self, node: nodes.image, level: int) -> str:
        return self._image(node)

    def _block_raw(self, node: nodes.raw, level: int) -> str:
        """Drawings go in as they are, in a tag: JupyterLab shows no attached SVG, markdown-it none by its address.

        Other raw HTML is ours, and says again in a page what a cell shows itself.
        """
        markup = node.astext()
        if not markup.startswith("<svg"):
            return ""
        alt = re.search(r'aria-label="([^"]*)"', markup)
        drawing = b64encode(self.picture(markup).encode()).decode()
        return f'<img alt="{alt[1] if alt else ""}" src="data:image/svg+xml;base64,{drawing}">'

    # Within a line

    def _inline(self, node: nodes.Node) -> str:
        writer = getattr(self, f"_inline_{type(node).__name__}", None)
        if writer is not None:
            return writer(node)
        if isinstance(node, (nodes.Invisible, nodes.target)):
            return ""
        raise Unwritable(node)

    def _inline_Text(self, node: nodes.Text) -> str:
        return SIGNS.sub(r"\\\1", node.astext())

    def _inline_emphasis(self, node: nodes.Element) -> str:
        return marked("*", self.inline(node))

    _inline_title_reference = _inline_emphasis

    def _inline_strong(self, node: nodes.Element) -> str:
        return marked("**", self.inline(node))

    def _inline_literal(self, node: nodes.literal) -> str:
        text = node.astext()
        longest = max(map(len, re.findall("`+", text)), default=0)
        fence = "`" * (longest + 1)
        return f"{fence} {text} {fence}" if longest else f"{fence}{text}{fence}"

    def _inline_math(self, node: nodes.math) -> str:
        return f"${node.astext().strip()}$"

    def _inline_inline(self, node: nodes.inline) -> str:
        return self.inline(node)

    _inline_abbreviation = _inline_generated = _inline_paragraph = _inline_inline

    def _inline_superscript(self, node: nodes.superscript) -> str:
        return f"<sup>{self.inline(node)}</sup>"

    def _inline_subscript(self, node: nodes.subscript) -> str:
        return f"<sub>{self.inline(node)}</sub>"

    def _inline_reference(self, node: nodes.reference) -> str:
        words = self.inline(node)
        address = urljoin(self.address, node["refuri"] if "refuri" in node else f"#{node['refid']}")
        return f"[{words}]({address})" if urlsplit(address).scheme in {"http", "https", "mailto"} else words

    _inline_number_reference = _inline_reference

    def _inline_image(self, node: nodes.image) -> str:
        return self._image(node)

    def _image(self, node: nodes.image) -> str:
        return f"![{node.get('alt', '')}]({urljoin(self.address, node['uri'])})"

    def _inline_footnote_reference(self, node: nodes.footnote_reference) -> str:
        return f"<sup>{node.astext()}</sup>"

    def _block_footnote(self, node: nodes.footnote, level: int) -> str:
        label, *text = node.children
        return f"<sup>{label.astext()}</sup> " + "\n\n".join(self.block(child, level) for child in text)

    def _inline_raw(self, node: nodes.raw) -> str:
        return ""

    def _inline_index(self, node: addnodes.index) -> str:
        return ""

    def _block_index(self, node: addnodes.index, level: int) -> str:
        return ""


def marked(sign: str, text: str) -> str:
    """Text between signs, which must touch it: the space beside it stays outside."""
    words = text.strip()
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{sign}{words}{sign}{after}" if words else text


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def hanging(mark: str, text: str) -> str:
    """A list item: its mark before the first line, the other lines below the first one's text."""
    return mark + text.replace("\n", "\n" + " " * len(mark)).replace("\n" + " " * len(mark) + "\n", "\n\n")


def pieces(document: nodes.document) -> Iterator[tuple[nodes.Node, int]]:
    """The blocks of a document in reading order, out of their sections, with the level of the section they stand in."""

    def walk(parent: nodes.Node, level: int) -> Iterator[tuple[nodes.Node, int]]:
        for child in parent.children:
            if isinstance(child, nodes.section):
                yield from walk(child, level + 1)
            else:
                yield child, level

    yield from walk(document, 0)
