"""The one style sheet of a page: what of the many it keeps."""

import re
from pathlib import Path

import pytest

from bookwidgets.pages.sheets import SHEETS, in_one, needed

WORDS = {"a", "b", "bd-main", "main-content"}


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [
        (".a{x:1}.c{x:2}", ".a{x:1}"),
        (".a .c, .b > .a, p{x:1}", ".b > .a,p{x:1}"),
        ("#main-content .bd-main{x:1}#other{x:2}", "#main-content .bd-main{x:1}"),
        ("*, :root, a[href^='.c'], p::before{x:1}", '*,:root,a[href^=".c"],p::before{x:1}'),
        (".a:not(.c){x:1}", ".a:not(.c){x:1}"),  # most of .a are none of .c
        (".a:is(.c, .b:not(.d)), .c:is(.a){x:1}", ".a:is(.c, .b:not(.d)){x:1}"),
        (".a.c{x:1}.a.b{x:2}", ".a.b{x:2}"),
        ("@media print{.a{x:1}.c{x:2}}@media (width > 9px){.c{x:3}}", "@media print{.a{x:1}}"),
        ("@supports (x: y){@media print{.c{x:1}.b{x:2}}}", "@supports (x: y){@media print{.b{x:2}}}"),
        ("@font-face{font-family:c}@keyframes c{0%{x:1}}", "@font-face{font-family:c}@keyframes c{0%{x:1}}"),
        ("/*! of c, MIT */ /* c */ .c{x:1}", "/*! of c, MIT */"),
        (".a\\/b{x:1}.a\\/c{x:2}", ".a\\/b{x:1}"),
        (".a{background:url(data:image/png;base64,AA.c)}", ".a{background:url(data:image/png;base64,AA.c)}"),
        ("", ""),
    ],
)
def test_a_rule_stays_if_the_site_has_the_words_that_its_selector_needs(sheet, kept):
    assert needed(sheet, WORDS).replace("\n", "") == kept


def test_links_to_what_is_joined_become_one_in_their_place():
    links = [
        '<link href="../_static/styles/theme.css?digest=1" rel="stylesheet" />',
        '<link rel="stylesheet" type="text/css" href="../_static/pygments.css?v=2" />',
        '<link rel="stylesheet" type="text/css" href="../_static/of-a-fork.css" />',
        '<link rel="stylesheet" type="text/css" href="../_static/bookwidgets/exam.css?v=3" />',
    ]
    one, *others = in_one(links)
    assert 'href="../_static/bookwidgets/page.css?v=' in one
    assert others == links[2:]
    assert in_one(links[2:]) == links[2:]


def test_the_sheet_is_smaller_and_complete(site: Path):
    """A third at most of what it replaces; each file that it names is there; licences are kept, imports are not."""
    static = site / "_static"
    sheet = (static / "bookwidgets/page.css").read_text(encoding="utf-8")
    theme = (static / "styles/pydata-sphinx-theme.css").read_text(encoding="utf-8")
    replaced = [static / name for name in [*SHEETS, "basic.css"]]  # the theme's first imports that one
    assert 3 * len(sheet.encode()) < sum(path.stat().st_size for path in replaced)
    licences = set(re.findall(r"/\*!.*?\*/", theme, re.DOTALL))
    assert licences
    assert licences <= set(re.findall(r"/\*!.*?\*/", sheet, re.DOTALL))
    assert "@import" not in sheet
    named = [name for name in re.findall(r"""url\(["']?([^"')]+)""", sheet) if not name.startswith("data:")]
    assert named
    for name in named:
        assert (static / "bookwidgets" / name.partition("?")[0].partition("#")[0]).is_file(), name


def test_pages_name_the_sheet_by_what_is_in_it(site: Path):
    """A browser that has kept an older one asks for the new."""
    marks = {
        re.search(r"page\.css\?v=(\w+)", path.read_text(encoding="utf-8"))[1] for path in site.glob("chapters/*.html")
    }  # type: ignore[index]
    assert len(marks) == 1
    assert marks != {"00000000"}
