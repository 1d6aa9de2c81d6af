"""Where the items of a map's rows stand from left to right: lines as straight as the order of the rows allows.

The sum of all sideways ways is least, subject to distances between neighbours: a linear program whose dual is a flow of
least cost (Gansner and others, 1993, section 4.2), which networkx finds in whole numbers. So positions are whole too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

from bookwidgets.pages.map_order import Rows

PORT = 10  # between two lines that end in the same box
GAP = 16  # between two boxes
LANE_GAP = 10  # between two lanes, and between a lane and a box
STRAIGHT = {"lane": 8, "out": 3, "in": 2}  # how much a sideways way counts: between lanes, from a box, into a box
FIRM = 1000  # how much it counts that a line stays clear of another


@dataclass(frozen=True)
class Columns:
    """The middle of every item in every row, where lines enter the boxes, and the width of it all."""

    middle: list[dict[int, int]]
    ports: dict[tuple[int, int], int]  # (source, target) -> x
    width: int


@dataclass(frozen=True)
class Apart:
    """Below row ``row``: where the line of ``upper`` enters ``end`` and where that of ``lower`` leaves, kept apart.

    ``distance`` is how far the second is to be to the right of the first, to the left if negative.
    """

    row: int
    upper: int
    end: int
    top: int
    distance: int


def least_width(row: Sequence[int], widths: Mapping[int, int]) -> int:
    """The width that a row takes in any order of its items."""
    return sum(widths.get(item, 0) for item in row) + sum(_gap(*pair) for pair in pairwise(sorted(row)))


def _gap(left: int, right: int) -> int:
    return GAP if left >= 0 <= right else LANE_GAP


def columns(rows: Rows, widths: Mapping[int, int], least: int, apart: Sequence[Apart] = ()) -> Columns:
    """Positions for ``rows`` whose boxes have these (even) widths, at least ``least`` wide in all."""
    places = [(number, item) for number, row in enumerate(rows.items) for item in row]
    variable = {place: position for position, place in enumerate(places)}
    offsets = _port_offsets(rows)
    program = _Program(len(variable))
    for number, row in enumerate(rows.items):
        half = {item: widths.get(item, 0) // 2 for item in row}
        for left, right in pairwise(row):
            distance = half[left] + half[right] + _gap(left, right)
            program.keep_apart(variable[number, left], variable[number, right], distance)
        program.keep_in(variable[number, row[0]], half[row[0]], variable[number, row[-1]], half[row[-1]])
    for number, nets in enumerate(rows.nets):
        for net in nets:
            for end in net.bottoms:
                kind = "in" if end >= 0 else "out" if net.top >= 0 else "lane"
                offset = offsets.get((net.source, end), 0)
                program.bring_near(variable[number, net.top], variable[number + 1, end], offset, STRAIGHT[kind])
    for pair in apart:
        end, top = variable[pair.row + 1, pair.end], variable[pair.row, pair.top]
        program.rather_apart(end, top, offsets.get((pair.upper, pair.end), 0), pair.distance)
    x, width = program.solve(least)
    middle = [{item: x[variable[number, item]] for item in row} for number, row in enumerate(rows.items)]
    at = {item: place for row in middle for item, place in row.items() if item >= 0}
    return Columns(middle, {(source, end): at[end] + offset for (source, end), offset in offsets.items()}, width)


def _port_offsets(rows: Rows) -> dict[tuple[int, int], int]:
    """How far from the middle of its target each line ends, in the order in which they come."""
    offsets: dict[tuple[int, int], int] = {}
    for number, nets in enumerate(rows.nets):
        place = {item: position for position, item in enumerate(rows.items[number])}
        for target in (item for item in rows.items[number + 1] if item >= 0):
            entering = sorted((net for net in nets if target in net.bottoms), key=lambda net: place[net.top])
            for position, net in enumerate(entering):
                offsets[net.source, target] = position * PORT - (len(entering) - 1) * PORT // 2
    return offsets


class _Program:
    """Find whole numbers x with given least distances, so that the weighted sum of deviations is least."""

    def __init__(self, size: int) -> None:
        self.left, self.right = size, size + 1  # the walls
        self.hard: list[tuple[int, int, int]] = []  # (i, j, s): x[j] - x[i] >= s
        self.soft: list[tuple[int, int, int, int]] = []  # (i, j, s, w): the same at a price of w for each unit less
        self.size = size + 2

    def keep_apart(self, left: int, right: int, distance: int) -> None:
        self.hard.append((left, right, distance))

    def keep_in(self, first: int, room: int, last: int, room_after: int) -> None:
        self.hard += [(self.left, first, room), (last, self.right, room_after)]

    def bring_near(self, upper: int, lower: int, offset: int, weight: int) -> None:
        """Bring ``lower + offset`` below ``upper``."""
        if upper != lower:
            self.soft += [(lower, upper, offset, weight), (upper, lower, -offset, weight)]

    def rather_apart(self, first: int, second: int, offset: int, distance: int) -> None:
        """Bring ``second`` at least ``distance`` to the right of ``first + offset``; to the left, if it is negative."""
        if distance > 0:
            self.soft.append((first, second, distance + offset, FIRM))
        else:
            self.soft.append((second, first, -distance - offset, FIRM))

    def solve(self, least: int) -> tuple[list[int], int]:
        """Positions from the left wall at 0, and where the right wall stands."""
        width = max(least, self._need())
        hard = [*self.hard, (self.left, self.right, width), (self.right, self.left, -width)]
        network = nx.MultiDiGraph()
        network.add_nodes_from(range(self.size), demand=0)
        for i, j, s in hard:
            network.add_edge(i, j, weight=-s)
        for i, j, s, w in self.soft:
            network.add_edge(i, j, weight=-s, capacity=w)
        _, flow = nx.network_simplex(network)
        residual = nx.DiGraph()
        for i, j, key, edge in network.edges(keys=True, data=True):
            used = flow[i][j][key]
            if used < edge.get("capacity", float("inf")):
                _shorten(residual, i, j, edge["weight"])
            if used > 0:
                _shorten(residual, j, i, -edge["weight"])
        distance = nx.single_source_bellman_ford_path_length(residual, self.left)
        return [-distance[i] for i in range(self.size - 2)], width

    def _need(self) -> int:
        """The width that the widest chain of neighbours takes."""
        chain = nx.DiGraph()
        for i, j, s in self.hard:
            _shorten(chain, i, j, -s)
        return -nx.single_source_bellman_ford_path_length(chain, self.left)[self.right]


def _shorten(graph: nx.DiGraph, i: int, j: int, weight: int) -> None:
    if not graph.has_edge(i, j) or graph[i][j]["weight"] > weight:
        graph.add_edge(i, j, weight=weight)
