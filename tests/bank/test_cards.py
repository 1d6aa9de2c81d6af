"""Concepts as flashcards: what becomes of a definition's Markdown, and which definitions cannot stand alone."""

from pathlib import Path

import pytest
from broken import edit, faults

from bookwidgets.bank.cards import CardError, concept_card, definition_text
from bookwidgets.bank.check import check
from bookwidgets.bank.course import scan
from bookwidgets.bank.load import Bank
from bookwidgets.bank.page import Concept
from bookwidgets.bank.render import question_html
from bookwidgets.bank.strings import strings
from bookwidgets.bank.text import blocks, plain

ROOT = Path(__file__).parents[2]


def concept(definition: str, title: str = "Loss mask", name: str = "loss-mask") -> Concept:
    return Concept(name, title, (), (), (), definition, "chapters/one.md", 3)


KNOWN = {c.id: c for c in [concept("It."), concept("It.", "KL divergence", "kl"), concept("It.", "A_b <i>", "odd")]}


def shown(definition: str) -> str:
    return blocks(definition_text(definition, KNOWN))


@pytest.mark.parametrize(
    ("title", "front"),
    [
        ("Loss mask", "What is meant by <em>loss mask</em>?"),
        ("KL divergence", "What is meant by <em>KL divergence</em>?"),
        ("Goodhart's law", "What is meant by <em>Goodhart's law</em>?"),
        ("Helpful, honest, harmless", "What is meant by <em>helpful, honest, harmless</em>?"),
        ("f*, [x], $5 & <b>", "What is meant by <em>f*, [x], $5 &amp; &lt;b&gt;</em>?"),
    ],
)
def test_front(title: str, front: str) -> None:
    card = concept_card(concept("It.", title), KNOWN, strings())
    assert blocks(card.prompt) == f"<p>{front}</p>"
    assert (card.id, card.type, card.concepts, card.back) == ("concept:loss-mask", "flashcard", ["loss-mask"], "It.")


def test_front_in_the_language_of_the_book() -> None:
    assert concept_card(concept("It."), KNOWN, strings("de")).prompt.startswith("Was versteht man unter")


@pytest.mark.parametrize(
    ("definition", "text"),
    [
        ("Like {concept}`loss-mask`.", "Like loss mask."),
        (
            "By {concept}`kl`, {concept}`how far <kl>` and {concept}`odd`.",
            "By KL divergence, how far and a_b &lt;i&gt;.",
        ),
        ("Over\n{concept}`two\nlines <kl>`.", "Over\ntwo\nlines."),
        ("It does {cite}`ouyang2022` so {cite:p}`one,two`.", "It does so."),
        ("As in {ref}`the section <sec>` and {doc}`that <page>`.", "As in the section and that."),
        ("See [the note](#note), [a page](other.md#x).", "See the note, a page."),
        ("Quoted: `` {ref}`x` `` and `{eq}`.", "Quoted: <code>{ref}`x`</code> and <code>{eq}</code>."),
        ("It costs $5 & *more*.", "It costs $5 &amp; <em>more</em>."),
        ("An <img src=x onerror=alert(1)>.", "An &lt;img src=x onerror=alert(1)&gt;."),
    ],
)
def test_what_stays_is_words(definition: str, text: str) -> None:
    assert shown(definition) == f"<p>{text}</p>"


def test_links_to_the_web_stay_links() -> None:
    assert shown("See [it](https://example.org).") == '<p>See <a href="https://example.org">it</a>.</p>'


def test_formulas_stay() -> None:
    role, dollars = shown("Then {math}`x^2`."), shown("Then $x^2$.")
    assert role == dollars
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in role
    labelled = shown("It is\n\n$$\nx\n$$ (eq-x)\n\nand no more.")
    assert labelled.count("<math") == 1
    assert "eq-x" not in labelled


