"""What all tests share: the book, small books to break, and the built site."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

# Workers and kernels are processes of one thread each, as when the book is built: threads of numpy's BLAS that wait for
# one another on cores that are all taken cost far more than they give. Read when numpy is imported, so it stands here.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

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
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], Path]], Path]:
    """Make something for all workers of pytest-xdist: the first one makes it, and the others wait for it.

    ``make`` gets an empty folder and returns where what it made is.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # each worker has a folder of its own in the one of the run
        shared = shared.parent

    def once(name: str, make: Callable[[Path], Path]) -> Path:
        made = shared / f"{name}.made"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
            if not made.exists():
                folder = shared / f"for-{name}"
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                made.write_text(str(make(folder)))
        return Path(made.read_text())

    return once


@pytest.fixture(scope="session")
def site(once: Callable) -> Path:
    """The folder of the built book. Building it is itself a test: warnings are errors."""

    def make(folder: Path) -> Path:
        built = build(ROOT)
        assert built.status == 0, built.log[-5000:]
        return built.html

    return once("site", make)
