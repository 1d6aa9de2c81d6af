"""Formulas as MathML that is safe to put into a page.

latex2mathml converts; it neither rejects what it does not know nor escapes what it is given.
So its output is read as a tree and written again, element by element, through an allowlist.
"""

import html
import re
from functools import lru_cache
from itertools import pairwise
from xml.etree.ElementTree import Element

from latex2mathml import converter

from bookwidgets.bank.characters import hidden_character

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"

# Element: how many children it must have (None: any number).
ELEMENTS: dict[str, int | None] = {
    "math": None, "mrow": None, "mstyle": None, "mtable": None, "mtr": None, "mtd": None, "msqrt": None,
    "mpadded": None, "mi": 0, "mn": 0, "mo": 0, "mtext": 0, "mspace": 0,
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3,
}  # fmt: skip
ATTRIBUTES = {
    "display", "displaystyle", "scriptlevel", "stretchy", "fence", "separator", "form", "lspace", "rspace", "accent",
    "accentunder", "movablelimits", "linethickness", "mathvariant", "columnalign", "columnspacing", "rowspacing",
    "width", "height", "depth", "minsize", "maxsize", "largeop", "symmetric", "linebreak",
}  # fmt: skip
PLAIN_VALUE = re.compile(r"[\w.%+ -]*")
LONG = re.compile(r"(?<![\d.])\d{2,}")  # a space of 10em or -99em would cover what stands around the formula
# Definitions outlive their formula or leave nothing behind.
DEFINITION = re.compile(r"\\(def|let|(re)?newcommand|providecommand|newenvironment|DeclareMathOperator)\b")
# What the converter makes of these is not what browsers know.
MENDED = {("mi", "~"): ("mo", "∼"), ("mi", "±"): ("mo", "±")}
MENDED_WIDTH = {"negativethinmathspace": "-0.167em"}
DEEPEST = 20  # braces in braces
# `\;` and friends are commands too, so a stray backslash shows as the first character of what was not converted.
UNCONVERTED = re.compile(r"\\[A-Za-z]*|&")


class MathError(ValueError):
    """A formula that cannot be shown; the message says which part of it and what to do."""


@lru_cache(maxsize=50_000)
def mathml(tex: str, display: bool = False) -> str:
    """``tex`` as a MathML element.

    >>> mathml("x^2")
    '<math display="inline"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'

    Raises ``MathError`` for unknown commands, definitions, stray ``&``, unbalanced braces, missing arguments, links,
    styles and colours.
    """
    _check_braces(tex)
    definition = DEFINITION.search(tex)
    if definition:
        raise MathError(f"defines a command with {definition.group()}: write out what it stands for")
    try:
        tree = converter.convert_to_element(tex, display="block" if display else "inline")
        written = _write(tree)
    except MathError:
        raise
    except Exception as error:  # the converter has a dozen exceptions of its own and raises IndexError and others too
        kind = type(error).__name__
        raise MathError(f"cannot be converted ({kind}): check its commands and their arguments") from None
    if not re.search(r"<(mi|mn|mo|mtext)[ >]", written):
        raise MathError("shows nothing: write it, or remove the dollar signs")
    return written


def _check_braces(tex: str) -> None:
    depth = 0
    for brace in re.findall(r"\\.|[{}]", tex, flags=re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            raise MathError("closes a brace '}' that was not opened")
        if depth > DEEPEST:
            raise MathError(f"nests more than {DEEPEST} braces: split it up")
    if depth > 0:
        raise MathError("opens a brace '{' that is not closed")


def _write(element: Element) -> str:
    name, text = _mended(element)
    if name not in ELEMENTS:
        raise MathError(f"needs the element <{name}>, which the book does not allow: write it without that command")
    children, arity = list(element), ELEMENTS[name]
    if arity is None:
        children = _with_thin_spaces(children)
    elif len(children) != arity:
        raise MathError("lacks an argument: write every argument of \\frac, ^, _ and the like in braces")
    if name == "mo" and not text and "fence" not in element.attrib:
        raise MathError("has an operator without a name: write \\operatorname{name} with letters only")
    attributes = "".join(f' {key}="{_value(key, value)}"' for key, value in element.attrib.items() if key != "xmlns")
    inside = _text(text) + "".join(map(_write, children))
    return f"<{name}{attributes}>{inside}</{name}>"


def _mended(element: Element) -> tuple[str, str]:
    """The name and text of ``element`` as browsers want them."""
    text = html.unescape(element.text or "")  # the converter writes characters as references, and escapes nothing else
    name = element.tag.removeprefix(NAMESPACE)
    return MENDED.get((name, text), (name, text))


def _value(key: str, value: str) -> str:
    value = MENDED_WIDTH.get(value, value)
    if key not in ATTRIBUTES or not PLAIN_VALUE.fullmatch(value):
        raise MathError(f"sets {key}={value!r}: links, styles, classes and colours are not allowed in formulas")
    if LONG.search(value):
        raise MathError(f"sets {key}={value!r}: use lengths below 10")
    return value


def _text(text: str) -> str:
    unconverted = UNCONVERTED.search(text)
    if unconverted:
        what = unconverted.group()
        advice = "use & only between the columns of a matrix or cases" if what == "&" else "check its name"
        raise MathError(f"contains {what!r}, which is not understood: {advice}")
    hidden = hidden_character(text)
    if hidden:
        raise MathError(f"contains the invisible character {hidden}: remove it")
    return html.escape(text, quote=False)


def _with_thin_spaces(children: list[Element]) -> list[Element]:
    """Put a thin space around function names, as TeX does: ``\\beta \\log x`` is not ``βlogx``."""
    spaced = children[:1]
    for before, child in pairwise(children):
        if (_is_function(before) and _is_operand(child)) or (_is_operand(before) and _is_function(child)):
            spaced.append(Element("mspace", width="0.167em"))
        spaced.append(child)
    return spaced


def _base(element: Element) -> Element:
    """What carries the scripts of ``element``, or ``element`` itself."""
    while element.tag in {"msub", "msup", "msubsup", "munder", "mover", "munderover"} and len(element):
        element = element[0]
    return element


def _is_function(element: Element) -> bool:
    base = _base(element)
    return base.tag in {"mi", "mo"} and len(base.text or "") > 1 and (base.text or "").isalpha()


def _is_operand(element: Element) -> bool:
    base = _base(element)
    return base.tag in {"mi", "mn", "mfrac", "msqrt"} or _is_function(element)
