"""The browser side, put together: the strings of a language, then the script with its parts, without comments."""

import json
import re
from functools import lru_cache
from importlib.resources import files

import rjsmin

from bookwidgets.bank.strings import strings

# The shared parts (parts/*.js) that stand in front of a script. A script without an entry uses none.
PARTS: dict[str, tuple[str, ...]] = {
    "annotate": ("dom",),
    "exam": ("dom", "hash", "bank", "forecast", "calibration"),
    "explore": ("dom",),
    "map": ("dom", "bank", "mastery"),
    "marks": ("dom", "mastery"),
    "progress": ("dom", "bank", "mastery", "cards", "forecast", "calibration"),
    "quiz": ("dom",),
    "review": ("dom", "bank", "fsrs", "cards"),
    "store": ("dom",),
}


def source(name: str) -> str:
    """A file of this folder as it was written; in front of a script ``x.js`` its PARTS and the files of a folder x/."""
    folder = files(__name__)
    before = []
    if name.endswith(".js"):
        script = name.removesuffix(".js")
        own = folder / script
        before = [folder / "parts" / f"{part}.js" for part in PARTS.get(script, ())]
        before += sorted(own.iterdir(), key=lambda path: path.name) if own.is_dir() else []
    return "".join(path.read_text(encoding="utf-8") for path in [*before, folder / name])


@lru_cache
def page_script(name: str, language: str = "en", **constants: str) -> str:
    """``name`` as a classic script, which works from ``file://`` too and leaves no names behind.

    ``constants`` are names that it finds defined, each with an expression: ``BOOK='{"id":"..."}'``.
    """
    given = "".join(f"const {constant}={value};" for constant, value in constants.items())
    return "(()=>{" + given + _with_strings(source(f"{name}.js"), language) + "})();\n"


@lru_cache
def live_module(name: str, language: str = "en") -> str:
    """The same script as the ES module that anywidget wants, followed by what only a live notebook needs."""
    return _with_strings(source(f"{name}.js") + source(f"{name}.live.js"), language)


def page_style(name: str) -> str:
    """A style sheet of this folder without its comments and line breaks."""
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", source(name), flags=re.DOTALL))


def _with_strings(script: str, language: str) -> str:
    words = strings(language)
    used = {key: words[key] for key in sorted(set(re.findall(r"\bSAY\.(\w+)", script)))}
    return f"const SAY={json.dumps(used, ensure_ascii=False, separators=(',', ':'))};" + rjsmin.jsmin(script)
