"""Texts of the bank as elements of QTI 2.1: the XHTML that it allows, with MathML inside."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, fromstring, tostring

MATHML = "http://www.w3.org/1998/Math/MathML"
ALLOWED = {
    "a", "blockquote", "br", "code", "div", "em", "img", "li", "ol", "p", "pre", "q", "span", "strong", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"class", "href", "src", "alt"}  # no `style` and no `data-`: QTI has neither


def make(tag: str, *children: Element | None, text: str | None = None, **attributes: object) -> Element:
    """An element; an attribute that is None, and a child that is None, is not there."""
    element = Element(tag, {name.rstrip("_"): str(value) for name, value in attributes.items() if value is not None})
    element.text = text
    element.extend(child for child in children if child is not None)
    return element


def block(markup: str, name: str = "div", gaps: Mapping[str, Element] | None = None, **attributes: object) -> Element:
    """``markup``, which is HTML as the bank writes it, inside one element; ``gaps`` stand in the place of <gap n="..">.

    >>> written(block("2 &lt; 3<br />yes", "p"))
    '<p>2 &lt; 3<br />yes</p>'
    """
    source = fromstring(f"<div>{markup}</div>")
    made = make(name, text=source.text, **attributes)
    made.extend(_taken(child, gaps or {}) for child in source)
    return made


def wrapped(markup: str, name: str, inside: str, **attributes: object) -> Element:
    """``markup`` in an element of its own inside of ``name``: some readers know formulas within text elements alone."""
    return make(name, block(markup, inside), **attributes)


def _taken(source: Element, gaps: Mapping[str, Element]) -> Element:
    if source.tag == "math":
        source.set("xmlns", MATHML)
        return source
    if source.tag == "gap":
        gap = gaps[source.get("n", "")]
        gap.tail = source.tail
        return gap
    if source.tag not in ALLOWED:
        raise ValueError(f"<{source.tag}> is no element that QTI knows: say in qti/xhtml.py what to make of it")
    made = Element(source.tag, {name: value for name, value in source.items() if name in ATTRIBUTES})
    made.text, made.tail = source.text, source.tail
    made.extend(_taken(child, gaps) for child in source)
    return made


def written(element: Element) -> str:
    return tostring(element, encoding="unicode")
