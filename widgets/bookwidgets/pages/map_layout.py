"""The concept map as numbers: boxes in rows, lines between them, bands for the parts of the book.

It knows neither Sphinx nor SVG. Lengths are pixels, from the upper left corner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bookwidgets.bank.graph import Edge, concept_graph, essential, forward, rows
from bookwidgets.bank.page import Page
from bookwidgets.pages.map_columns import Apart, Columns, columns, least_width
from bookwidgets.pages.map_labels import text_width, wrapped
from bookwidgets.pages.map_order import Net, Rows, ordered, with_lanes
from bookwidgets.pages.map_tracks import CLEAR, Fork, covering, joined, tracks, way

TYPE, LEADING = 13, 16  # the labels' size of type and the distance of their lines
SIGN = 22  # room in a box for the sign of mastery, before the label
PADDING = 8
LABEL = 132  # a longer label goes on in another line
MARGIN = 124  # on the left, for titles
WIDTH = 684  # of the map, as wide as a page's text; one that needs more scrolls
TRACK, CHANNEL = 7, 8  # between two lines that go sideways, and between these and the boxes
BAND = 12  # between two parts, and on their edges
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
class Title:
    """The title of a part (``page`` is None) or chapter in the margin: its lines, and the upper edge of the first."""

    page: Page | None
    lines: tuple[str, ...]
    y: int


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
    pages = [page for page in pages if page.concepts]
    concepts = [concept for page in pages for concept in page.concepts]
    chapter = {concept.id: number for number, page in enumerate(pages) for concept in page.concepts}
    graph = concept_graph(concepts)
    edges = essential(forward(graph, chapter))
    labels = {concept.id: tuple(wrapped(concept.title, TYPE, LABEL)) for concept in concepts}
    widths = [_box_width(labels[name], sum(name == end for _, end in edges)) for name in chapter]
    names = list(chapter)
    placed = ordered(_rows(forward(graph, chapter), edges, chapter, widths))
    across, channels = _across(placed, dict(enumerate(widths)))

    own = [[item for item in row if item >= 0] for row in placed.items]
    heights = [max(len(labels[names[item]]) for item in row) * LEADING + 12 for row in own]
    down = _Down([pages[chapter[names[row[0]]]] for row in own], heights, channels)
    boxes = [
        Box(names[item], labels[names[item]], MARGIN + across.middle[row][item] - widths[item] // 2, down.rows[row],
            widths[item], heights[row])
        for row, items in enumerate(own) for item in items
    ]  # fmt: skip
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


def _rows(graph: object, edges: Sequence[Edge], chapter: Mapping[str, int], widths: Sequence[int]) -> Rows:
    """Rows with lanes, as few as fit beside each other into the width that the map should have."""
    number = {name: place for place, name in enumerate(chapter)}
    targets = {place: [number[end] for start, end in edges if start == name] for name, place in number.items()}
    total = WIDTH - MARGIN - BAND - SLACK
    room = dict.fromkeys(chapter.values(), total)
    while True:
        named = rows(graph, chapter, {name: widths[place] for name, place in number.items()}, room)
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
    channel = _Channel({net.source: track for net, track in zip(nets, found, strict=True)}, max(bending, default=-1) + 1)
    apart = [
        Apart(row, nets[a].source, nets[a].bottoms[place], nets[b].top,
              CLEAR if forks[b].top >= forks[a].bottoms[place] else -CLEAR)
        for a, place, b in covering(forks, found)
    ]  # fmt: skip
    return channel, apart


def _end(across: Columns, row: int, source: int, end: int) -> int:
    return across.middle[row][end] if end < 0 else across.ports[source, end]


class _Down:
    """The heights of rows, bands and titles, found from top to bottom; ``pages`` says whose each row is."""

    def __init__(self, pages: Sequence[Page], heights: Sequence[int], channels: Sequence[_Channel]) -> None:
        self.rows: list[int] = []
        self.bands: list[tuple[int, int]] = []
        self.titles: list[Title] = []
        self.free = self.start = 0  # below the last title; the upper edge of this band
        y = 0
        for row, page in enumerate(pages):
            y += channels[row - 1].height if row else 0
            if row == 0 or pages[row - 1].part != page.part:
                y = self._begin_part(page.part, y, first=row == 0)
            if row == 0 or pages[row - 1] is not page:
                y = max(y, self.free)
                self._title(page, page.title, y + 5)
            self.rows.append(y)
            y += heights[row]
        self.height = self._end_part(y)

    def _title(self, page: Page | None, text: str, y: int) -> None:
        lines = tuple(wrapped(text, TYPE, MARGIN - 24))
        self.titles.append(Title(page, lines, y))
        self.free = y + len(lines) * LEADING + 8

    def _begin_part(self, part: str, y: int, first: bool) -> int:
        self.start = 0 if first else self._end_part(y - CHANNEL) + BAND
        self.free = self.start + BAND
        if part:
            self._title(None, part, self.free)
        return max(y, self.free)

    def _end_part(self, y: int) -> int:
        end = max(y + BAND, self.free)
        self.bands.append((self.start, end))
        return end


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
