"""Questions without scripts, on paper, on a phone, and with texts that mean harm."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.learner import provoke

TARGETS = "book-question :is(li > label, button, summary, select, textarea, input[type=text])"
TOO_SMALL = """(targets) => [...document.querySelectorAll(targets)]
    .map((target) => [target.outerHTML.slice(0, 80), target.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 0 && Math.min(width, height) < 24)
    .map(([target]) => target)"""


def test_a_question_can_be_read_without_scripts(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/one.html", java_script_enabled=False)
    question = page.locator("book-question")
    expect(question.get_by_text("What is")).to_be_visible()
    expect(question.get_by_text("Choose one.")).to_be_visible()
    options = question.locator(".bw-options > li")
    expect(options).to_have_count(3)
    for hint, text in [("Hint 1", "Think."), ("Hint 2", "Multiply it by itself.")]:
        expect(question.get_by_text(text)).to_be_hidden()
        question.get_by_text(hint, exact=True).focus()
        page.keyboard.press("Enter")
        expect(question.get_by_text(text)).to_be_visible()
    expect(question.get_by_text("That adds.")).to_be_hidden()
    question.get_by_text("Answer and explanation").click()
    expect(question.get_by_text("Squares are never negative.")).to_be_visible()
    expect(question.get_by_role("link", name="A section")).to_be_visible()

    # The feedback of option B is the feedback B.
    feedback = question.locator(".bw-why > li")
    expect(feedback).to_have_count(3)
    for marked in [options, feedback]:
        assert marked.first.evaluate("item => getComputedStyle(item).listStyleType") == "upper-alpha"
        assert marked.first.evaluate("item => getComputedStyle(item).display") == "list-item"
    belongs = {"6": "That adds.", "−9": "A negative times", "9": "Right."}
    for index in range(3):
        number = options.nth(index).inner_text().removeprefix("It is").strip(" .\n").replace("\n", "")
        expect(feedback.nth(index)).to_be_visible()
        expect(feedback.nth(index)).to_contain_text(belongs.pop(number))


def test_paper_shows_the_question_and_no_controls(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/walk.html")
    question = page.locator("book-question").first
    button = question.get_by_role("button", name="Check")
    expect(button).to_be_visible()
    question.get_by_role("button", name="Hint").click()
    page.emulate_media(media="print")
    expect(button).to_be_hidden()
    expect(question.locator("button:visible, summary:visible")).to_have_count(0)
    expect(question.get_by_text("What is")).to_be_visible()
    for option in ["It is −9", "It is 9", "It is 6"]:
        expect(question.get_by_label(option)).to_be_visible()
    expect(question.get_by_text("Squares are never negative.")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_light(scheme: str, open_page: Callable[..., Page], small_address: str, violations: Callable) -> None:
    page = open_page(f"{small_address}/chapters/one.html", color_scheme=scheme, reduced_motion="reduce")
    expect(page.locator(f"html[data-theme={scheme}]")).to_have_count(1)
    page.emulate_media(media="print", color_scheme=scheme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert violations(page, "article") == []


# Of every type: what is asked, what can be read of the task, and what the answer says.
READABLE = {
    "types-choice": ("Choose one.", "It is", "Three times three."),
    "types-multi": ("Choose all that hold.", "three", "Its half is one."),
    "types-spot": ("Point at one line", "derivation", "which is zero."),
    "types-spot-code": ("Point at one line", "for number in numbers:", "This forgets what was added before"),
    "types-match-more": ("Find the partner", "1/4", "Squares have no sign."),
    "types-categorize-more": ("Put each item", "not known", "It may be zero or positive."),
    "types-order-more": ("leave out what does not belong", "16", "The six would have to be halved too."),
    "types-numeric-ranges": ("Give a number.", "m³", "That looks like litres."),
    "types-text-known": ("Answer in a few words.", "minus the log", "Mind the sign."),
    "types-cloze": ("Fill each gap.", "numbers is odd", "Three and five are eight."),
    "types-tokens-lines": ("Mark the tokens.", "Sure", "The second answer counts as well."),
    "types-free-case": ("Write your answer", "She used a calculator.", "Brackets tell it what to square."),
    "types-flashcard": ("the square of a negative number", "", "Positive."),
}


@pytest.mark.parametrize("name", READABLE)
def test_every_type_can_be_read_without_scripts(name: str, open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(
        f"{small_address}/chapters/types.html", java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    question = page.locator(f"book-question[data-id={name}]")
    task, part, answer = READABLE[name]
    expect(question).to_contain_text(task, use_inner_text=True)
    expect(question).to_contain_text(part, use_inner_text=True)
    expect(question).not_to_contain_text(answer, use_inner_text=True)
    expect(question.locator("input, select, textarea, button")).to_have_count(0)  # they would do nothing
    question.get_by_text("Answer and explanation").focus()
    page.keyboard.press("Enter")
    expect(question).to_contain_text(answer, use_inner_text=True)
    expect(question.locator(".bw-explanation")).to_be_visible()
    assert question.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_paper_shows_every_type_without_its_answer(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/types.html")
    expect(page.locator("[data-id=types-choice] form")).to_have_count(1)
    page.emulate_media(media="print")
    for name, (_, part, answer) in READABLE.items():
        question = page.locator(f"book-question[data-id={name}]")
        expect(question).to_contain_text(part, use_inner_text=True)
        expect(question).not_to_contain_text(answer, use_inner_text=True)
    buttons = page.locator("book-question button:visible:not(.bw-tokens *)")  # tokens are what the question is about
    expect(buttons).to_have_count(0)


def test_targets_are_large_enough(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/walk.html", viewport={"width": 360, "height": 800})
    for question in page.locator("book-question").all():
        question.get_by_role("button", name="Hint").click()
        question.locator("input").first.check()
        question.get_by_role("button", name="Check").click()
        question.get_by_role("button", name="Show the answer").click()
    assert page.locator(TARGETS).count() >= 2 * (3 + 1 + 2)
    assert page.evaluate(TOO_SMALL, TARGETS) == []
    page.goto(f"{small_address}/chapters/types.html")
    assert page.locator(TARGETS).count() > 100
    assert page.evaluate(TOO_SMALL, TARGETS) == []


def test_hostile_texts_stay_texts(open_page: Callable[..., Page], small_address: str, small_site: Path) -> None:
    page = open_page(f"{small_address}/chapters/hostile.html")
    question = page.locator("book-question")
    expect(question).to_have_count(1)
    provoke(question)
    assert (small_site / "chapters/hostile.html").read_text().count("</book-question>") == 1
