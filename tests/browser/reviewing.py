"""A learner who reviews: what a test does on a review page, and the schedule that it should lead to."""

from datetime import UTC, datetime

from fsrs import Card, Rating, Scheduler
from playwright.sync_api import Locator, Page, expect

Graded = tuple[int, datetime]  # a grade, 1 to 4, and when it was given

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def ms(time: datetime) -> int:
    """The time as scripts have it."""
    return round(time.timestamp() * 1000)


def theirs(history: list[Graded]) -> list[dict]:
    """What the `fsrs` package makes of a history: the schedule after each grade, in the form of the page."""
    scheduler, card, schedules = Scheduler(enable_fuzzing=False), Card(), []
    for grade, time in history:
        card, _ = scheduler.review_card(card, Rating(grade), time)
        schedules.append(
            {
                "state": card.state.name.lower(),
                "step": card.step,
                "stability": card.stability,
                "difficulty": card.difficulty,
                "last": ms(card.last_review),
                "due": ms(card.due),
            }
        )
    return schedules


class Review:
    """A review on a page: the first one, or the n-th."""

    def __init__(self, page: Page, n: int = 0) -> None:
        self.page = page
        self.element = page.locator("book-review").nth(n)
        self.status = self.element.locator(".rv-status")
        self.state = self.element.locator(".rv-state")
        self.question = self.element.locator("book-question")
        self.line = self.element.locator(".rv-line")
        self.title = self.element.locator(".rv-title")

    def button(self, name: str) -> Locator:
        return self.element.get_by_role("button", name=name, exact=True)

    def tick(self, *chapters: str) -> None:
        """Let the cards of chapters take part, by choice."""
        self.element.evaluate(
            """(review, slugs) => bookStore.put("setting", "review-chapters",
                { value: Object.fromEntries(slugs.map((slug) => [slug, true])) })""",
            list(chapters),
        )

    def counts(self) -> dict[str, str]:
        """The table in sight: what is due, or what was done."""
        names, values = (self.element.locator(f".rv-table {part}").all_inner_texts() for part in ["dt", "dd"])
        return dict(zip(names, values, strict=True))

    def expect_card(self, card: str) -> None:
        expect(self.question).to_have_attribute("data-id", card)

    def start(self, length: str = "") -> None:
        if length:
            self.element.locator("select").select_option(label=length)
        self.button("Start").click()

    def grade(self, grade: int) -> None:
        """Turn the card and grade it, by keys."""
        expect(self.button("Show the other side")).to_be_visible()
        self.page.keyboard.press("Space")
        self.page.keyboard.press(str(grade))


def kept(page: Page, card: str) -> dict | None:
    """What the store has of a card."""
    return page.evaluate("(id) => bookStore.get('card', id) ?? null", card)


def keep(page: Page, card: str, history: list[Graded], fingerprint: str = "") -> None:
    """Put a card into the store as if it had been graded like this; with its present text, if nothing else is said."""
    schedule = theirs(history)[-1] | {"reps": len(history), "lapses": 0, "print": fingerprint}
    page.evaluate(
        """([id, card]) => {
            card.print ||= bookBank.questions.find((question) => question.id === id)?.print ?? "0";
            bookStore.put("card", id, card);
        }""",
        [card, schedule],
    )


def without(card: dict, *names: str) -> dict:
    return {name: value for name, value in card.items() if name not in names}
