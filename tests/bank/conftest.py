"""A book of two chapters, written here because tests of faults count its lines."""

from pathlib import Path

import pytest
from broken import QUESTION

ONE = """\
# Chapter one

(sec-one)=
## A section

```{concept} alpha
:title: Alpha
The first.
```

```{code-cell} python
quiz("q-one")
```
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The folder of a good book."""
    two = ONE.replace("one", "two").replace("alpha", "beta").replace(":title: Alpha", ":title: Beta\n:after: alpha")
    second = QUESTION.replace("q-one", "q-two").replace("one#sec-one", "two#sec-two").replace("choice", "multi")
    files = {
        "_toc.yml": "format: jb-book\nroot: index\nchapters:\n  - file: chapters/one\n  - file: chapters/two\n",
        "index.md": "# A book\n\nOn {concept}`alpha`.\n\n```{quiz} q-one\n```\n",
        "chapters/one.md": ONE,
        "chapters/two.md": two,
        "quizzes/one.yml": QUESTION,
        "quizzes/two.yml": second.replace("[alpha]", "[beta, alpha]"),
    }
    for name, text in files.items():
        path = tmp_path / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "own"
