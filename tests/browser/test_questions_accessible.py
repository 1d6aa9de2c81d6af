"""Questions in every state, light and dark, against WCAG."""

import re
from collections.abc import Callable

import pytest
from learner import wait_for
from playwright.sync_api import Page, expect


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state(scheme: str, open_page: Callable[..., Page], small_address: str, violations: Callable) -> None:
    page = open_page(f"{small_address}/chapters/walk.html", color_scheme=scheme, reduced_motion="reduce")
    choice, multi = page.locator("book-question").all()
    found = violations(page)

    for question in [choice, multi]:
        question.get_by_role("button", name="Hint").first.click()
        question.get_by_role("button", name="Check").click()
    choice.get_by_label("It is −9").check()
    multi.get_by_label("one half").check()
    multi.get_by_label("three", exact=True).hover()
    found += violations(page)

    for question in [choice, multi]:
        question.get_by_role("button", name="Check").click()
    found += violations(page)

    choice.get_by_label("It is 9").check()
    choice.get_by_role("button", name="Check").click()
    multi.get_by_role("button", name="Show the answer").click()
    found += violations(page)
    assert not found, "\n\n".join(found)


# Bring every question of the page forward by one state: something answered in it, and checked; then its end.
ANSWER = """() => {
    const event = new Event("input", { bubbles: true });
    for (const question of document.querySelectorAll("book-question")) {
        const all = (selector) => [...question.querySelectorAll(`fieldset ${selector}`)];
        for (const select of all("select")) select.selectedIndex = 1;
        for (const field of all("input[type=text], textarea")) field.value = "1";
        all("input[type=radio], input[type=checkbox], .bw-tokens button").slice(0, 2).forEach((one) => one.click());
        question.querySelector("[type=submit]").click();
    }
}"""
END = """() => {
    for (const question of document.querySelectorAll("book-question")) {
        const [check, , show] = question.querySelectorAll("form > .bw-controls > button");
        const grade = question.querySelector("fieldset > .bw-controls > button");
        [show, grade, check].find((button) => button?.checkVisibility())?.click();
    }
}"""
WIDTH = "document.documentElement.scrollWidth"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as CSS computes them, "rgb(255, 255, 255)", by the formula of WCAG."""

    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_every_type(
    scheme: str, direction: str, open_page: Callable[..., Page], small_address: str, violations: Callable
) -> None:
    """Before and after answering, and at the end; on a phone, so that nothing may stand out of it, either."""
    size = {"width": 360, "height": 740}
    page = open_page(
        f"{small_address}/chapters/types.html", color_scheme=scheme, reduced_motion="reduce", viewport=size
    )
    page.evaluate("direction => { document.documentElement.dir = direction }", direction)
    found = violations(page, "article")
    assert page.evaluate(WIDTH) == 360
    page.evaluate(ANSWER)
    assert page.locator("book-question .bw-note:visible").count() > 20
    found += violations(page, "article")
    assert page.evaluate(WIDTH) == 360
    page.evaluate(END)
    expect(page.locator("book-question [type=submit]:visible")).to_have_count(0)
    expect(page.locator(".bw-long[tabindex]")).to_have_count(1)  # a formula within a line is scrolled by keyboard too
    found += violations(page, "article")
    assert page.evaluate(WIDTH) == 360
    assert not found, "\n\n".join(found)


def test_arrow_keys_follow_the_direction_of_the_text(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/types.html")
    page.evaluate("document.documentElement.dir = 'rtl'")
    tokens = page.locator("[data-id=types-tokens] .bw-tokens button")
    tokens.first.focus()
    page.keyboard.press("ArrowLeft")
    expect(tokens.nth(1)).to_be_focused()
    assert tokens.nth(1).bounding_box()["x"] < tokens.first.bounding_box()["x"]


def test_an_answer_runs_in_its_own_direction(open_page: Callable[..., Page], small_address: str) -> None:
    """Tokens that a page in Arabic quotes begin on the left."""
    page = open_page(f"{small_address}/chapters/types.html")
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.evaluate(ANSWER)
    answer = page.locator("[data-id=types-tokens-lines] .bw-note b:visible", has_text="<user>").first
    first, second = answer.evaluate(
        """answer => [0, 1].map((place) => {
            const range = document.createRange();
            range.setStart(answer.firstChild, place);
            range.setEnd(answer.firstChild, place + 1);
            return range.getBoundingClientRect().x;
        })"""
    )
    assert first < second


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_marked_token_is_told_apart_in_the_readers_own_colours(
    scheme: str, open_page: Callable[..., Page], small_address: str
) -> None:
    """High contrast takes tints away, and a bold full stop looks like any other."""
    page = open_page(f"{small_address}/chapters/types.html", forced_colors="active", color_scheme=scheme)
    marked, other = page.locator("[data-id=types-tokens] .bw-tokens button").all()[-2:]
    marked.click()
    ground = "token => getComputedStyle(token).backgroundColor"
    assert marked.evaluate(ground) != other.evaluate(ground)
    assert contrast(marked.evaluate(ground), marked.evaluate("token => getComputedStyle(token).color")) >= 4.5


def test_what_is_wider_than_the_screen_scrolls_by_keyboard(
    open_page: Callable[..., Page], small_address: str, violations: Callable
) -> None:
    page = open_page(f"{small_address}/chapters/types.html", viewport={"width": 360, "height": 740})
    question = page.locator("book-question", has=page.locator(".bw-explanation .bw-wide"))
    expect(question).to_have_count(1)
    formula = question.locator(".bw-wide")
    assert formula.get_attribute("tabindex") is None  # nobody gets into what is folded away
    question.locator("input").first.check()
    question.get_by_role("button", name="Check").click()
    question.get_by_role("button", name="Show the answer").click()
    expect(question.get_by_role("group", name="Scrolls sideways")).to_have_count(1)
    expect(question.locator(".bw-heard .bw-wide[tabindex]")).to_have_count(0)
    page.keyboard.press("Tab")
    expect(formula).to_be_focused()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    wait_for(page, "formula => formula.scrollLeft > 20", formula.element_handle())
    assert violations(page, "article") == []
    page.set_viewport_size({"width": 1600, "height": 740})
    expect(question.locator(".bw-wide[tabindex]")).to_have_count(0)
    expect(question.get_by_role("group", name="Scrolls sideways")).to_have_count(0)
