"""The course as its source files tell it: chapters in order, their sections, concepts and quiz cells.

Read without Sphinx, so that a check takes a second and works in an editor.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bookwidgets.bank.faults import Fault
from bookwidgets.bank.own import TOC, toc_of
from bookwidgets.bank.page import Concept, Page, read_page
from bookwidgets.bank.yaml_lines import YamlPath, read_yaml

__all__ = ["Concept", "Course", "Page", "find_book", "scan"]

FOLDERS = ("chapters", "course/chapters")  # where chapters lie: ours, and a fork's own


@dataclass
class Course:
    """The pages of a book in the order of its table of contents, and the chapters that it leaves out."""

    root: Path
    toc: str = TOC  # its table of contents, as messages name it
    pages: dict[str, Page] = field(default_factory=dict)
    dropped: dict[str, Page] = field(default_factory=dict)

    @property
    def chapters(self) -> dict[str, Page]:
        """The chapters by slug, in order: pages that lie in one of the folders for chapters."""
        return {page.slug: page for page in self.pages.values() if page.folder in FOLDERS}

    @property
    def concepts(self) -> dict[str, Concept]:
        """All concepts by id, in the order in which the book defines them; the first definition of an id counts."""
        found: dict[str, Concept] = {}
        for page in self.pages.values():
            for concept in page.concepts:
                found.setdefault(concept.id, concept)
        return found

    @property
    def known(self) -> dict[str, Concept]:
        """All concepts by id, with those of the chapters that are left out."""
        left_out = {concept.id: concept for page in self.dropped.values() for concept in page.concepts}
        return left_out | self.concepts


def find_book(start: Path | None = None) -> Path:
    """The folder that holds ``_toc.yml`` and ``quizzes/``, at or above ``start`` (default: the working directory)."""
    start = (start or Path.cwd()).resolve()
    for folder in [start, *start.parents]:
        if (folder / "_toc.yml").is_file() and (folder / "quizzes").is_dir():
            return folder
    raise FileNotFoundError(f"no book at or above {start}: a book has _toc.yml and quizzes/")


def scan(root: Path, toc: Path | None = None, own: bool = True) -> tuple[Course, list[Fault]]:
    """Read every page that the table of contents lists, and say what could not be read.

    ``toc`` is another table of contents than the book's, absolute or seen from ``root``.
    ``own`` says whether a fork's folder ``course/`` counts.
    """
    path = toc_of(root, toc, own)
    course = Course(root, path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path))
    if not path.is_file():
        return course, [Fault(course.toc, 1, "", "does not exist: list the book's pages in it")]
    document = read_yaml(path, course.toc)
    faults = list(document.faults)
    for entry, place, part in _entries(document.data, ()):
        line = document.lines[place]
        if place[-1] == "glob":
            faults += _read_matching(course, str(entry), line, part)
        else:
            faults += _read_entry(course, entry, line, part)
    if not faults and not course.pages:
        faults.append(Fault(course.toc, 1, "", "lists no page: begin with 'format: jb-book' and 'root: index'"))
    for folder in FOLDERS if own else FOLDERS[:1]:
        _read_dropped(course, folder)
    return course, faults


def _read_dropped(course: Course, folder: str) -> None:
    """Note what chapters define that the table of contents does not list; what is wrong in them concerns nobody."""
    for path in sorted((course.root / folder).glob("*.md")):
        page = Page(f"{folder}/{path.stem}", f"{folder}/{path.name}")
        if page.name not in course.pages:
            list(read_page(page, path.read_text(encoding="utf-8-sig", errors="replace")))
            course.dropped[page.name] = page


def _entries(toc: Any, path: YamlPath, part: str = "") -> Iterator[tuple[Any, YamlPath, str]]:
    """The pages of a table of contents, where each stands in it, and the caption of its part, in reading order."""
    if isinstance(toc, dict):
        part = str(toc.get("caption") or part)
        for key in ["root", "file", "glob"]:
            if key in toc:
                yield toc[key], (*path, key), part
        for key in ["parts", "subtrees", "chapters", "sections", "entries"]:
            yield from _entries(toc.get(key), (*path, key), part)
    elif isinstance(toc, list):
        for position, child in enumerate(toc):
            yield from _entries(child, (*path, position), part)


def _read_matching(course: Course, pattern: str, line: int, part: str) -> Iterator[Fault]:
    """Read the pages that a pattern such as ``chapters/*`` stands for, in alphabetical order."""
    found = [name for name in matching(course.root, pattern) if name != next(iter(course.pages), None)]
    if not found:
        yield Fault(course.toc, line, "", f"the pattern '{pattern}' matches no page: mend it or drop the line")
    for name in found:
        if name in course.pages:
            message = f"the pattern '{pattern}' matches '{name}', which is listed above: narrow it or drop one"
            yield Fault(course.toc, line, "", message)
        else:
            yield from _read_entry(course, name, line, part)


def matching(root: Path, pattern: str) -> list[str]:
    """The pages of a book, without their ending, that a pattern of its table of contents matches.

    ``*`` and ``?`` stop at a slash, ``**`` does not.
    """
    pieces = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    wanted = "".join(pieces.get(piece, re.escape(piece)) for piece in re.split(r"(\*\*|[*?])", pattern))
    folder = root / re.split(r"[*?]", pattern)[0].rpartition("/")[0]
    names = (path.relative_to(root).as_posix().removesuffix(".md") for path in folder.rglob("*.md"))
    return sorted(name for name in names if re.fullmatch(wanted, name))


def _read_entry(course: Course, entry: Any, line: int, part: str) -> Iterator[Fault]:
    """Read the page that one entry of the table of contents names."""
    name = str(entry).removesuffix(".md")
    source = course.root / f"{name}.md"
    if name in course.pages:
        yield Fault(course.toc, line, "", f"lists '{name}' twice: keep one")
    elif not source.is_file() or not source.resolve().is_relative_to(course.root.resolve()):
        yield Fault(course.toc, line, "", f"lists '{name}', but {name}.md does not exist: add it or drop the line")
    elif (other := _of_same_slug(course, name)) is not None:
        yield Fault(course.toc, line, "", f"lists '{name}' beside '{other}', whose place it would take: keep one")
    else:
        page = course.pages[name] = Page(name, f"{name}.md", part=part)
        content = source.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            yield Fault(page.file, content.count(b"\n", 0, error.start) + 1, "", "is not UTF-8: save the file as UTF-8")
        else:
            yield from read_page(page, text)


def _of_same_slug(course: Course, name: str) -> str | None:
    """The chapter that is listed already under the file name of chapter ``name``: theirs takes the place of ours."""
    folder, _, slug = name.rpartition("/")
    other = course.chapters.get(slug)
    return other.name if other and folder in FOLDERS else None
