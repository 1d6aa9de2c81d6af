"""What is in the deck and when it is due: missed questions, editions, days, clocks, and browsers that keep nothing."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from reviewing import AGAIN, EASY, GOOD, HARD, NOW, Review, keep, kept, ms, theirs, without

NOTHING = {"Due now": "0", "Later today": "0", "From tomorrow on": "0", "New today": "0", "New, later": "0"}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def address(small_address: str) -> str:
    return f"{small_address}/chapters/review.html"


@pytest.fixture
def page(open_page: Callable[..., Page], address: str) -> Page:
    page = open_page(address, timezone_id="UTC")
    page.clock.set_fixed_time(NOW)
    page.reload()
    expect(Review(page).button("Start")).to_be_visible()
    return page


def come_back(page: Page, time: datetime, address: str = "") -> None:
    """Open the page again at another time."""
    page.clock.set_fixed_time(time)
    page.goto(address or page.url)
    expect(page.locator(".rv-view :first-child, article book-question").first).to_be_visible()


def answer_walk_choice(page: Page, *options: str, hint: bool = False) -> None:
    """Give answers to the question about (-3)^2, one after the other: "It is 9" is right."""
    question = page.locator("[data-id=walk-choice]")
    if hint:
        question.get_by_role("button", name="Hint 1").click()
    for option in options:
        question.get_by_label(option).check()
        question.get_by_role("button", name="Check").click()


def due_time(page: Page) -> datetime:
    return datetime.fromtimestamp(kept(page, "walk-choice")["due"] / 1000, UTC)


def answer_when_due(page: Page, *options: str, hint: bool = False) -> datetime:
    """Answer the question in a session of its own, at the time when it is due; returns that time."""
    review, time = Review(page), due_time(page)
    page.clock.set_fixed_time(time)
    back = review.button("Back to what is due")
    if back.is_visible():
        back.click()
    else:
        page.reload()
    review.start()
    review.expect_card("walk-choice")
    expect(review.line).to_contain_text("Missed before")
    answer_walk_choice(page, *options, hint=hint)
    review.button("End the session").click()
    expect(review.title).to_be_visible()
    return time


def test_a_missed_question_comes_back_until_it_is_mastered(page: Page, small_address: str, address: str) -> None:
    review = Review(page)
    assert review.counts() == NOTHING

    # In its chapter: wrong, then right. The other question there is right at once, and none of the deck's business.
    chapter = f"{small_address}/chapters/walk.html"
    page.goto(chapter)
    answer_walk_choice(page, "It is −9", "It is 9")
    multi = page.locator("[data-id=walk-multi]")
    for option in ["three", "minus three"]:
        multi.get_by_label(option, exact=True).check()
    multi.get_by_role("button", name="Check").click()
    come_back(page, NOW + MINUTE, address)
    history = [(AGAIN, NOW)]
    assert without(kept(page, "walk-choice"), "print") == theirs(history)[-1] | {"reps": 1, "lapses": 0}
    assert kept(page, "walk-multi") is None
    assert review.counts() == NOTHING | {"Due now": "1", "New today": "1"}, "the chapter's concept came in too"

    # Each way of answering has its grade, and the schedule that belongs to it.
    ways = [
        (["It is −9", "It is 6"], False, AGAIN),
        (["It is −9", "It is 9"], False, HARD),
        (["It is 9"], True, HARD),
        (["It is 9"], False, GOOD),
        (["It is 9"], False, GOOD),
    ]
    for options, hint, grade in ways:
        time = answer_when_due(page, *options, hint=hint)
        history.append((grade, time))
        expect(review.status).to_contain_text(f"{['Again', 'Hard', 'Good'][grade - 1]}: comes back")
        expected = theirs(history)[-1]
        for name in ["state", "step", "due", "stability", "difficulty"]:
            assert kept(page, "walk-choice")[name] == pytest.approx(expected[name]), (name, history)

    # Answers in the chapter count as reviews as well; what was answered here has not counted twice.
    come_back(page, due_time(page))
    review.button("Back to what is due").click()
    assert kept(page, "walk-choice")["reps"] == len(history)
    for options, grade in [(["It is 9"], GOOD), (["It is −9", "It is 6", "It is 9"], AGAIN)]:
        time = due_time(page)
        come_back(page, time, chapter)
        page.locator("[data-id=walk-choice]").get_by_role("button", name="Start over").click()
        answer_walk_choice(page, *options)
        history.append((grade, time))
        come_back(page, time + MINUTE, address)
        # The store's times of answers given within a millisecond differ by one each.
        assert kept(page, "walk-choice")["due"] == pytest.approx(theirs(history)[-1]["due"], abs=10)

    # Mastered: its next date is three weeks away or more.
    while due_time(page) - history[-1][1] < 21 * DAY:
        history.append((GOOD, answer_when_due(page, "It is 9")))
        assert len(history) < 20
    come_back(page, time + 1000 * DAY)
    review.button("Back to what is due").click()
    assert review.counts()["Due now"] == "0"

    # Missed once more, it is back.
    page.goto(chapter)
    page.locator("[data-id=walk-choice]").get_by_role("button", name="Start over").click()
    answer_walk_choice(page, "It is 6")
    come_back(page, time + 1001 * DAY, address)
    assert review.counts()["Due now"] == "1"
    assert kept(page, "walk-choice")["lapses"] == 2


def test_words_of_mastery(page: Page) -> None:
    review = Review(page)
    review.tick("walk")
    keep(page, "walk-choice", [(GOOD, NOW - 40 * DAY), (GOOD, NOW - 39 * DAY)])
    review.start()
    answer_walk_choice(page, "It is 9")
    expect(review.status).to_have_text("Good: you know this now, and it will not come back.")


def test_a_flashcard_that_was_graded_in_its_chapter(page: Page, small_address: str, address: str) -> None:
    page.goto(f"{small_address}/chapters/types.html")
    question = page.locator("[data-id=types-flashcard]")
    question.get_by_role("button", name="Show the other side").click()
    question.get_by_role("button", name="Hard").click()
    come_back(page, NOW + MINUTE, address)
    card = kept(page, "types-flashcard")
    assert without(card, "print", "reps", "lapses") == pytest.approx(theirs([(HARD, NOW)])[-1])
    # It was learned there and is not one of today's new cards; the others are about the same concept, and wait.
    assert Review(page).counts() == NOTHING | {"Later today": "1", "New, later": "2"}


def test_an_edited_and_a_dropped_card(page: Page) -> None:
    """Between two visits one card gets another text, and another one leaves the book."""
    review = Review(page)
    review.tick("one", "two")
    review.start()
    review.grade(EASY)
    review.grade(EASY)
    expect(review.title).to_be_visible()
    before, dropped = kept(page, "concept:alpha"), kept(page, "concept:beta")

    def edit(route: Route) -> None:
        text = route.fetch().text()
        beginning, data = text[: text.index("{")], json.loads(text[text.index("{") : text.rindex("}") + 1])
        data["questions"] = [one for one in data["questions"] if one["id"] != "concept:beta"]
        [alpha] = [one for one in data["questions"] if one["id"] == "concept:alpha"]
        alpha["print"] = "0badcafe"
        route.fulfill(body=f"{beginning}{json.dumps(data)};", content_type="text/javascript")

    page.route("**/bank/index.js*", edit)
    page.evaluate("sessionStorage.clear()")
    come_back(page, NOW + 8 * DAY)
    assert review.counts() == NOTHING | {"Due now": "1"}
    review.element.locator("summary").click()
    expect(review.element.get_by_text("Kept, but not in this edition of the book: 1")).to_be_visible()
    review.start()
    review.expect_card("concept:alpha")
    expect(review.line.get_by_text("Changed since you last saw it")).to_be_visible()
    review.grade(GOOD)
    after = kept(page, "concept:alpha")
    schedule = theirs([(EASY, NOW), (GOOD, NOW + 8 * DAY)])[-1]
    assert (after["due"], after["reps"], after["print"]) == (schedule["due"], 2, "0badcafe")
    assert after["stability"] > before["stability"]
    assert kept(page, "concept:beta") == dropped


def test_due_counts_and_the_readers_day(open_page: Callable[..., Page], address: str) -> None:
    """Late in the evening in New York, when it is tomorrow in Greenwich, and two days after clocks were changed."""
    evening = datetime(2026, 3, 10, 22, 30, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
    page = open_page(address, timezone_id="America/New_York")
    page.clock.install(time=evening)
    page.reload()
    review = Review(page)
    review.tick("one", "two", "walk", "types", "hostile")
    for card, last in [
        ("concept:alpha", evening - 8 * DAY - MINUTE),  # "easy" brings it back eight days later
        ("concept:beta", evening - 8 * DAY + HOUR),
        ("concept:gamma", evening - 8 * DAY + 2 * HOUR),
        ("concept:delta", evening),
    ]:
        keep(page, card, [(EASY, last)])
    counts = {"Due now": "1", "Later today": "1", "From tomorrow on": "2", "New today": "1", "New, later": "2"}
    assert review.counts() == counts

    # New cards of one concept come on different days; whatever was new today is not new tomorrow.
    review.start("10 cards")
    review.grade(EASY)
    review.expect_card("types-flashcard")
    review.grade(EASY)
    review.button("Back to what is due").click()
    counts |= {"Due now": "0", "From tomorrow on": "4", "New today": "0", "New, later": "2"}
    assert review.counts() == counts
    expect(review.element.get_by_text("The next card is due in 1 hour.")).to_be_visible()

    # The page follows the clock by itself.
    page.clock.fast_forward("01:01:00")
    expect(review.element.locator("dd").first).to_have_text("1")
    page.clock.fast_forward("00:30:00")
    counts = {"Due now": "1", "Later today": "1", "From tomorrow on": "3", "New today": "1", "New, later": "1"}
    expect(review.element.locator("dd").nth(3)).to_have_text("1")
    assert review.counts() == counts


def test_at_most_so_many_new_cards_a_day(page: Page) -> None:
    review = Review(page)
    review.tick("one", "two", "walk", "types")
    review.element.locator("summary").click()
    field = review.element.get_by_label("New cards a day, at most:")
    expect(field).to_have_value("10")
    for wrong in ["-1", "1000", ""]:
        field.fill(wrong)
        field.blur()
        expect(field).to_have_value("10")
    field.fill("2")
    field.blur()
    assert review.counts() == NOTHING | {"New today": "2", "New, later": "4"}
    review.start()
    review.grade(EASY)
    review.button("End the session").click()
    review.button("Back to what is due").click()
    assert review.counts() == NOTHING | {"From tomorrow on": "1", "New today": "1", "New, later": "4"}
    review.start()
    review.grade(EASY)
    review.button("Back to what is due").click()
    expect(review.element.get_by_text("The next card is due in 8 days.")).to_be_visible()
    come_back(page, NOW + DAY)
    assert review.counts()["New today"] == "2"
    # A chapter that does not take part rests, and comes back as it was.
    review.element.locator("summary").click()
    one = review.element.get_by_label("Chapter one")
    one.uncheck()
    assert review.counts() == NOTHING | {"From tomorrow on": "1", "New today": "2", "New, later": "2"}
    one.check()
    assert review.counts()["From tomorrow on"] == "2"


def test_a_session_of_some_of_many_takes_the_longest_overdue(page: Page) -> None:
    review = Review(page)
    review.tick("types")
    names = [
        "types-text",
        "types-numeric",
        "types-order",
        "types-spot",
        "types-multi",
        "types-choice",
    ]  # against the bank
    for days, name in enumerate(names):
        keep(page, name, [(EASY, NOW - timedelta(days=30 - days))])
    review.start()  # five, as the page says
    for n, name in enumerate(names[:5]):
        review.expect_card(name)
        expect(review.line).to_have_text(f"Graded: {n}To go: 5Every type of questionMissed before")
        review.question.evaluate("question => question.showAnswer()")
        page.keyboard.press("n")
    expect(review.line).to_contain_text("Graded: 5")  # and from here on again what was not known
    review.expect_card(names[0])


def test_a_clock_that_jumps_back(page: Page) -> None:
    review = Review(page)
    review.tick("one", "two")
    review.start()
    review.grade(EASY)
    review.button("End the session").click()
    review.button("Back to what is due").click()
    before = kept(page, "concept:alpha")
    # By an hour: the card waits an hour longer. By years: it was graded in the future, and is due at once.
    come_back(page, NOW - HOUR)
    assert review.counts() == NOTHING | {"From tomorrow on": "1", "New today": "1"}
    come_back(page, NOW - 800 * DAY)
    assert review.counts()["Due now"] == "1"
    assert kept(page, "concept:alpha") == before, "looking changes nothing"
    review.start()
    review.expect_card("concept:alpha")
    review.grade(GOOD)
    after = kept(page, "concept:alpha")
    assert after["last"] == ms(NOW - 800 * DAY)
    assert after["due"] == theirs([(EASY, NOW), (GOOD, NOW - 800 * DAY)])[-1]["due"]
    # And it is what the store holds after a reload: what is written last wins, whatever the clock says.
    come_back(page, NOW - 800 * DAY + HOUR)
    assert kept(page, "concept:alpha") == after


def test_a_damaged_card_is_a_new_one(page: Page) -> None:
    review = Review(page)
    review.tick("one")
    for damaged in [
        {},
        {"state": "review", "due": "soon"},
        {"state": "x", "stability": 1, "difficulty": 1, "last": 1, "due": 1},
    ]:
        page.evaluate("(card) => bookStore.put('card', 'concept:alpha', card)", damaged)
        assert review.counts() == NOTHING | {"New today": "1"}
    page.evaluate("sessionStorage.setItem(`book-review:${location.pathname}:0`, '{\"ids\": 3}')")
    page.reload()
    review.start()
    review.grade(GOOD)
    assert without(kept(page, "concept:alpha"), "print", "reps", "lapses", "since") == pytest.approx(
        theirs([(GOOD, NOW)])[-1]
    )


OFF = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, { get() { throw new DOMException("forbidden", "SecurityError"); } });"""
FULL = """Storage.prototype.setItem = function () { throw new DOMException("full", "QuotaExceededError"); };"""


