"""The map on the landing page tells the truth: a chapter that can be read is drawn as written, and linked there."""

from xml.etree import ElementTree

import yaml

from tests.conftest import ROOT


def written_chapters() -> set[str]:
    """The slugs of what stands in the numbered parts of the table of contents."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = [part for part in toc["parts"] if part.get("numbered")]
    return {chapter["file"].removeprefix("chapters/") for part in parts for chapter in part["chapters"]}


def test_map_marks_as_written_what_can_be_read():
    drawing = ElementTree.parse(ROOT / "chapters/figures/book-map.svg")
    stops = [stop for stop in drawing.iter() if "data-chapter" in stop.attrib]
    assert len({stop.attrib["data-chapter"] for stop in stops}) == len(stops)
    written = {stop.attrib["data-chapter"] for stop in stops if stop.attrib.get("data-state") == "written"}
    assert written == written_chapters()


def test_landing_page_links_to_what_can_be_read():
    page = (ROOT / "index.md").read_text(encoding="utf-8")
    map_section = page[page.index("(landing-map)=") :]
    missing = {slug for slug in written_chapters() if f"{{doc}}`chapters/{slug}`" not in map_section}
    assert not missing
