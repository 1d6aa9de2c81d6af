"""The markup of each type: what the page script builds on, and what a reader sees without it."""

import json
import re
from html.parser import HTMLParser

import pytest
from examples import EXAMPLES, example, put, replaced, texts
from markup import VOID, look

from bookwidgets.bank.load import Bank
from bookwidgets.bank.models import Misconception
from bookwidgets.bank.pen import number, shuffled
from bookwidgets.bank.render import question_html
from bookwidgets.bank.strings import strings
from bookwidgets.bank.types import QUESTIONS

BANK = Bank(misconceptions={"an-idea": Misconception(says="IDEA", see="one#x")})


class Node:
    """An element with its attributes, its children, and the text in it."""

    def __init__(self, tag: str, attributes: dict[str, str | None]) -> None:
        self.tag, self.attributes, self.children, self.text = tag, attributes, [], ""

    def all(self, name: str) -> list["Node"]:
        """The elements below with this tag or, after a dot, this class, in order."""
        found = []
        for child in self.children:
            classes = (child.attributes.get("class") or "").split()
            found += [child] * (child.tag == name or name.removeprefix(".") in classes) + child.all(name)
        return found

    def one(self, name: str) -> "Node":
        (found,) = self.all(name)
        return found

    def values(self, name: str) -> list[str | None]:
        """The attribute of each child, "-" where one has none."""
        return [child.attributes.get(name, "-") for child in self.children]

    def shown(self) -> list[str]:
        return [child.text for child in self.children]


class Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("", {})]

    def handle_starttag(self, tag, attrs):
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag

    def handle_data(self, data):
        for node in self.open:
            node.text += data


def ideas(entries: Node) -> list[list[str | None]]:
    """The ids of the misconceptions that each entry names."""
    return [[span.attributes["data-idea"] for span in entry.all("span") if "data-idea" in span.attributes]
            for entry in entries.children]  # fmt: skip


def tree(data: dict) -> Node:
    """The element of a question, as a browser would read it."""
    markup = "".join(question_html(QUESTIONS[data["type"]].model_validate(data), BANK, strings()))
    assert look(markup).wrong == []
    parser = Tree()
    parser.feed(markup)
    (root,) = parser.open[0].children
    return root


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_frame(kind):
    root = tree(example(kind))
    assert root.tag == "book-question"
    assert root.attributes["data-type"] == kind
    names = [child.attributes.get("class") for child in root.children]
    assert [name for name in names if name in {"bw-scenario", "bw-prompt", "bw-task", "bw-hint", "bw-answer"}] == (
        ["bw-scenario"] * (kind == "free") + ["bw-prompt"]
        + ([] if kind == "flashcard" else ["bw-task", "bw-hint"]) + ["bw-answer"]
    )  # fmt: skip
    answer = root.children[-1]
    assert answer.children[0].tag == "summary"
    assert answer.children[-1].attributes == {"class": "bw-explanation"}
    assert ("data-fixed" in root.attributes) == (kind in {"multi", "categorize", "spot"})


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_reader_without_scripts_reads_every_text(kind):
    """Only further accepted forms stand in attributes alone, and the task does not hold the feedback."""
    root = tree(example(kind))
    expected = set(texts(kind)) - {"the reference", "a mask"}
    if "an-idea" in EXAMPLES[kind]:
        expected.add("IDEA")
    for text in expected:
        for piece in re.split(r"\{\{\d\}\}|\n" if kind == "cloze" else r"\s", text):
            assert piece.strip() in root.text
    task = root.text.removesuffix(root.one(".bw-answer").text)
    for text in ["Why one.", "Not so one.", "IDEA", "It is so.", "A model answer.", "The back.", "Because."]:
        assert text not in task


def test_match():
    root = tree(example("match"))
    items, partners = root.one(".bw-items"), root.one(".bw-partners")
    assert items.values("data-n") == ["1", "2", "3"]
    assert items.shown() == ["Item one", "Item two", "Item three"]
    assert sorted(zip(partners.values("data-n"), partners.shown(), strict=True)) == [
        (str(n), f"Partner {name}") for n, name in enumerate(["one", "two", "three", "four", "five"], 1)
    ]  # fmt: skip
    why = root.one(".bw-answer").one(".bw-why")
    assert [entry.one("b").text for entry in why.children] == ["Partner one", "Partner two", "Partner three"]
    assert ideas(why) == [["an-idea"], [], []]
    assert why.children[1].text == "Partner two Why two."
    assert why.children[0].one(".bw-if-wrong").text == "Not so one.A common idea: IDEA"
    assert why.children[0].one(".bw-if-wrong").one("q").text == "IDEA"


