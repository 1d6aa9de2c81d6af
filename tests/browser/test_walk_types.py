"""Every other type of question by keyboard alone: answered wrongly, partly and rightly, and shown again later."""

import json
import re
from collections.abc import Callable

import pytest
from learner import Question, events, go_to, listen
from playwright.sync_api import Locator, Page, expect

AGAIN = "Not right yet. Try again."
READ = "Not right yet. Read why, then try again."
IDEA = "A common idea: A square keeps the sign. Read again: Questions"


@pytest.fixture
def page(open_page: Callable[..., Page], small_address: str) -> Page:
    page = open_page(f"{small_address}/chapters/types.html", forgets=True)
    listen(page)
    return page


def part(points: int) -> str:
    return f"Partly right: {points} of 100 points. What is right stays."


def expect_answer(page: Page, question: Question, response: object, score: float, attempt: int, **rest: object) -> None:
    """One event was reported, and it says this."""
    (event,) = events(page)
    name = question.element.get_attribute("data-id")
    common = {"event": "book-answer", "id": name, "type": question.element.get_attribute("data-type"), "hints": 0}
    expected = {"response": response, "attempt": attempt, "ideas": [], "shown": False, **rest}
    assert event.pop("score") == pytest.approx(score)
    assert event == common | expected
    page.evaluate("detail => { window.last = detail }", {**event, "score": score, "print": print_of(question)})


def print_of(question: Question) -> str:
    return question.element.get_attribute("data-print")


def shown(question: Question) -> dict[str, object]:
    """What a question looks like to its learner."""
    return {
        "text": question.group.inner_text(),
        "result": question.status.evaluate("status => status.firstChild?.textContent"),
        "answer": question.explanation.is_visible(),
        "fields": question.group.locator("input, select, textarea").evaluate_all(
            "all => all.map((one) => [one.checked, one.value, one.disabled, one.className])"
        ),
        "classes": question.group.locator("li").evaluate_all("all => all.map((one) => one.className)"),
        "buttons": question.element.locator("button").evaluate_all(
            "all => all.map((one) => [one.hidden, one.disabled, one.ariaPressed, one.className])"
        ),
    }


def expect_restored(page: Page, question: Question, *, but: tuple[str, ...] = ()) -> None:
    """After a reload the last answer is put back as it was left, without an event, a word or a move of the focus."""
    left, last = shown(question), page.evaluate("window.last")
    page.reload()
    listen(page)
    focus = page.evaluate("document.activeElement.tagName")
    question.element.evaluate("(element, detail) => element.restore(detail)", last | {"print": "00000000"})
    assert question.status.inner_text() == "", "an answer to another wording is not put back"
    question.element.evaluate("(element, detail) => element.restore(detail)", last)
    again = shown(question)
    for aspect in left.keys() - {*but}:
        # A result in sight is the same; what was to be heard with it is not said again.
        assert again[aspect] == left[aspect], aspect
    assert events(page) == []
    assert page.evaluate("document.activeElement.tagName") == focus
    expect(question.status).to_have_attribute("aria-live", "off")
    expect(question.element.locator(".bw-heard:not(button *)")).to_have_count(0)


@pytest.mark.parametrize("name", ["types-spot", "types-spot-code"])
def test_spot(page: Page, name: str) -> None:
    question = Question(page, name)
    first, *_, wrong = (
        question.group.locator(f"li[data-n='{n}'] input") for n in [1, 5 if name == "types-spot" else 4]
    )
    go_to(page, first)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(question.status).to_contain_text(READ)
    expect(first).to_be_disabled()
    expect(first).to_have_accessible_description(re.compile("^Not this one."))
    expect_answer(page, question, [1], 0, 1)
    n = int(wrong.locator("xpath=ancestor::li").get_attribute("data-n"))
    for _ in range(n - 2):
        page.keyboard.press("ArrowDown")
    expect(wrong).to_be_checked()
    page.keyboard.press("Enter")
    expect(question.status).to_contain_text("Right.")
    question.expect_done()
    expect_answer(page, question, [n], 1, 2)
    expect_restored(page, question, but=("text", "classes"))  # the first attempt is not in the last answer


