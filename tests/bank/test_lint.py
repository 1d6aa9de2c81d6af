"""Item lint: each flaw planted and found, and items without it left alone."""

import json
from pathlib import Path

import pytest
import yaml
from broken import QUESTION, edit, faults
from examples import example
from scipy.stats import binom

from bookwidgets.bank import lint, summary
from bookwidgets.bank.check import check, check_with_faults
from bookwidgets.bank.faults import BookError
from bookwidgets.bank.lint import CLEAR, tail


def dump(path: Path, questions: list[dict]) -> None:
    """Write ``questions`` without YAML's aliases, which stand where an object occurs twice."""
    path.write_text(yaml.safe_dump(json.loads(json.dumps(questions)), sort_keys=False))


def write(path: Path, count: int, **changes: object) -> None:
    """``count`` questions with ``changes``; each is the example with options of one length."""
    example = yaml.safe_load(QUESTION)[0]
    for number, option in enumerate(example["options"]):
        option["text"] = f"Text {number}."
    dump(path, [example | changes | {"id": f"q-{n}"} for n in range(count)])


def options(*texts: str, right: int = 0) -> list[dict[str, object]]:
    return [{"text": text, "feedback": "Why.", "correct": n == right} for n, text in enumerate(texts)]


def advice(root: Path) -> list[str]:
    book, found = check_with_faults(root)
    assert found == []
    return [str(finding) for finding in sorted(lint.advice(book.course, book.bank))]


@pytest.fixture
def one(book: Path) -> Path:
    """The question file of a book whose quiz cells ask for nothing by name."""
    edit(book / "chapters/one.md", 'quiz("q-one")', "")
    edit(book / "index.md", "{quiz} q-one", "{note}")
    return book / "quizzes/one.yml"


LONG, SHORT = options("Long text.", "Text.", "A text"), options("Short.", "Longer text.", "Text")


@pytest.mark.parametrize(("count", "hits"), [(1, 1), (10, 5), (10, 6), (20, 9), (30, 0)])
def test_tail_is_that_of_the_binomial_for_equal_chances(count, hits):
    assert tail([0.25] * count, hits) == pytest.approx(binom.sf(hits - 1, count, 0.25))


def test_tail_with_different_chances():
    assert tail([0.5, 0.2], 2) == pytest.approx(0.1)
    assert tail([0.5, 0.2], 1) == pytest.approx(0.6)
    assert tail([], 0) == 1


@pytest.mark.parametrize(("count", "fewest"), [(3, 3), (6, 4), (10, 6), (20, 9)])
def test_the_rule_for_longest_options_with_four_options(count, fewest):
    assert tail([0.25] * count, fewest) < CLEAR <= tail([0.25] * count, fewest - 1)


def mixed(path: Path, long: int, short: int, **changes: object) -> None:
    items = []
    for count, chosen in [(long, LONG), (short, SHORT)]:
        write(path, count, options=chosen, **changes)
        items += yaml.safe_load(path.read_text())
    dump(path, [item | {"id": f"q-{number}"} for number, item in enumerate(items)])


def test_longest_is_a_fault_only_when_clearly_above_chance(book, one):
    mixed(one, 4, 2)  # with three options: probability 0.10
    assert faults(book) == []
    mixed(one, 5, 1)  # 0.018
    text = one.read_text().splitlines()
    starts = [number for number, line in enumerate(text, 1) if line.startswith("- id")]
    first = next(number for number, line in enumerate(text, 1) if line == "  options:")
    names = ", ".join(f"q-{n} (line {line})" for n, line in enumerate(starts[:5]))
    assert faults(book) == [
        f"quizzes/one.yml:{first}: longest: in 5 of 6 choice questions the correct option is the longest, where chance "
        f"gives 2.0; shorten it or lengthen another in {names}"
    ]


def test_a_build_stops_at_it(book, one):
    """pages.setup calls ``check``, which raises what fails the command."""
    mixed(one, 5, 1)
    with pytest.raises(BookError, match="longest: in 5 of 6 choice questions"):
        check(book)


def test_questions_that_accept_it_are_not_counted(book, one):
    mixed(one, 5, 1, accept={"longest": "The term itself is long."})
    assert faults(book) == []


def test_multi_questions_are_not_counted(book, one):
    mixed(one, 6, 0, type="multi")
    assert faults(book) == []


