"""Questions from jupyterquiz and GIFT: a question file to be completed, and a report of what was not understood."""

from collections.abc import Callable
from pathlib import Path

from bookwidgets.bank.faults import Fault
from bookwidgets.bank.own import OWN_QUIZZES
from bookwidgets.bank.template import RefusedError
from bookwidgets.imports import gift, jupyterquiz
from bookwidgets.imports.drafts import Draft, Report, as_yaml, identified

__all__ = ["import_questions"]

LARGEST = 5_000_000  # bytes; a book has a hundredth of it
READERS: dict[str, Callable[[str, Report], list[Draft]]] = {
    ".json": jupyterquiz.read, ".gift": gift.read, ".txt": gift.read,
}  # fmt: skip


def import_questions(source: Path, target: Path) -> tuple[int, list[Fault]]:
    """Write the questions of ``source`` to the new file ``target``: how many, and what was not understood.

    Raises ``RefusedError`` with a sentence that says what to do, and then writes nothing.
    """
    if source.suffix not in READERS:
        known = "jupyterquiz's end in .json, GIFT's in .gift or .txt"
        raise RefusedError(f"{source.name} is of no kind that can be read: {known}")
    if target.suffix != ".yml":
        raise RefusedError(f"{target.name} is no name of a question file: let it end in .yml")
    if target.exists():
        raise RefusedError(
            f"{target} exists, and nothing is written over: choose another name, and join the two by hand"
        )
    report = Report(source.name)
    drafts = _read(source, report)
    questions = identified(drafts, target.stem, report)
    own = target.absolute().parent.as_posix().endswith(f"/{OWN_QUIZZES}")
    if questions:
        target.write_text(as_yaml(questions, own), encoding="utf-8", newline="\n")
    return len(questions), sorted(report.remarks)


def _read(source: Path, report: Report) -> list[Draft]:
    if source.stat().st_size > LARGEST:
        raise RefusedError(f"{source.name} has more than {LARGEST // 1_000_000} MB: divide it")
    try:
        text = source.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise RefusedError(f"{source.name}:{line}: is not UTF-8: save it so") from None
    try:
        return READERS[source.suffix](text, report)
    except jupyterquiz.UnreadableError as error:
        raise RefusedError(f"{source.name} {error}") from None
