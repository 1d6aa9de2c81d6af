"""What a book in another language needs besides its own words and ours."""

import json
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from bookwidgets.bank.strings import strings

# Words in sight that there are in English alone: the setting, its words when nobody has set it, and the key of ours.
STOCK = [
    ("nb_code_prompt_show", "Show code cell {type}", "show_cell"),
    ("nb_code_prompt_hide", "Hide code cell {type}", "hide_cell"),
]
STOCK_SEARCH = "Search this book..."


def _translate(app: Sphinx, config: Config) -> None:
    if not config.language or config.language.startswith("en"):
        return
    words = strings(config.language)
    for setting, stock, key in STOCK:
        if config[setting] == stock:
            config[setting] = words[key]
    if config.html_theme_options.get("search_bar_text") == STOCK_SEARCH:
        config.html_theme_options["search_bar_text"] = words["search_book"]


def _write_translations(app: Sphinx) -> None:
    """Put a script in place of Sphinx's that does the same and can run where a site forbids to evaluate texts."""
    stock = app.builder._get_translations_js() if app.builder.format == "html" else ""
    if stock:
        script = _without_evaluation(Path(stock).read_text(encoding="utf-8"))
        (Path(app.doctreedir).parent / "bookwidgets-static/translations.js").write_text(script, encoding="utf-8")


def _without_evaluation(script: str) -> str:
    """What ``Documentation.addTranslations`` does with a catalogue, which has a formula for plurals as a text."""
    catalogue = json.loads(script.strip().removeprefix("Documentation.addTranslations(").removesuffix(");"))
    return (
        f"Object.assign(Documentation.TRANSLATIONS, {json.dumps(catalogue['messages'])});\n"
        f"Documentation.LOCALE = {json.dumps(catalogue['locale'])};\n"
        f"Documentation.PLURAL_EXPR = (n) => ({catalogue['plural_expr']});\n"
    )


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", _write_translations, priority=210)  # after the folder was emptied (assets.py)
    app.connect("config-inited", _translate, priority=100)
