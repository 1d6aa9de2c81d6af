"""Class results: 500 learners whose items are known, and files that must not count."""

import csv
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from classroom import BOOK, answer, file_of, right, write_class, wrong
from scipy.stats import pearsonr, spearmanr

from bookwidgets.bank.load import Bank, load
from bookwidgets.cli import main
from bookwidgets.results import write_results
from bookwidgets.results.count import correlation
from tests.conftest import ROOT, SMALL_BOOK

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load(ROOT / "quizzes")


@pytest.fixture(scope="module")
def items(bank: Bank) -> list[str]:
    """The choice questions that a class answers here."""
    return [name for name, question in bank.questions.items() if question.type == "choice"][:20]


def rows(folder: Path, name: str) -> Rows:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


Count = Callable[..., tuple[list[Any], list[Any]]]


@pytest.fixture
def counted(bank: Bank, tmp_path: Path) -> Count:
    """Write files by their names and texts, and count them into the folder out."""

    def run(files: dict[str, str | bytes]) -> tuple[list[Any], list[Any]]:
        for name, text in files.items():
            content = text if isinstance(text, bytes) else text.encode()
            (tmp_path / name).write_bytes(content)
        paths = [tmp_path / name for name in files]
        return write_results(paths, bank, tmp_path / "out", book=BOOK, title="A book")

    return run


def test_the_items_of_500_learners_are_recovered(bank: Bank, items: list[str], tmp_path: Path) -> None:
    """Two-parameter logistic model: difficulties from -2 to 2, discriminations 1.5, and one item keyed wrong."""
    difficulty = {name: -2 + 4 * n / (len(items) - 1) for n, name in enumerate(items)}
    slope = dict.fromkeys(items, 1.5) | {items[10]: -1.0}
    paths, told = write_class(bank, difficulty, slope, tmp_path, 500)
    began = time.perf_counter()
    learners, skipped = write_results(paths, bank, tmp_path / "out", book=BOOK, title="A book")
    assert time.perf_counter() - began < 10
    assert (len(learners), skipped) == (500, [])
    found = {row["question"]: row for row in rows(tmp_path / "out", "questions")}
    # Against another implementation, item by item.
    for name in items:
        rest = [sum(scores.values()) - scores[name] for scores in told]
        expected = pearsonr([scores[name] for scores in told], rest).statistic
        assert float(found[name]["discrimination"]) == pytest.approx(expected, abs=1e-4)
        assert float(found[name]["difficulty"]) == pytest.approx(sum(s[name] for s in told) / 500, abs=1e-4)
    shares = [float(found[name]["difficulty"]) for name in items]
    assert spearmanr(shares, [-difficulty[name] for name in items]).statistic > 0.98
    signs = {name: float(found[name]["discrimination"]) > 0 for name in items}
    assert signs == {name: slope[name] > 0 for name in items}
    page = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert f'<tr id="{items[10]}" class="low">' in page
    assert page.count('class="low"') == 1
    assert page.count("<circle") == len(items)


def test_choices_and_misconceptions(bank: Bank, counted: Count, tmp_path: Path) -> None:
    name = "wia-mountain-radio"
    files = {f"{n}.json": file_of({name: answer(bank, name, picked, n)}) for n, picked in enumerate([1, 2, 2, 3, 2])}
    files["5.json"] = file_of({name: answer(bank, name, 1, 9) | {"ideas": ["bigger-is-aligned"], "attempt": 2}})
    learners, _ = counted(files)
    assert len(learners) == 6
    chosen = [
        (row["part"], row["right"], row["chosen"], row["misconception"]) for row in rows(tmp_path / "out", "choices")
    ]
    assert chosen == [
        ("1", "True", "2", ""),
        ("2", "False", "3", "more-text-aligns"),
        ("3", "False", "1", "bigger-is-aligned"),
        ("4", "False", "0", ""),
    ]
    met = [(row["misconception"], row["learners"]) for row in rows(tmp_path / "out", "misconceptions")]
    assert met == [("more-text-aligns", "3"), ("bigger-is-aligned", "2")]


