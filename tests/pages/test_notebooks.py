"""The notebooks beside the pages: plain Markdown that says what the page says, and code that is the chapter's."""

import re
import shutil
from base64 import b64decode
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from bookwidgets.pages.notebooks import standalone
from tests.chapters.test_outputs import code_cells, notebooks
from tests.conftest import ROOT, SMALL_BOOK

HERE = Path(__file__).parent
PLAIN = (
    MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=lambda tex, options: escape(tex.strip()))
)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def forms(tmp_path_factory, build_book) -> Path:
    """The small book with a chapter that uses every form of MyST that a notebook must show."""
    root = shutil.copytree(SMALL_BOOK, tmp_path_factory.mktemp("forms") / "book")
    shutil.copy(HERE / "forms/three.md", root / "chapters")
    (root / "chapters/figures").mkdir()
    shutil.copy(ROOT / "chapters/figures/mark.svg", root / "chapters/figures")
    edit(root / "_toc.yml", "- file: chapters/two", "- file: chapters/two\n      - file: chapters/three")
    edit(root / "_config.yml", "aligning-language-models/book", "Some-Teacher/my-course")
    edit(root / "_config.yml", "branch: main", "branch: trunk\nlaunch_buttons:\n  binderhub_url: https://hub.example")
    built = build_book(root)
    assert built.status == 0, built.log[-3000:]
    return built.html


def read(site: Path, slug: str) -> nbformat.NotebookNode:
    notebook = nbformat.read(site / f"notebooks/{slug}.ipynb", as_version=4)
    nbformat.validate(notebook)
    return notebook


