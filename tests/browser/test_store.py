"""What is kept of a learner's answers: over visits and tabs, in a damaged, full or forbidden storage, from files."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from learner import Question, wait_for
from playwright.sync_api import Browser, Page, expect

from bookwidgets.static import page_script

KEY = "book:a-small-book"
ASIDE = f"{KEY}:damaged:1"
BOOK = {"BOOK": '{"id": "a-small-book", "title": "A small book"}'}


@pytest.fixture
def page(open_page: Callable[..., Page], small_address: str) -> Page:
    return open_page(f"{small_address}/chapters/walk.html")


def another_tab(page: Page, address: str = "") -> Page:
    tab = page.context.new_page()
    tab.goto(address or page.url)
    return tab


def stored(page: Page, key: str = KEY) -> Any:
    text = page.evaluate("key => localStorage.getItem(key)", key)
    return None if text is None else json.loads(text)


def store(page: Page, call: str, *arguments: object) -> Any:
    """Call a method of bookStore, or read a property of it."""
    return page.evaluate(
        "([name, args]) => bookStore[name]?.apply?.(bookStore, args) ?? bookStore[name]", [call, arguments]
    )


def answer_wrongly(page: Page) -> Question:
    question = Question(page, "walk-choice")
    question.button("Hint 1 of 2").click()
    question.option("It is 6").check()
    question.button("Check").click()
    expect(question.status).to_contain_text("Not right yet.")
    return question


def begin_with(page: Page, text: str) -> None:
    """Come to a chapter with ``text`` as what is kept."""
    page.goto(page.url.replace("walk", "concepts"))  # a page that writes nothing when it is left
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
    page.goto(page.url.replace("concepts", "walk"))


def entries(value: int, *, at: int = 1000) -> dict[str, Any]:
    return {"answer": {"q": [at, {"value": value}]}}


def file_of(entries: object, **other: object) -> str:
    """A file of progress, as a learner would choose it."""
    return json.dumps({"format": 1, "book": "a-small-book", "title": "A small book", "entries": entries} | other)


# Visits


def test_an_answer_comes_back_after_a_reload(page: Page) -> None:
    answer_wrongly(page)
    page.reload()
    question = Question(page, "walk-choice")
    expect(question.status).to_have_text("Not right yet. Read why, then try again.")
    expect(question.option("It is 6")).to_be_disabled()
    expect(question.element.get_by_text("Think of the sign.")).to_be_visible()
    question.option("It is 9").check()
    question.button("Check").click()
    page.reload()
    expect(question.status).to_have_text("Right.")
    kept = store(page, "get", "answer", "walk-choice")
    assert (kept["score"], kept["attempt"], kept["hints"], kept["best"]) == (1, 2, 1, 1)
    assert (kept["first"]["score"], kept["first"]["response"]) == (0, [3]), "the first try stays the first try"


def test_only_the_answer_of_a_question_that_is_asked_comes_back(page: Page) -> None:
    """Browsers fill forms again after a reload; an option chosen by nobody would be a surprise."""
    question = Question(page, "walk-choice")
    question.option("It is 6").check()
    page.reload()
    expect(page.locator("book-question input:checked")).to_have_count(0)
    assert "answer" not in stored(page)["entries"]


def test_the_same_question_twice_on_a_page(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/twice.html")
    first, second = page.locator("book-question[data-id=walk-choice]").all()
    for question, option in [(first, "It is 6"), (second, "It is 9")]:
        question.get_by_label(option, exact=True).check()
        question.get_by_role("button", name="Check").click()
    page.reload()
    for question in [first, second]:  # the later answer, in both places
        expect(question.get_by_role("status")).to_have_text("Right.")


def test_a_question_that_another_chapter_asks_again_is_fresh_there(page: Page) -> None:
    """Or there would be nothing to recall. What is answered there comes back there, and counts."""
    home = page.url.replace("walk", "one")
    elsewhere = page.url.replace("chapters/walk", "index")

    def question_on(address: str) -> Question:
        page.goto(address)
        return Question(page, "q-one")

    question = question_on(home)
    question.option("It is 6.").check()
    question.button("Check").click()
    question = question_on(elsewhere)
    expect(question.button("Check")).to_be_visible()
    expect(question.status).to_have_text("")
    question.option("It is 9.").check()
    question.button("Check").click()
    for address in [elsewhere, home]:
        expect(question_on(address).status).to_have_text("Right.")
    kept = store(page, "get", "answer", "q-one")
    assert (kept["first"]["score"], kept["best"]) == (0, 1)


def test_options_keep_their_order_for_a_learner(page: Page, open_page: Callable[..., Page]) -> None:
    """Each learner has an order of her own, and meets it again at every visit."""

    def order(page: Page) -> list[str]:
        return page.locator("book-question[data-id=q-one] .bw-options > li").evaluate_all(
            "all => all.map((li) => li.dataset.n)"
        )

    one = page.url.replace("walk", "one")
    page.goto(one)
    expect(page.locator("book-question form").first).to_be_visible()
    first = order(page)
    page.reload()
    expect(page.locator("book-question form").first).to_be_visible()
    assert order(page) == first
    others = set()
    for _ in range(6):
        other = open_page(one)
        expect(other.locator("book-question form").first).to_be_visible()
        others.add(tuple(order(other)))
    assert len(others) > 1


def test_from_a_folder(open_page: Callable[..., Page], small_site: Path) -> None:
    page = open_page((small_site / "chapters/walk.html").as_uri())
    answer_wrongly(page)
    page.goto((small_site / "index.html").as_uri())
    assert store(page, "get", "answer", "walk-choice")["response"] == [3]


def test_an_edited_question_says_so_and_keeps_the_answer(page: Page) -> None:
    """An answer to another wording is not put into the question; a question that is gone keeps its answer."""
    answer_wrongly(page)
    old = store(page, "get", "answer", "walk-choice")
    store(page, "put", "answer", "walk-choice", old | {"print": "00000000"})
    store(page, "put", "answer", "a-dropped-question", {"print": "00000000", "score": 1})
    page.reload()
    question = Question(page, "walk-choice")
    expect(question.element.get_by_text("This question has changed since you answered it.")).to_be_visible()
    expect(question.status).to_have_text("")
    assert store(page, "get", "answer", "walk-choice")["print"] == "00000000"
    question.option("It is 9").check()
    question.button("Check").click()
    kept = store(page, "get", "answer", "walk-choice")
    assert (kept["print"], kept["first"]["score"], kept["best"]) == (old["print"], 1, 1), "counted anew"
    assert store(page, "get", "answer", "a-dropped-question")["score"] == 1


def test_a_page_out_of_the_back_forward_cache_takes_up_what_happened(page: Page, small_address: str) -> None:
    """Without counting on the browser to tell it what it missed."""
    page.add_init_script("addEventListener('storage', (event) => event.stopImmediatePropagation())")
    page.reload()
    page.evaluate("addEventListener('pageshow', (event) => { window.restored = event.persisted })")
    page.goto(f"{small_address}/chapters/one.html")
    store(page, "put", "answer", "q-one", {"score": 1})
    page.go_back(wait_until="commit")
    assert page.evaluate("window.restored"), "the browser did not keep the page: this test shows nothing"
    assert store(page, "get", "answer", "q-one") == {"score": 1}
    store(page, "put", "answer", "q-two", {"score": 0})
    assert {*stored(page)["entries"]["answer"]} == {"q-one", "q-two"}


# Two tabs


def test_two_tabs_do_not_undo_each_other(page: Page) -> None:
    other = another_tab(page)
    other.evaluate("bookStore.addEventListener('change', ({ detail }) => { window.heard = detail })")
    store(page, "put", "answer", "one", {"score": 1})
    wait_for(other, "window.heard")
    assert other.evaluate("heard") == {"kind": "answer", "keys": ["one"]}
    store(other, "put", "answer", "two", {"score": 0})
    store(page, "put", "answer", "three", {"score": 0.5})
    wait_for(other, "bookStore.get('answer', 'three')")
    everything = {"one": {"score": 1}, "two": {"score": 0}, "three": {"score": 0.5}}
    for tab in [page, other]:
        wait_for(tab, "Object.keys(bookStore.all('answer')).length === 3")
        assert store(tab, "all", "answer") == everything


def test_what_is_written_at_the_same_moment_is_put_back(page: Page) -> None:
    """Browsers tell a tab of another's writes a moment later: it may then write what it knew before."""
    other = another_tab(page)
    store(page, "put", "answer", "one", {"score": 1})
    wait_for(other, "bookStore.get('answer', 'one')")
    other.evaluate("key => { window.before = localStorage.getItem(key) }", KEY)
    store(page, "put", "answer", "two", {"score": 0})
    wait_for(other, "bookStore.get('answer', 'two')")
    other.evaluate("key => localStorage.setItem(key, before)", KEY)
    wait_for(other, "key => 'two' in JSON.parse(localStorage.getItem(key)).entries.answer", arg=KEY)


