"""YAML with the line of every value, read event by event from libyaml's safe loader.

Only what a question needs is read: mappings, lists, texts, numbers and true or false.
Aliases, tags and second documents are faults.
Composing is not left to the loader: its own recursion ends the process on a file of brackets.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bookwidgets.bank.faults import Fault

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a PyYAML built without libyaml: the same answers, slower
    from yaml import SafeLoader  # type: ignore[assignment]

# The way from the top of the document to a value: list positions and mapping keys.
YamlPath = tuple[int | str, ...]


DEEPEST = 20  # levels; a question needs five, a table of contents not many more
FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
STRING_TAG = "tag:yaml.org,2002:str"


def dotted(path: YamlPath) -> str:
    """``("options", 1, "feedback")`` as a reader counts: ``options[2].feedback``."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@dataclass
class Document:
    """What a file says, the line (from 1) of each of its values, and what is wrong with its form.

    ``data`` is None when nothing could be read.
    The line of a field is that of its name; the line of a list entry is where the entry begins.
    """

    data: Any = None
    lines: dict[YamlPath, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_yaml(path: Path, name: str) -> Document:
    """Read ``path``, which messages call ``name``, as far as it can be read."""
    return parse_yaml(path.read_bytes(), name)


def parse_yaml(content: bytes, name: str) -> Document:
    """Read the ``content`` of a file, which messages call ``name``."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Document(faults=[Fault(name, line, "", "is not UTF-8: save the file as UTF-8")])
    forbidden = FORBIDDEN.search(text)
    if forbidden:
        line = text.count("\n", 0, forbidden.start()) + 1
        message = f"holds the character U+{ord(forbidden.group()):04X}, which YAML forbids: remove it"
        return Document(faults=[Fault(name, line, "", message)])
    reader = _Reader(SafeLoader(text), name)
    try:
        return reader.document()
    except yaml.MarkedYAMLError as error:
        message, line = _explain(error)
        return Document(faults=[*reader.faults, Fault(name, line, "", message)])
    finally:
        reader.loader.dispose()


def _explain(error: yaml.MarkedYAMLError) -> tuple[str, int]:
    """A syntax error as a sentence with advice, and the line where an author should look."""
    what = " ".join(filter(None, [error.context, error.problem]))
    mark = error.problem_mark or error.context_mark
    advice = "check quotes, colons and indent at this line and the one above it"
    if "unexpected end of stream" in what:
        mark = error.context_mark or mark  # where the quotes open, not where the file ends
        advice = "close the quotes that open here"
    elif "mapping values are not allowed" in what:
        advice = "put a text that contains ': ' into quotes, or start it with '|' on the line before"
    elif "cannot start any token" in what:
        advice = "put a text that begins with a special character into quotes, and indent with spaces, not tabs"
    elif "nested" in what:
        advice = "check for brackets that were not closed"
    elif "did not find expected" in what:
        advice = "check the indent of this line against the lines above it, and the quotes"
    return f"is not valid YAML: {what}; {advice}", mark.line + 1 if mark else 1


class _Reader:
    """Turns the events of one file into values and notes where each one stood."""

    def __init__(self, loader: Any, name: str) -> None:
        self.loader = loader
        self.name = name
        self.lines: dict[YamlPath, int] = {}
        self.faults: list[Fault] = []

    def document(self) -> Document:
        self.loader.get_event()  # the stream begins
        if self.loader.check_event(yaml.StreamEndEvent):
            return Document()
        self.loader.get_event()  # the document begins
        data = self._value(())
        self.loader.get_event()  # the document ends
        if not self.loader.check_event(yaml.StreamEndEvent):
            self._fault(self.loader.peek_event(), "begins a second document: remove the line '---'")
        return Document(data, self.lines, self.faults)

    def _value(self, path: YamlPath) -> Any:
        event = self.loader.get_event()
        self.lines.setdefault(path, event.start_mark.line + 1)
        if len(path) > DEEPEST:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            self._fault(event, f"uses the alias *{event.anchor}: write its value out again")
            return None
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._fault(event, f"has the tag {tag}: remove it, or put the text into quotes")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        return self._scalar(event)

    def _list(self, path: YamlPath) -> list[Any]:
        result: list[Any] = []
        while not self.loader.check_event(yaml.SequenceEndEvent):
            result.append(self._value((*path, len(result))))
        self.loader.get_event()
        return result

    def _mapping(self, path: YamlPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not self.loader.check_event(yaml.MappingEndEvent):
            key = self._key(path)
            if key in result:
                self._value((*path, key))  # the first one counts
            else:
                result[key] = self._value((*path, key))
        self.loader.get_event()
        return result

    def _key(self, path: YamlPath) -> str:
        event = self.loader.peek_event()
        if not isinstance(event, yaml.ScalarEvent):
            self._fault(event, "has a list, a mapping or an alias as a field's name: a name is one word")
            return str(self._value((*path, "?")))
        self.loader.get_event()
        if (*path, event.value) in self.lines:
            first = self.lines[*path, event.value]
            self._fault(event, f"has the field '{event.value}' a second time (first in line {first}): keep one")
        self.lines.setdefault((*path, event.value), event.start_mark.line + 1)
        return event.value

    def _scalar(self, event: Any) -> Any:
        plain = event.implicit[0] and event.tag is None
        tag = self.loader.resolve(yaml.ScalarNode, event.value, event.implicit) if plain else STRING_TAG
        if tag == STRING_TAG:
            return event.value
        try:
            return self.loader.construct_object(yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark))
        except (ValueError, OverflowError, yaml.YAMLError) as error:  # e.g. 2024-13-45, which looks like a date
            kind = tag.rpartition(":")[2]
            self._fault(event, f"has {event.value}, which cannot be read as a {kind} ({error}): put it in quotes")
            return event.value

    def _fault(self, event: Any, message: str) -> None:
        self.faults.append(Fault(self.name, event.start_mark.line + 1, "", message))
