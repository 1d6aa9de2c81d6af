"""What the table of contents leaves out: references to it become plain text, where stock Sphinx warns.

A chapter that is left out is never read by Sphinx, so its labels are nowhere. The course knows them (bank/course.py).
A reference to what nobody knows stays what it is, and a warning.
"""

from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import docname_join

from bookwidgets.bank.course import FOLDERS, Course, Page
from bookwidgets.bank.strings import strings
from bookwidgets.bank.text import running
from bookwidgets.pages.notebooks import files_of


class DroppedReferences(SphinxPostTransform):
    """Replace references to dropped chapters, and citations of a book without a bibliography."""

    default_priority = 5  # before MyST (9) and Sphinx (10) look for them

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(pending_xref)):
            _follow(self.env, node)
            text = dropped_text(self.env, node)
            if not text:
                continue
            if node["refexplicit"] and node["reftype"] != "numref":  # whose own words hold a place for the number
                node.replace_self(nodes.inline("", "", *(child.deepcopy() for child in node.children)))
            else:
                node.replace_self(nodes.inline("", text))


def _follow(env: BuildEnvironment, node: pending_xref) -> None:
    """Let a reference to a chapter lead to it in the folder where it is: ours may be replaced by a fork's own.

    So a fork can copy a chapter of ours, whose references name the chapters beside it, and change a line.
    """
    course: Course = env.app.bookwidgets_book.course
    folder, _, slug = _docname(node).rpartition("/")
    if folder not in FOLDERS or f"{folder}/{slug}" in course.pages:
        return
    page = course.chapters.get(slug) or next((page for page in course.dropped.values() if page.slug == slug), None)
    if page:
        node["reftarget"] = f"/{page.name}" if node["reftype"] == "doc" else page.name


def _docname(node: pending_xref) -> str:
    """The page that a reference is to, if it is to a page."""
    if node["reftype"] == "doc":  # a role names the page as seen from its own
        return docname_join(node["refdoc"], node["reftarget"])
    return node["reftarget"] if node.get("refdomain") == "doc" else ""  # what MyST has made of a link


def dropped_text(env: BuildEnvironment, node: pending_xref) -> str:
    """What stands in the place of a reference to something that is left out; nothing for any other reference."""
    course: Course = env.app.bookwidgets_book.course
    domain, kind, name = node.get("refdomain") or "", node["reftype"], node["reftarget"]
    if domain == "book":
        concept = course.known.get(name)
        return running(concept.title) if concept and name not in course.concepts else ""
    if domain == "cite":
        return _cited(env, name, textual=kind.startswith("t"))
    if kind == "doc" or domain == "doc":
        page = course.dropped.get(_docname(node))
        return page.title if page else ""
    if domain in {"std", "math"} or kind in {"myst", "any"}:
        return _labelled(env, course, kind, name)
    return ""


def _labelled(env: BuildEnvironment, course: Course, kind: str, label: str) -> str:
    """The title of the section that a label of a dropped chapter stands before, or where the labelled thing was."""
    std = cast(StandardDomain, env.get_domain("std"))
    listed = label.lower() in std.anonlabels or label in env.get_domain("math").data["objects"]
    page = None if listed else _home(course, label.lower())
    if page is None:
        return ""
    headings = {name.lower(): title for name, title in page.headings.items()}
    if label.lower() in headings:
        return headings[label.lower()]
    words = strings(env.config.language)
    of = {"numref": words["dropped_figure"], "eq": words["dropped_formula"]}.get(kind, "{title}")
    return of.format(title=page.title)


def _home(course: Course, label: str) -> Page | None:
    """The dropped chapter that has a label. Sphinx does not tell capitals in labels from small letters."""
    return next((page for page in course.dropped.values() if label in map(str.lower, page.labels)), None)


def _cited(env: BuildEnvironment, keys: str, textual: bool) -> str:
    """Authors and years, for a book whose table of contents leaves out the page with the bibliography."""
    domain = cast(Any, env.get_domain("cite"))
    if domain.bibliographies:
        return ""
    entries = [domain.bibdata.data.entries.get(key.strip()) for key in keys.split(",")]
    if not all(entries):
        return ""
    if textual:
        return "; ".join(f"{_authors(entry)} ({entry.fields.get('year', '')})" for entry in entries)
    return "(" + "; ".join(f"{_authors(entry)}, {entry.fields.get('year', '')}" for entry in entries) + ")"


def _authors(entry: Any) -> str:
    """The family names of a work of pybtex, as citations shorten them; its title where nobody is named."""
    persons = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join(map(str, person.rich_last_names)) for person in persons]
    return f"{names[0]} et al." if len(names) > 2 else " and ".join(names) or entry.fields.get("title", "")


def _relisted(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write every page again when the table of contents has changed.

    It is drawn on each of them, and each may refer to what was dropped, or taken back in; or has a new title there.
    """
    course: Course = app.bookwidgets_book.course  # type: ignore[attr-defined]
    now = {page.name: repr((page.title, page.headings, page.concepts)) for page in course.dropped.values()}
    listed = repr(app.config.external_site_map.as_json())
    before, listed_before = getattr(env, "bookwidgets_toc", ({}, listed))
    env.bookwidgets_toc = (now, listed)  # type: ignore[attr-defined]
    same = listed == listed_before and all(now.get(name) == text for name, text in before.items())
    return [] if same else sorted(env.found_docs)


def _remove_pages(app: Sphinx, exception: Exception | None) -> None:
    """Remove what earlier builds made of chapters that are left out now."""
    if app.builder.format != "html":
        return
    course: Course = app.bookwidgets_book.course  # type: ignore[attr-defined]
    for page in course.dropped.values():
        made = [app.builder.get_outfilename(page.name), Path(app.outdir, "_sources", page.file)]
        if page.slug not in course.chapters:
            made += files_of(app, page)
        for path in made:
            Path(path).unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    app.add_post_transform(DroppedReferences)
    app.connect("env-updated", _relisted)
    app.connect("build-finished", _remove_pages)