@pytest.fixture
def sleepy(page: Page) -> Page:
    """A tab that hears of nothing, as one that the browser had put to sleep."""
    tab = page.context.new_page()
    tab.add_init_script("addEventListener('storage', (event) => event.stopImmediatePropagation())")
    tab.goto(page.url)
    return tab


def wait_until_visible(tab: Page, key: str) -> None:
    """Until another tab's write has arrived in this tab's process."""
    wait_for(tab, '([name, key]) => localStorage.getItem(name).includes(`"${key}"`)', arg=[KEY, key])


def test_a_tab_that_heard_of_nothing_merges_when_it_writes(page: Page, sleepy: Page) -> None:
    """It has a state of yesterday, and must not write that back."""
    store(page, "put", "answer", "one", {"score": 1})
    wait_until_visible(sleepy, "one")
    assert store(sleepy, "get", "answer", "one") is None
    store(sleepy, "put", "answer", "two", {"score": 0})
    wait_until_visible(page, "two")
    assert {*stored(page)["entries"]["answer"]} == {"one", "two"}
    assert store(sleepy, "all", "answer") == {"one": {"score": 1}, "two": {"score": 0}}


def test_the_first_try_is_the_first_in_any_tab(page: Page, sleepy: Page) -> None:
    answer_wrongly(page)
    wait_until_visible(sleepy, "walk-choice")
    question = Question(sleepy, "walk-choice")
    question.option("It is 9").check()
    question.button("Check").click()
    kept = store(sleepy, "get", "answer", "walk-choice")
    assert (kept["score"], kept["first"]["score"]) == (1, 0)


