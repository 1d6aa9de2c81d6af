"""The figures behind the budgets: `make bench`.

Each line gives what was measured on this machine, the budget, and the ratio of the two.
Times depend on the machine; sizes and ratios hardly do.
"""

import csv
import functools
import gzip
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from itertools import chain
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Page, sync_playwright
from scipy.stats import spearmanr

import bookwidgets.static
from bookwidgets.bank.check import check, check_with_faults
from bookwidgets.bank.load import load
from bookwidgets.bank.render import question_html
from bookwidgets.bank.strings import strings
from bookwidgets.results import write_results
from bookwidgets.static import page_script, page_style

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests import bench_explorables, bench_notebooks
from tests.browser.conftest import ARGUMENTS, BROWSERS, Handler
from tests.conftest import ROOT, SMALL_BOOK, build
from tests.results.classroom import BOOK, write_class

READY = "book-ready"  # the event by which a question says that it can be answered
OPTION_TEXTS = [
    "The proxy keeps its correlation with the goal however hard you select by it",
    "The proxy loses most of its correlation with the goal once you select by it",
    "The goal rises as fast as the proxy does when more candidates are compared",
    "The goal stays where it was while the proxy rises with every new candidate",
]


def row(name: str, measured: float, unit: str, budget: float | None = None) -> None:
    against = f"   budget {budget:>8,.2f} {unit:<4} ratio {measured / budget:5.2f}" if budget else ""
    print(f"{name:<58}{measured:>10,.2f} {unit:<4}{against}")


def packed(text: str) -> float:
    """Size in kB after gzip, as a server would send it."""
    return len(gzip.compress(text.encode(), 9)) / 1000