@pytest.mark.parametrize(
    ("text", "longer"),
    [("*bold*", "bolder"), (r"$\frac{1}{2}$", "half"), ("[a](https://example.org)", "ab"), ("&amp;", "ab")],
)
def test_length_is_what_a_reader_sees(book, one, text, longer):
    write(one, 1, options=options(text, longer, "x"))
    (question,) = check_with_faults(book)[0].bank.of_chapter("one")
    assert not lint.right_is_longest(check_with_faults(book)[0].bank.questions[question])


def test_a_tie_is_not_the_longest(book, one):
    write(one, 9, options=options("abc", "def", "x"))
    assert faults(book) == []


@pytest.mark.parametrize(
    "text",
    ["All of the above.", "None of the above", "Both of the above", "*All* of the above",
     "None of the other options fits.", "All of these.", "Neither of them", "Alle oben genannten.",
     "Keine der genannten Antworten", "Keine dieser Aussagen ist richtig.", "Nichts davon.", "Beide obigen"],
)  # fmt: skip
def test_options_about_options(book, one, text):
    write(one, 1, options=options("Alpha.", text, "Gamma."))
    line = next(
        n for n, row in enumerate(one.read_text().splitlines(), 1) if row.strip().startswith("- text") and text in row
    )
    (fault,) = faults(book)
    assert fault.startswith(f"quizzes/one.yml:{line}: question 'q-0': options[2].text: says '")
    assert fault.endswith("': options are shuffled, and such an option can be guessed; replace it")
    write(one, 1, options=options("Alpha.", text, "Gamma."), accept={"all-of-the-above": "It is about that."})
    assert faults(book) == []


@pytest.mark.parametrize(
    "text",
    [
        "All of these tokens carry loss.",
        "All of them at once.",
        "The line above all others.",
        "Alle Antworten des Modells.",
        "Keine.",
        "Alle anderen Antworten sind kürzer.",
        "Nichts davon zählt.",
    ],
)
def test_options_that_only_look_like_it(book, one, text):
    write(one, 1, options=options(text, "Alpha.", "Gamma."))
    assert faults(book) == []


def test_a_question_about_what_its_chapter_does_not_teach(book):
    edit(book / "quizzes/two.yml", "[beta, alpha]", "[alpha]")
    assert faults(book) == [
        "quizzes/two.yml:3: question 'q-two': concepts: none of them is defined in chapters/two.md: add one that this "
        "chapter teaches, or move the question to the chapter of chapters/one.md"
    ]
    edit(book / "quizzes/two.yml", "  level:", "  accept: {off-topic: It recalls chapter one.}\n  level:")
    assert faults(book) == []


def test_positions(book, one):
    write(one, 8, options=options("Aa.", "Bb.", "Cc."))
    assert (
        "quizzes/one.yml:1: positions: the correct option stands at place 1 in 8 of 8 choice questions: the page "
        "shuffles, but other formats may not; move some"
    ) in advice(book)
    write(one, 8, options=options("Aa.", "Bb.", "Cc."), accept={"positions": "They are numbers in order."})
    assert advice(book) == []
    write(one, 3, options=options("Aa.", "Bb.", "Cc."))
    assert advice(book) == []


def test_levels(book, one):
    write(one, 3, level="remember")
    assert advice(book) == [
        "quizzes/one.yml:1: levels: 0 of 3 questions ask to apply, analyze or evaluate: at least a third should",
        "quizzes/one.yml:1: levels: 3 of 3 questions only ask to remember: a quarter at most",
    ]
    write(one, 3, level="remember", accept={"levels": "A glossary."})
    assert advice(book) == []
    write(one, 3, level="apply")
    assert advice(book) == []


def test_absolute_words_in_wrong_options_only(book, one):
    write(one, 1, options=options("It may grow.", "It Always grows.", "It never, ever grows.", right=0))
    lines = [n for n, row in enumerate(one.read_text().splitlines(), 1) if "- text" in row]
    only, saying = "absolutes: only wrong options say", "; a learner may rule them out by that"
    assert advice(book) == [
        f"quizzes/one.yml:{lines[1]}: question 'q-0': options[2].text: {only} always{saying}",
        f"quizzes/one.yml:{lines[2]}: question 'q-0': options[3].text: {only} never{saying}",
    ]
    write(one, 1, options=options("It may grow.", "It always grows.", "No."), accept={"absolutes": "A theorem."})
    assert advice(book) == []
    write(one, 1, options=options("It always grows.", "It never grows.", "It is nonetheless overall small."))
    assert advice(book) == []
    write(one, 1, options=options("Er kann steigen.", "Er steigt immer.", "Er steigt NUR in jedem zweiten Schritt."))
    assert [finding.partition(" say ")[2] for finding in advice(book)] == [f"immer{saying}", f"jedem, nur{saying}"]
    write(one, 1, options=options("Er steigt nie.", "Er steigt immer.", "Der Name ist Allen, alleine und niedrig."))
    assert advice(book) == []


