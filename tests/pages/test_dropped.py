"""A chapter that the table of contents leaves out: what becomes of everything that speaks of it."""

import re

import pytest

# How to refer to what chapter two holds, and what stands there when the chapter is left out.
REFERENCES = {
    "{doc}`two`": "Chapter two",
    "{doc}`two chapters <two>`": "two chapters",
    "{doc}`/chapters/two`": "Chapter two",
    "{ref}`sec-two`": "A section of two",
    "{ref}`Sec-Two`": "A section of two",
    "{ref}`this section <sec-two>`": "this section",
    "{numref}`fig-two`": "a figure of “Chapter two”",
    "{numref}`Figure %s <fig-two>`": "a figure of “Chapter two”",
    "{eq}`eq-two`": "a formula of “Chapter two”",
    "{any}`sec-two`": "A section of two",
    "{concept}`beta`": "beta",
    "{concept}`the second <beta>`": "the second",
    "[](two.md)": "Chapter two",
    "[those words](two.md)": "those words",
    "[](#sec-two)": "A section of two",
    "[other words](#eq-two)": "other words",
}
HELD = """
$$
a = b
$$ (eq-two)

```{drawing} mark.svg
:name: fig-two
:alt: A square.
A square.
```
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def book(tmp_path_factory, small_book_at, build_book):
    """The small book with every kind of reference from chapter one into chapter two, which is left out."""
    root = small_book_at(tmp_path_factory.mktemp("dropped") / "book")
    (root / "chapters/mark.svg").write_text(SVG)
    (root / "chapters/two.md").write_text((root / "chapters/two.md").read_text() + HELD)
    told = "".join(f"\n(at-{n})=\n## Number {n}\n\nBefore {text} after.\n" for n, text in enumerate(REFERENCES))
    (root / "chapters/one.md").write_text((root / "chapters/one.md").read_text() + told)
    edit(root / "_toc.yml", "      - file: chapters/two\n", "")
    return root


@pytest.fixture(scope="module")
def built(book, build_book):
    built = build_book(book)
    assert built.status == 0, built.log
    return built


def paragraph(page, number):
    found = re.search(rf'id="at-{number}".*?<p>(.*?)</p>', page, flags=re.DOTALL)
    return found[1]


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_reference_becomes_its_title(built, reference):
    shown = paragraph(built.page("chapters/one"), [*REFERENCES].index(reference))
    assert "<a" not in shown
    assert re.sub("<[^>]*>", "", shown) == f"Before {REFERENCES[reference]} after."


def test_nothing_else_is_left_of_it(built):
    for page in built.html.rglob("*.html"):
        assert "two.html" not in page.read_text(encoding="utf-8"), page.name
    assert "The second, after" not in built.page("chapters/concepts")
    assert not (built.html / "chapters/two.html").exists()


UNKNOWN = {
    "{doc}`two`": ("{doc}`twoo`", "unknown document: 'twoo'"),
    "{ref}`sec-two`": ("{ref}`sec-too`", "undefined label: 'sec-too'"),
    "{numref}`fig-two`": ("{numref}`fig-too`", "undefined label: 'fig-too'"),
    "{eq}`eq-two`": ("{eq}`eq-too`", "equation not found: eq-too"),
    "{any}`sec-two`": ("{any}`sec-too`", "reference target not found: sec-too"),
    "[](two.md)": ("[](twoo.md)", "cross-reference target not found: 'twoo.md'"),
    "[](#sec-two)": ("[](#sec-too)", "cross-reference target not found: 'sec-too'"),
}


def test_a_reference_to_nothing_stays_an_error(book, built, build_book):
    chapter = book / "chapters/one.md"
    good = chapter.read_text()
    for reference, (broken, _) in UNKNOWN.items():
        edit(chapter, f"Before {reference} after", f"Before {broken} after")
    again = build_book(book)
    lines = chapter.read_text().splitlines()
    chapter.write_text(good)
    assert again.status == 1, again.log
    told = {int(line): said for line, said in re.findall(r"chapters/one\.md:(\d+): WARNING: (.*)", again.log)}
    wanted = {lines.index(f"Before {broken} after.") + 1: message for broken, message in UNKNOWN.values()}
    assert len(told) == len(wanted), told
    for line, said in told.items():  # MyST counts from the line after the front matter
        assert any(message in said for at, message in wanted.items() if line - 1 <= at <= line), (line, said)


def test_taken_back_in_and_left_out_again(book, build_book):
    """Without a change to any chapter; nothing is executed again, and every page has the new table of contents."""
    toc = book / "_toc.yml"
    without = toc.read_text()
    assert build_book(book).status == 0
    edit(toc, "      - file: chapters/one\n", "      - file: chapters/one\n      - file: chapters/two\n")
    back = build_book(book)
    assert back.status == 0, back.log
    page = back.page("chapters/one")
    for number, reference in enumerate(REFERENCES):
        assert "two.html" in paragraph(page, number), reference
    assert all("two.html" in back.page(name) for name in ["index", "chapters/concepts"]), "in the sidebar too"
    assert (back.html / "notebooks/two.ipynb").is_file()
    toc.write_text(without)
    out = build_book(book)
    assert out.status == 0, out.log
    assert "two.html" not in "".join(out.page(name) for name in ["index", "chapters/one", "chapters/concepts"])
    left = {path.relative_to(out.html).as_posix() for path in out.html.rglob("two.*") if "_static" not in path.parts}
    assert left == set(), "pages and notebooks of what is left out"


def test_a_new_title_of_what_is_left_out_is_followed(book, build_book):
    assert build_book(book).status == 0
    edit(book / "chapters/two.md", "## A section of two", "## Another title")
    again = build_book(book)
    edit(book / "chapters/two.md", "## Another title", "## A section of two")
    assert "Another title" in paragraph(again.page("chapters/one"), [*REFERENCES].index("{ref}`sec-two`"))
