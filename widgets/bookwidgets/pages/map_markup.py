"""The concept map as markup: an SVG whose boxes are links, and the same as nested lists.

Both can be read without scripts. static/map.js reads from it which edges there are: ``data-e`` of a line holds the
numbers of its two concepts, counted in the order of the boxes.
"""

from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby

from bookwidgets.bank.course import Concept, Page
from bookwidgets.bank.graph import concept_graph
from bookwidgets.pages.map_heights import Title
from bookwidgets.pages.map_labels import LEADING, TYPE
from bookwidgets.pages.map_layout import SIGN, Box, Layout, lay_out

TURN = 5  # the radius of a line's corners
BASE = 5  # from the middle of a line of text down to its base

Address = Callable[[Page, str], str]  # of a page, or of a concept on it ("" for the page itself)


def map_markup(pages: Sequence[Page], address: Address, words: dict[str, str], name: str) -> str:
    """Map and lists of the concepts that ``pages`` define; ``name`` begins the ids of what can be linked to."""
    pages = [page for page in pages if page.concepts]
    if not pages:
        return f"<p>{escape(words['map_empty'])}</p>"
    layout = lay_out(pages)
    drawn = _drawing(layout, pages, address, words)
    listed = _lists(layout, pages, address, words, name)
    skip = f'<a class="bw-skip" href="#{name}-end">{escape(words["map_skip"])}</a>'
    end = f'<span id="{name}-end" tabindex="-1"></span>'
    frame = f'<div class="bw-map-frame">{drawn}</div>'
    return f'<concept-map class="bw-map" data-name="{name}">{skip}{frame}{listed}{end}</concept-map>'


def _drawing(layout: Layout, pages: Sequence[Page], address: Address, words: dict[str, str]) -> str:
    number = {box.id: place for place, box in enumerate(layout.boxes)}
    concepts = {concept.id: (page, concept) for page in pages for concept in page.concepts}
    bands = "".join(f'<rect y="{top}" width="{layout.width}" height="{end - top}"/>' for top, end in layout.bands)
    lines = "".join(
        f'<path data-e="{number[start]} {number[end]}" d="{_rounded(points)}"/>'
        for (start, end), points in layout.lines.items()
    )
    boxes = {box.id: box for box in layout.boxes}
    light = "".join(
        f'<path class="bw-light" data-e="{number[start]} {number[end]}" d="{_swung(boxes[start], boxes[end])}"/>'
        for start, end in layout.light
    )
    # Titles between the boxes: this is the order in which a keyboard goes through them.
    parts, titles = iter(layout.titles), {}
    before: list[str] = []
    for title in parts:
        before.append(_title(title, address))
        if title.page is not None:
            titles[title.page.name] = "".join(before)
            before.clear()
    inside = ""
    for box in layout.boxes:
        page, concept = concepts[box.id]
        inside += titles.pop(page.name, "") + _box(box, concept, address(page, concept.id))
    label = escape(words["map_label"].format(n=len(boxes)), quote=True)
    return (
        f'<svg width="{layout.width}" height="{layout.height}" viewBox="0 0 {layout.width} {layout.height}"'
        f' role="group" aria-label="{label}"><g class="bw-bands">{bands}</g>'
        f'<g class="bw-lines">{lines}{light}</g>{inside}</svg>'
    )


def _box(box: Box, concept: Concept, href: str) -> str:
    x = box.x + SIGN
    y = box.y + box.height // 2 - (len(box.lines) - 1) * LEADING // 2 + BASE
    rect = f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"/>'
    return f'<a href="{escape(href)}" data-id="{escape(concept.id)}">{rect}{_text(box.lines, x, y)}</a>'


def _title(title: Title, address: Address) -> str:
    text = _text(title.lines, 12, title.y + TYPE, ' class="bw-part"' if title.page is None else "")
    return text if title.page is None else f'<a class="bw-chapter" href="{escape(address(title.page, ""))}">{text}</a>'


def _text(lines: Sequence[str], x: int, y: int, more: str = "") -> str:
    """Lines of text; a space ends each but the last, so that who hears them does not hear one word."""
    first, *others = map(escape, lines)
    rest = "".join(f' <tspan x="{x}" dy="{LEADING}">{line}</tspan>' for line in others)
    return f'<text{more} x="{x}" y="{y}">{first}{rest}</text>'


def _rounded(points: Sequence[tuple[int, int]]) -> str:
    """A line through ``points``, upright or level between them, as the data of a path, with rounded corners.

    >>> _rounded([(0, 0), (0, 20), (30, 20)])
    'M0 0V15q0 5 5 5H30'
    """
    (x, y), *rest = points
    data = f"M{x} {y}"
    for position, (to_x, to_y) in enumerate(rest):
        dx, dy = to_x - x, to_y - y
        step_x, step_y = (dx > 0) - (dx < 0), (dy > 0) - (dy < 0)
        turn = 0
        if position + 1 < len(rest):
            next_x, next_y = rest[position + 1]
            turn = min(TURN, (abs(dx) + abs(dy)) // 2, (abs(next_x - to_x) + abs(next_y - to_y)) // 2)
        end_x, end_y = to_x - turn * step_x, to_y - turn * step_y
        data += f"H{end_x}" if dx else f"V{end_y}"
        if turn:
            turn_x = turn * ((next_x > to_x) - (next_x < to_x))
            turn_y = turn * ((next_y > to_y) - (next_y < to_y))
            control = f"{turn * step_x} {turn * step_y}"
            data += f"q{control} {turn * step_x + turn_x} {turn * step_y + turn_y}"
        x, y = to_x, to_y
    return data


def _swung(start: Box, end: Box) -> str:
    """A curve from a box to another one, which may lie anywhere."""
    x, to_x = start.x + start.width // 2, end.x + end.width // 2
    down = start.y <= end.y
    y, to_y = (start.y + start.height, end.y) if down else (start.y, end.y + end.height)
    return f"M{x} {y}C{x} {(y + to_y) // 2} {to_x} {(y + to_y) // 2} {to_x} {to_y}"


def _lists(layout: Layout, pages: Sequence[Page], address: Address, words: dict[str, str], name: str) -> str:
    number = {box.id: place for place, box in enumerate(layout.boxes)}
    titles = {concept.id: concept.title for page in pages for concept in page.concepts}
    graph = concept_graph(concept for page in pages for concept in page.concepts)

    def links(label: str, others: Sequence[str]) -> str:
        there = (f'<a href="#{name}-{number[other]}">{escape(titles[other])}</a>' for other in others)
        return f"<p>{escape(words[label])}: {', '.join(there)}</p>" if others else ""

    def entry(page: Page, concept: Concept) -> str:
        title = f'<a href="{escape(address(page, concept.id))}">{escape(concept.title)}</a>'
        near = links("map_before", list(graph.predecessors(concept.id)))
        near += links("map_opens", list(graph.successors(concept.id)))
        return f'<li id="{name}-{number[concept.id]}">{title}{near}</li>'

    def chapter(page: Page) -> str:
        entries = "".join(entry(page, concept) for concept in page.concepts)
        return f'<li><a href="{escape(address(page, ""))}">{escape(page.title)}</a><ul>{entries}</ul></li>'

    parts = ""
    for part, inside in groupby(pages, key=lambda page: page.part):
        chapters = "".join(map(chapter, inside))
        parts += f"<li><b>{escape(part)}</b><ul>{chapters}</ul></li>" if part else chapters
    return f'<ul class="bw-map-list">{parts}</ul>'