def test_the_last_write_of_an_entry_wins_and_removal_is_one(page: Page) -> None:
    other = another_tab(page)
    for value in [1, 2]:
        store(page, "put", "setting", "x", {"value": value})
    store(other, "put", "setting", "x", {"value": 3})
    wait_for(page, "bookStore.get('setting', 'x').value === 3")
    store(page, "remove", "setting", "x")
    wait_for(other, "bookStore.get('setting', 'x') === undefined")
    store(other, "put", "setting", "y", {"value": 1})
    assert store(page, "all", "setting") in [{}, {"y": {"value": 1}}]
    assert stored(page)["entries"]["setting"]["x"][1] is None, "or a merge would bring it back"


def test_erasing_reaches_every_tab(page: Page, sleepy: Page) -> None:
    """Also one that was asleep meanwhile: what it remembers must not come back."""
    other = another_tab(page)
    store(sleepy, "put", "answer", "one", {"score": 1})
    wait_for(other, "bookStore.get('answer', 'one')")
    page.evaluate("key => ['another', key].forEach((one) => localStorage.setItem(one, 'x'))", ASIDE)
    store(page, "erase")
    wait_for(other, "!bookStore.get('answer', 'one')")
    wait_for(sleepy, "key => !localStorage.getItem(key).includes('one')", arg=KEY)
    store(sleepy, "put", "answer", "two", {"score": 0})
    for tab in [page, other, sleepy]:
        wait_for(tab, "bookStore.get('answer', 'two')")
        assert store(tab, "all", "answer") == {"two": {"score": 0}}
    assert stored(page)["entries"] == {"answer": {"two": [stored(page)["entries"]["answer"]["two"][0], {"score": 0}]}}
    assert page.evaluate("key => [key, 'another'].map((one) => localStorage.getItem(one))", ASIDE) == [None, "x"]


def test_data_of_the_site_cleared_by_hand_are_forgotten(page: Page) -> None:
    store(page, "put", "answer", "one", {"score": 1})
    learner = stored(page)["learner"]
    page.evaluate("localStorage.clear()")
    store(page, "put", "answer", "two", {"score": 0})
    assert store(page, "all", "answer") == {"two": {"score": 0}}
    assert stored(page)["learner"] not in {"", learner}


# Time


