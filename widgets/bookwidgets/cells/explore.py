"""Explorables: a figure with sliders that needs no kernel, because every position was drawn when the cell ran.

Not done here: showing the frame that the sliders select, which the page script does; any output but one matplotlib
figure for each position.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from html import escape
from itertools import product
from typing import Any
from unittest.mock import patch

import anywidget
import traitlets
from IPython.display import display
from IPython.utils.capture import capture_output
from matplotlib import pyplot as plt

from bookwidgets.cells.positions import Range, Value, called, ranges_of
from bookwidgets.cells.svg import figure_svg
from bookwidgets.static import live_module, source

# From its content the site builds the explorable into a page.
EXPLORE_MIME = "application/vnd.bookwidgets.explore+json"
MOST_PACKED = 150  # kB, as a server sends it
MOST_RAW = 1000  # kB

_made: Counter[str] = Counter()  # how many explorables of a name this kernel has made: ids must differ on a page


def explore(
    *,
    alt: str,
    default: Mapping[str, Value] | None = None,
    labels: Mapping[str, str] | None = None,
    **values: Iterable[Value],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Show a function that draws a figure, with a slider for a list of numbers and a choice for one of strings.

    ``alt`` says what the figure shows, to who cannot see it, and is filled in at each position: with the parameters
    and, where the function returns a dict, with what that holds. ``labels`` names the parameters for readers.
    ``default`` is the position to begin with, and the only one on paper and without scripts; a parameter that it leaves
    out begins in the middle.

    >>> @explore(T=[0.3, 1, 3], labels={"T": "temperature"}, alt="At T = {T} the entropy is {nats:.1f} nats.")
    ... def cooled(T):
    ...     policy = softmax(logits / T)
    ...     fig, ax = plt.subplots()
    ...     ax.bar(words, policy)
    ...     return {"nats": entropy(policy)}

    The function stays as it was, and has the widget as ``explorable``: ``cooled.explorable.values`` is where its reader
    has put it, ``{"T": 3}``. What it prints while it draws is dropped. On the site a reader steps through the values
    listed, in a live notebook sliders also stop between them.
    Raises ``ValueError``, with the function and the position, for what cannot be drawn, for more than 60 positions and
    for more than 150 kB of frames, compressed, or 1 MB.
    """

    def show(draw: Callable[..., Any]) -> Callable[..., Any]:
        draw.explorable = Explore(draw, ranges_of(draw, values, default or {}, labels or {}), alt)  # type: ignore[attr-defined]
        display(draw.explorable)
        return draw

    return show


class Explore(anywidget.AnyWidget):
    """A function's frames. In a live notebook the page script asks for more of them."""

    _esm = live_module("explore")
    _css = source("explore.css")
    html = traitlets.Unicode().tag(sync=True)
    position = traitlets.List().tag(sync=True)

    def __init__(self, draw: Callable[..., Any], ranges: list[Range], alt: str) -> None:
        self._draw, self._ranges, self._alt = draw, ranges, alt
        name = re.sub(r"\W", "", draw.__name__)
        _made[name] += 1
        self._name = name if _made[name] == 1 else f"{name}-{_made[name]}"
        positions = list(product(*(range_.values for range_ in ranges)))
        frames = [self._frame(position, str(number)) for number, position in enumerate(positions)]
        _check_bytes(draw, dict(zip((called(draw, ranges, position) for position in positions), frames, strict=True)))
        self.parts = {
            "ranges": [{"label": r.label, "values": r.values, "texts": r.texts, "start": r.start} for r in ranges],
            "frames": frames,
        }
        super().__init__(html=explore_html(self.parts), position=[r.values[r.start] for r in ranges])
        self.on_msg(self._answer)

    @property
    def values(self) -> dict[str, Value]:
        """Where the reader has put it: a value for each parameter. ``observe`` its ``position`` to follow."""
        return {r.name: value for r, value in zip(self._ranges, self.position, strict=True)}

    def _frame(self, position: tuple[Value, ...], name: str) -> str:
        """The drawing at ``position``; ids in it begin with this explorable's name and ``name``."""
        here = called(self._draw, self._ranges, position)
        arguments = {range_.name: value for range_, value in zip(self._ranges, position, strict=True)}
        before = set(plt.get_fignums())
        try:
            found = _drawn(self._draw, arguments, here)
            figures = [plt.figure(number) for number in plt.get_fignums() if number not in before]
            if len(figures) != 1 or not figures[0].axes:
                what = f"drew {len(figures)} figures" if len(figures) > 1 else "drew nothing"
                raise ValueError(f"{here} {what}: make one figure in it, with 'fig, ax = plt.subplots()'")
            alt = _filled_in(self._alt, arguments | (found if isinstance(found, dict) else {}), here)
            return figure_svg(figures[0], f"{self._name}-{name}", alt)
        finally:
            for number in set(plt.get_fignums()) - before:
                plt.close(number)

    def _answer(self, _widget: Any, asked: dict[str, Any], _buffers: Any) -> None:
        """Draw a position between those that the page has. It shows what went wrong: nobody sees a kernel's log."""
        try:
            self.send({"frame": self._frame(tuple(asked["position"]), "live")})
        except ValueError as error:
            self.send({"problem": str(error)})

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        data["text/plain"] = f"Explorable {self._name}: {', '.join(map(str, self._ranges))}"
        # Where no script of ours runs, one frame is all that can be shown.
        data["text/html"] = f'<style>{self._css}</style><div class="bw-explore">{_still(self.parts)}</div>'
        data[EXPLORE_MIME] = self.parts
        return data, metadata


