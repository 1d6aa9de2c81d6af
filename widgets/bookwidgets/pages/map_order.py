"""The order of what stands in the rows of a map, so that few lines cross.

Layered drawing after Sugiyama and others (1981): a line that passes a row takes a place in it, here called a lane. All
lines that leave a concept share their lanes, so that a concept has one line, which branches.

Concepts are numbered. In a row, ``n`` is concept n and ``~n`` is the lane of concept n.
"""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean as mean

SWEEPS = 8
STARTS = 4  # orders to begin with, besides the given one
LONG = 8  # a lane through so many rows runs on the side
BEND = 2  # what a crossing of two lanes costs, beside 1 for others: one of the two lanes gets a bend

Links = list[dict[int, list[int]]]  # for each row, what its items are joined to in a neighbouring row


@dataclass(frozen=True)
class Net:
    """The line of one concept between two rows: from where it comes, and where it goes."""

    source: int
    top: int
    bottoms: tuple[int, ...]


@dataclass(frozen=True)
class Rows:
    """Rows of items from left to right, and between each two rows the lines."""

    items: list[list[int]]
    nets: list[list[Net]]


def with_lanes(rows: Sequence[Sequence[int]], targets: Mapping[int, Sequence[int]]) -> Rows:
    """``rows`` of concepts with lanes for lines that pass them; a line leads from a concept down to its targets.

    >>> with_lanes([[0], [1], [2]], {0: [1, 2]}).items
    [[0], [1, -1], [2]]
    """
    level = {node: number for number, row in enumerate(rows) for node in row}
    items = [list(row) for row in rows]
    nets: list[list[Net]] = [[] for _ in rows[1:]]
    for source in sorted(targets, key=lambda node: (level[node], node)):
        last = max((level[target] for target in targets[source]), default=level[source])
        for number in range(level[source], last):
            lane = [~source] if number + 1 < last else []
            items[number + 1] += lane
            here = [target for target in targets[source] if level[target] == number + 1]
            top = source if number == level[source] else ~source
            nets[number].append(Net(source, top, (*here, *lane)))
    return Rows(items, nets)


def ordered(rows: Rows) -> Rows:
    """The same rows with few crossings and few bends: the best that sweeps find from several orders, always the same.

    Long lanes run on the left or right of everything else, where no box makes them bend: on the side on which they are
    when they may run anywhere.
    """
    free = min((_swept(start, {}) for start in _starts(rows)), key=crossings)
    sides = _sides(free)
    return min((_swept(start, sides) for start in _starts(free)), key=crossings)


def _starts(rows: Rows) -> Iterator[Rows]:
    yield rows
    shuffle = random.Random(0)
    for _ in range(STARTS):
        yield Rows([shuffle.sample(row, len(row)) for row in rows.items], rows.nets)


def _sides(rows: Rows) -> dict[int, int]:
    """-1 for the long lanes that run on the left, 1 for those on the right."""
    places: dict[int, list[float]] = {}
    for row in rows.items:
        for place, item in enumerate(row):
            if item < 0:
                places.setdefault(item, []).append((place + 0.5) / len(row))
    long = {lane: mean(found) for lane, found in places.items() if len(found) >= LONG}
    return {lane: -1 if place < 0.5 else 1 for lane, place in long.items()}


def crossings(rows: Rows) -> int:
    """How many pairs of lines cross, with what crossings of lanes cost besides."""
    count = 0
    for number, nets in enumerate(rows.nets):
        above, below = _places(rows.items[number]), _places(rows.items[number + 1])
        ends = sorted((above[net.top], below[end], net.top < 0 > end) for net in nets for end in net.bottoms)
        for (start, end, lane), (other_start, other_end, other_lane) in combinations(ends, 2):
            if start < other_start and end > other_end:
                count += BEND if lane and other_lane else 1
    return count


def _swept(rows: Rows, sides: Mapping[int, int]) -> Rows:
    """``rows`` after sweeps down and up that sort by barycentres, each followed by exchanges of neighbours."""
    above, below = _links(rows.nets)
    now = [sorted(row, key=lambda item: sides.get(item, 0)) for row in rows.items]
    best, fewest = now, math.inf
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for number in range(1, len(now)) if down else range(len(now) - 2, -1, -1):
            fixed = now[number - 1 if down else number + 1]
            now[number] = _by_barycentre(now[number], fixed, (above if down else below)[number], sides)
        _exchange(now, above, below, sides)
        count = crossings(Rows(now, rows.nets))
        if count < fewest:
            best, fewest = [list(row) for row in now], count
    return Rows(best, rows.nets)


def _places(row: Sequence[int]) -> dict[int, int]:
    return {item: place for place, item in enumerate(row)}


def _links(nets: Sequence[Sequence[Net]]) -> tuple[Links, Links]:
    """What the items of each row are joined to in the row above, and in the row below."""
    above: Links = [{} for _ in range(len(nets) + 1)]
    below: Links = [{} for _ in range(len(nets) + 1)]
    for number, between in enumerate(nets):
        for net in between:
            for end in net.bottoms:
                above[number + 1].setdefault(end, []).append(net.top)
                below[number].setdefault(net.top, []).append(end)
    return above, below


def _by_barycentre(
    row: Sequence[int], fixed: Sequence[int], links: Mapping[int, Sequence[int]], sides: Mapping[int, int]
) -> list[int]:
    """``row`` by the mean place of what each item is joined to in ``fixed``; who is joined to nothing stays."""
    place = _places(fixed)
    scale = len(fixed) / len(row)

    def where(at: int) -> tuple[int, float]:
        joined = [place[item] for item in links.get(row[at], ())]
        return sides.get(row[at], 0), mean(joined) if joined else at * scale

    return [row[at] for at in sorted(range(len(row)), key=where)]


def _exchange(now: list[list[int]], above: Links, below: Links, sides: Mapping[int, int]) -> None:
    """Exchange neighbours of the same side as long as that removes crossings."""
    waiting = list(range(len(now)))
    while waiting:
        number = waiting.pop(0)
        joints = []
        if number > 0:
            joints.append((_places(now[number - 1]), above[number]))
        if number + 1 < len(now):
            joints.append((_places(now[number + 1]), below[number]))
        row, changed = now[number], False
        for at in range(len(row) - 1):
            free = sides.get(row[at], 0) == sides.get(row[at + 1], 0)
            if free and sum(_gain(row[at], row[at + 1], *joined) for joined in joints) > 0:
                row[at], row[at + 1] = row[at + 1], row[at]
                changed = True
        if changed:
            near = range(max(number - 1, 0), min(number + 2, len(now)))
            waiting += [other for other in near if other not in waiting]


def _gain(left: int, right: int, place: Mapping[int, int], links: Mapping[int, Sequence[int]]) -> int:
    """How many crossings fewer there are when ``left`` and ``right`` change places."""
    gain = 0
    for one in links.get(left, ()):
        for other in links.get(right, ()):
            if place[one] != place[other]:
                cost = BEND if left < 0 > one and right < 0 > other else 1
                gain += cost if place[one] > place[other] else -cost
    return gain
