"""What instructors and authors run: ``bookwidgets check``, ``build``, ``new``, ``export``, ``results`` ..."""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bookwidgets.bank import lint, order, own, summary
from bookwidgets.bank.check import Book, check, check_with_faults
from bookwidgets.bank.course import find_book
from bookwidgets.bank.faults import BookError, Fault
from bookwidgets.bank.schema import FILE, schema
from bookwidgets.bank.starting import start_chapter, start_course
from bookwidgets.bank.template import RefusedError, add_question
from bookwidgets.bank.types import QUESTIONS
from bookwidgets.export import TARGETS, export
from bookwidgets.export.losses import as_csv, table
from bookwidgets.export.outgoing import edition
from bookwidgets.imports import import_questions
from bookwidgets.results import write_results


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0 when all is well, 1 for faults in the book, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="bookwidgets", description="Tools for a book with a question bank.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("check", help="read bank, concepts and chapters, and list every fault")
    command.add_argument("book", nargs="?", type=Path, help="the book's folder (default: here or above)")
    command.add_argument("--toc", type=Path, help="another table of contents than the book's own")
    command.set_defaults(run=_check)
    new = commands.add_parser("new", help="begin a course, a chapter or a question")
    new = new.add_subparsers(dest="what", required=True)
    command = new.add_parser("course", help="write course/ for a fork: its table of contents and its settings")
    command.add_argument("--title", required=True, help="the book's title")
    command.add_argument("--repository", required=True, help="where the fork is: https://github.com/you/your-fork")
    command.add_argument("book", nargs="?", type=Path, help="the book's folder (default: here or above)")
    command.set_defaults(run=_new_course)
    command = new.add_parser("chapter", help="write a chapter that builds as it stands, with five questions")
    command.add_argument("--title", required=True, help="its title")
    command.add_argument("--slug", help="its file name without .md (default: made from the title)")
    command.add_argument("book", nargs="?", type=Path, help="the book's folder (default: here or above)")
    command.set_defaults(run=_new_chapter)
    command = new.add_parser("question", help="put a question to be written at the end of its chapter's file")
    command.add_argument("--type", required=True, help=f"one of {', '.join(QUESTIONS)}")
    command.add_argument("--chapter", required=True, help="the chapter's slug, its file name without .md")
    command.add_argument("--id", help="a permanent id, unique in the book (default: chapter and type)")
    command.add_argument("book", nargs="?", type=Path, help="the book's folder (default: here or above)")
    command.set_defaults(run=_new_question)
    command = commands.add_parser("build", help="build with what course/ adds; takes the options of jupyter-book")
    command.add_argument("--book", type=Path, help="the book's folder (default: here or above)")
    command.set_defaults(run=_build)
    command = commands.add_parser("schema", help=f"write {FILE}, by which editors complete and check question files")
    command.add_argument("--check", action="store_true", help="write nothing; fail when the file is out of date")
    command.add_argument("book", nargs="?", type=Path, help="the book's folder (default: here or above)")
    command.set_defaults(run=_schema)
    command = commands.add_parser("export", help="write questions for another system, and what it cannot express")
    command.add_argument("--to", required=True, choices=TARGETS, help="the system")
    command.add_argument("file", type=Path, help="the file to write; a report stands beside it, as FILE.losses.csv")
    command.add_argument("names", nargs="*", help="chapters' slugs or ids of questions (default: the whole bank)")
    command.add_argument("--book", type=Path, help="the book's folder (default: here or above)")
    command.set_defaults(run=_export)
    command = commands.add_parser("import", help="begin a question file from jupyterquiz (.json) or GIFT (.gift, .txt)")
    command.add_argument("source", type=Path, help="the file to read")
    command.add_argument("target", type=Path, help="the question file to write, such as quizzes/some-slug.yml")
    command.set_defaults(run=_import)
    command = commands.add_parser("results", help="how a class did, out of the files that learners exported")
    command.add_argument("files", nargs="+", type=Path, help="files that learners exported on the progress page")
    command.add_argument("--to", required=True, type=Path, help="the folder for tables (CSV) and a page, index.html")
    command.add_argument("--book", type=Path, help="the book's folder (default: here or above)")
    command.set_defaults(run=_results)
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


def _book(chosen: argparse.Namespace) -> Path:
    if chosen.book and not chosen.book.is_dir():
        raise FileNotFoundError(f"there is no folder {chosen.book}")
    return find_book(chosen.book)


