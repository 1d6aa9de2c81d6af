"""A question to be written (blanks.py), put at the end of its chapter's file; a fork's own in ``course/``."""

import re
from dataclasses import dataclass
from pathlib import Path

from bookwidgets.bank import load as load_module
from bookwidgets.bank.blanks import blank
from bookwidgets.bank.course import scan
from bookwidgets.bank.faults import shown, unknown
from bookwidgets.bank.models import ID, LONGEST_ID
from bookwidgets.bank.own import FOLDER, OWN_QUIZZES
from bookwidgets.bank.schema import modeline
from bookwidgets.bank.types import QUESTIONS
from bookwidgets.bank.yaml_lines import parse_yaml


class RefusedError(Exception):
    """Why no question was added: a sentence that says what to do."""


@dataclass(frozen=True)
class Added:
    """The question that was added: its id, its file and the line where it begins."""

    id: str
    file: str
    line: int


def add_question(root: Path, kind: str, slug: str, given_id: str | None = None) -> Added:
    """Put a question to be written at the end of a chapter's file, and leave what stands there as it is.

    Raises ``RefusedError``.
    """
    course, own = scan(root)[0], (root / FOLDER).is_dir()
    chapters = course.chapters
    if kind not in QUESTIONS:
        raise RefusedError(f"{unknown('type', kind, QUESTIONS)} (types: {', '.join(QUESTIONS)})")
    if slug not in chapters:
        raise RefusedError(unknown("chapter", slug, chapters, f"in {course.toc}"))
    question_id = _new_id(root, kind, slug, given_id)
    file = f"{OWN_QUIZZES}/{slug}.yml" if own else f"quizzes/{slug}.yml"
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    content = path.read_bytes() if path.exists() else f"{modeline(own)}\n".encode()
    addition, line = _addition(content, blank(kind, question_id, chapters[slug]), file)
    with path.open("ab") as stream:
        stream.write(addition if path.stat().st_size else content + addition)
    return Added(question_id, file, line)


def _new_id(root: Path, kind: str, slug: str, given: str | None) -> str:
    bank = load_module.load_with_faults(root / "quizzes", root / OWN_QUIZZES)[0]
    if given is None:
        start = f"{slug}-{kind}"
        names = [start[:LONGEST_ID], *(f"{start[: LONGEST_ID - 5].rstrip('-')}-{n}" for n in range(2, 10_000))]
        return next(name for name in names if name not in bank.question_ids)
    if not re.fullmatch(ID, given) or len(given) > LONGEST_ID:
        advice = f"use lower-case words joined by hyphens, {LONGEST_ID} characters at most"
        raise RefusedError(f"the id {shown(given)} cannot be used: {advice}")
    if given in bank.question_ids:
        raise RefusedError(f"the id '{given}' is taken: ids are unique in the book, choose another")
    return given


def _addition(content: bytes, question: str, file: str) -> tuple[bytes, int]:
    """What to write after ``content``, and the line where the question then begins."""
    start = b"" if content.endswith((b"\n", b"\r")) or not content else b"\n"
    before = parse_yaml(content + start, file)
    if before.faults:
        raise RefusedError(f"mend {before.faults[0].file} first, it cannot be read: {before.faults[0]}")
    newline = "\r\n" if b"\r\n" in content else "\n"
    text = content.decode()
    found = re.search(r"^( *)-\s", text, flags=re.MULTILINE)
    indent = found[1] if found else ""
    lines = [indent + line for line in question.splitlines()]
    addition = start + newline.join(["", *lines, ""]).encode()
    after = parse_yaml(content + addition, file)
    kept = before.data if before.data is not None else []
    if after.faults or not isinstance(after.data, list) or after.data[:-1] != kept:
        raise RefusedError(f"{file} is no list with an entry '- id: ...' for each question: write it so first")
    return addition, after.lines[(len(after.data) - 1,)]
