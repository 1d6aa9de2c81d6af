"""Questions in every state, light and dark, against WCAG."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page


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
