"""What instructors and authors run: ``bookwidgets check``, ``build``, ``new``, ``export``, ``results`` ..."""

import argparse
import sys
from pathlib import Path

from bookwidgets import commands
from bookwidgets.bank.faults import BookError
from bookwidgets.bank.schema import FILE
from bookwidgets.bank.template import RefusedError
from bookwidgets.bank.types import QUESTIONS
from bookwidgets.export import TARGETS

BOOK = {"type": Path, "help": "the book's folder (default: here or above)"}


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0 when all is well, 1 for faults in the book, 2 for a wrong call."""
    parser = _parser()
    chosen, chosen.options = parser.parse_known_args(arguments)
    if chosen.options and chosen.command != "build":
        parser.error(f"unrecognized arguments: {' '.join(chosen.options)}")
    try:
        return chosen.run(chosen)
    except BookError as error:
        print(error, file=sys.stderr)
        return 1
    except (OSError, RefusedError, ModuleNotFoundError) as error:
        print(f"bookwidgets: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bookwidgets", description="Tools for a book with a question bank.")
    named = parser.add_subparsers(dest="command", required=True)
    command = named.add_parser("check", help="read bank, concepts and chapters, and list every fault")
    command.add_argument("book", nargs="?", **BOOK)
    command.add_argument("--toc", type=Path, help="another table of contents than the book's own")
    command.set_defaults(run=commands.check_book)
    new = named.add_parser("new", help="begin a course, a chapter or a question")
    _add_new(new.add_subparsers(dest="what", required=True))
    command = named.add_parser("build", help="build with what course/ adds; takes the options of jupyter-book")
    command.add_argument("--book", **BOOK)
    command.set_defaults(run=commands.build_book)
    command = named.add_parser("schema", help=f"write {FILE}, by which editors complete and check question files")
    command.add_argument("--check", action="store_true", help="write nothing; fail when the file is out of date")
    command.add_argument("book", nargs="?", **BOOK)
    command.set_defaults(run=commands.write_schema)
    _add_other_systems(named)
    return parser


def _add_new(named: argparse._SubParsersAction) -> None:
    command = named.add_parser("course", help="write course/ for a fork: its table of contents and its settings")
    command.add_argument("--title", required=True, help="the book's title")
    command.add_argument("--repository", required=True, help="where the fork is: https://github.com/you/your-fork")
    command.add_argument("book", nargs="?", **BOOK)
    command.set_defaults(run=commands.new_course)
    command = named.add_parser("chapter", help="write a chapter that builds as it stands, with five questions")
    command.add_argument("--title", required=True, help="its title")
    command.add_argument("--slug", help="its file name without .md (default: made from the title)")
    command.add_argument("book", nargs="?", **BOOK)
    command.set_defaults(run=commands.new_chapter)
    command = named.add_parser("question", help="put a question to be written at the end of its chapter's file")
    command.add_argument("--type", required=True, help=f"one of {', '.join(QUESTIONS)}")
    command.add_argument("--chapter", required=True, help="the chapter's slug, its file name without .md")
    command.add_argument("--id", help="a permanent id, unique in the book (default: chapter and type)")
    command.add_argument("book", nargs="?", **BOOK)
    command.set_defaults(run=commands.new_question)


def _add_other_systems(named: argparse._SubParsersAction) -> None:
    command = named.add_parser("export", help="write questions for another system, and what it cannot express")
    command.add_argument("--to", required=True, choices=TARGETS, help="the system")
    command.add_argument("file", type=Path, help="the file to write; a report stands beside it, as FILE.losses.csv")
    command.add_argument("names", nargs="*", help="chapters' slugs or ids of questions (default: the whole bank)")
    command.add_argument("--book", **BOOK)
    command.set_defaults(run=commands.export_questions)
    command = named.add_parser("import", help="begin a question file from jupyterquiz (.json) or GIFT (.gift, .txt)")
    command.add_argument("source", type=Path, help="the file to read")
    command.add_argument("target", type=Path, help="the question file to write, such as quizzes/some-slug.yml")
    command.set_defaults(run=commands.import_file)
    command = named.add_parser("results", help="how a class did, out of the files that learners exported")
    command.add_argument("files", nargs="+", type=Path, help="files that learners exported on the progress page")
    command.add_argument("--to", required=True, type=Path, help="the folder for tables (CSV) and a page, index.html")
    command.add_argument("--book", **BOOK)
    command.set_defaults(run=commands.class_results)


if __name__ == "__main__":
    sys.exit(main())
