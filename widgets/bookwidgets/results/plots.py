"""Small plots as SVG, written by hand: they follow the page's colours and need no library."""

import html
from collections.abc import Sequence

WIDTH, HEIGHT, LEFT, BOTTOM = 560, 300, 48, 44


def histogram(shares: Sequence[float], label: str, across: str, up: str) -> str:
    """How many of ``shares`` (0 to 1) fall into each tenth; 1 belongs to the last."""
    counts = [0] * 10
    for share in shares:
        counts[min(9, int(share * 10))] += 1
    most = max(1, *counts)
    step = (WIDTH - LEFT - 10) / 10
    bars = "".join(
        f'<rect x="{LEFT + n * step + 2:.1f}" y="{_up(count / most):.1f}" width="{step - 4:.1f}" '
        f'height="{_up(0) - _up(count / most):.1f}" fill="var(--bar)">'
        f"<title>{n * 10}–{n * 10 + 10} %: {count}</title></rect>"
        for n, count in enumerate(counts)
    )
    return _svg(bars + _axis_across(across, 0, 1) + _axis_up(up, [0, most], [0, 1]), label)


def scatter(points: Sequence[tuple[float, float, str]], label: str, across: str, up: str) -> str:
    """Points (0 to 1, -1 to 1) with their names; each is a link to the row of its name."""
    dots = "".join(
        f'<a href="#{html.escape(name)}"><circle cx="{_right(x):.1f}" cy="{_up((y + 1) / 2):.1f}" r="5" '
        f'fill="var(--bar)" fill-opacity=".7"><title>{html.escape(name)}: {x:.2f}, {y:.2f}</title></circle></a>'
        for x, y, name in points
    )
    zero = f'<path d="M{LEFT} {_up(0.5):.1f}H{WIDTH - 10}" stroke="currentColor" stroke-dasharray="4 4" opacity=".5"/>'
    return _svg(zero + dots + _axis_across(across, 0, 1) + _axis_up(up, [-1, 0, 1], [0, 0.5, 1]), label)


def _right(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - 10)


def _up(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - 14)


def _axis_across(name: str, low: float, high: float) -> str:
    ticks = "".join(
        f'<text x="{_right(n / 4):.1f}" y="{HEIGHT - BOTTOM + 17}" text-anchor="middle">'
        f"{low + (high - low) * n / 4:g}</text>"
        for n in range(5)
    )
    line = f'<path d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - 10}" stroke="currentColor"/>'
    return f'{line}{ticks}<text x="{_right(0.5):.1f}" y="{HEIGHT - 6}" text-anchor="middle">{html.escape(name)}</text>'


def _axis_up(name: str, values: Sequence[float], shares: Sequence[float]) -> str:
    ticks = "".join(
        f'<text x="{LEFT - 7}" y="{_up(share) + 5:.1f}" text-anchor="end">{value:g}</text>'
        for value, share in zip(values, shares, strict=True)
    )
    middle = _up(0.5)
    turned = f'transform="rotate(-90 14 {middle:.1f})" x="14" y="{middle:.1f}" text-anchor="middle"'
    return f"{ticks}<text {turned}>{html.escape(name)}</text>"


def _svg(inside: str, label: str) -> str:
    # A link must be reachable, so a plot with links is a group and not an image.
    role = "group" if "<a " in inside else "img"
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="{role}" aria-label="{html.escape(label)}">{inside}</svg>'
