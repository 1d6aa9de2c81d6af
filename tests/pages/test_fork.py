"""A fork of the small book: what it adds is built, and what changes upstream is merged without a conflict."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bookwidgets.cli import main
from tests.conftest import ROOT

OWN = {
    "course/toc.yml": """\
format: jb-book
root: index
parts:
  - caption: Weeks
    numbered: true
    chapters:
      - file: chapters/two
      - file: course/chapters/mine
      - file: course/chapters/one
  - caption: Appendices
    chapters:
      - file: chapters/concepts
      - file: course/chapters/exam
""",
    "course/config.yml": """\
title: My course
repository:
  url: https://github.com/me/my-course
sphinx:
  config:
    bookwidgets_book_id: my-course
launch_buttons:
  binderhub_url: https://mybinder.org
""",
    "course/chapters/exam.md": "# Exam\n\n```{practice-exam}\n```\n",
    "course/quizzes/mine.yml": """\
- id: mine-square
  type: choice
  concepts: [gamma]
  level: apply
  prompt: |
    Which one is mine? ![A square](images/mine.svg)
  hints: [Look at it.]
  options:
    - text: The first.
      correct: true
      feedback: Yes.
    - text: Some other.
      feedback: No.
    - text: A third one.
      feedback: No.
  explanation: Because it is.
  see: mine#sec-mine
""",
    "course/quizzes/images/mine.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>',
    "course/quizzes/changes.yml": "- id: q-two\n  drop: true\n",
}
MINE = """
# A chapter of mine

```{code-cell} python
from bookwidgets import quiz
from tinylab.style import GOLD

print(GOLD)
```

(sec-mine)=
## A section of mine

It goes on from {doc}`/chapters/one` and {ref}`sec-one`, links to {doc}`two`, and ends with {concept}`beta`.

```{concept} gamma
:title: Gamma
:after: alpha
It is mine.
```

```{code-cell} python
:tags: [remove-input]
quiz("mine-square")
```
"""


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def make(fork: Path) -> str:
    """Build as `make book` does; what was printed."""
    command = [sys.executable, "-m", "bookwidgets.cli", "build", "-n", "-W", "--keep-going"]
    done = subprocess.run(command, cwd=fork, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def upstream(small_book_at, tmp_path_factory) -> Path:
    root = small_book_at(tmp_path_factory.mktemp("upstream") / "book")
    (root / ".gitignore").write_text("_build/\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "The book")
    return root


@pytest.fixture(scope="module")
def fork(upstream, tmp_path_factory) -> Path:
    """Another order, a chapter and an exam of its own, one chapter and one question replaced, one question dropped."""
    root = tmp_path_factory.mktemp("fork") / "book"
    git(upstream, "clone", "-q", str(upstream), str(root))
    for name, text in OWN.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    front, _, _ = (root / "chapters/two.md").read_text(encoding="utf-8").partition("# Chapter two")
    (root / "course/chapters/mine.md").write_text(front + MINE.lstrip())
    for name in ["one.md", "own.mplstyle"]:
        shutil.copy(root / "chapters" / name, root / "course/chapters" / name)
    edit(root / "course/chapters/one.md", "## A section", "## A section as I tell it")
    replaced = (root / "quizzes/one.yml").read_text(encoding="utf-8").replace("prompt: What", "prompt: Now what")
    with (root / "course/quizzes/changes.yml").open("a", encoding="utf-8") as changes:
        changes.write(replaced)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "My course")
    return root


@pytest.fixture(scope="module")
def site(fork) -> Path:
    """The fork as it is built first."""
    make(fork)
    return Path(shutil.copytree(fork / "_build/html", fork.with_name("first")))


def page(site: Path, name: str) -> str:
    return (site / f"{name}.html").read_text(encoding="utf-8")


def test_own_chapters_take_their_place(site):
    mine = page(site, "course/chapters/mine")
    assert 'href="one.html"' in mine, "a link to the chapter of ours leads to the one that takes its place"
    assert "A section as I tell it" in mine
    assert 'href="../../chapters/two.html"' in mine, "named as a chapter of ours names it, beside itself"
    assert 'href="../../chapters/two.html#concept-beta"' in mine
    assert "<title>A chapter of mine" in mine.replace("2. ", "")
    assert "My course" in mine
    assert not (site / "chapters/one.html").exists()


def test_questions_are_replaced_dropped_and_added(site):
    assert "Now what" in page(site, "course/chapters/one")
    assert "Now what" in page(site, "index")
    assert "q-two" not in page(site, "chapters/two")
    mine = page(site, "course/chapters/mine")
    assert 'id="q-mine-square"' in mine
    assert "_static/quizzes/images/mine.svg" in mine
    assert (site / "_static/quizzes/images/mine.svg").is_file()


def test_the_exam_and_the_store_are_those_of_the_course(site):
    text = (site / "_static/bookwidgets/bank/index.js").read_text(encoding="utf-8")
    index = json.loads(text[text.index("=") + 1 : text.rindex(";")])
    assert index["book"] == "my-course"
    assert [one["slug"] for one in index["chapters"]] == ["two", "mine", "one"]
    assert [one["id"] for one in index["questions"] if not one.get("card")] == ["mine-square", "q-one"]
    store = (site / "_static/bookwidgets/store.js").read_text(encoding="utf-8")
    assert '{"id": "my-course", "title": "My course"}' in store


def test_launch_buttons_lead_to_the_fork(site):
    opened = "https://mybinder.org/v2/gh/me/my-course/notebooks?urlpath=lab/tree/notebooks/mine.ipynb"
    assert opened in page(site, "course/chapters/mine")
    notebook = (site / "notebooks/colab/mine.ipynb").read_text(encoding="utf-8")
    assert "git+https://github.com/me/my-course@main" in notebook
    assert "https://me.github.io/my-course/course/chapters/mine.html" in notebook


def test_without_the_folder_it_is_the_book_of_upstream(fork, site, build_book, tmp_path):
    """The plain way to build knows nothing of course/, so upstream's tests hold in a fork."""
    built = build_book(fork, output=tmp_path)
    assert built.status == 0, built.log
    assert "A small book" in built.page("chapters/one")
    assert "q-two" in built.page("chapters/two")
    assert not (built.html / "course").exists()


