"""Executing the chapters: all that need it, at once, on all cores, into the cache that MyST-NB reads.

MyST-NB finds an executed notebook in its cache by its code cells and its kernel specification.
So what else shapes the outputs is written into the kernel's display name while a page is read: nothing has to be
invalidated, and going back to an earlier state of the book finds the outputs of then.
"""

import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from bookwidgets.bank.faults import BookError, Fault
from bookwidgets.pages.inputs import execution_inputs

logger = logging.getLogger(__name__)

DISPLAY_NAME = re.compile(r"^(---\n.*?^  display_name: [^\n]*?)$", flags=re.MULTILINE | re.DOTALL)
ONE_THREAD = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]


def _name_inputs(app: Sphinx, docname: str, source: list[str]) -> None:
    """Write the fingerprint of what shapes the cells' outputs into the kernel's display name."""
    page = app.bookwidgets_book.course.pages.get(docname)
    if page is not None:
        fingerprint = execution_inputs(app.bookwidgets_book, page)
        source[0] = DISPLAY_NAME.sub(rf"\1 ({fingerprint})", source[0], count=1)


def _execute_all(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Execute what the cache does not have. A cell that raises ends the build with chapter, line and cell."""
    if env.mystnb_config.execution_mode != "cache":
        return
    cache = get_cache(env.mystnb_config.execution_cache_path)
    waiting = []
    for docname in docnames:
        notebook = read_notebook(app, env, docname)
        if notebook is None or not any(cell.cell_type == "code" for cell in notebook.cells):
            continue
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            waiting.append((docname, notebook))
    if not waiting:
        return
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")  # kernels inherit it: they run side by side, one core each
    logger.info("executing %s", ", ".join(docname for docname, _ in waiting))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda work: _execute(env, *work), waiting))
    faults = []
    for (docname, notebook), result in zip(waiting, results, strict=True):
        if isinstance(result, Exception):
            faults.append(_fault(docname, notebook, result))
            continue
        bundle = CacheBundleIn(notebook, env.doc2path(docname), data={"execution_seconds": result})
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        logger.info("executed %s in %.1f s", docname, result)
    if faults:
        print(f"\n{BookError(faults)}", file=sys.stderr)
        raise SystemExit(1)


def read_notebook(app: Sphinx, env: BuildEnvironment, docname: str) -> nbformat.NotebookNode | None:
    """The cells of a page as its source has them; none for a page without a kernel."""
    path = env.doc2path(docname)
    source = [Path(path).read_text(encoding="utf-8")]
    _name_inputs(app, docname, source)
    reader = create_nb_reader(path, env.myst_config, env.mystnb_config, source[0])
    return reader and reader.read(source[0])


def _execute(env: BuildEnvironment, docname: str, notebook: nbformat.NotebookNode) -> float | Exception:
    """Run the cells of ``notebook`` in place. Returns the seconds it took, or what stopped it."""
    folder = str(Path(env.doc2path(docname)).parent)
    client = NotebookClient(notebook, timeout=env.mystnb_config.execution_timeout, record_timing=False)
    client.resources = {"metadata": {"path": folder}}
    client.extra_arguments = ["--log-level=40"]  # ipykernel warns about its own transport at every start
    start = time.perf_counter()
    try:
        client.execute()
    except Exception as error:  # a cell that raised or a kernel that died: both become a fault with its place
        return error
    return time.perf_counter() - start


def _fault(docname: str, notebook: nbformat.NotebookNode, error: Exception) -> Fault:
    """Where a chapter stopped: its first cell with an error, or the first that did not run when the kernel failed."""
    code = [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    for count, (index, cell) in enumerate(code, 1):
        raised = [output for output in cell.outputs if output.output_type == "error"]
        if raised or cell.execution_count is None:
            what = f"{raised[0].ename}: {raised[0].evalue}" if raised else f"{type(error).__name__}: {error}"
            line = notebook.metadata["source_map"][index] + 1
            first = next((text for text in cell.source.splitlines() if text.strip()), "")
            return Fault(f"{docname}.md", line, f"code cell {count} ({first.strip()!r})", f"raised {what}")
    return Fault(f"{docname}.md", 1, "", f"could not be executed: {error}")


def setup(app: Sphinx) -> None:
    app.connect("source-read", _name_inputs)
    app.connect("env-before-read-docs", _execute_all)