@contextmanager
def copy_of(book: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        ignored = shutil.ignore_patterns("_build", ".*", "__pycache__", "*.egg-info")
        yield shutil.copytree(book, Path(folder) / "book", ignore=ignored)


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def generated_question(number: int, chapter: str, concept: str, label: str) -> str:
    """One choice question as YAML, different for each number and correct as to form."""
    options = "".join(
        f"    - text: {text}, case {number}.\n      feedback: That would need a proxy without error, case {number}.\n"
        + ("      correct: true\n" if position == number % 4 else "")
        for position, text in enumerate(OPTION_TEXTS)
    )
    return (
        f"- id: {chapter}-{number}\n  type: choice\n  concepts: [{concept}]\n  level: apply\n"
        f"  prompt: Case {number}. You select the best of $n = {number + 2}$ by $u + e$. What happens?\n"
        f"  hints: [Which of the two parts does the winner owe its place to?]\n  options:\n{options}"
        f"  explanation: Selection acts on the sum $u + e$ and so on both parts.\n  see: {chapter}#{label}\n"
    )


def sizes() -> None:
    engine = packed(page_script("quiz")) + packed(page_style("quiz.css"))
    row("quiz engine, script and style, compressed", engine, "kB", 12)
    given = {"BOOK": '{"id":"aligning-language-models","title":"Aligning Language Models"}'}
    row("store, on every page, script", packed(page_script("store", **given)), "kB", 4)
    row("marks on chapters, on every page, script", packed(page_script("marks")), "kB")
    for name in ["review", "progress"]:  # the exam has rows of its own
        row(f"{name}, script", packed(page_script(name)), "kB", 20)
    book = check(ROOT, own=False)
    overheads = []
    for question in book.bank.questions.values():
        markup = "".join(question_html(question, book.bank, strings()))
        tags = re.findall(r"<[^>]*>", re.sub(r"<math.*?</math>", "", markup))
        overheads.append(sum(map(len, tags)) / 1000)
    row("markup around a question, at most", max(overheads), "kB", 1.5)


def big_bank() -> None:
    with copy_of(SMALL_BOOK) as book:
        for chapter, concept, label in [("one", "alpha", "sec-one"), ("two", "beta", "sec-two")]:
            entries = [generated_question(i, chapter, concept, label) for i in range(5000)]
            path = book / f"quizzes/{chapter}.yml"
            path.write_text(path.read_text(encoding="utf-8") + "".join(entries), encoding="utf-8")
        start = time.perf_counter()
        check_with_faults(book)
        row("bookwidgets check on 10,000 questions, with rendering", time.perf_counter() - start, "s", 20)


def exam() -> None:
    """The script of the practice exam, and how long it takes to draw 40 of 10,000 questions."""
    row("practice exam, script", packed(page_script("exam")), "kB", 20)
    row("practice exam, style", packed(page_style("exam.css")), "kB")
    levels = ["remember", "understand", "apply", "analyze", "evaluate"]
    questions = [
        {
            "id": f"q-{n}",
            "print": "0" * 8,
            "type": "choice",
            "chapter": f"chapter-{n % 25}",
            "concepts": [f"concept-{n % 25}-{n // 25 % 7}", f"concept-{n * 7 % 25}-{n // 100 % 7}"],
            "level": levels[n // 3 % 5],
        }
        for n in range(10_000)
    ]
    folder = Path(bookwidgets.static.__file__).parent
    script = "".join((folder / name).read_text(encoding="utf-8") for name in ["parts/hash.js", "exam/draw.js"])
    settings = {"number": 40, "chapters": [], "concepts": [], "levels": [], "types": []}
    timed = """([questions, settings]) => [...Array(9).keys()].map((seed) => {
        const start = performance.now();
        draw(questions, { ...settings, seed });
        return performance.now() - start;
    })"""
    with sync_playwright() as playwright:
        installed = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=installed, args=ARGUMENTS)
        page = browser.new_page()
        page.add_script_tag(content=script)
        times = page.evaluate(timed, [questions, settings])
        row("exam drawn from 10,000 questions, the first time", times[0], "ms", 200)
        row("exam drawn from 10,000 questions, later, median", sorted(times[1:])[4], "ms", 200)
        browser.close()


def class_results() -> None:
    """What a class of 500 did on 40 questions whose difficulties are known, and whether the tables recover them."""
    bank = load(ROOT / "quizzes")
    items = [name for name, question in bank.questions.items() if question.type == "choice"][:40]
    difficulty = {name: -2 + 4 * n / (len(items) - 1) for n, name in enumerate(items)}
    slope = {name: -1.0 if n % 10 == 5 else 1.5 for n, name in enumerate(items)}  # every tenth has a wrong key
    with tempfile.TemporaryDirectory() as folder:
        paths, _ = write_class(bank, difficulty, slope, Path(folder), 500)
        start = time.perf_counter()
        learners, _ = write_results(paths, bank, Path(folder) / "out", book=BOOK, title="A class")
        row(f"class results, {len(learners)} learners, {len(items)} questions", time.perf_counter() - start, "s", 10)
        with (Path(folder) / "out/questions.csv").open(encoding="utf-8", newline="") as stream:
            found = {line["question"]: line for line in csv.DictReader(stream)}
    sound = [name for name in items if slope[name] > 0]  # a wrong key turns the difficulty round
    order = spearmanr([float(found[name]["difficulty"]) for name in sound], [-difficulty[name] for name in sound])
    row("  rank correlation of difficulties with the true ones", order.statistic, "")
    signs = sum((float(found[name]["discrimination"]) > 0) == (slope[name] > 0) for name in items)
    row("  questions whose discrimination has the true sign", 100 * signs / len(items), "%")


def builds() -> None:
    with copy_of(ROOT) as book, copy_of(ROOT) as bare:
        start = time.perf_counter()
        built = build(book)
        assert built.status == 0, built.log[-3000:]
        row("clean build of the book, executed", time.perf_counter() - start, "s")
        times = {name: float(seconds) for name, seconds in re.findall(r"^executed (\S+) in ([\d.]+)", built.log, re.M)}
        for name, seconds in times.items():
            row(f"  {name}, executed", seconds, "s", 15)
        row("  a chapter on average", sum(times.values()) / len(times), "s", 8)
        without_extension(bare)
        build(bare)
        row("warm build over the same without the extension", min_warm(book) / min_warm(bare), "x", 1.1)


def min_warm(book: Path) -> float:
    """The least of three times of a build that reads every page and executes none."""
    seconds = []
    for _ in range(3):
        for path in [book / "index.md", *book.glob("chapters/*.md")]:
            path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        start = time.perf_counter()
        built = build(book)
        seconds.append(time.perf_counter() - start)
        assert built.status == 0, built.log[-3000:]
    return min(seconds)


def without_extension(book: Path) -> None:
    """Take out of a book's sources what only the extension understands, and the extension."""
    for path in [book / "index.md", *book.glob("chapters/*.md")]:
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"```\{(quiz|concept-list)\}.*?```\n", "", text, flags=re.DOTALL)
        text = re.sub(r"```\{drawing\}.*?```\n", "A drawing.\n", text, flags=re.DOTALL)
        text = re.sub(r"```\{concept\} (\S+).*?\n```\n", r"\1\n", text, flags=re.DOTALL)
        text = re.sub(r"```\{code-cell\} python\n:tags: \[remove-input\]\nquiz.*?```\n", "", text, flags=re.DOTALL)
        text = re.sub(r"\{concept\}`(?:([^`<]*)<)?([\w-]+)>?`", r"\2", text)
        path.write_text(re.sub(r"\{numref\}`([\w-]+)`", "a figure", text), encoding="utf-8")
    config = book / "_config.yml"
    text = config.read_text(encoding="utf-8").replace("      - bookwidgets.pages\n", "")
    config.write_text(text.replace("nitpicky: true", "nitpicky: true\n    external_toc_exclude_missing: true"))


