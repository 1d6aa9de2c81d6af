"""A chapter as a notebook in a real JupyterLab: what the learner answers reaches Python."""

from collections.abc import Callable, Iterator
from pathlib import Path

import jupytext
import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lab import Lab, run_all
from tests.browser.learner import provoke

READING = "import json; print('ANSWERED', json.dumps(q.responses), q.score)"
OTHERS = ["types-match", "types-numeric-ranges"]


def notebook_from(chapter: Path) -> None:
    """Turn a chapter into a notebook whose quiz cell keeps the quiz, followed by a cell that reads the answers.

    After it the same for questions of other types.
    """
    notebook = jupytext.read(chapter)
    quiz_cell = next(cell for cell in notebook.cells if cell.source.startswith("quiz("))
    quiz_cell.source = f"q = {quiz_cell.source}; q"
    quiz_cell.metadata.tags = []
    end = notebook.cells.index(quiz_cell) + 1
    others = f"r = quiz(*{OTHERS}); r"
    reading = READING.replace("q.", "r.").replace("ANSWERED", "OTHERS")
    notebook.cells[end:] = [
        nbformat.v4.new_code_cell(source) for source in [READING, others, reading, 'quiz("hostile")']
    ]
    nbformat.write(notebook, chapter.with_suffix(".ipynb"))


@pytest.fixture
def notebook(browser: Browser, lab: Lab) -> Iterator[Page]:
    if not (lab.book / "chapters/one.ipynb").exists():
        notebook_from(lab.book / "chapters/one.md")
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(60_000)
    page = context.new_page()
    lab.open(page, "chapters/one.ipynb")
    yield page
    context.close()


def read_again(page: Page, word: str) -> None:
    """Run the cell again that prints the answers."""
    page.locator(".jp-CodeCell").filter(has_text=word).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


def test_answers_reach_python(notebook: Page, violations: Callable) -> None:
    page = notebook
    run_all(page)
    question = page.locator(".jp-OutputArea book-question[data-id=q-one]")
    check = question.get_by_role("button", name="Check")
    expect(check).to_be_visible(timeout=60_000)
    printed = page.locator(".jp-OutputArea-output", has_text="ANSWERED")
    expect(printed).to_have_text("ANSWERED {} 0.0\n")

    # Wrong, then right, by keyboard. Option 1 of the bank is -9, option 2 is 9.
    question.locator("li[data-n='1'] input").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(question.get_by_role("status")).to_contain_text("Not right yet.")
    expect(question.locator("li[data-n='1'] input")).to_be_disabled()
    assert violations(page, ".jp-OutputArea [data-id=q-one]") == []
    expect(question.locator("li[data-n='3'] input")).to_be_focused()
    page.keyboard.press("ArrowDown")  # JupyterLab has other plans for arrows, where it gets them
    expect(question.locator("li[data-n='2'] input")).to_be_checked()
    page.keyboard.press("Enter")
    expect(question.get_by_role("status")).to_contain_text("Right.")
    expect(question.locator(".bw-answer > summary")).to_be_focused()
    assert violations(page, ".jp-OutputArea [data-id=q-one]") == []

    read_again(page, "ANSWERED")
    expect(printed).to_contain_text('"id": "q-one"')
    for part in ['"response": [2]', '"score": 1', '"attempt": 2', '"hints": 0', '"shown": false']:
        expect(printed).to_contain_text(part)
    expect(printed).to_contain_text("} 1.0")


def test_other_types_reach_python(notebook: Page, violations: Callable) -> None:
    page = notebook
    run_all(page)
    match, numeric = (page.locator(f".jp-OutputArea book-question[data-id={name}]") for name in OTHERS)
    expect(match.get_by_role("button", name="Check")).to_be_visible(timeout=60_000)
    expect(numeric.get_by_role("button", name="Check")).to_be_visible()
    assert violations(page, ".jp-OutputArea [data-id=types-match]") == []

    # All wrong but for one, then right: by letters, which JupyterLab would take as commands.
    partners = match.locator(".bw-partners > li").all_text_contents()
    for wanted, said in [(["sum", "product", "difference"], "33 of 100"), (["sum", "difference", "product"], "Right.")]:
        for n, partner in enumerate(wanted, 1):
            select = match.locator(f"li[data-n='{n}'] select")
            if select.is_enabled():
                select.focus()
                page.keyboard.press("abc"[partners.index(partner)])
        match.get_by_role("button", name="Check").focus()
        page.keyboard.press("Enter")
        expect(match.get_by_role("status")).to_contain_text(said)
        assert violations(page, ".jp-OutputArea [data-id=types-match]") == []
    expect(match.locator(".bw-answer > summary")).to_be_focused()

    numeric.get_by_label("Your answer").focus()
    page.keyboard.type("abc d")
    page.keyboard.press("Enter")
    expect(numeric.get_by_role("status")).to_contain_text("is not a number")
    for text, said in [("1,69", "That is the area of one side."), ("2,197", "Right.")]:
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(numeric.get_by_role("status")).to_contain_text(said)
    assert violations(page, ".jp-OutputArea [data-id=types-numeric-ranges]") == []

    read_again(page, "OTHERS")
    printed = page.locator(".jp-OutputArea-output", has_text="OTHERS")
    for part in ['"response": {"1": 1, "2": 2, "3": 3}', '"response": {"value": 2.197, "text": "2,197"}', "} 1.0"]:
        expect(printed).to_contain_text(part)

    # The same quiz shown a second time has the answers that Python has.
    cell = page.locator(".jp-CodeCell").filter(has_text="OTHERS").locator(".cm-content")
    cell.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("r")
    page.keyboard.press("Shift+Enter")
    expect(numeric.nth(1).get_by_label("Your answer")).to_have_value("2,197")
    expect(match.nth(1).locator("select:disabled")).to_have_count(3)


def test_hostile_texts_stay_texts(notebook: Page) -> None:
    run_all(notebook)
    question = notebook.locator(".jp-OutputArea book-question[data-id=hostile]")
    expect(question.get_by_role("button", name="Check")).to_be_visible(timeout=60_000)
    provoke(question)