def test_times_never_run_back(page: Page) -> None:
    page.clock.install(time="2030-06-02")
    page.reload()
    store(page, "put", "answer", "one", {"score": 1})
    first = store(page, "at", "answer", "one")
    page.clock.set_system_time("2030-06-01")
    store(page, "put", "answer", "two", {"score": 0})
    store(page, "put", "answer", "one", {"score": 0})
    assert page.evaluate("Date.now()") < first < store(page, "at", "answer", "two") < store(page, "at", "answer", "one")
    page.reload()
    assert store(page, "get", "answer", "one") == {"score": 0}, "what was done last counts"


# Damage


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"format":1,"book":"a-small-book","learner":"ann","entries":{"answer":{"q":[1,{"a":1}]}}',  # cut off
        "null",
        "5",
        "[]",
        '"text"',
        '{"format":"one","entries":{}}',
        '{"format":0,"entries":{}}',
        '{"format":1}',
        '{"format":1,"entries":[]}'.replace("[]", "null"),
    ],
)
def test_a_damaged_store_is_set_aside(page: Page, text: str) -> None:
    begin_with(page, text)
    assert store(page, "state") == "damaged"
    assert page.evaluate("key => localStorage.getItem(key)", ASIDE) == text
    answer_wrongly(page)
    page.reload()
    expect(Question(page, "walk-choice").option("It is 6")).to_be_disabled()
    assert store(page, "state") == "kept"
    assert page.evaluate("key => localStorage.getItem(key)", ASIDE) == text, "nothing is written over it"


def test_what_makes_sense_of_a_damaged_store_is_used(page: Page) -> None:
    broken = {
        "answer": {
            "good": [5, {"score": 1}], "removed": [5, None], "no-time": ["x", {}], "text": [5, "x"], "long": 5,
            "late": [1e300, {}], "early": [-1, {}],
        },
        "card": "what",
        "setting": {"kept": [6, {"value": 1}]},
    }  # fmt: skip
    begin_with(page, file_of(broken, learner="ann"))
    assert store(page, "state") == "damaged"
    assert store(page, "all", "answer") == {"good": {"score": 1}}
    assert store(page, "all", "setting") == {"kept": {"value": 1}}
    assert json.loads(page.evaluate("key => localStorage.getItem(key)", ASIDE))["entries"] == broken
    assert stored(page)["learner"] == "ann"


def test_damage_while_a_page_is_open_costs_nothing(page: Page) -> None:
    store(page, "put", "answer", "one", {"score": 1})
    for n, text in enumerate(["{", "}"], 1):
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
        store(page, "put", "answer", f"two-{n}", {"score": 0})
        assert page.evaluate("key => localStorage.getItem(key)", f"{KEY}:damaged:{n}") == text
    assert {*stored(page)["entries"]["answer"]} == {"one", "two-1", "two-2"}


# No room, no permission


def test_a_full_storage_loses_nothing_but_what_does_not_fit(page: Page) -> None:
    store(page, "put", "answer", "one", {"score": 1})
    before = stored(page)
    page.evaluate("""() => {
        let text = "x".repeat(2 ** 22);
        for (let n = 0; text; n++) {
            try { localStorage.setItem(`filler${n}`, text); } catch { text = text.slice(0, text.length >> 1); }
        }
    }""")
    question = answer_wrongly(page)
    note = question.element.get_by_text("The storage that this browser gives to the book is full")
    expect(note).to_be_visible()
    assert store(page, "state") == "full"
    assert stored(page) == before
    assert store(page, "get", "answer", "walk-choice")["score"] == 0, "it is there until the page is left"
    page.evaluate("localStorage.removeItem('filler0')")
    question.option("It is 9").check()
    question.button("Check").click()
    assert store(page, "state") == "kept"
    assert {*stored(page)["entries"]["answer"]} == {"one", "walk-choice"}
    expect(note).to_have_count(0)


def test_a_browser_without_room_for_anything(page: Page) -> None:
    """As private windows of some browsers were for years: reading is allowed, and there is no room."""
    no_room = """Storage.prototype.setItem = function (key) {
        if (key.startsWith("book:")) throw new DOMException("full", "QuotaExceededError");
    }"""
    page.add_init_script(no_room)
    page.evaluate(f"() => {{ localStorage.clear(); {no_room} }}")
    page.reload()
    answer_wrongly(page)
    for name in ["one", "two"]:
        store(page, "put", "answer", name, {"score": 1})
    assert {*store(page, "all", "answer")} == {"walk-choice", "one", "two"}
    assert store(page, "state") == "full"
    assert page.evaluate("document.documentElement.dataset.learner") is None, "or options would move at every visit"


