"""Several questions on a page, one of them twice; elements that move; pages that come back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def page(open_page: Callable[..., Page], small_address: str) -> Page:
    return open_page(f"{small_address}/chapters/twice.html", forgets=True)


def test_ids_are_unique(page: Page) -> None:
    ids = page.locator("[id]").evaluate_all("all => all.map((one) => one.id)")
    assert sorted(ids) == sorted(set(ids))
    expect(page.locator("#q-walk-choice")).to_have_count(1)
    # What an option or a group points to exists, and stands in the same question.
    strangers = page.evaluate(
        """() => [...document.querySelectorAll("book-question [aria-labelledby], book-question [aria-describedby]")]
            .flatMap((one) => ["aria-labelledby", "aria-describedby"].map((name) => [one, one.getAttribute(name)]))
            .filter(([one, id]) => id && !one.closest("book-question").querySelector(`#${id}`)).length"""
    )
    assert strangers == 0


def test_groups_are_independent(page: Page) -> None:
    first, second, multi = page.locator("book-question").all()
    first.get_by_label("It is 6").check()
    second.get_by_label("It is −9").check()
    multi.get_by_label("nine").check()
    expect(first.get_by_label("It is 6")).to_be_checked()
    first.get_by_role("button", name="Check").click()
    expect(first.get_by_role("status")).to_contain_text("Not right yet.")
    expect(first.get_by_label("It is 6")).to_be_disabled()
    for other, chosen in [(second, "It is −9"), (multi, "nine")]:
        expect(other.get_by_role("status")).to_have_text("")
        expect(other.get_by_label(chosen)).to_be_checked()
        expect(other.locator("input:disabled")).to_have_count(0)
        expect(other.locator(".bw-explanation")).to_be_hidden()


def answer_wrongly(page: Page) -> None:
    question = page.locator("book-question").first
    question.get_by_role("button", name="Hint").click()
    question.get_by_label("It is 6").check()
    question.get_by_role("button", name="Check").click()
    question.get_by_label("It is 9").check()


def expect_as_left(page: Page, question: str = "book-question >> nth=0") -> None:
    element = page.locator(question)
    expect(element.get_by_role("status")).to_contain_text("Not right yet.")
    expect(element.get_by_label("It is 6")).to_be_disabled()
    expect(element.get_by_label("It is 9")).to_be_checked()
    expect(element.get_by_text("Think of the sign.")).to_be_visible()
    expect(element.get_by_role("button", name="Check")).to_have_count(1)


def test_a_question_that_moves_keeps_its_state(page: Page) -> None:
    answer_wrongly(page)
    page.evaluate(
        """() => {
            const question = document.querySelector("book-question");
            const place = document.querySelector("article");
            place.append(question);
            place.prepend(question);
            const elsewhere = document.createElement("section");
            elsewhere.append(question);
            place.append(elsewhere);
        }"""
    )
    moved = "article > section:last-child > book-question"
    expect_as_left(page, moved)
    page.evaluate("addEventListener('book-answer', () => { window.count = (window.count ?? 0) + 1 })")
    page.locator(moved).get_by_role("button", name="Check").click()
    expect(page.locator(moved).get_by_role("status")).to_contain_text("Right.")
    assert page.evaluate("window.count") == 1


def test_a_page_from_the_back_forward_cache_is_as_it_was_left(page: Page, small_address: str) -> None:
    page.evaluate("addEventListener('pageshow', (event) => { window.restored = event.persisted })")
    answer_wrongly(page)
    page.goto(f"{small_address}/chapters/one.html")
    page.go_back(wait_until="commit")  # what comes out of the cache does not load
    assert page.evaluate("window.restored"), "the browser did not keep the page: this test shows nothing"
    expect_as_left(page)
    question = page.locator("book-question").first
    question.get_by_role("button", name="Check").click()
    expect(question.get_by_role("status")).to_contain_text("Right.")


def test_a_reloaded_page_is_untouched(page: Page) -> None:
    """Browsers fill forms again after a reload; an option chosen by nobody would be a surprise."""
    answer_wrongly(page)
    page.reload()
    question = page.locator("book-question").first
    expect(question.get_by_role("button", name="Hint 1 of 2")).to_be_visible()
    expect(page.locator("book-question input:checked")).to_have_count(0)
