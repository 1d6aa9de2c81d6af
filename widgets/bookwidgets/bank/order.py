"""What the order of chapters breaks: advice for who leaves chapters out or moves them.

None of it keeps a book from being built.
"""

from collections.abc import Iterator

from bookwidgets.bank.course import Course
from bookwidgets.bank.faults import Fault
from bookwidgets.bank.load import Bank


def advice(course: Course, bank: Bank) -> Iterator[Fault]:
    """Concepts that are needed before the book defines them, or that it does not define any more."""
    place = {page.file: number for number, page in enumerate(course.pages.values())}
    known, listed = course.known, course.concepts

    def missing(name: str, file: str, line: int) -> str:
        """Why ``name`` cannot have been learnt where a file needs it; nothing when it can."""
        if name not in listed:
            return f"in {known[name].file}, which {course.toc} leaves out" if name in known else ""
        there = listed[name]
        later = (place[there.file], there.line) > (place[file], line)
        return f"only later, in {there.file}" if later else ""

    for concept in listed.values():
        for before in concept.after:
            if where := missing(before, concept.file, concept.line):
                message = f"'{before}' has to come before it, and is defined {where}"
                yield Fault(concept.file, concept.line_of("after"), f"concept '{concept.id}': after", message)
    for question in bank.questions.values():
        source, home = bank.sources[question.id], course.chapters.get(bank.chapter(question.id))
        for index, name in enumerate(question.concepts if home else ()):
            # Where in its chapter a question stands is not known here: any place in it will do.
            if home and (where := missing(name, home.file, 10**9)):
                yield source.fault(("concepts", index), f"'{name}' is defined {where}")
