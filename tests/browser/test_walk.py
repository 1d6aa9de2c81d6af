"""A learner goes through questions by keyboard alone, and hears what others see."""

import re
from collections.abc import Callable

import pytest
from learner import Question, events, listen, tab_to
from playwright.sync_api import Page, expect

from tests.browser.test_exam_rules import fnv


@pytest.fixture
def page(open_page: Callable[..., Page], small_address: str) -> Page:
    page = open_page(f"{small_address}/chapters/walk.html", forgets=True)
    listen(page)
    return page


def test_choice_by_keyboard(page: Page) -> None:
    question = Question(page, "walk-choice")
    press = page.keyboard.press
    minus_nine, nine, six = (question.option(f"It is {n}") for n in ["−9", "9", "6"])

    # Untouched: named, described, and nothing gives the answer away.
    expect(question.group).to_have_accessible_name(re.compile(r"^What is x ?2 for x ?= ?− ?3 ?\?$"))
    expect(question.group).to_have_accessible_description("Choose one.")
    for option in [minus_nine, nine, six]:
        expect(option).to_have_role("radio")
        expect(option).not_to_be_checked()
        expect(option).to_have_accessible_description("")
    assert question.buttons() == ["Check", "Hint 1 of 2"]
    expect(question.status).to_have_text("")
    expect(question.explanation).to_be_hidden()
    expect(question.element.get_by_text("The signs cancel.")).to_be_hidden()

    # Checking without a choice says so and counts for nothing.
    tab_to(page, minus_nine)
    press("Tab")
    expect(question.button("Check")).to_be_focused()
    press("Enter")
    expect(question.status).to_have_text("Choose an answer first.")
    expect(question.button("Check")).to_be_focused()
    assert events(page) == []

    # Hints come one at a time, into a polite region; the last takes its button away, and the focus stays near.
    press("Tab")
    press("Enter")
    hint = question.element.get_by_text("Think of the sign.")
    expect(hint).to_be_visible()
    expect(hint.locator("xpath=ancestor::*[@aria-live='polite']")).to_have_count(1)
    expect(question.element.get_by_text("Multiply it by itself.")).to_be_hidden()
    expect(question.button("Hint 2 of 2")).to_be_focused()
    press("Enter")
    expect(question.element.get_by_text("Multiply it by itself.")).to_be_visible()
    expect(question.button("Check")).to_be_focused()
    assert question.buttons() == ["Check"]
    seen = {"event": "book-hint", "id": "walk-choice", "attempt": 0}
    assert events(page) == [seen | {"hints": 1}, seen | {"hints": 2}]

    # A wrong answer: said with its feedback, which then belongs to the option; the option is out, the focus is not.
    tab_to(page, minus_nine, "Shift+Tab")
    press("Space")
    expect(minus_nine).to_be_checked()
    press("Enter")
    expect(question.status).to_have_text(
        "Not right yet. Read why, then try again. "
        "A negative times a negative is positive. A common idea: A square keeps the sign. Read again: Questions",
        use_inner_text=True,
    )
    expect(question.element.locator(".bw-options .bw-note:visible")).to_have_count(1)
    expect(minus_nine).to_be_disabled()
    expect(minus_nine).not_to_be_checked()
    expect(minus_nine).to_have_accessible_description(
        "Not right. A negative times a negative is positive. A common idea: A square keeps the sign. "
        "Read again: Questions"
    )
    section = question.element.locator(".bw-options").get_by_role("link", name="Questions")
    expect(section).to_have_attribute("href", "#sec-walk")
    expect(nine).to_be_focused()
    assert question.buttons() == ["Check", "Show the answer"]
    answer = {"event": "book-answer", "id": "walk-choice", "type": "choice", "hints": 2, "shown": False}
    wrong = {"response": [1], "score": 0, "attempt": 1, "ideas": ["sign-is-kept"]}
    assert events(page) == [answer | wrong]

    # Another, with the arrow keys and the button.
    press("ArrowDown")
    expect(six).to_be_checked()
    tab_to(page, question.button("Check"))
    press("Space")
    expect(question.status).to_have_text("Not right yet. Read why, then try again. That adds. See squares.")
    expect(question.button("Check")).to_be_focused()
    assert events(page) == [answer | {"response": [3], "score": 0, "attempt": 2, "ideas": []}]

    # The right one: everything is explained, nothing can be changed, the reader goes on at the explanation.
    tab_to(page, nine, "Shift+Tab")
    press("Space")
    press("Enter")
    expect(question.status).to_have_text("Right. The signs cancel.")
    expect(question.explanation).to_be_visible()
    expect(question.summary).to_be_focused()
    expect(nine).to_be_checked()
    for option in [minus_nine, nine, six]:
        expect(option).to_be_disabled()
    expect(question.element.locator(".bw-options .bw-note:visible")).to_have_count(3)
    assert question.buttons() == ["Start over"]
    assert events(page) == [answer | {"response": [2], "score": 1, "attempt": 3, "ideas": []}]

    # Start over: as if untouched.
    tab_to(page, question.button("Start over"), "Shift+Tab")
    press("Enter")
    expect(minus_nine).to_be_focused()
    for option in [minus_nine, nine, six]:
        expect(option).to_be_enabled()
        expect(option).not_to_be_checked()
        expect(option).to_have_accessible_description("")
    expect(question.status).to_have_text("")
    expect(question.explanation).to_be_hidden()
    assert question.buttons() == ["Check", "Hint 1 of 2"]
    assert events(page) == []


