"""The course as its files tell it: order, sections, concepts, quiz cells, and the line of each."""

from pathlib import Path

import pytest
from broken import edit
from sphinx.util.matching import patfilter

from bookwidgets.bank.course import find_book, matching, scan
from bookwidgets.bank.faults import Fault
from bookwidgets.bank.page import Page, read_page

PAGE = """\
---
kernelspec:
  name: python3
---
(top)=
# Title with *words*

Text with {concept}`alpha` in the first line.
The second says {concept}`another word <beta>`,
and the third quotes it: `` {concept}`quoted` ``.

$$
x
$$ (eq-x)

```{concept} gamma
:title: Gamma
:after: alpha, beta
:tags: some words, key2020
One sentence.
Another, with {concept}`delta`.
```

::::{note}
:name: note-name
(in-note)=
```{figure} x.png
:name: fig-x
```
{concept}`epsilon`
::::

- a list
  ```{code-cell} python
  ---
  tags: [hide-input]
  mystnb:
    figure:
      name: fig-cell
  ---
  from bookwidgets import quiz
  quiz("q-listed")
  ```

```{code-block} python
(no-label)=
```

```{quiz} q-a q-b
```
"""


def read(text: str) -> tuple[Page, list[Fault]]:
    page = Page("chapters/x", "chapters/x.md")
    return page, list(read_page(page, text))


def test_a_page():
    page, faults = read(PAGE)
    assert faults == []
    assert page.title == "Title with words"
    assert page.headings == {"top": "Title with words"}, "the other labels have no heading of their own"
    assert page.labels == {"top": 5, "eq-x": 12, "note-name": 24, "in-note": 26, "fig-x": 27, "fig-cell": 34}
    assert page.quizzes == [("q-listed", 42), ("q-a", 49), ("q-b", 49)]
    assert page.mentions == [("alpha", 8), ("beta", 9), ("delta", 21), ("epsilon", 30)]
    assert page.imports == {"bookwidgets", "bookwidgets.quiz"}
    assert page.directives == {"concept", "note", "figure", "code-cell", "code-block", "quiz"}
    (gamma,) = page.concepts
    assert (gamma.id, gamma.title, gamma.after, gamma.related) == ("gamma", "Gamma", ("alpha", "beta"), ())
    assert gamma.tags == ("some words", "key2020")
    assert gamma.definition == "One sentence.\nAnother, with {concept}`delta`."
    assert (gamma.line, gamma.line_of("after"), gamma.line_of("related")) == (16, 18, 16)


def test_options_in_a_yaml_block():
    page, _ = read("```{concept} a\n---\ntitle: A\nafter: b\n---\nIt is.\n```\n")
    (concept,) = page.concepts
    assert (concept.title, concept.after, concept.definition, concept.line_of("after")) == ("A", ("b",), "It is.", 4)


@pytest.mark.parametrize("options", ["a: [", "just words", "title: 2024-13-45"])
def test_options_that_are_no_mapping_are_left_to_the_build(options):
    page, faults = read(f"```{{concept}} a\n---\n{options}\n---\nIt is.\n```\n")
    assert faults == []
    assert page.concepts[0].definition == "It is."


def cell(code: str) -> tuple[Page, list[str]]:
    page, faults = read(f"# T\n\n```{{code-cell}} python\n:tags: [x]\n{code}\n```\n")
    return page, [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("quiz('a')\nquiz('b', 'c')", [("a", 5), ("b", 6), ("c", 6)]),
        ("import bookwidgets\nbookwidgets.quiz('a')", [("a", 6)]),
        ("%matplotlib inline\n!pip list\nif True:\n    %time quiz\nquiz('a')", [("a", 9)]),
        ("x = (\n    7\n    != 4\n)\nquiz('a')", [("a", 9)]),
        ("%%bash\nfor x in *; do echo; done", []),
        ("s = '\\p'", []),
    ],
)
def test_what_a_cell_asks_for(code, names):
    page, faults = cell(code)
    assert page.quizzes == names
    assert faults == []


def test_what_shapes_the_outputs_of_a_cell():
    """The pages fingerprint these: modules, packages of styles, and strings that may name files."""
    code = "import numpy as np\nfrom tinylab.world import TASKS\nplt.style.use(['tinylab.book', 'own.mplstyle'])"
    page, _ = cell(code + "\nopen('data.csv')\nplt.style.use('other.style')")
    assert page.imports == {"numpy", "tinylab.world", "tinylab.world.TASKS", "tinylab", "other"}
    assert page.strings == {"tinylab.book", "own.mplstyle", "data.csv", "other.style"}


NAMES = "quiz cell: must name its questions as plain strings, quiz('some-id'), so that they can be checked"


@pytest.mark.parametrize(
    "call", ["quiz(name)", "quiz()", "quiz(*names)", "quiz('a', 3)", "quiz(name='a')", "quiz(f'{a}')"]
)
def test_a_quiz_cell_that_cannot_be_checked(call):
    assert cell(f"x = 1\n{call}")[1] == [f"chapters/x.md:6: {NAMES}"]


