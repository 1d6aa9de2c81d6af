"""Everything that must hold before a book is built: one list of faults for bank, concepts and chapters together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import networkx as nx

from bookwidgets.bank import course as course_module
from bookwidgets.bank import lint
from bookwidgets.bank import load as load_module
from bookwidgets.bank.cards import card_faults
from bookwidgets.bank.course import Course
from bookwidgets.bank.faults import BookError, Fault, unknown
from bookwidgets.bank.load import Bank, Source
from bookwidgets.bank.models import ID, BaseQuestion
from bookwidgets.bank.own import OWN_QUIZZES, settings
from bookwidgets.bank.render import text_faults


@dataclass(frozen=True)
class Book:
    """A book whose parts fit together."""

    course: Course
    bank: Bank


def check(root: Path, toc: Path | None = None, own: bool = True) -> Book:
    """Read the book at ``root``. Raises ``BookError`` with every fault in it.

    ``toc`` is another table of contents than the book's, absolute or seen from ``root``.
    ``own`` says whether a fork's folder ``course/`` counts.
    """
    book, faults = check_with_faults(root, toc, own)
    if faults:
        raise BookError(faults)
    return book


def check_with_faults(root: Path, toc: Path | None = None, own: bool = True) -> tuple[Book, list[Fault]]:
    """The book as far as it could be read, and every fault in it."""
    bank, faults = load_module.load_with_faults(root / "quizzes", root / OWN_QUIZZES if own else None)
    course, course_faults = course_module.scan(root, toc, own)
    book = Book(course, bank)
    faults = faults + course_faults + settings(root, own)[1]
    for look in [_concepts, _mentions, _order_of_concepts, _quiz_cells, _bank_files, _questions, _misconceptions]:
        faults += look(book)
    faults += card_faults(course.concepts, course.known)
    return book, faults + list(_texts(book)) + list(lint.faults(course, bank))


def _concepts(book: Book) -> Iterator[Fault]:
    """Concepts without a usable id or a definition, defined twice, with unknown neighbours or with none."""
    known = book.course.known  # what a chapter that is left out defines is no mistake
    linked = {other for concept in known.values() for other in concept.after + concept.related}
    for concept in (concept for page in book.course.pages.values() for concept in page.concepts):
        where, first = f"concept '{concept.id}'", known[concept.id]
        if not re.fullmatch(ID, concept.id):
            message = "needs an id of lower-case words joined by hyphens: write {concept} some-id"
            yield Fault(concept.file, concept.line, where, message)
        if first is not concept:
            message = f"is already defined at {first.file}:{first.line}: keep one definition and link to it"
            yield Fault(concept.file, concept.line, where, message)
        for key in ["after", "related"]:
            for other in getattr(concept, key):
                if other not in known:
                    yield Fault(concept.file, concept.line_of(key), f"{where}: {key}", unknown("concept", other, known))
        if not concept.definition:
            yield Fault(concept.file, concept.line, where, "has no definition: write one to three sentences")
        if not (concept.after or concept.related or concept.id in linked):
            yield Fault(concept.file, concept.line, where, "stands alone: give it :after: or :related:")


def _mentions(book: Book) -> Iterator[Fault]:
    """Roles in the text that link to no concept."""
    known = book.course.known
    for page in book.course.pages.values():
        for mentioned, line in page.mentions:
            if mentioned not in known:
                yield Fault(page.file, line, "text", unknown("concept", mentioned, known))


def _order_of_concepts(book: Book) -> Iterator[Fault]:
    """Cycles: concepts that would all have to be learnt before each other."""
    known = book.course.concepts
    edges = ((before, concept.id) for concept in known.values() for before in concept.after if before in known)
    graph = nx.DiGraph(edges)
    for component in nx.strongly_connected_components(graph):
        circle = sorted(component)
        if len(circle) > 1 or graph.has_edge(circle[0], circle[0]):
            first = known[min(circle, key=lambda name: (known[name].file, known[name].line))]
            way = " -> ".join([first.id, *(end for _, end in nx.find_cycle(graph.subgraph(component), first.id))])
            message = f"closes a circle: {way}; drop one of these"
            yield Fault(first.file, first.line_of("after"), f"concept '{first.id}': after", message)


def _quiz_cells(book: Book) -> Iterator[Fault]:
    """Quiz cells that ask for what the bank does not have."""
    bank = book.bank
    chapters = {bank.chapter(question_id) for question_id in bank.questions}
    if bank.unread_files - {load_module.MISCONCEPTIONS}:
        return  # nobody can tell what the files hold that could not be read
    for page in book.course.pages.values():
        for name, line in page.quizzes:
            if name not in bank.question_ids | bank.dropped and name not in chapters:
                yield Fault(page.file, line, "quiz cell", unknown("question", name, bank.questions))


def _bank_files(book: Book) -> Iterator[Fault]:
    """Bank files whose chapter does not exist, listed or not; of a fork's own, those with questions of their own."""
    course, bank = book.course, book.bank
    known = course.chapters.keys() | {page.slug for page in course.dropped.values()}
    added = {source.file for source in bank.sources.values() if source.chapter == Path(source.file).stem}
    for folder in bank.folders:
        for path in sorted(folder.glob("*.yml")):
            file = path.relative_to(course.root).as_posix()
            if path.stem in known or path.stem == load_module.MISCONCEPTIONS:
                continue
            if folder == bank.folders[-1] or file in added:
                where = f"{folder.relative_to(course.root).with_name('chapters').as_posix()}/{path.stem}.md"
                message = f"belongs to no chapter: there is no {where}; rename the file or add the chapter"
                yield Fault(file, 1, "", message)


