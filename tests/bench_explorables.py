"""What explorables cost a reader, beside the same figure as `ipywidgets.interact` in a stock Jupyter Book.

`rows` yields (name, measured, unit, budget or None) for `make bench`.
"""

import gzip
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, sync_playwright

from bookwidgets.static import page_script, source
from tests.browser.conftest import ARGUMENTS, BROWSERS
from tests.conftest import ROOT, build

Row = tuple[str, float, str, float | None]

HEAD = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
# A figure

```{code-cell} python
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import SelectionSlider, interact
from bookwidgets import explore

plt.style.use("tinylab.book")
```
"""
FIGURE = """
def wave(height, length):
    x = np.linspace(0, 8, 200)
    fig, ax = plt.subplots(figsize=(4.6, 3))
    ax.plot(x, height * np.sin(2 * np.pi * x / length))
    ax.set(ylim=(-2.2, 2.2), xlabel="position", ylabel="height")
"""
EXPLORE = '@explore(height=[0.5, 1, 1.5, 2], length=[1, 2, 3, 4, 6, 8], alt="A wave {height} high, {length} long.")'
INTERACT = (
    "@interact(height=SelectionSlider(options=[0.5, 1, 1.5, 2]), length=SelectionSlider(options=[1, 2, 3, 4, 6, 8]))"
)

# What a stock page asks of other hosts, and the npm package that holds it.
FOREIGN = {"embed-amd.js": "@jupyter-widgets/html-manager@1.0.6", "require.min.js": "requirejs@2.3.4"}
FILES = {"embed-amd.js": "dist/embed-amd.js", "require.min.js": "require.js"}


def packed(text: str) -> float:
    return len(gzip.compress(text.encode(), 9)) / 1000


def rows() -> Iterator[Row]:
    yield "explorable script, compressed", packed(page_script("explore")), "kB", 3.0
    yield "explorable style, compressed", packed(source("explore.css")), "kB", None
    yield "annotation script, compressed", packed(page_script("annotate")), "kB", 20.0
    yield from _of_the_book()
    with tempfile.TemporaryDirectory() as folder:
        yield from _beside_interact(Path(folder))


def _of_the_book() -> Iterator[Row]:
    """The explorables of the built book, each in its page."""
    for path in sorted(ROOT.glob("_build/html/chapters/*.html")):
        for markup in re.findall("<book-explore.*?</book-explore>", path.read_text(encoding="utf-8"), re.DOTALL):
            name = re.search(r'id="(\w+)-\d+-\d+"', markup)[1]
            yield f"{path.stem}: {name}, {markup.count('<svg')} frames, compressed", packed(markup), "kB", 150.0
            yield f"{path.stem}: {name}, raw", len(markup.encode()) / 1000, "kB", 1000.0


def _beside_interact(folder: Path) -> Iterator[Row]:
    pages = {}
    for kind, decorator in {"none": "", "explore": EXPLORE, "interact": INTERACT}.items():
        book = folder / kind
        (book / "quizzes").mkdir(parents=True)
        call = "" if decorator else "\nwave(1, 2)\n"
        (book / "index.md").write_text(f"{HEAD}\n```{{code-cell}} python\n{decorator}{FIGURE}{call}```\n")
        (book / "_toc.yml").write_text("format: jb-book\nroot: index\n")
        extension = "\n  extra_extensions: [bookwidgets.pages]" if kind == "explore" else " {}"
        config = f"title: A figure\nexecute: {{execute_notebooks: cache}}\nsphinx:{extension}\n"
        (book / "_config.yml").write_text(config)
        built = build(book)
        assert built.status == 0, built.log[-3000:]
        pages[kind] = built
    plain = pages["none"].page("index")
    for kind in ("explore", "interact"):
        html = pages[kind].page("index")
        yield f"{kind}: bytes in the page beyond a plain figure's", (len(html) - len(plain)) / 1000, "kB", None
        yield f"{kind}: the same, compressed", packed(html) - packed(plain), "kB", None
    with sync_playwright() as playwright:
        installed = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=installed, args=ARGUMENTS)
        yield from _moved(browser, pages["explore"].html / "index.html", folder, "explore")
        if shutil.which("npm"):  # without the scripts that the page expects of other hosts it has no slider at all
            yield from _moved(browser, pages["interact"].html / "index.html", folder, "interact")
        browser.close()


def _moved(browser: Browser, path: Path, folder: Path, kind: str) -> Iterator[Row]:
    """How many different pictures a reader without a kernel sees while she moves the first slider to its end."""
    # The packages hold the same scripts, not minified: a digest of the minified one would keep them out.
    path.write_text(re.sub(' integrity="[^"]*"', "", path.read_text(encoding="utf-8")), encoding="utf-8")
    page = browser.new_page()
    foreign: list[int] = []

    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2].partition("?")[0]
        if name not in FOREIGN:
            route.abort()
            return
        file = _from_npm(name, folder)
        foreign.append(file.stat().st_size)
        route.fulfill(path=file, content_type="text/javascript")

    page.route(re.compile("^https?:"), answer)
    page.goto(path.as_uri())
    slider = page.get_by_role("slider").first
    slider.wait_for(timeout=30_000)
    pictures = {_picture(page, kind)}
    slider.focus()
    for key in ["Home", "ArrowRight", "ArrowRight", "ArrowRight"]:
        page.keyboard.press(key)
        page.wait_for_timeout(300)
        pictures.add(_picture(page, kind))
    yield f"{kind}: script from other hosts", sum(foreign) / 1000, "kB", None
    where = page.locator("output, .widget-readout").first.inner_text()
    assert where == "2", f"the {kind} slider did not move: it stands at {where}"
    yield f"{kind}: pictures seen at four positions, without a kernel", len(pictures), "", None
    page.close()


def _picture(page: Page, kind: str) -> str:
    shown = ".bw-frame:visible" if kind == "explore" else ".widget-output, .jupyter-widgets-output-area"
    return page.locator(shown).first.inner_html()


def _from_npm(name: str, folder: Path) -> Path:
    """A script as its package holds it: the bench answers for hosts that the machine may not reach."""
    target = folder / name
    if not target.exists():
        command = ["npm", "pack", "--silent", FOREIGN[name]]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        with tarfile.open(folder / done.stdout.split()[-1]) as archive:
            target.write_bytes(archive.extractfile(f"package/{FILES[name]}").read())
    return target
