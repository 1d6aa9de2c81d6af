"""The one style sheet of a page shows it as the many did that it stands for: a browser compares them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from bookwidgets.pages.sheets import ONE, SHEETS

# How each kind of element looks now, and what stands before and after it by style: a hash of all that is computed.
# Of a kind are those that agree in name and classes, and whose parents do.
LOOK = """() => {
    const look = (element, part) => {
        const style = getComputedStyle(element, part);
        if (part && style.content === "none") return 0;
        let hash = 7;
        for (const name of style)
            for (const sign of style.getPropertyValue(name)) hash = (Math.imul(hash, 31) + sign.codePointAt(0)) | 0;
        return hash;
    };
    const still = Object.assign(document.createElement("style"), { textContent: "* { transition: none !important }" });
    document.body.append(still);
    window.seen ??= [];
    const kind = ({ localName, className, parentElement: { localName: name, className: names } }) =>
        [localName, className, name, names].join();
    const all = [...document.body.querySelectorAll("*:not(script, style, mjx-container *, svg *)")];
    window.elements ??= [...new Map(all.map((element) => [kind(element), element])).values()];
    const parts = [null, "::before", "::after"];
    window.seen.push(window.elements.map((element) => parts.map((part) => look(element, part)).join()));
    return window.elements.length;
}"""
EXCHANGE = """async ([one, sheets]) => {
    const link = document.querySelector(`link[href*="${one}"]`);
    const links = sheets.map((name) => {
        const href = link.getAttribute("href").replace(new RegExp(`${one}.*`), name);
        return Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    });
    const loaded = links.map((stock) => new Promise((resolve) => stock.addEventListener("load", resolve)));
    link.replaceWith(...links);
    await Promise.all(loaded);
}"""
DIFFERENT = """() => window.elements
    .filter((_, n) => window.seen[0][n] !== window.seen[1][n])
    .map((element) => element.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(
    ("page_name", "width", "scheme", "medium"),
    [
        ("chapters/tiny-language-model", 1280, "light", "screen"),
        ("chapters/direct-preference-optimization", 360, "dark", "screen"),
        ("chapters/practice-exam", 1280, "dark", "screen"),
        ("index", 360, "light", "screen"),
        ("chapters/best-of-n", 800, "light", "print"),
    ],
)
def test_a_page_looks_as_with_the_sheets_of_stock(
    page_name: str, width: int, scheme: str, medium: str, open_page: Callable[..., Page], site_address: str
) -> None:
    page = open_page(f"{site_address}/{page_name}.html", viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.emulate_media(media=medium)
    assert page.evaluate(LOOK) > 100
    page.evaluate(EXCHANGE, [ONE, list(SHEETS)])
    page.evaluate(LOOK)
    assert page.evaluate(DIFFERENT) == []
