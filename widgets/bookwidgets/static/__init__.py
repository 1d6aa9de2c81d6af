"""The browser side, put together: the strings of a language, then the script with its parts, without comments."""

import json
import re
from functools import lru_cache
from importlib.resources import files

import rjsmin

from bookwidgets.bank.strings import strings

# The shared parts (parts/*) that stand in front of a script or a style sheet. One without an entry uses none.
PARTS: dict[str, tuple[str, ...]] = {
    "annotate.js": ("dom",),
    "exam.js": ("dom", "hash", "bank", "forecast", "calibration"),
    "explore.js": ("dom",),
    "map.js": ("dom", "bank", "mastery"),
    "marks.js": ("dom", "mastery"),
    "progress.js": ("dom", "bank", "mastery", "cards", "forecast", "calibration"),
    "quiz.js": ("dom", "hash"),
    "review.js": ("dom", "bank", "fsrs", "cards"),
    "store.js": ("dom",),
} | dict.fromkeys(["annotate.css", "explore.css", "quiz.css", "review.css"], ("colours",))


def source(name: str) -> str:
    """A file of this folder as it was written; in front of it its PARTS and, for ``x.js``, the files of a folder x/."""
    folder = files(__name__)
    stem, _, kind = name.rpartition(".")
    before = [folder / "parts" / f"{part}.{kind}" for part in PARTS.get(name, ())]
    own = folder / stem
    if kind == "js" and own.is_dir():
        before += sorted(own.iterdir(), key=lambda path: path.name)
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