@pytest.mark.parametrize(
    ("definition", "found"),
    [
        ("By {numref}`fig`.", [(0, "has {numref}, which a card cannot show: say it in words")]),
        ("One.\nBy {eq}`x` {glue:text}`n`.", [(1, "has {eq}"), (1, "has {glue:text}")]),
        ("One.\nTwo.\nIn {ref}`sec`.", [(2, "has {ref}`sec`, and a card stands alone: write {ref}`words <sec>`")]),
        ("By {cite:t}`a`.", [(0, "has {cite:t}")]),
        ("One.[^1]\n\n[^1]: Two.", [(0, "has a footnote"), (2, "has a footnote")]),
        ("One.\n```{note}\nTwo.\n```", [(1, "holds a directive")]),
        ("One.\n\n:::{note}\nTwo.\n:::", [(2, "holds a directive")]),
        ("One, as above.", [(0, "refers to what stands around it")]),
        ("Eins, wie oben.\nSiehe unten.", [(0, "refers to what"), (1, "refers to what")]),
        ("One [](#two).", [(0, "has a link without words")]),
    ],
)
def test_what_cannot_stand_alone(definition: str, found: list[tuple[int, str]]) -> None:
    with pytest.raises(CardError) as error:
        definition_text(definition, KNOWN)
    assert len(error.value.found) == len(found)
    for (line, message), (expected_line, beginning) in zip(error.value.found, found, strict=True):
        assert line == expected_line
        assert message.startswith(beginning)


DEFINITION = "\n\nThe first,\nwith $x$."


def test_faults_have_file_and_line(book: Path) -> None:
    """Line 6 of the chapter begins the directive; the definition begins in line 9."""
    path = book / "chapters/one.md"
    edit(path, "\nThe first.", DEFINITION)
    assert faults(book) == []
    edit(path, "with $x$", "with {numref}`fig-x`")
    name = "chapters/one.md:{}: concept 'alpha': definition: "
    assert faults(book) == [name.format(10) + "has {numref}, which a card cannot show: say it in words"]
    edit(path, "with {numref}`fig-x`", r"with $\unknown$")
    [fault] = faults(book)
    assert fault.startswith(name.format(9) + r"the formula $\unknown$ contains")
    edit(path, r"with $\unknown$", "with ![](images/x.png)")
    assert any(fault.startswith(name.format(9) + "the image") for fault in faults(book))
    edit(path, "with ![](images/x.png)", "with \u202e a mark")
    [fault] = faults(book)
    assert "U+202E" in fault


def test_a_concept_with_other_faults_is_not_blamed_twice(book: Path) -> None:
    edit(book / "chapters/one.md", "The first.\n", "")
    assert [fault for fault in faults(book) if "definition" in fault] == [
        "chapters/one.md:6: concept 'alpha': has no definition: write one to three sentences"
    ]


def test_fingerprint_follows_the_card_and_not_its_place(book: Path) -> None:
    def fingerprint() -> str:
        concepts = scan(book)[0].concepts
        return concept_card(concepts["alpha"], concepts, strings()).fingerprint

    path, before = book / "chapters/one.md", fingerprint()
    edit(path, "# Chapter one\n", "# Chapter one\n\nMore text.\n")
    edit(path, ":title: Alpha\n", ":title: Alpha\n:tags: new\n")
    assert fingerprint() == before
    edit(path, "The first.", "The very first.")
    after = fingerprint()
    edit(path, ":title: Alpha", ":title: Aleph")
    assert len({before, after, fingerprint()}) == 3


def test_every_concept_of_the_book_makes_a_card() -> None:
    concepts = check(ROOT, own=False).course.concepts
    assert len(concepts) >= 18
    for one in concepts.values():
        card = concept_card(one, concepts, strings())
        before, after = question_html(card, Bank(), strings())
        assert f'data-type="flashcard" data-id="concept:{one.id}"' in before
        assert 'class="bw-back"' in before
        assert after.endswith("</book-question>")
        words = plain(" ".join(card.back.split()))
        assert "{" not in words.replace("{1", "")
        assert "`" not in words
