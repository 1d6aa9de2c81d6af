"""A book whose parts do not fit: every fault, with the place where it is mended."""

import json
from pathlib import Path

import pytest
from broken import edit, faults
from examples import EXAMPLES, replaced, texts

from bookwidgets.bank.check import check
from bookwidgets.bank.faults import BookError


def line_of(path: Path, text: str) -> int:
    """The line (from 1) of the first place of ``text``."""
    return path.read_text(encoding="utf-8").split(text)[0].count("\n") + 1


@pytest.fixture
def one(book: Path) -> Path:
    return book / "chapters/one.md"


@pytest.fixture
def bank(book: Path) -> Path:
    return book / "quizzes/one.yml"


def test_good_books(book, small_book):
    for root in [book, small_book]:
        found = check(root)
        assert list(found.bank.questions)[:2] == ["q-one", "q-two"]
        assert list(found.course.concepts)[:2] == ["alpha", "beta"]


IN_BANK = {
    ("concepts: [alpha]", "concepts: [alpha, alpa]"): [
        "3: question 'q-one': concepts[2]: there is no concept 'alpa': did you mean 'alpha'?"],
    ("concepts: [alpha]", "concepts: [alpa]"): [
        "3: question 'q-one': concepts[1]: there is no concept 'alpa': did you mean 'alpha'?"],
    ("one#sec-one", "one#sec-won"): [
        "16: question 'q-one': see: there is no label 'sec-won' in chapters/one.md: did you mean 'sec-one'?"],
    ("one#sec-one", "onee#sec-one"): [
        "16: question 'q-one': see: there is no chapter 'onee' in _toc.yml: did you mean 'one'?"],
    ("one#sec-one", "zzz#sec-one"): [
        "16: question 'q-one': see: there is no chapter 'zzz' in _toc.yml: mend the name"],
    ("      feedback: No, not three.", "      feedback: No, not three.\n      misconception: adds"): [
        "15: question 'q-one': options[3].misconception: there is no misconception 'adds' in "
        "quizzes/misconceptions.yml: mend the name"],
    ("What is it?", r"What is $\foo^2$?"): [
        r"5: question 'q-one': prompt: the formula $\foo^2$ contains '\\foo', which is not understood: check its name"],
    ("Three.", "'- It is 6.'"): [
        "13: question 'q-one': options[3].text: must be one paragraph without lists, tables or code blocks: shorten it "
        "or use `code`"],
    ("Think.", "'![A map](images/map.svg)'"): [
        "6: question 'q-one': hints[1]: the image quizzes/images/map.svg does not exist: add it or mend the name"],
    ("No, not three.", "'[No](javascript:1), ![](x.png)'"): [
        "14: question 'q-one': options[3].feedback: links to 'javascript:1': only http and https addresses; sections "
        "go into 'see'",
        "14: question 'q-one': options[3].feedback: the image 'x.png' has no alt text: write ![what it shows](x.png)",
        "14: question 'q-one': options[3].feedback: the image 'x.png' is not a file of quizzes/images/: write "
        "images/name.svg (or png, jpg, webp)"],
}  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), IN_BANK.items())
def test_questions_that_do_not_fit(book, bank, change, expected):
    edit(bank, *change)
    assert faults(book) == [f"quizzes/one.yml:{line}" for line in expected]


def test_a_faulty_question_is_told_once_and_its_quiz_cell_is_not_blamed(book, bank):
    edit(bank, "level: apply", "level: aply")
    (fault,) = faults(book)
    assert fault.startswith("quizzes/one.yml:4: question 'q-one': level: is 'aply'")


@pytest.mark.parametrize("content", [b"a: b: c", b"\xff", b""])
def test_an_unreadable_file_is_told_once(book, bank, content):
    bank.write_bytes(content)
    assert len(faults(book)) == 1


def test_images_that_exist(book, bank):
    edit(bank, "Think.", "'![A map](images/map.svg)'")
    (book / "quizzes/images").mkdir()
    (book / "quizzes/images/map.svg").write_text("<svg/>")
    assert faults(book) == []


