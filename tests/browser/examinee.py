"""Somebody who sits a practice exam on the small book: what a test does there, and what it meets."""

import re

from playwright.sync_api import Locator, Page, expect

# Two questions: walk-choice (right: "It is 9") and walk-multi (right: "three", "minus three").
TWO = "#exam&seed=s&n=2&minutes=10&pause=0&sure=1&chapters=walk"
# One of every type and more: 23 questions, free ones among them.
EVERY = "#exam&seed=s&n=60&minutes=60&pause=1&sure=1&chapters=types"


class Exam:
    """The exam on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.element = page.locator("book-exam")
        self.heading = self.element.get_by_role("heading", level=2)
        self.stage = self.element.locator(".exam-stage")
        self.question = self.stage.locator("book-question")
        self.places = self.element.get_by_role("navigation", name="All questions").get_by_role("button")
        self.time = self.element.get_by_role("timer")
        self.score = self.element.locator(".exam-score")
        self.articles = self.element.locator(".exam-answers article")

    def button(self, name: str) -> Locator:
        return self.element.get_by_role("button", name=name, exact=True)

    def begin(self) -> None:
        self.button("Begin").click()
        self.expect_at(1)

    def expect_at(self, n: int) -> None:
        expect(self.heading).to_have_text(re.compile(f"^Question {n} of "))

    def go(self, n: int) -> None:
        self.places.nth(n - 1).click()
        self.expect_at(n)

    def ids(self) -> list[str]:
        """The ids of the questions, in order, as they are kept."""
        return [question["id"] for question in self.kept()["questions"]]

    def to(self, name: str) -> None:
        """Go to a question by its id."""
        self.go(self.ids().index(name) + 1)

    def kept(self) -> dict | None:
        return self.page.evaluate("bookStore.get('exam', 'current') ?? null")

    def entry(self, name: str) -> dict:
        return next(question for question in self.kept()["questions"] if question["id"] == name)

    def option(self, name: str) -> Locator:
        return self.stage.get_by_label(name, exact=True)

    def say_sure(self, percent: int) -> None:
        self.element.get_by_label("How sure are you").select_option(str(percent))

    def hand_in(self) -> None:
        self.button("Hand in …").click()
        self.button("Hand in now").click()
        expect(self.score).to_be_visible()

    def runs(self) -> dict[str, dict]:
        runs = self.page.evaluate("bookStore.all('exam')")
        return {key: run for key, run in runs.items() if key != "current"}

    def answer_somehow(self) -> None:
        """Give the question in sight an answer, whatever its type."""
        kind = self.question.get_attribute("data-type")
        if kind in {"choice", "multi", "spot"}:
            self.question.locator("input").nth(1).check()
        elif kind in {"match", "categorize", "cloze"}:
            for select in self.question.locator("select").all():
                select.select_option(index=1)
        elif kind == "tokens":
            for place in [1, 2]:
                self.question.locator(".bw-tokens button").nth(place).click()
        elif kind == "order":
            for line in [1, 2]:
                self.question.locator(".bw-steps > li").nth(line).get_by_title("Move up").click()
            take_out = self.question.get_by_role("button", name=re.compile("^Leave out"))
            if take_out.count():
                take_out.first.click()
        if kind in {"numeric", "text", "cloze", "free"}:
            for field in self.question.locator("input[type=text], textarea").all():
                field.fill("2.2")

    def as_left(self) -> str:
        """What the question in sight looks like: values, what is on and off, lines from top to bottom."""
        return self.question.evaluate(
            """question => [...question.querySelectorAll("fieldset :is(input, select, textarea, button, li)")]
                .map(({ localName, value, checked, disabled, ariaPressed, hidden, innerText }) =>
                    [localName, value, checked, disabled, ariaPressed, hidden, localName === "li" && innerText].join())
                .join("\\n")"""
        )


def open_exam(open_page, address: str, settings: str = TWO, **options: object) -> Exam:
    """The set-up form on a page of its own, with the settings of an address."""
    exam = Exam(open_page(f"{address}/chapters/exam.html{settings}", **options))
    expect(exam.button("Begin")).to_be_enabled()
    return exam
