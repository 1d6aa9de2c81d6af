"""Any of the chapters in any order: the book builds without a warning, and everything in it follows.

Five tables of contents by default; BOOK_SUBSETS in the environment asks for another number (weekly, fifty).
Nothing is executed again: the outputs are those of the built book.
"""

import json
import os
import random
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from bookwidgets.cli import main
from tests.conftest import ROOT

ALL = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
CHAPTERS = [one["file"] for part in ALL if part.get("numbered") for one in part["chapters"]]
APPENDICES = [one["file"] for part in ALL if not part.get("numbered") for one in part["chapters"]]


def subset(number: int) -> list[list[str]]:
    """The parts of a table of contents: the extremes first, then at random."""
    if number == 0:
        return [APPENDICES[::-1], CHAPTERS[::-1]]
    if number == 1:
        return [CHAPTERS[-1:]]
    rng = random.Random(number)
    chosen = rng.sample(CHAPTERS, rng.randint(1, len(CHAPTERS)))
    cut = rng.randint(0, len(chosen))
    return [chosen[:cut], chosen[cut:], rng.sample(APPENDICES, rng.randint(0, len(APPENDICES)))]


@pytest.fixture(scope="module", params=range(int(os.environ.get("BOOK_SUBSETS", "5"))))
def built(request, site, build_book, tmp_path_factory):
    """The pages that a random table of contents lists, it, and the book built by it."""
    folder = tmp_path_factory.mktemp("subset")
    parts = [part for part in subset(request.param) if part]
    listed = [{"caption": f"Part {n}", "numbered": True, "chapters": [{"file": name} for name in part]}
              for n, part in enumerate(parts, 1)]  # fmt: skip
    toc, config = folder / "toc.yml", folder / "config.yml"
    toc.write_text(yaml.safe_dump({"format": "jb-book", "root": "index", "parts": listed}, sort_keys=False))
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    settings["execute"]["cache"] = str(ROOT / "_build/.jupyter_cache")
    config.write_text(yaml.safe_dump(settings))
    built = build_book(ROOT, "--toc", str(toc), "--config", str(config), output=folder)
    return [name for part in parts for name in part], toc, built


class Links(HTMLParser):
    """The ids and the addresses of a page."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.addresses: set[str] = set()
        self.feed(markup)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.ids |= {found[name] for name in ["id", "name"] if found.get(name)}
        self.addresses |= {found["href"]} if found.get("href") else set()


def test_it_builds_without_a_warning_and_without_executing(built):
    listed, _, done = built
    assert done.status == 0, (listed, done.log[-3000:])
    assert "WARNING" not in done.log
    assert "executing" not in done.log
    made = {path.relative_to(done.html).with_suffix("").as_posix() for path in done.html.rglob("*.html")}
    assert {name for name in made if not name.startswith("_")} == {*listed, "index", "genindex", "search"}


def test_every_link_leads_somewhere(built):
    expect_links(built[2].html)


def expect_links(html: Path) -> None:
    """Every link within a site, those of questions in its data scripts too, leads to a file and a place in it."""
    written = (path for path in html.rglob("*.html") if "_static" not in path.parts)
    pages = {path: Links(path.read_text(encoding="utf-8")) for path in written}
    for path in (html / "_static/bookwidgets/bank").glob("*.js"):  # as seen from the root of the site
        markup = " ".join(re.findall(r"<a [^>]*>", path.read_text(encoding="utf-8").replace('\\"', '"')))
        pages[html / path.name] = Links(markup)
    for page, links in pages.items():
        for address in links.addresses:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert target.is_file(), f"{page.name} links to {address}"
            if parts.fragment and target in pages:
                assert unquote(parts.fragment) in pages[target].ids, f"{page.name} links to {address}"


def ids_in(text: str) -> set[str]:
    return set(re.findall(r"^- id: (\S+)", text, flags=re.MULTILINE))


def test_questions_concepts_and_chapters_follow(built):
    listed, _, done = built
    path = done.html / "_static/bookwidgets/bank/index.js"
    if not path.is_file():
        pytest.skip("no page with questions of other pages")
    text = path.read_text(encoding="utf-8")
    index = json.loads(text[text.index("=") + 1 : text.rindex(";")])
    sources = {name: (ROOT / f"{name}.md").read_text(encoding="utf-8") for name in listed}
    banks = {name: ROOT / f"quizzes/{Path(name).name}.yml" for name in listed}
    asked = set().union(*(ids_in(bank.read_text(encoding="utf-8")) for bank in banks.values() if bank.is_file()))
    defined = [found for name in listed for found in re.findall(r"^`+\{concept\} (\S+)", sources[name], re.MULTILINE)]
    assert {one["id"] for one in index["questions"] if not one.get("card")} == asked
    assert [one["id"] for one in index["concepts"]] == defined
    assert all(set(one["after"]) <= set(defined) for one in index["concepts"])
    assert all(set(one["concepts"]) <= set(defined) for one in index["questions"])
    order = [one["href"].removesuffix(".html") for one in index["chapters"]]
    assert order == [name for name in listed if banks[name].is_file() or re.search("{concept} ", sources[name])]
    if "chapters/concept-map" in listed:
        drawn = set(re.findall(r'\.html#concept-([\w-]+)"', done.page("chapters/concept-map")))
        assert drawn == set(defined)


def test_the_bibliography_holds_what_is_cited(built):
    listed, _, done = built
    if "chapters/references" not in listed:
        pytest.skip("no bibliography")
    texts = [(ROOT / f"{name}.md").read_text(encoding="utf-8") for name in ["index", *listed]]
    cited = {key.strip() for text in texts for keys in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", text)
             for key in keys.split(",")}  # fmt: skip
    assert done.page("chapters/references").count('role="listitem"') == len(cited)


def test_what_the_order_breaks_is_advice(built, capsys):
    _, toc, _ = built
    assert main(["check", "--toc", str(toc), str(ROOT)]) == 0
    assert "no fault" in capsys.readouterr().out


def test_backwards_nearly_everything_is_broken(site, tmp_path, capsys):
    listed = "".join(f"  - file: {name}\n" for name in CHAPTERS[::-1])
    (tmp_path / "toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{listed}")
    assert main(["check", "--toc", str(tmp_path / "toc.yml"), str(ROOT)]) == 0
    told = capsys.readouterr().out
    first = CHAPTERS[0]
    assert re.search(rf"chapters/post-training\.md:\d+: concept '.*': after: .* only later, in {first}\.md", told)
