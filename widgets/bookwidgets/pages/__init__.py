"""The Sphinx extension: what turns a checked book into a site that needs no kernel and no other host."""

import hashlib
import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from bookwidgets.bank.check import check
from bookwidgets.bank.course import find_book
from bookwidgets.bank.faults import BookError
from bookwidgets.pages import (
    assets,
    bank_scripts,
    concepts,
    drawing,
    dropped,
    exam,
    execution,
    explorables,
    head,
    inputs,
    language,
    notebooks,
    progress,
    questions,
    review,
    sheets,
)
from bookwidgets.pages import map as concept_map

VERSION = "0.1.0"


def _read_book(app: Sphinx) -> None:
    """Check the book before anything else happens; a fault ends the build with the whole list and status 1."""
    try:
        own, toc = app.config.bookwidgets_course, Path(app.config.external_toc_path)
        app.bookwidgets_book = check(find_book(Path(app.srcdir)), toc, own)  # type: ignore[attr-defined]
    except BookError as error:
        print(f"\n{error}", file=sys.stderr)
        # Not a SphinxError: jupyter-book would wrap it into a traceback.
        raise SystemExit(1) from None


def _only_listed_pages(app: Sphinx, config: Config) -> None:
    """Read what the table of contents lists and nothing else.

    Stock excludes the other files by name, one by one: each stray file would change the configuration, and so make
    every page be read again.
    """
    site_map = config.external_site_map
    config.include_patterns[:] = sorted(f"{name.removesuffix('.md')}.md" for name in {*site_map, *site_map.globs()})
    config.exclude_patterns[:] = []


def _forget_failed_build(app: Sphinx, exception: Exception | None) -> None:
    """A build that failed must fail again until it is mended, so its doctrees, which hide the warnings, go."""
    if app._warncount and (app.warningiserror or app.keep_going):  # -W, alone or with --keep-going
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)


def _digest_of_this_package() -> str:
    folder = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".py", ".json", ".js", ".css"}):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def setup(app: Sphinx) -> dict[str, object]:
    # A change in this package shows in every page; what was executed stays.
    app.add_config_value("bookwidgets_code", _digest_of_this_package(), "env")
    # Whether a fork's folder course/ counts: `bookwidgets build` says so.
    app.add_config_value("bookwidgets_course", False, "env", bool)
    app.connect("config-inited", _only_listed_pages, priority=950)  # after the table of contents was read
    app.connect("builder-inited", _read_book, priority=100)
    app.connect("build-finished", _forget_failed_build)
    companions = [exam, progress, review, concept_map, bank_scripts]
    shown = [dropped, questions, concepts, drawing, explorables, notebooks]
    for part in [inputs, execution, *shown, *companions, assets, head, sheets, language]:
        part.setup(app)
    return {"version": VERSION, "parallel_read_safe": False, "parallel_write_safe": True}
