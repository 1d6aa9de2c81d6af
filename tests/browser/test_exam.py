"""A practice exam that runs: nothing revealed, nothing lost, and time told honestly."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from examinee import EVERY, TWO, Exam, open_exam
from learner import tab_to
from playwright.sync_api import Page, Route, expect

# Words of the engine that help or tell, and texts of the bank that are held back: hints, feedback, explanations.
TELLING = re.compile(
    r"Not right|Right\.|Hint \d|Check\b|Show the answer|Compare with|Answer and explanation|Read again"
)
HELD_BACK = """id => {
    const template = document.createElement("template");
    template.innerHTML = Object.values(bookBank.html).map((some) => some[id]).find(Boolean);
    const parts = template.content.querySelectorAll(":is(.bw-hint, .bw-answer) :is(p, li)");
    const inTheTaskToo = ".bw-right li, .bw-marked, :has(math)";
    const texts = [...parts].filter((part) => !part.matches(inTheTaskToo)).map((part) => part.textContent.trim());
    return texts.filter((text) => text.length > 3);
}"""


@pytest.fixture
def exam(open_page: Callable[..., Page], small_address: str) -> Exam:
    return open_exam(open_page, small_address)


def pick(exam: Exam, name: str) -> None:
    """Tick a box, or choose one of several with the arrow keys, by keyboard."""
    option = exam.option(name)
    inputs = exam.question.locator("fieldset input")
    is_one_of_several = option.get_attribute("type") == "radio"
    tab_to(exam.page, inputs.first if is_one_of_several else option)
    exam.page.keyboard.press("Space")
    for _ in range(inputs.count()):
        if option.is_checked():
            return
        exam.page.keyboard.press("ArrowDown")


def test_keyboard_only_from_the_form_to_the_report(exam: Exam) -> None:
    page, press = exam.page, exam.page.keyboard.press
    tab_to(page, exam.element.get_by_label("Ask how sure I am"))
    press("Space")
    tab_to(page, exam.button("Begin"))
    press("Enter")
    exam.expect_at(1)
    expect(exam.heading).to_be_focused()

    # Answer the first, flag it, go on; the heading has the focus, so that the question is the next thing.
    names = exam.ids()
    answers = {"walk-choice": ["It is 9"], "walk-multi": ["three", "minus three"]}
    for option in answers[names[0]]:
        pick(exam, option)
    expect(exam.places.first).to_have_accessible_name("Question 1, answered")
    tab_to(page, exam.button("Flag for later"))
    press("Enter")
    expect(exam.places.first).to_have_accessible_name("Question 1, answered, flagged")
    tab_to(page, exam.button("Next"), "Shift+Tab")
    press("Enter")
    exam.expect_at(2)
    expect(exam.heading).to_be_focused()
    expect(exam.places.nth(1)).to_have_attribute("aria-current", "true")
    expect(exam.button("Next")).to_be_disabled()

    # Handing in says what is open and what was flagged, and leads there.
    tab_to(page, exam.button("Hand in …"))
    press("Enter")
    expect(exam.heading).to_be_focused()
    expect(exam.element.get_by_text("Answered: 1 of 2.")).to_be_visible()
    expect(exam.element.locator("p:text('Not answered') + div button")).to_have_text(["Question 2"])
    expect(exam.element.locator("p:text('Flagged') + div button")).to_have_text(["Question 1"])
    tab_to(page, exam.element.get_by_role("button", name="Question 2"))
    press("Enter")
    exam.expect_at(2)
    pick(exam, answers[names[1]][0])
    tab_to(page, exam.button("Hand in …"))
    press("Enter")
    tab_to(page, exam.button("Hand in now"))
    press("Enter")
    expect(exam.heading).to_have_text("Your report")
    expect(exam.heading).to_be_focused()
    full = "2 of 2 (100 %)" if names[1] == "walk-choice" else "1.5 of 2 (75 %)"
    expect(exam.score).to_have_text(f"Points: {full}")


def test_nothing_is_revealed_before_handing_in(open_page: Callable[..., Page], small_address: str) -> None:
    """Every type: nothing that tells is in the accessibility tree, and no key leads to it."""
    exam = open_exam(open_page, small_address, EVERY)
    page = exam.page
    page.evaluate("document.addEventListener('book-answer', () => { window.told = true })")
    exam.begin()
    for n in range(1, exam.places.count() + 1):
        exam.go(n)
        exam.answer_somehow()
        for field in exam.question.locator("input[type=text]").all():
            field.press("Enter")  # would check
        tree, text = exam.stage.aria_snapshot(), exam.stage.inner_text()
        assert not TELLING.search(tree), tree
        held_back = page.evaluate(HELD_BACK, exam.question.get_attribute("data-id"))
        assert held_back
        assert not [one for one in held_back if one in text or one in tree]
        reached = set()
        exam.heading.focus()
        for _ in range(60):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.innerText || document.activeElement.localName"))
            if reached & {"Previous", "Next"}:
                break
        else:
            pytest.fail(f"the way out of question {n} is longer than 60 steps")
        assert not any(TELLING.search(text) for text in reached), reached
        assert exam.question.evaluate("question => [question.done, question.attempt, question.hintsUsed]") == [
            False,
            0,
            0,
        ]
    assert page.evaluate("window.told") is None
    assert page.evaluate("Object.keys(bookStore.all('answer'))") == []


def test_a_reload_keeps_everything(open_page: Callable[..., Page], small_address: str) -> None:
    exam = open_exam(open_page, small_address, EVERY)
    exam.begin()
    total = exam.places.count()
    assert {exam.question.get_attribute("data-type")} < {
        *["choice", "multi", "spot", "match", "categorize", "order", "numeric", "text", "cloze", "tokens", "free"]
    }
    before = {}
    for n in range(1, total + 1):
        exam.go(n)
        if n % 6:
            exam.answer_somehow()
            exam.say_sure(50)
        if n % 4 == 1:
            exam.button("Flag for later").click()
        before[n] = exam.as_left()
    kept = exam.kept()
    answered = [n for n, question in enumerate(kept["questions"], 1) if question["response"] is not None]
    assert answered == [n for n in range(1, total + 1) if n % 6]

    exam.page.reload()
    expect(exam.heading).to_have_text("Paused")
    exam.button("Go on").click()
    exam.expect_at(total)
    for n in range(1, total + 1):
        exam.go(n)
        assert exam.as_left() == before[n], exam.question.get_attribute("data-id")
    after = exam.kept()
    assert after["questions"] == kept["questions"]
    names = [
        "answered, flagged" if n % 6 and n % 4 == 1 else "answered" if n % 6 else "not answered"
        for n in range(1, total + 1)
    ]
    names = [name + (", flagged" if name == "not answered" and n % 4 == 1 else "") for n, name in enumerate(names, 1)]
    for place, (n, name) in zip(exam.places.all(), enumerate(names, 1), strict=True):
        expect(place).to_have_accessible_name(f"Question {n}, {name}")

    # The same answers are worth the same as in the chapter.
    exam.hand_in()
    (run,) = exam.runs().values()
    page = open_page(f"{small_address}/chapters/types.html")
    for question in run["questions"]:
        worth = (
            page.evaluate(
                "([id, given]) => document.querySelector(`[data-id=${id}]`).work.grade(given).score",
                [question["id"], question["response"]],
            )
            if question["response"]
            else 0
        )
        free = question["id"].startswith("types-free") and question["response"]
        assert question["score"] == (None if free else worth)


def test_two_tabs(exam: Exam) -> None:
    exam.begin()
    exam.to("walk-choice")
    exam.option("It is 9").check()
    other = Exam(exam.page.context.new_page())
    other.page.goto(exam.page.url)
    expect(other.heading).to_have_text("An exam is open in another tab")
    expect(other.question).to_have_count(0)
    other.button("Take it over").click()
    expect(other.option("It is 9")).to_be_checked()
    expect(exam.heading).to_have_text("An exam is open in another tab")
    expect(exam.question).to_have_count(0)

    # Back again, with what was done in the meantime; a tab that closes lets the exam go.
    other.option("It is 6").check()
    exam.button("Take it over").click()
    expect(exam.option("It is 6")).to_be_checked()
    exam.page.close()
    other.page.reload()
    expect(other.option("It is 6")).to_be_checked()

    # Handed in there: a tab that waits has nothing to take over any more.
    third = Exam(other.page.context.new_page())
    third.page.goto(other.page.url)
    expect(third.button("Take it over")).to_be_visible()
    other.hand_in()
    expect(third.button("Begin")).to_be_visible()
    expect(third.element.get_by_role("heading", name="Earlier exams")).to_be_visible()


FULL = """{
    const setItem = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, value) {
        if (key.startsWith("book:")) throw new DOMException("full", "QuotaExceededError");
        return setItem.call(this, key, value);
    };
}"""


@pytest.mark.parametrize("hindrance", ["forbidden", "full", "full later"])
def test_a_browser_that_keeps_nothing(hindrance: str, open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/concepts.html", forgets=hindrance == "forbidden")
    if hindrance != "forbidden":
        page.context.add_init_script(FULL)
    if hindrance == "full":
        page.evaluate("localStorage.clear()")
    page.goto(f"{small_address}/chapters/exam.html{TWO}")
    exam = Exam(page)
    warning = exam.element.get_by_text("This browser keeps nothing for the book right now.")
    expect(warning).to_be_visible(visible=hindrance != "full later")
    exam.begin()
    expect(warning).to_be_visible()
    exam.to("walk-choice")
    exam.option("It is 9").check()
    exam.hand_in()
    expect(exam.score).to_have_text("Points: 1 of 2 (50 %)")
    page.reload()
    expect(exam.button("Begin")).to_be_visible()
    expect(exam.element.get_by_role("heading", name="Earlier exams")).to_have_count(0)


def rewrite_bank(page: Page, changed: str, dropped: str) -> None:
    """From now on the book has one question in another wording, and another one not at all."""

    def fulfil(route: Route) -> None:
        script = route.fetch().text()
        index = json.loads(script[script.index("{") : script.rindex("}") + 1])
        index["questions"] = [question for question in index["questions"] if question["id"] != dropped]
        for question in index["questions"]:
            if question["id"] == changed:
                question["print"] = "ffffffff"
        route.fulfill(body=f"window.bookBank={json.dumps(index)};", content_type="text/javascript")

    page.context.route("**/bank/index.js", fulfil)


def test_questions_that_are_edited_or_dropped_in_between(open_page: Callable[..., Page], small_address: str) -> None:
    settings = "#exam&seed=s&n=4&minutes=0&pause=1&sure=1&chapters=one+two+walk"
    exam = open_exam(open_page, small_address, settings)
    exam.begin()
    assert {*exam.ids()} == {"q-one", "q-two", "walk-choice", "walk-multi"}
    for name in ["q-one", "walk-choice"]:
        exam.to(name)
        exam.option("It is 9.").or_(exam.option("It is 9")).check()
        exam.say_sure(90)
    rewrite_bank(exam.page, changed="q-one", dropped="walk-multi")
    exam.page.reload()
    exam.button("Go on").click()
    for name, words in [
        ("q-one", "has been changed since the exam began"),
        ("walk-multi", "has been taken out of the book"),
    ]:
        exam.to(name)
        expect(exam.stage).to_contain_text(words)
        expect(exam.question).to_have_count(0)
        expect(exam.element.get_by_label("How sure are you")).to_be_disabled()
    exam.to("walk-choice")
    expect(exam.option("It is 9")).to_be_checked()
    exam.button("Hand in …").click()
    expect(exam.element.locator("p:text('Not answered') + div button")).to_have_count(1)  # q-two
    exam.button("Hand in now").click()
    expect(exam.score).to_have_text("Points: 1 of 2 (50 %)")
    expect(exam.element.get_by_text("Left out, because the book changed during the exam: 2.")).to_be_visible()
    verdicts = {"walk-choice": "Right", "q-two": "Not answered"}
    (run,) = exam.runs().values()
    for n, (entry, article) in enumerate(zip(run["questions"], exam.articles.all(), strict=True), 1):
        expect(article.get_by_role("heading")).to_have_text(f"{n}. {verdicts.get(entry['id'], 'Left out')}")
    forecasts = exam.page.evaluate("bookStore.all('forecast')")
    assert [(key.split("/")[1], value) for key, value in forecasts.items()] == [
        ("walk-choice", {"confidence": 0.9, "right": 1})
    ]
    answers = exam.page.evaluate("bookStore.all('answer')")
    assert [*answers] == ["walk-choice"]


def at_noon(page: Page) -> None:
    page.clock.install(time="2026-01-01T12:00:00")


def test_time_over_hands_in(open_page: Callable[..., Page], small_address: str) -> None:
    exam = open_exam(open_page, small_address)
    at_noon(exam.page)
    exam.page.reload()
    exam.begin()
    expect(exam.time).to_have_text("Time left: 10:00")
    exam.to("walk-choice")
    exam.option("It is 9").check()
    status = exam.element.locator(".exam-heard")
    expect(status).to_have_role("status")
    heard = []
    for _ in range(9):
        exam.page.clock.run_for(60_000)
        heard.append(status.text_content())
    assert heard == [""] * 4 + ["Half of the time is over."] * 4 + ["Minutes left: 1."]
    expect(exam.time).to_have_text("Time left: 1:00")
    exam.page.clock.run_for(61_000)
    expect(exam.heading).to_have_text("Your report")
    expect(exam.element.get_by_text("Time was over, and the exam was handed in")).to_be_visible()
    expect(exam.score).to_have_text("Points: 1 of 2 (50 %)")


def test_without_pauses_the_clock_runs_while_one_is_away(open_page: Callable[..., Page], small_address: str) -> None:
    exam = open_exam(open_page, small_address)
    page = exam.page
    at_noon(page)
    page.reload()
    exam.begin()
    expect(exam.button("Pause")).to_have_count(0)
    exam.to("walk-choice")
    exam.option("It is 9").check()
    page.goto("about:blank")
    page.clock.fast_forward("04:00")
    page.goto(f"{small_address}/chapters/exam.html")
    expect(exam.time).to_have_text(re.compile("Time left: [56]:"))
    expect(exam.option("It is 9")).to_be_checked()

    # A clock that is put back gives no time.
    left = exam.time.text_content()
    page.clock.set_system_time("2026-01-01T09:00:00")
    page.clock.run_for(30_000)
    minutes, seconds = re.search(r"(\d+):(\d+)", left).groups()
    now = re.search(r"(\d+):(\d+)", exam.time.text_content()).groups()
    assert int(now[0]) * 60 + int(now[1]) <= int(minutes) * 60 + int(seconds) - 29

    # Over in the meantime: handed in on coming back.
    page.goto("about:blank")
    page.clock.set_system_time("2026-01-01T13:00:00")
    page.goto(f"{small_address}/chapters/exam.html")
    expect(exam.element.get_by_text("Time was over, and the exam was handed in")).to_be_visible()
    expect(exam.score).to_have_text("Points: 1 of 2 (50 %)")


def test_a_pause_stops_the_clock_and_hides_the_questions(open_page: Callable[..., Page], small_address: str) -> None:
    exam = open_exam(open_page, small_address, TWO.replace("pause=0", "pause=1"))
    page = exam.page
    at_noon(page)
    page.reload()
    exam.begin()
    page.clock.run_for(60_000)
    exam.button("Pause").click()
    expect(exam.heading).to_have_text("Paused")
    expect(exam.heading).to_be_focused()
    expect(exam.question).to_have_count(0)
    page.clock.run_for(3_600_000)
    exam.button("Go on").click()
    expect(exam.time).to_have_text("Time left: 9:00")

    # Another tab in front is a pause too, and so is a closed page.
    page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", { value: true, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
            delete document.hidden;
        }"""
    )
    expect(exam.heading).to_have_text("Paused")
    page.clock.run_for(600_000)
    page.goto("about:blank")
    page.clock.fast_forward("05:00:00")
    page.goto(f"{small_address}/chapters/exam.html")
    expect(exam.heading).to_have_text("Paused")
    exam.button("Go on").click()
    expect(exam.time).to_have_text("Time left: 9:00")


