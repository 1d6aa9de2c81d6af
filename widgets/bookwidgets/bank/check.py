"""Everything that must hold before a book is built: one list of faults for bank, concepts and chapters together."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import networkx as nx

from bookwidgets.bank import course as course_module
from bookwidgets.bank import load as load_module
from bookwidgets.bank.course import Course, Page
from bookwidgets.bank.faults import BookError, Fault
from bookwidgets.bank.load import Bank, unknown
from bookwidgets.bank.render import text_faults


@dataclass(frozen=True)
class Book:
    """A book whose parts fit together."""

    course: Course
    bank: Bank


def check(root: Path) -> Book:
    """Read the book at ``root``. Raises ``BookError`` with every fault in it."""
    book, faults = check_with_faults(root)
    if faults:
        raise BookError(faults)
    return book


def check_with_faults(root: Path) -> tuple[Book, list[Fault]]:
    """The book as far as it could be read, and every fault in it."""
    bank, faults = load_module.load_with_faults(root / "quizzes")
    course, course_faults = course_module.scan(root)
    book = Book(course, bank)
    faults = faults + course_faults
    for look in [_concepts, _order_of_concepts, _quiz_cells, _bank_files, _references_of_questions, _texts]:
        faults += look(book)
    return book, faults


def _concepts(book: Book) -> Iterator[Fault]:
    """Concepts defined twice, links to unknown ones, concepts that stand alone."""
    known = book.course.concepts
    linked = {other for concept in known.values() for other in concept.after + concept.related}
    for page in book.course.pages.values():
        for concept in page.concepts:
            where = f"concept '{concept.id}'"
            if known[concept.id] is not concept:
                first = known[concept.id]
                yield Fault(concept.file, concept.line, where, f"is already defined at {first.file}:{first.line}")
            for key in ["after", "related"]:
                for other in getattr(concept, key):
                    if other not in known:
                        yield Fault(concept.file, concept.line, f"{where}: {key}", unknown("concept", other, known))
            if not concept.definition:
                yield Fault(concept.file, concept.line, where, "has no definition: write one to three sentences")
            if not (concept.after or concept.related or concept.id in linked):
                yield Fault(concept.file, concept.line, where, "stands alone: give it :after: or :related:")
        for mentioned, line in page.mentions:
            if mentioned not in known:
                yield Fault(page.file, line, "text", unknown("concept", mentioned, known))


def _order_of_concepts(book: Book) -> Iterator[Fault]:
    """Cycles: concepts that would all have to be learnt before each other."""
    known = book.course.concepts
    graph = nx.DiGraph(
        (before, concept.id) for concept in known.values() for before in concept.after if before in known
    )
    for component in nx.strongly_connected_components(graph):
        circle = sorted(component)
        if len(circle) > 1 or graph.has_edge(circle[0], circle[0]):
            first = known[min(circle, key=lambda name: (known[name].file, known[name].line))]
            way = " -> ".join([first.id, *(end for _, end in nx.find_cycle(graph.subgraph(component), first.id))])
            yield Fault(first.file, first.line, f"concept '{first.id}': after", f"closes a circle: {way}; drop one")


def _quiz_cells(book: Book) -> Iterator[Fault]:
    """Quiz cells that ask for what the bank does not have."""
    for page in book.course.pages.values():
        for name, line in page.quizzes:
            if name not in book.bank.questions and not book.bank.of_chapter(name):
                yield Fault(page.file, line, "quiz cell", unknown("question", name, book.bank.questions))


def _bank_files(book: Book) -> Iterator[Fault]:
    """Bank files whose chapter does not exist, listed or not."""
    folder = book.course.root / "chapters"
    for path in sorted((book.course.root / "quizzes").glob("*.yml")):
        if path.stem != load_module.MISCONCEPTIONS and not (folder / f"{path.stem}.md").is_file():
            message = f"belongs to no chapter: there is no chapters/{path.stem}.md; rename the file or add the chapter"
            yield Fault(f"quizzes/{path.name}", 1, "", message)


def _references_of_questions(book: Book) -> Iterator[Fault]:
    """Concepts, sections and misconceptions that questions name and the book does not have."""
    known, chapters = book.course.concepts, book.course.chapters
    position = {name: index for index, name in enumerate(book.course.pages)}
    home = {concept.id: page.name for page in book.course.pages.values() for concept in page.concepts}
    for question_id, question in book.bank.questions.items():
        source = book.bank.sources[question_id]
        chapter = chapters.get(book.bank.chapter(question_id))
        if chapter is None:
            continue  # a chapter that the table of contents leaves out takes its questions with it
        for index, concept in enumerate(question.concepts):
            if concept not in known:
                yield source.fault(question_id, ("concepts", index), unknown("concept", concept, known))
            elif position[home[concept]] > position[chapter.name]:
                message = f"'{concept}' is defined only later, in {home[concept]}.md: ask there, or define it before"
                yield source.fault(question_id, ("concepts", index), message)
        yield from _section(chapters, question.see, source, question_id, ("see",))
        for index, option in enumerate(getattr(question, "options", [])):
            name = option.misconception
            if name and name not in book.bank.misconceptions:
                path = ("options", index, "misconception")
                yield source.fault(question_id, path, unknown("misconception", name, book.bank.misconceptions))
    for name, misconception in book.bank.misconceptions.items():
        source = book.bank.misconception_sources[name]
        yield from _section(chapters, misconception.see, source, name, ("see",), "misconception")


def _section(chapters: dict[str, Page], see: str, source, name: str, path, kind: str = "question") -> Iterator[Fault]:
    slug, _, label = see.partition("#")
    if slug not in chapters:
        yield source.fault(name, path, unknown("chapter", slug, chapters), kind)
    elif label not in chapters[slug].labels:
        yield source.fault(name, path, unknown(f"label in {chapters[slug].file}", label, chapters[slug].labels), kind)


def _texts(book: Book) -> Iterator[Fault]:
    """Texts that cannot be shown: formulas, links, images."""
    folder = book.course.root / "quizzes"

    def existing(image: str) -> str:
        if not (folder / image).is_file():
            raise FileNotFoundError(image)
        return image

    for question_id, question in book.bank.questions.items():
        source = book.bank.sources[question_id]
        for path, message in text_faults(question, existing):
            yield source.fault(question_id, path, message)