def test_multi_by_keyboard(page: Page) -> None:
    question = Question(page, "walk-multi")
    press = page.keyboard.press
    three, nine, minus_three, half = map(question.option, ["three", "nine", "minus three", "one half"])
    expect(question.group).to_have_accessible_description("Choose all that hold.")
    expect(three).to_have_role("checkbox")

    # One of two: half the points, and what is right stays.
    tab_to(page, three)
    press("Space")
    press("Enter")
    partly = "Partly right: 50 of 100 points. What is right stays."
    expect(question.status).to_have_text(f"{partly} Three times three.")
    expect(three).to_be_checked()
    expect(three).to_be_focused()
    expect(three).to_have_accessible_description("Right. Three times three.")
    answer = {"event": "book-answer", "id": "walk-multi", "type": "multi", "hints": 0, "shown": False, "ideas": []}
    assert events(page) == [answer | {"response": [1], "score": 0.5, "attempt": 1}]

    # A wrong one takes away what the right one earned; of several, each is named before its feedback.
    press("Tab")
    expect(nine).to_be_focused()
    press("Space")
    press("Enter")
    expect(question.status).to_have_text(
        "Not right yet. Read why, then try again. three Right. Three times three. nine Not right. Its square is 81."
    )
    expect(nine).to_be_disabled()
    expect(nine).not_to_be_checked()
    expect(minus_three).to_be_enabled()
    expect(three).to_be_focused()
    assert events(page) == [answer | {"response": [1, 2], "score": 0, "attempt": 2}]

    # Two right ones and a wrong one.
    tab_to(page, minus_three)
    press("Space")
    press("Tab")
    press("Space")
    press("Enter")
    expect(question.status).to_contain_text(partly)
    assert question.status.locator("mfrac").count() == 1, "a formula is heard as a formula: 1/4, not 14"
    assert events(page) == [answer | {"response": [1, 3, 4], "score": 0.5, "attempt": 3}]

    press("Enter")
    expect(question.status).to_contain_text("Right. three Right.")
    expect(question.summary).to_be_focused()
    for option, right in [(three, True), (nine, False), (minus_three, True), (half, False)]:
        expect(option).to_be_disabled()
        expect(option).to_be_checked(checked=right)
    assert events(page) == [answer | {"response": [1, 3], "score": 1, "attempt": 4}]


def test_the_answer_is_shown_on_request_after_an_attempt(page: Page) -> None:
    question = Question(page, "walk-multi")
    assert "Show the answer" not in question.buttons()
    tab_to(page, question.option("three"))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert len(events(page)) == 1
    tab_to(page, question.button("Show the answer"))
    page.keyboard.press("Enter")
    expect(question.status).to_have_text(
        "This is the answer. three Right. Three times three. minus three Right. The signs cancel here too."
    )
    expect(question.summary).to_be_focused()
    expect(question.explanation).to_be_visible()
    expect(question.option("minus three")).to_be_checked()
    expect(question.option("nine")).to_be_disabled()
    answer = {"event": "book-answer", "id": "walk-multi", "type": "multi", "hints": 0, "shown": True, "ideas": []}
    assert events(page) == [answer | {"response": [1], "score": 0.5, "attempt": 1}]


def test_nothing_is_announced_twice(page: Page) -> None:
    """A question has two polite regions, the result and the hints, and no feedback stands inside the latter."""
    question = Question(page, "walk-choice")
    regions = question.element.locator("[aria-live], [role=status], [role=alert]")
    expect(regions).to_have_count(2)
    expect(regions.locator(".bw-note")).to_have_count(0)
    question.option("It is 6").check()
    question.button("Check").click()
    expect(question.status.locator("a")).to_have_count(0)  # a link out of sight could take the focus
    assert question.status.inner_text().count("That adds.") == 1


def order(question: Question) -> list[str]:
    """The options on the page, by their positions in the bank."""
    return question.element.locator(".bw-options > li").evaluate_all("items => items.map((item) => item.dataset.n)")


def orders(question: Question, option: str, rounds: int) -> list[list[str]]:
    """The order of the options in each of several rounds."""
    found = [order(question)]
    for _ in range(rounds):
        question.option(option).check()
        question.button("Check").click()
        question.button("Start over").click()
        found.append(order(question))
    return found


def test_options_are_shuffled_anew_when_started_over(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/one.html", forgets=True)
    question = Question(page, "q-one")
    first = orders(question, "It is 9.", rounds=8)
    assert len(set(map(tuple, first))) > 2
    page.reload()
    assert orders(question, "It is 9.", rounds=8) == first, "the order of a round is the same at every visit"
    page.evaluate("document.documentElement.dataset.learner = 'ann'")
    assert orders(question, "It is 9.", rounds=8)[1:] != first[1:], "another learner meets other orders"
    # Feedback follows its option wherever that stands.
    question.option("It is 6.").check()
    question.button("Check").click()
    expect(question.option("It is 6.")).to_have_accessible_description("Not right. That adds.")


def test_an_order_follows_from_learner_question_and_round(page: Page, small_address: str) -> None:
    """By the hash that also draws exams, so that whoever knows these three knows what the learner saw."""
    page.goto(f"{small_address}/chapters/one.html")
    question = Question(page, "q-one")
    for learner in ["ann", "bob", "cem", "dya", "ole", "zoë"]:
        page.evaluate("learner => { document.documentElement.dataset.learner = learner }", learner)
        question.element.evaluate("question => question.reset()")
        assert order(question) == sorted("123", key=lambda n: fnv(f"{n}/0/{learner}/q-one"))


def test_declared_order_stays(page: Page) -> None:
    assert orders(Question(page, "walk-choice"), "It is 9", rounds=3) == [["1", "2", "3"]] * 4