def test_extra_time_is_ones_own(exam: Exam) -> None:
    said = exam.element.locator(".exam-said")
    link = exam.element.get_by_label("Link", exact=True)
    exam.element.get_by_text("Sit the same exam as others").click()
    address = link.input_value()
    for factor, time in [
        ("1", "10 minutes"),
        ("1.25", "13 minutes"),
        ("1.5", "15 minutes"),
        ("2", "20 minutes"),
        ("0", "no time limit"),
    ]:
        exam.element.get_by_label("Extra time").select_option(factor)
        expect(said).to_contain_text(time)
        assert link.input_value() == address, "how much time somebody has is not told"
    exam.element.get_by_label("Extra time").select_option("1.5")
    exam.begin()
    expect(exam.time).to_have_text(re.compile("Time left: 1(5:00|4:5)"))

    # Who is made nervous by it hides it, and that is kept.
    exam.button("Hide the time").click()
    expect(exam.time).to_be_hidden()
    exam.page.reload()
    expect(exam.button("Show the time")).to_be_visible()
    expect(exam.time).to_be_hidden()


def test_a_class_sits_the_same_exam(open_page: Callable[..., Page], small_address: str) -> None:
    """By link or by seed, in different browsers, whatever the order of the settings."""
    lists = "chapters=one+types+walk&levels=apply+analyze&types=choice+numeric+multi"
    first = open_exam(open_page, small_address, f"#exam&seed=7b&n=6&minutes=20&pause=1&sure=0&{lists}")
    first.element.get_by_text("Sit the same exam as others").click()
    address = first.element.get_by_label("Link", exact=True).input_value()
    first.begin()
    assert len(first.ids()) == 6

    second = Exam(open_page(address))
    code = first.kept()["code"]
    expect(second.element.locator(".exam-said")).to_contain_text(f"Exam {code}: 6 of the ")
    expect(second.element.locator(".exam-warning:visible")).to_have_count(0)
    second.begin()
    assert second.ids() == first.ids()
    assert second.page.evaluate("bookStore.learner") != first.page.evaluate("bookStore.learner")

    mixed = "#exam&types=multi+choice+numeric&levels=analyze+apply&chapters=walk+types+one&n=6&seed=7b"
    third = open_exam(open_page, small_address, mixed)
    third.begin()
    assert third.ids() == first.ids()

    # A book with other questions says that it draws another exam.
    fourth = open_page(f"{small_address}/chapters/one.html")
    rewrite_bank(fourth, changed=first.ids()[0], dropped="")
    fourth.goto(address)
    expect(Exam(fourth).element.locator(".exam-warning:visible")).to_contain_text(f"The link was made for exam {code}")