def prose(notebook: nbformat.NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def rendered(notebook: nbformat.NotebookNode) -> Tag:
    """The text of a notebook as a front end shows it that knows CommonMark, tables and TeX between dollars."""
    return BeautifulSoup(PLAIN.render(prose(notebook)), "html.parser")


def words(tag: Tag) -> list[str]:
    """What stands there, word by word; TeX with and without its delimiters is the same, and so are kinds of dashes."""
    text = re.sub(r"\\[()\[\]]|\\(label|tag)\{[^}]*\}", " ", tag.get_text(" "))
    return re.findall(r"\w+", text.replace("\\vert", "").replace("\\Vert", ""))


def paragraphs(site: Path, slug: str) -> Iterator[list[str]]:
    """The paragraphs, captions and table cells of a page as it is read, without its quizzes and cells."""
    page = BeautifulSoup((site / f"chapters/{slug}.html").read_text(encoding="utf-8"), "html.parser").article
    for output in page.select(".cell_output"):  # a notebook shows again what its cells put out, but for the captions
        output.replace_with(*output.select("figcaption"))
    for part in page.select("book-question, details.hide > summary, .highlight, .headerlink, .drawing svg"):
        part.decompose()
    for part in page.select("p, figcaption .caption-text, td, dt, li > p"):
        yield words(part)


def assert_says_what_the_page_says(site: Path, slug: str) -> None:
    said = " ".join(words(rendered(read(site, slug))))
    missing = [" ".join(found) for found in paragraphs(site, slug) if " ".join(found) not in said]
    assert not missing, missing


@pytest.mark.parametrize("slug", notebooks())
def test_says_what_the_page_says(slug, site):
    assert_says_what_the_page_says(site, slug)


@pytest.mark.parametrize("slug", notebooks())
def test_equations_have_the_numbers_of_the_page(slug, site):
    """The text refers to them."""
    page = BeautifulSoup((site / f"chapters/{slug}.html").read_text(encoding="utf-8"), "html.parser").article
    numbers = [number.contents[0] for number in page.select("div.math .eqno")]
    assert [f"({tag})" for tag in re.findall(r"\\tag\{([^}]*)\}", prose(read(site, slug)))] == numbers


@pytest.mark.parametrize("slug", notebooks())
def test_code_is_the_chapters(slug, site):
    cells = [cell for cell in read(site, slug).cells if cell.cell_type == "code"]
    assert [cell.source for cell in cells] == [cell.source for cell in code_cells(slug).cells]
    assert not any(cell.outputs for cell in cells)
    for cell in cells:
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        assert hidden == bool(
            {"hide-input", "remove-input", "hide-cell", "remove-cell"} & set(cell.metadata.get("tags", []))
        )


@pytest.mark.parametrize("slug", notebooks())
def test_nothing_of_myst_is_left(slug, site):
    notebook = read(site, slug)
    text = re.sub(r"^```.*?^```", "", prose(notebook), flags=re.DOTALL | re.MULTILINE)
    assert not re.findall(r"\{[\w:-]+\}`|^[`:]{3,}\{|^\([\w-]+\)=|np\.float64", text, flags=re.MULTILINE)
    for link in rendered(notebook).select("a[href]"):
        assert urlsplit(link["href"]).scheme in {"https", "http", "mailto"}, link
    for picture in rendered(notebook).select('img[src^="data:"]'):
        drawing = b64decode(picture["src"].partition("base64,")[2]).decode()
        assert ElementTree.fromstring(drawing).get("width"), "else it is shown as small as a stamp"
        assert picture["alt"]
        assert "var(" not in drawing
        assert "currentColor" not in drawing


def test_every_form_of_myst(forms):
    assert_says_what_the_page_says(forms, "three")
    notebook = read(forms, "three")
    text, shown = prose(notebook), rendered(notebook)
    counted = {
        tag: len(shown.select(tag))
        for tag in ["h1", "table", "tr", "ol > li", "ul > li", "blockquote", "pre", "img", "hr"]
    }
    assert counted == {
        "h1": 1, "table": 2, "tr": 5, "ol > li": 2, "ul > li": 4, "blockquote": 4, "pre": 2, "img": 1, "hr": 2,
    }  # fmt: skip
    assert [cell.get_text() for cell in shown.select("td code")] == ["x | y"]
    assert r"a \mid b = \frac{1}{2} \tag{1}" in text
    assert "**Fig. 2.** A *caption*." in text
    assert "<summary>Folded</summary>" in text
    assert shown.select_one("ol > li ul > li pre").get_text() == "x = 1\n"
    assert "snake_case_name, 3 * 4 * 5, a < b, $5 or $6, [brackets]" in shown.get_text()


def test_links_lead_to_the_fork(forms):
    page = BeautifulSoup((forms / "chapters/three.html").read_text(encoding="utf-8"), "html.parser")
    links = [link["href"] for link in page.select(".dropdown-launch-buttons a")]
    assert links == [
        "https://hub.example/v2/gh/Some-Teacher/my-course/notebooks?urlpath=lab/tree/notebooks/three.ipynb",
        "../notebooks/three.ipynb",
    ]
    assert "(https://some-teacher.github.io/my-course/chapters/one.html)" in prose(read(forms, "three"))
    colab = nbformat.read(forms / "notebooks/colab/three.ipynb", as_version=4)
    assert "git+https://github.com/Some-Teacher/my-course@trunk#subdirectory=widgets" in colab.cells[0].source
    assert colab.cells[1:] == read(forms, "three").cells


def test_buttons_open_what_exists(site):
    for slug in notebooks():
        page = BeautifulSoup((site / f"chapters/{slug}.html").read_text(encoding="utf-8"), "html.parser")
        binder, colab, download = [link["href"] for link in page.select(".dropdown-launch-buttons a")]
        assert (site / "chapters" / download).resolve().is_file()
        published = urlsplit(binder).query.removeprefix("urlpath=lab/tree/")
        assert (site / published).is_file()  # the branch holds the same folder
        assert (site / urlsplit(colab).path.partition("/blob/notebooks/")[2]).is_file()


def test_a_page_without_cells_has_no_buttons(site):
    assert "launch-buttons" not in (site / "chapters/notation.html").read_text(encoding="utf-8")


def test_what_has_no_form_is_a_fault_with_its_place(small_book, build_book):
    edit(small_book / "chapters/one.md", "## A section\n", "## A section\n\n```{glossary}\nterm\n  Meaning.\n```\n")
    built = build_book(small_book)
    assert built.status != 0
    assert re.search(r"chapters/one\.md:\d+: WARNING: a notebook cannot show this \(glossary\)", built.log)


def test_a_drawing_stands_alone():
    drawing = standalone('<svg viewBox="0 0 10 20"><path fill="var(--bw-gold)" stroke="currentColor"/></svg>')
    assert 'fill="#2c7a3f"' in drawing
    assert 'stroke="#1f2328"' in drawing
    assert 'width="10" height="20"' in drawing
