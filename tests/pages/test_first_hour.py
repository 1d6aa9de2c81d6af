"""What an instructor does in her first hour, and in week 3, with the real book and the real commands.

She forks it, keeps six chapters in another order, adds one with five questions, changes two of ours, sets title, date
and links, builds, takes the questions elsewhere; and later merges what has changed upstream.
Of the chapters only hers is executed: the outputs of the others are those of the built book.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from tests.chapters.conftest import snapshot
from tests.conftest import ROOT
from tests.pages.test_fork import git
from tests.pages.test_subsets import APPENDICES, CHAPTERS, expect_links, ids_in

CACHE = ROOT / "_build/.jupyter_cache"
KEPT = random.Random(9).sample([name for name in CHAPTERS if (ROOT / f"quizzes/{Path(name).name}.yml").is_file()], 6)
REWRITTEN, CORRECTED, ASKED, LESS = KEPT[:4]  # by a copy; in its place; with another question; with one question less
MINE = "course/chapters/reward-design"
MY_QUESTIONS = {f"reward-design-{end}" for end in ["six-of-ten", "nine-of-ten", "steps", "when-it-fails", "one-model"]}


def run(fork: Path, *arguments: str, status: int = 0) -> str:
    """One of the commands, with the fork's own packages; what it said."""
    own = {"PYTHONPATH": f"{fork / 'widgets'}{os.pathsep}{fork / 'chapters'}"}
    command = [sys.executable, "-m", "bookwidgets.cli", *arguments]
    done = subprocess.run(command, cwd=fork, capture_output=True, text=True, env=os.environ | own)
    assert done.returncode == status, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


def bank_of(root: Path, name: str) -> Path:
    return root / f"quizzes/{Path(name).name}.yml"


@pytest.fixture(scope="module")
def upstream(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("original")
    snapshot(root)
    if (root / "course").exists():  # these tests may themselves run in a fork
        git(root, "rm", "-rq", "course")
        git(root, "commit", "-q", "-m", "Without what is a fork's own")
    return root


@pytest.fixture(scope="module")
def fork(upstream, tmp_path_factory) -> Path:
    return begin(upstream, tmp_path_factory.mktemp("seminar") / "seminar")


def begin(upstream: Path, root: Path) -> Path:
    """Fork ``upstream`` to ``root``, with everything that she does before she builds it."""
    git(upstream, "clone", "-q", str(upstream), str(root))
    run(root, "new", "course", "--title", "Alignment: a seminar", "--repository", "https://github.com/me/seminar")
    run(root, "new", "chapter", "--title", "Reward design")
    _list_chapters(root)
    _change_two(root)
    _change_questions(root)
    with (root / "course/config.yml").open("a") as config:
        config.write("html: {announcement: 'Exam on 12 February, room 101'}\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "The seminar")
    return root


def _list_chapters(root: Path) -> None:
    kept = [f"course/{name}" if name == REWRITTEN else name for name in KEPT]
    parts = [
        {"caption": "Until Christmas", "numbered": True, "chapters": [{"file": name} for name in kept[:3]]},
        {"caption": "After Christmas", "numbered": True, "chapters": [{"file": name} for name in [*kept[3:], MINE]]},
        {"caption": "Appendices", "chapters": [{"file": name} for name in APPENDICES]},
    ]
    toc = {"format": "jb-book", "root": "index", "parts": parts}
    (root / "course/toc.yml").write_text(yaml.safe_dump(toc, sort_keys=False))


def _change_two(root: Path) -> None:
    """One chapter as a copy, which upstream cannot touch; one sentence of another in its place."""
    for name, sentence, place in [
        (REWRITTEN, "In my own words.", f"course/{REWRITTEN}"),
        (CORRECTED, "We read this one twice.", CORRECTED),
    ]:
        text = (root / f"{name}.md").read_text(encoding="utf-8")
        (root / f"{place}.md").write_text(_after_title(text, sentence), encoding="utf-8")


def _after_title(text: str, sentence: str) -> str:
    return re.sub(r"^# .*\n", lambda title: f"{title[0]}\n{sentence}\n", text, count=1, flags=re.MULTILINE)


def _change_questions(root: Path) -> None:
    asked = yaml.safe_load(bank_of(root, ASKED).read_text(encoding="utf-8"))[0]
    less = yaml.safe_load(bank_of(root, LESS).read_text(encoding="utf-8"))[-1]
    mine = asked | {"replaces": True, "prompt": f"In our seminar: {asked['prompt']}"}
    changes = yaml.safe_dump([mine, {"id": less["id"], "drop": True}], sort_keys=False, allow_unicode=True)
    (root / "course/quizzes/changes.yml").write_text(changes, encoding="utf-8")


@pytest.fixture(scope="module")
def first(site, fork) -> Path:
    """The fork as she builds it first; ``site``, the book of upstream, has been executed before."""
    shutil.copytree(CACHE, fork / "_build/.jupyter_cache")
    told = run(fork, "build", "-n", "-W", "--keep-going")
    assert re.findall(r"^executed (\S+)", told, flags=re.MULTILINE) == [MINE], "the rest was executed before"
    return Path(shutil.copytree(fork / "_build/html", fork.with_name("first")))


def index_of(html: Path) -> str:
    return (html / "_static/bookwidgets/bank/index.js").read_text(encoding="utf-8")


def page(html: Path, name: str) -> str:
    return (html / f"{name}.html").read_text(encoding="utf-8")


def test_check_finds_no_fault_and_says_what_the_order_breaks(fork):
    told = run(fork, "check")
    assert "no fault" in told
    assert "(advice)" in told
    assert "which course/toc.yml leaves out" in told


def test_the_pages_are_hers(first):
    home = page(first, "index")
    assert "Alignment: a seminar" in home
    assert "Exam on 12 February, room 101" in home
    captions = re.findall(r'<span class="caption-text">([^<]*)</span>', home)
    assert captions == ["Until Christmas", "After Christmas", "Appendices"]
    left_out = [name for name in CHAPTERS if name not in KEPT]
    assert left_out
    assert not [name for name in [*left_out, REWRITTEN] if (first / f"{name}.html").exists()]
    assert "In my own words." in page(first, f"course/{REWRITTEN}")
    assert "We read this one twice." in page(first, CORRECTED)
    expect_links(first)


def test_the_questions_are_hers(first, fork):
    index = index_of(first)
    asked = set(re.findall(r'"id":"([^":]+)","print"', index))
    changes = yaml.safe_load((fork / "course/quizzes/changes.yml").read_text(encoding="utf-8"))
    ours = {one["id"] for name in KEPT for one in yaml.safe_load(bank_of(fork, name).read_text(encoding="utf-8"))}
    assert asked == ours - {changes[1]["id"]} | MY_QUESTIONS
    assert "In our seminar: " in page(first, ASKED)
    assert all(f'id="q-{name}"' in page(first, MINE) for name in MY_QUESTIONS)
    assert '"book":"alignment-a-seminar"' in index


def test_the_buttons_are_hers(first):
    assert "mybinder.org/v2/gh/me/seminar/notebooks?urlpath=lab/tree/notebooks/reward-design.ipynb" in page(first, MINE)
    assert "github.com/aligning-language-models/book" not in page(first, MINE)
    assert (first / "notebooks/colab/reward-design.ipynb").is_file()


def test_the_questions_leave_for_moodle_and_canvas(fork, tmp_path):
    changes = yaml.safe_load((fork / "course/quizzes/changes.yml").read_text(encoding="utf-8"))
    for system, name in [("moodle", "seminar.xml"), ("canvas", "seminar.zip")]:
        told = run(fork, "export", "--to", system, str(tmp_path / name))
        text = _written(tmp_path / name)
        assert all(part in text for part in [*MY_QUESTIONS, "In our seminar: "]), system
        assert changes[1]["id"] not in text
        left_out = {Path(chapter).name for chapter in CHAPTERS} - {Path(chapter).name for chapter in KEPT}
        for question in (one for chapter in left_out for one in ids_in_bank(fork, chapter)):
            assert f'"{question}"' not in text
            assert f">{question}<" not in text
        assert f"wrote {tmp_path / name}" in told
        assert (tmp_path / f"{name}.losses.csv").read_text(encoding="utf-8").startswith("question,type,what,done\n")
    assert "Alignment: a seminar" in _written(tmp_path / "seminar.xml")
    assert "alignment-a-seminar" in _written(tmp_path / "seminar.zip")


def _written(path: Path) -> str:
    """The text of a file, or of all files of a package."""
    if path.suffix != ".zip":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as package:
        return "\n".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))


