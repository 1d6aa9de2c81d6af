"""The concept map as numbers: boxes in rows, lines between them, bands for the parts of the book.

It knows neither Sphinx nor SVG. Lengths are pixels, from the upper left corner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from bookwidgets.bank import graph as graphs
from bookwidgets.bank.graph import Edge, concept_graph, essential, forward
from bookwidgets.bank.page import Page
from bookwidgets.pages.map_columns import Apart, Columns, columns, least_width
from bookwidgets.pages.map_heights import BAND, MARGIN, Down, Title
from bookwidgets.pages.map_labels import LEADING, TYPE, text_width, wrapped
from bookwidgets.pages.map_order import Net, Rows, ordered, with_lanes
from bookwidgets.pages.map_tracks import CLEAR, Fork, covering, joined, tracks, way

SIGN = 22  # room in a box for the sign of mastery, before the label
PADDING = 8
LABEL = 132  # a longer label goes on in another line
WIDTH = 684  # of the map, as wide as a page's text; one that needs more scrolls
TRACK, CHANNEL = 7, 8  # between two lines that go sideways, and between these and the boxes
SLACK = 32  # that rows leave, so that lines need not bend for the widest
TRIES = 8  # to keep lines from covering each other


@dataclass(frozen=True)
class Box:
    """A concept: where it stands, and the lines of its label."""

    id: str
    lines: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Layout:
    """All that is drawn. ``light`` are edges without a line of their own: superfluous ones, and those that lead up."""

    boxes: list[Box]  # in reading order
    lines: dict[Edge, list[tuple[int, int]]]  # their corners
    light: list[Edge]
    bands: list[tuple[int, int]]  # upper and lower edge
    titles: list[Title]
    width: int
    height: int


@dataclass(frozen=True)
class _Channel:
    """The room between two rows: the track of each line by its source, and how many tracks there are."""

    track: Mapping[int, int]
    count: int

    @property
    def height(self) -> int:
        return 2 * CHANNEL + max(self.count - 1, 0) * TRACK


def lay_out(pages: Sequence[Page]) -> Layout:
    """The map of the concepts that ``pages`` define; at least one of them must define one."""
    home = {concept.id: page for page in pages for concept in page.concepts}
    concepts = {concept.id: concept for page in pages for concept in page.concepts}
    order = [page for page in pages if page.concepts]
    chapter = {name: order.index(page) for name, page in home.items()}
    graph = concept_graph(concepts.values())
    edges = essential(forward(graph, chapter))
    names = list(concepts)
    labels = [tuple(wrapped(concepts[name].title, TYPE, LABEL)) for name in names]
    widths = [_box_width(labels[place], sum(name == end for _, end in edges)) for place, name in enumerate(names)]
    placed = ordered(_rows(forward(graph, chapter), edges, chapter, widths))
    across, channels = _across(placed, dict(enumerate(widths)))

    rows = [[item for item in row if item >= 0] for row in placed.items]
    heights = [max(len(labels[item]) for item in row) * LEADING + 12 for row in rows]
    down = Down([home[names[row[0]]] for row in rows], heights, [channel.height for channel in channels])
    boxes = [
        Box(names[item], labels[item], MARGIN + x - widths[item] // 2, y, widths[item], height)
        for middle, y, height in zip(across.middle, down.rows, heights, strict=True)
        for item, x in middle.items()
        if item >= 0
    ]
    lines = {
        (names[a], names[b]): [(MARGIN + x, y) for x, y in points]
        for (a, b), points in _lines(placed, across, channels, down.rows, heights).items()
    }
    light = [edge for edge in graph.edges if edge not in lines]
    return Layout(boxes, lines, light, down.bands, down.titles, MARGIN + across.width + BAND, down.height)


def _box_width(lines: Sequence[str], entering: int) -> int:
    """An even width that holds the label, and room for the lines that enter."""
    label = SIGN + PADDING + max(text_width(line, TYPE) for line in lines)
    return 2 * round(max(label, 10 * entering + 14) / 2 + 0.5)


def _rows(graph: nx.DiGraph, edges: Sequence[Edge], chapter: Mapping[str, int], widths: Sequence[int]) -> Rows:
    """Rows with lanes, as few as fit beside each other into the width that the map should have."""
    number = {name: place for place, name in enumerate(chapter)}
    targets = {place: [number[end] for start, end in edges if start == name] for name, place in number.items()}
    total = WIDTH - MARGIN - BAND - SLACK
    room = dict.fromkeys(chapter.values(), total)
    while True:
        named = graphs.rows(graph, chapter, {name: widths[place] for name, place in number.items()}, room)
        found = with_lanes([[number[name] for name in row] for row in named], targets)
        full = [
            row
            for row, items in zip(named, found.items, strict=True)
            if len(row) > 1 and least_width(items, dict(enumerate(widths))) > total
        ]
        if not full:
            return found
        for row in full:
            room[chapter[row[0]]] = min(room[chapter[row[0]]], sum(widths[number[name]] for name in row) - 1)


def _across(placed: Rows, widths: Mapping[int, int]) -> tuple[Columns, list[_Channel]]:
    """Positions from left to right, and the ways of the lines between rows."""
    apart: list[Apart] = []
    for _ in range(TRIES):
        across = columns(placed, widths, WIDTH - MARGIN - BAND, apart)
        between = [_channel(placed.nets[row], across, row) for row in range(len(placed.nets))]
        covered = [pair for _, pairs in between for pair in pairs]
        if not covered:
            break
        apart += covered
    return across, [channel for channel, _ in between]


def _channel(nets: Sequence[Net], across: Columns, row: int) -> tuple[_Channel, list[Apart]]:
    """The tracks of the lines below ``row``, and which of them cover each other all the same."""
    forks = [
        Fork(across.middle[row][net.top], tuple(_end(across, row + 1, net.source, end) for end in net.bottoms))
        for net in nets
    ]
    found = tracks(forks)
    bending = [track for fork, track in zip(forks, found, strict=True) if not fork.straight]
    track = dict(zip((net.source for net in nets), found, strict=True))
    channel = _Channel(track, max(bending, default=-1) + 1)
    apart = [
        Apart(row, nets[a].source, nets[a].bottoms[place], nets[b].top,
              CLEAR if forks[b].top >= forks[a].bottoms[place] else -CLEAR)
        for a, place, b in covering(forks, found)
    ]  # fmt: skip
    return channel, apart


def _end(across: Columns, row: int, source: int, end: int) -> int:
    return across.middle[row][end] if end < 0 else across.ports[source, end]


def _lines(
    placed: Rows, across: Columns, channels: Sequence[_Channel], tops: Sequence[int], heights: Sequence[int]
) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """The corners of every line, by (source, target)."""
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    passing: dict[int, list[tuple[int, int]]] = {}  # how the line of each source came here
    for row, channel in enumerate(channels):
        goal = tops[row + 1]
        highest = goal - CHANNEL - max(channel.count - 1, 0) * TRACK
        for net in placed.nets[row]:
            start = across.middle[row][net.top], tops[row] + heights[row]
            before = passing[net.source] if net.top < 0 else []
            bend = highest + TRACK * channel.track[net.source]
            for end in net.bottoms:
                points = [*before, *way(start, bend, (_end(across, row + 1, net.source, end), goal))]
                if end < 0:
                    passing[net.source] = points
                else:
                    found[net.source, end] = joined(points)
    return found
