"""HTML of other systems as Markdown of the bank.

Scripts, styles and what Markdown of the bank has no sign for are left out, and said to be.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bookwidgets.bank.text import escaped

TEX = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]|\$\$(.+?)\$\$", re.DOTALL)
TEX_WITH_DOLLARS = re.compile(TEX.pattern + r"|\$(?=\S)([^$]+?)(?<=\S)\$(?!\d)", re.DOTALL)
LIST = re.compile(r"\A(?:(\d+)([.)])|([-+]))(?=\s|$)")
BLOCKS = {"p", "div", "ul", "ol", "li", "pre", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
EMPTY = {"br", "img", "hr", "input", "meta", "link", "source", "wbr", "col"}
SILENT = {"span", "tbody", "thead", "tr", "td", "th", "font", "small", "center", "section", "wbr"} | BLOCKS
DROPPED = {"script", "style", "iframe", "object", "video", "audio", "svg", "form"}

Tell = Callable[[str], None]  # takes a sentence on what was not understood


@dataclass
class Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)


class _Tree(HTMLParser):
    """Reads HTML as browsers do: what is not closed is closed for it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("div")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"p", "li"} and self.open[-1].tag in {"p", tag}:
            self.open.pop()
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in EMPTY and len(self.open) < 50:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        names = [node.tag for node in self.open]
        if tag in names[1:]:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        children = self.open[-1].children
        if children and isinstance(children[-1], str):  # the parser stops at every <, also where it is a sign
            children[-1] += data
        else:
            children.append(data)


def parsed(text: str) -> Node:
    tree = _Tree()
    tree.feed(text)
    tree.close()
    return tree.open[0]


@dataclass
class Writer:
    """Writes HTML as Markdown. ``dollars``: whether $x$ is a formula there."""

    tell: Tell
    dollars: bool = False

    def blocks(self, text: str) -> str:
        """Paragraphs, lists, code and tables."""
        return "\n\n".join(self._blocks(parsed(text)))

    def line(self, text: str) -> str:
        """One paragraph; several become one, and code on lines of its own becomes code in the line."""
        root = parsed(text)
        if sum(isinstance(node, Node) and node.tag in BLOCKS for node in root.children) > 1:
            self.tell("has several paragraphs where the book has one line: they were joined")
        return _begun(" ".join(self._inline(root).split()))

    def plain(self, text: str) -> str:
        """Text as it stands, for a menu or a field."""
        return " ".join(_words(parsed(text)).split())

    def _blocks(self, node: Node) -> list[str]:
        found: list[str] = []
        loose = Node("p")
        for child in [*node.children, None]:
            if child is not None and (isinstance(child, str) or child.tag not in BLOCKS):
                loose.children.append(child)
                continue
            text = self._inline(loose).strip()
            if text:
                found.append(_begun(text))
            loose = Node("p")
            if child is not None:
                found += self._block(child)
        return found

    def _block(self, node: Node) -> list[str]:
        if node.tag == "pre":
            return [_fenced(_words(node).strip("\n"))]
        if node.tag in {"ul", "ol"}:
            return [self._list(node)]
        if node.tag == "table":
            return [self._table(node)]
        if node.tag == "blockquote":
            return ["\n".join(f"> {line}".rstrip() for line in "\n\n".join(self._blocks(node)).splitlines())]
        return self._blocks(node)

    def _list(self, node: Node) -> str:
        items = [child for child in node.children if isinstance(child, Node)]
        loose = any(isinstance(part, Node) and part.tag == "p" for item in items for part in item.children)
        lines = []
        for n, item in enumerate(items, 1):
            sign = f"{n}. " if node.tag == "ol" else "- "
            inside = "\n\n".join(self._blocks(item)) if loose else "\n".join(self._blocks(item))
            lines.append(sign + inside.replace("\n", "\n" + " " * len(sign)))
        return ("\n\n" if loose else "\n").join(lines)

    def _table(self, node: Node) -> str:
        rows = [[self._inline(cell).strip().replace("|", r"\|") for cell in _all(row, {"td", "th"})]
                for row in _all(node, {"tr"})]  # fmt: skip
        if not rows:
            return ""
        lines = [f"| {' | '.join(row)} |" for row in rows]
        return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])

    def _inline(self, node: Node) -> str:
        return "".join(self._text(child) if isinstance(child, str) else self._element(child) for child in node.children)

    def _text(self, text: str) -> str:
        parts, end = [], 0
        for found in (TEX_WITH_DOLLARS if self.dollars else TEX).finditer(text):
            parts.append(escaped(_level(text[end : found.start()])))
            inline, display, doubled, dollars = (*found.groups(), None)[:4]
            tex = " ".join((inline or display or doubled or dollars or "").split())
            parts.append(f"${tex}$" if inline or dollars else f"$${tex}$$")
            end = found.end()
        return "".join([*parts, escaped(_level(text[end:]))])

    def _element(self, node: Node) -> str:
        if node.tag in DROPPED:
            self.tell(f"had a <{node.tag}>, which was left out")
            return ""
        if node.tag in {"code", "tt", "kbd", "samp", "pre"}:
            return _code(_words(node))
        if node.tag == "img":
            return self._image(node)
        if node.tag == "br":
            return " "
        inside = self._inline(node)
        if node.tag in {"strong", "b", "em", "i"}:
            sign = "**" if node.tag in {"strong", "b"} else "*"
            core = inside.strip()
            return inside.replace(core, f"{sign}{core}{sign}", 1) if core else inside
        if node.tag == "q":
            return f"“{inside}”"
        if node.tag == "a" and re.match(r"https?://[^\s()<>]+$", node.attributes.get("href", "")):
            return f"[{inside}]({node.attributes['href']})"
        if node.tag not in SILENT:
            self.tell(f"had a <{node.tag}>, of which the text alone was kept")
        return f" {inside} " if node.tag in BLOCKS else inside

    def _image(self, node: Node) -> str:
        alt = " ".join(node.attributes.get("alt", "").split()) or "what it shows"
        self.tell(f"had an image: put it into quizzes/images/ and write ![{alt}](images/name.png) in its place")
        return f"({escaped(alt)})"


def _level(text: str) -> str:
    """Text whose spaces and line ends are one space each, as HTML shows them."""
    return re.sub(r"\s+", " ", text)


def _begun(text: str) -> str:
    """A paragraph that is not taken for an entry of a list."""
    return LIST.sub(lambda at: rf"{at[1]}\{at[2]}" if at[1] else rf"\{at[3]}", text, count=1)


def _words(node: Node) -> str:
    """The text as it stands, without marks."""
    if node.tag in DROPPED:
        return ""
    shown = (
        child if isinstance(child, str) else "\n" if child.tag == "br" else _words(child) for child in node.children
    )
    return "".join(shown).replace("\xa0", " ")


def _all(node: Node, tags: set[str]) -> list[Node]:
    """The nodes of these tags below ``node``, but not within each other."""
    found: list[Node] = []
    for child in node.children:
        if isinstance(child, Node):
            found += [child] if child.tag in tags else _all(child, tags)
    return found


def _code(text: str) -> str:
    text = " ".join(text.split("\n"))
    if not text.strip():
        return ""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    room = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{room}{text}{room}{fence}"


def _fenced(text: str) -> str:
    fence = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence}\n{text}\n{fence}"