def test_a_damaged_store_in_a_full_storage_stays_where_it_is(page: Page) -> None:
    page.add_init_script("""{
        const setItem = Storage.prototype.setItem;
        Storage.prototype.setItem = function (key, value) {
            if (key.includes(":damaged:")) throw new DOMException("full", "QuotaExceededError");
            setItem.call(this, key, value);
        };
    }""")
    begin_with(page, "{")
    answer_wrongly(page)
    assert store(page, "state") == "full"
    assert page.evaluate("key => localStorage.getItem(key)", KEY) == "{"


def test_forbidden_storage(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/walk.html", forgets=True)
    question = answer_wrongly(page)
    note = "This browser does not let the book keep anything: what you do is gone when you leave the page."
    expect(question.element.get_by_text(note)).to_be_visible()
    assert store(page, "state") == "off"
    question.option("It is 9").check()
    question.button("Check").click()
    expect(question.status).to_contain_text("Right.")
    expect(question.element.locator(".bw-kept")).to_have_count(1)
    assert store(page, "get", "answer", "walk-choice")["score"] == 1
    page.reload()
    assert store(page, "all", "answer") == {}


def test_a_browser_that_forbids_even_to_ask(browser: Browser, small_address: str) -> None:
    """With site data blocked, `localStorage` itself raises. The theme complains; the book's scripts do not."""
    context = browser.new_context()
    context.add_init_script("""Object.defineProperty(window, "localStorage", {
        get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
    })""")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.stack or ""))
    page.goto(f"{small_address}/chapters/walk.html")
    answer_wrongly(page)
    page.goto(f"{small_address}/chapters/progress.html")
    expect(page.get_by_text("This browser does not let the book keep anything")).to_be_visible()
    assert [error for error in errors if "bookwidgets" in error] == []
    context.close()


# Versions


def tomorrows(script: str) -> str:
    """The store's script of a later version, with answers kept under `response` and their scores apart."""
    later = script.replace("const FORMAT=1;", "const FORMAT=2;")
    migration = """const MIGRATIONS={1:(entries)=>({
        ...entries,
        score:Object.fromEntries(Object.entries(entries.answer??{}).map(([key,[at,value]])=>[key,[at,value&&{score:value.score}]])),
    })};"""
    later = later.replace("const MIGRATIONS={};", migration)
    assert later.count("FORMAT=2") == later.count("MIGRATIONS={1") == 1
    return later


