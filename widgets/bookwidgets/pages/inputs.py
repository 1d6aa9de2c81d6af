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
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import bookwidgets
from bookwidgets.bank.check import Book
from bookwidgets.bank.course import Page

# What these modules render is rendered again from the bank when a page is read: no output that is kept depends on them.
RENDERED_LATER = ("bookwidgets.bank", "bookwidgets.static")
ALWAYS = {"ipykernel"}  # runs every cell
PIN = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==(\S+)", flags=re.MULTILINE)


def page_inputs(book: Book, page: Page) -> str:
    """The fingerprint of everything outside its file that ``page`` shows."""
    listed = book.course.chapters
    shown = [
        [question for question in book.bank.find((name,)) if book.bank.chapter(question.id) in listed]
        for name, _ in page.quizzes
    ]
    questions = [question.model_dump_json() for found in shown for question in found]
    ideas = {idea for found in shown for question in found for idea in question.ideas().values()}
    misconceptions = {name: book.bank.misconceptions[name].model_dump() for name in sorted(ideas)}
    concepts = book.course.concepts
    if "concept-list" in page.directives:
        neighbours = [repr(concept) for concept in concepts.values()]
    else:
        defined = {concept.id for concept in page.concepts}
        near = [c for c in concepts.values() if c.id in defined or defined & {*c.after, *c.related}]
        named = [concepts[name] for name, _ in page.mentions if name in concepts]
        named += [concepts[other] for c in page.concepts for other in c.after + c.related if other in concepts]
        asked = {name for found in shown for question in found for name in question.concepts}
        named += [concepts[name] for name in sorted(asked) if name in concepts]
        neighbours = sorted({repr((c.id, c.title, c.after, c.related)) for c in near + named})
    if "practice-exam" in page.directives:  # lists the chapters with questions, and may name chapters and concepts
        neighbours += [f"{slug} {len(book.bank.of_chapter(slug))}" for slug in book.course.chapters] + list(concepts)
    if "concept-map" in page.directives:
        neighbours += [repr((c.id, c.title, c.after)) for c in concepts.values()]
        neighbours += [f"{chapter.part}/{chapter.title}" for chapter in book.course.chapters.values()]
    return _digest([questions, misconceptions, neighbours, execution_inputs(book, page)])


def execution_inputs(book: Book, page: Page) -> str:
    """The fingerprint of everything outside its file that shapes what the cells of ``page`` put out.

    That is Python, the book's own modules that the cells import, directly or through each other, with the style sheets
    beside them, the files that the cells name, and the pins of the packages that all of these import.
    """
    folder = (book.course.root / page.file).parent
    modules, packages = _reached(page.imports, folder, book.course.root)
    files = {folder / name for name in page.strings if len(name) < 200 and (folder / name).is_file()}
    own_packages = [path.parent for path in modules if path.name == "__init__.py"]
    files |= set(modules) | {sheet for package in own_packages for sheet in package.glob("*.mplstyle")}
    contents = [[path.name, _digest_of_file(path, path.stat().st_mtime_ns)] for path in sorted(files)]
    return _digest([sys.version, sorted(_versions(book.course.root, packages | ALWAYS).items()), contents])


def _digest(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


@lru_cache
def _digest_of_file(path: Path, modified: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _reached(names: Iterable[str], folder: Path, root: Path) -> tuple[list[Path], set[str]]:
    """The book's own modules behind ``names``, and the names of the other packages that they import."""
    own: set[Path] = set()
    others: set[str] = set()
    seen: set[str] = set()
    waiting = set(names)
    while waiting:
        name = _home(waiting.pop())
        if name in seen or name.startswith(RENDERED_LATER):
            continue
        seen.add(name)
        top, _, rest = name.partition(".")
        package = _own_package(top, folder, root)
        if package is None:
            others.add(top)
            continue
        if name == "bookwidgets":
            continue  # see _home
        waiting.add(name.rpartition(".")[0] or top)  # importing a.b runs a/__init__.py too
        base = package.joinpath(*rest.split(".")) if rest else package
        # `from lab.world import TASKS` names a module and something in it; only the module is a file.
        path = next((p for p in [base / "__init__.py", base.with_suffix(".py")] if p.is_file()), None)
        if path is not None:
            own.add(path)
            waiting |= _imports(path, path.stat().st_mtime_ns)
    return sorted(own), others


def _home(name: str) -> str:
    """The module behind a name that a chapter imports from us: `bookwidgets` itself only hands names on.

    So a chapter with a quiz does not depend on what draws explorables.
    """
    top, _, rest = name.partition(".")
    handed_on = getattr(bookwidgets, rest, None) if top == "bookwidgets" and rest in bookwidgets.__all__ else None
    return handed_on.__module__ if handed_on is not None else name


def _own_package(name: str, folder: Path, root: Path) -> Path | None:
    """Where module ``name`` lies, without its ending, if it is ours or the book's: beside the page, below the book."""
    if (folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file():
        return folder / name
    if name == "bookwidgets":
        return Path(bookwidgets.__file__).parent
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.origin or not spec.submodule_search_locations:
        return None
    home = Path(spec.origin).parent
    return home if home.is_relative_to(root) and "site-packages" not in home.parts else None


@lru_cache
def _imports(path: Path, modified: int) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _versions(root: Path, modules: set[str]) -> dict[str, str]:
    """The version of every package behind ``modules``, its own needs included: as pinned, else as installed."""
    pins: dict[str, str] = {}
    for name in ["constraints.txt", "requirements.txt"]:
        path = root / name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        pins |= {_normal(found[1]): found[2] for found in PIN.finditer(text)}
    installed = _installed_behind(frozenset(modules))
    return {name: pins.get(name, version) for name, version in installed.items()}


@lru_cache
def _installed_behind(modules: frozenset[str]) -> dict[str, str]:
    versions: dict[str, str] = {}
    waiting = [name for module in modules for name in _distributions(module)]
    while waiting:
        name = _normal(waiting.pop())
        if name in versions:
            continue
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # an optional need that is not installed cannot shape anything
        versions[name] = package.version
        needs = [need for need in package.requires or [] if "extra ==" not in need]
        waiting += [re.match(r"[\w.-]+", need)[0] for need in needs]
    return versions


def _distributions(module: str) -> list[str]:
    """The packages that bring ``module``; nearly always the one of the same name, which is found much faster."""
    if module in sys.stdlib_module_names:
        return []
    try:
        return [metadata.distribution(module).name]
    except metadata.PackageNotFoundError:
        return _all_distributions().get(module, [])


@lru_cache
def _all_distributions() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _outdated(app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set) -> Sequence[str]:
    """The pages that something other than their own file has changed."""
    pages = app.bookwidgets_book.course.pages
    now = {name: page_inputs(app.bookwidgets_book, page) for name, page in pages.items()}
    before = getattr(env, "bookwidgets_inputs", {})
    env.bookwidgets_inputs = now
    return [name for name in env.found_docs if now.get(name) != before.get(name)]


def _retitled(app: Sphinx, env: BuildEnvironment) -> Sequence[str]:
    """Write every page again when a section got another title: links to it show the title, and Sphinx keeps no list."""
    labels = dict(env.domaindata["std"]["labels"])
    before = getattr(env, "bookwidgets_labels", {})
    env.bookwidgets_labels = labels
    return sorted(env.found_docs) if any(labels.get(name, place) != place for name, place in before.items()) else []


def setup(app: Sphinx) -> None:
    app.connect("env-get-outdated", _outdated)
    app.connect("env-updated", _retitled)