def test_the_form(exam: Exam) -> None:
    said = exam.element.locator(".exam-said")
    expect(said).to_have_text(re.compile(r"^Exam [0-9A-Z]{6}: 2 of the 2 questions that fit, 10 minutes\.$"))
    exam.element.get_by_label("A walk (2)").uncheck()
    expect(said).to_contain_text("No question fits.")
    expect(exam.button("Begin")).to_be_disabled()
    exam.element.get_by_role("group", name="Chapters").get_by_role("button", name="All").click()
    expect(exam.element.locator("summary", has_text="Chapters")).to_have_text("Chapters: all")
    expect(said).to_contain_text("2 of the 28 questions that fit")  # with free answers, without flashcards
    before = said.text_content()
    exam.element.get_by_text("Sit the same exam as others").click()
    exam.element.get_by_label("Seed").fill("another")
    assert said.text_content() != before
    exam.element.get_by_label("Number of questions").fill("0")
    exam.button("Begin").click()
    expect(exam.button("Begin")).to_be_visible()  # the browser says why
    assert exam.element.get_by_label("Number of questions").evaluate("field => field.validity.rangeUnderflow")


def test_what_the_page_begins_with(open_page: Callable[..., Page], small_address: str) -> None:
    exam = open_exam(open_page, small_address, "")
    expect(exam.element.locator(".exam-said")).to_contain_text("5 of the 26 questions that fit, 10 minutes.")
    expect(exam.element.locator("summary", has_text="Kinds of questions")).to_have_text("Kinds of questions: 10 of 11")
    expect(exam.element.get_by_label("Seed")).to_have_value("small")
    page = open_page(f"{small_address}/chapters/exam.html#exam&chapters=walk+gone&n=1")
    expect(Exam(page).element.locator(".exam-warning:visible")).to_contain_text(
        "This book does not have all that the link asks for: gone."
    )


