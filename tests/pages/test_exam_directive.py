"""The directive of the practice exam: wrong options, and what a shorter table of contents does to it."""

import re
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup

THREE = """# Chapter three

(sec-three)=
## A section of three

```{quiz} q-three
```

```{concept} gamma
:title: Gamma
:after: alpha
The third.
```
"""
QUESTION = """- id: q-three
  type: numeric
  concepts: [gamma]
  level: remember
  prompt: How many?
  hints: [Count.]
  answer: 3
  tolerance: {absolute: 0}
  feedback: Three.
  explanation: Three is three.
  see: three#sec-three
"""
EXAM = """# An exam

```{practice-exam}
:chapters: one, three
:concepts: gamma, alpha
:types: choice, numeric
:levels: apply, remember
:questions: 7
:pause: no
:seed: "7b & <c>"
```
"""


def write(book: Path, exam: str, *chapters: str) -> None:
    """Put a third chapter and an exam into the small book, and list these chapters."""
    (book / "chapters/three.md").write_text(THREE)
    (book / "quizzes/three.yml").write_text(QUESTION)
    (book / "chapters/exam.md").write_text(exam)
    listed = "".join(f"      - file: chapters/{name}\n" for name in [*chapters, "exam", "concepts"])
    (book / "_toc.yml").write_text(f"format: jb-book\nroot: index\nparts:\n  - caption: One\n    chapters:\n{listed}")


def exam_of(html: Path) -> tuple[dict, list[str]]:
    """What the element of the built page is told, and the chapters that it lists without scripts."""
    page = BeautifulSoup((html / "chapters/exam.html").read_text(encoding="utf-8"), "html.parser")
    element = page.select_one("book-exam")
    data = {name.removeprefix("data-"): value for name, value in element.attrs.items() if name != "class"}
    return data, [item.get_text().strip() for item in element.select("li")]


def test_a_shorter_table_of_contents(small_book: Path, build_book: Callable) -> None:
    """A chapter that is left out takes its questions and concepts out of the exam, without a word; and back in."""
    common = {"questions": "7", "minutes": "14", "pause": "no", "confidence": "yes", "seed": "7b & <c>"}
    write(small_book, EXAM, "one", "two", "three")
    built = build_book(small_book)
    assert built.status == 0, built.log[-3000:]
    everything = common | {"types": "choice numeric", "levels": "apply remember"}
    data, listed = exam_of(built.html)
    assert data == everything | {"chapters": "one three", "concepts": "gamma alpha"}
    assert listed == [f"Chapter {name} (questions: 1)" for name in ["one", "two", "three"]]
    bank = built.html / "_static/bookwidgets/bank"
    assert '"q-three"' in (bank / "index.js").read_text()
    assert (bank / "three.js").exists()

    write(small_book, EXAM, "one", "two")
    built = build_book(small_book)
    assert built.status == 0, built.log[-3000:]
    data, listed = exam_of(built.html)
    assert data == everything | {"chapters": "one", "concepts": "alpha"}
    assert listed == [f"Chapter {name} (questions: 1)" for name in ["one", "two"]]
    assert '"q-three"' not in (bank / "index.js").read_text()
    assert not (bank / "three.js").exists()


WRONG = {
    ":chapters: one, tow": "there is no chapter 'tow': did you mean 'two'?",
    ":concepts: alfa": "there is no concept 'alfa': did you mean 'alpha'?",
    ":levels: aply": "there is no level 'aply': did you mean 'apply'?",
    ":types: flashcard": "there is no type 'flashcard'",
    ":questions: 0": "write a whole number from 1 to 200",
    ":minutes: an hour": "write a whole number from 0 to 600",
    ":pause: perhaps": "write yes or no",
    ":confidence:": "write yes or no",
    ":chapters: one,,two": "write one name or several, with a comma between them",
    f":seed: {'x' * 41}": "write one line of at most 40 characters",
    ":hours: 2": "hours",
}


def test_options_that_make_no_sense(small_book: Path, build_book: Callable) -> None:
    """All of them at once, each with its line and a remedy."""
    source = "# An exam\n\n" + "".join(f"```{{practice-exam}}\n{option}\n```\n\n" for option in WRONG)
    write(small_book, source, "one", "two")
    built = build_book(small_book)
    assert built.status != 0
    for number, (option, message) in enumerate(WRONG.items()):
        line = 3 + 4 * number
        said = [text for text in built.log.splitlines() if re.search(rf"exam\.md:{line}: ", text)]
        assert any(message in text for text in said), (option, said)
