"""Questions on their way in: what could be read of each, and what could not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from bookwidgets.bank.faults import Fault, shown
from bookwidgets.bank.models import ID, LONGEST_ID
from bookwidgets.bank.schema import modeline
from bookwidgets.bank.starting import slug_of

Fields = dict[str, Any]


@dataclass
class Draft:
    """A question as far as its source says it: fields by their names in a file, None for what is to be written."""

    kind: str
    prompt: str
    body: Fields
    line: int  # in its source
    explanation: str | None = None
    name: str = ""  # what the source calls it; its id where it is fit for one
    concepts: list[str] = field(default_factory=list)
    level: str | None = None

    def fields(self, given_id: str) -> Fields:
        """In the order in which authors write them."""
        start = {"id": given_id, "type": self.kind, "concepts": self.concepts or None, "level": self.level}
        return {**start, "prompt": self.prompt or None, "hints": [None], **self.body,
                "explanation": self.explanation or None, "see": None}  # fmt: skip


class Report:
    """What was not understood: places in the source, each with what is to be done."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.remarks: list[Fault] = []

    def tell(self, line: int, where: str, message: str) -> None:
        remark = Fault(self.file, line, where, message)
        if remark not in self.remarks:
            self.remarks.append(remark)


def identified(drafts: Iterable[Draft], stem: str, report: Report) -> list[Fields]:
    """The fields of each draft, under an id of its own."""
    taken: set[str] = set()
    found = []
    start = slug_of(stem)[: LONGEST_ID - 5].rstrip("-") or "question"
    for n, draft in enumerate(drafts, 1):
        fit = re.fullmatch(ID, draft.name) and len(draft.name) <= LONGEST_ID and draft.name not in taken
        name = draft.name if fit else next(
            name for m in range(n, n + len(taken) + 1) if (name := f"{start}-{m}") not in taken
        )  # fmt: skip
        if draft.name and not fit:
            report.tell(draft.line, f"question {n}", f"is called {shown(draft.name)}, which is no id: it is '{name}'")
        taken.add(name)
        found.append(draft.fields(name))
    return found


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they stand, and nothing for what is to be written."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", ""))


def as_yaml(questions: list[Fields], own: bool) -> str:
    """A question file, perhaps of a fork's ``own``. What is empty in it, `bookwidgets check` will name."""
    entries = (
        yaml.dump([question], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000, indent=2)
        for question in questions
    )
    return f"{modeline(own)}\n" + "\n".join(entries)
