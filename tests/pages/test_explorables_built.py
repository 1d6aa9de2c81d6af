"""Explorables in builds: drawn again when their function changes, and only then; the same bytes every time."""

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

EXTRA = Path(__file__).parents[1] / "browser/extra/chapters/explorables.md"
PAGE = "chapters/explorables"


@pytest.fixture
def book(small_book: Path) -> Path:
    """The small book with the chapter of explorables as its only one that executes."""
    shutil.copy(EXTRA, small_book / "chapters")
    toc = small_book / "_toc.yml"
    toc.write_text(
        toc.read_text().replace("      - file: chapters/one\n", f"      - file: {PAGE}\n      - file: chapters/one\n")
    )
    return small_book


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def executed(log: str) -> set[str]:
    return set(re.findall(r"^executed (\S+) in", log, flags=re.MULTILINE))


def digest(html: Path) -> str:
    return hashlib.sha256((html / f"{PAGE}.html").read_bytes()).hexdigest()


def test_a_changed_function_is_drawn_again(book: Path, build_book: Callable) -> None:
    built = build_book(book)
    assert built.status == 0, built.log
    assert PAGE in executed(built.log)
    first, frames = digest(built.html), built.page(PAGE).count("<svg")
    assert frames == 6 + 3

    edit(book / f"{PAGE}.md", "See {numref}", "Look at {numref}")
    built = build_book(book)
    assert executed(built.log) == set(), "text changed, and no drawing"
    edit(book / f"{PAGE}.md", "Look at {numref}", "See {numref}")

    edit(book / f"{PAGE}.md", "height * np.sin(x) if", "height * np.cos(x) if")
    built = build_book(book)
    assert executed(built.log) == {PAGE}
    assert digest(built.html) != first

    edit(book / f"{PAGE}.md", "height * np.cos(x) if", "height * np.sin(x) if")
    shutil.rmtree(book / "_build")
    assert digest(build_book(book).html) == first, "executed afresh, the same bytes"


def test_a_fault_names_cell_and_position(book: Path, build_book: Callable) -> None:
    edit(book / f"{PAGE}.md", "    x = np.linspace", "    assert height < 2\n    x = np.linspace")
    built = build_book(book)
    assert built.status == 1
    assert re.search(
        r"chapters/explorables\.md:\d+: code cell 1 .*wave\(height=2, kind='sine'\) raised AssertionError", built.log
    )
    assert "Traceback" not in built.log


def test_strings_follow_the_language_of_the_book(book: Path, build_book: Callable) -> None:
    edit(book / "_config.yml", "language: en", "language: de")
    built = build_book(book)
    assert built.status == 0, built.log
    assert "Unter jedem Token seine Log-Wahrscheinlichkeit" in built.page(PAGE)
    assert "Abbildung verändern" in (built.html / "_static/bookwidgets/explore.js").read_text(encoding="utf-8")
