"""A real JupyterLab or Notebook 7, and what a reader does in it first."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

TESTS = Path(__file__).parents[1]
OWN_FOLDERS = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"]


@dataclass
class Lab:
    """A server and the book, a copy of the small one, in whose folder it runs. Tests write their notebooks there."""

    address: str
    book: Path

    def open(self, page: Page, notebook: str) -> None:
        page.goto(f"{self.address}/lab/tree/{notebook}?reset")


@contextmanager
def running_lab(folder: Path) -> Iterator[Lab]:
    book = shutil.copytree(TESTS / "small_book", folder / "book", ignore=shutil.ignore_patterns("_build"))
    shutil.copytree(TESTS / "browser/extra", book, dirs_exist_ok=True)
    with serving(folder, book) as address:
        yield Lab(address, book)


@contextmanager
def serving(folder: Path, root: Path, *, python: Path | str = sys.executable, app: str = "jupyterlab") -> Iterator[str]:
    """The address of a Jupyter server whose folder is ``root``; its settings and its log are kept in ``folder``."""
    command = [
        python, "-m", app, "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0",
        "--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={root}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    own = {name: str(folder / name.lower()) for name in OWN_FOLDERS}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=os.environ | own, stdout=log, stderr=log, cwd=root)
    try:
        yield _address(Path(own["JUPYTER_RUNTIME_DIR"]), server, folder / "log")
    finally:
        server.terminate()
        server.wait(30)


def show_every_cell(home: Path) -> None:
    """For a server that keeps its settings in ``home``: only cells in sight would be made, and tests look at all."""
    tracker = home / "jupyter_config_dir/lab/user-settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    tracker.write_text(json.dumps({"windowingMode": "none"}))


def _address(runtime: Path, server: subprocess.Popen, log: Path) -> str:
    """Wait until the server answers; it writes where into its runtime folder."""
    for _ in range(240):
        if server.poll() is not None:
            break
        for info in runtime.glob("jpserver-*.json"):
            try:
                port = json.loads(info.read_text())["port"]
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5).close()
            except (json.JSONDecodeError, urllib.error.URLError):  # half written, or not listening yet
                continue
            return f"http://127.0.0.1:{port}"
        time.sleep(0.25)
    pytest.fail(f"the server did not start:\n{log.read_text()[-3000:]}")


def run_all(page: Page) -> None:
    """Run all cells once the kernel answers; what is run before is lost.

    Both front ends say so at the right end of the notebook's toolbar. The sign is idle before there is a kernel too, so
    its name comes first: from then on the sign is that kernel's.
    """
    expect(page.locator(".jp-Notebook .jp-CodeCell").first).to_be_visible(timeout=60_000)
    expect(page.locator(".jp-Toolbar-kernelName")).to_have_text("Python 3 (ipykernel)", timeout=60_000)
    sign = page.locator(".jp-Notebook-ExecutionIndicator")
    expect(sign).to_have_attribute("data-status", "idle", timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