@pytest.mark.parametrize(
    ("hindrance", "words"), [(OFF, "does not let the book keep anything"), (FULL, "is full")], ids=["off", "full"]
)
def test_where_nothing_can_be_kept(browser: Browser, address: str, hindrance: str, words: str) -> None:
    """The page says so, and a session works until the page is left."""
    context = browser.new_context()
    context.add_init_script(hindrance)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    review = Review(page)
    expect(review.button("Start")).to_be_visible()
    review.tick("one", "two")
    expect(review.state).to_contain_text(words)
    review.start()
    review.grade(AGAIN)
    review.grade(EASY)
    review.expect_card("concept:alpha")
    page.keyboard.press("u")
    review.expect_card("concept:beta")
    assert kept(page, "concept:alpha")["reps"] == 1
    assert kept(page, "concept:beta") is None
    page.reload()
    expect(review.element.get_by_text("Nothing to review yet.")).to_be_visible()
    # The theme keeps its colours in localStorage, and complains where it cannot.
    assert not [error for error in errors if "forbidden" not in error and "full" not in error]
    context.close()


def test_scripts_that_do_not_arrive_are_asked_for_again(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/bank/*.js*", lambda route: route.abort())
    page.goto(address)
    review = Review(page)
    expect(review.element.get_by_text("The cards did not arrive.")).to_be_visible()
    page.unroute("**/bank/*.js*")
    page.route("**/bank/one.js*", lambda route: route.abort())
    review.button("Try again").click()
    expect(review.button("Start")).to_be_visible()
    review.tick("one")
    review.start()
    expect(review.element.get_by_text("The cards did not arrive.")).to_be_visible()
    page.unroute("**/bank/one.js*")
    review.button("Try again").click()
    review.expect_card("concept:alpha")
    page.close()
