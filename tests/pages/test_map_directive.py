"""The directive of the concept map: wrong options, and what it draws again when the book changes."""

import re
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup

MAP = "# Concept map\n\n```{concept-map}\n```\n"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def with_map(book: Path, *maps: str) -> Path:
    """Put pages with maps into the small book."""
    for number, text in enumerate(maps):
        (book / f"chapters/map{number}.md").write_text(text)
        edit(book / "_toc.yml", "      - file: chapters/concepts", f"      - file: chapters/map{number}\n"
             "      - file: chapters/concepts")  # fmt: skip
    return book


def drawn(html: Path) -> tuple[list[str], list[str], list[str]]:
    """The map's links, its edges, and the titles in its margin."""
    page = BeautifulSoup((html / "chapters/map0.html").read_text(encoding="utf-8"), "html.parser")
    boxes = page.select("concept-map svg a[data-id]")
    lines = [[boxes[int(end)]["data-id"] for end in path["data-e"].split()] for path in page.select(".bw-lines path")]
    titles = [text.get_text() for text in page.select(".bw-part, .bw-chapter")]
    return [f"{box.get_text()} {box['href']}" for box in boxes], [" -> ".join(line) for line in lines], titles


def test_the_map_follows_the_book(small_book: Path, build_book: Callable) -> None:
    built = build_book(with_map(small_book, MAP))
    assert built.status == 0, built.log[-3000:]
    alpha, beta = "Alpha one.html#concept-alpha", "Beta two.html#concept-beta"
    assert drawn(built.html) == ([alpha, beta], ["alpha -> beta"], ["One", "Chapter one", "Chapter two"])

    edit(small_book / "chapters/two.md", ":title: Beta\n:after: alpha", ":title: Beta & more\n:related: alpha")
    edit(small_book / "chapters/one.md", "# Chapter one", "# The first chapter")
    edit(small_book / "_toc.yml", "caption: One", "caption: All")
    built = build_book(small_book)
    assert built.status == 0, built.log[-3000:]
    more = "Beta & more two.html#concept-beta"
    assert drawn(built.html) == ([alpha, more], [], ["All", "The first chapter", "Chapter two"])
    assert not re.search(r"^executed", built.log, flags=re.MULTILINE)


def test_wrong_options_are_told_with_file_line_and_remedy(small_book: Path, build_book: Callable) -> None:
    maps = [
        MAP.replace("map}\n", f"map}}\n{option}\n") for option in [":chapters: one, too", ":parts: Ona", ":part: 1"]
    ]
    built = build_book(with_map(small_book, *maps))
    assert built.status == 1
    for told in [
        r"map0\.md:3: .*:chapters: there is no chapter 'too' in _toc\.yml: did you mean 'two'\?",
        r"map1\.md:3: .*:parts: there is no part 'Ona' in _toc\.yml: did you mean 'One'\?",
        r"map2\.md:3: .*'concept-map': Unknown option keys: \['part'\] \(allowed: \['chapters', 'parts'\]\)",
    ]:
        assert re.search(told, built.log), f"{told}\n{built.log[-3000:]}"