class Selects(Question):
    """match and categorize."""

    def select(self, n: int) -> Locator:
        return self.group.locator(f".bw-items > li[data-n='{n}'] select")

    def note(self, n: int) -> Locator:
        return self.group.locator(f".bw-items > li[data-n='{n}'] .bw-note")

    def choose(self, n: int, partner: str) -> None:
        """By its letter, as the list of partners gives it."""
        partners = self.group.locator(":is(.bw-partners, .bw-bins) > li").all_text_contents()
        go_to(self.element.page, self.select(n))
        self.element.page.keyboard.press("abcdefgh"[partners.index(partner)])
        assert self.select(n).locator("option:checked").inner_text().endswith(f". {partner}")


def test_match(page: Page) -> None:
    question = Selects(page, "types-match-more")
    expect(question.select(1)).to_have_accessible_name("minus three")
    go_to(page, question.select(1))
    question.check()
    expect(question.status).to_have_text("Choose an answer first.")
    assert events(page) == []

    for n, partner in [(1, "-9"), (2, "1/4"), (3, "1/2")]:
        question.choose(n, partner)
    question.check()
    expect(question.status).to_have_text(
        f"{READ} minus three Not right. Squares have no sign. {IDEA} "
        "zero Not right. one half Not right. The square of a number below one is smaller than it.",
        use_inner_text=True,
    )
    expect(question.select(1)).to_have_accessible_description(re.compile("^Not right. Squares have no sign."))
    expect(question.group.get_by_text("The signs cancel.")).to_be_hidden()  # that would give the answer away
    expect_answer(page, question, {"1": 4, "2": 3, "3": 5}, 0, 1, ideas=["sign-is-kept"])

    # Two of three: what is right stays, the rest can be changed, and a change takes its verdict away.
    question.choose(1, "9")
    expect(question.note(1)).to_be_hidden()
    question.choose(3, "1/4")
    question.check()
    expect(question.status).to_contain_text(f"{part(67)} minus three Right. The signs cancel.")
    for n, right in [(1, True), (2, False), (3, True)]:
        expect(question.select(n)).to_be_disabled() if right else expect(question.select(n)).to_be_enabled()
    expect_answer(page, question, {"1": 1, "2": 3, "3": 3}, 2 / 3, 2)
    expect_restored(page, question)

    question.choose(2, "0")
    question.check()
    expect(question.status).to_contain_text("Right. minus three Right.")
    question.expect_done()
    expect_answer(page, question, {"1": 1, "2": 2, "3": 3}, 1, 3)
    expect_restored(page, question)


def test_categorize(page: Page) -> None:
    question = Selects(page, "types-categorize")
    question.choose(1, "odd")
    question.check()
    expect(question.status).to_contain_text(READ)  # one is enough to check: the others stay open
    expect(question.group.locator(".bw-note:visible")).to_have_count(1)
    expect_answer(page, question, {"1": 2}, 0, 1)
    for n, bin in [(1, "even"), (2, "odd"), (3, "even")]:
        question.choose(n, bin)
    question.check()
    expect(question.status).to_contain_text(part(50))
    expect_answer(page, question, {"1": 1, "2": 2, "3": 1}, 0.5, 2)
    expect_restored(page, question)
    question.choose(3, "odd")
    question.choose(4, "even")
    question.check()
    question.expect_done()
    expect_answer(page, question, {"1": 1, "2": 2, "3": 2, "4": 1}, 1, 3)


