"""The browser side, put together: the strings of a language, then the script, without its comments."""

import json
import re
from functools import lru_cache
from importlib.resources import files

import rjsmin

from bookwidgets.bank.strings import strings


def source(name: str) -> str:
    """A file of this folder as it was written; before a script ``x.js`` those of a folder ``x/``, if there is one."""
    folder = files(__name__)
    parts = folder / name.removesuffix(".js")
    first = sorted(parts.iterdir(), key=lambda path: path.name) if name.endswith(".js") and parts.is_dir() else []
    return "".join(path.read_text(encoding="utf-8") for path in [*first, folder / name])


@lru_cache
def page_script(name: str, language: str = "en") -> str:
    """``name`` as a classic script, which works from ``file://`` too and leaves no names behind."""
    return "(()=>{" + _with_strings(source(f"{name}.js"), language) + "})();\n"


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
