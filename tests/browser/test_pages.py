"""Every page of the book: quiet, complete, accessible, and at home on a phone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sphinx_external_toc.parsing import parse_toc_yaml

TOC = Path(__file__).parents[2] / "_toc.yml"
PAGES = [*(name.removesuffix(".md") for name in parse_toc_yaml(TOC)), "genindex", "search"]

# Bring the questions of a page into all of their states: every third stays untouched; of the others every hint is
# taken and something is answered and checked; of half of these the answer is asked for.
USE_QUESTIONS = """() => {
    [...document.querySelectorAll("book-question")].forEach((question, number) => {
        if (number % 3 === 2) return;
        const all = (selector) => [...question.querySelectorAll(`fieldset ${selector}`)];
        const [check, hint, show] = question.querySelectorAll("form > .bw-controls > button");
        while (!hint.hidden) hint.click();
        for (const select of all("select")) select.selectedIndex = 1;
        for (const field of all("input[type=text], textarea")) field.value = "1";
        all("input[type=radio], input[type=checkbox], .bw-tokens button").slice(0, 1).forEach((one) => one.click());
        check.click();
        if (number % 3 === 1 && !show.hidden) show.click();
    });
}"""

# What stands out of a screen of 360 pixels without anything around it that scrolls.
TOO_WIDE = """() => {
    const scrolls = (part) => getComputedStyle(part).overflowX !== "visible";
    const inside = (part) => part.matches("article") || (!scrolls(part) && inside(part.parentElement));
    return [...document.querySelectorAll("article *")]
        .filter((part) => part.getBoundingClientRect().right > 361 && inside(part.parentElement))
        .map((part) => part.outerHTML.slice(0, 100));
}"""


def test_no_page_is_forgotten(site: Path) -> None:
    built = {
        str(path.relative_to(site).with_suffix("")) for path in site.rglob("*.html") if "_static" not in path.parts
    }
    assert built == set(PAGES)


def expect_mathematics(page: Page) -> None:
    """All formulas of the page are set, in fonts that arrived."""
    formulas = page.locator(".math").count()
    if formulas == 0:
        return
    page.evaluate("MathJax.startup.promise")
    assert page.locator(".math mjx-container").count() >= formulas
    expect(page.locator("mjx-merror")).to_have_count(0)
    page.evaluate("document.fonts.ready")
    fonts = page.evaluate("[...document.fonts].filter((font) => /MJX/.test(font.family)).map((font) => font.status)")
    assert "loaded" in fonts
    assert "error" not in fonts


# The rules that look at colours, which take axe most of its time, and most of that on programs, word by word. Of their
# colours there are few: `test_programs_are_legible` has all of them.
COLOURS = ["color-contrast", "link-in-text-block"]


@pytest.mark.parametrize("name", PAGES)
def test_over_http(name: str, open_page: Callable[..., Page], site_address: str, violations: Callable) -> None:
    """Accessible, and quiet: `open_page` watches for errors, warnings, other hosts and what the policy forbids."""
    page = open_page(f"{site_address}/{name}.html", color_scheme="light", reduced_motion="reduce")
    expect(page.locator("html[data-theme=light]")).to_have_count(1)
    expect_mathematics(page)
    page.evaluate(USE_QUESTIONS)
    found = violations(page, but=COLOURS)
    found += violations(page, only=COLOURS, outside=".highlight")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html[data-theme=dark]")).to_have_count(1)
    found += violations(page, only=COLOURS, outside=".highlight")
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_programs_are_legible(
    scheme: str, open_page: Callable[..., Page], site: Path, site_address: str, violations: Callable
) -> None:
    """Each kind of word that is marked in a program or in its output anywhere in the book, in the place of one."""
    kinds: dict[str, set[str]] = {}
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for block, code in re.findall(
            r'<div class="((?:highlight-|output )[^"]*)">.*?<pre>(.*?)</pre>', text, re.DOTALL
        ):
            kinds.setdefault(block, set()).update(re.findall(r'<span class="([a-z]\w*)">', code))
    assert len(set.union(*kinds.values())) > 15
    page = open_page(f"{site_address}/chapters/tiny-language-model.html", color_scheme=scheme)
    expect(page.locator(f"html[data-theme={scheme}]")).to_have_count(1)
    page.evaluate(
        """(kinds) => {
            const places = Object.entries(kinds).map(([block, some]) => {
                const place = document.createElement("div");
                const words = some.map((kind) => `<span class="${kind}">word</span>`).join(" ");
                place.innerHTML = `<div class="${block}"><div class="highlight"><pre>plain ${words}</pre></div></div>`;
                return place;
            });
            document.querySelector("article").replaceChildren(...places);
        }""",
        {block: sorted(some) for block, some in kinds.items()},
    )
    found = violations(page, "article", only=COLOURS)
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("name", PAGES)
def test_from_a_folder_on_a_phone(name: str, open_page: Callable[..., Page], site: Path) -> None:
    """As quiet without a server; and nothing is wider than the screen, unless it scrolls by itself."""
    page = open_page((site / f"{name}.html").as_uri(), viewport={"width": 360, "height": 740})
    expect_mathematics(page)
    page.evaluate(USE_QUESTIONS)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_that_needs_a_kernel(name: str, site: Path) -> None:
    html = (site / f"{name}.html").read_text(encoding="utf-8")
    for trace in ["widget-state", "widget-view", "require.js", "require.min.js", "html-manager", "thebe"]:
        assert trace not in html, f"{trace} in {name}.html"
