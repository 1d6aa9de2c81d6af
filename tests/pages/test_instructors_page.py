"""The page for instructors: every command on it is run in a fresh fork, and what it prints is what the page shows."""

import re
import shlex
from pathlib import Path

import pytest

from bookwidgets.bank.load import load
from tests.conftest import ROOT
from tests.pages.test_first_hour import run, upstream
from tests.pages.test_fork import git
from tests.results.classroom import answer, file_of

__all__ = ["upstream"]  # a fixture

PAGE = (ROOT / "chapters/for-instructors.md").read_text(encoding="utf-8")
OLD_QUIZ = '[{"question": "Which?", "type": "multiple_choice", "answers": [{"answer": "A", "correct": true}]}]'


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def commands() -> list[list[str]]:
    """The commands of the book on the page, in their order; those of git and make are tried elsewhere."""
    lines = [line for block in blocks("sh") for line in block.replace("\\\n", " ").splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith(".venv/bin/bookwidgets ")]


@pytest.fixture(scope="module")
def told(upstream: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each command said, by its first words; the fork has the table of contents that the page shows."""
    root = tmp_path_factory.mktemp("page") / "seminar"
    git(upstream, "clone", "-q", str(upstream), str(root))
    (root / "old-quiz.json").write_text(OLD_QUIZ)
    (root / "handed-in").mkdir()
    given = {"wia-mountain-radio": answer(load(root / "quizzes"), "wia-mountain-radio", 1, 1)}
    (root / "handed-in/ann.json").write_text(file_of(given, book="alignment-a-seminar"))
    told: dict[str, str] = {}
    # The chapter is written first: the page lists it before it comes to it.
    for words in sorted(commands(), key=lambda words: words[:2] not in (["new", "course"], ["new", "chapter"])):
        if words == ["check"]:
            toc = next(block for block in blocks("yaml") if block.startswith("format: jb-book"))
            (root / "course/toc.yml").write_text(toc)
            git(root, "add", "-A")
            git(root, "commit", "-q", "-m", "The seminar")
        names = [str(path.relative_to(root)) for word in words if "*" in word for path in root.glob(word)]
        said = run(root, *(word for word in words if "*" not in word), *names)
        if words[0] == "import":
            said += (root / words[2]).read_text()
        told[" ".join(words[:2])] = said + git(root, "status", "--porcelain")
        if words[:2] == ["new", "question"] or words[0] == "import":  # to be written before anything else is done
            git(root, "checkout", "-q", "--", "course")
            git(root, "clean", "-qfd", "course")
    return told


def test_every_command_runs(told: dict[str, str]) -> None:
    firsts = {words[0] for words in commands()}
    assert firsts == {"new", "check", "import", "export", "results"}
    assert "course/quizzes/reward-design.yml: its five questions" in told["new chapter"]
    assert " M course/quizzes/reward-design.yml" in told["new question"]
    imported = next(said for name, said in told.items() if name.startswith("import "))
    assert "?? course/quizzes/reward-models.yml" in imported
    assert "# yaml-language-server: $schema=../../quizzes/schema.json\n" in imported
    assert "?? seminar.xml.losses.csv" in told["export --to"]
    assert "1 of 1 files count; see results/index.html" in told["results --to"]


def test_check_prints_what_the_page_shows(told: dict[str, str]) -> None:
    """But for the line's number, which moves."""

    def plain(text: str) -> str:
        return re.sub(r":\d+:", ":", " ".join(text.split()))

    (shown,) = blocks("text")
    assert shown.strip()
    assert plain(shown) in plain(told["check"])


def test_what_is_written_into_course_is_without_a_fault(told: dict[str, str]) -> None:
    assert "no fault" in told["check"]


@pytest.mark.parametrize("block", [block for block in blocks("yaml") if "drop: true" in block])
def test_the_questions_that_it_changes_are_ours(block: str) -> None:
    ids = re.findall(r"^- id: (\S+)", block, flags=re.MULTILINE)
    assert ids
    assert set(ids) <= set(load(ROOT / "quizzes").questions)
