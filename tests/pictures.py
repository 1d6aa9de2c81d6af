"""Make the pictures of the page for instructors anew: from a real fork, built, and looked at in Chromium.

    PYTHONPATH=. .venv/bin/python tests/pictures.py            # makes a fork of this folder, and builds it
    PYTHONPATH=. .venv/bin/python tests/pictures.py FOLDER     # takes a fork that has been built

The class in the results is made up; it is the same each time.
"""

import random
import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bookwidgets.bank.check import check
from bookwidgets.results import write_results
from tests.browser.conftest import ARGUMENTS, BROWSERS
from tests.chapters.conftest import snapshot
from tests.conftest import ROOT
from tests.pages.test_first_hour import CACHE, MINE, begin, run
from tests.results.test_results import answer, file_of, right, wrong

FIGURES = ROOT / "chapters/figures"
LARGEST = 60_000  # bytes


def main(given: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        fork = Path(given[0]) if given else _built_fork(Path(folder))
        results = _results(fork, Path(folder))
        installed = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=installed, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 360, "height": 700}, device_scale_factor=2, color_scheme="light")
        page.goto((fork / f"_build/html/{MINE}.html").as_uri())
        _save(_answered(page), "fork-chapter")
        page.goto(results.as_uri())
        page.set_viewport_size({"width": 560, "height": 700})
        page.add_style_tag(content="svg text { font-size: 18px }")  # the picture is shown at two thirds of its size
        _save(page.locator("svg:has(circle)").first.screenshot(), "class-results")
        browser.close()


def _built_fork(folder: Path) -> Path:
    (folder / "original").mkdir()
    snapshot(folder / "original")
    fork = begin(folder / "original", folder / "seminar")
    shutil.copytree(CACHE, fork / "_build/.jupyter_cache")
    run(fork, "build", "-n", "-W", "--keep-going")
    return fork


def _answered(page: Page) -> bytes:
    """The first question of the new chapter, answered as if the three judges were one."""
    question = page.locator("#q-reward-design-six-of-ten")
    question.get_by_text("In 600 of 1,000").click()
    question.get_by_role("button", name="Check").click()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.add_style_tag(content="#pst-back-to-top, .bd-header-article { display: none !important }")
    return question.screenshot()


def _results(fork: Path, folder: Path) -> Path:
    """The page about a class of thirty: the choice questions of the fork, answered by chance and ability."""
    bank, chance = check(fork).bank, random.Random(1)
    items = [name for name, question in bank.questions.items() if question.type == "choice"][:12]
    for learner in range(30):
        ability = chance.random()
        answers = {}
        for at, name in enumerate(items, 1):
            helps = -1 if at == 7 else 1  # one question that those who know more get wrong
            knows = chance.random() < 0.5 + helps * 1.1 * (ability - 0.5) + 0.5 - 0.07 * at
            picked = right(bank, name) if knows else chance.choice(wrong(bank, name))
            answers[name] = answer(bank, name, picked, 1000 * learner + at)
        (folder / f"{learner}.json").write_text(file_of(answers, book="alignment-a-seminar"), encoding="utf-8")
    files = sorted(folder.glob("*.json"))
    write_results(files, bank, folder / "results", book="alignment-a-seminar", title="Alignment: a seminar")
    return folder / "results/index.html"


def _save(png: bytes, name: str) -> None:
    path = FIGURES / f"{name}.webp"
    Image.open(BytesIO(png)).save(path, quality=70, method=6)
    assert path.stat().st_size < LARGEST, f"{path.name} has {path.stat().st_size} bytes"
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
