"""One source file of the book, read without Sphinx: its sections, concepts and quiz cells."""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin

from bookwidgets.bank.faults import Fault

DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)")
ROLE_TARGET = re.compile(r"(?:.*<)?([^<>]+)>?", re.DOTALL)  # "id" or "words <id>"
MAGIC = re.compile(r"^(\s*)(%{1,2}[A-Za-z]|!).*$", re.MULTILINE)  # IPython's own commands


@dataclass(frozen=True)
class Concept:
    """A notion that the book defines: its place, and the ids of what to learn before and what belongs beside it."""

    id: str
    title: str
    after: tuple[str, ...]
    related: tuple[str, ...]
    tags: tuple[str, ...]
    definition: str
    file: str
    line: int
    option_lines: dict[str, int] = field(default_factory=dict, repr=False)  # where :after: and the like stand
    definition_line: int = field(default=0, repr=False)

    def line_of(self, option: str) -> int:
        """The line of an option such as ``after``, or of the definition where it has none of its own."""
        return self.option_lines.get(option, self.line)


@dataclass
class Page:
    """One source file of the book: a chapter, the landing page or an appendix."""

    name: str  # without its ending, relative to the book: chapters/what-is-alignment
    file: str
    title: str = ""
    labels: dict[str, int] = field(default_factory=dict)
    concepts: list[Concept] = field(default_factory=list)
    quizzes: list[tuple[str, int]] = field(default_factory=list)  # what a quiz cell or directive asks for, and its line
    mentions: list[tuple[str, int]] = field(default_factory=list)  # ids in {concept} roles
    imports: set[str] = field(default_factory=set)  # modules that its cells import
    strings: set[str] = field(default_factory=set)  # string constants of its cells: some name files that they read
    directives: set[str] = field(default_factory=set)
    part: str = ""  # the caption of its part in the table of contents
    headings: dict[str, str] = field(default_factory=dict)  # the title below a label, where there is one

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]

    @property
    def slug(self) -> str:
        return self.name.rpartition("/")[2]


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark").use(front_matter_plugin).use(myst_block_plugin).use(colon_fence_plugin)
    return markdown.use(dollarmath_plugin, allow_labels=True)


_MARKDOWN = _parser()


def read_page(page: Page, text: str, offset: int = 0) -> Iterator[Fault]:
    """Note what ``text``, which starts ``offset`` lines into the page, defines and asks for."""
    tokens = _MARKDOWN.parse(text)
    for position, token in enumerate(tokens):
        line = offset + (token.map[0] if token.map else 0) + 1
        if token.type == "myst_target":
            page.labels.setdefault(token.content, line)
            if position + 2 < len(tokens) and tokens[position + 1].type == "heading_open":
                page.headings.setdefault(token.content, _plain(tokens[position + 2]))
        elif token.type == "math_block_label":
            page.labels.setdefault(token.info, line)
        elif token.type == "heading_open" and token.tag == "h1" and not page.title:
            page.title = _plain(tokens[position + 1])
        elif token.type == "inline":
            page.mentions += _mentions(token.children or [], line)
        elif token.type in {"fence", "colon_fence"}:
            directive = DIRECTIVE.fullmatch(token.info.strip())
            if directive:
                yield from _read_directive(page, *directive.groups(), token.content, line)


def _plain(inline: Token) -> str:
    """The words of a heading without its markup."""
    return "".join(" " if child.type == "softbreak" else child.content for child in inline.children or [])


def _mentions(children: Sequence[Token], line: int) -> Iterator[tuple[str, int]]:
    """The ids in ``{concept}`` roles of a paragraph that begins in ``line``, each with its own line.

    A role is a text that ends with its name, then a code span; one that is quoted stands within a code span.
    """
    before = ""
    for child in children:
        target = ROLE_TARGET.fullmatch(child.content) if child.type == "code_inline" else None
        if target and before.endswith("{concept}"):
            yield target[1], line
        line += child.type in {"softbreak", "hardbreak"}
        before = child.content if child.type == "text" else ""