def _check(chosen: argparse.Namespace) -> int:
    """Print what the bank holds and what to think about; then, to the error stream, what must be mended."""
    book, faults = check_with_faults(_book(chosen), chosen.toc and chosen.toc.absolute())
    if book.bank.questions:
        print(summary.table(book.course, book.bank))
    for advice in sorted(_advice(book)):
        print(f"{advice} (advice)")
    if faults:
        error = BookError(faults)
        print(error, file=sys.stderr)
        print(f"{len(error.faults)} fault{'s' * (len(error.faults) > 1)}", file=sys.stderr)
        return 1
    chapters = len(book.course.chapters)
    print(f"{len(book.bank.questions)} questions, {len(book.course.concepts)} concepts, {chapters} chapters: no fault")
    return 0


def _advice(book: Book) -> Iterator[Fault]:
    yield from lint.advice(book.course, book.bank)
    yield from order.advice(book.course, book.bank)
    yield from own.advice(book.course.root)


def _build(chosen: argparse.Namespace) -> int:
    """Run jupyter-book with the book's table of contents and settings; a fork's own are laid over ours first."""
    root = _book(chosen)
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(root)]
    if (root / own.FOLDER).is_dir():
        config = root / "_build/course/_config.yml"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(own.written(root), encoding="utf-8")
        command += ["--config", str(config), "--toc", str(own.toc_of(root))]
    return subprocess.run([*command, *chosen.options], cwd=root).returncode


def _export(chosen: argparse.Namespace) -> int:
    """Write the questions and beside them what was lost; a book with faults exports nothing."""
    book = check(_book(chosen))
    try:
        losses = export(book, chosen.to, chosen.file, chosen.names)
    except KeyError as error:
        raise RefusedError(error.args[0]) from None
    report = chosen.file.with_name(f"{chosen.file.name}.losses.csv")
    report.write_text(as_csv(losses), encoding="utf-8", newline="\n")
    print(f"wrote {chosen.file}")
    if losses:
        print(f"What could not be carried over as it is (question by question in {report.name}):\n{table(losses)}")
    return 0


def _import(chosen: argparse.Namespace) -> int:
    """Write what was understood; what was not is said on the error stream, each with its place."""
    count, remarks = import_questions(chosen.source, chosen.target)
    for remark in remarks:
        print(remark, file=sys.stderr)
    if not count:
        print(f"bookwidgets: {chosen.source} holds no question that could be read: nothing is written", file=sys.stderr)
        return 1
    print(f"wrote {chosen.target}; questions: {count}, remarks: {len(remarks)}")
    print("What GIFT and jupyterquiz do not have is empty there: write it, with the help of bookwidgets check")
    return 0


def _results(chosen: argparse.Namespace) -> int:
    """Write tables and page; what does not count is said on the error stream."""
    root = _book(chosen)
    bank, about = check(root).bank, edition(root)
    learners, skipped = write_results(
        chosen.files, bank, chosen.to, book=about.id, title=about.title, language=about.language
    )
    for one in skipped:
        print(f"{one.file} {one.why}: skipped", file=sys.stderr)
    print(f"{len(learners)} of {len(chosen.files)} files count; see {chosen.to / 'index.html'}")
    return 0 if learners else 1


def _new_course(chosen: argparse.Namespace) -> int:
    toc, config = start_course(_book(chosen), chosen.title, chosen.repository)
    print(f"{toc}: drop and move chapters\n{config}: your name, and what else differs\nthen run bookwidgets check")
    return 0


def _new_chapter(chosen: argparse.Namespace) -> int:
    made = start_chapter(_book(chosen), chosen.title, chosen.slug)
    print(f"{made.page}: a chapter that builds as it stands\n{made.questions}: its five questions")
    print(f"list it in {made.toc}:\n  {made.entry}")
    return 0


def _new_question(chosen: argparse.Namespace) -> int:
    added = add_question(_book(chosen), chosen.type, chosen.chapter, chosen.id)
    print(f"{added.file}:{added.line}: question '{added.id}': write what is empty, then run bookwidgets check")
    print(f'show it in the chapter {chosen.chapter} by a cell with quiz("{added.id}")')
    return 0


def _schema(chosen: argparse.Namespace) -> int:
    path, wanted = _book(chosen) / FILE, schema()
    if chosen.check:
        if path.is_file() and path.read_text(encoding="utf-8") == wanted:
            return 0
        print(f"{FILE} is out of date: run bookwidgets schema", file=sys.stderr)
        return 1
    path.write_text(wanted, encoding="utf-8", newline="\n")
    print(f"wrote {FILE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
