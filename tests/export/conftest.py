"""What is exported: the book's whole bank, and a small bank with every type, an image and texts that want to escape."""

import json
import shutil
from pathlib import Path

import pytest

from bookwidgets.bank.check import Book, check
from bookwidgets.bank.course import scan
from bookwidgets.bank.load import load

ROOT = Path(__file__).parents[2]
TYPES = ROOT / "tests/browser/extra/quizzes"
# Marks that GIFT, Moodle's gaps, XML and Anki each take for something else.
HOSTILE = r"a=b ~c #d {e} :f: 50% -> </text>]]> {{Back}} & \\n <b> ~%100%x"
EXTRA = {
    "id": "own-hostile",
    "type": "choice",
    "concepts": ["epsilon"],
    "level": "apply",
    "prompt": f"{HOSTILE}\n\n![A dot](images/dot.png) and $a < b_{{1}}$",
    "hints": [HOSTILE],
    "options": [{"text": f"{n} {HOSTILE}", "correct": n == 1, "feedback": HOSTILE} for n in range(3)],
    "explanation": HOSTILE,
    "see": "types#sec-types",
}
GAPS = EXTRA | {
    "id": "own-gaps",
    "type": "cloze",
    "text": f"{HOSTILE} {{{{1}}}} $x_{{1}}$ and {{{{2}}}}",
    "gaps": [
        {"options": ["a~b", "c#d}", "e&amp;"], "answer": "c#d}", "feedback": HOSTILE},
        {"answers": ["=f", "{g~"], "feedback": "A $b < c_{1}$ & more."},
    ],
}
MANY = EXTRA | {
    "id": "own-tokens-many",
    "type": "tokens",
    "tokens": " ".join(f"t{n}" for n in range(40)),
    "marked": [[2, 4], [9, 9]],
    "feedback": [{"from": 1, "to": 4, "feedback": "Here."}],
}
THIRTEEN = EXTRA | {
    "id": "own-tokens-thirteen",
    "type": "tokens",
    "tokens": " ".join(f"t{n}" for n in range(20)),
    "marked": [[1, 13]],
    "feedback": [{"from": 1, "to": 4, "feedback": "Here."}],
}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def read_book(root: Path) -> Book:
    return Book(scan(root)[0], load(root / "quizzes"))


@pytest.fixture(scope="session")
def whole() -> Book:
    return check(ROOT, own=False)


@pytest.fixture(scope="session")
def types_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("types")
    (root / "quizzes/images").mkdir(parents=True)
    (root / "chapters").mkdir()
    for name in ["types.yml", "misconceptions.yml"]:
        shutil.copy(TYPES / name, root / "quizzes" / name)
    (root / "quizzes/images/dot.png").write_bytes(PNG)
    for one in [GAPS, MANY, THIRTEEN]:
        one.pop("options", None)
    (root / "quizzes/own.yml").write_text(json.dumps([EXTRA, GAPS, MANY, THIRTEEN], indent=1), encoding="utf-8")
    (root / "_config.yml").write_text("title: A small book\n", encoding="utf-8")
    chapters = "chapters:\n  - file: chapters/types\n  - file: chapters/own\n"
    (root / "_toc.yml").write_text(f"format: jb-book\nroot: index\n{chapters}", encoding="utf-8")
    (root / "index.md").write_text("# A small book\n", encoding="utf-8")
    for name in ["types", "own"]:
        (root / f"chapters/{name}.md").write_text(f"# On {name}\n", encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def types(types_root: Path) -> Book:
    return read_book(types_root)


@pytest.fixture(params=["whole", "types"])
def book(request: pytest.FixtureRequest) -> Book:
    return request.getfixturevalue(request.param)
