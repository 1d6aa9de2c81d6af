"""What all tests share: the book, small books to break, and the built site."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SMALL_BOOK = Path(__file__).parent / "small_book"


@dataclass
class Built:
    """What a build left behind."""

    status: int
    log: str
    html: Path

    def page(self, name: str) -> str:
        return (self.html / f"{name}.html").read_text(encoding="utf-8")


def build(root: Path, *options: str, output: Path | None = None) -> Built:
    """Build the book at ``root`` with warnings as errors, into its own folder or below ``output``."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(root), "-n", "-W", "--keep-going"]
    place = ["--path-output", str(output)] if output else []
    done = subprocess.run([*command, *options, *place], capture_output=True, text=True, cwd=root)
    log = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    return Built(done.returncode, log, (output or root) / "_build/html")


@pytest.fixture(scope="session")
def small_book_at() -> Callable[[Path], Path]:
    """Copies the small book. It has three pages and executes in two seconds."""
    return lambda place: shutil.copytree(SMALL_BOOK, place, ignore=shutil.ignore_patterns("_build"))


@pytest.fixture
def small_book(tmp_path: Path, small_book_at: Callable[[Path], Path]) -> Path:
    """A copy of the small book, for a test that changes it."""
    return small_book_at(tmp_path / "book")


@pytest.fixture(scope="session")
def build_book() -> Callable[..., Built]:
    return build


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built book. Building it is itself a test: warnings are errors."""
    built = build(ROOT)
    assert built.status == 0, built.log[-5000:]
    return built.html