def _questions(book: Book) -> Iterator[Fault]:
    """Concepts, sections and misconceptions that questions name and the book does not have."""
    chapters = book.course.chapters
    for question_id, question in book.bank.questions.items():
        # A chapter that the table of contents leaves out takes its questions with it.
        if book.bank.chapter(question_id) in chapters:
            source = book.bank.sources[question_id]
            yield from _concepts_of(book, question, source)
            yield from _section(book, question.see, source)
            yield from _ideas_of(book.bank, question, source)


def _concepts_of(book: Book, question: BaseQuestion, source: Source) -> Iterator[Fault]:
    known = book.course.known
    for index, name in enumerate(question.concepts):
        if name not in known:
            yield source.fault(("concepts", index), unknown("concept", name, known))


def _ideas_of(bank: Bank, question: BaseQuestion, source: Source) -> Iterator[Fault]:
    if load_module.MISCONCEPTIONS in bank.unread_files:
        return
    for path, name in question.ideas().items():
        if name not in bank.misconception_ids:
            message = unknown("misconception", name, bank.misconceptions, "in quizzes/misconceptions.yml")
            yield source.fault(path, message)


def _misconceptions(book: Book) -> Iterator[Fault]:
    """Sections that misconceptions name and the book does not have."""
    for name, misconception in book.bank.misconceptions.items():
        yield from _section(book, misconception.see, book.bank.misconception_sources[name])


def _section(book: Book, see: str, source: Source) -> Iterator[Fault]:
    chapters = {page.slug: page for page in book.course.dropped.values()} | book.course.chapters
    slug, _, label = see.partition("#")
    if slug not in chapters:
        yield source.fault(("see",), unknown("chapter", slug, chapters, f"in {book.course.toc}"))
    elif label not in chapters[slug].labels:
        yield source.fault(("see",), unknown("label", label, chapters[slug].labels, f"in {chapters[slug].file}"))


def _texts(book: Book) -> Iterator[Fault]:
    """Texts that cannot be shown: formulas, links, images."""

    def existing(image: str) -> str:
        book.bank.image(image)
        return image

    for models, sources in [
        (book.bank.questions, book.bank.sources),
        (book.bank.misconceptions, book.bank.misconception_sources),
    ]:
        for name, model in models.items():
            for path, message in text_faults(model, existing):
                yield sources[name].fault(path, message)
