"""A class that was made up: what learners exported, where it is known how hard each question is."""

import json
import math
import random
from pathlib import Path
from typing import Any

from bookwidgets.bank.load import Bank

BOOK = "aligning-language-models"


def answer(bank: Bank, name: str, picked: int, at: int, **other: Any) -> dict[str, Any]:
    """An answer as the page keeps it (static/quiz.js and store.js)."""
    question = bank.questions[name]
    score = int(question.options[picked - 1].correct)
    first = {"score": score, "response": [picked], "hints": 0, "at": at}
    given = {"id": name, "print": question.fingerprint, "type": "choice", "response": [picked], "score": score}
    return given | {"attempt": 1, "hints": 0, "shown": False, "ideas": [], "first": first, "best": score} | other


def file_of(answers: dict[str, dict[str, Any]], at: int = 0, **other: Any) -> str:
    entries = {"answer": {name: [max(at, value["first"]["at"]), value] for name, value in answers.items()}}
    return json.dumps({"format": 1, "book": BOOK, "title": "Aligning Language Models", "entries": entries} | other)


def right(bank: Bank, name: str) -> int:
    return next(n for n, option in enumerate(bank.questions[name].options, 1) if option.correct)


def wrong(bank: Bank, name: str) -> list[int]:
    return [n for n, option in enumerate(bank.questions[name].options, 1) if not option.correct]


def write_class(
    bank: Bank, difficulty: dict[str, float], slope: dict[str, float], folder: Path, learners: int
) -> tuple[list[Path], list[dict[str, int]]]:
    """Write a file for each learner, and return the files and each learner's scores.

    Who is as able as a question is hard is right half of the time, and the slope says how fast that changes: the
    two-parameter logistic model, with abilities from the standard normal distribution.
    """
    chance, at = random.Random(1), iter(range(1, 10_000_000))
    paths, told = [], []
    for n in range(learners):
        ability = chance.gauss(0, 1)
        answers, scores = {}, {}
        for name in difficulty:
            share = 1 / (1 + math.exp(-slope[name] * (ability - difficulty[name])))
            scores[name] = int(chance.random() < share)
            picked = right(bank, name) if scores[name] else chance.choice(wrong(bank, name))
            answers[name] = answer(bank, name, picked, next(at))
        told.append(scores)
        paths.append(folder / f"{n}.json")
        paths[-1].write_text(file_of(answers), encoding="utf-8")
    return paths, told
