"""What a class's answers say: of each learner, of each question, of each option, of each misconception.

Item analysis as in any textbook of test theory (e.g. Crocker & Algina 1986, chapter 14): difficulty is the share that
was right, discrimination the correlation between a question and the rest of the test, without the question itself.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from bookwidgets.bank.load import Bank
from bookwidgets.bank.models import BaseQuestion
from bookwidgets.bank.text import plain
from bookwidgets.bank.types import Categorize, Choices, Cloze, Flashcard, Free, Match, Numeric, ShortText, Spot, Tokens
from bookwidgets.results.read import Learner

FEWEST = 10  # answers; below, a correlation says nothing
LEAST_OTHERS = 2  # other graded questions that a learner must have answered to have a "rest of the test"


@dataclass(frozen=True)
class OfLearner:
    learner: str
    answered: int
    graded: int  # of these, by the page and not by the learner
    right_at_once: int
    score: float | None  # mean first score over graded questions
    tries: float | None
    reworded: int


@dataclass(frozen=True)
class OfQuestion:
    question: str
    chapter: str
    type: str
    answers: int
    difficulty: float | None  # share right at the first try and without a hint
    score: float | None  # mean score of the first try
    discrimination: float | None
    with_hints: float | None  # share that took a hint before the first try
    tries: float | None


@dataclass(frozen=True)
class OfChoice:
    question: str
    part: str
    text: str
    right: bool | None  # None: not known without grading
    chosen: int
    share: float
    misconception: str


@dataclass(frozen=True)
class OfMisconception:
    misconception: str
    says: str
    learners: int
    questions: str


def of_learners(learners: Iterable[Learner], bank: Bank) -> list[OfLearner]:
    return [_of_learner(learner, bank) for learner in learners]


def _of_learner(learner: Learner, bank: Bank) -> OfLearner:
    graded = [answer for name, answer in learner.answers.items() if _is_graded(bank.questions[name])]
    score = fmean(answer.score for answer in graded) if graded else None
    tries = fmean(answer.tries for answer in graded) if graded else None
    at_once = sum(answer.at_once for answer in graded)
    return OfLearner(learner.name, len(learner.answers), len(graded), at_once, score, tries, learner.reworded)


def _is_graded(question: BaseQuestion) -> bool:
    return not isinstance(question, Free | Flashcard)


def of_questions(learners: Sequence[Learner], bank: Bank) -> list[OfQuestion]:
    """Every question that somebody answered, in the bank's order; those that learners grade have no difficulty."""
    graded = {name for name, question in bank.questions.items() if _is_graded(question)}
    sums = [_sum(learner, graded) for learner in learners]
    return [
        _of_question(question, learners, sums, bank)
        for name, question in bank.questions.items()
        if any(name in learner.answers for learner in learners)
    ]


def _sum(learner: Learner, graded: set[str]) -> tuple[float, int]:
    scores = [answer.score for name, answer in learner.answers.items() if name in graded]
    return sum(scores), len(scores)


