"""Explorables and token strips on the site: by keyboard, without scripts, on paper, on a phone, from a folder."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

DEFAULT = "A sine wave of height 1, with an area of 0.6."
SMALLER = "A sine wave of height 0.5, with an area of 0.3."


@pytest.fixture
def address(small_address: str) -> str:
    return f"{small_address}/chapters/explorables.html"


def frame(explorable: Locator) -> Locator:
    """The one frame in sight."""
    return explorable.locator(".bw-frame:visible svg")


def test_the_slider_steps_by_keyboard(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    wave = page.locator("book-explore").first
    slider = wave.get_by_role("slider", name="height of the wave")
    expect(frame(wave)).to_have_attribute("aria-label", DEFAULT)
    slider.focus()
    for key, text, says in [
        ("ArrowLeft", "0.5", SMALLER),
        ("End", "2", "A sine wave of height 2, with an area of 1.3."),
        ("ArrowRight", "2", "A sine wave of height 2, with an area of 1.3."),
        ("ArrowDown", "1", DEFAULT),
        ("Home", "0.5", SMALLER),
    ]:
        page.keyboard.press(key)
        expect(slider).to_have_attribute("aria-valuetext", text)
        expect(wave.locator("output")).to_have_text(text)
        expect(frame(wave)).to_have_count(1)
        expect(frame(wave)).to_have_attribute("aria-label", says)
        expect(wave.get_by_role("status").last).to_have_text(says)


def test_a_choice_by_keyboard_keeps_the_slider(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    wave = page.locator("book-explore").first
    wave.get_by_role("slider").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    expect(wave.get_by_role("radio", name="sine")).to_be_focused()
    expect(wave.get_by_role("group", name="kind")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(wave.get_by_role("radio", name="square")).to_be_checked()
    expect(frame(wave)).to_have_attribute("aria-label", re.compile("A square wave of height 0.5"))
    expect(wave.get_by_text("a square wave 0.5 high")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(frame(wave)).to_have_attribute("aria-label", SMALLER)


def test_by_touch(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, has_touch=True, viewport={"width": 360, "height": 740})
    wave = page.locator("book-explore").first
    slider = wave.get_by_role("slider")
    slider.tap(position={"x": 4, "y": 10})
    expect(slider).to_have_attribute("aria-valuetext", "0.5")
    wave.get_by_text("square", exact=True).tap()
    expect(frame(wave)).to_have_attribute("aria-label", re.compile("A square wave of height 0.5"))


def test_two_of_a_name_do_not_meet(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    waves = page.locator("book-explore")
    expect(waves).to_have_count(2)
    for wave in waves.all():
        wave.get_by_role("slider").press("End")
    expect(frame(waves.nth(0))).to_have_attribute("aria-label", re.compile("height 2"))
    expect(frame(waves.nth(1))).to_have_attribute("aria-label", "3 bars.")
    ids = page.locator("[id]").evaluate_all("all => all.map((one) => one.id)")
    assert sorted(ids) == sorted(set(ids))
    waves.first.evaluate("wave => document.querySelector('article').append(wave)")
    expect(page.locator("book-explore form")).to_have_count(2)


def test_without_scripts_it_is_a_figure(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, java_script_enabled=False)
    wave = page.locator("book-explore").first
    expect(wave.get_by_role("img", name=DEFAULT)).to_be_visible()
    expect(wave.get_by_text("height of the wave: 1, kind: sine")).to_be_visible()
    expect(wave.locator("svg")).to_have_count(1)
    expect(wave.get_by_role("slider")).to_have_count(0)
    expect(page.locator("figure", has=page.locator("book-explore")).get_by_text("A wave.")).to_be_visible()


def test_paper_shows_the_default(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    wave = page.locator("book-explore").first
    wave.get_by_role("slider").press("Home")
    expect(frame(wave)).to_have_attribute("aria-label", SMALLER)
    page.emulate_media(media="print")
    expect(frame(wave)).to_have_count(1)
    expect(frame(wave)).to_have_attribute("aria-label", DEFAULT)
    expect(wave.get_by_text("height of the wave: 1, kind: sine")).to_be_visible()
    expect(wave.locator("form")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_accessible(
    scheme: str, width: int, open_page: Callable[..., Page], address: str, violations: Callable
) -> None:
    size = {"width": width, "height": 800}
    page = open_page(address, color_scheme=scheme, reduced_motion="reduce", viewport=size)
    expect(page.locator(f"html[data-theme={scheme}]")).to_have_count(1)
    assert violations(page, "article") == []
    page.locator("book-explore").first.get_by_role("slider").press("Home")
    page.locator("book-explore").first.get_by_role("radio", name="square").check()
    assert violations(page, "article") == []
    assert (
        page.locator(".bw-frame:visible").first.evaluate("f => getComputedStyle(f).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for target in page.locator("book-explore :is(input[type=range], label:has(input))").all():
        assert target.bounding_box()["height"] >= 24
    inside = page.locator("article").bounding_box()
    for part in page.locator(".bw-strip li, .bw-explore svg:visible").all():
        box = part.bounding_box()
        assert box["x"] >= inside["x"] - 1
        assert box["x"] + box["width"] <= inside["x"] + inside["width"] + 1


def test_from_right_to_left(open_page: Callable[..., Page], address: str) -> None:
    """The page turns around; what is drawn, and numbers with their signs, do not."""
    page = open_page(address)
    label = page.locator("book-explore svg text").first
    output = page.locator("book-explore output").first
    before = label.bounding_box()["x"] - page.locator("book-explore svg").first.bounding_box()["x"]
    page.evaluate("document.documentElement.dir = 'rtl'")
    after = label.bounding_box()["x"] - page.locator("book-explore svg").first.bounding_box()["x"]
    assert after == pytest.approx(before, abs=1)
    assert output.bounding_box()["x"] < page.get_by_text("height of the wave", exact=True).bounding_box()["x"]
    page.locator("book-explore").first.get_by_role("slider").press("ArrowLeft")  # towards the higher end, here
    expect(frame(page.locator("book-explore").first)).to_have_attribute("aria-label", re.compile("height 2"))
    assert page.locator(".bw-strip span").first.evaluate("one => getComputedStyle(one).unicodeBidi") == "plaintext"


def test_from_a_folder(open_page: Callable[..., Page], small_site: Path) -> None:
    page = open_page((small_site / "chapters/explorables.html").as_uri())
    wave = page.locator("book-explore").first
    wave.get_by_role("slider").press("Home")
    expect(frame(wave)).to_have_attribute("aria-label", SMALLER)


def test_the_page_carries_frames_once_and_nothing_for_a_kernel(small_site: Path) -> None:
    html = (small_site / "chapters/explorables.html").read_text()
    for height, kind in [("0.5", "sine"), ("1", "square"), ("2", "square")]:
        assert html.count(f"A {kind} wave of height {height}, with") == 1
    for trace in ["widget-state", "widget-view", "require.js", "html-manager", "<metadata", "DejaVu Sans Mono"]:
        assert trace not in html


def test_only_pages_that_need_it_load_the_script(small_site: Path) -> None:
    for name, wanted in [("explorables", True), ("one", False), ("annotate", False)]:
        html = (small_site / f"chapters/{name}.html").read_text()
        assert ("bookwidgets/explore.js" in html) is wanted
        assert ("bookwidgets/strips.css" in html) is wanted


def test_strips_are_lists_that_say_their_values(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    strips = page.locator(".bw-strip")
    expect(strips).to_have_count(3)
    expect(strips.nth(0).get_by_role("listitem").nth(7)).to_have_text("b −1.60")
    expect(strips.nth(0).get_by_role("listitem").nth(8)).to_have_text("<end> −∞")
    expect(strips.nth(1).get_by_role("listitem").nth(0)).to_have_text("<user> 0")
    expect(strips.nth(2).get_by_role("listitem").nth(8)).to_have_text("<end> +0.001")
    expect(strips.nth(2).get_by_role("listitem").last).to_contain_text("</li><script>window.hacked=1</script>")
    assert page.evaluate("window.hacked") is None
    # A bar is as long as the probability: exp(-0.05) and exp(-1.6) of the same track.
    widths = (
        strips.nth(0)
        .locator("li")
        .evaluate_all("all => all.map((li) => parseFloat(getComputedStyle(li, '::after').width))")
    )
    assert widths[7] / widths[6] == pytest.approx(0.202 / 0.951, abs=0.01)
    assert widths[0] == widths[8] == 0
