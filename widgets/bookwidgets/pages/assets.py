"""What pages load: our scripts and styles, MathJax from the site itself, and nothing that only a kernel needs."""

import hashlib
import json
import re
import shutil
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import myst_nb.static
from sphinx.application import Sphinx
from sphinx.config import Config

import bookwidgets.static
from bookwidgets.static import page_script, page_style

WIDGET_STATE = "ipywidgets_state"
MYSTNB_SHEET = (files(myst_nb.static) / "mystnb.css").read_bytes()
MYSTNB = f"mystnb.{hashlib.sha256(MYSTNB_SHEET).hexdigest()}.css"  # as MyST-NB names it in pages
# The script and style that a page with one of these directives loads, and whether it shows questions.
COMPANIONS = {
    "practice-exam": ("exam", True),
    "review": ("review", True),
    "progress": ("progress", False),
    "concept-map": ("map", False),
}


def _static_folder(app: Sphinx) -> Path:
    return Path(app.doctreedir).parent / "bookwidgets-static"


def _configure(app: Sphinx, config: Config) -> None:
    _static_folder(app).mkdir(parents=True, exist_ok=True)
    config.html_static_path.append(str(_static_folder(app)))
    config.mathjax_path = "mathjax/tex-mml-chtml.js"
    # Readers' answers are kept under it: a book without one goes by its title.
    config.bookwidgets_book_id = config.bookwidgets_book_id or re.sub(r"\W+", "-", config.html_title.lower()).strip("-")


def _write_static(app: Sphinx) -> None:
    """Put together what Sphinx copies into the site's _static."""
    folder = _static_folder(app)
    shutil.rmtree(folder, ignore_errors=True)
    ours = folder / "bookwidgets"
    ours.mkdir(parents=True)
    book = json.dumps({"id": app.config.bookwidgets_book_id, "title": app.config.html_title}, ensure_ascii=False)
    for path in sorted(files(bookwidgets.static).iterdir(), key=lambda path: path.name):
        if path.name.endswith(".css"):
            (ours / path.name).write_text(page_style(path.name), encoding="utf-8")
        elif path.name.endswith(".js") and not path.name.endswith(".live.js"):
            given = {"BOOK": book} if path.name == "store.js" else {}
            script = page_script(path.name.removesuffix(".js"), app.config.language, **given)
            (ours / path.name).write_text(script, encoding="utf-8")
    # MyST-NB copies its style sheet when a first build ends, too late for the checksum that pages carry in its address.
    (folder / MYSTNB).write_bytes(MYSTNB_SHEET)
    # 1.5 MB that turn the theme's icons into SVG; without it they come from the fonts that its style sheet names.
    (folder / "scripts").mkdir()
    (folder / "scripts/fontawesome.js").write_text("// Icons come from fonts.\n", encoding="utf-8")
    _copy_mathjax(folder / "mathjax")
    for quizzes in reversed(app.bookwidgets_book.bank.folders):  # a fork's own come last, over ours
        if (quizzes / "images").is_dir():
            shutil.copytree(quizzes / "images", folder / "quizzes" / "images", dirs_exist_ok=True)


def _copy_mathjax(folder: Path) -> None:
    """One component and its fonts, of the 24 MB that the package carries; a reader loads the fonts that a page uses."""
    spec = find_spec("sphinx-mathjax-offline")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("sphinx-mathjax-offline is not installed: pip install -r requirements.txt")
    package = Path(spec.origin).parent / "static" / "mathjax"
    folder.mkdir()
    shutil.copy(package / "tex-mml-chtml.js", folder)
    shutil.copytree(package / "output/chtml/fonts/woff-v2", folder / "output/chtml/fonts/woff-v2")


def _page_assets(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    app.add_css_file("bookwidgets/book.css")
    # Not deferred: it is there before any script that shows answers or keeps them.
    app.add_js_file("bookwidgets/store.js")
    app.add_js_file("bookwidgets/marks.js", loading_method="defer")
    if "body" in context:
        # docutils writes a role that ARIA has withdrawn, and axe finds it on every entry of a bibliography.
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')
    page = app.bookwidgets_book.course.pages.get(pagename)
    if page is None:
        return
    if page.quizzes and app.bookwidgets_book.course.chapters.get(page.slug) is page:
        context["body"] = context["body"].replace("</h1>", "</h1>\n<book-marks></book-marks>", 1)
    companions = [COMPANIONS[name] for name in sorted(page.directives & COMPANIONS.keys())]
    if page.quizzes or any(shows_questions for _, shows_questions in companions):
        app.add_css_file("bookwidgets/quiz.css")
        # Neither deferred nor async: it is there before the first question is, so that none is painted without it.
        app.add_js_file("bookwidgets/quiz.js")
    for name, _ in companions:
        app.add_css_file(f"bookwidgets/{name}.css")
        app.add_js_file(f"bookwidgets/{name}.js", loading_method="defer")
    if "concept-list" in page.directives:
        app.add_js_file("bookwidgets/concepts.js", loading_method="defer")
    _strip_widget_state(app, pagename)


def _strip_widget_state(app: Sphinx, pagename: str) -> None:
    """Take our cells' models out of what the page embeds; without other widgets, embed nothing at all.

    A quiz cell on the site is HTML and a script of ours: it has no use for a widget manager.
    """
    files = app.env.nb_metadata.get(pagename, {}).get("js_files", {})
    if WIDGET_STATE not in files:
        return
    uri, options = files[WIDGET_STATE]
    everything = json.loads(options["body"])
    models = everything["state"]
    ours = {name for name, model in models.items() if _is_quiz(model)}
    ours |= {models[name]["state"]["layout"].removeprefix("IPY_MODEL_") for name in ours}
    everything["state"] = {name: model for name, model in models.items() if name not in ours}
    if any("_view_name" in model["state"] for model in everything["state"].values()):
        files[WIDGET_STATE] = (uri, options | {"body": json.dumps(everything)})
    else:
        for name in [name for name in files if name.startswith("ipywidgets_")]:
            del files[name]


def _is_quiz(model: dict[str, Any]) -> bool:
    return str(model["state"].get("_anywidget_id", "")).startswith("bookwidgets.")


def setup(app: Sphinx) -> None:
    app.add_config_value("bookwidgets_book_id", "", "html", str)
    app.connect("config-inited", _configure, priority=100)
    app.connect("builder-inited", _write_static, priority=200)
    app.connect("html-page-context", _page_assets, priority=400)  # before MyST-NB adds a page's scripts