def test_categorize():
    data = example("categorize")
    root = tree(data)
    assert root.one(".bw-items").shown() == ["Item one", "Item two", "Item three"]
    assert list(zip(root.one(".bw-bins").values("data-n"), root.one(".bw-bins").shown(), strict=True)) == [
        ("1", "Bin one"), ("2", "Bin two"), ("3", "Bin three"),
    ]  # fmt: skip
    del data["fixed"]
    orders = set()
    for n in range(30):
        shown = tree(data | {"id": f"q-{n}"})
        items, why = shown.one(".bw-items"), shown.one(".bw-answer").one(".bw-why")
        orders.add(tuple(items.values("data-n")))
        expected = {"1": ("Bin one", "Why one."), "2": ("Bin two", "Why two."), "3": ("Bin one", "Why three.")}
        for position, entry in zip(items.values("data-n"), why.children, strict=True):
            assert entry.one("b").text == expected[position][0]
            assert expected[position][1] in entry.text
    assert len(orders) == 6


def test_order():
    data = example("order")
    root = tree(data)
    assert root.one(".bw-task").text == "Put the steps into order, and leave out what does not belong."
    assert sorted(zip(root.one(".bw-steps").values("data-n"), root.one(".bw-steps").shown(), strict=True)) == [
        ("1", "Step one"), ("2", "Step two"), ("3", "Step three"), ("4", "Step four"), ("5", "Step five"),
    ]  # fmt: skip
    answer = root.one(".bw-answer")
    assert answer.one(".bw-right").shown() == ["Step one", "Step two", "Step three"]
    assert answer.one(".bw-right").values("data-n") == ["1", "2", "3"]
    assert answer.one(".bw-why").values("data-n") == ["4", "5"]
    assert answer.one(".bw-why").shown() == ["Step four Not four.A common idea: IDEA", "Step five Not five."]
    del data["distractors"]
    assert tree(data).one(".bw-task").text == "Put the steps into order."
    assert tree(data).all(".bw-why") == []


def test_the_right_order_is_never_shown():
    data = example("order") | {"steps": ["a", "b", "c"]}
    for distractors in [[], data["distractors"]]:
        orders = set()
        for n in range(200):
            shown = tree(data | {"id": f"q-{n}", "distractors": distractors}).one(".bw-steps").shown()
            orders.add("".join(text for text in shown if text in "abc"))
        assert orders == {"acb", "bac", "bca", "cab", "cba"}


def test_numeric():
    root = tree(example("numeric"))
    assert root.one(".bw-blank").attributes == {"class": "bw-blank", "data-unit": "nats"}
    assert root.one(".bw-blank").text == "… nats"
    value = root.one(".bw-value")
    assert value.attributes == {"class": "bw-value", "data-from": "2.25", "data-to": "2.35"}
    assert value.text == "2.3 nats It is so."
    why = root.one(".bw-answer").one(".bw-why")
    assert (why.values("data-from"), why.values("data-to")) == (["-2.35", "4"], ["-2.25", "-"])
    assert ideas(why) == [["an-idea"], []]
    assert why.shown() == ["From -2.35 to -2.25 The sign.A common idea: IDEA", "4 or more Too much."]
    data = example("numeric") | {
        "unit": None,
        "ranges": [{"to": 0, "feedback": "F"}, {"from": 9, "to": 9, "feedback": "G"}],
    }
    root = tree(data)
    assert root.one(".bw-blank").attributes == {"class": "bw-blank"}
    assert root.one(".bw-value").one("b").text == "2.3"
    assert root.one(".bw-answer").one(".bw-why").shown() == ["0 or less F", "9 G"]


def test_numbers_in_sight_follow_the_language():
    question = QUESTIONS["numeric"].model_validate(example("numeric"))
    written = "".join(question_html(question, BANK, strings("de")))
    for text in ["<b>2,3 nats</b>", "-2,35", "-2,25", 'data-from="2.25"', 'data-from="-2.35"']:
        assert text in written


@pytest.mark.parametrize(
    ("value", "text"), [(2.0, "2"), (-0.25, "-0.25"), (1e-7, "1e-07"), (1e22, "1e+22"), (0.1, "0.1")]
)
def test_numbers_are_written_so_that_they_are_read_back(value, text):
    assert number(value) == text
    assert float(text) == value


def test_text():
    root = tree(example("text"))
    value = root.one(".bw-value")
    assert json.loads(value.attributes["data-forms"]) == ["reference policy", "the reference"]
    assert "data-case" in value.attributes
    assert value.text == "reference policy It is so."
    why = root.one(".bw-answer").one(".bw-why")
    assert json.loads(why.children[0].attributes["data-forms"]) == ["reward model", "a reward"]
    assert (why.values("data-forms")[1], why.children[1].one("b").text) == ("-", "policy")  # one form stands in sight
    assert ideas(why) == [["an-idea"], []]
    assert why.shown()[0] == "reward model, a reward That scores.A common idea: IDEA"