def test_a_cell_that_is_no_python():
    assert cell("x = 1\ny = = 2")[1] == ["chapters/x.md:6: code cell: is not valid Python: invalid syntax"]


def test_the_pages_in_the_order_of_the_table_of_contents(book):
    edit(book / "_toc.yml", "  - file: chapters/one\n", "")
    edit(book / "_toc.yml", "chapters/two", "chapters/two.md\n    sections:\n      - file: chapters/one")
    course, faults = scan(book)
    assert faults == []
    assert list(course.pages) == ["index", "chapters/two", "chapters/one"]
    assert list(course.chapters) == ["two", "one"]
    assert list(course.concepts) == ["beta", "alpha"]


TOCS = {
    "root: index\nchapters:\n- file: gone\n": ["3: lists 'gone', but gone.md does not exist: add it or drop the line"],
    "root: index\nchapters:\n- file: ../x\n- file: 3\n- file:\n": [
        "3: lists '../x', but ../x.md does not exist: add it or drop the line",
        "4: lists '3', but 3.md does not exist: add it or drop the line",
        "5: lists 'None', but None.md does not exist: add it or drop the line",
    ],
    "root: index\nchapters:\n- file: chapters/one\n- file: chapters/one.md\n": [
        "4: lists 'chapters/one' twice: keep one"
    ],
    "root: index\nchapters:\n- glob: parts/*\n": ["3: the pattern 'parts/*' matches no page: mend it or drop the line"],
    "root: index\nchapters:\n- file: chapters/one\n- glob: chapters/*\n": [
        "4: the pattern 'chapters/*' matches 'chapters/one', which is listed above: narrow it or drop one"
    ],
    "": ["1: lists no page: begin with 'format: jb-book' and 'root: index'"],
    "just text": ["1: lists no page: begin with 'format: jb-book' and 'root: index'"],
    "root: index\na: b: c\n": ["2: is not valid YAML: mapping values are not allowed in this context; put a text that "
                               "contains ': ' into quotes, or start it with '|' on the line before"],
}  # fmt: skip


@pytest.mark.parametrize(("toc", "expected"), TOCS.items())
def test_faults_of_the_table_of_contents(book, toc, expected):
    (book / "_toc.yml").write_text(toc)
    (book.parent / "x.md").write_text("# Outside\n")
    assert [str(fault) for fault in scan(book)[1]] == [f"_toc.yml:{line}" for line in expected]


def test_patterns_and_parts(book):
    (book / "chapters/more").mkdir()
    (book / "chapters/more/three.md").write_text("# Three\n")
    toc = "root: index\nparts:\n- caption: A\n  chapters: [{glob: 'chapters/t*'}]\n- chapters: [{glob: 'ch**'}]\n"
    (book / "_toc.yml").write_text(toc.replace("'ch**'", "'**/three'"))
    course, faults = scan(book)
    assert faults == []
    assert {name: page.part for name, page in course.pages.items()} == {
        "index": "",
        "chapters/two": "A",
        "chapters/more/three": "",
    }
    assert list(course.dropped) == ["chapters/one"]


@pytest.mark.parametrize("pattern", ["*", "**", "chapters/*", "chapters/o?e", "**/t*", "chapters/**", "ch*/two", "c.*"])
def test_patterns_match_what_sphinx_matches(book, pattern):
    (book / "chapters/more").mkdir()
    (book / "chapters/more/two.md").write_text("# Two\n")
    names = [path.relative_to(book).as_posix().removesuffix(".md") for path in book.rglob("*.md")]
    assert matching(book, pattern) == sorted(patfilter(names, pattern))


def test_what_is_left_out_is_known(book):
    edit(book / "_toc.yml", "  - file: chapters/one\n", "")
    (book / "chapters/one.md").write_bytes((book / "chapters/one.md").read_bytes() + b"\n```{code-cell}\n= caf\xe9\n")
    course, faults = scan(book)
    assert faults == [], "what is wrong in it concerns nobody"
    (one,) = course.dropped.values()
    assert (one.name, one.title, one.headings) == ("chapters/one", "Chapter one", {"sec-one": "A section"})
    assert (list(course.concepts), set(course.known)) == (["beta"], {"alpha", "beta"})


def test_no_table_of_contents(book):
    (book / "_toc.yml").unlink()
    assert [str(fault) for fault in scan(book)[1]] == ["_toc.yml:1: does not exist: list the book's pages in it"]


def test_a_page_that_is_not_utf8(book):
    (book / "chapters/one.md").write_bytes(b"# One\n\ncaf\xe9\n")
    assert [str(fault) for fault in scan(book)[1]] == ["chapters/one.md:3: is not UTF-8: save the file as UTF-8"]


def test_the_book_is_found_from_below_and_not_from_outside(book, tmp_path):
    assert find_book(book / "chapters") == find_book(book) == book
    with pytest.raises(FileNotFoundError, match=r"no book at or above .*: a book has _toc.yml and quizzes/"):
        find_book(Path("/"))