def _drawn(draw: Callable[..., Any], arguments: dict[str, Value], here: str) -> Any:
    """What ``draw`` returns, after it has drawn. Nothing of what it shows or prints reaches the cell."""
    try:
        with capture_output(stderr=False), patch.object(plt, "show"):  # a notebook's show() closes the figure
            return draw(**arguments)
    except Exception as error:
        raise ValueError(f"{here} raised {type(error).__name__}: {error}") from error


def _filled_in(alt: str, known: dict[str, Any], here: str) -> str:
    try:
        return alt.format(**known)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        names = ", ".join(known)
        raise ValueError(f"{here}: alt={alt!r} cannot be filled in with {names}: {error}") from None


def _check_bytes(draw: Callable[..., Any], frames: dict[str, str]) -> None:
    """Raise ``ValueError`` when the frames, by position, are too much for a page."""
    raw = sum(len(frame.encode()) for frame in frames.values()) / 1000
    packed = len(gzip.compress("".join(frames.values()).encode(), 6)) / 1000
    if packed > MOST_PACKED or raw > MOST_RAW:
        largest = max(frames, key=lambda position: len(frames[position]))
        raise ValueError(
            f"{draw.__name__}: its {len(frames)} frames take {packed:,.0f} kB compressed and {raw:,.0f} kB in all, "
            f"at most {MOST_PACKED} and {MOST_RAW:,} are allowed; the largest is {largest} with "
            f"{len(frames[largest].encode()) / 1000:,.0f} kB: draw fewer points, smooth what is noisy, "
            "or list fewer values"
        )


def explore_html(parts: dict[str, Any]) -> str:
    """The explorable in a page: its first frame as a plain figure, the others inert, each once."""
    first = _first(parts)
    others = [frame for number, frame in enumerate(parts["frames"]) if number != first]
    ranges = escape(json.dumps(parts["ranges"], ensure_ascii=False, separators=(",", ":")))
    return (
        f'<book-explore class="bw-explore" data-ranges="{ranges}">'
        f"{_still(parts)}<template>{''.join(others)}</template></book-explore>"
    )


def _first(parts: dict[str, Any]) -> int:
    """The number of the default frame. Frames are in order, the last range runs fastest."""
    number = 0
    for range_ in parts["ranges"]:
        number = number * len(range_["values"]) + range_["start"]
    return number


def _still(parts: dict[str, Any]) -> str:
    where = ", ".join(f"{range_['label']}: {range_['texts'][range_['start']]}" for range_ in parts["ranges"])
    frame = parts["frames"][_first(parts)]
    return f'<div class="bw-frame">{frame}</div><p class="bw-where">{escape(where)}</p>'
