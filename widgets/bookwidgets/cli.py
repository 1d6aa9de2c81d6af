"""What instructors and authors run: ``bookwidgets check``."""

import argparse
import sys
from pathlib import Path

from bookwidgets.bank import lint, summary
from bookwidgets.bank.check import check_with_faults
from bookwidgets.bank.course import find_book
from bookwidgets.bank.faults import BookError


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0 when all is well, 1 for faults in the book, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="bookwidgets", description="Tools for a book with a question bank.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("check", help="read bank, concepts and chapters, and list every fault")
    command.add_argument("book", nargs="?", type=Path, help="the book's folder (default: here or above)")
    command.set_defaults(run=_check)
    chosen = parser.parse_args(arguments)
    try:
        return chosen.run(chosen)
    except OSError as error:
        print(f"bookwidgets: {error}", file=sys.stderr)
        return 2


def _check(chosen: argparse.Namespace) -> int:
    """Print what the bank holds and what to think about; then, to the error stream, what must be mended."""
    if chosen.book and not chosen.book.is_dir():
        raise FileNotFoundError(f"there is no folder {chosen.book}")
    book, faults = check_with_faults(find_book(chosen.book))
    if book.bank.questions:
        print(summary.table(book.course, book.bank))
    for advice in sorted(lint.advice(book.course, book.bank)):
        print(f"{advice} (advice)")
    if faults:
        error = BookError(faults)
        print(error, file=sys.stderr)
        print(f"{len(error.faults)} fault{'s' * (len(error.faults) > 1)}", file=sys.stderr)
        return 1
    chapters = len(book.course.chapters)
    print(f"{len(book.bank.questions)} questions, {len(book.course.concepts)} concepts, {chapters} chapters: no fault")
    return 0


if __name__ == "__main__":
    sys.exit(main())