def test_questions_far_from_the_book(fork, tmp_path):
    """What Colab installs holds the fork's questions too."""
    shutil.copy(ROOT / "setup.py", fork)
    shutil.copy(ROOT / "quizzes/__init__.py", fork / "quizzes")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    # pip builds with the setuptools that the file asks for; the one at hand may be too old for this line.
    (fork / "pyproject.toml").write_text(project.replace('license = "MIT"\n', ""), encoding="utf-8")
    (fork / "chapters/tinylab").mkdir()
    (fork / "chapters/tinylab/__init__.py").touch()
    command = [sys.executable, "setup.py", "-q", "build_py", "--build-lib", str(tmp_path / "lib")]
    done = subprocess.run(command, cwd=fork, capture_output=True, text=True)
    git(fork, "clean", "-fdxq", "-e", "_build")
    assert done.returncode == 0, done.stderr
    ask = "from bookwidgets import quiz; q = quiz('mine-square', 'q-one', 'q-two'); print(q.ids, 'Now what' in q.html)"
    asked = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'lib')!r}); {ask}"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert asked.stdout.strip() == "['mine-square', 'q-one'] True", asked.stderr


def test_upstream_is_merged_without_a_conflict(upstream, fork, site):
    """It edits chapters, banks, table of contents and settings, the replaced and the dropped among them."""
    edit(upstream / "chapters/one.md", "A number", "Corrected: a number")
    edit(upstream / "chapters/two.md", "The second, after", "The corrected second, after")
    edit(upstream / "quizzes/one.yml", "Think.", "Think twice.")
    edit(upstream / "quizzes/two.yml", "same square", "very same square")
    new = (upstream / "quizzes/two.yml").read_text().replace("q-two", "q-new")
    (upstream / "quizzes/two.yml").write_text((upstream / "quizzes/two.yml").read_text() + new)
    shutil.copy(upstream / "chapters/two.md", upstream / "chapters/three.md")
    edit(upstream / "chapters/three.md", "(sec-two)=", "(sec-three)=")
    edit(upstream / "chapters/three.md", "{concept} beta", "{concept} delta")
    edit(
        upstream / "_toc.yml",
        "      - file: chapters/two\n",
        "      - file: chapters/three\n      - file: chapters/two\n",
    )
    edit(upstream / "_config.yml", "title: A small book", "title: A small book, second edition")
    edit(upstream / "_config.yml", "timeout: 120", "timeout: 90")
    git(upstream, "commit", "-qam", "Edited")
    git(upstream, "add", "-A")
    git(upstream, "commit", "-q", "-m", "Another chapter")
    git(fork, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    assert git(fork, "status", "--porcelain") == ""
    make(fork)
    html = fork / "_build/html"
    assert "The corrected second" in page(html, "chapters/two")
    assert "My course" in page(html, "index")
    assert "A section as I tell it" in page(html, "course/chapters/one")
    assert "q-two" not in page(html, "chapters/two")
    text = (html / "_static/bookwidgets/bank/index.js").read_text(encoding="utf-8")
    assert '"id":"q-new"' in text
    assert not (html / "chapters/three.html").exists()
    config = yaml.safe_load((fork / "_build/course/_config.yml").read_text())
    assert (config["title"], config["execute"]["timeout"]) == ("My course", 90)


def test_a_question_that_upstream_takes_out_is_told(upstream, fork, site, capsys):
    """Ids are permanent; should one go nevertheless, a fork that drops or means to replace it hears of it."""
    edit(upstream / "quizzes/two.yml", "- id: q-two\n", "- id: q-gone\n")
    edit(upstream / "chapters/two.md", 'quiz("q-two")', 'quiz("q-gone")')
    edit(upstream / "chapters/three.md", 'quiz("q-two")', 'quiz("q-gone")')
    git(upstream, "commit", "-qam", "Renamed")
    git(fork, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    assert main(["check", str(fork)]) == 1
    told = capsys.readouterr().err
    assert re.match(r"course/quizzes/changes\.yml:1: question 'q-two': id: there is no question 'q-two' in", told)
