"""YAML with the line of every value, read by libyaml's safe loader."""

from pathlib import Path
from typing import Any

import yaml

from bookwidgets.bank.faults import BookError, Fault

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a PyYAML built without libyaml: the same answers, slower
    from yaml import SafeLoader  # type: ignore[assignment]

# The way from the top of the document to a value: list positions and mapping keys.
YamlPath = tuple[int | str, ...]


def read_yaml(path: Path, name: str) -> tuple[Any, dict[YamlPath, int]]:
    """The document in ``path`` and the line (from 1) of each of its values.

    ``name`` stands for the file in messages.
    Raises ``BookError`` with every fault of form: bytes that are no UTF-8, bad syntax, a key given twice, an alias.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BookError([Fault(name, line, "", "is not UTF-8: save the file as UTF-8")]) from None
    loader = None
    try:
        loader = SafeLoader(text)
        root = loader.get_single_node()
        reader = _Reader(loader, name)
        data = None if root is None else reader.value(root, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = " ".join(filter(None, [error.context, error.problem]))
        raise BookError([Fault(name, line, "", f"is not valid YAML: {what}; {_advice(what)}")]) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise BookError(
            [Fault(name, line, "", f"holds a character that YAML forbids: {error.reason}; remove it")]
        ) from None
    except RecursionError:
        raise BookError([Fault(name, 1, "", "is nested too deeply: a question needs four levels at most")]) from None
    finally:
        if loader is not None:
            loader.dispose()
    if reader.faults:
        raise BookError(reader.faults)
    return data, reader.lines


def _advice(problem: str) -> str:
    """What usually mends a syntax error: most come from an unquoted colon or a wrong indent."""
    if "mapping values are not allowed" in problem:
        return "put a text that contains ': ' into quotes, or start it with '|' on the line before"
    if "could not determine a constructor" in problem:
        return "remove the tag that starts with '!', or put the text into quotes"
    if "expected <block end>" in problem:
        return "check the indent of this line against the lines above it, and the quotes"
    return "check quotes, colons and indent at this line and the one above it"


class _Reader:
    """Turns nodes into values and notes where each one stood."""

    def __init__(self, loader: Any, name: str) -> None:
        self.loader = loader
        self.name = name
        self.lines: dict[YamlPath, int] = {}
        self.faults: list[Fault] = []
        self.seen: set[int] = set()

    def value(self, node: Any, path: YamlPath) -> Any:
        line = node.start_mark.line + 1
        self.lines[path] = line
        if id(node) in self.seen:
            self._fault(line, "uses an alias (*name): write the text out again")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, i)) for i, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        try:
            return self.loader.construct_object(node)
        except (ValueError, OverflowError) as error:  # e.g. 2024-13-45, which looks like a date
            self._fault(line, f"cannot be read as {node.tag.rpartition(':')[2]} ({error}): put it in quotes")
            return None

    def _mapping(self, node: Any, path: YamlPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault(line, "has a list or mapping as a key: a field's name is one word")
                continue
            key = key_node.value
            if key in result:
                self._fault(line, f"has the field '{key}' twice: keep one")
            result[key] = self.value(child, (*path, key))
        return result

    def _fault(self, line: int, message: str) -> None:
        self.faults.append(Fault(self.name, line, "", message))