def _read_directive(page: Page, name: str, argument: str, content: str, line: int) -> Iterator[Fault]:
    options, body, skipped = _options(content)
    page.directives.add(name)
    figure = options["mystnb"].get("figure") if isinstance(options.get("mystnb"), dict) else None
    for labelled in [options, figure] if isinstance(figure, dict) else [options]:
        for key in ["name", "label"]:
            if isinstance(labelled.get(key), str):
                page.labels.setdefault(labelled[key], line)
    if name == "code-cell":
        yield from _read_cell(page, body, line + 1 + skipped)
    elif name == "quiz":
        page.quizzes += [(found, line) for found in argument.split()]
    elif name not in {"code-block", "code", "math", "literalinclude", "raw"}:
        if name == "concept":
            page.concepts.append(_concept(page, argument, options, content, line))
        yield from read_page(page, body, line + skipped)


def _concept(page: Page, argument: str, options: dict[str, Any], content: str, line: int) -> Concept:
    lists = {key: tuple(filter(None, re.split(r"[,\s]+", str(options.get(key) or "")))) for key in ["after", "related"]}
    tags = tuple(filter(None, re.split(r"\s*,\s*", str(options.get("tags") or ""))))
    written = [re.match(r"\s*:?([\w-]+):", text) for text in content.split("\n")]
    lines = {match[1]: line + number for number, match in enumerate(written, 1) if match and match[1] in options}
    _, body, skipped = _options(content)
    before = body[: len(body) - len(body.lstrip())].count("\n")
    return Concept(
        argument.strip(),
        str(options.get("title") or argument),
        **lists,
        tags=tags,
        definition=body.strip(),
        file=page.file,
        line=line,
        option_lines=lines,
        definition_line=line + 1 + skipped + before,
    )


def _options(content: str) -> tuple[dict[str, Any], str, int]:
    """A directive's options, its body, and how many lines the options took."""
    lines = content.split("\n")
    if lines[0].strip() == "---":
        end = next((i for i, text in enumerate(lines[1:], 1) if text.strip() == "---"), None)
        if end is not None:
            try:
                options = yaml.safe_load("\n".join(lines[1:end]))
            except (yaml.YAMLError, ValueError):
                options = {}  # MyST reports it, with its own words, when it renders the page
            return options if isinstance(options, dict) else {}, "\n".join(lines[end + 1 :]), end + 1
    count = 0
    options = {}
    while count < len(lines) and (match := re.match(r":([\w-]+):\s*(.*)", lines[count])):
        options[match[1]] = match[2]
        count += 1
    return options, "\n".join(lines[count:]), count


def _read_cell(page: Page, source: str, line: int) -> Iterator[Fault]:
    """Note what a code cell imports and which questions it shows."""
    try:
        tree = _parsed(source)
    except SyntaxError as error:
        if not source.lstrip().startswith("%%"):  # a cell magic, whose cell may hold another language
            yield Fault(page.file, line + (error.lineno or 1) - 1, "code cell", f"is not valid Python: {error.msg}")
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            page.imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            page.imports |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            page.strings.add(node.value)
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called == "quiz":
                yield from _read_quiz_call(page, node, line + node.lineno - 1)
            elif called == "use":
                page.imports |= _style_packages(node)


def _parsed(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they belong to whoever runs the cell
        try:
            return ast.parse(source)
        except SyntaxError:
            return ast.parse(MAGIC.sub(r"\1pass", source))


def _style_packages(call: ast.Call) -> set[str]:
    """The packages whose styles ``plt.style.use`` names: "tinylab.book" lies in tinylab, without an import of it."""
    names = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {name.rpartition(".")[0] for name in names if "." in name and not name.endswith(".mplstyle")}


def _read_quiz_call(page: Page, call: ast.Call, line: int) -> Iterator[Fault]:
    names = [getattr(argument, "value", None) for argument in call.args]
    if not names or not all(isinstance(name, str) for name in names):
        message = "must name its questions as plain strings, quiz('some-id'), so that they can be checked"
        yield Fault(page.file, line, "quiz cell", message)
    page.quizzes += [(name, line) for name in names if isinstance(name, str)]