class Order(Question):
    def kept(self) -> list[int]:
        return self.group.locator(".bw-steps > li").evaluate_all("all => all.map((one) => Number(one.dataset.n))")

    def button(self, n: int, name: str) -> Locator:
        return self.group.locator(f"li[data-n='{n}']").get_by_role("button", name=re.compile(f"^{name} "))

    def arrange(self, wanted: list[int]) -> None:
        """Move line after line up to its place, and stay on its button."""
        page = self.element.page
        for place, n in enumerate(wanted):
            moves = self.kept().index(n) - place
            if moves == 0:
                continue
            up = self.button(n, "Move up")
            go_to(page, up)
            for left in reversed(range(moves)):
                page.keyboard.press("Enter")
                expect(self.status).to_have_text(f"Position {place + left + 1} of {len(self.kept())}.")
                expect(up if place + left > 0 else self.button(n, "Move down")).to_be_focused()
        assert self.kept() == wanted


def test_order(page: Page) -> None:
    question = Order(page, "types-order-more")
    assert sorted(question.kept()) == [1, 2, 3, 4, 5]
    assert [n for n in question.kept() if n <= 3] != [1, 2, 3]
    expect(question.button(2, "Move up")).to_have_accessible_name("Move up 2 x = 4")

    # Two lines too many cost more than the one that stands right earns; they are out then, and say why.
    question.arrange([3, 2, 1, 4, 5])
    question.check()
    expect(question.status).to_contain_text(READ)
    expect(question.status).to_contain_text("That adds six on the right")
    expect_answer(page, question, [3, 2, 1, 4, 5], 0, 1, ideas=["sign-is-kept"])
    assert question.kept() == [3, 2, 1]
    expect(question.group.locator(".bw-left button:visible")).to_have_count(0)

    # To leave out and to take in.
    leave = question.button(2, "Leave out")
    go_to(page, leave)
    page.keyboard.press("Enter")
    expect(question.status).to_have_text("Left out")
    take = question.button(2, "Take in")
    expect(take).to_be_focused()
    page.keyboard.press("Enter")
    expect(question.status).to_have_text("Position 3 of 3.")
    expect(leave).to_be_focused()

    question.arrange([2, 1, 3])
    question.check()
    expect(question.status).to_contain_text(part(67))
    expect(question.group.locator(".bw-steps > .bw-right")).to_have_count(2)
    expect(question.group.locator(".bw-steps > .bw-wrong .bw-note")).to_have_text(re.compile("Out of place."))
    expect_answer(page, question, [2, 1, 3], 2 / 3, 2)

    question.arrange([1, 2, 3])
    question.check()
    expect(question.status).to_contain_text("Right.")
    expect(question.group.locator("button:visible")).to_have_count(0)
    question.expect_done()
    expect_answer(page, question, [1, 2, 3], 1, 3)
    expect_restored(page, question, but=("buttons",))


def test_order_without_lines_to_leave_out(page: Page) -> None:
    question = Order(page, "types-order")
    expect(question.button(1, "Leave out")).to_have_count(0)
    question.arrange([4, 3, 2, 1])
    question.check()
    expect(question.status).to_contain_text(part(25))
    expect_answer(page, question, [4, 3, 2, 1], 0.25, 1)
    expect_restored(page, question)
    question.arrange([1, 2, 3, 4])
    question.check()
    expect_answer(page, question, [1, 2, 3, 4], 1, 2)
    for _ in range(12):  # no round begins with the answer
        go_to(page, question.element.get_by_role("button", name="Start over"))
        page.keyboard.press("Enter")
        assert question.kept() != [1, 2, 3, 4]
        question.arrange([1, 2, 3, 4])
        question.check()


