"""What shapes a page besides its own source file, as one fingerprint.

A page is read again when its fingerprint changes, whatever happened to files and dates.
What only shapes a page's cells is fingerprinted apart, because it means executing them again.
"""

import ast
import hashlib
import importlib.util
import json
import re
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from bookwidgets.bank.check import Book
from bookwidgets.bank.course import Page

# What these modules render is rendered again from the bank when a page is read: no output that is kept depends on them.
RENDERED_LATER = ("bookwidgets.bank", "bookwidgets.static")
ALWAYS = {"ipykernel"}  # runs every cell


def page_inputs(book: Book, page: Page) -> str:
    """The fingerprint of everything outside its file that ``page`` shows."""
    shown = [book.bank.find((name,)) for name, _ in page.quizzes]
    questions = [question.model_dump_json() for found in shown for question in found]
    ideas = {option.misconception for found in shown for question in found for option in question.options}
    misconceptions = {name: book.bank.misconceptions[name].says for name in sorted(ideas - {None})}
    concepts = book.course.concepts
    if "concept-list" in page.directives:
        neighbours = [repr(concept) for concept in concepts.values()]
    else:
        defined = {concept.id for concept in page.concepts}
        near = [c for c in concepts.values() if c.id in defined or defined & {*c.after, *c.related}]
        named = [concepts[name] for name, _ in page.mentions]
        named += [concepts[other] for c in page.concepts for other in c.after + c.related]
        neighbours = sorted({repr((c.id, c.title, c.after, c.related)) for c in near + named})
    return _digest([questions, misconceptions, neighbours, execution_inputs(book, page)])


def execution_inputs(book: Book, page: Page) -> str:
    """The fingerprint of everything outside its file that shapes what the cells of ``page`` put out.

    That is Python, the book's own modules and style sheets that the cells import, directly or through each other,
    and the pins of the packages that these import.
    """
    modules, packages = _reached(frozenset(page.imports), book.course.root)
    parts = [sys.version, sorted(_pins(book.course.root, packages | ALWAYS).items())]
    for path in modules:
        parts.append([path.name, path.read_text(encoding="utf-8")])
        # A style sheet of matplotlib lies beside the module through which cells name it.
        parts += [sheet.read_text(encoding="utf-8") for sheet in sorted(path.parent.glob("*.mplstyle"))]
    return _digest(parts)


def _digest(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _reached(names: Iterable[str], root: Path) -> tuple[list[Path], set[str]]:
    """The book's own modules behind ``names``, and the names of the other packages that they import."""
    own: dict[str, Path] = {}
    packages: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in own or name.startswith(RENDERED_LATER):
            continue
        path = _own_module(name, root)
        if path is None:
            packages.add(name.partition(".")[0])
            continue
        own[name] = path
        waiting += _imports(path, path.stat().st_mtime_ns)
        if "." in name:
            waiting.append(name.rpartition(".")[0])
    return sorted(own.values()), packages - {"bookwidgets"}


def _own_module(name: str, root: Path) -> Path | None:
    """The file of module ``name`` when it is the book's own: below its folder, but not in an environment there."""
    top = importlib.util.find_spec(name.partition(".")[0])
    if top is None or not top.origin:
        return None
    folder = Path(top.origin).parent
    if not folder.is_relative_to(root) and name.partition(".")[0] != "bookwidgets" or "site-packages" in folder.parts:
        return None
    base = folder.joinpath(*name.split(".")[1:])
    candidates = [base / "__init__.py", base.with_suffix(".py")]
    # `from tinylab.world import TASKS` names the module and something in it: the first is found, the second is not.
    return next((path for path in candidates if path.is_file()), None)


@lru_cache
def _imports(path: Path, version: int) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def _pins(root: Path, modules: set[str]) -> dict[str, str]:
    """The version of every package behind ``modules``, its own needs included: as pinned, else as installed."""
    pinned: dict[str, str] = {}
    for name in ["requirements.txt", "constraints.txt"]:
        path = root / name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        pinned |= {_normal(n): v for n, v in re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==(\S+)", text, flags=re.MULTILINE)}
    distributions = metadata.packages_distributions()
    waiting = [name for module in modules for name in distributions.get(module, [])]
    versions: dict[str, str] = {}
    while waiting:
        name = _normal(waiting.pop())
        if name in versions:
            continue
        try:
            installed = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # an optional need that is not installed cannot shape anything
        versions[name] = pinned.get(name, installed.version)
        needs = [need for need in installed.requires or [] if "extra ==" not in need]
        waiting += [re.match(r"[\w.-]+", need)[0] for need in needs]
    return versions


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _outdated(app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set) -> Sequence[str]:
    """The pages that something other than their own file has changed."""
    pages = app.bookwidgets_book.course.pages
    now = {name: page_inputs(app.bookwidgets_book, page) for name, page in pages.items()}
    before = getattr(env, "bookwidgets_inputs", {})
    env.bookwidgets_inputs = now
    return [name for name in env.found_docs if now.get(name) != before.get(name)]


def setup(app: Sphinx) -> None:
    app.connect("env-get-outdated", _outdated)
