"""A review session: by keyboard alone, taken back, interrupted, in two tabs, from a folder."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from learner import go_to, tab_to, wait_for
from playwright.sync_api import Page, expect
from reviewing import AGAIN, EASY, GOOD, HARD, NOW, Review, keep, kept, ms, theirs, without


@pytest.fixture
def page(open_page: Callable[..., Page], small_address: str) -> Page:
    """The review page at NOW, when nothing has been done yet."""
    page = open_page(f"{small_address}/chapters/review.html", timezone_id="UTC")
    page.clock.set_fixed_time(NOW)
    page.reload()
    expect(page.get_by_text("Nothing to review yet.").first).to_be_visible()
    return page


def test_a_whole_session_by_keyboard(page: Page) -> None:
    review = Review(page)
    press = page.keyboard.press
    expect(review.button("Start")).to_be_disabled()

    # Choose what to review: a chapter without any answer yet, and another one.
    go_to(page, review.element.locator("summary"))
    press("Enter")
    for chapter in ["Chapter one", "Chapter two"]:
        tab_to(page, review.element.get_by_label(chapter))
        press("Space")
    assert review.counts() == {
        "Due now": "0", "Later today": "0", "From tomorrow on": "0", "New today": "2", "New, later": "0",
    }  # fmt: skip
    go_to(page, review.button("Start"))
    press("Enter")

    # The front: the focus is on it, it is named by its text, and grades have no effect yet.
    group = review.question.get_by_role("group").first
    expect(group).to_be_focused()
    expect(group).to_have_accessible_name("What is meant by alpha?")
    expect(review.line).to_have_text("Graded: 0To go: 2Chapter oneNew")
    back = review.question.locator(".bw-side .bw-back")
    expect(back).to_be_hidden()
    for key in ["1", "4", "u", "Control+u"]:
        press(key)
    expect(back).to_be_hidden()
    assert kept(page, "concept:alpha") is None

    # The other side: read, with what each grade means, and a link to the definition.
    press("Space")
    expect(back).to_be_visible()
    expect(back).to_have_text("The first.")
    expect(review.question.locator(".bw-side")).to_be_focused()
    grades = review.element.get_by_role("group", name="How well did you know it?")
    names = ["Again 1 minute", "Hard 6 minutes", "Good 10 minutes", "Easy 8 days"]
    for name, locator in zip(names, grades.get_by_role("button").all(), strict=True):
        expect(locator).to_have_accessible_name(name)
    link = review.question.get_by_role("link", name="alpha")
    assert link.evaluate("link => link.href").endswith("/chapters/one.html#concept-alpha")
    press("4")
    expect(review.status).to_have_text("Easy: comes back in 8 days.")

    # Enter turns too; a grade may be given by its button.
    expect(group).to_have_accessible_name("What is meant by beta?")
    expect(group).to_be_focused()
    press("Enter")
    tab_to(page, grades.get_by_role("button").first)
    press("Enter")
    expect(review.status).to_have_text("Again: comes back in 1 minute.")

    # What is being learned comes again within the session, until nothing is left.
    expect(review.line).to_have_text("Graded: 2To go: 1Chapter two")
    for grade in [GOOD, GOOD]:
        expect(group).to_be_focused()
        review.grade(grade)
    expect(review.title).to_be_focused()
    expect(review.title).to_have_text("The session is over.")
    expect(review.element.get_by_text("Grades given: 4, in 1 minute.")).to_be_visible()
    assert review.counts() == {
        "Again": "1", "Hard": "0", "Good": "2", "Easy": "1",
        "Later today": "0", "Tomorrow": "1", "Within a week": "0", "After that": "1",
    }  # fmt: skip

    alpha, beta = kept(page, "concept:alpha"), kept(page, "concept:beta")
    schedule = theirs([(EASY, NOW)])[-1]
    assert without(alpha, "print") == schedule | {"reps": 1, "lapses": 0, "since": ms(NOW)}
    schedule = theirs([(AGAIN, NOW), (GOOD, NOW), (GOOD, NOW)])[-1]
    assert without(beta, "print", "stability", "difficulty") == without(schedule, "stability", "difficulty") | {
        "reps": 3, "lapses": 0, "since": ms(NOW),
    }  # fmt: skip
    assert [beta["stability"], beta["difficulty"]] == pytest.approx([schedule["stability"], schedule["difficulty"]])

    tab_to(page, review.button("Back to what is due"))
    press("Enter")
    expect(review.element.locator("summary")).to_be_focused()
    expect(review.element.get_by_text("The next card is due tomorrow.")).to_be_visible()


def graded_everything(page: Page) -> dict[str, dict]:
    """Everything that the store has of cards."""
    return page.evaluate("bookStore.all('card')")


def test_undo_goes_back_step_by_step(page: Page) -> None:
    review = Review(page)
    review.tick("one", "two", "walk")
    keep(page, "concept:beta", [(GOOD, NOW - timedelta(days=9)), (GOOD, NOW - timedelta(days=8))])
    before = graded_everything(page)
    review.start()
    # What is due comes before what is new.
    for card, grade in [("concept:beta", AGAIN), ("concept:alpha", HARD), ("concept:gamma", EASY)]:
        review.expect_card(card)
        review.grade(grade)
    after_three = graded_everything(page)
    assert after_three["concept:beta"]["lapses"] == 1
    assert after_three["concept:beta"]["state"] == "relearning"

    # The last one first, by its key; then the others, by the button, each time with its card in front.
    review.expect_card("concept:alpha")
    page.keyboard.press("u")
    expect(review.status).to_have_text("The last grade was taken back.")
    review.expect_card("concept:gamma")
    expect(review.line).to_contain_text("New")
    assert kept(page, "concept:gamma") is None
    review.button("Undo the last grade").click()
    review.expect_card("concept:alpha")
    review.button("Undo the last grade").click()
    review.expect_card("concept:beta")
    expect(review.button("Undo the last grade")).to_be_disabled()
    expect(review.question.get_by_role("group").first).to_be_focused()
    assert graded_everything(page) == before

    # The same grades lead to the same schedules; and a grade can be taken back after the end.
    for grade in [AGAIN, HARD, EASY]:
        review.grade(grade)
    assert graded_everything(page) == after_three
    review.button("End the session").click()
    expect(review.title).to_be_focused()
    page.keyboard.press("u")
    review.expect_card("concept:gamma")
    assert kept(page, "concept:gamma") is None


def test_a_reload_in_the_middle(page: Page) -> None:
    review = Review(page)
    review.tick("one", "two", "walk")
    review.start()
    review.grade(EASY)
    review.expect_card("concept:beta")
    page.keyboard.press("Space")
    page.reload()
    # The same card, not yet turned; the count goes on; what was done before can still be taken back.
    review.expect_card("concept:beta")
    expect(review.line).to_have_text("Graded: 1To go: 2Chapter twoNew")
    review.grade(GOOD)
    review.expect_card("concept:gamma")
    page.reload()
    review.expect_card("concept:gamma")
    for card in ["concept:beta", "concept:alpha"]:
        page.keyboard.press("u")
        review.expect_card(card)
    assert graded_everything(page) == {}
    # A session that is over stays over, and one that was left is gone.
    review.grade(EASY)
    review.button("End the session").click()
    page.reload()
    expect(review.title).to_be_focused()
    review.button("Back to what is due").click()
    page.reload()
    expect(review.button("Start")).to_be_enabled()


def test_two_tabs(page: Page) -> None:
    """What is graded in one tab is not asked again in the other, and nothing is undone that the other tab did since."""
    review = Review(page)
    review.tick("one", "two")
    second = page.context.new_page()
    second.goto(page.url)
    other = Review(second)
    review.start()
    review.expect_card("concept:alpha")
    other.start()
    other.expect_card("concept:alpha")

    other.grade(GOOD)
    expect(review.status).to_have_text("That card was graded in another tab.")
    review.expect_card("concept:beta")
    review.grade(EASY)
    expect(other.status).to_have_text("That card was graded in another tab.")
    other.expect_card("concept:alpha")

    # Both know everything; alpha is in both sessions, in learning, and the second tab grades it again.
    review.expect_card("concept:alpha")
    review.grade(GOOD)
    assert kept(page, "concept:alpha")["reps"] == 2
    wait_for(second, "bookStore.get('card', 'concept:alpha')?.reps === 2")
    expect(other.title).to_be_visible()
    other.button("Undo the last grade").click()
    expect(other.status).to_have_text("This card was graded again in another tab: that grade stays.")
    assert kept(second, "concept:alpha") == kept(page, "concept:alpha")
    assert kept(second, "concept:alpha")["reps"] == 2


def test_keys_leave_fields_and_the_other_review_alone(page: Page) -> None:
    first, second = Review(page), Review(page, 1)
    first.tick("one", "two", "walk")
    wrong = {"print": "0", "type": "choice", "response": [1], "score": 0, "attempt": 1, "hints": 0, "shown": False}
    wrong["first"] = {"score": 0, "response": [1], "hints": 0, "at": ms(NOW)}
    for name in ["types-text", "walk-choice"]:
        page.evaluate("([id, answer]) => bookStore.put('answer', id, answer)", [name, wrong])
    page.clock.set_fixed_time(NOW + timedelta(minutes=2))
    page.reload()
    # A second review knows its own chapter only, and keys go to the one where the focus is.
    expect(second.element.get_by_role("checkbox", include_hidden=True)).to_have_count(1)
    assert second.counts() == {
        "Due now": "1", "Later today": "0", "From tomorrow on": "0", "New today": "0", "New, later": "1",
    }  # fmt: skip
    second.start()
    second.expect_card("walk-choice")
    first.start()
    first.expect_card("walk-choice")
    first.button("End the session").click()
    first.start()
    first.question.get_by_label("It is 9").check()
    page.keyboard.press("n")  # nothing checked: nothing to go on from
    first.expect_card("walk-choice")
    first.question.get_by_role("button", name="Check").click()
    expect(first.status).to_contain_text("Good: comes back in 10 minutes.")
    page.keyboard.press("n")
    first.expect_card("types-text")
    expect(second.status).to_have_text("That card was graded in another tab.")

    # Someone types: u, n and 1 are letters.
    field = first.question.get_by_role("textbox")
    field.focus()
    page.keyboard.type("sum1nu ")
    expect(field).to_have_value("sum1nu ")
    first.expect_card("types-text")
    field.fill("sum")
    page.keyboard.press("Enter")
    expect(first.status).to_contain_text("Good: comes back")
    assert kept(page, "walk-choice")["reps"] == 2

    # Outside of both, no key does anything.
    page.get_by_role("heading", name="Of one chapter").click()
    for key in ["u", "n", "Space", "1"]:
        page.keyboard.press(key)
    first.expect_card("types-text")


def test_minutes_end_a_session(page: Page) -> None:
    page.clock.install(time=NOW)
    page.reload()
    review = Review(page)
    review.tick("one", "two", "walk")
    review.start("5 minutes")
    expect(review.line).to_contain_text("Minutes: 0 of 5")
    page.clock.run_for(150_000)
    review.grade(EASY)
    expect(review.line).to_contain_text("Minutes: 2 of 5")
    page.clock.run_for(151_000)
    review.grade(EASY)
    expect(review.title).to_be_visible()
    expect(review.element.get_by_text("Grades given: 2, in 5 minutes.")).to_be_visible()


def test_from_a_folder(open_page: Callable[..., Page], small_site: Path) -> None:
    page = open_page((small_site / "chapters/review.html").as_uri(), viewport={"width": 360, "height": 740})
    review = Review(page)
    expect(review.button("Start")).to_be_visible()
    review.tick("types")
    review.start("All that is due")
    review.expect_card("types-flashcard")
    review.grade(EASY)
    expect(review.title).to_be_visible()
    assert kept(page, "types-flashcard")["state"] == "review"


def test_without_scripts(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/review.html", java_script_enabled=False)
    expect(page.get_by_text("You can review on paper all the same").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible_on_a_phone_in_every_state(
    scheme: str, open_page: Callable[..., Page], small_address: str, violations: Callable
) -> None:
    size = {"width": 360, "height": 740}
    page = open_page(
        f"{small_address}/chapters/review.html", color_scheme=scheme, reduced_motion="reduce", viewport=size
    )
    review, found = Review(page), []

    def look() -> None:
        nonlocal found
        found += violations(page, "article")
        assert page.evaluate("document.documentElement.scrollWidth") == 360

    expect(review.button("Start")).to_be_visible()
    look()  # nothing to do
    review.tick("two", "types")
    keep(page, "concept:beta", [(GOOD, NOW - timedelta(days=900))], fingerprint="an old one")
    keep(page, "types-match", [(GOOD, NOW - timedelta(days=899))])
    keep(page, "gone", [(GOOD, NOW)])
    review.element.locator("summary").click()
    expect(review.element.get_by_text("not in this edition of the book: 1")).to_be_visible()
    look()
    review.start()
    review.expect_card("concept:beta")
    look()
    page.keyboard.press("Space")
    look()
    for button in review.element.locator(".rv-button").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 24
    page.keyboard.press("4")
    review.expect_card("types-match")
    review.question.locator("select").first.select_option(index=1)
    for _ in range(2):
        review.question.get_by_role("button", name="Check").click()
    expect(review.status).to_contain_text("Again: comes back")
    look()
    review.button("End the session").click()
    expect(review.title).to_be_visible()
    look()
    assert not found, "\n\n".join(found)