def test_cloze():
    root = tree(example("cloze"))
    menu, blank = root.one(".bw-cloze").all(".bw-gap")
    assert (menu.attributes["data-n"], blank.attributes["data-n"]) == ("1", "2")
    options = json.loads(menu.attributes["data-options"])
    assert sorted(options) == ["gain", "loss"]
    assert menu.text == f"[1: {options[0]} / {options[1]}]"
    assert "data-options" not in blank.attributes
    assert blank.text == "[2]"
    why = root.one(".bw-answer").one(".bw-why")
    assert (why.values("data-forms")[0], why.children[0].one("b").text) == ("-", "loss")
    assert json.loads(why.children[1].attributes["data-forms"]) == ["mask", "a mask"]
    assert why.shown() == ["loss Why one. Not so one.A common idea: IDEA", "mask Why two."]


def test_tokens():
    root = tree(example("tokens"))
    tokens = root.one(".bw-tokens")
    assert tokens.shown() == list("abcdefgh")
    assert tokens.values("data-line") == ["-"] * 4 + [None] + ["-"] * 3
    marked = root.one(".bw-marked")
    assert json.loads(marked.attributes["data-at"]) == [[2, 3], [6, 6]]
    assert marked.text == "b c … f"
    why = root.one(".bw-answer").one(".bw-why")
    assert list(map(json.loads, why.values("data-at"))) == [[[1, 1]], [[2, 5]]]
    assert ideas(why) == [["an-idea"], []]
    assert why.shown() == ["a Not this.A common idea: IDEA", "b c d e Partly."]


def test_spot():
    root = tree(example("spot"))
    lines, why = root.one(".bw-options"), root.one(".bw-answer").one(".bw-why")
    assert lines.attributes["class"] == "bw-options bw-lines"
    assert lines.shown() == ["Line one", "Line two", "Line three"]
    assert lines.values("data-n") == ["1", "2", "3"]
    assert why.values("data-ok") == ["-", None, "-"]
    assert ideas(why) == [["an-idea"], [], []]
    assert why.shown()[1] == "This is the one. Wrong two."
    assert why.shown()[2] == "Not this one. Holds three."
    code = put(example("spot") | {"as": "code"}, ("lines", 0, "text"), "  a = *b* <i> $x$")
    line = tree(code).one(".bw-lines").children[0]
    assert [child.tag for child in line.children] == ["code"]
    assert line.text == "  a = *b* <i> $x$"


def test_free():
    root = tree(example("free"))
    assert root.one(".bw-scenario").text == "A case."
    assert root.one(".bw-model").text == "A model answer."
    assert root.one(".bw-rubric").values("data-points") == ["2", "1"]
    assert root.one(".bw-rubric").shown() == ["Criterion one Points: 2", "Criterion two Points: 1"]
    del (data := example("free"))["scenario"]
    assert tree(data).all(".bw-scenario") == []


def test_flashcard():
    root = tree(example("flashcard"))
    assert [child.attributes["class"] for child in root.children] == ["bw-prompt", "bw-answer"]
    assert root.one(".bw-back").text == "The back."


QUOTES = "a\"b'c<d>&e; &quot; ] [ \\"


@pytest.mark.parametrize(("kind", "old"), [("text", "the reference"), ("text", "a reward"), ("cloze", "gain"),
                                           ("cloze", "a mask"), ("numeric", "nats")])  # fmt: skip
def test_attributes_carry_any_text_unharmed(kind, old):
    root = tree(replaced(kind, {old: QUOTES}))
    found = [
        *(node.attributes.get("data-unit") for node in root.all("p")),
        *(text for tag in ["p", "li", "span"] for node in root.all(tag) for name in ["data-forms", "data-options"]
          for text in json.loads(node.attributes.get(name, "[]"))),
    ]  # fmt: skip
    assert QUOTES in found


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_misconception_that_is_gone_leaves_no_trace_in_sight(kind):
    """A build stops at an unknown one; a notebook shows the question without."""
    question = QUESTIONS[kind].model_validate(example(kind))
    assert "data-idea" not in "".join(question_html(question, Bank(), strings()))


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_markup_around_the_texts_is_small(kind):
    """The budget: 1.5 kB."""
    question = QUESTIONS[kind].model_validate(example(kind))
    markup = "".join(question_html(question, BANK, strings(), anchor="q-q-one"))
    assert len(markup.encode()) - sum(map(len, texts(kind))) <= 1_500


def test_shuffling_depends_on_the_seed_and_the_texts_alone():
    assert shuffled("abc", "x", str) == shuffled("cba", "x", str)
    assert len({tuple(shuffled("abc", str(n), str)) for n in range(100)}) == 6
