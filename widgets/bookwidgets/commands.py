"""What each command of ``bookwidgets`` does with the arguments that cli.py reads; it returns the exit status."""

import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from bookwidgets.bank import lint, order, own, summary
from bookwidgets.bank.check import Book, check, check_with_faults
from bookwidgets.bank.course import find_book
from bookwidgets.bank.faults import BookError, Fault
from bookwidgets.bank.schema import FILE, schema
from bookwidgets.bank.starting import start_chapter, start_course
from bookwidgets.bank.template import RefusedError, add_question
from bookwidgets.export import export
from bookwidgets.export.losses import as_csv, table
from bookwidgets.export.outgoing import edition
from bookwidgets.imports import import_questions
from bookwidgets.results import write_results


def _book(chosen: Namespace) -> Path:
    if chosen.book and not chosen.book.is_dir():
        raise FileNotFoundError(f"there is no folder {chosen.book}")
    return find_book(chosen.book)


def check_book(chosen: Namespace) -> int:
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


def build_book(chosen: Namespace) -> int:
    """Run jupyter-book with the book's table of contents and settings; a fork's own are laid over ours first."""
    root = _book(chosen)
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(root)]
    if (root / own.FOLDER).is_dir():
        config = root / "_build/course/_config.yml"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(own.written(root), encoding="utf-8")
        command += ["--config", str(config), "--toc", str(own.toc_of(root))]
    return subprocess.run([*command, *chosen.options], cwd=root).returncode


def export_questions(chosen: Namespace) -> int:
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


def import_file(chosen: Namespace) -> int:
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


def class_results(chosen: Namespace) -> int:
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


def new_course(chosen: Namespace) -> int:
    toc, config = start_course(_book(chosen), chosen.title, chosen.repository)
    print(f"{toc}: drop and move chapters\n{config}: your name, and what else differs\nthen run bookwidgets check")
    return 0


def new_chapter(chosen: Namespace) -> int:
    made = start_chapter(_book(chosen), chosen.title, chosen.slug)
    print(f"{made.page}: a chapter that builds as it stands\n{made.questions}: its five questions")
    print(f"list it in {made.toc}:\n  {made.entry}")
    return 0


def new_question(chosen: Namespace) -> int:
    added = add_question(_book(chosen), chosen.type, chosen.chapter, chosen.id)
    print(f"{added.file}:{added.line}: question '{added.id}': write what is empty, then run bookwidgets check")
    print(f'show it in the chapter {chosen.chapter} by a cell with quiz("{added.id}")')
    return 0


def write_schema(chosen: Namespace) -> int:
    path, wanted = _book(chosen) / FILE, schema()
    if chosen.check:
        if path.is_file() and path.read_text(encoding="utf-8") == wanted:
            return 0
        print(f"{FILE} is out of date: run bookwidgets schema", file=sys.stderr)
        return 1
    path.write_text(wanted, encoding="utf-8", newline="\n")
    print(f"wrote {FILE}")
    return 0
