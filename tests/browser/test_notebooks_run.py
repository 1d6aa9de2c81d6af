"""Where readers run chapters: as Binder opens them, and as a downloaded notebook in Notebook 7.

An environment from the repository's own files, a server, and a browser at the link.
The environment is made from `requirements.txt` alone, in a copy of the repository that holds the notebooks as the
published branch does. The browser opens the very path that a chapter's button names.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

from tests.browser.lab import run_all, serving, show_every_cell
from tests.chapters.conftest import snapshot

# What the kernel knows of the widgets that the chapter showed; without a name that the chapter may use.
READING = """
def _shown(kind):
    from ipywidgets.widgets.widget import _instances
    return [widget for widget in _instances.values() if type(widget).__name__ == kind]

print("ANSWERED", [(name, given["score"]) for widget in _shown("Quiz") for name, given in widget.responses.items()])
print("MOVED", [widget.values for widget in _shown("Explore")])
"""


@pytest.fixture(scope="module")
def branch(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository as its notebooks' branch holds it, with an environment of its own."""
    root = tmp_path_factory.mktemp("binder") / "book"
    root.mkdir()
    snapshot(root)
    shutil.copytree(site / "notebooks", root / "notebooks")
    for path in (root / "notebooks").glob("*.ipynb"):
        append_reading(path)
    subprocess.run([sys.executable, "-m", "venv", root.parent / "env"], check=True)
    pip = [root.parent / "env/bin/python", "-m", "pip", "install", "-q", "--no-compile", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", "requirements.txt"], cwd=root, check=True)
    return root


def append_reading(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(READING, id="reading"))
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def hub(branch: Path) -> Iterator[str]:
    """The address of a Jupyter server as Binder starts it, in the repository's folder."""
    home = branch.parent / "home"
    show_every_cell(home)
    with serving(home, branch, python=branch.parent / "env/bin/python") as address:
        yield address


@pytest.fixture
def launched(browser: Browser, hub: str, site: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The chapter opened at the path that its Binder button names, and run."""
    html = BeautifulSoup((site / f"chapters/{request.param}.html").read_text(encoding="utf-8"), "html.parser")
    button = html.select_one(".dropdown-launch-buttons a[href*='mybinder.org']")
    path = urlsplit(button["href"]).query.removeprefix("urlpath=")
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.goto(f"{hub}/{path}?reset")
    run_all(page)
    yield page
    context.close()


def told(page: Page) -> str:
    """Run the last cell again, and read what it prints."""
    cell = page.locator(".jp-CodeCell").last
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-InputArea-prompt")).to_have_text(re.compile(r"\[\d+\]:"), timeout=60_000)
    return cell.locator(".jp-OutputArea-output").inner_text()


@pytest.mark.parametrize("launched", ["what-is-alignment", "tiny-language-model"], indirect=True)
def test_a_launched_chapter_is_alive(launched: Page) -> None:
    assert_alive(launched)


def test_a_downloaded_chapter_is_alive_in_notebook_7(browser: Browser, site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    chapter = Path(shutil.copy(site / "notebooks/what-is-alignment.ipynb", folder))
    append_reading(chapter)
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    context.set_default_timeout(120_000)
    show_every_cell(tmp_path / "home")
    with serving(tmp_path / "home", folder, app="notebook") as address:
        page = context.new_page()
        page.goto(f"{address}/notebooks/{chapter.name}")
        run_all(page, ready="Python 3 (ipykernel)")
        assert_alive(page)
        context.close()


def assert_alive(page: Page) -> None:
    """It is open as a notebook, its cells have run, and what the reader answers and moves reaches Python."""
    last = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output")
    expect(last).to_contain_text("ANSWERED []", timeout=240_000)  # all cells have run

    question = page.locator(".jp-OutputArea book-question:has(input[type=radio])").first
    question.locator("input").first.press("Space")
    question.get_by_role("button", name="Check").press("Enter")
    expect(question.get_by_role("status")).not_to_be_empty()
    figure = page.locator(".jp-OutputArea book-explore").first
    shown = figure.locator(".bw-frame:visible svg")
    drawn, slider = shown.get_attribute("aria-label"), figure.get_by_role("slider").first
    slider.press("ArrowRight")
    expect(shown).not_to_have_attribute("aria-label", drawn, timeout=60_000)  # Python has drawn it

    answered, moved = told(page).split("MOVED")
    assert f"('{question.get_attribute('data-id')}', " in answered
    assert re.search(rf": {slider.get_attribute('aria-valuetext')}\b", moved)
