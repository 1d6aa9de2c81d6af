"""What a chapter costs whoever runs it: seconds, memory, disk, and the wait for the first cell in a browser.

`rows` yields (name, measured, unit, budget or None) for `make bench`. It runs the notebooks of the built book.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from playwright.sync_api import expect, sync_playwright

from tests.bench_explorables import Row
from tests.browser.conftest import ARGUMENTS, BROWSERS
from tests.browser.lab import run_all, serving
from tests.conftest import ROOT

NOTEBOOKS = ROOT / "_build/html/notebooks"
ONE_THREAD = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1")  # as the build has it
OPENED = "what-is-alignment.ipynb"

# Prints seconds from a kernel's start to the last cell, and the most memory that the kernel ever held, in MB.
RUN = """
import resource, sys, time, nbclient, nbformat
start = time.perf_counter()
nbclient.execute(nbformat.read(sys.argv[1], 4), timeout=600)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000)
"""


def rows() -> Iterator[Row]:
    if not NOTEBOOKS.is_dir():
        print("(no notebooks measured: run 'make book' first)")
        return
    seconds, memory = {}, {}
    with tempfile.TemporaryDirectory() as fresh:  # where no model has been trained before: later chapters read theirs
        for slug in chapters():
            own = ONE_THREAD | {"XDG_CACHE_HOME": fresh}
            command = [sys.executable, "-c", RUN, str(NOTEBOOKS / f"{slug}.ipynb")]
            done = subprocess.run(command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=True)
            seconds[slug], memory[slug] = map(float, done.stdout.split())
            yield f"{slug}, executed", seconds[slug], "s", 15
    yield "a chapter, on average", statistics.mean(seconds.values()), "s", 8
    heaviest = max(memory, key=memory.__getitem__)
    yield f"most memory, {heaviest}", memory[heaviest], "MB", 1000
    yield "what requirements.txt installs, on disk", installed_size() / 1e6, "MB", None
    yield from first_cell()


def installed_size() -> int:
    """Bytes of the packages that requirements.txt asks for, and of all that they need in turn."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line) for line in lines if re.match(r"\w", line)]
    wanted.append(Requirement("bookwidgets[export,pages]"))
    seen: dict[tuple[str, str], int] = {}
    while wanted:
        asked = wanted.pop()
        for extra in ["", *asked.extras]:
            found = distribution(asked.name)
            if (found.name, extra) in seen:
                continue
            files = [] if extra else [Path(str(path.locate())) for path in found.files or []]
            seen[found.name, extra] = sum(path.stat().st_size for path in files if path.is_file())
            needed = map(Requirement, found.requires or [])
            wanted += [one for one in needed if not one.marker or one.marker.evaluate({"extra": extra})]
    return sum(seen.values())


def chapters() -> list[str]:
    """The slugs of the chapters that have a notebook, in the book's order."""
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    slugs = [Path(entry["file"]).name for part in parts for entry in part["chapters"]]
    return [slug for slug in slugs if (NOTEBOOKS / f"{slug}.ipynb").is_file()]


def first_cell() -> Iterator[Row]:
    """Seconds from opening a chapter in JupyterLab until it can be run, and until its first cell has."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        folder = Path(home) / "notebooks"
        shutil.copytree(NOTEBOOKS, folder)
        installed = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=installed, args=ARGUMENTS)
        with serving(Path(home), folder) as address:
            page = browser.new_page()
            start = time.perf_counter()
            page.goto(f"{address}/lab/tree/{OPENED}?reset")
            run_all(page)
            taken = time.perf_counter() - start
            prompt = page.locator(".jp-CodeCell .jp-InputArea-prompt").first
            expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=60_000)
            yield f"{OPENED} opened in JupyterLab, until a kernel takes its cells", taken, "s", None
            yield "  until the first has run", time.perf_counter() - start, "s", None
        browser.close()
