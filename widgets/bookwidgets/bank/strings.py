"""The words that the widgets say, one catalogue for each language."""

import json
from functools import lru_cache
from importlib.resources import files


@lru_cache
def strings(language: str = "en") -> dict[str, str]:
    """The catalogue of ``language`` (a code such as ``de`` or ``de-CH``); English where there is none."""
    folder = files("bookwidgets") / "strings"
    for name in [language, language.partition("-")[0].partition("_")[0], "en"]:
        path = folder / f"{name}.json"
        if path.is_file():
            return json.loads(path.read_text(encoding="utf-8"))
    raise FileNotFoundError("the catalogue strings/en.json is missing from the package bookwidgets")
