"""A learner at the keyboard: what a test does in a question, and what it meets there."""

import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect


def tab_to(page: Page, goal: Locator, key: str = "Tab") -> None:
    """Press Tab, or Shift+Tab, until ``goal`` has the focus."""
    for _ in range(400):
        page.keyboard.press(key)
        if goal.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{key} does not reach {goal}")


def go_to(page: Page, goal: Locator) -> None:
    """The same in whichever direction ``goal`` lies, if the focus is not there already."""
    if goal.evaluate("element => element === document.activeElement"):
        return
    after = goal.evaluate("element => document.activeElement.compareDocumentPosition(element) & 4")
    tab_to(page, goal, "Tab" if after else "Shift+Tab")


def events(page: Page) -> list[dict]:
    """What the page's questions reported since the last call; each has a fingerprint of its question."""
    heard = page.evaluate("window.heard.splice(0)")
    for event in heard:
        assert len(event.pop("print")) == 8
    return heard


class Question:
    """What a learner meets in one question of a page."""

    def __init__(self, page: Page, name: str) -> None:
        self.element = page.locator(f"book-question[data-id={name}]").first
        self.group = self.element.get_by_role("group").first
        self.status = self.element.get_by_role("status")
        self.explanation = self.element.locator(".bw-explanation")
        self.summary = self.element.locator(".bw-answer > summary")

    def option(self, name: str) -> Locator:
        return self.group.get_by_label(name, exact=True)

    def button(self, name: str) -> Locator:
        return self.element.get_by_role("button", name=name, exact=True)

    def buttons(self) -> list[str]:
        """The buttons below the task."""
        return self.element.locator(".bw-controls > button:visible").all_text_contents()

    def check(self) -> None:
        """Go to the button that checks, from wherever the focus is, and press it."""
        go_to(self.element.page, self.element.locator("button[type=submit]"))
        self.element.page.keyboard.press("Enter")

    def expect_done(self) -> None:
        """The explanation is open, the reader is there, and nothing but starting over is left."""
        expect(self.explanation).to_be_visible()
        expect(self.summary).to_be_focused()
        assert self.buttons() == ["Start over"]
        for control in self.group.locator("input, select").all():
            expect(control).to_be_disabled()


def listen(page: Page) -> None:
    """Note what the questions of a page report, for `events`."""
    page.evaluate(
        """() => {
            window.heard = [];
            for (const name of ["book-answer", "book-hint"])
                document.addEventListener(name, (event) => heard.push({ event: name, ...event.detail }));
        }"""
    )


def provoke(question: Locator) -> None:
    """Go through all that a question with hostile texts shows: no script may run, no foreign markup may appear."""
    for hint in range(1, 3):
        question.get_by_role("button", name=f"Hint {hint} of 2").click()
    question.locator("input").first.check()
    question.get_by_role("button", name="Check").click()
    question.page.wait_for_timeout(300)  # for an image that fails to load, and what hangs on that
    assert question.page.evaluate("window.hacked") is None
    foreign = "img, script, iframe, svg, style, a[href^='javascript'], form form, [onerror], [onload], [onclick]"
    expect(question.locator(foreign)).to_have_count(0)
    for number in range(1, 17):  # it is all there, as text
        assert f"hacked={number}" in question.inner_text() + question.text_content()


def wait_for(page: Page, expression: str, arg: Any = None) -> None:
    """Until an expression is true. Playwright's own way evaluates it in the page, which the site's policy forbids."""
    end = time.monotonic() + 10
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, f"not true after ten seconds: {expression}"
        page.wait_for_timeout(20)