def test_misconceptions(book, bank):
    path = book / "quizzes/misconceptions.yml"
    path.write_text(
        "adds:\n  says: A square is $x + x$.\n  see: one#sec-one\n"
        "odd:\n  says: See [this](x), or $\\foo$.\n  see: one#sec-won\n"
        "lost:\n  says: So.\n  see: gone#sec\n"
    )
    edit(bank, "      feedback: No, not three.", "      feedback: No, not three.\n      misconception: ads")
    assert faults(book) == [
        "quizzes/misconceptions.yml:5: misconception 'odd': says: links to 'x': only http and https addresses; "
        "sections go into 'see'",
        "quizzes/misconceptions.yml:5: misconception 'odd': says: the formula $\\foo$ contains '\\\\foo', which is not "
        "understood: check its name",
        "quizzes/misconceptions.yml:6: misconception 'odd': see: there is no label 'sec-won' in chapters/one.md: did "
        "you mean 'sec-one'?",
        "quizzes/misconceptions.yml:9: misconception 'lost': see: there is no chapter 'gone' in _toc.yml: did you mean "
        "'one'?",
        "quizzes/one.yml:15: question 'q-one': options[3].misconception: there is no misconception 'ads' in "
        "quizzes/misconceptions.yml: did you mean 'adds'?",
    ]  # fmt: skip
    path.write_text("adds: {says: So., see: one#sec-one}\n")
    edit(bank, "misconception: ads", "misconception: adds")
    assert faults(book) == []
    path.write_text("adds: {says: 3, see: one#sec-one}\n")  # named, though faulty: the option is not to blame
    assert len(faults(book)) == 1
    path.write_text("adds: b: c\n")
    assert len(faults(book)) == 1


def test_quiz_cells(book, one):
    edit(one, 'quiz("q-one")', 'x = 1\nquiz("q-one", "q-oen")\nquiz("two")\nquiz("tow")')
    index = book / "index.md"
    edit(index, "{quiz} q-one", "{quiz} q-one q-tow")
    here = line_of(one, 'quiz("q-one"')
    assert faults(book) == [
        f"chapters/one.md:{here}: quiz cell: there is no question 'q-oen': did you mean 'q-one'?",
        f"chapters/one.md:{here + 2}: quiz cell: there is no question 'tow': did you mean 'q-two'?",
        f"index.md:{line_of(index, '{quiz}')}: quiz cell: there is no question 'q-tow': did you mean 'q-two'?",
    ]


def test_a_bank_file_without_chapter(book, bank):
    bank.rename(bank.with_name("three.yml"))
    assert faults(book) == [
        "quizzes/three.yml:1: belongs to no chapter: there is no chapters/three.md; rename the file or add the chapter"
    ]


def test_a_chapter_left_out_takes_its_questions_and_misconceptions_with_it(book, one):
    (book / "quizzes/misconceptions.yml").write_text("adds: {says: So., see: two#sec-two}\n")
    edit(book / "_toc.yml", "  - file: chapters/two\n", "")
    edit(book / "quizzes/two.yml", "two#sec-two", "two#gone")
    one.write_text(one.read_text(encoding="utf-8") + concept("gamma", ":after: alpha"))
    assert faults(book) == []


def concept(identifier: str, *options: str, text: str = "It is.") -> str:
    return "\n".join([f"```{{concept}} {identifier}", *options, text, "```", ""])