def ids_in_bank(root: Path, chapter: str) -> set[str]:
    bank = bank_of(root, chapter)
    return ids_in(bank.read_text(encoding="utf-8")) if bank.is_file() else set()


def test_in_week_three_she_merges_upstream(upstream, fork, first):
    """What is edited there is in every kind of file, hers among them by subject, and none is in conflict."""
    for name in KEPT:
        with (upstream / f"{name}.md").open("a") as chapter:
            chapter.write("\nA word that was added later.\n")
        bank = bank_of(upstream, name)
        text = bank.read_text(encoding="utf-8")
        bank.write_text(
            re.sub(r"^  level: .*", "  level: evaluate", text, count=1, flags=re.MULTILINE), encoding="utf-8"
        )
    toc, config = upstream / "_toc.yml", upstream / "_config.yml"
    toc.write_text(
        toc.read_text().replace(f"      - file: {CHAPTERS[1]}\n", "").replace("caption: ", "caption: On ", 1)
    )
    config.write_text(
        config.read_text().replace("timeout: 120", "timeout: 150").replace("title: ", "title: The New ", 1)
    )
    git(upstream, "commit", "-qam", "Corrections")
    git(fork, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    assert git(fork, "status", "--porcelain") == ""
    told = run(fork, "build", "-n", "-W", "--keep-going")
    assert "executing" not in told
    html = fork / "_build/html"
    assert all("A word that was added later." in page(html, name) for name in KEPT[1:])
    assert "A word that was added later." not in page(html, f"course/{REWRITTEN}")
    assert "We read this one twice." in page(html, CORRECTED)
    assert "Alignment: a seminar" in page(html, "index")
    assert "In our seminar: " in page(html, ASKED)
    assert "timeout: 150" in (fork / "_build/course/_config.yml").read_text()


def test_make_book_and_the_workflow_build_what_she_has(fork):
    steps = subprocess.run(["make", "-n", "book"], cwd=fork, capture_output=True, text=True).stdout
    assert "bookwidgets check" in steps
    assert "bookwidgets build -n -W" in steps
    workflow = yaml.safe_load((fork / ".github/workflows/book.yml").read_text())
    runs = [step.get("run") for step in workflow["jobs"]["check"]["steps"]]
    assert "make book" in runs
