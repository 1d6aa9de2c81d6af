"""The course as its source files tell it: chapters in order, their sections, concepts and quiz cells.

Read without Sphinx, so that a check takes a second and works in an editor.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin

from bookwidgets.bank.faults import BookError, Fault
from bookwidgets.bank.yaml_lines import read_yaml

DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)")
CONCEPT_ROLE = re.compile(r"\{concept\}`(?:[^`<]*<)?([\w-]+)>?`")


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

    @property
    def slug(self) -> str:
        return self.name.rpartition("/")[2]


@dataclass
class Course:
    """The pages of a book in the order of its table of contents."""

    root: Path
    pages: dict[str, Page] = field(default_factory=dict)

    @property
    def chapters(self) -> dict[str, Page]:
        """The pages below chapters/ by slug, in order."""
        return {page.slug: page for page in self.pages.values() if page.name.startswith("chapters/")}

    @property
    def concepts(self) -> dict[str, Concept]:
        """All concepts by id, in the order in which the book defines them; the first definition of an id counts."""
        found: dict[str, Concept] = {}
        for page in self.pages.values():
            for concept in page.concepts:
                found.setdefault(concept.id, concept)
        return found


def find_book(start: Path | None = None) -> Path:
    """The folder that holds ``_toc.yml`` and ``quizzes/``, at or above ``start`` (default: the working directory)."""
    start = (start or Path.cwd()).resolve()
    for folder in [start, *start.parents]:
        if (folder / "_toc.yml").is_file() and (folder / "quizzes").is_dir():
            return folder
    raise FileNotFoundError(f"no book at or above {start}: a book has _toc.yml and quizzes/")


def scan(root: Path) -> tuple[Course, list[Fault]]:
    """Read every page that the table of contents lists, and say what could not be read."""
    course, faults = Course(root), []
    try:
        toc, lines = read_yaml(root / "_toc.yml", "_toc.yml")
    except FileNotFoundError:
        return course, [Fault("_toc.yml", 1, "", "does not exist: list the book's pages in it")]
    except BookError as error:
        return course, error.faults
    for name, path in _entries(toc, ()):
        line = lines[path]
        if name in course.pages:
            faults.append(Fault("_toc.yml", line, "", f"lists '{name}' twice: keep one"))
            continue
        source = root / f"{name.removesuffix('.md')}.md"
        if not source.is_file():
            faults.append(
                Fault("_toc.yml", line, "", f"lists '{name}', but {name}.md does not exist: add it or drop the line")
            )
            continue
        page = Page(name.removesuffix(".md"), source.relative_to(root).as_posix())
        faults += _read_page(page, source.read_text(encoding="utf-8"))
        course.pages[page.name] = page
    return course, faults


def _entries(toc: Any, path: tuple[int | str, ...]) -> Iterator[tuple[str, tuple[int | str, ...]]]:
    """The pages of a table of contents and where each stands in it, in reading order."""
    if isinstance(toc, dict):
        for key in ["root", "file"]:
            if isinstance(toc.get(key), str):
                yield toc[key], (*path, key)
        for key in ["parts", "subtrees", "chapters", "sections", "entries"]:
            yield from _entries(toc.get(key), (*path, key))
    elif isinstance(toc, list):
        for position, child in enumerate(toc):
            yield from _entries(child, (*path, position))


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark").use(front_matter_plugin).use(myst_block_plugin).use(colon_fence_plugin)
    return markdown.use(dollarmath_plugin, allow_labels=True)


_MARKDOWN = _parser()


def _read_page(page: Page, text: str, offset: int = 0) -> Iterator[Fault]:
    """Note what ``text``, which starts ``offset`` lines into the page, defines and asks for."""
    tokens = _MARKDOWN.parse(text)
    for position, token in enumerate(tokens):
        line = offset + (token.map[0] if token.map else 0) + 1
        if token.type == "myst_target":
            page.labels.setdefault(token.content, line)
        elif token.type == "math_block_label":
            page.labels.setdefault(token.info, line)
        elif token.type == "heading_open" and token.tag == "h1" and not page.title:
            page.title = tokens[position + 1].content
        elif token.type == "inline":
            page.mentions += [(found, line) for found in CONCEPT_ROLE.findall(token.content)]
        elif token.type in {"fence", "colon_fence"}:
            directive = DIRECTIVE.fullmatch(token.info.strip())
            if directive:
                yield from _read_directive(page, *directive.groups(), token.content, line)


def _read_directive(page: Page, name: str, argument: str, content: str, line: int) -> Iterator[Fault]:
    options, body, skipped = _options(content)
    page.directives.add(name)
    for key in ["name", "label"]:
        if isinstance(options.get(key), str):
            page.labels.setdefault(options[key], line)
    if name == "code-cell":
        figure = (options.get("mystnb") or {}).get("figure") or {} if isinstance(options.get("mystnb"), dict) else {}
        if "name" in figure:
            page.labels.setdefault(figure["name"], line)
        yield from _read_cell(page, body, line + 1 + skipped)
    elif name == "concept":
        split = {key: tuple(re.split(r"\s*,\s*", str(options.get(key) or ""))) for key in ["after", "related", "tags"]}
        lists = {key: tuple(filter(None, values)) for key, values in split.items()}
        title = str(options.get("title") or argument)
        page.concepts.append(
            Concept(argument.strip(), title, **lists, definition=body.strip(), file=page.file, line=line)
        )
        page.mentions += [(found, line) for found in CONCEPT_ROLE.findall(body)]
    elif name == "quiz":
        page.quizzes += [(found, line) for found in argument.split()]
    elif name not in {"code-block", "code", "math", "literalinclude", "raw"}:
        yield from _read_page(page, body, line + skipped)


def _options(content: str) -> tuple[dict[str, Any], str, int]:
    """A directive's options, its body, and how many lines the options took."""
    lines = content.split("\n")
    if lines and lines[0].strip() == "---":
        end = next((i for i, text in enumerate(lines[1:], 1) if text.strip() == "---"), None)
        if end is not None:
            try:
                options = yaml.safe_load("\n".join(lines[1:end]))
            except yaml.YAMLError:
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
    plain = re.sub(r"^\s*[%!].*$", "pass", source, flags=re.MULTILINE)  # IPython's own commands
    try:
        tree = ast.parse(plain)
    except SyntaxError as error:
        at = line + (error.lineno or 1) - 1
        yield Fault(page.file, at, "code cell", f"is not valid Python: {error.msg}")
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            page.imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            page.imports |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            page.strings.add(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "use":
            # matplotlib finds the style "tinylab.book" beside the package tinylab, without an import of it.
            styles = [a.value for a in node.args if isinstance(a, ast.Constant) and "." in str(a.value)]
            page.imports |= {style.rpartition(".")[0] for style in styles if not style.endswith(".mplstyle")}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "quiz":
            yield from _read_quiz_call(page, node, line + node.lineno - 1)


def _read_quiz_call(page: Page, call: ast.Call, line: int) -> Iterator[Fault]:
    for argument in call.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            page.quizzes.append((argument.value, line))
        else:
            yield Fault(
                page.file, line, "quiz cell", "must name its questions as plain strings, quiz('some-id'), to be checked"
            )
