"""Where readers run chapters: as Binder opens them, and as a downloaded notebook in Notebook 7.

An environment from the repository's own files, a server, and a browser at the link.
The environment is made by the commands that repo2docker would run, in a copy of the repository that holds the notebooks
as the published branch does. The browser opens the very path that a chapter's button names.
"""

import json
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
from playwright.sync_api import Browser, Locator, Page, expect

from tests.binder import pip_commands
from tests.browser.lab import run_all, serving, show_every_cell
from tests.chapters.conftest import snapshot

# What the kernel knows of the widgets that the chapter showed; without a name that the chapter may use.
READING = """
def _shown(kind):
    from ipywidgets.widgets.widget import _instances
    return [widget for widget in _instances.values() if type(widget).__name__ == kind]

print("LABELLED", [[given["choice"] for given in widget.choices] for widget in _shown("Annotate")])
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
    for command in pip_commands(root):
        command.remove("--no-cache-dir")
        pip = [
            root.parent / "env/bin/python",
            "-m",
            "pip",
            *command,
            "-q",
            "--no-compile",
            "--disable-pip-version-check",
        ]
        subprocess.run(pip, cwd=root, check=True)
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


@pytest.mark.parametrize("launched", ["preference-data"], indirect=True)
def test_a_model_is_aligned_to_its_reader(launched: Page) -> None:
    """She labels by keyboard and runs the next cells again: they have her labels, and the model says what she chose."""
    page = launched
    last = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output")
    expect(last).to_contain_text("LABELLED [[]]", timeout=240_000)  # all cells have run
    outcome = cell_with(page, "before = shares(assistant").locator(".jp-OutputArea-output").first
    expect(outcome).to_contain_text("labels: 15 (the book's friend's, as there are none of yours)")

    annotate = page.locator(".jp-OutputArea book-annotate")
    prefer_polite_replies(page)
    given = told(page)
    for part in ("labels = {given", "def follow(", "before = shares(assistant"):
        cell_with(page, part).locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
    expect(outcome).to_contain_text("labels: 15 (yours)", timeout=60_000)

    # What Python was told, by the kinds of the pairs as they were given to it, wherever each reply was shown.
    manners = {"both": 2, "sure": 1, "thanks": 1, "plain": 0, "refuses": 0, "repeats": 0}
    shown = json.loads(annotate.get_attribute("data-annotate"))
    expected = []
    for pair in shown["pairs"]:
        a, b = (manners[shown["items"][i]] for i in pair["items"][:: -1 if pair["swapped"] else 1])
        expected.append("tie" if a == b else "a" if a > b else "b")
    assert {"a", "b", "tie"} == set(expected)
    assert any(pair["swapped"] for pair in shown["pairs"])
    assert f"LABELLED {[expected]}" in given

    rows = {words[0]: [float(word) for word in words[1:]] for words in table_of(outcome.inner_text())}
    strength, score, before, after = ({kind: rows[kind][column] for kind in manners} for column in range(4))
    for learned in (strength, score):
        assert learned["both"] > max(learned["sure"], learned["thanks"])
        assert min(learned["sure"], learned["thanks"]) > max(learned[kind] for kind in ("plain", "refuses", "repeats"))
    fitted_by_page = [
        row.split("\t") for row in annotate.get_by_role("table").first.inner_text().splitlines() if "/" in row
    ]
    assert {row[0]: float(row[2].replace("−", "-")) for row in fitted_by_page} == pytest.approx(strength, abs=0.051)
    assert before["both"] < 0.3
    assert after["both"] > 0.5
    assert sum(after[kind] for kind in ("plain", "refuses", "repeats")) < 0.15


def prefer_polite_replies(page: Page) -> None:
    """Compare all pairs with the keyboard: the reply with more words of manners is better, as many are a tie."""
    annotate = page.locator(".jp-OutputArea book-annotate")
    annotate.get_by_role("button", name="A is better").focus()
    for number in range(1, 16):
        expect(annotate.get_by_text(f"Pair {number} of 15")).to_be_visible()
        replies = annotate.locator("form dd").all_inner_texts()[1:]
        a, b = (sum(word in ("sure", "thanks") for word in reply.split()) for reply in replies)
        wanted = "A tie" if a == b else "A is better" if a > b else "B is better"
        for key in ("Shift+Tab", "Shift+Tab", "Tab", "Tab", "Tab", "Tab"):  # to the left end of the buttons, and along
            if page.evaluate("document.activeElement.textContent") == wanted:
                break
            page.keyboard.press(key)
        page.keyboard.press("Enter")
    expect(annotate.get_by_role("table", name="Your ranking").get_by_role("row").nth(1)).to_contain_text("both")


def cell_with(page: Page, part: str) -> Locator:
    return page.locator(".jp-CodeCell").filter(has=page.locator(".cm-content", has_text=part))


def table_of(text: str) -> list[list[str]]:
    """The words of each line of the printed table of kinds."""
    return [line.split() for line in text.splitlines() if len(line.split()) == 5 and line.split()[0] != "strength"]


def test_a_downloaded_chapter_is_alive_in_notebook_7(browser: Browser, site: Path, tmp_path: Path) -> None:
    """It lies alone in a folder, and no part of the book is around it."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    chapter = Path(shutil.copy(site / "notebooks/what-is-alignment.ipynb", folder))
    append_reading(chapter)
    show_every_cell(tmp_path)
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    context.set_default_timeout(60_000)
    with serving(tmp_path, folder, app="notebook") as address:
        page = context.new_page()
        page.goto(f"{address}/notebooks/{chapter.name}")
        run_all(page)
        assert_alive(page)
        assert page.locator(".jp-RenderedMarkdown img").count() == 1
        context.close()


def assert_alive(page: Page) -> None:
    """It is open as a notebook, its cells have run, and what the reader answers and moves reaches Python."""
    last = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output")
    expect(last).to_contain_text("ANSWERED []", timeout=240_000)  # all cells have run
    for width in page.locator(".jp-RenderedMarkdown img").evaluate_all("all => all.map(each => each.naturalWidth)"):
        assert width > 200, "a drawing is not shown"
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
