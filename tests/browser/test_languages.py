"""Books in another language, and in one that is written from right to left, as they are built."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import bookwidgets
from tests.browser.test_questions_accessible import ANSWER, END, WIDTH

HERE = Path(__file__).parent
PHONE = {"width": 360, "height": 740}
TYPES = 12

# What a reader sees on the page, and in our parts of it also what only names a thing.
WORDS = """() => {
    const named = [...document.querySelectorAll(".bw *, .concept *")].filter((one) => one.checkVisibility());
    const names = named.flatMap((one) => [one.ariaLabel, one.title, one.placeholder]);
    return [document.body.innerText, ...names.filter(Boolean)].join("\\n");
}"""
# Words that stand in nearly every English sentence or button, and in no German one of that book.
ENGLISH = re.compile(
    r"\b(the|of|and|your|you|is|this|that|it|what|answer|show|hide|click|search|next|previous|page|content|copy|check|"
    r"hint|right|wrong|contents|download|by|links?|cell|code)\b",
    re.IGNORECASE,
)


def built_in(language: str, folder: Path, build_book: Callable) -> Path:
    """The pages of the German book, said to be in ``language``."""
    root = shutil.copytree(HERE / "german", folder / "book")
    config = (HERE.parent / "small_book/_config.yml").read_text(encoding="utf-8")
    for old, new in [
        ("language: en", f"language: {language}"),
        ("A small book", "Ein kleines Buch"),
        ("Its tests", "Seine Tests"),
        ("html:\n", "html:\n  favicon: mark.svg\n"),
    ]:
        assert old in config
        config = config.replace(old, new, 1)
    (root / "_config.yml").write_text(config, encoding="utf-8")
    shutil.copy(HERE.parent.parent / "chapters/figures/mark.svg", root)
    built = build_book(root)
    assert built.status == 0, built.log[-5000:]
    return built.html


@pytest.fixture(scope="module")
def german(once: Callable, build_book: Callable, serve: Callable[[Path], str]) -> str:
    return serve(once("german", lambda folder: built_in("de", folder, build_book))) + "/chapters/arten.html"


def english_phrases() -> list[re.Pattern[str]]:
    """The sentences of the English catalogue that are other ones in German, with anything in their gaps."""
    folder = Path(bookwidgets.__file__).parent / "strings"
    english, german = (json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ["en", "de"])
    said = {text for key, text in english.items() if text != german[key] and re.search("[a-z]{4}", text)}
    parts = [[re.escape(part) for part in re.split(r"\{\w+\}", text)] for text in sorted(said)]
    return [re.compile(f"^{'.*'.join(some)}$", re.MULTILINE) for some in parts if any(len(part) > 2 for part in some)]


def expect_no_english(page: Page) -> None:
    words = page.evaluate(WORDS).replace("© Copyright", "")
    assert ENGLISH.findall(words) == []
    assert [found.pattern for found in english_phrases() if found.search(words)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_german_book_says_nothing_in_english(
    scheme: str, open_page: Callable[..., Page], german: str, violations: Callable
) -> None:
    """Every type, before and after answering and at the end; accessible all the time."""
    page = open_page(german, color_scheme=scheme, reduced_motion="reduce")
    kinds = page.locator("book-question").evaluate_all("all => all.map((one) => one.dataset.type)")
    assert len({*kinds}) == len(kinds) == TYPES
    expect(page.locator("html[lang=de]")).to_have_count(1)
    expect_no_english(page)
    found = violations(page)
    page.get_by_role("button", name="Hinweis").first.click()
    page.evaluate(ANSWER)
    expect_no_english(page)
    found += violations(page, "article")
    page.evaluate(END)
    expect(page.locator("book-question [type=submit]:visible")).to_have_count(0)
    expect_no_english(page)
    expect(page.locator("[data-type=numeric] fieldset .bw-note:visible")).to_contain_text("1,69 m²")
    assert page.evaluate("[Documentation.gettext('Search'), Documentation.PLURAL_EXPR(1)]") == ["Suche", False]
    found += violations(page, "article")
    assert not found, "\n\n".join(found)


def test_english_is_found_where_there_is_some(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/types.html")
    words = page.evaluate(WORDS)
    assert len(ENGLISH.findall(words)) > 20
    assert sum(bool(phrase.search(words)) for phrase in english_phrases()) > 10


def test_from_right_to_left(
    open_page: Callable[..., Page], serve: Callable, tmp_path: Path, build_book: Callable, violations: Callable
) -> None:
    """A book in Arabic, with the German book's texts: built, on a phone, nothing stands out or is out of reach."""
    address = serve(built_in("ar", tmp_path, build_book)) + "/chapters/arten.html"
    page = open_page(address, viewport=PHONE, reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('article')).direction") == "rtl"
    assert page.evaluate(WIDTH) == 360
    found = violations(page, "article")
    page.evaluate(ANSWER)
    page.evaluate(END)
    assert page.evaluate(WIDTH) == 360
    choice = page.locator("book-question").first
    edge = choice.evaluate("one => getComputedStyle(one).borderRightWidth")
    assert edge == "4px"
    box, label = (choice.locator(part).first.bounding_box() for part in ["li input", "li label span"])
    assert box["x"] > label["x"]
    found += violations(page, "article")
    assert not found, "\n\n".join(found)