def test_an_exam_that_is_thrown_away_leaves_nothing(exam: Exam) -> None:
    exam.begin()
    exam.to("walk-choice")
    exam.option("It is 9").check()
    exam.button("Hand in …").click()
    exam.element.get_by_text("Throw this exam away").click()
    exam.button("Throw it away").click()
    expect(exam.button("Begin")).to_be_visible()
    assert exam.kept() is None
    assert exam.runs() == {}
    assert exam.page.evaluate("bookStore.all('answer')") == {}


def test_a_number_that_nobody_can_read_is_said(open_page: Callable[..., Page], small_address: str) -> None:
    exam = open_exam(open_page, small_address, "#exam&n=9&types=numeric&sure=0")
    exam.begin()
    field = exam.question.locator("input")
    field.fill("twelve")
    field.blur()
    expect(exam.question.get_by_role("status")).to_contain_text("is not a number")
    expect(exam.places.first).to_have_accessible_name("Question 1, not answered")
    field.fill("12")
    field.blur()
    expect(exam.question.get_by_role("status")).to_have_text("")
    expect(exam.places.first).to_have_accessible_name("Question 1, answered")


def test_questions_that_do_not_arrive(open_page: Callable[..., Page], small_site: Path) -> None:
    """From a folder: the exam says so, and goes on when they do."""
    page = open_page((small_site / "chapters/one.html").as_uri())
    page.add_init_script("window.bookBank = { chapters: [], concepts: [], questions: [], html: {} }")
    page.goto((small_site / "chapters/exam.html").as_uri() + TWO)
    expect(Exam(page).element).to_contain_text("No question fits.")


