"""CSV: a line for each question, with its texts as plain text, for a spreadsheet or a script."""

import csv
import html
import re
from collections.abc import Iterator
from pathlib import Path

from bookwidgets.export.outgoing import Edition
from bookwidgets.export.shapes import Card, Essay, Exported, Gaps, Number, Pairs, Pick, Words

COLUMNS = ["id", "chapter", "type", "level", "concepts", "prompt", "parts", "right", "feedback", "hints", "explanation"]
TAG = re.compile(r"<[^>]*>")
BREAK = re.compile(r"<(?:/p|/li|br ?/?|/tr|/pre)>")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def address(path: Path) -> str:
    return path.name


def losses(one: Exported) -> Iterator[tuple[str, str]]:
    """What plain text cannot show."""
    if one.images:
        yield "images", "left out: the cell has the description alone"
    yield "paragraphs, lists and emphasis", "plain text; formulas are TeX"


def write(path: Path, questions: list[Exported], book: Edition) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([_inert(cell) for cell in _row(one)] for one in questions)


def _row(one: Exported) -> list[str]:
    question = one.question
    parts, right, feedback = _body(one)
    prompt = one.prompt + (one.shape.numbered("[{n}]") if isinstance(one.shape, Gaps) else "")
    hints = "\n".join(map(plain, one.hints))
    concepts = " ".join(question.concepts)
    return [
        one.id, one.chapter, question.type, question.level, concepts, plain(prompt), parts, right, feedback, hints,
        plain(one.explanation),
    ]  # fmt: skip


def _body(one: Exported) -> tuple[str, str, str]:
    """The parts of a question, what is right, and the feedback: a line for each part."""
    shape = one.shape
    if isinstance(shape, Pick):
        right = _lines(option.text for option in shape.options if option.right)
        return _lines(option.text for option in shape.options), right, _lines(o.feedback for o in shape.options)
    if isinstance(shape, Pairs):
        right = "\n".join(f"{plain(item.text)} -> {item.answer}" for item in shape.items)
        parts = f"{_lines(item.text for item in shape.items)}\n-> {' | '.join(shape.answers)}"
        return parts, right, _lines(item.feedback for item in shape.items)
    if isinstance(shape, Number):
        wrong = "\n".join(
            f"{'' if known.low is None else known.low}..{'' if known.high is None else known.high}: "
            f"{plain(known.feedback)}"
            for known in shape.wrong
        )
        return "", f"{shape.answer!r} ({shape.low!r}..{shape.high!r})", f"{plain(shape.feedback)}\n{wrong}".strip()
    if isinstance(shape, Words):
        wrong = "\n".join(f"{' | '.join(forms)}: {plain(feedback)}" for forms, feedback in shape.wrong)
        return "", " | ".join(shape.answers), f"{plain(shape.feedback)}\n{wrong}".strip()
    if isinstance(shape, Gaps):
        parts = "\n".join(" | ".join(gap.options) for gap in shape.gaps)
        return parts, "\n".join(" | ".join(gap.forms) for gap in shape.gaps), _lines(g.feedback for g in shape.gaps)
    if isinstance(shape, Essay):
        return "", plain(shape.model), "\n".join(f"{plain(text)} ({points})" for text, points in shape.rubric)
    assert isinstance(shape, Card)
    return "", plain(shape.back), ""


def _lines(texts: Iterator[str]) -> str:
    return "\n".join(map(plain, texts))


def plain(text: str) -> str:
    """HTML without its tags; what ends a paragraph or an entry ends a line."""
    with_images = re.sub(r'<img [^>]*alt="([^"]*)"[^>]*>', r"[\1]", text)
    return html.unescape(TAG.sub("", BREAK.sub("\n", with_images))).strip()


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
