"""What the markup of all questions is written with."""

import hashlib
import html
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bookwidgets.bank import text as text_module
from bookwidgets.bank.models import Misconception, Remark
from bookwidgets.bank.text import Formula, ImageAddress, as_mathml

Part = TypeVar("Part")


@dataclass(frozen=True)
class Body:
    """The parts of a question's markup that are its type's own."""

    task: str
    answer: str
    flags: str = ""  # attributes of the element
    scenario: str = ""


@dataclass(frozen=True)
class Pen:
    """Writes texts of the bank and words of the widgets as markup."""

    ideas: Mapping[str, Misconception]
    words: Mapping[str, str]
    image: ImageAddress | None
    formula: Formula = as_mathml
    section: Callable[[str], str] = lambda see: ""  # what stands for a link to a section such as "chapter#label"

    def say(self, key: str, **values: object) -> str:
        return html.escape(self.words[key].format(**values))

    def blocks(self, text: str) -> str:
        return text_module.blocks(text, self.image, self.formula)

    def line(self, text: str) -> str:
        return text_module.line(text, self.image, self.formula)

    def gapped(self, text: str, gaps: list[str]) -> str:
        return text_module.gapped(text, self.image, gaps, self.formula)

    def number(self, value: float) -> str:
        """As it is written in the language of the book."""
        return number(value).replace(".", self.words["decimal"])

    def task(self, key: str) -> str:
        return f'<p class="bw-task">{self.say(key)}</p>'

    def idea(self, name: str | None) -> str:
        """The misconception behind an answer, as someone who holds it would say it, and the section that meets it."""
        idea = self.ideas.get(name or "")
        if idea is None:
            return ""
        said = f"{self.say('misconception')} <q>{self.line(idea.says)}</q>"
        return f'<span data-idea="{name}">{said}{self.section(idea.see)}</span>'

    def remark(self, remark: Remark) -> str:
        """Feedback, and what is only for someone who got this part wrong."""
        wrong = self.line(remark.wrong) if remark.wrong else ""
        wrong += self.idea(remark.misconception)
        return self.line(remark.feedback) + (f' <span class="bw-if-wrong">{wrong}</span>' if wrong else "")


def json_attribute(value: object) -> str:
    """``value`` as an attribute, in the quotes that JSON leaves free."""
    text = html.escape(json.dumps(value, ensure_ascii=False, separators=(",", ":")), quote=False)
    return "'" + text.replace("'", "&#x27;") + "'"


def html_list(name: str, entries: Iterable[str], kind: str = "ol", attributes: str = "") -> str:
    """A list, or nothing where there is none."""
    inside = "".join(entries)
    return f'<{kind} class="{name}"{attributes}>{inside}</{kind}>' if inside else ""


def shuffled(parts: Iterable[Part], seed: str, text: Callable[[Part], str], salt: str = "") -> list[Part]:
    """``parts`` in an order that says nothing about the answer, the same on every build.

    An author often writes the right option first.
    """
    return sorted(parts, key=lambda part: hashlib.sha256(f"{seed}/{text(part)}{salt}".encode()).digest())


def number(value: float) -> str:
    """A number as authors write it and JavaScript reads it.

    >>> number(2.0), number(-0.25), number(1e-7)
    ('2', '-0.25', '1e-07')
    """
    return repr(value).removesuffix(".0")