def _of_question(
    question: BaseQuestion, learners: Sequence[Learner], sums: list[tuple[float, int]], bank: Bank
) -> OfQuestion:
    given = [(one.answers[question.id], total) for one, total in zip(learners, sums, strict=True)
             if question.id in one.answers]  # fmt: skip
    answers = [answer for answer, _ in given]
    start = question.id, bank.chapter(question.id), question.type, len(answers)
    hinted = fmean(answer.hints > 0 for answer in answers)
    tries = fmean(answer.tries for answer in answers)
    score = fmean(answer.score for answer in answers)
    if not _is_graded(question):
        return OfQuestion(*start, None, score, None, hinted, tries)
    rest = [
        (answer.score, (total - answer.score) / (count - 1))
        for answer, (total, count) in given
        if count - 1 >= LEAST_OTHERS
    ]
    discrimination = correlation(rest) if len(rest) >= FEWEST else None
    return OfQuestion(*start, fmean(answer.at_once for answer in answers), score, discrimination, hinted, tries)


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's correlation; None where one of the two does not vary.

    >>> correlation([(0, 1), (1, 3), (2, 5)])
    1.0
    """
    if len(pairs) < 2:
        return None
    mean_x, mean_y = fmean(x for x, _ in pairs), fmean(y for _, y in pairs)
    xx = math.fsum((x - mean_x) ** 2 for x, _ in pairs)
    yy = math.fsum((y - mean_y) ** 2 for _, y in pairs)
    if min(xx, yy) < 1e-12 * len(pairs):
        return None
    xy = math.fsum((x - mean_x) * (y - mean_y) for x, y in pairs)
    return round(xy / math.sqrt(xx * yy), 12)


def of_choices(learners: Sequence[Learner], bank: Bank) -> list[OfChoice]:
    """What was chosen at the first try: options that nobody chose too, and what was written, most often first."""
    found: list[OfChoice] = []
    for name, question in bank.questions.items():
        responses = [learner.answers[name].response for learner in learners if name in learner.answers]
        if responses and not isinstance(question, Free | Flashcard):
            found += _of_choices(question, responses)
    return found


def _of_choices(question: BaseQuestion, responses: list) -> list[OfChoice]:
    n = len(responses)
    if isinstance(question, Choices | Spot | Tokens):
        counts = Counter(part for response in responses for part in set(response))
        return [
            OfChoice(question.id, str(k), text, right, counts[k], counts[k] / n, idea or "")
            for k, (text, right, idea) in enumerate(_parts(question), 1)
        ]
    written = Counter(part for response in responses for part in _written(question, response))
    return [
        OfChoice(question.id, part, text, None, count, count / n, "") for (part, text), count in written.most_common()
    ]


def _parts(question: Choices | Spot | Tokens) -> list[tuple[str, bool, str | None]]:
    if isinstance(question, Tokens):
        tokens = [token for row in question.rows for token in row]
        return [(token, k in question.right, None) for k, token in enumerate(tokens, 1)]
    if isinstance(question, Spot):
        return [(row.text, row.wrong, row.misconception) for row in question.rows]
    return [(plain(option.text), option.correct, option.misconception) for option in question.options]


def _written(question: BaseQuestion, response: object) -> list[tuple[str, str]]:
    """What was given, part by part: an item with its partner, a gap with its text, an order as a whole."""
    if isinstance(question, Match | Categorize) and isinstance(response, dict):
        places = question.partners if isinstance(question, Match) else question.bins
        names = dict(enumerate(places, 1))
        return [(f"item {k}", names.get(v, str(v)[:80]) if isinstance(v, int) else str(v)[:80])
                for k, v in response.items()]  # fmt: skip
    if isinstance(question, Numeric | ShortText) and isinstance(response, dict):
        return [("", str(response.get("text", ""))[:80])]
    if isinstance(question, Cloze) and isinstance(response, list):
        return [(f"gap {k}", str(text)[:80]) for k, text in enumerate(response, 1) if text]
    return [("", " ".join(str(part)[:20] for part in response))] if isinstance(response, list) else []


def of_misconceptions(learners: Sequence[Learner], bank: Bank) -> list[OfMisconception]:
    """How many learners met each misconception, at their first try or their last, most often first."""
    met: dict[str, set[str]] = {}
    where: dict[str, set[str]] = {}
    for learner in learners:
        for name, answer in learner.answers.items():
            question = bank.questions[name]
            ideas = set(answer.ideas)
            if isinstance(question, Choices | Spot):
                parts = _parts(question)
                ideas |= {parts[k - 1][2] or "" for k in answer.response if not parts[k - 1][1]}
            for idea in ideas & bank.misconceptions.keys():
                met.setdefault(idea, set()).add(learner.name)
                where.setdefault(idea, set()).add(name)
    rows = [
        OfMisconception(idea, plain(bank.misconceptions[idea].says), len(who), " ".join(sorted(where[idea])))
        for idea, who in met.items()
    ]
    return sorted(rows, key=lambda row: (-row.learners, row.misconception))
