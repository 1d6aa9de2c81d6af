"""Flaws of items that a form check cannot see: what lets a learner pass without knowing anything.

Three findings fail a book, because they can be mended for certain:

- ``longest``: in a file, the correct option of `choice` questions is the longest far more often than chance.
  A question with n options has the chance 1/n; the rule is at ``tail``.
- ``all-of-the-above``: an option that speaks about the other options.
- ``off-topic``: a question none of whose concepts its chapter defines.

The rest is advice: ``positions`` (of the correct options, in a file), ``absolutes`` (in wrong options only),
``near-duplicates`` (options that differ in spelling only), ``levels`` (too much to remember, too little to apply),
``one-bin`` (of `categorize`: nearly everything belongs into one), ``given-away`` (of `text`: the prompt says it).

A question accepts a finding, with the reason, in its field ``accept``; a finding about a file then leaves it out.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from bookwidgets.bank.course import Concept, Course, Page
from bookwidgets.bank.faults import Fault
from bookwidgets.bank.load import Bank
from bookwidgets.bank.models import BaseQuestion, FindingName
from bookwidgets.bank.spelling import levelled
from bookwidgets.bank.text import plain
from bookwidgets.bank.types import Categorize, Choice, Choices, ShortText

CLEAR = 0.05
APPLIED = {"apply", "analyze", "evaluate"}
# In both languages of the widgets, whatever the book's own is: what is a flaw in one means nothing in the other.
ABOUT_OPTIONS = re.compile(
    r"\b(all|none|both|any|neither|either|each) of the (above|below|preceding|following|options|answers|others?\b)"
    r"|^(all|none|both|any|neither) of (these|those|them)\W*$|\b(all|none) of the other (options|answers)"
    r"|\b(alle|beide|keine[rs]?) (der )?(oben )?(obigen|vorigen|genannten)\b"
    r"|\b(alle|beide|keine[rs]?) (dieser|der (folgenden|anderen|übrigen)) (antworten|aussagen|optionen|möglichkeiten)\b"
    r"|^(alles?|beides?|keine[rs]?|nichts) (davon|von (diesen|beiden))\W*$",
    re.IGNORECASE,
)
ABSOLUTE = re.compile(
    r"\b(always|never|only|all|none|every|no one|nothing|must"
    r"|immer|stets|nie|niemals|nur|alle[mrs]?|keine?|keine[mnrs]|jede[mnrs]?|niemand|nichts|muss|müssen)\b",
    re.IGNORECASE,
)
NEARLY_ALL = 0.75
NO_WORD = r"[^\w]+"
NOT_COUNTED = {"a", "an", "the"}


def faults(course: Course, bank: Bank) -> Iterator[Fault]:
    """The findings that fail a book."""
    known = course.concepts
    for slug, questions in by_chapter(course, bank).items():
        yield from _longest(questions, bank)
        for question in questions:
            yield from _off_topic(course.chapters[slug], known, question, bank)
            yield from _about_options(question, bank)


def advice(course: Course, bank: Bank) -> Iterator[Fault]:
    """The findings that an author should look at."""
    for questions in by_chapter(course, bank).values():
        yield from _positions(bank.sources[questions[0].id].file, questions)
        yield from _levels(bank.sources[questions[0].id].file, questions)
        for question in questions:
            if isinstance(question, Choices):
                yield from _absolutes(question, bank)
                yield from _near_duplicates(question, bank)
            if isinstance(question, Categorize):
                yield from _one_bin(question, bank)
            if isinstance(question, ShortText):
                yield from _given_away(question, bank)


def by_chapter(course: Course, bank: Bank) -> dict[str, list[BaseQuestion]]:
    """The questions of each chapter that the book lists, in the order of its table of contents."""
    files: dict[str, list[BaseQuestion]] = {slug: [] for slug in course.chapters}
    for question_id, question in bank.questions.items():
        if bank.chapter(question_id) in files:
            files[bank.chapter(question_id)].append(question)
    return {slug: questions for slug, questions in files.items() if questions}


def _choices(questions: list[BaseQuestion], finding: FindingName) -> list[Choice]:
    return [q for q in questions if isinstance(q, Choice) and finding not in q.accept]


def tail(chances: list[float], hits: int) -> float:
    """How probable at least ``hits`` successes are in independent trials with these ``chances``.

    With equal chances it is the upper tail of a binomial.
    A share counts as clearly above chance when this is below ``CLEAR``: with four options each, 3 of 3 questions,
    4 of 6, 6 of 10 or 9 of 20, but neither 2 of 2 nor 5 of 10, so that a small file is not judged by a share of it.

    >>> round(tail([0.25] * 10, 6), 4)
    0.0197
    """
    distribution = [1.0]  # of the number of successes so far
    for chance in chances:
        stays = [p * (1 - chance) for p in distribution] + [0.0]
        rises = [0.0] + [p * chance for p in distribution]
        distribution = [a + b for a, b in zip(stays, rises, strict=True)]
    return sum(distribution[hits:])


def _above_chance(chances: list[float], hits: int, looks: int = 1) -> bool:
    """Whether so many ``hits`` are clearly above chance when one looks at ``looks`` such numbers."""
    return hits > sum(chances) and tail(chances, hits) < CLEAR / looks


def right_is_longest(question: Choices) -> bool:
    """Whether a correct option has more characters, as a reader sees it, than every wrong one."""
    lengths = [(len(plain(option.text)), option.correct) for option in question.options]
    return max(n for n, correct in lengths if correct) > max(n for n, correct in lengths if not correct)


def _longest(questions: list[BaseQuestion], bank: Bank) -> Iterator[Fault]:
    items = _choices(questions, "longest")
    long = [question for question in items if right_is_longest(question)]
    chances = [1 / len(question.options) for question in items]
    if _above_chance(chances, len(long)):
        sources = [bank.sources[question.id] for question in long]
        names = ", ".join(f"{q.id} (line {source.line()})" for q, source in zip(long, sources, strict=True))
        message = (
            f"in {len(long)} of {len(items)} choice questions the correct option is the longest, where chance gives"
            f" {sum(chances):.1f}; shorten it or lengthen another in {names}"
        )
        yield Fault(sources[0].file, sources[0].line(("options",)), "longest", message)


def _off_topic(page: Page, known: dict[str, Concept], question: BaseQuestion, bank: Bank) -> Iterator[Fault]:
    taught = {concept.id for concept in page.concepts}
    wrong_names = any(name not in known for name in question.concepts)  # a fault of its own
    if "off-topic" in question.accept or wrong_names or taught & set(question.concepts):
        return
    homes = sorted({known[name].file for name in question.concepts})
    message = (
        f"none of them is defined in {page.file}: add one that this chapter teaches,"
        f" or move the question to the chapter of {' or '.join(homes)}"
    )
    yield bank.sources[question.id].fault(("concepts",), message)


def _about_options(question: BaseQuestion, bank: Bank) -> Iterator[Fault]:
    if not isinstance(question, Choices) or "all-of-the-above" in question.accept:
        return
    for index, option in enumerate(question.options):
        found = ABOUT_OPTIONS.search(plain(option.text))
        if found:
            message = f"says '{found.group()}': options are shuffled, and such an option can be guessed; replace it"
            yield bank.sources[question.id].fault(("options", index, "text"), message)


def right_positions(items: list[Choice]) -> Counter[int]:
    """How often the correct option stands at each place in the file, from 1."""
    return Counter(next(n for n, option in enumerate(q.options, 1) if option.correct) for q in items)


def _positions(file: str, questions: list[BaseQuestion]) -> Iterator[Fault]:
    items = _choices(questions, "positions")
    for place, count in sorted(right_positions(items).items()):
        chances = [(place <= len(q.options)) / len(q.options) for q in items]
        if _above_chance(chances, count, looks=4):
            message = (
                f"the correct option stands at place {place} in {count} of {len(items)} choice questions: "
                "the page shuffles, but other formats may not; move some"
            )
            yield Fault(file, 1, "positions", message)


def _levels(file: str, questions: list[BaseQuestion]) -> Iterator[Fault]:
    levels = [question.level for question in questions if "levels" not in question.accept]
    remember, applied = levels.count("remember"), sum(level in APPLIED for level in levels)
    if remember > len(levels) / 4:
        message = f"{remember} of {len(levels)} questions only ask to remember: a quarter at most"
        yield Fault(file, 1, "levels", message)
    if applied < len(levels) / 3:
        message = f"{applied} of {len(levels)} questions ask to apply, analyze or evaluate: at least a third should"
        yield Fault(file, 1, "levels", message)


def _absolutes(question: Choices, bank: Bank) -> Iterator[Fault]:
    if "absolutes" in question.accept:
        return
    found = [{word.lower() for word in ABSOLUTE.findall(plain(option.text))} for option in question.options]
    if any(words for words, option in zip(found, question.options, strict=True) if option.correct):
        return
    for index, words in enumerate(found):
        if words:
            message = (
                f"absolutes: only wrong options say {', '.join(sorted(words))}; a learner may rule them out by that"
            )
            yield bank.sources[question.id].fault(("options", index, "text"), message)


def _near_duplicates(question: Choices, bank: Bank) -> Iterator[Fault]:
    if "near-duplicates" in question.accept:
        return
    words = [_words(plain(option.text)) for option in question.options]
    for first, second in combinations(range(len(words)), 2):
        if _alike(words[first], words[second]):
            message = f"near-duplicates: differs little from options[{first + 1}]; tell them apart or drop one"
            yield bank.sources[question.id].fault(("options", second, "text"), message)


def _one_bin(question: Categorize, bank: Bank) -> Iterator[Fault]:
    if "one-bin" in question.accept:
        return
    (fullest, count), *_ = Counter(item.bin for item in question.items).most_common()
    if count > NEARLY_ALL * len(question.items):
        message = f"one-bin: {count} of {len(question.items)} items belong into '{fullest}'; spread them more evenly"
        yield bank.sources[question.id].fault(("items",), message)


def _given_away(question: ShortText, bank: Bank) -> Iterator[Fault]:
    if "given-away" in question.accept:
        return
    prompt = f" {re.sub(NO_WORD, ' ', levelled(plain(question.prompt)))} "
    for index, form in enumerate(question.answers):
        if f" {re.sub(NO_WORD, ' ', levelled(form))} " in prompt:
            message = f"given-away: the prompt says '{form}'; word it without, or ask for something else"
            yield bank.sources[question.id].fault(("answers", index), message)


def _words(text: str) -> list[str]:
    """The words of ``text`` that count, without the punctuation around them; signs of formulas are kept."""
    words = (word.strip(".,;:!?\"'“”‘’()") for word in text.casefold().split())
    return [word for word in words if word and word not in NOT_COUNTED]


def _alike(first: list[str], second: list[str]) -> bool:
    """Whether two options differ in articles, punctuation, endings or misspellings only.

    One number or one opposite more is a difference that options are made of.
    """
    if len(first) != len(second):
        return False
    return all(a == b or _misspelt(a, b) for a, b in zip(first, second, strict=True))


def _misspelt(a: str, b: str) -> bool:
    same_start = a.isalpha() and b.isalpha() and min(len(a), len(b)) > 3 and a[0] == b[0]
    return same_start and difflib.SequenceMatcher(None, a, b).ratio() > 0.8