def test_what_counts_as_right_at_once(bank: Bank, items: list[str], counted: Count, tmp_path: Path) -> None:
    """A hint before, or a second try, is not at once; another wording is told apart; self-graded has no difficulty."""
    name = items[0]
    plain = answer(bank, name, right(bank, name), 1)
    hinted = answer(bank, name, right(bank, name), 2)
    hinted["first"]["hints"] = 1
    second = answer(bank, name, wrong(bank, name)[0], 3) | {"score": 1, "attempt": 2, "best": 1}
    other = answer(bank, name, right(bank, name), 4, print="00000000")
    card = next(one for one, question in bank.questions.items() if question.type == "flashcard")
    first = {"score": 1, "response": {"grade": "easy"}, "hints": 0, "at": 5}
    easy = {"id": card, "print": bank.questions[card].fingerprint, "type": "flashcard", "response": {"grade": "easy"},
            "score": 1, "attempt": 1, "hints": 0, "shown": False, "ideas": [], "first": first, "best": 1}  # fmt: skip
    counted({f"{n}.json": file_of({name: one}) for n, one in enumerate([plain, hinted, second, other])}
            | {"card.json": file_of({card: easy})})  # fmt: skip
    found = {row["question"]: row for row in rows(tmp_path / "out", "questions")}
    assert found[name]["answers"] == "3"
    assert float(found[name]["difficulty"]) == pytest.approx(1 / 3, abs=1e-4)
    assert float(found[name]["score"]) == pytest.approx(2 / 3, abs=1e-4)
    assert found[name]["discrimination"] == ""
    assert (found[card]["difficulty"], found[card]["answers"]) == ("", "1")
    assert [row["reworded"] for row in rows(tmp_path / "out", "learners")] == ["0", "0", "0", "1", "0"]


def test_of_one_learner_the_newest_file_counts(bank: Bank, items: list[str], counted: Count, tmp_path: Path) -> None:
    early = {items[0]: answer(bank, items[0], 1, 100)}
    late = early | {items[1]: answer(bank, items[1], 1, 200)}
    other = {items[0]: answer(bank, items[0], 1, 101)}
    learners, skipped = counted({"ann-1.json": file_of(early), "ann-2.json": file_of(late), "bob.json": file_of(other)})
    assert [Path(one.name).name for one in learners] == ["ann-2.json", "bob.json"]
    (double,) = skipped
    assert Path(double.file).name == "ann-1.json"
    assert double.why.endswith("ann-2.json, which is newer and counts")
    assert {row["question"]: row["answers"] for row in rows(tmp_path / "out", "questions")} == {
        items[0]: "2",
        items[1]: "1",
    }


def spoiled(bank: Bank, items: list[str]) -> dict[str, tuple[str | bytes, str]]:
    """Files that look right at first, with one good answer each, and why they do not count."""
    good, name = {items[0]: answer(bank, items[0], 1, 1)}, items[1]
    bad = answer(bank, name, 1, 2)

    def with_bad(**changes: Any) -> str:
        return file_of(good | {name: bad | changes})

    at = f"is damaged at answer/{name}"
    first = bad["first"]
    entry = json.loads(file_of(good | {name: bad}))
    entry["entries"]["answer"][name][0] = "yesterday"
    return {
        "cut.json": (file_of(good)[:-9], "is damaged: it is not JSON to its end"),
        "empty.json": ("", "is damaged: it is not JSON to its end"),
        "binary.json": (b"\xff\xfe\x00PK", "is damaged: it is not JSON to its end"),
        "deep.json": ("[" * 100_000, "is damaged: it is not JSON to its end"),
        "nan.json": (file_of(good).replace('"score": 0', '"score": NaN'), "is damaged: it is not JSON to its end"),
        "list.json": ("[]", "is no file of progress: export it on the progress page"),
        "other.json": (file_of(good, book="other", title="Another"), "is of another book, Another"),
        "newer.json": (file_of(good, format=2), "was saved by a newer version of the book: update the book"),
        "time.json": (json.dumps(entry), at),
        "option.json": (with_bad(first=first | {"response": [9]}), at),
        "score.json": (with_bad(first=first | {"score": 7}), at),
        "none.json": (with_bad(first={"at": 1}), at),
        "type.json": (with_bad(type="multi"), at),
        "ideas.json": (with_bad(ideas=[{}]), at),
    }


