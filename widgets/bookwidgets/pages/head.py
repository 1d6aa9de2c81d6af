"""The head of a page, in an order that lets a reader begin as soon as the page has arrived.

A script in the head holds up the parser, and is itself held up by every style sheet in front of it.
Stock names a dozen style sheets and then a dozen scripts, so that no word of the page is read before all of them are
there. None of these scripts needs that: each waits until the page has been read before it does anything.
A deferred script waits too, but is fetched and compiled while the page is read, and takes the time from it: MathJax
alone is a megabyte. So those that are known are not even named before the page has been read.
"""

import json
import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.jinja2glue import BuiltinTemplateLoader

from bookwidgets.pages.sheets import in_one

SCRIPT = re.compile(r"\s*<script\b([^>]*)>(.*?)</script>", re.DOTALL)
SHEET = re.compile(r'\s*<link\b[^>]*rel="stylesheet"[^>]*>')
PRELOAD = re.compile(r'\s*<link\b[^>]*rel="preload"[^>]*as="script"[^>]*>')
SOURCE = re.compile(r'src="[^"]*?([\w.-]+\.js)[^"]*"')

OPTIONS = "documentation_options.js"  # a dozen lines that scripts within the page read
TABS = "design-tabs.js"  # which pages without tabs do not need
MAY_WAIT = {
    "doctools.js", "sphinx_highlight.js", "clipboard.min.js", "copybutton.js", "sphinx-book-theme.js",
    "togglebutton.js", TABS, "translations.js",
}  # fmt: skip
NOT_LATE = {TABS}  # it alone listens for an event that comes before what is named late is there
LATE = (MAY_WAIT - NOT_LATE) | {"bootstrap.js", "pydata-sphinx-theme.js", "tex-mml-chtml.js"}
OURS = "/bookwidgets/"
# The theme's way to add icons of one's own, empty here (assets.py), and the whole index of the book, which only the
# search page reads unless results are to show while one types.
NOT_NEEDED = {"fontawesome.js", "searchtools.js", "language_data.js", "searchindex.js"}
AT_ONCE = {OPTIONS, "store.js", "quiz.js"}

RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "yi"}  # of which the theme takes no notice

# Stock leaves "auto" until its last script has run, and colours that know light and dark only are missing till then.
THEME = """<script>
    if (document.documentElement.dataset.theme === "auto")
      document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  </script>"""

# quiz.js, named before this, hears of the same event first: questions begin before any of these scripts.
WHEN_READ = """<script>
    document.addEventListener("readystatechange", () => {
      for (const src of %s)
        document.head.append(Object.assign(document.createElement("script"), { async: false, src }));
    }, { once: true });
  </script>"""

# A frame that shows half of a page takes as long as the rest of the page does to be read, and its questions wait. So
# the first frame waits for the whole page, where the browser can, but not for a network that takes its time.
IN_ONE_FRAME = """<script>
    {
      const properties = { rel: "expect", href: "#page-end", blocking: "render" };
      const whole = document.head.appendChild(Object.assign(document.createElement("link"), properties));
      setTimeout(() => whole.remove(), 200);
    }
  </script>"""
END = '<span id="page-end" hidden></span>'


def without_waiting(page: str, options: str) -> str:
    """``page`` with the scripts of its head first that run at once, then its style sheets, then the scripts that wait.

    ``options`` is what stands in documentation_options.js.
    A page with a script that is not known here, of a fork or for a stock ipywidget, stays as it is: it may need its
    order. Where one is not known that waits, the others are not named late.
    """
    head, end, rest = page.partition("</head>")
    not_needed = NOT_NEEDED if "sd-tab-set" in rest else NOT_NEEDED | {TABS}
    scripts = [match for match in SCRIPT.finditer(head) if _name(match) not in not_needed]
    blocking = [match for match in scripts if _blocks(match)]
    if "search_as_you_type = true" in head or not {_name(match) for match in blocking} <= MAY_WAIT | AT_ONCE | {""}:
        return page
    at_once = "".join(_at_once(match, options) for match in blocking if _name(match) not in MAY_WAIT)
    waiting = "".join(_waiting(match) for match in scripts if match not in blocking or _name(match) in MAY_WAIT)
    sheets = "".join(in_one(SHEET.findall(head)))
    others = PRELOAD.sub("", SHEET.sub("", SCRIPT.sub("", head)))
    page = _late(f"{others}{at_once}\n  {THEME}", f"{sheets}{waiting}\n  {end}{rest}")
    if "quiz.js" in map(_name, blocking):
        page = page.replace("<title>", f"{IN_ONE_FRAME}\n  <title>", 1).replace("</body>", f"{END}</body>")
    return page


def _late(before: str, page: str) -> str:
    """``before`` and the rest of a page, whose scripts that wait are named when it has been read."""
    waiting = [match for match in SCRIPT.finditer(page) if re.search(r"\bdefer\b", match[1])]
    late = [match for match in waiting if _name(match) in LATE or OURS in match[1]]
    if not {_name(match) for match in waiting if match not in late} <= NOT_LATE:
        return before + page
    addresses = [re.search(r'src="([^"]*)"', match[1])[1] for match in late]  # type: ignore[index]
    for match in late:
        page = page.replace(match[0], "", 1)
    return f"{before}\n  {WHEN_READ % json.dumps(addresses)}{page}"


def _name(script: re.Match[str]) -> str:
    """The file of a script, or "" where its text stands in the page."""
    source = SOURCE.search(script[1])
    return source[1] if source else ""


def _blocks(script: re.Match[str]) -> bool:
    return not re.search(r"\b(async|defer)\b", script[1])


def _at_once(script: re.Match[str], options: str) -> str:
    return f"\n    <script>{options}</script>" if _name(script) == OPTIONS else script[0]


def _waiting(script: re.Match[str]) -> str:
    return script[0].replace("<script", "<script defer", 1) if _blocks(script) else script[0]


class Templates(BuiltinTemplateLoader):
    """Sphinx's templates; what they render is put into that order."""

    def render(self, template: str, context: dict[str, Any]) -> str:
        page = super().render(template, context)
        if str(context.get("language")).partition("-")[0].partition("_")[0] in RIGHT_TO_LEFT:
            page = page.replace("<html ", '<html dir="rtl" ', 1)
        if template == "search.html" or "</head>" not in page:
            return page
        return without_waiting(page, super().render(f"static/{OPTIONS}.jinja", context))


def _use_templates(app: Sphinx, config: Config) -> None:
    config.template_bridge = f"{__name__}.{Templates.__name__}"


def setup(app: Sphinx) -> None:
    app.connect("config-inited", _use_templates)