def in_the_browser() -> None:
    with sync_playwright() as playwright, copy_of(SMALL_BOOK) as book:
        entries = [generated_question(i, "one", "alpha", "sec-one") for i in range(20)]
        path = book / "quizzes/one.yml"
        path.write_text(path.read_text(encoding="utf-8") + "".join(entries), encoding="utf-8")
        page_source = book / "chapters/one.md"
        cells = "".join(f'```{{code-cell}} python\n:tags: [remove-input]\nquiz("one-{i}")\n```\n' for i in range(20))
        page_source.write_text(page_source.read_text(encoding="utf-8") + cells, encoding="utf-8")
        built = build(book)
        assert built.status == 0, built.log[-3000:]
        installed = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=installed, args=ARGUMENTS)
        with serve(built.html) as address:
            visits = measured_visits(browser, f"{address}/chapters/one.html", 21)
        for name, times in visits.items():
            row(f"21 questions usable after the HTML has arrived, {name}", times["usable"], "ms", 100)
            row("  the first of them", times["first"], "ms")
            row("  beside it: the page is parsed", times["parsed"], "ms")
            row("  beside it: something is painted", times["painted"], "ms")
        weigh_first_visits(browser)
        browser.close()


def beside_jupyterquiz() -> None:
    """The same ten choice questions with our quiz cells and with jupyterquiz: bytes in the page, time until usable."""
    made = {
        "ours": ["".join(f"quiz('one-{i}')\n" for i in range(10)), READY],
        "jupyterquiz": [
            f"from jupyterquiz import display_quiz\ndisplay_quiz({[for_jupyterquiz(i) for i in range(10)]!r})\n",
            ".Quiz:has(.MCButton)",
        ],
    }  # fmt: skip
    with sync_playwright() as playwright, copy_of(SMALL_BOOK) as plain:
        plain_size = packed(build(plain).page("chapters/one"))
        installed = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=installed, args=ARGUMENTS)
        for name, (code, ready) in made.items():
            with copy_of(SMALL_BOOK) as book:
                entries = "".join(generated_question(i, "one", "alpha", "sec-one") for i in range(10))
                (book / "quizzes/one.yml").write_text((book / "quizzes/one.yml").read_text() + entries)
                cells = (
                    "".join(
                        f"```{{code-cell}} python\n:tags: [remove-input]\n{line}```\n"
                        for line in code.splitlines(keepends=True)
                    )
                    if name == "ours"
                    else f"```{{code-cell}} python\n:tags: [remove-input]\n{code}```\n"
                )
                (book / "chapters/one.md").write_text((book / "chapters/one.md").read_text() + cells)
                built = build(book)
                assert built.status == 0, built.log[-3000:]
                row(f"ten choice questions, {name}, in the page", packed(built.page("chapters/one")) - plain_size, "kB")
                count = built.page("chapters/one").count("<book-question") or 10
                with serve(built.html) as address:
                    visits = measured_visits(browser, f"{address}/chapters/one.html", count, ready)
                for visit, times in visits.items():
                    row(f"ten choice questions, {name}, usable, {visit}", times["usable"], "ms")
        browser.close()


