"""What the bank holds, as a table for authors."""

from collections import Counter

from bookwidgets.bank import lint
from bookwidgets.bank.course import Course
from bookwidgets.bank.load import Bank
from bookwidgets.bank.types import Choice


def table(course: Course, bank: Bank) -> str:
    """A line for each chapter: questions by type and level, correct options that are the longest, and their places."""
    chapters = lint.by_chapter(course, bank)
    everything = [question for questions in chapters.values() for question in questions]
    types = sorted({question.type for question in everything})
    levels = ["remember", "understand", "apply", "analyze", "evaluate"]
    rows = [["chapter", "questions", *types, *levels, "right is longest", "at 1, 2, 3 ..."]]
    for slug, questions in [*chapters.items(), ("all", everything)]:
        kinds, depths = Counter(q.type for q in questions), Counter(q.level for q in questions)
        items = [question for question in questions if isinstance(question, Choice)]
        long, chance = sum(map(lint.right_is_longest, items)), sum(1 / len(q.options) for q in items)
        places = lint.right_positions(items)
        counts = [len(questions), *(kinds[kind] for kind in types), *(depths[level] for level in levels)]
        share = f"{long} of {len(items)}, chance {chance:.1f}"
        at = " ".join(str(places[place]) for place in range(1, max(places, default=0) + 1))
        rows.append([slug, *map(str, counts), share, at])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)) for row in rows)
    return "\n".join(f"{row[0].ljust(widths[0])}  {line}" for row, line in zip(rows, lines, strict=True))
