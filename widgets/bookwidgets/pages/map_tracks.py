"""The way of lines between two rows of a map: down, sideways on a track, and down again.

Every line that goes sideways has its own track wherever another one would cover it, so that lines only ever cross at a
right angle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

CLEAR = 6  # between the ends of two lines on one track, and between upright lines that must not be taken for one


@dataclass(frozen=True)
class Fork:
    """A line between two rows: it leaves the upper one at ``top`` and enters the lower one at each of ``bottoms``."""

    top: int
    bottoms: tuple[int, ...]

    @property
    def straight(self) -> bool:
        return all(bottom == self.top for bottom in self.bottoms)

    @property
    def span(self) -> tuple[int, int]:
        return min(self.top, *self.bottoms), max(self.top, *self.bottoms)


def tracks(forks: Sequence[Fork]) -> list[int]:
    """The track of each fork, counted from the top; straight ones need none and get 0."""
    bending = [number for number, fork in enumerate(forks) if not fork.straight]
    order = _with_few_crossings(forks, bending)
    found = [0] * len(forks)
    for position, number in enumerate(order):
        before = order[:position]
        found[number] = max((found[other] + 1 for other in before if _meet(forks[other], forks[number])), default=0)
    return found


def covering(forks: Sequence[Fork], found: Sequence[int]) -> list[tuple[int, int, int]]:
    """What no order of tracks could keep apart: (upper fork, which of its bottoms, lower fork), of each such pair."""
    bending = [number for number, fork in enumerate(forks) if not fork.straight]
    return [
        (upper, place, lower)
        for upper in bending
        for place, bottom in enumerate(forks[upper].bottoms)
        for lower in bending
        if found[upper] < found[lower] and abs(forks[lower].top - bottom) < CLEAR
    ]


def _meet(one: Fork, other: Fork) -> bool:
    """Whether two forks could not be on one track, or one of them has to be the upper one."""
    return one.span[0] - CLEAR < other.span[1] and other.span[0] - CLEAR < one.span[1]


def _with_few_crossings(forks: Sequence[Fork], bending: Sequence[int]) -> list[int]:
    """``bending`` from the upper to the lower track: each goes where it costs least, until nothing improves."""
    order = sorted(bending, key=lambda number: forks[number].span)
    cost = {(a, b): _cost(forks[a], forks[b]) for a in order for b in order if a != b}

    def total(candidate: Sequence[int]) -> int:
        return sum(cost[a, b] for i, a in enumerate(candidate) for b in candidate[i + 1 :])

    best = total(order)
    improved = True
    while improved:
        improved = False
        for number in sorted(order):
            rest = [other for other in order if other != number]
            candidates = [[*rest[:place], number, *rest[place:]] for place in range(len(order))]
            better = min(candidates, key=total)
            if total(better) < best:
                order, best, improved = better, total(better), True
    return order


def _cost(upper: Fork, lower: Fork) -> int:
    """What it costs that ``upper`` has the upper track: a point for each crossing, many for lines that would cover."""
    down = sum(lower.span[0] < bottom < lower.span[1] for bottom in upper.bottoms)
    up = upper.span[0] < lower.top < upper.span[1]
    covered = sum(abs(lower.top - bottom) < CLEAR for bottom in upper.bottoms)
    return down + up + 1000 * covered


def way(top: tuple[int, int], bend: int, bottom: tuple[int, int]) -> list[tuple[int, int]]:
    """The corners of a line from one point to another that goes sideways at height ``bend``."""
    (x, y), (to_x, to_y) = top, bottom
    return [(x, y), (to_x, to_y)] if x == to_x else [(x, y), (x, bend), (to_x, bend), (to_x, to_y)]


def joined(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The corners of a line without those in which it goes straight on."""
    kept = [points[0]]
    for here, after in pairwise(points[1:]):
        before = kept[-1]
        if here != before and not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1]):
            kept.append(here)
    return [*kept, points[-1]]
