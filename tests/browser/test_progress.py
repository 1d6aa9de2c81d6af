"""What a learner sees of the progress: the page of that name, marks on chapters, and the way back to where she was."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from learner import Question, go_to
from playwright.sync_api import Locator, Page, expect

from bookwidgets.static import source

HOUR = 3_600_000
HOSTILE = "</script><img src=x onerror='window.hacked=1'><b>bold</b>"


@pytest.fixture
def page(open_page: Callable[..., Page], small_address: str) -> Page:
    return open_page(f"{small_address}/chapters/progress.html")


def bank(page: Page) -> dict[str, Any]:
    page.wait_for_selector("book-progress section")
    return page.evaluate("bookBank")


def answer(
    page: Page, name: str, score: float = 1, *, tries: int = 1, hints: int = 0, days: float = 0, **rest: Any
) -> None:
    """Put an answer as the store keeps it: the first try, and what came of it in the end, ``days`` later."""
    (question,) = [one for one in bank(page)["questions"] if one["id"] == name]
    first = {"score": score if tries == 1 else 0, "response": [1], "hints": hints, "at": 1}
    value = {
        "print": question["print"], "type": question["type"], "response": [1], "attempt": tries, "hints": hints,
        "score": score, "shown": False, "ideas": [], "first": first, "best": score, **rest,
    }  # fmt: skip
    entries = {"answer": {name: [int(1 + days * 24 * HOUR), value]}}
    text = json.dumps({"format": 1, "book": "a-small-book", "entries": entries})
    assert page.evaluate("text => bookStore.importText(text)", text)["ok"]


def section(page: Page, title: str) -> Locator:
    return page.locator("book-progress > section").filter(has=page.get_by_role("heading", name=title, exact=True))


def chapter(page: Page, title: str, of: str = "What you have done") -> Locator:
    return section(page, of).locator("details").filter(has=page.locator("summary", has_text=title))


# What is done


def test_it_begins_with_nothing(page: Page) -> None:
    questions = [one for one in bank(page)["questions"] if one["href"] and not one.get("card")]
    done = section(page, "What you have done")
    expect(done.get_by_text(f"Questions done: 0 of {len(questions)}")).to_be_visible()
    expect(done.get_by_text("Concepts mastered: 0 of 5")).to_be_visible()
    expect(section(page, "What you missed").get_by_text("No question is waiting")).to_be_visible()
    expect(page.get_by_text("It is kept")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('book:'))") == ["book:a-small-book"]


def test_what_is_done_is_counted_by_chapter_and_concept(page: Page) -> None:
    answer(page, "q-one")
    answer(page, "q-two", 0.5)
    answer(page, "hostile")
    for title, counts in {
        "Chapter one": "1 of 1 questions done, 0 of 1 concepts mastered",
        "Chapter two": "0 of 1 questions done, 0 of 1 concepts mastered",
        "A walk": "0 of 2 questions done, 0 of 1 concepts mastered",
        "Hostile": "1 of 1 questions done, 1 of 1 concepts mastered",
    }.items():
        expect(chapter(page, title).locator("summary")).to_have_text(title + counts)
    expect(page.get_by_text("Concepts mastered: 1 of 5")).to_be_visible()
    two = chapter(page, "Chapter two")
    two.locator("summary").click()
    expect(two.get_by_role("listitem")).to_have_text(["◐Beta begun, 0 % (1 of 2 questions answered)"])
    two.get_by_role("link", name="Beta").click()
    expect(page).to_have_url(re.compile(r"chapters/two\.html#concept-beta$"))


RULE = {
    "right at once": ({}, 1),
    "right with a hint": ({"hints": 1}, 0.5),
    "right at the second try": ({"tries": 2}, 0.5),
    "with a hint, and without a day later": ({"days": 1, "first": {"score": 1, "hints": 1, "at": 1}}, 1),
    "wrong, and right at the first try of a later round": ({"days": 1, "first": {"score": 0, "hints": 0, "at": 1}}, 1),
    "the same within half a day": ({"days": 0.4, "first": {"score": 0, "hints": 0, "at": 1}}, 0.5),
    "a day later with a hint": ({"days": 1, "hints": 1, "first": {"score": 0, "hints": 0, "at": 1}}, 0.5),
    "a day later at the second try": ({"days": 1, "tries": 2}, 0.5),
    "in part": ({"score": 0.9}, 0),
    "wrong": ({"score": 0}, 0),
    "right once, wrong now": ({"score": 0, "first": {"score": 1, "hints": 0, "at": 1}, "best": 1}, 0),
    "in another wording": ({"print": "00000000"}, 0),
}


@pytest.mark.parametrize("case", RULE)
def test_mastery_follows_the_rule_that_the_page_states(page: Page, case: str) -> None:
    """Two questions ask about gamma; one of them was right at once, so that the share is (1 + credit) / 2."""
    how, credit = RULE[case]
    answer(page, "walk-multi")
    answer(page, "walk-choice", **how)
    answered = 1 if case == "in another wording" else 2
    state = "mastered" if credit == 1 else "begun"
    chapter(page, "A walk").locator("summary").click()
    entry = chapter(page, "A walk").get_by_role("listitem")
    expect(entry).to_contain_text(f"{state}, {50 + 50 * credit:.0f} % ({answered} of 2 questions answered)")


def test_flashcards_do_not_make_a_master(page: Page) -> None:
    flashcard = next(one for one in bank(page)["questions"] if one["type"] == "flashcard" and not one.get("card"))
    before = section(page, "What you have done").inner_text()
    answer(page, flashcard["id"])
    after = section(page, "What you have done").inner_text()
    mastered = re.compile(r"Concepts mastered: \d+ of \d+")
    assert mastered.search(before)[0] == mastered.search(after)[0]


def test_cards_that_are_due(page: Page) -> None:
    bank(page)
    kept = {"state": "learning", "stability": 1, "difficulty": 5, "last": 1}
    for name, due in [("q-one", -1), ("q-two", HOUR), ("a-dropped-card", -1)]:
        page.evaluate(
            "([name, kept, due]) => bookStore.put('card', name, { ...kept, due: Date.now() + due })", [name, kept, due]
        )
    expect(page.get_by_text("Cards due for review: 1")).to_be_visible()
    expect(chapter(page, "Chapter one").locator("summary")).to_contain_text("cards due: 1")
    expect(chapter(page, "Chapter two").locator("summary")).not_to_contain_text("due")


def test_edited_and_dropped_questions_are_told(page: Page) -> None:
    answer(page, "q-one", print="00000000")
    bank(page)
    page.evaluate("bookStore.put('answer', 'a-dropped-question', { print: '00000000', score: 1 })")
    expect(page.get_by_text("Changed since you answered: 1.")).to_be_visible()
    expect(page.get_by_text("Answers to questions that the book no longer has: 1.")).to_be_visible()
    expect(page.get_by_text("a-dropped-question")).to_have_count(0)


# What was missed


def test_what_was_missed_leads_back(page: Page) -> None:
    answer(page, "q-one", 0)
    answer(page, "q-two", 0.5, shown=True)
    answer(page, "types-free", 0.5)
    titles = section(page, "What you missed").locator("summary > span")
    expect(titles).to_have_text(["Chapter one", "Chapter two"])
    two = chapter(page, "Chapter two", of="What you missed")
    two.locator("summary").click()
    entry = two.get_by_role("listitem")
    expect(entry).to_contain_text("partly right, 50 of 100 points, answer shown, Alpha, Beta")
    expect(entry.get_by_role("link")).to_contain_text("Which of these hold for every real number")
    expect(entry.get_by_role("link").locator("math")).to_have_count(1)
    entry.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"chapters/two\.html#q-q-two$"))


def test_without_the_prompts_the_concepts_say_what_was_missed(browser: Any, small_address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/bank/two.js*", lambda route: route.abort())
    page.goto(f"{small_address}/chapters/progress.html")
    answer(page, "q-two", 0)
    two = chapter(page, "Chapter two", of="What you missed")
    two.locator("summary").click()
    expect(two.get_by_role("link", name="Alpha, Beta")).to_be_visible()
    context.close()


# How sure


def test_how_sure_against_how_often_right(page: Page) -> None:
    """Ten forecasts of 90 % of which six came true, two of 50 % of which one did, on two days: reckoned by hand."""
    bank(page)
    forecasts = {f"run/{n}": [HOUR, {"confidence": 0.9, "right": int(n < 6)}] for n in range(10)}
    forecasts |= {f"run/{n}": [50 * HOUR, {"confidence": 0.5, "right": n % 2}] for n in [10, 11]}
    forecasts["made/up"] = [1, {"confidence": 7, "right": "<b>"}]
    text = json.dumps({"format": 1, "book": "a-small-book", "entries": {"forecast": forecasts}})
    assert page.evaluate("text => bookStore.importText(text)", text)["ok"]
    sure = section(page, "How sure you were, and how often you were right")
    # (10 * .9 + 2 * .5) / 12 = .83; 7 of 12 = .58; (6 * .01 + 4 * .81 + 2 * .25) / 12 = .317
    expect(sure).to_contain_text(
        "On the 12 answers for which you said how sure you were, you were 83 % sure on average"
    )
    expect(sure).to_contain_text("wholly right in 58 %")
    expect(sure).to_contain_text("Brier score: 0.317")
    expect(sure.get_by_role("img")).to_have_accessible_name(re.compile("The table below holds the same numbers"))
    rows = sure.get_by_role("table", name="How sure, and how often right").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("250 %")  # two answers, half of them right
    expect(rows.nth(2)).to_contain_text("1060 %")
    days = sure.get_by_role("table", name="Day by day").get_by_role("row")
    # (6 * .01 + 4 * .81) / 10 = .33; the later day first
    expect(days).to_have_count(3)
    expect(days.nth(1)).to_contain_text("250 %50 %0.25")
    expect(days.nth(2)).to_contain_text("1090 %60 %0.33")


# The file


def test_a_file_goes_out_and_comes_in_elsewhere(page: Page, open_page: Callable[..., Page], tmp_path: Path) -> None:
    answer(page, "q-one")
    expect(page.get_by_text("Not saved to a file yet. Answers, cards and exams: 1.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    assert re.fullmatch(r"a-small-book-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    path = tmp_path / "progress.json"
    download.value.save_as(path)
    expect(page.get_by_text(re.compile(r"Saved to a file last on .+\. New or changed since: 0\."))).to_be_visible()
    other = open_page(page.url)
    bank(other)
    other.get_by_label("Import a file").set_input_files(path)
    expect(other.get_by_role("status").filter(has_text="entries were new, 0 replaced")).to_be_visible()
    expect(chapter(other, "Chapter one").locator("summary")).to_contain_text("1 of 1 questions done")
    other.get_by_label("Import a file").set_input_files(path)
    expect(other.get_by_role("status").filter(has_text="Imported: 0 entries were new")).to_be_visible()


def test_what_is_in_the_file_is_said_before_it_is_saved(page: Page) -> None:
    answer(page, "q-one")
    page.evaluate("bookStore.put('place', 'last', { href: 'x', title: 'Chapter one', section: '' })")
    saver = page.get_by_role("button", name="Save to a file")
    expect(saver).to_have_accessible_description(re.compile("^In the file is what you answered first and last, when"))
    said = page.locator("#bw-file-holds")
    expect(said).to_contain_text("Your name is not in it. Nobody sees the file unless you hand it over")
    # What else it came to hold would have to be said too.
    kept = json.loads(page.evaluate("bookStore.exportText()"))
    assert set(kept) == {"format", "book", "title", "entries"}
    assert set(kept["entries"]) <= {"answer", "card", "exam", "forecast", "setting", "chapter", "place"}
    assert set(kept["entries"]) >= {"answer", "place"}
    assert page.evaluate("bookStore.learner") not in json.dumps(kept)


def test_a_damaged_file_is_refused_with_a_reason(page: Page, tmp_path: Path) -> None:
    bank(page)
    path = tmp_path / "progress.json"
    for text, reason in [
        ("{", "it is damaged"),
        (json.dumps({"format": 1, "book": "other", "title": HOSTILE, "entries": {}}), f"another book, {HOSTILE}"),
        (" " * 5_000_000 + "{", "it is damaged"),
        (" " * 20_000_001, "too large"),
    ]:
        path.write_text(text)
        page.get_by_label("Import a file").set_input_files(path)
        expect(page.get_by_role("status").filter(has_text=reason)).to_be_visible()
    assert page.evaluate("window.hacked") is None
    expect(page.locator("book-progress img")).to_have_count(0)


def test_no_markup_comes_of_what_a_file_says(page: Page, small_address: str) -> None:
    """Every place of the store that is ever shown, with markup in it; and addresses that lead elsewhere."""
    questions = bank(page)["questions"]
    made_up = {
        "print": HOSTILE,
        "type": HOSTILE,
        "response": HOSTILE,
        "score": HOSTILE,
        "shown": HOSTILE,
        "first": HOSTILE,
    }
    entries = {
        "answer": {one["id"]: [5, made_up | {"print": one["print"]}] for one in questions} | {HOSTILE: [5, made_up]},
        "card": {one["id"]: [5, {"due": HOSTILE}] for one in questions},
        "exam": {HOSTILE: [5, {"title": HOSTILE}]},
        "forecast": {HOSTILE: [5, {"confidence": HOSTILE, "right": HOSTILE}]},
        "chapter": {"chapters/one": [5, {"done": HOSTILE, "total": HOSTILE}]},
        "place": {"last": [5, {"href": "chapters/one.html", "title": HOSTILE, "section": HOSTILE}]},
        "setting": {"saved": [5, {"value": HOSTILE}], HOSTILE: [5, {"value": HOSTILE}]},
    }
    text = json.dumps({"format": 1, "book": "a-small-book", "title": HOSTILE, "entries": entries})
    assert page.evaluate("text => bookStore.importText(text)", text)["ok"]
    for summary in page.locator("book-progress summary").all():
        summary.click()
    expect(page.locator("book-progress :is(img, b, script)")).to_have_count(0)
    for name in ["index", "chapters/one"]:
        page.goto(f"{small_address}/{name}.html")
        expect(page.locator("article img[src=x]")).to_have_count(0)
        assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "https://example.org/a.html",
        "//example.org/a.html",
        "../../a.html",
        "/etc.html",
        "a.html?x",
        7,
    ],
)
def test_the_way_back_stays_in_the_book(open_page: Callable[..., Page], small_address: str, href: object) -> None:
    page = open_page(f"{small_address}/index.html")
    page.evaluate("href => bookStore.put('place', 'last', { href, title: 'here', section: '' })", href)
    expect(page.locator("book-continue")).to_be_hidden()


# Keeping and erasing


@pytest.mark.parametrize(("granted", "words"), [(True, "has agreed not to clear it"), (False, "has not agreed")])
def test_the_browser_is_asked_to_keep_it(open_page: Callable[..., Page], page: Page, granted: bool, words: str) -> None:
    """Only on request: nobody is asked when a page opens."""
    page.add_init_script(f"""{{
        window.asked = 0;
        navigator.storage.persisted = async () => false;
        navigator.storage.persist = async () => {{ window.asked += 1; return {str(granted).lower()}; }};
    }}""")
    page.reload()
    button = page.get_by_role("button", name="Ask this browser to keep it")
    expect(button).to_be_visible()
    assert page.evaluate("asked") == 0
    button.click()
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
    assert page.evaluate("asked") == 1
    expect(button).to_be_visible(visible=not granted)


def test_a_browser_that_promises_nothing_is_not_asked(page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'storage', { value: undefined })")
    page.reload()
    bank(page)
    expect(page.get_by_role("button", name="Ask this browser to keep it")).to_be_hidden()
    expect(page.get_by_text("Private windows forget when they are closed")).to_be_visible()


def test_erasing_by_keyboard_asks_first(page: Page) -> None:
    answer(page, "q-one")
    opener = page.get_by_role("button", name="Erase everything …")
    dialog = page.get_by_role("dialog", name="Erase everything?")
    go_to(page, opener)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Keep everything")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # on what is focused: keep
    expect(dialog).to_be_hidden()
    expect(chapter(page, "Chapter one").locator("summary")).to_contain_text("1 of 1 questions done")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="Erase everything")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Everything is erased.")).to_be_visible()
    expect(chapter(page, "Chapter one").locator("summary")).to_contain_text("0 of 1 questions done")
    assert page.evaluate("bookStore.all('answer')") == {}


def test_a_damaged_store_is_told_and_can_be_saved(page: Page, tmp_path: Path) -> None:
    bank(page)
    page.evaluate("localStorage.setItem('book:a-small-book', 'no {JSON')")
    page.reload()
    told = page.locator("book-progress").get_by_text("What was kept here was damaged.")
    expect(told).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the damaged original").click()
    assert Path(download.value.path()).read_text() == "no {JSON"
    page.reload()
    page.get_by_role("button", name="Throw it away").click()
    expect(told).to_have_count(0)
    page.reload()
    bank(page)
    expect(told).to_have_count(0)


# The page as such


def test_it_follows_what_another_tab_does(page: Page) -> None:
    """What is open stays open, and the focus stays where it is."""
    bank(page)
    summary = chapter(page, "Chapter one").locator("summary")
    go_to(page, summary)
    page.keyboard.press("Enter")
    other = page.context.new_page()
    other.goto(page.url)
    answer(other, "q-one")
    expect(chapter(page, "Chapter one").get_by_role("listitem")).to_contain_text("begun, 50 %")
    expect(summary).to_be_focused()


def test_without_the_index_it_says_so(browser: Any, small_address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/bank/index.js", lambda route: route.abort())
    page.goto(f"{small_address}/chapters/progress.html")
    expect(page.get_by_text("The list of questions did not arrive.")).to_be_visible()
    context.close()


def test_without_scripts_it_says_what_is_missing(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/progress.html", java_script_enabled=False)
    expect(page.get_by_text("a script reads it from there")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_in_all_its_states(
    open_page: Callable[..., Page], small_address: str, violations: Callable, scheme: str
) -> None:
    page = open_page(f"{small_address}/chapters/progress.html", color_scheme=scheme, reduced_motion="reduce")
    bank(page)
    assert violations(page) == []
    fill_everything(page)
    assert violations(page) == []
    page.get_by_role("button", name="Erase everything …").click()
    assert violations(page, "dialog[open]") == []


def fill_everything(page: Page) -> None:
    """Something of every kind, and all that can be opened open."""
    for number, one in enumerate(bank(page)["questions"]):
        if not one.get("card"):
            answer(page, one["id"], [1, 0, 0.5][number % 3])
    page.evaluate(
        """() => {
            for (let n = 0; n < 30; n++)
                bookStore.put("forecast", `run/${n}`, { confidence: (n % 10) / 10, right: Number(n % 3 > 0) });
            bookStore.put("card", "q-one", { state: "learning", stability: 1, difficulty: 5, last: 1, due: 1 });
            localStorage.setItem("book:a-small-book:damaged:1", "x");
        }"""
    )
    page.reload()
    bank(page)
    page.evaluate("for (const one of document.querySelectorAll('book-progress details')) one.open = true")
    expect(page.locator(".bw-missed").first.get_by_role("listitem").first).to_be_visible()


def test_it_fits_a_phone_and_a_folder(open_page: Callable[..., Page], small_site: Path) -> None:
    page = open_page((small_site / "chapters/progress.html").as_uri(), viewport={"width": 360, "height": 740})
    fill_everything(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    small = page.evaluate(
        """[...document.querySelectorAll("book-progress :is(button, input, summary)")]
            .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 24)
            .map((one) => one.outerHTML)"""
    )
    assert small == []


# Marks


def test_a_chapter_says_how_much_of_it_is_done(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/walk.html")
    line = page.locator("book-marks")
    expect(line).to_be_empty()  # nobody is told that nothing is done
    question = Question(page, "walk-choice")
    question.option("It is 6").check()
    question.button("Check").click()
    expect(line).to_be_empty()
    question.option("It is 9").check()
    question.button("Check").click()
    expect(line).to_have_text("1 of 2 questions done")
    multi = page.locator("book-question[data-id=walk-multi]")
    multi.get_by_label("nine").check()
    multi.get_by_role("button", name="Check").click()
    multi.get_by_role("button", name="Show the answer").click()
    expect(line).to_have_text("All questions done: 2")
    entry = page.get_by_role("navigation", name="Main").get_by_role(
        "link", name="A walk, all questions done", exact=True
    )
    expect(entry).to_be_visible()
    page.goto(f"{small_address}/index.html")
    expect(entry).to_be_visible()
    expect(page.locator(".bw-tick")).to_have_count(1)
    page.evaluate("bookStore.erase()")
    expect(page.locator(".bw-tick")).to_have_count(0)


def test_a_chapter_and_the_progress_page_count_the_same(open_page: Callable[..., Page], site_address: str) -> None:
    """In the real book, whose chapters ask again what earlier ones taught."""
    page = open_page(f"{site_address}/chapters/progress.html")
    index = bank(page)
    for one in index["chapters"]:
        summary = chapter(page, one["title"]).locator("summary").inner_text()
        page.goto(f"{site_address}/{one['href']}")
        own = page.locator("book-question:not(.bw-recall *)")
        names = own.evaluate_all("all => all.map(({ dataset }) => [dataset.id, dataset.print, dataset.type])")
        assert f"0 of {len(names)} questions done" in summary
        name, fingerprint, kind = names[0]
        value = {"print": fingerprint, "type": kind, "response": [1], "score": 1, "attempt": 1, "hints": 0}
        page.evaluate("([name, value]) => bookStore.put('answer', name, value)", [name, value])
        expect(page.locator("book-marks")).to_have_text(f"1 of {len(names)} questions done")
        page.goto(f"{site_address}/chapters/progress.html")
        expect(chapter(page, one["title"]).locator("summary")).to_contain_text(f"1 of {len(names)} questions done")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_are_accessible(
    open_page: Callable[..., Page], small_address: str, violations: Callable, scheme: str
) -> None:
    page = open_page(f"{small_address}/chapters/progress.html", color_scheme=scheme, reduced_motion="reduce")
    answer(page, "q-one")
    answer(page, "walk-multi", print="00000000")
    answer(page, "walk-choice")
    for name in ["chapters/walk", "index"]:
        page.goto(f"{small_address}/{name}.html")
        expect(page.locator(".bw-tick")).to_have_count(1)
        assert violations(page) == []
    expect(page.locator("book-continue")).to_be_visible()


def test_the_progress_page_brings_ticks_up_to_date(page: Page) -> None:
    """As after an exam or an import: the chapter itself has not been open."""
    answer(page, "q-one")
    expect(page.locator(".bw-tick")).to_have_count(1)
    expect(page.locator(".bd-sidebar-primary nav a", has=page.locator(".bw-tick"))).to_contain_text("Chapter one")


def test_continue_where_you_were(open_page: Callable[..., Page], small_site: Path) -> None:
    """From a folder, to the section that was read last."""
    root = small_site.as_uri()
    page = open_page(f"{root}/index.html")
    expect(page.locator("book-continue")).to_be_hidden()
    page.goto(f"{root}/chapters/two.html#sec-two")
    expect(page.locator("#sec-two, #a-section-of-two").first).to_be_in_viewport()
    page.goto(f"{root}/index.html")
    link = page.locator("book-continue").get_by_role("link")
    expect(link).to_have_text("A section of two, in “Chapter two”")
    link.click()
    expect(page).to_have_url(f"{root}/chapters/two.html#a-section-of-two")


# Questions of other pages


@pytest.mark.parametrize("opened", ["served", "from a folder"])
def test_questions_of_other_pages_are_whole(
    opened: str, open_page: Callable[..., Page], small_address: str, small_site: Path
) -> None:
    """parts/bank.js: links lead where they should from here; scripts are asked for once; an unknown id is none."""
    root = small_address if opened == "served" else small_site.as_uri()
    page = open_page(f"{root}/chapters/progress.html")
    bank(page)
    page.add_script_tag(content=source("parts/dom.js") + source("parts/bank.js"))
    found = page.evaluate(
        """async () => {
            const { chapters, questions } = await loadIndex();
            await Promise.all(chapters.flatMap(({ slug }) => [loadQuestions(slug), loadQuestions(slug)]));
            const made = questions.map(({ id }) => questionElement(id));
            document.querySelector("article").append(...made);
            return {
                ids: made.map(({ dataset }) => [dataset.id, dataset.print, dataset.fresh]),
                wanted: questions.map(({ id, print }) => [id, print, ""]),
                links: made.flatMap((one) => [...one.querySelectorAll("a")].map(({ href }) => href)),
                scripts: [...document.querySelectorAll("script[src*='/bank/']")].length - chapters.length,
                unknown: questionElement("nothing") === undefined,
            };
        }"""
    )
    assert found["ids"] == found["wanted"]
    assert (found["scripts"], found["unknown"]) == (1, True)
    own = [link for link in found["links"] if not link.startswith("https://example.org/")]
    assert len(own) > 50
    for link in own:
        path = link.removeprefix(f"{root}/").partition("#")[0]
        assert (small_site / path).is_file(), link
    assert f"{root}/chapters/walk.html#sec-walk" in own