def for_jupyterquiz(number: int) -> dict:
    answers = [
        {"answer": f"{text}, case {number}.", "correct": position == number % 4, "feedback": f"A proxy, case {number}."}
        for position, text in enumerate(OPTION_TEXTS)
    ]
    prompt = f"Case {number}. You select the best of $n = {number + 2}$ by $u + e$. What happens?"
    return {"question": prompt, "type": "multiple_choice", "answers": answers}


def measured_visits(browser: Browser, address: str, count: int, ready: str = READY) -> dict[str, dict]:
    """Medians of the times of a visit with an empty cache, and of one with what that has left, in seven contexts."""
    visits: dict[str, list[dict[str, float]]] = {"first visit": [], "later visit": []}
    for _ in range(7):
        context = browser.new_context()
        for times in visits.values():
            times.append(time_to_usable(context.new_page(), address, count, ready))
        context.close()
    return {
        name: {key: statistics.median(visit[key] for visit in times) for key in times[0]}
        for name, times in visits.items()
    }


def time_to_usable(page: Page, address: str, count: int, ready: str) -> dict[str, float]:
    """Milliseconds from the last byte of a page's HTML until ``count`` questions have their controls, and beside that
    until the first has, until the page is parsed, and until the browser has painted something of it.

    ``ready`` is the event by which a question of ours says so. For those of others it is a selector, watched
    for, which costs little on their pages; on ours the watcher would be woken once for each element.
    """
    watch = f"addEventListener('{ready}', () => seen(++window.done), true)"
    if ready != READY:
        watch = f"""new MutationObserver(() => seen(document.querySelectorAll("{ready}").length))
          .observe(document, {{ childList: true, subtree: true }})"""
    page.add_init_script(f"""
      window.done = 0;
      function seen(done) {{
        if (done > 0) window.first ??= performance.now();
        if (done >= {count}) window.usable ??= performance.now();
      }}
      {watch};
    """)
    page.goto(address, wait_until="load")
    page.wait_for_function("window.usable && performance.getEntriesByName('first-contentful-paint').length")
    times = page.evaluate("""() => {
      const { responseEnd, domInteractive } = performance.getEntriesByType("navigation")[0];
      const painted = performance.getEntriesByName("first-contentful-paint")[0].startTime;
      const times = { usable, first, parsed: domInteractive, painted };
      return Object.fromEntries(Object.entries(times).map(([name, time]) => [name, time - responseEnd]));
    }""")
    page.close()
    return times


def weigh_first_visits(browser: Browser) -> None:
    """What a reader's browser loads, uncompressed, on a first visit to a page."""
    html = ROOT / "_build/html"
    if not html.is_dir():
        print("(no first visit weighed: run 'make book' first)")
        return
    with serve(html) as address:
        for name in ["index", "chapters/what-is-alignment", "chapters/tiny-language-model"]:
            page = browser.new_context().new_page()
            bodies: list[int] = []
            page.on("response", lambda response, bodies=bodies: bodies.append(len(response.body())))
            page.goto(f"{address}/{name}.html", wait_until="networkidle")
            row(f"first visit to {name}", sum(bodies) / 1e6, "MB", 3.6)
            page.context.close()


def main() -> None:
    sizes()
    big_bank()
    exam()
    class_results()
    in_the_browser()
    beside_jupyterquiz()
    for name, measured, unit, budget in chain(bench_explorables.rows(), bench_notebooks.rows()):
        row(name, measured, unit, budget)
    builds()


if __name__ == "__main__":
    main()