CONCEPTS = {
    "alone": (concept("gamma"), ["0: concept 'gamma': stands alone: give it :after: or :related:"]),
    "unknown neighbours": (
        concept("gamma", ":title: G", ":related: alhpa", ":after: alpha, btea"),
        ["2: concept 'gamma': related: there is no concept 'alhpa': did you mean 'alpha'?",
         "3: concept 'gamma': after: there is no concept 'btea': did you mean 'beta'?"]),
    "twice": (concept("alpha", ":related: beta"),
              ["0: concept 'alpha': is already defined at chapters/one.md:{alpha}: keep one definition and link to "
               "it"]),
    "no definition": (concept("gamma", ":after: alpha", text=""),
                      ["0: concept 'gamma': has no definition: write one to three sentences"]),
    "no id": (concept("", ":after: alpha"),
              ["0: concept '': needs an id of lower-case words joined by hyphens: write {{concept}} some-id"]),
    "odd id": (concept("Gamma ray", ":after: alpha"),
               ["0: concept 'Gamma ray': needs an id of lower-case words joined by hyphens: write {{concept}} "
                "some-id"]),
    "a circle": (concept("gamma", ":after: delta") + concept("delta", ":title: D", ":after: epsilon")
                 + concept("epsilon", ":after: gamma"),
                 ["1: concept 'gamma': after: closes a circle: gamma -> epsilon -> delta -> gamma; drop one of these"]),
    "after itself": (concept("gamma", ":after: gamma"),
                     ["1: concept 'gamma': after: closes a circle: gamma -> gamma; drop one of these"]),
    "a title for an id": (
        "A {concept}`Alpha first`.\n",
        ["0: text: there is no concept 'Alpha first': did you mean 'alpha'?"],
    ),
    "a mention": ("Words.\nA {concept}`alhpa` and {concept}`other <alpha>`.\n",
                  ["1: text: there is no concept 'alhpa': did you mean 'alpha'?"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CONCEPTS.values(), ids=CONCEPTS)
def test_concepts(book, one, text, expected):
    start = one.read_text(encoding="utf-8").count("\n") + 2
    alpha = line_of(one, "```{concept} alpha")
    one.write_text(one.read_text(encoding="utf-8") + "\n" + text)
    wanted = []
    for fault in expected:
        offset, _, rest = fault.format(alpha=alpha).partition(": ")
        wanted.append(f"chapters/one.md:{start + int(offset)}: {rest}")
    assert faults(book) == wanted


def test_everything_in_one_list_sorted_by_file_and_line(book, one, bank):
    edit(bank, "level: apply", "level: aply")
    edit(bank, "one#sec-one", "one")
    edit(one, 'quiz("q-one")', 'quiz("q-onee")')
    edit(book / "_toc.yml", "  - file: chapters/two", "  - file: chapters/two\n  - file: chapters/gone")
    edit(book / "quizzes/two.yml", "alpha", "alpah")
    edit(book / "quizzes/two.yml", "What is it?", "$\\foo$")
    with pytest.raises(BookError) as caught:
        check(book)
    places = [line.split(": ")[0] for line in str(caught.value).splitlines()]
    cell = line_of(one, 'quiz("q-onee")')
    assert places == ["_toc.yml:6", f"chapters/one.md:{cell}", "quizzes/one.yml:4", "quizzes/one.yml:16",
                      "quizzes/two.yml:3", "quizzes/two.yml:5"]  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind, text in EXAMPLES.items() if "an-idea" in text])
def test_an_unknown_misconception_is_found_wherever_it_stands(book, bank, kind):
    bank.write_text(EXAMPLES[kind])
    field = {"multi": "options[3]", "match": "pairs[1]", "categorize": "items[1]", "order": "distractors[1]",
             "numeric": "ranges[1]", "text": "known[1]", "cloze": "gaps[1]", "tokens": "feedback[1]",
             "spot": "lines[1]"}[kind]  # fmt: skip
    assert faults(book) == [
        f"quizzes/one.yml:{line_of(bank, 'misconception: an-idea')}: question 'q-one': {field}.misconception: there is "
        "no misconception 'an-idea' in quizzes/misconceptions.yml: mend the name"
    ]
    (book / "quizzes/misconceptions.yml").write_text("an-idea: {says: It is so., see: one#sec-one}\n")
    assert faults(book) == []


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind in EXAMPLES for text in texts(kind)])
def test_a_formula_that_is_not_understood_is_found_in_every_text(book, bank, kind, text):
    """Where no formula can stand, that is what is said."""
    edited = replaced(kind, {text: r"See $\foo^2$."})
    (book / "quizzes/misconceptions.yml").write_text("an-idea: {says: It is so., see: one#sec-one}\n")
    bank.write_text(json.dumps([edited]))
    found = faults(book)
    if kind == "tokens" and text.startswith("a b"):
        assert found == []  # tokens may be anything
    elif kind == "text" and text in {"reference policy", "the reference", "reward model", "a reward", "policy"}:
        assert found == []  # and so may answers that are typed
    elif kind == "cloze" and text in {"mask", "a mask"}:
        assert found == []
    else:
        assert len(found) == len({fault.split(": ")[2] for fault in found}) >= 1
        assert all("foo" in fault or "is not one of" in fault for fault in found)


def test_gaps_where_they_cannot_be_filled(book, bank):
    bank.write_text(EXAMPLES["cloze"].replace("text: The {{1}} has a {{2}}.", "text: '`{{1}}` and $x^{{2}}$.'"))
    (book / "quizzes/misconceptions.yml").write_text("an-idea: {says: It is so., see: one#sec-one}\n")
    advice = "stands in a formula, code or link: put the gap between such pieces"
    assert faults(book) == [f"quizzes/one.yml:7: question 'q-one': text: {{{{{n}}}}} {advice}" for n in [1, 2]]
