"""What an exam came to: points, what to read again, how sure and how often right, and every question explained."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from examinee import EVERY, Exam, open_exam
from playwright.sync_api import Page, expect

# Four questions, the options of each that are picked, by their place in the bank, and how sure that is: two answers are
# right, one is half right and one wrong.
FOUR = "#exam&seed=s&n=4&minutes=0&pause=0&sure=1&chapters=one+two+walk"
GIVEN = {"q-one": ([3], 60), "q-two": ([1, 3], 80), "walk-choice": ([2], 33), "walk-multi": ([1], 90)}


def sit(exam: Exam) -> None:
    exam.begin()
    for name, (options, percent) in GIVEN.items():
        exam.to(name)
        for n in options:
            exam.question.locator(f"li[data-n='{n}'] input").check()
        exam.say_sure(percent)
    exam.hand_in()


@pytest.fixture
def exam(open_page: Callable[..., Page], small_address: str) -> Exam:
    exam = open_exam(open_page, small_address, FOUR)
    exam.page.evaluate(
        """() => {
            window.heard = [];
            document.addEventListener("book-answer", ({ detail: { print, ...rest } }) => heard.push(rest));
        }"""
    )
    sit(exam)
    return exam


def rows(exam: Exam, caption: str) -> list[list[str]]:
    table = exam.element.get_by_role("table", name=caption, exact=True)
    return [row.locator("th, td").all_text_contents() for row in table.locator("tbody tr").all()]


def test_points_in_all_and_in_parts(exam: Exam) -> None:
    expect(exam.score).to_have_text("Points: 2.5 of 4 (63 %)")
    assert rows(exam, "By chapter") == [
        ["Chapter one", "0 of 1", "0 %"],
        ["Chapter two", "1 of 1", "100 %"],
        ["A walk", "1.5 of 2", "75 %"],
    ]
    # q-two is about beta and alpha, walk-multi about gamma and beta.
    assert rows(exam, "By concept") == [
        ["Alpha", "1 of 2", "50 %"],
        ["Beta", "1.5 of 2", "75 %"],
        ["Gamma", "1.5 of 2", "75 %"],
    ]
    assert rows(exam, "By level") == [["Apply", "1.5 of 3", "50 %"], ["Analyze", "1 of 1", "100 %"]]
    begin = exam.element.locator("h3:text('Where to begin') ~ ol").first.locator("li")
    expect(begin).to_have_text(["Alpha: 1 of 2. Nothing else on this list rests on it."])


def test_links_lead_to_what_is_there(exam: Exam, small_site: Path) -> None:
    links = exam.element.locator("a[href]").evaluate_all("links => links.map((link) => link.href)")
    ours = {link for link in links if "example.org" not in link}
    assert len(ours) > 5
    for link in ours:
        address = urlsplit(link)
        page = (small_site / address.path.lstrip("/")).read_text(encoding="utf-8")
        assert not address.fragment or f'id="{unquote(address.fragment)}"' in page, link


def test_answers_and_forecasts_are_told_and_kept(exam: Exam) -> None:
    common = {"attempt": 1, "hints": 0, "ideas": []}
    expected = {
        "q-one": {"type": "choice", "response": [3], "score": 0, "shown": True, **common},
        "q-two": {"type": "multi", "response": [1, 3], "score": 1, "shown": False, **common},
        "walk-choice": {"type": "choice", "response": [2], "score": 1, "shown": False, **common},
        "walk-multi": {"type": "multi", "response": [1], "score": 0.5, "shown": True, **common},
    }
    heard = {detail.pop("id"): detail for detail in exam.page.evaluate("heard")}
    assert heard == expected
    kept = exam.page.evaluate("bookStore.all('answer')")
    assert {name: answer["score"] for name, answer in kept.items()} == {n: a["score"] for n, a in expected.items()}
    ((key, run),) = exam.runs().items()
    assert {entry["id"]: entry["score"] for entry in run["questions"]} == {n: a["score"] for n, a in expected.items()}
    assert exam.kept() is None
    assert exam.page.evaluate("bookStore.all('forecast')") == {
        f"{key}/{name}": {"confidence": percent / 100, "right": int(expected[name]["score"] == 1)}
        for name, (_, percent) in GIVEN.items()
    }


def test_calibration(exam: Exam) -> None:
    forecasts = {0.60: 0, 0.80: 1, 0.33: 1, 0.90: 0}
    brier = sum((p - right) ** 2 for p, right in forecasts.items()) / 4
    expect(exam.element.get_by_text("On the 4 answers for which")).to_contain_text(
        "you were 66 % sure on average, and wholly right in 50 %."
    )
    expect(exam.element.get_by_text("On the 4 answers for which")).to_contain_text("That is 16 points too sure.")
    expect(exam.element.get_by_text("Brier score")).to_contain_text(f"Brier score: {brier:.3f}.")
    expect(exam.element.get_by_text("Brier score")).to_contain_text("would have given 0.25:")
    bins = rows(exam, "How sure, and how often right")
    assert [row[:3] for row in bins] == [
        ["30 – 39 %", "1", "100 %"],
        ["60 – 69 %", "1", "0 %"],
        ["80 – 89 %", "1", "100 %"],
        ["90 – 100 %", "1", "0 %"],
    ]
    plot = exam.element.get_by_role("img", name=re.compile("^How sure you were"))
    points = plot.locator("circle").evaluate_all(
        """points => {
            const frame = points[0].closest("svg").querySelector("rect").getBBox();
            return points.map(({ cx, cy }) => [(cx.baseVal.value - frame.x) / frame.width,
                1 - (cy.baseVal.value - frame.y) / frame.height]);
        }"""
    )
    assert sorted((round(x, 6), round(y, 6)) for x, y in points) == sorted(forecasts.items())


def test_every_question_is_explained(exam: Exam) -> None:
    article = {name: exam.element.locator("article", has=exam.page.locator(f"[data-id={name}]")) for name in GIVEN}
    for name, verdict in [
        ("q-one", "Not right"),
        ("walk-choice", "Right"),
        ("walk-multi", "Partly right: 50 of 100 points"),
    ]:
        expect(article[name].get_by_role("heading")).to_have_text(re.compile(rf"^\d\. {verdict}$"))
        expect(article[name].get_by_text(f"You were {GIVEN[name][1]} % sure.")).to_be_visible()
        expect(article[name].locator(".bw-explanation")).to_be_visible()
        expect(article[name].locator("button:visible, input:enabled")).to_have_count(0)
    expect(article["q-one"].get_by_text("That adds.")).to_be_visible()

    # After a reload the report can be opened again, and is the same.
    before = exam.element.inner_text()
    exam.page.reload()
    exam.element.get_by_role("button", name=re.compile("exam .*, questions: 4$")).click()
    expect(exam.score).to_be_visible()
    assert exam.element.inner_text() == before
    exam.button("Another exam").click()
    expect(exam.button("Begin")).to_be_visible()


def test_the_order_of_what_to_read_again(open_page: Callable[..., Page], small_address: str) -> None:
    """Handed in blank: everything is to be read again, and alpha comes before what rests on it."""
    exam = open_exam(open_page, small_address, FOUR)
    exam.begin()
    exam.hand_in()
    begin = exam.element.locator("h3:text('Where to begin') ~ ol").first.locator("li")
    expect(begin).to_have_text(
        [
            "Alpha: 0 of 2. Needed for Beta · Gamma.",
            "Beta: 0 of 2. Nothing else on this list rests on it.",
            "Gamma: 0 of 2. Nothing else on this list rests on it.",
        ]
    )
    expect(exam.element.get_by_text("Not answered: 4 of 4.")).to_be_visible()
    expect(exam.element.get_by_role("img")).to_have_count(0)  # nobody said how sure
    assert exam.page.evaluate("bookStore.all('answer')") == {}


def test_free_answers_are_graded_by_the_learner(open_page: Callable[..., Page], small_address: str) -> None:
    exam = open_exam(open_page, small_address, "#exam&seed=s&n=9&minutes=0&sure=1&types=free")
    exam.begin()
    exam.to("types-free-case")
    exam.question.get_by_label("Your answer").fill("It squares first. Use brackets.")
    exam.say_sure(70)
    exam.hand_in()
    expect(exam.score).to_have_text("Points: 0 of 1 (0 %)")
    expect(exam.element.get_by_text("Waiting for you to grade them, below: 1.")).to_be_visible()
    article = exam.element.locator("article", has=exam.page.locator("[data-id=types-free-case]"))
    expect(article.get_by_role("heading")).to_have_text(re.compile("To be graded by you$"))
    assert exam.page.evaluate("bookStore.all('answer')") == {}

    # It waits, with what was written, until it is graded.
    exam.page.reload()
    exam.element.get_by_role("button", name=re.compile("questions: 2$")).click()
    expect(article.get_by_label("Your answer")).to_have_value("It squares first. Use brackets.")
    expect(article.get_by_text("The calculator squares first")).to_be_visible()
    article.get_by_label("It names the order of operations.").check()
    article.get_by_label("It shows the brackets").check()
    article.get_by_role("button", name="Count the points").click()
    expect(article.get_by_role("heading")).to_have_text(re.compile("Partly right: 80 of 100 points$"))
    expect(exam.score).to_have_text("Points: 0.8 of 2 (40 %)")
    (run,) = exam.runs().values()
    assert {entry["id"]: entry["score"] for entry in run["questions"]} == {"types-free": 0, "types-free-case": 0.8}
    assert exam.page.evaluate("bookStore.get('answer', 'types-free-case').score") == 0.8
    assert [*exam.page.evaluate("bookStore.all('forecast')").values()] == [{"confidence": 0.7, "right": 0}]

    # Who has been too hard on herself grades it again.
    article.get_by_role("button", name="Grade it again").click()
    article.get_by_label("It is kind.").check()
    article.get_by_role("button", name="Count the points").click()
    expect(exam.score).to_have_text("Points: 1 of 2 (50 %)")
    assert [*exam.page.evaluate("bookStore.all('forecast')").values()] == [{"confidence": 0.7, "right": 1}]


def test_one_sees_what_one_had_answered(open_page: Callable[..., Page], small_address: str) -> None:
    """Where the right answer takes the place of the given one, the given one stands above it."""
    exam = open_exam(open_page, small_address, EVERY)
    exam.begin()
    for n in range(1, exam.places.count() + 1):
        exam.go(n)
        exam.answer_somehow()
    exam.hand_in()
    for name, words in {
        "types-cloze-typed": ["2.2", "positive", "2.2"],
        "types-tokens-lines": ["What", "is"],
        "types-match-more": ["minus three → ", "zero → ", "one half → "],
    }.items():
        article = exam.element.locator("article", has=exam.page.locator(f"[data-id={name}]"))
        given = article.locator(".exam-given :is(li, mark)").all_text_contents()
        assert len(given) == len(words)
        assert all(text.startswith(word) for text, word in zip(given, words, strict=True)), given
    order = exam.element.locator("article", has=exam.page.locator("[data-id=types-order]"))
    run = next(iter(exam.runs().values()))
    response = next(entry["response"] for entry in run["questions"] if entry["id"] == "types-order")
    steps = ["one half", "one", "two", "ten"]
    assert order.locator(".exam-given li").all_text_contents() == [steps[n - 1] for n in response]


def test_on_paper(exam: Exam) -> None:
    """The whole report with all answers, and nothing to press."""
    exam.page.emulate_media(media="print")
    for part in [exam.score, exam.element.get_by_role("img").first]:
        expect(part).to_be_visible()
    for question in exam.articles.all():
        expect(question.locator(".bw-explanation")).to_be_visible()
    expect(exam.element.locator("button:visible")).to_have_count(0)


def test_twenty_reports_are_kept(open_page: Callable[..., Page], small_address: str) -> None:
    exam = open_exam(open_page, small_address, "#exam&seed=s&n=1&minutes=0&sure=0&chapters=walk")
    settings = {"seed": "s"}
    old = {"settings": settings, "code": "ABCDEF", "spent": 0, "limit": None, "over": False, "questions": []}
    exam.page.evaluate(
        "old => { for (let n = 0; n < 25; n++) bookStore.put('exam', `run-${n}`, { ...old, at: n }) }", old
    )
    exam.begin()
    exam.hand_in()
    kept = exam.runs()
    assert len(kept) == 20
    assert {f"run-{n}" for n in range(6, 25)} < {*kept}


def test_without_scripts(open_page: Callable[..., Page], small_address: str) -> None:
    page = open_page(f"{small_address}/chapters/exam.html", java_script_enabled=False)
    element = page.locator("book-exam")
    expect(element).to_contain_text("The same questions stand in the chapters")
    expect(element.get_by_role("listitem")).to_have_text(
        [
            "Chapter one (questions: 1)",
            "Chapter two (questions: 1)",
            "A walk (questions: 2)",
            "Every type of question (questions: 23)",
            "Hostile (questions: 1)",
        ]
    )
    element.get_by_role("link", name="A walk").click()
    expect(page).to_have_url(f"{small_address}/chapters/walk.html")
