"""Help for tests that break a book: change a text in a file, read the list of faults."""

from pathlib import Path

from bookwidgets.bank.check import check_with_faults
from bookwidgets.bank.faults import BookError


def edit(path: Path, old: str, new: str) -> None:
    """Replace the one place where ``old`` stands."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def faults(root: Path) -> list[str]:
    """What `bookwidgets check` would print."""
    found = check_with_faults(root)[1]
    return str(BookError(found)).splitlines() if found else []


QUESTION = """\
- id: q-one
  type: choice
  concepts: [alpha]
  level: apply
  prompt: What is it?
  hints: [Think.]
  options:
    - text: One.
      feedback: No.
    - text: Two.
      correct: true
      feedback: Yes.
    - text: Three.
      feedback: No, not three.
  explanation: Because.
  see: one#sec-one
"""
