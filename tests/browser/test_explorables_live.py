"""Explorables and annotation in a real JupyterLab: frames that Python draws on request, choices that reach it."""

from collections.abc import Callable, Iterator

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lab import Lab, run_all

DRAWING = """
import matplotlib.pyplot as plt
from bookwidgets import annotate, explore

@explore(height=[1, 2, 4.5], default={"height": 1}, alt="A bar of height {height}.")
def bar(height):
    if height > 4 and height < 4.5:
        raise RuntimeError("no such bar")
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.bar([0], [height])
"""
ANNOTATING = """
a = annotate([{"prompt": "p", "a": "yes", "b": "no"}, {"prompt": "q", "a": "yes", "b": "no"}])
a
"""
READING = "print('CHOSEN', a.choices)"


@pytest.fixture
def notebook(browser: Browser, lab: Lab) -> Iterator[Page]:
    cells = [nbformat.v4.new_code_cell(source) for source in (DRAWING, ANNOTATING, READING)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), lab.book / "live.ipynb")
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    context.set_default_timeout(60_000)
    page = context.new_page()
    lab.open(page, "live.ipynb")
    run_all(page)
    yield page
    context.close()


def test_sliders_go_anywhere(notebook: Page, violations: Callable) -> None:
    page = notebook
    bar = page.locator(".jp-OutputArea book-explore")
    slider = bar.get_by_role("slider")
    expect(slider).to_be_visible(timeout=60_000)
    frame = bar.locator(".bw-frame:visible svg")
    expect(frame).to_have_attribute("aria-label", "A bar of height 1.")
    assert violations(page, ".jp-OutputArea book-explore") == []

    slider.focus()
    page.keyboard.press("ArrowRight")  # JupyterLab has other plans for arrows, where it gets them
    expect(slider).to_have_attribute("aria-valuetext", "1.1")
    expect(frame).to_have_attribute("aria-label", "A bar of height 1.1.", timeout=20_000)
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    expect(frame).to_have_attribute("aria-label", "A bar of height 2.")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(frame).to_have_attribute("aria-label", "A bar of height 3.", timeout=20_000)

    # What Python cannot draw is said in place, and the last frame stays.
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(bar.get_by_role("alert")).to_have_text("bar(height=4.25) raised RuntimeError: no such bar", timeout=20_000)
    page.keyboard.press("ArrowRight")
    expect(frame).to_have_attribute("aria-label", "A bar of height 4.5.")
    expect(bar.get_by_role("alert")).to_be_hidden()
    expect(page.locator(".jp-OutputArea-output img")).to_have_count(0)
    assert violations(page, ".jp-OutputArea book-explore") == []


def test_choices_reach_python(notebook: Page) -> None:
    page = notebook
    widget = page.locator(".jp-OutputArea book-annotate")
    expect(widget.get_by_text("Pair 1 of 2")).to_be_visible(timeout=60_000)
    printed = page.locator(".jp-OutputArea-output", has_text="CHOSEN")
    expect(printed).to_have_text("CHOSEN []\n")
    first = widget.locator("form dd").nth(1).inner_text()
    widget.get_by_role("button", name="A is better").press("Enter")
    widget.get_by_role("button", name="A tie").press("Enter")
    page.locator(".jp-CodeCell").filter(has_text="CHOSEN").locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    chosen = "a" if first == "yes" else "b"
    expect(printed).to_have_text(
        f"CHOSEN [{{'pair': 0, 'choice': '{chosen}'}}, {{'pair': 1, 'choice': 'tie'}}]\n", timeout=20_000
    )
