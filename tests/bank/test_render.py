"""A question as markup: safe whatever its texts are, complete, small, and without a hint at the answer."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from broken import QUESTION
from examples import EXAMPLES, NO_TEXTS, example, leaves, put, replaced, texts
from hostile import ALL, TAGS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markup import look
from pydantic import ValidationError

import bookwidgets
from bookwidgets.bank.load import Bank
from bookwidgets.bank.models import Misconception
from bookwidgets.bank.render import question_html, text_faults
from bookwidgets.bank.strings import strings
from bookwidgets.bank.text import TextError
from bookwidgets.bank.types import QUESTIONS, Choice, Multi
from bookwidgets.bank.yaml_lines import YamlPath

WORDS = strings()
EXAMPLE = yaml.safe_load(QUESTION)[0]
TEXTS: list[YamlPath] = [
    ("prompt",),
    ("hints", 0),
    ("explanation",),
    ("options", 0, "text"),
    ("options", 1, "feedback"),
]
FIELDS: list[YamlPath] = [
    *TEXTS,
    ("id",),
    ("type",),
    ("level",),
    ("see",),
    ("concepts", 0),
    ("accept",),
    ("options", 0, "misconception"),
    ("options", 0, "correct"),
    ("fixed",),
]


def with_text(path: YamlPath, text: object) -> dict:
    """The example with ``text`` at ``path``."""
    data = yaml.safe_load(QUESTION)[0]
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = text
    return data


def markup(data: dict, bank: Bank | None = None, **options: object) -> str | None:
    """The markup of a question, or None when the bank would report it instead."""
    try:
        question = QUESTIONS.get(data["type"], Choice).model_validate(data)
        return "".join(question_html(question, bank or Bank(), WORDS, **options))
    except (ValidationError, TextError):
        return None


def allowed(written: str) -> bool:
    assert look(written).wrong == []
    return True


@pytest.mark.parametrize("path", FIELDS, ids=str)
def test_hostile_text_in_any_field_is_a_fault_or_harmless(path):
    shown = [written for text in ALL if (written := markup(with_text(path, text))) and allowed(written)]
    assert bool(shown) == (path in TEXTS)  # code and the like may be shown; ids and the like never pass


def shown_as_it_stands(kind: str) -> set[str]:
    """The texts of the example that are no Markdown."""
    question = QUESTIONS[kind].model_validate(example(kind))
    return set(texts(kind)) - {*question.blocks().values(), *question.lines().values(), *question.gapped().values()}


TEXTS_OF_TYPES = [(kind, text) for kind in EXAMPLES for text in texts(kind)]


@pytest.mark.parametrize(("kind", "field"), TEXTS_OF_TYPES)
def test_hostile_text_in_any_text_of_any_type_is_a_fault_or_harmless(kind, field):
    """Every fourth of the texts, another fourth from field to field: all of them meet every type."""
    some = [TAGS[0], *ALL[TEXTS_OF_TYPES.index((kind, field)) % 4 :: 4]]
    shown = [written for text in some if (written := markup(replaced(kind, {field: text}))) and allowed(written)]
    assert shown  # what is only escaped
    if field in shown_as_it_stands(kind):
        assert "&lt;script&gt;" in shown[0]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_hostile_values_where_no_text_belongs_are_faults(kind):
    places = [path for path, _ in leaves(example(kind)) if path[-1] in NO_TEXTS or path[0] in NO_TEXTS]
    places += [path for path, value in leaves(example(kind)) if not isinstance(value, str)]
    assert len(places) > 4
    for path in places:
        assert not any(markup(put(example(kind), path, text)) for text in ALL), path


@pytest.mark.parametrize("kind", EXAMPLES)
def test_hostile_text_in_every_text_of_a_type_at_once(kind):
    for text in ALL:
        data = replaced(kind, {old: text if n == 0 else f"{text} {n}" for n, old in enumerate(texts(kind))})
        written = markup(data, Bank())
        assert written is None or allowed(written)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_text_of_any_type_is_reported_exactly_when_it_cannot_be_rendered(kind):
    rendered = [field for field in texts(kind) if field not in shown_as_it_stands(kind)]
    for number, text in enumerate(ALL):
        data = replaced(kind, {rendered[number % len(rendered)]: text})
        try:
            question = QUESTIONS[kind].model_validate(data)
        except ValidationError:
            continue
        assert bool(list(text_faults(question, lambda image: image))) == (markup(data) is None), text


def test_hostile_text_in_every_field_at_once():
    for text in ALL:
        data = with_text(("prompt",), text)
        for path in TEXTS[1:]:
            place = data
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = text
        written = markup(data)
        assert written is None or allowed(written)


def test_hostile_misconceptions():
    data = with_text(("options", 0, "misconception"), "an-idea")
    for text in ALL:
        try:
            idea = Misconception(says=text, see="one#x")
        except ValidationError:
            continue
        written = markup(data, Bank(misconceptions={"an-idea": idea}))
        assert written is None or allowed(written)
        assert (written is None) == bool(list(text_faults(idea, str))), text


SPICE = st.sampled_from(
    [
        "<script>",
        "](javascript:1)",
        "$",
        "\\text{",
        "}",
        "`",
        "![",
        "[x](",
        "\n\n",
        "|",
        "&#60;",
        "\\",
        "<",
        '"',
        "***",
        "\\href{",
        "---",
        "- ",
        "    ",
        "\u202e",
        "</li>",
        "https://e.org/",
        "&",
        "^",
        "_",
        "{",
    ]
)
TEXT = st.lists(st.one_of(SPICE, st.text(max_size=8)), max_size=14).map("".join)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(field=st.sampled_from(TEXTS_OF_TYPES), text=TEXT)
def test_random_text_in_any_text_of_any_type_is_a_fault_or_harmless(field, text):
    kind, old = field
    written = markup(replaced(kind, {old: text}))
    assert written is None or allowed(written)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(prompt=TEXT, hint=TEXT, explanation=TEXT, option=TEXT, feedback=TEXT, says=TEXT)
def test_random_text_is_a_fault_or_harmless(prompt, hint, explanation, option, feedback, says):
    for path, text in zip(TEXTS, [prompt, hint, explanation, option, feedback], strict=True):
        written = markup(with_text(path, text))
        assert written is None or allowed(written)
    try:
        bank = Bank(misconceptions={"an-idea": Misconception(says=says, see="one#x")})
    except ValidationError:
        return
    written = markup(with_text(("options", 0, "misconception"), "an-idea"), bank)
    assert written is None or allowed(written)


@pytest.mark.parametrize("text", ALL)
def test_a_text_is_reported_exactly_when_it_cannot_be_rendered(text):
    for path in TEXTS:
        try:
            question = Choice.model_validate(with_text(path, text))
        except ValidationError:
            continue
        reported = {place for place, _ in text_faults(question, lambda image: image)}
        assert reported == (set() if markup(with_text(path, text)) else {path})


def test_every_text_stands_in_the_markup_once():
    data = yaml.safe_load(QUESTION)[0] | {
        "prompt": "PROMPT",
        "hints": ["HINT1", "HINT2", "HINT3"],
        "explanation": "WHY",
    }
    data["options"] = [{"text": f"TEXT{n}", "feedback": f"NOTE{n}", "correct": n == 1} for n in range(4)]
    data["options"][2]["misconception"] = "an-idea"
    bank = Bank(misconceptions={"an-idea": Misconception(says="IDEA", see="one#x")})
    seen = look(markup(data, bank)).text
    texts = [
        "PROMPT",
        "HINT1",
        "HINT2",
        "HINT3",
        "WHY",
        "IDEA",
        *(f"{k}{n}" for k in ["TEXT", "NOTE"] for n in range(4)),
    ]
    assert {text: seen.count(text) for text in texts} == dict.fromkeys(texts, 1)


def test_the_markup_around_the_texts_is_small():
    """The budget: 1.5 kB for four options and three hints. Texts are counted out, the words of the widget are not."""
    data = yaml.safe_load(QUESTION)[0] | {"hints": ["x"] * 3, "prompt": "x", "explanation": "x"}
    data["options"] = [{"text": "x" * (n + 1), "feedback": "x", "correct": n == 1} for n in range(4)]
    texts = 3 + 1 + 1 + sum(n + 1 for n in range(4)) + 4
    assert len(markup(data, anchor="q-q-one").encode()) - texts <= 1_500


def test_attributes_tell_the_script_what_it_needs():
    data = with_text(("fixed",), True)
    data["options"][0]["misconception"] = "an-idea"
    bank = Bank(misconceptions={"an-idea": Misconception(says="So.", see="one#x")})
    written = markup(data, bank, anchor="q-q-one")
    print_ = Choice.model_validate(data).fingerprint
    assert written.startswith(
        f'<book-question id="q-q-one" class="bw" data-type="choice" data-id="q-one" data-print="{print_}" data-fixed>'
    )
    assert re.findall(r'<li data-n="(\d)">(\w+)\.</li>', written) == [("1", "One"), ("2", "Two"), ("3", "Three")]
    assert re.findall(r"<li( data[^>]*)?>(?=<b>)", written) == ["", " data-ok", ""]
    assert re.findall(r'<span data-idea="([^"]*)">', written) == ["an-idea"]


def test_positions_are_those_of_the_file_when_options_are_shuffled():
    data = yaml.safe_load(QUESTION)[0]
    for number in range(20):
        written = markup(data | {"id": f"q-{number}"})
        assert set(re.findall(r'<li data-n="(\d)">(\w+)\.</li>', written)) == {
            ("1", "One"),
            ("2", "Two"),
            ("3", "Three"),
        }


def test_the_shuffled_order_favours_no_position():
    data = yaml.safe_load(QUESTION)[0]
    data["options"].append({"text": "Four.", "feedback": "No."})
    count = 4_000
    places: Counter[tuple[str, int]] = Counter()
    for number in range(count):
        question = Choice.model_validate(data | {"id": f"q-{number}"})
        shown = [question.options[int(n) - 1] for n in re.findall(r'data-n="(\d)"', markup(question.model_dump()))]
        places.update((option.text, place) for place, option in enumerate(shown))
    # Each of 16 cells is binomial with p = 1/4; five standard deviations leave one failure in 10^5 choices of the hash.
    assert len(places) == 16
    assert all(abs(n - count / 4) < 5 * (count * 3 / 16) ** 0.5 for n in places.values())


def test_fixed_options_keep_their_order():
    for number in range(20):
        written = markup(with_text(("fixed",), True) | {"id": f"q-{number}"})
        assert re.findall(r'data-n="(\d)"', written) == ["1", "2", "3"]


CHANGES = [
    *((path, "Another text.") for path in TEXTS),
    (("id",), "q-other"),
    (("level",), "evaluate"),
    (("see",), "one#other"),
    (("concepts", 0), "beta"),
    (("options", 0, "misconception"), "an-idea"),
    (("fixed",), True),
    (("hints",), ["Think.", "x"]),
]


@pytest.mark.parametrize(("path", "value"), CHANGES)
def test_the_fingerprint_changes_with_each_field(path, value):
    assert Choice.model_validate(with_text(path, value)).fingerprint != Choice.model_validate(EXAMPLE).fingerprint


def test_the_fingerprint_changes_with_type_and_right_option():
    one = Choice.model_validate(EXAMPLE).fingerprint
    other = yaml.safe_load(QUESTION)[0]
    other["options"][0]["correct"], other["options"][1]["correct"] = True, False
    assert (
        len(
            {
                one,
                Multi.model_validate(EXAMPLE | {"type": "multi"}).fingerprint,
                Choice.model_validate(other).fingerprint,
            }
        )
        == 3
    )


def test_the_fingerprint_stays_with_what_a_learner_does_not_see():
    """Stored answers are keyed on it, so this value must not change with the code either."""
    accepting = EXAMPLE | {"accept": {"longest": "for a reason"}, "fixed": False}
    assert Choice.model_validate(accepting).fingerprint == Choice.model_validate(EXAMPLE).fingerprint == "1ef33d44"


def test_every_language_has_every_word_and_its_blanks():
    english = strings("en")
    for path in Path(bookwidgets.__file__).parent.glob("strings/*.json"):
        words = strings(path.stem)
        assert words.keys() == english.keys()
        for key, word in words.items():
            assert re.findall(r"\{\w+\}", word) == re.findall(r"\{\w+\}", english[key]), key
            assert "<" not in word
    assert strings("de-CH") == strings("de") != english
    assert strings("xx") == english
