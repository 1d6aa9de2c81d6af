"""A page that is on its way: what a reader can do before all of it is there."""

from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Handler
from tests.browser.learner import wait_for

PAGE = "/chapters/types.html"


@pytest.fixture
def slow(small_site: Path) -> Iterator[tuple[str, Event]]:
    """The address of a page whose second half is sent when the event is set."""
    go_on = Event()
    whole = (small_site / PAGE[1:]).read_bytes()
    half = whole.index(b"</book-question>", len(whole) // 2)

    class Slow(Handler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(small_site))

        def do_GET(self) -> None:
            if self.path != PAGE:
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(whole)))
            self.end_headers()
            self.wfile.write(whole[:half])
            go_on.wait(20)
            self.wfile.write(whole[half:])

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{PAGE}", go_on
    go_on.set()
    server.shutdown()
    server.server_close()


def test_a_question_can_be_answered_while_the_page_still_arrives(browser: Browser, slow: tuple[str, Event]) -> None:
    address, go_on = slow
    context = browser.new_context()
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(address, wait_until="commit")
    first = page.locator("book-question").first
    first.locator("input").first.check()
    first.get_by_role("button", name="Check").click()
    expect(first.get_by_role("status")).not_to_be_empty()
    assert page.evaluate("document.readyState") == "loading"
    arrived = page.locator("book-question").count()
    assert page.locator("book-question > form").count() in {arrived, arrived - 1}  # one may be half here
    go_on.set()
    page.wait_for_load_state("load")
    assert page.locator("book-question").count() == page.locator("book-question > form").count() > arrived
    context.close()


def test_whoever_keeps_answers_hears_of_every_question(browser: Browser, small_address: str) -> None:
    """A script in front of the engine sets the learner, hears of each question that is ready, and restores answers."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script("""
      window.usable = [];
      new MutationObserver((_, observer) => {
        if (!document.documentElement) return;
        document.documentElement.dataset.learner = "someone";
        observer.disconnect();
      }).observe(document, { childList: true });
      document.addEventListener("book-ready", ({ target, detail }) => {
        window.usable.push(detail.id);
        const answer = { ...detail, response: { text: "kept" }, score: 0, attempt: 2, hints: 0 };
        if (detail.id === "types-text") target.restore(answer);
      });
    """)
    page.goto(small_address + PAGE)
    names = page.locator("book-question").evaluate_all("all => all.map((one) => one.dataset.id)")
    assert page.evaluate("window.usable") == names
    assert len(names) > 10
    expect(page.locator("[data-id=types-text] input")).to_have_value("kept")
    orders = page.locator(".bw-options").evaluate_all(
        "all => all.map((list) => [...list.children].map((item) => item.dataset.n).join())"
    )
    context.close()
    plain = browser.new_page()
    plain.goto(small_address + PAGE)
    assert orders != plain.locator(".bw-options").evaluate_all(
        "all => all.map((list) => [...list.children].map((item) => item.dataset.n).join())"
    )
    plain.close()


def test_the_first_frame_is_of_the_whole_page(browser: Browser, slow: tuple[str, Event]) -> None:
    """With a clock that stands still, so that the page does not give up: no frame before the page has been read."""
    address, go_on = slow
    page = browser.new_page()
    page.add_init_script("""
      window.setTimeout = () => 0;
      window.frames_drawn = 0;
      const count = () => { window.frames_drawn += 1; requestAnimationFrame(count); };
      requestAnimationFrame(count);
    """)
    page.goto(address, wait_until="commit")
    expect(page.locator("book-question")).not_to_have_count(0)
    page.wait_for_timeout(300)
    assert page.evaluate("[document.readyState, frames_drawn]") == ["loading", 0]
    go_on.set()
    page.wait_for_load_state("load")
    wait_for(page, "frames_drawn > 0")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_known_before_anything_is_painted(scheme: str, browser: Browser, small_address: str) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.add_init_script("""
      window.themes = [];
      new MutationObserver(() => {
        if (document.body) window.themes.push(document.documentElement.dataset.theme);
      }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-theme"] });
    """)
    page.goto(f"{small_address}/chapters/one.html")
    assert page.evaluate("[...new Set(themes)]") == [scheme]
    context.close()


def test_what_the_theme_adds_still_works(open_page: Callable[..., Page], site_address: str) -> None:
    """Its scripts wait now: code can be copied, folded cells open, and the search page finds something."""
    page = open_page(f"{site_address}/chapters/tiny-language-model.html", viewport={"width": 1280, "height": 800})
    code, buttons = page.locator("div.highlight pre"), page.locator("button.copybtn")
    assert buttons.count() == code.count() > 5
    page.keyboard.press("Control+k")
    expect(page.locator("#pst-search-dialog")).to_be_visible()
    page.locator("#pst-search-dialog input").fill("gradient")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results li").first).to_be_visible()
