"""Every chapter runs, and what it prints is what it printed.

The stored notebooks in baselines/ hold code cells and text outputs only.
A cell tagged ``trained`` prints what may differ between machines in the last digits, and is run but not compared.
After a wanted change: ``make baselines``, and read the difference before you commit it.
"""

import nbformat
import pytest
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig
from nbclient import NotebookClient

from bookwidgets.bank.course import scan
from bookwidgets.cells.annotate import ANNOTATE_MIME
from bookwidgets.cells.explore import EXPLORE_MIME
from bookwidgets.cells.quiz import QUIZ_MIME
from bookwidgets.cells.strips import TOKENS_MIME
from tests.conftest import ROOT

BASELINES = ROOT / "tests/chapters/baselines"
TEXT = ("text/plain", "application/papermill.record/text/plain")
UNSTORED = (
    "/metadata",
    "/cells/*/execution_count",
    "/cells/*/metadata",
    "/cells/*/outputs/*/execution_count",
    "/cells/*/outputs/*/metadata",
    "/cells/*/outputs/*/data/image",
    "/cells/*/outputs/*/data/text/html",
    "/cells/*/outputs/*/data/application/vnd.jupyter.widget-view+json",
    *(f"/cells/*/outputs/*/data/{mime}" for mime in (QUIZ_MIME, EXPLORE_MIME, ANNOTATE_MIME, TOKENS_MIME)),
)


def code_cells(slug: str) -> nbformat.NotebookNode:
    """The chapter as MyST-NB reads it, without its prose."""
    path = ROOT / "chapters" / f"{slug}.md"
    source = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), MdParserConfig(), NbParserConfig(), source)
    notebook = reader.read(source) if reader else nbformat.v4.new_notebook()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells):
        cell.update(id=f"cell-{number}", outputs=[], execution_count=None)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def text_only(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """``notebook`` with the outputs that are stored: text of cells that do not depend on training."""
    kept = nbformat.v4.new_notebook(cells=notebook.cells, metadata={"kernelspec": notebook.metadata.kernelspec})
    for cell in kept.cells:
        cell.execution_count = None
        cell.metadata = {"tags": cell.metadata.get("tags", [])}
        cell.outputs = [] if "trained" in cell.metadata["tags"] else cell.outputs
        for output in cell.outputs:
            if "data" in output:
                output.data = {kind: value for kind, value in output.data.items() if kind in TEXT}
                output.metadata = {}
            if "execution_count" in output:
                output.execution_count = None
    return kept


def notebooks() -> list[str]:
    course, _ = scan(ROOT, own=False)
    return [slug for slug, page in course.chapters.items() if "code-cell" in page.directives]


def test_there_are_chapters_to_run():
    assert len(notebooks()) >= 2


def test_packages_come_from_the_new_environment(far_away):
    """And the test above would notice if they did not."""
    code = "import bookwidgets, tinylab, book_quizzes, os; print(bookwidgets.__file__, tinylab.__file__, os.listdir())"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, kernel_name="python3").execute(cwd=str(far_away))
    told = notebook.cells[0].outputs[0].text.split()
    assert all("/away0/env/lib/" in path for path in told[:2])
    assert told[2:] == ["[]"]


def test_every_baseline_has_a_chapter():
    assert {path.stem for path in BASELINES.glob("*.ipynb")} == set(notebooks()), "run 'make baselines'"


@pytest.mark.parametrize("slug", notebooks())
def test_chapter_runs_and_prints_what_it_printed(slug, nb_regression, pytestconfig, tmp_path, far_away):
    """Far from the book's folder, with its packages installed and nothing else: as a downloaded notebook runs."""
    notebook = code_cells(slug)
    baseline = BASELINES / f"{slug}.ipynb"
    regenerate = pytestconfig.getoption("nb_force_regen")
    if not regenerate:
        stored = nbformat.read(baseline, as_version=4)
        sources = [cell.source for cell in stored.cells]
        assert sources == [cell.source for cell in notebook.cells], f"the cells of {slug} changed: run 'make baselines'"
        for cell, old in zip(notebook.cells, stored.cells, strict=True):
            cell.outputs = old.outputs
    path = tmp_path / f"{slug}.ipynb"
    nbformat.write(notebook, path)
    trained = [i for i, cell in enumerate(notebook.cells) if "trained" in cell.metadata.get("tags", [])]
    nb_regression.exec_cwd = str(far_away)
    nb_regression.diff_use_color = False
    nb_regression.diff_ignore = (*UNSTORED, *(f"/cells/{i}/outputs" for i in trained))
    if regenerate:
        nb_regression.force_regen = False
        found = nb_regression.check(str(path), raise_errors=False)
        errors = [out for cell in found.nb_final.cells for out in cell.outputs if out.output_type == "error"]
        assert not errors, errors
        BASELINES.mkdir(exist_ok=True)
        nbformat.write(text_only(found.nb_final), baseline)
    else:
        nb_regression.check(str(path))
