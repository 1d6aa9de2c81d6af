"""The order of scripts and style sheets in a page's head."""

import json
import re
from pathlib import Path

import pytest

from bookwidgets.pages.head import without_waiting

STOCK = """<html><head><meta charset="utf-8"/><title>A page</title>
  <script data-cfasync="false">
    document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";
  </script>
  <link href="_static/styles/theme.css" rel="stylesheet" />
  <link rel="stylesheet" type="text/css" href="_static/bookwidgets/exam.css?v=1" />
  <script defer src="_static/scripts/fontawesome.js?digest=2"></script>
  <link rel="preload" as="script" href="_static/scripts/bootstrap.js" />
  <script src="_static/documentation_options.js?v=3"></script>
  <script src="_static/doctools.js?v=4"></script>
  <script>let toggleHintShow = 'Click to show';</script>
  <script data-sd-tabs-storage-prefix="x" src="_static/design-tabs.js?v=5"></script>
  <script src="_static/bookwidgets/store.js?v=6"></script>
  <script src="_static/bookwidgets/quiz.js?v=7"></script>
  <script defer="defer" src="_static/mathjax/tex-mml-chtml.js?v=8"></script>
  <script>DOCUMENTATION_OPTIONS.pagename = 'index';</script>
  <script>DOCUMENTATION_OPTIONS.search_as_you_type = false;</script>
  <link rel="next" title="Two" href="two.html" />
  <script src="_static/searchtools.js"></script>
  <script src="searchindex.js"></script>
</head><body><script src="_static/of-a-page.js"></script><div class="sd-tab-set docutils"></div>
<script defer src="_static/scripts/bootstrap.js?digest=9"></script></body></html>"""

TAG = re.compile(r"<(?:script|link)\b[^>]*>(?:[^<]*</script>)?")


def tags(page: str) -> list[str]:
    """What loads or runs something in a head: "sheet", "wait", "run" or "late" and files, or "inline" and the text."""
    found = []
    for tag in TAG.findall(page.partition("</head>")[0]):
        name = re.search(r'(?:src|href)="[^"]*?([\w.-]+)(?:\?[^"]*)?"', tag.partition(">")[0])
        kind = "sheet" if "stylesheet" in tag else "wait" if re.match(r"<script[^>]*\bdefer\b", tag) else "run"
        if addresses := re.search(r"for \(const src of (\[.*?\])\)", tag):
            found.append("late " + " ".join(re.sub(r".*/|\?.*", "", address) for address in json.loads(addresses[1])))
        elif tag.startswith("<script") and not name:
            found.append("inline " + re.sub(r"<[^>]*>", "", tag).split()[0])
        elif tag.startswith("<script") or kind == "sheet":
            found.append(f"{kind} {name[1]}")
    return found


def test_what_runs_comes_first_then_the_styles_then_what_waits():
    page = without_waiting(STOCK, "const DOCUMENTATION_OPTIONS = {};")
    assert tags(page) == [
        "inline {", "inline document.documentElement.dataset.theme", "inline const", "inline let", "run store.js",
        "run quiz.js",
        "inline DOCUMENTATION_OPTIONS.pagename", "inline DOCUMENTATION_OPTIONS.search_as_you_type", "inline if",
        "late doctools.js tex-mml-chtml.js bootstrap.js", "sheet page.css", "sheet exam.css", "wait design-tabs.js",
    ]  # fmt: skip
    assert 'data-sd-tabs-storage-prefix="x"' in page
    assert "preload" not in page
    assert page.endswith('<span id="page-end" hidden></span></body></html>')
    assert "design-tabs.js" not in without_waiting(STOCK.replace("sd-tab-set", "sd-card"), "")
    assert "page-end" not in without_waiting(STOCK.replace("quiz.js", "store.js"), ""), "no question waits there"
    for kept in ["<title>A page</title>", 'href="two.html"', '<body><script src="_static/of-a-page.js"></script>']:
        assert kept in page


@pytest.mark.parametrize(
    "tag",
    [
        '<script src="https://cdn.example/require.min.js"></script>',
        '<script src="_static/of-a-fork.js"></script>',
    ],
)
def test_a_page_with_an_unknown_script_that_runs_at_once_is_left_alone(tag):
    page = STOCK.replace('<link rel="next"', f'{tag}<link rel="next"')
    assert without_waiting(page, "") == page
    waits = (
        page.replace("<script src=", "<script defer src=") if "fork" in tag else page.replace(" src=", " async src=")
    )
    assert without_waiting(waits, "") != waits


def test_beside_an_unknown_script_that_waits_none_is_named_late():
    page = without_waiting(
        STOCK.replace("</body>", '<script defer src="_static/of-a-fork.js"></script></body>'), "let x;"
    )
    found = tags(page)
    assert found[-3:] == ["wait doctools.js", "wait design-tabs.js", "wait tex-mml-chtml.js"]
    assert not [tag for tag in found if tag.startswith("late")]
    assert page.index("bootstrap.js") < page.index("of-a-fork.js")


def test_search_while_typing_keeps_the_index():
    page = STOCK.replace("search_as_you_type = false", "search_as_you_type = true")
    assert without_waiting(page, "") == page


def test_pages_of_the_book_hold_nothing_up(site: Path):
    """On every page: before the style sheets no script from a file but ours, after them none that waits."""
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts and path.name != "search.html"]
    assert len(pages) > 5
    for path in pages:
        found = tags(path.read_text(encoding="utf-8"))
        sheets = [index for index, tag in enumerate(found) if tag.startswith("sheet")]
        names = [tag.partition(" ")[2] for tag in found[sheets[0] : sheets[-1] + 1]]
        assert names[0] == "page.css"
        assert {*names} <= {path.name for path in (site / "_static/bookwidgets").glob("*.css")}
        before, after = found[: sheets[0]], found[sheets[-1] + 1 :]
        assert all(tag.startswith(("inline", "late")) or tag in {"run store.js", "run quiz.js"} for tag in before)
        assert "inline const" in before  # documentation_options.js
        assert after == []
        late = before[-1].split()
        assert late[0] == "late"
        assert {"marks.js", "copybutton.js", "bootstrap.js", "pydata-sphinx-theme.js"} < {*late}
        assert not {"fontawesome.js", "searchindex.js"} & {*late}
