"""What a fork has of its own: the folder ``course/``, which the book that it comes from never has.

Its table of contents takes the place of ours, its settings are laid over ours, and so are its questions, which load.py
reads.
So a fork that touches nothing else takes up what changes upstream without a conflict.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import yaml

from bookwidgets.bank.faults import Fault, unknown
from bookwidgets.bank.yaml_lines import Document, YamlPath, read_yaml

FOLDER = "course"
CONFIG = "_config.yml"
OWN_CONFIG = f"{FOLDER}/config.yml"
TOC = "_toc.yml"
OWN_TOC = f"{FOLDER}/toc.yml"
OWN_QUIZZES = f"{FOLDER}/quizzes"
MARKS = {  # what a fork may say of a question of ours, and what that means
    "drop": "takes the question with this id out of the book",
    "replaces": "that there has to be a question with this id to replace, so that a mistyped id is a fault",
}
BOOK_ID = ("sphinx", "config", "bookwidgets_book_id")


def toc_of(root: Path, given: Path | None = None, own: bool = True) -> Path:
    """The table of contents of the book at ``root``: the ``given`` one, else the fork's own, else ours."""
    if given:
        return root / given
    return root / (OWN_TOC if own and (root / OWN_TOC).is_file() else TOC)


def settings(root: Path, own: bool = True) -> tuple[dict[str, Any], list[Fault]]:
    """The settings of the book at ``root``, ``course/config.yml`` laid over ``_config.yml``, and what is wrong there.

    Raises ``yaml.YAMLError`` for a ``_config.yml`` that is no YAML.
    """
    path = root / CONFIG
    ours = (yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None) or {}
    if not own or not (root / OWN_CONFIG).is_file():
        return ours, []
    document = read_yaml(root / OWN_CONFIG, OWN_CONFIG)
    theirs = document.data if document.data is not None else {}
    if document.faults or not isinstance(theirs, dict):
        message = "is not a mapping: write 'title: ...' and the like, as in _config.yml"
        return ours, document.faults or [Fault(OWN_CONFIG, 1, "", message)]
    return merged(ours, theirs), list(_misnamed(ours, document))


def written(root: Path) -> str:
    """The settings that the book at ``root`` is built with, as the text of a file for Jupyter Book.

    They tell the Sphinx extension that ``course/`` counts.
    """
    marked = merged(settings(root)[0], {"sphinx": {"config": {"bookwidgets_course": True}}})
    return "# Made of _config.yml and course/config.yml by `bookwidgets build`.\n" + yaml.safe_dump(marked)


def merged(ours: Any, theirs: Any) -> Any:
    """``theirs`` laid over ``ours``: mappings key by key, everything else as a whole.

    >>> merged({"a": {"b": 1, "c": [2]}, "d": 3}, {"a": {"c": [4]}})
    {'a': {'b': 1, 'c': [4]}, 'd': 3}
    """
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return theirs
    return ours | {key: merged(ours.get(key), value) for key, value in theirs.items()}


def _misnamed(ours: dict[str, Any], document: Document) -> Iterator[Fault]:
    """Settings at the top that nobody reads, because they are almost, and not quite, named like one of ours."""
    for key in document.data:
        message = unknown("setting", str(key), ours, f"in {CONFIG}")
        if key not in ours and "did you mean" in message:
            yield Fault(OWN_CONFIG, document.lines.get((key,), 1), "", message)


def unfit(item: dict[str, Any], ours: Collection[str]) -> tuple[YamlPath, str] | None:
    """Why an entry of a fork's question file cannot do to a question of ``ours`` what it says: where, and what."""
    for mark in [mark for mark in MARKS if mark in item]:
        if item[mark] is not True:
            return (mark,), f"write '{mark}: true', or leave it out"
        if item.get("id") not in ours:
            return ("id",), unknown("question", str(item.get("id")), ours, "in quizzes/")
        if mark == "drop" and item.keys() - {"id", "drop"}:
            return ("drop",), "takes the question out: leave its other fields out too"
    return None


def advice(root: Path) -> Iterator[Fault]:
    """What a fork should not share with the book that it comes from."""
    if not (root / FOLDER).is_dir():
        return
    ours, theirs = settings(root, own=False)[0], settings(root)[0]
    if _at(ours, BOOK_ID) == _at(theirs, BOOK_ID):
        message = (
            f"{': '.join(BOOK_ID)}: is the name under which browsers keep answers to the original: choose one of your "
            "own, once"
        )
        yield Fault(OWN_CONFIG, 1, "", message)
    if _at(ours, ("repository", "url")) == _at(theirs, ("repository", "url")):
        message = "repository: url: leads to the original: name your own, for the buttons that open notebooks"
        yield Fault(OWN_CONFIG, 1, "", message)


def _at(config: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        config = config.get(key) if isinstance(config, dict) else None
    return config