DUPLICATES = [
    ("It adds noise to gradients.", "It adds noise to the gradients", True),
    ("The token is masked", "The tokens is masked", True),
    ("It is $9$.", "It is $-9$.", False),
    ("About 2010.", "About 2011.", False),
    ("The reward rises", "The reward falls", False),
    ("A likely answer", "An unlikely answer", False),
    ("SFT before DPO", "DPO before SFT", False),
    ("In step 12", "In step 13", False),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "alike"), DUPLICATES)
def test_near_duplicates(book, one, first, second, alike):
    write(one, 1, options=options("Another thing entirely.", first, second))
    line = [n for n, row in enumerate(one.read_text().splitlines(), 1) if "- text" in row][2]
    message = (
        f"quizzes/one.yml:{line}: question 'q-0': options[3].text: near-duplicates: differs little from options[2]"
    )
    assert advice(book) == [f"{message}; tell them apart or drop one"] * alike
    accepted = {"near-duplicates": "That is the point."}
    write(one, 1, options=options("Another thing entirely.", first, second), accept=accepted)
    assert advice(book) == []


def other_type(path: Path, kind: str, **changes: object) -> None:
    dump(path, [example(kind) | changes])


def test_nearly_everything_in_one_bin(book, one):
    def items(*bins: str) -> list[dict[str, str]]:
        return [{"text": f"Item {n}", "bin": f"Bin {name}", "feedback": "Why."} for n, name in enumerate(bins)]

    other_type(one, "categorize", items=items("one", "two", "one", "one"))
    assert advice(book) == []
    other_type(one, "categorize", items=items("one", "two", "one", "one", "one"))
    line = next(n for n, row in enumerate(one.read_text().splitlines(), 1) if row == "  items:")
    assert advice(book) == [
        f"quizzes/one.yml:{line}: question 'q-one': items: one-bin: 4 of 5 items belong into 'Bin one'; "
        "spread them more evenly"
    ]
    other_type(one, "categorize", items=items(*["one"] * 4), accept={"one-bin": "That is the point."})
    assert advice(book) == []


def test_a_prompt_that_says_the_answer(book, one):
    other_type(one, "text", known=[], prompt="Against which *reference* policy is it measured?")
    line = next(n for n, row in enumerate(one.read_text().splitlines(), 1) if row == "  - reference policy")
    assert advice(book) == [
        f"quizzes/one.yml:{line}: question 'q-one': answers[1]: given-away: the prompt says 'reference policy'; "
        "word it without, or ask for something else"
    ]
    other_type(one, "text", known=[], prompt="Which policies are there?")
    assert advice(book) == []
    other_type(one, "text", known=[], prompt="Is it the reference?", accept={"given-away": "She has to choose."})
    assert advice(book) == []


def test_the_table(book, one):
    mixed(one, 2, 3)
    found = check_with_faults(book)[0]
    rows = [line.split("  ") for line in summary.table(found.course, found.bank).splitlines()]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert cells == [
        ["chapter", "questions", "choice", "multi", "remember", "understand", "apply", "analyze", "evaluate",
         "right is longest", "at 1, 2, 3 ..."],
        ["one", "5", "5", "0", "0", "0", "5", "0", "0", "2 of 5, chance 1.7", "5"],
        ["two", "1", "0", "1", "0", "0", "1", "0", "0", "0 of 0, chance 0.0"],
        ["all", "6", "5", "1", "0", "0", "6", "0", "0", "2 of 5, chance 1.7", "5"],
    ]  # fmt: skip


def test_questions_of_chapters_left_out_are_not_counted(book):
    edit(book / "_toc.yml", "  - file: chapters/two\n", "")
    found = check_with_faults(book)[0]
    assert "two" not in summary.table(found.course, found.bank)


def test_a_text_that_cannot_be_shown_is_one_fault_and_stops_no_lint(book, one):
    write(one, 1, options=options(r"$\foo$", "Beta.", "Gamma."))
    assert len(faults(book)) == 1