@pytest.fixture
def tomorrow(page: Page) -> Page:
    """A tab that has a later version of the book, while others still have this one."""
    tab = page.context.new_page()
    script = tomorrows(page_script("store", **BOOK))
    tab.route("**/store.js*", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    store(page, "put", "answer", "one", {"score": 1})
    tab.goto(page.url)
    return tab


def test_a_later_version_migrates_what_this_one_kept(page: Page, tomorrow: Page) -> None:
    assert store(tomorrow, "all", "answer") == {"one": {"score": 1}}
    assert store(tomorrow, "all", "score") == {"one": {"score": 1}}
    store(tomorrow, "put", "score", "two", {"score": 0})
    assert stored(tomorrow)["format"] == 2
    tomorrow.reload()
    assert store(tomorrow, "all", "score") == {"one": {"score": 1}, "two": {"score": 0}}
    # A file of this version can be imported there.
    result = store(tomorrow, "importText", file_of({"answer": {"three": [5, {"score": 0.5}]}}))
    assert result["ok"]
    assert store(tomorrow, "get", "score", "three") == {"score": 0.5}


def test_this_version_leaves_alone_what_a_later_one_kept(page: Page, tomorrow: Page) -> None:
    store(tomorrow, "put", "score", "two", {"score": 0})
    kept = stored(tomorrow)
    question = answer_wrongly(page)
    expect(
        question.element.get_by_text("A newer version of the book keeps your answers in this browser.")
    ).to_be_visible()
    assert store(page, "state") == "newer"
    page.reload()
    answer_wrongly(page)
    assert stored(page) == kept
    result = store(page, "importText", store(tomorrow, "exportText"))
    assert not result["ok"]
    assert "saved by a newer version of this book" in result["message"]


# Files


def test_export_and_import_carry_everything(page: Page, open_page: Callable[..., Page]) -> None:
    answer_wrongly(page)
    store(page, "put", "setting", "x", {"value": "<b>&\u2028"})
    store(page, "put", "setting", "gone", {"value": 1})
    store(page, "remove", "setting", "gone")
    text = store(page, "exportText")
    assert "learner" not in json.loads(text)
    other = open_page(page.url)
    store(other, "put", "setting", "own", {"value": 2})
    result = store(other, "importText", text)
    assert result["ok"]
    assert result["counts"] == {"added": 3, "replaced": 0, "left": 0}
    assert store(other, "all", "setting") == {"x": {"value": "<b>&\u2028"}, "own": {"value": 2}}
    other.reload()
    expect(Question(other, "walk-choice").option("It is 6")).to_be_disabled()
    again = store(other, "importText", text)
    assert again["counts"] == {"added": 0, "replaced": 0, "left": 3}


def test_importing_never_overwrites_what_is_newer(page: Page) -> None:
    store(page, "importText", file_of(entries(1, at=1000)))
    older, newer = (store(page, "importText", file_of(entries(value, at=at))) for value, at in [(2, 999), (3, 1001)])
    assert (older["counts"], newer["counts"]) == (
        {"added": 0, "replaced": 0, "left": 1},
        {"added": 0, "replaced": 1, "left": 0},
    )
    assert store(page, "get", "answer", "q") == {"value": 3}


UNREADABLE = "not a file that was saved on a page of this kind"
FOREIGN = {
    "not JSON": ("progress", UNREADABLE),
    "empty": ("", UNREADABLE),
    "another kind of file": ('{"cells": [], "nbformat": 4}', UNREADABLE),
    "a list": ("[]", UNREADABLE),
    "cut off": (file_of(entries(1))[:-5], UNREADABLE),
    "no format": (file_of(entries(1), format=None), UNREADABLE),
    "half a format": (file_of(entries(1), format=0.5), UNREADABLE),
    "entries as text": (file_of("all"), UNREADABLE),
    "another book": (file_of(entries(1), book="other", title="<b>Other"), "to another book, <b>Other, and this is"),
    "newer": (file_of(entries(1), format=2), "saved by a newer version of this book"),
    "an entry without a time": (file_of({"answer": {"q": [None, {}]}}), "damaged at answer/q"),
    "an entry of another form": (file_of({"answer": {"q": {"score": 1}}}), "damaged at answer/q"),
    "a value that is no object": (file_of({"answer": {"q": [1, "<img src=x>"]}}), "damaged at answer/q"),
    "a time after the end": (file_of({"answer": {"q": [8.64e15, {}]}}), "damaged at answer/q"),
    "a kind of another form": (file_of({"answer": [1]}), "damaged at answer"),
    "one bad entry among good ones": (file_of({"answer": {"a": [1, {}], "b": 2}}), "damaged at answer/b"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_that_does_not_fit_changes_nothing(page: Page, kind: str) -> None:
    text, message = FOREIGN[kind]
    store(page, "put", "answer", "mine", {"score": 1})
    before = page.evaluate("key => localStorage.getItem(key)", KEY)
    result = store(page, "importText", text)
    assert not result["ok"]
    assert "Nothing was changed" in result["message"]
    assert message in result["message"]
    assert page.evaluate("key => localStorage.getItem(key)", KEY) == before


def test_a_file_without_room_changes_nothing(page: Page) -> None:
    store(page, "put", "answer", "mine", {"score": 1})
    before = page.evaluate("key => localStorage.getItem(key)", KEY)
    large = file_of({"answer": {f"q{n}": [1, {"text": "x" * 1_000_000}] for n in range(6)}})
    result = store(page, "importText", large)
    assert not result["ok"]
    assert "full" in result["message"]
    assert page.evaluate("key => localStorage.getItem(key)", KEY) == before
    assert store(page, "all", "answer") == {"mine": {"score": 1}}


def test_keys_that_would_change_every_object(page: Page) -> None:
    """`__proto__` as a kind, a key, and within a value; and names that every object has."""
    hostile = """{"format":1,"book":"a-small-book","entries":{
        "__proto__":{"x":[1,{"polluted":1}]},"constructor":{"prototype":[1,{"polluted":2}],"keys":[1,{"a":1}]},
        "answer":{"__proto__":[1,{"polluted":3}],"toString":[1,{"score":1}],"hasOwnProperty":[2,{"score":1}],
        "q":[1,{"score":1,"__proto__":{"polluted":4},"first":{"__proto__":{"polluted":5}}}]}}}"""
    result = store(page, "importText", hostile)
    assert result["ok"]
    assert "__proto__" not in page.evaluate("key => localStorage.getItem(key)", KEY)
    assert (
        page.evaluate("[{}.polluted, [].polluted, Object.polluted, bookStore.get('answer', 'q').polluted]")
        == [None] * 4
    )
    assert store(page, "all", "answer") == {
        "toString": {"score": 1},
        "hasOwnProperty": {"score": 1},
        "q": {"score": 1, "first": {}},
    }
    assert store(page, "get", "answer", "valueOf") is None
    store(page, "put", "answer", "valueOf", {"score": 0})
    page.reload()
    assert store(page, "get", "answer", "valueOf") == {"score": 0}
    assert store(page, "state") == "kept"


@pytest.mark.parametrize("response", [None, 7, "all", {"a": 1}, [{"a": 1}], [["<img src=x onerror=alert(1)>"]], []])
def test_an_answer_that_somebody_made_up_breaks_no_question(
    open_page: Callable[..., Page], small_address: str, response: object
) -> None:
    """Every type meets it; each can be answered afterwards, or shows it, and no markup comes of it."""
    page = open_page(f"{small_address}/chapters/types.html")
    made_up = page.evaluate(
        """(response) => Object.fromEntries([...document.querySelectorAll("book-question")].map(({ dataset }) => [
            dataset.id, [1, { ...dataset, response, score: "<b>", attempt: null, hints: 99 }],
        ]))""",
        response,
    )
    assert store(page, "importText", file_of({"answer": made_up}))["ok"]
    page.reload()
    expect(page.locator("book-question form")).to_have_count(len(made_up))
    expect(page.locator("book-question :is(img, script)")).to_have_count(0)


# Merging


def random_entries(chance: random.Random) -> dict[str, Any]:
    """Few kinds, keys, times and values, so that they meet often."""

    def entry() -> list:
        return [
            chance.randrange(4),
            chance.choice([None, {"v": chance.randrange(3)}, {"w": "x" * chance.randrange(3)}]),
        ]

    return {
        kind: {f"k{chance.randrange(4)}": entry() for _ in range(chance.randrange(5))}
        for kind in chance.sample(["answer", "card", "setting"], chance.randrange(4))
    }


def later(one: list, other: list) -> list:
    """The rule in its own words: the later time; of equal times the value whose JSON is greater."""
    return max(one, other, key=lambda entry: (entry[0], json.dumps(entry[1], separators=(",", ":"))))


def merged(files: list[dict]) -> dict:
    found: dict[str, dict] = {}
    for some in files:
        for kind, entries in some.items():
            for key, entry in entries.items():
                old = found.setdefault(kind, {}).get(key, entry)
                found[kind][key] = later(old, entry)
    return {kind: entries for kind, entries in found.items() if entries}


def test_merging_is_the_same_in_any_order(page: Page) -> None:
    """300 times three random stores: every order and grouping, each twice, ends in what a plain rule says."""
    chance = random.Random(4)
    trials = [[random_entries(chance) for _ in range(3)] for _ in range(300)]
    results = page.evaluate(
        """(trials) => {
            const file = (entries) => JSON.stringify({ format: 1, book: "a-small-book", entries });
            const entriesOf = () => {
                const all = Object.entries(JSON.parse(bookStore.exportText()).entries);
                return Object.fromEntries(all.filter(([, some]) => Object.keys(some).length > 0));
            };
            const imported = (...files) => {
                bookStore.erase();
                for (const one of files) if (!bookStore.importText(file(one)).ok) throw new Error("refused");
                return entriesOf();
            };
            return trials.map(([a, b, c]) => [
                imported(a, b, c), imported(c, b, a), imported(b, a, c, a, b), imported(a, imported(b, c)),
                imported(imported(a, b), c), imported(imported(a, b, c), imported(a, b, c)),
            ]);
        }""",
        trials,
    )
    for files, found in zip(trials, results, strict=True):
        assert found == [merged(files)] * 6
