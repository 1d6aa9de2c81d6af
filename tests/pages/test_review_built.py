"""Review pages as they are built: cards in the data scripts, options, and chapters that a book leaves out."""

import json
import re
from pathlib import Path

PAGE = "# Review\n\n```{review}\n:cards: 7\n:chapters: one, two\n```\n"


def add_review(root: Path, text: str) -> None:
    (root / "chapters/review.md").write_text(text, encoding="utf-8")
    toc = root / "_toc.yml"
    toc.write_text(toc.read_text(encoding="utf-8") + "      - file: chapters/review\n", encoding="utf-8")


def index(html: Path) -> dict:
    text = (html / "_static/bookwidgets/bank/index.js").read_text(encoding="utf-8")
    return json.loads(text[text.index("{") : text.rindex("}") + 1])


def test_cards_and_chapters_that_are_left_out(small_book, build_book):
    add_review(small_book, PAGE)
    built = build_book(small_book)
    assert built.status == 0, built.log
    bank = index(built.html)
    cards = {one["id"]: one for one in bank["questions"] if one.get("card")}
    assert list(cards) == ["concept:alpha", "concept:beta"]
    beta = cards["concept:beta"]
    assert (beta["type"], beta["chapter"], beta["concepts"]) == ("flashcard", "two", ["beta"])
    assert beta["href"] == "chapters/two.html#concept-beta"
    assert 'id="concept-beta"' in built.page("chapters/two")
    markup = (built.html / "_static/bookwidgets/bank/two.js").read_text(encoding="utf-8")
    # What its definition links to stands there as words; the link to read again leads to the definition.
    assert "The second, after alpha." in markup
    assert re.search(r'Read again: <a [^>]*href=\\"chapters/two\.html#concept-beta\\"', markup)
    page = built.page("chapters/review")
    assert '<book-review data-cards="7" data-new="10" data-chapters="one two">' in page
    assert re.findall(r"bookwidgets/(\w+)\.js", page).count("review") == 1

    # Without the second chapter its cards go, and the page that names it builds without a warning.
    toc, one = small_book / "_toc.yml", small_book / "chapters/one.md"
    toc.write_text(toc.read_text().replace("      - file: chapters/two\n", ""))
    one.write_text(one.read_text().replace("{concept}`the other concept <beta>`", "no link").replace("Beta", ""))
    one.write_text(one.read_text().replace(":tags: x", ":related: gamma\n:tags: x"))
    one.write_text(one.read_text() + "\n```{concept} gamma\n:related: alpha\nThe third.\n```\n")
    built = build_book(small_book)
    assert built.status == 0, built.log
    assert "WARNING" not in built.log
    assert [one["id"] for one in index(built.html)["questions"] if one.get("card")] == [
        "concept:alpha",
        "concept:gamma",
    ]
    assert not (built.html / "_static/bookwidgets/bank/two.js").exists()


FAULTS = """\
# Review

```{review}
:cards: many
:new: -1
```

```{review}
:chapters: one, twoo
```

```{review}
:card: 3
```
"""


def test_wrong_options_end_the_build_and_keep_ending_it(small_book, build_book):
    add_review(small_book, FAULTS)
    for attempt in ["first", "second"]:
        built = build_book(small_book)
        assert built.status == 1, f"{attempt} build: {built.log}"
        for line, words in [
            (3, "'cards': many: write a whole number from 1 to 500"),
            (3, "'new': -1: write a whole number from 0 to 999"),
            (8, "there is no chapter 'twoo': did you mean 'two'?"),
            (12, "Unknown option keys: ['card']"),
        ]:
            place = rf"chapters/review\.md:{line}: .*{re.escape(words)}"
            assert re.search(place, built.log), f"{attempt} build: {built.log}"
        assert "Traceback" not in built.log