def write(question: Question, text: str, field: Locator | None = None) -> None:
    """Put a text in place of what stands in a field."""
    page = question.element.page
    field = field or question.group.get_by_role("textbox", name="Your answer")
    go_to(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def test_numeric(page: Page) -> None:
    question = Question(page, "types-numeric-ranges")
    field = question.group.get_by_role("textbox", name="Your answer")
    for text, said in [
        ("", "Write an answer first."),
        ("about 2", "“about 2” is not a number. Write one such as 0.25, −3, 1/3 or 2e-5."),
    ]:
        write(question, text)
        page.keyboard.press("Enter")
        expect(question.status).to_have_text(said)
    assert events(page) == []

    write(question, "−1")
    page.keyboard.press("Enter")
    expect(question.status).to_have_text(f"{READ} A volume is positive. {IDEA}",
                                         use_inner_text=True)  # fmt: skip
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("^Not right. A volume is positive."))
    expect_answer(page, question, {"value": -1, "text": "−1"}, 0, 1, ideas=["sign-is-kept"])
    write(question, "1,69 m³")
    page.keyboard.press("Enter")
    expect(question.group.get_by_text("Read as 1.69.")).to_be_visible()
    expect(question.status).to_have_text(f"{READ} That is the area of one side.")
    expect_answer(page, question, {"value": 1.69, "text": "1,69 m³"}, 0, 2)
    write(question, "7")
    expect(question.group.locator(".bw-note:visible")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(question.status).to_have_text(AGAIN)
    expect_answer(page, question, {"value": 7, "text": "7"}, 0, 3)
    expect_restored(page, question)
    write(question, "2.2")
    page.keyboard.press("Enter")
    expect(question.status).to_have_text(re.compile(r"^Right.\s+It is 1.33.\s+$"))
    question.expect_done()
    expect_answer(page, question, {"value": 2.2, "text": "2.2"}, 1, 4)
    expect_restored(page, question)


def test_text(page: Page) -> None:
    question = Question(page, "types-text-known")
    write(question, " Log likelihood. ")
    page.keyboard.press("Enter")
    expect(question.status).to_have_text(f"{READ} Mind the sign. {IDEA}",
                                         use_inner_text=True)  # fmt: skip
    expect_answer(page, question, {"text": "Log likelihood."}, 0, 1, ideas=["sign-is-kept"])
    write(question, "loss")
    page.keyboard.press("Enter")
    expect(question.status).to_have_text(AGAIN)
    expect_answer(page, question, {"text": "loss"}, 0, 2)
    write(question, "“Cross Entropy”")
    page.keyboard.press("Enter")
    expect(question.status).to_have_text("Right. It is the negative log-likelihood.")
    question.expect_done()
    expect_answer(page, question, {"text": "“Cross Entropy”"}, 1, 3)
    expect_restored(page, question)


def test_text_in_which_case_counts(page: Page) -> None:
    question = Question(page, "types-text-case")
    write(question, "w")
    page.keyboard.press("Enter")
    expect(question.status).to_contain_text("Units named after a person are capitals.")
    write(question, "W")
    page.keyboard.press("Enter")
    expect(question.status).to_contain_text("Right.")


def test_cloze(page: Page) -> None:
    question = Question(page, "types-cloze-typed")
    first, third = (question.group.get_by_role("textbox", name=f"Gap {n} of 3") for n in [1, 3])
    second = question.group.get_by_role("combobox", name="Gap 2 of 3")
    write(question, "negative", first)
    go_to(page, second)
    page.keyboard.type("positive")
    question.check()
    expect(question.status).to_have_text(
        f"{READ} Gap 1 of 3 Not right. Think of a debt that is taken away. {IDEA} Gap 2 of 3 Not right.",
        use_inner_text=True,
    )
    expect(first).to_have_accessible_description(re.compile("^Not right. Think of a debt"))
    expect_answer(page, question, ["negative", "positive", ""], 0, 1, ideas=["sign-is-kept"])

    write(question, "Plus.", first)
    write(question, "6", third)
    page.keyboard.press("Enter")
    expect(question.status).to_contain_text(part(33))
    expect(first).to_be_disabled()
    expect(third).to_be_focused()
    expect_answer(page, question, ["Plus.", "positive", "6"], 1 / 3, 2)
    expect_restored(page, question)

    go_to(page, second)
    page.keyboard.type("negative")
    write(question, "nine", third)
    page.keyboard.press("Enter")
    expect(question.status).to_contain_text("Right. Gap 1 of 3 Right. The signs cancel.")
    question.expect_done()
    expect_answer(page, question, ["Plus.", "negative", "nine"], 1, 3)
    expect_restored(page, question)


def test_tokens(page: Page) -> None:
    question = Question(page, "types-tokens-lines")
    tokens = question.group.get_by_role("button")
    press = page.keyboard.press

    def marked() -> list[int]:
        pressed = tokens.evaluate_all("all => all.map((one) => one.ariaPressed)")
        return [n for n, state in enumerate(pressed, 1) if state == "true"]

    expect(question.group.locator("[tabindex='0']")).to_have_count(1)
    go_to(page, tokens.first)
    question.check()
    expect(question.status).to_have_text("Choose an answer first.")
    go_to(page, tokens.first)
    press("ArrowLeft")
    expect(tokens.first).to_be_focused()
    for key, place in [("End", 21), ("ArrowRight", 21), ("ArrowLeft", 20), ("Home", 0), ("ArrowRight", 1)]:
        press(key)
        expect(tokens.nth(place)).to_be_focused()
    assert marked() == []

    # Marks a stretch of the question: wrong, and these tokens are settled.
    press("Space")
    press("Shift+ArrowRight")
    press("Shift+ArrowRight")
    assert marked() == [2, 3, 4]
    question.check()
    expect(question.status).to_contain_text(f"{READ} <user> What is 2 + 2 ? <end> <model> The question is given")
    expect(tokens.nth(1)).to_have_accessible_name("What Not right")
    expect(tokens.nth(1)).to_have_attribute("aria-disabled", "true")
    expect_answer(page, question, [2, 3, 4], 0, 1, ideas=["sign-is-kept"])
    assert marked() == []

    go_to(page, tokens.nth(3))
    press("Enter")
    assert marked() == []
    for _ in range(6):
        press("ArrowRight")
    press("Space")
    for _ in range(4):
        press("Shift+ArrowRight")
    assert marked() == [10, 11, 12, 13, 14]
    question.check()
    expect(question.status).to_contain_text(f"{part(63)} Yes . <end> The second answer counts as well.")
    expect_answer(page, question, [10, 11, 12, 13, 14], 5 / 8, 2)
    expect_restored(page, question, but=("buttons", "text"))

    go_to(page, question.group.locator("[tabindex='0']"))
    press("End")
    press("Space")
    press("Shift+ArrowLeft")
    press("Shift+ArrowLeft")
    question.check()
    expect(question.status).to_contain_text("Right. <user> What is 2 + 2 ? <end> <model> The question is given")
    question.expect_done()
    expect_answer(page, question, [10, 11, 12, 13, 14, 20, 21, 22], 1, 3)


def test_tokens_with_a_pointer(page: Page) -> None:
    question = Question(page, "types-tokens-lines")
    tokens = question.group.get_by_role("button")
    tokens.nth(9).click()
    tokens.nth(13).click(modifiers=["Shift"])
    tokens.nth(19).click()
    tokens.nth(21).click(modifiers=["Shift"])
    tokens.nth(0).click()
    tokens.nth(0).click()
    question.element.get_by_role("button", name="Check").click()
    expect(question.status).to_contain_text("Right.")


def test_free(page: Page) -> None:
    question = Question(page, "types-free-case")
    expect(question.group).to_have_accessible_name("What do you tell her?")
    model, rubric = question.group.get_by_role("group", name="A model answer"), question.group.get_by_role("checkbox")
    expect(model).to_be_hidden()
    assert question.buttons() == ["Compare with a model answer", "Hint 1 of 1"]
    area = question.group.get_by_role("textbox", name="Your answer")
    go_to(page, area)
    question.check()
    expect(question.status).to_have_text("Write an answer first.")
    write(question, "Mind the order.", area)
    question.check()
    expect(model).to_be_focused()
    expect(question.status).to_contain_text("The calculator squares first and then takes the sign.")
    assert question.buttons() == ["Count the points"]
    assert events(page) == []

    first, _, third = rubric.all()
    expect(first).to_have_accessible_name("It names the order of operations. Points: 2")
    go_to(page, first)
    page.keyboard.press("Space")
    go_to(page, third)
    page.keyboard.press("Space")
    question.check()
    expect(question.status).to_have_text("You give yourself 3 of 5 points.")
    question.expect_done()
    expect_answer(page, question, {"text": "Mind the order.", "points": [2, 0, 1]}, 0.6, 1)
    expect_restored(page, question)

    go_to(page, question.element.get_by_role("button", name="Start over"))
    page.keyboard.press("Enter")
    expect(area).to_be_focused()
    expect(area).to_have_value("")
    expect(model).to_be_hidden()
    for points, score in [([0, 0, 0], 0), ([2, 2, 1], 1)]:
        write(question, "Again.", area)
        question.check()
        for box in rubric.all() if score else []:
            go_to(page, box)
            page.keyboard.press("Space")
        question.check()
        expect(question.status).to_have_text(f"You give yourself {sum(points)} of 5 points.")
        expect_answer(page, question, {"text": "Again.", "points": points}, score, 1)
        go_to(page, question.element.get_by_role("button", name="Start over"))
        page.keyboard.press("Enter")


@pytest.mark.parametrize(("grade", "score"), [("Again", 0), ("Hard", 1 / 3), ("Good", 2 / 3), ("Easy", 1)])
def test_flashcard(page: Page, grade: str, score: float) -> None:
    question = Question(page, "types-flashcard")
    back = question.group.get_by_role("group", name="The other side")
    expect(back).to_be_hidden()
    assert question.buttons() == ["Show the other side"]
    turn = question.element.get_by_role("button", name="Show the other side")
    go_to(page, turn)
    page.keyboard.press("Enter")
    expect(back).to_be_focused()
    expect(question.status).to_have_text("Positive.", use_inner_text=True)
    scale = question.group.get_by_role("group", name="How well did you know it?")
    go_to(page, scale.get_by_role("button", name=grade))
    page.keyboard.press("Enter")
    expect(question.status).to_have_text(f"Noted: {grade}.")
    expect(scale).to_be_hidden()
    question.expect_done()
    expect_answer(page, question, {"grade": grade.lower()}, score, 1)
    expect_restored(page, question)


TYPES = ["spot", "match", "categorize", "order-more", "numeric", "text", "cloze", "tokens"]


@pytest.mark.parametrize("name", TYPES)
def test_the_answer_is_shown_on_request(page: Page, name: str) -> None:
    """After a wrong attempt. What was answered last is reported with it, and comes back with the answer open."""
    question = Question(page, f"types-{name}")
    for field in question.group.locator("input").all()[:1]:
        field.check() if field.get_attribute("type") == "radio" else field.fill("0")
    for select in question.group.locator("select").all()[:1]:
        select.select_option(index=2)
    if name == "tokens":
        question.group.get_by_role("button").first.click()
    question.element.get_by_role("button", name="Check").click()
    (first,) = events(page)
    assert first["score"] < 1
    go_to(page, question.element.get_by_role("button", name="Show the answer"))
    page.keyboard.press("Enter")
    expect(question.status).to_contain_text("This is the answer.")
    question.expect_done()
    (second,) = events(page)
    assert second == first | {"ideas": [], "shown": True}
    answer = shown(question)["fields"]
    page.evaluate("detail => { window.last = detail }", second | {"print": print_of(question)})
    expect_restored(page, question, but=("text",))
    assert shown(question)["fields"] == answer
    json.dumps(second)
