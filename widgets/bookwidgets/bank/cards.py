"""A flashcard for every concept: its title asks, and its definition answers.

A definition is written for a page: it may link to other concepts, cite and refer. On a card it stands alone, so links
become words, citations go, and what only makes sense on its page is a fault of the book. Formulas stay.

Where a chapter's own flashcard is about the same concept, both are kept: this one asks what the notion means, and an
author writes another to ask for something else. The review page does not bring both in as new on one day.
"""

import re
from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from bookwidgets.bank.faults import Fault
from bookwidgets.bank.models import ID
from bookwidgets.bank.page import Concept
from bookwidgets.bank.strings import strings
from bookwidgets.bank.text import TextError, blocks, escaped, running
from bookwidgets.bank.types import Flashcard

# A code span or, with a name in front, a role; or a link to a place in the book.
INLINE = re.compile(
    r"(?:\{(?P<role>[\w:+.-]+)\})?(?P<ticks>`+)(?P<text>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?<!!)\[(?P<link>[^\[\]]*)\]\((?!https?:)[^()\s]+\)",
    re.DOTALL,
)
WORDS = re.compile(r"(.+?)\s*<[^<>]+>", re.DOTALL)  # "words <target>"
GONE = re.compile(r"\s*\0")  # where a citation stood
LABEL = re.compile(r"(\$\$)[ \t]*\([\w:-]+\)")  # of a formula: nothing on a card refers to it
ALONE = {
    re.compile(r"^[ \t]*(?:`{3,}|:{3,}|~{3,})\s*\{", re.MULTILINE): "holds a directive",
    re.compile(r"\[\^[^\]]+\]"): "has a footnote",
    re.compile(r"\b(?:as|see|seen|shown) (?:above|below)\b"): "refers to what stands around it",
    re.compile(r"\b(?:[Ww]ie|[Ss]iehe) (?:oben|unten)\b"): "refers to what stands around it",
}


class ConceptCard(Flashcard):
    """What a concept's definition makes. It has no section to read again but the definition itself."""

    id: str
    see: str = ""
    explanation: str = ""


class CardError(ValueError):
    """What keeps a definition from being a card: for each thing to mend its line in the definition, and a message."""

    def __init__(self, found: list[tuple[int, str]]) -> None:
        self.found = found
        super().__init__("; ".join(message for _, message in found))


def concept_card(concept: Concept, concepts: Mapping[str, Concept], words: Mapping[str, str]) -> ConceptCard:
    """The card of a concept, in the words of a book's language. Raises ``CardError``.

    A concept "Loss mask" asks "What is meant by *loss mask*?"; ``concepts`` gives linked concepts their titles.
    """
    front = words["card_front"].format(title=escaped(running(concept.title)))
    back = definition_text(concept.definition, concepts)
    try:
        blocks(front)
        blocks(back)
        return ConceptCard(
            id=f"concept:{concept.id}",
            type="flashcard",
            concepts=[concept.id],
            level="remember",
            prompt=front,
            back=back,
        )
    except TextError as error:
        raise CardError([(0, message) for message in error.messages]) from None
    except ValidationError as error:
        raise CardError([(0, detail["msg"]) for detail in error.errors()]) from None


def card_faults(concepts: Mapping[str, Concept], known: Mapping[str, Concept]) -> Iterator[Fault]:
    """What keeps the definitions of ``concepts`` from being cards, whatever the book's language.

    ``known`` are all that they may name.
    """
    for concept in concepts.values():
        if not concept.definition or not re.fullmatch(ID, concept.id):
            continue  # a fault already
        try:
            concept_card(concept, known, strings())
        except CardError as error:
            for line, message in error.found:
                where = f"concept '{concept.id}': definition"
                yield Fault(concept.file, concept.definition_line + line, where, message)


def definition_text(definition: str, concepts: Mapping[str, Concept]) -> str:
    """A definition without what belongs to its page, as Markdown of the bank. Raises ``CardError``."""
    found: list[tuple[int, str]] = []

    def line_of(match: re.Match[str]) -> int:
        return definition.count("\n", 0, match.start())

    def replaced(match: re.Match[str]) -> str:
        if match["role"] is None and match["link"] is None:
            return match[0]
        try:
            return _plain(match["role"], match["text"], match["link"], concepts)
        except ValueError as error:
            found.append((line_of(match), str(error)))
            return ""

    for pattern, what in ALONE.items():
        message = f"{what}, and a card stands alone: say it in words"
        found += [(line_of(match), message) for match in pattern.finditer(definition)]
    text = INLINE.sub(replaced, definition)
    if found:
        raise CardError(sorted(found))
    return LABEL.sub(r"\1", GONE.sub("", text))


def _plain(role: str | None, text: str, link: str | None, concepts: Mapping[str, Concept]) -> str:
    """What a role or a link shows on a card. Raises ``ValueError`` with what to do about one that shows nothing."""
    if role is None:
        if not link:
            raise ValueError("has a link without words, and a card stands alone: write [words](...)")
        return link
    if role in {"cite", "cite:p"}:
        return "\0"
    if role == "math":
        return f"${text.strip()}$"
    words = WORDS.fullmatch(text.strip())
    if role in {"concept", "ref", "doc", "term"} and words:
        return escaped(words[1])
    if role == "concept":
        return escaped(running(concepts[text].title) if text in concepts else text)
    if role in {"ref", "doc", "term"}:
        raise ValueError(f"has {{{role}}}`{text}`, and a card stands alone: write {{{role}}}`words <{text}>`")
    raise ValueError(f"has {{{role}}}, which a card cannot show: say it in words")