def test_what_cannot_be_trusted_is_named_and_does_not_count_at_all(
    bank: Bank, items: list[str], counted: Count, tmp_path: Path
) -> None:
    files = spoiled(bank, items)
    if '"score": NaN' not in files["nan.json"][0]:  # the first option is the right one
        files["nan.json"] = (files["nan.json"][0].replace('"score": 1', '"score": NaN'), files["nan.json"][1])
    good = file_of({items[0]: answer(bank, items[0], 1, 50)})
    learners, skipped = counted({"good.json": good} | {name: text for name, (text, _) in files.items()})
    assert [Path(one.name).name for one in learners] == ["good.json"]
    assert {Path(one.file).name: one.why for one in skipped} == {name: why for name, (_, why) in files.items()}
    assert [row["answers"] for row in rows(tmp_path / "out", "questions")] == ["1"]
    assert len(rows(tmp_path / "out", "skipped")) == len(files)


def test_what_learners_wrote_is_text(bank: Bank, counted: Count, tmp_path: Path) -> None:
    name = next(one for one, question in bank.questions.items() if question.type == "numeric")
    hostile = '=HYPERLINK("x")<script>alert(1)</script>'
    response = {"value": 1, "text": hostile}
    value = {"id": name, "print": bank.questions[name].fingerprint, "type": "numeric", "response": response, "score": 0,
             "attempt": 1, "hints": 0, "ideas": [], "first": {"score": 0, "response": response, "hints": 0, "at": 1},
             "best": 0}  # fmt: skip
    counted({"<b>.json": file_of({name: value})})
    page = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<b>.json" not in page
    assert rows(tmp_path / "out", "choices")[0]["text"].startswith("'=HYPERLINK")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = {"q-one": answer(load(SMALL_BOOK / "quizzes"), "q-one", 1, 1)}
    (tmp_path / "ann.json").write_text(file_of(given, book=SMALL_BOOK.name), encoding="utf-8")
    (tmp_path / "torn.json").write_text("{", encoding="utf-8")
    files = [str(tmp_path / name) for name in ["ann.json", "torn.json"]]
    assert main(["results", *files, "--to", str(tmp_path / "out"), "--book", str(SMALL_BOOK)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("1 of 2 files count; see ")
    assert err == "torn.json is damaged: it is not JSON to its end: skipped\n"
    assert main(["results", files[1], "--to", str(tmp_path / "out"), "--book", str(SMALL_BOOK)]) == 1


def test_files_of_two_folders_are_told_apart(bank: Bank, items: list[str], tmp_path: Path) -> None:
    """Each class its folder, or each learner: files may be called alike."""
    paths = [tmp_path / "class" / folder / "progress.json" for folder in ["ann", "bob/late"]]
    for n, path in enumerate(paths):
        path.parent.mkdir(parents=True)
        path.write_text(file_of({items[0]: answer(bank, items[0], 1, n)}), encoding="utf-8")
    learners, _ = write_results(paths, bank, tmp_path / "out", book=BOOK, title="A book")
    assert [one.name for one in learners] == ["ann/progress.json", "bob/late/progress.json"]
    assert str(tmp_path) not in (tmp_path / "out/index.html").read_text(encoding="utf-8")


def test_a_correlation_of_what_does_not_vary() -> None:
    assert correlation([(1, 0.2), (1, 0.4)]) is None
    assert correlation([(0, 1), (1, 0)]) == -1