def test_from_a_folder_on_a_phone(open_page: Callable[..., Page], small_site: Path) -> None:
    exam = open_exam(open_page, small_site.as_uri(), EVERY, viewport={"width": 360, "height": 740})
    width = "document.documentElement.scrollWidth"
    assert exam.page.evaluate(width) == 360
    exam.begin()
    for n in range(1, exam.places.count() + 1):
        exam.go(n)
        exam.answer_somehow()
        exam.say_sure(70)
        assert exam.page.evaluate(width) == 360, exam.question.get_attribute("data-id")
    exam.page.reload()
    exam.button("Go on").click()
    exam.button("Hand in …").click()
    assert exam.page.evaluate(width) == 360
    exam.button("Hand in now").click()
    expect(exam.score).to_be_visible()
    assert exam.page.evaluate(width) == 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(scheme: str, open_page: Callable[..., Page], small_address: str, violations: Callable) -> None:
    """In every state, with every type of question among them."""
    exam = open_exam(open_page, small_address, EVERY, color_scheme=scheme, reduced_motion="reduce")
    for details in exam.element.locator("details").all():
        details.evaluate("details => { details.open = true }")
    found = violations(exam.page, "article")
    exam.begin()
    for n in [1, 5, 9]:
        exam.go(n)
        exam.answer_somehow()
        exam.say_sure(60)
        exam.button("Flag for later").click()
        found += violations(exam.page, "article")
    exam.button("Pause").click()
    found += violations(exam.page, "article")
    exam.button("Go on").click()
    for n in range(10, exam.places.count() + 1):
        exam.go(n)
        exam.answer_somehow()
    exam.button("Hand in …").click()
    found += violations(exam.page, "article")
    exam.button("Hand in now").click()
    expect(exam.score).to_be_visible()
    found += violations(exam.page, "article")
    assert not found, "\n\n".join(found)
    targets = exam.element.locator("button:visible, select:visible, summary:visible, input:visible").all()
    assert not [
        t.text_content()
        for t in targets
        if min(t.bounding_box()["height"], 24) < 24 and not t.evaluate("t => t.closest('label')")
    ]
