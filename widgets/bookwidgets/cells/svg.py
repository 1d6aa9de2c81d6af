"""What matplotlib draws, as compact SVG that can stand inside a page.

Matplotlib writes a file of its own: with a style sheet, names for everything, and coordinates to a millionth of a
point. In a page the style sheet would restyle everything, names would meet, and digits are two thirds of the bytes.
Not done here: simplifying what was drawn. A line of 5,000 points stays one.
"""

import io
import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element, fromstring, tostring

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure

TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
NUMBER = re.compile(r"[-+]?\d+\.\d+")
TRANSLATE = re.compile(r"translate\([^)]*\)|rotate\([^)]*\)")
REFERENCE = re.compile(r"(?<=url\(#)[^)]+(?=\))|(?<=^#).+")
DROPPED = {"metadata", "style", "title"}  # the style sheet is two inherited properties, which the root carries instead
POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0}  # all that matplotlib writes, absolute


class _Canvas(FigureCanvasSVG):
    """Measures the texts of every figure with one renderer: matplotlib keeps for each what it has measured with it."""

    _ruler = RendererSVG(1, 1, io.StringIO(), image_dpi=72)

    def get_renderer(self) -> RendererSVG:
        return self._ruler


def figure_svg(figure: Figure, name: str, alt: str) -> str:
    """``figure`` as one ``<svg>`` element: an image whose description is ``alt``, with ids that begin with ``name``.

    The same drawing gives the same text, on every machine and in every process.
    """
    if figure.get_layout_engine() is None:
        figure.set_layout_engine("constrained")  # every frame has the figure's own size, so labels must fit into it
    drawn = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none"}):  # text stays text
        # Not savefig(), which draws twice: once to lay out, and once more for the file. This lays out while it draws.
        _Canvas(figure).print_svg(drawn, metadata={"Date": None})
    root = fromstring(drawn.getvalue())
    ids = {old: f"{name}-{number}" for number, old in enumerate(_referenced(root))}
    # A point is 4/3 of a pixel; in a narrow column the style sheet scales it down.
    width, height = (round(inches * 96) for inches in figure.get_size_inches())
    (svg,) = _compact(root, ids)
    svg.attrib = {
        "viewBox": NUMBER.sub(_rounded, root.attrib["viewBox"]),
        "width": str(width),
        "height": str(height),
        "role": "img",
        "aria-label": alt,
        "stroke-linejoin": "round",
    }
    return tostring(svg, encoding="unicode").replace(" />", "/>")


def _referenced(root: Element) -> Iterator[str]:
    """The ids that something in the drawing points to, in the order in which they are defined."""
    wanted = {found for part in root.iter() for value in part.attrib.values() for found in REFERENCE.findall(value)}
    return (part.attrib["id"] for part in root.iter() if part.attrib.get("id") in wanted)


def _compact(part: Element, ids: dict[str, str]) -> list[Element]:
    """``part`` without what a reader does not see: one element, none, or, for a bare group, its children."""
    tag = part.tag.rpartition("}")[2]
    if tag in DROPPED:
        return []
    children = [new for child in part for new in _compact(child, ids)]
    attributes = dict(_attributes(part, ids))
    if tag in {"g", "defs"} and not children:
        return []
    if tag == "g" and not attributes:
        return children
    new = Element(tag, attributes)
    if "\n" not in (part.text or "\n"):  # else it only separates tags
        new.text = part.text
    new.extend(children)
    return [new]


def _attributes(part: Element, ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in part.attrib.items():
        short = name.rpartition("}")[2]
        if short == "id":
            if value in ids:
                yield short, ids[value]
        elif short == "d":
            yield short, _path(value)
        elif short == "style":
            yield short, value.replace(": ", ":").replace("; ", ";")
        elif short == "transform":
            moves = TRANSLATE.sub(lambda match: NUMBER.sub(_rounded, match[0]), value)
            moves = re.sub(r" ?rotate\(-?0( [^)]*)?\)", "", moves).strip()
            if moves:
                yield short, moves
        elif short in {"x", "y", "x1", "y1", "x2", "y2", "width", "height", "cx", "cy", "r"}:
            yield short, NUMBER.sub(_rounded, value)
        else:
            yield short, REFERENCE.sub(lambda match: ids.get(match[0], match[0]), value)


def _rounded(match: re.Match[str]) -> str:
    return _written(round(float(match[0]) * 10), 10)


def _written(units: int, scale: int) -> str:
    """123 with a scale of 10 is "12.3", 5 is ".5", 120 is "12"."""
    text = f"{units / scale:.{len(str(scale)) - 1}f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0\.", r"\1.", text)


def _path(d: str) -> str:
    """A path in steps from point to point, to a tenth of a unit; the small shape of a marker to a hundredth.

    Steps are differences of rounded coordinates, so that errors do not add up.

    >>> _path("M 10.04 20 L 10.96 20 L 10.99 20.2 z")
    'm10 20l1 0 0 .2z'
    """
    tokens = TOKEN.findall(d)
    scale = 100 if all(abs(float(token)) < 10 for token in tokens if not token.isalpha()) else 10
    parts: list[str] = []
    steps = _steps(tokens, lambda text: round(float(text) * scale))
    before = ""
    for command, numbers in steps:
        # A command that repeats is left out, except those that begin and end a shape.
        text = command if command != before or command in "mz" else " "
        for number in numbers:
            written = _written(number, scale)
            text += written if not text or text[-1].isalpha() or text == " " or written[0] == "-" else " " + written
        parts.append(text.replace(" -", "-"))
        before = command
    return "".join(parts)


def _steps(tokens: list[str], units: Callable[[str], int]) -> Iterator[tuple[str, list[int]]]:
    """The commands of a path with the numbers that follow each, relative to the point before."""
    x = y = start_x = start_y = 0
    moved = True  # a line that goes nowhere is a dot, and drawn, if nothing else follows its start
    position = 0
    while position < len(tokens):
        command = tokens[position].upper()
        count = 2 * POINTS[command]
        numbers = [units(token) for token in tokens[position + 1 : position + 1 + count]]
        position += 1 + count
        relative = [number - (y if odd % 2 else x) for odd, number in enumerate(numbers)]
        if command == "Z":
            x, y = start_x, start_y
        elif command == "L" and relative == [0, 0] and not moved:
            continue
        else:
            x, y = numbers[-2:]
        if command == "M":
            start_x, start_y = x, y
        moved = command == "M"
        yield command.lower(), relative
