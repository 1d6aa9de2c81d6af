"""Drawn figures, put into the page so that their lines and letters take the theme's colour."""

import re
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

SVG = "http://www.w3.org/2000/svg"


class Drawing(SphinxDirective):
    """``{drawing} figures/name.svg`` with ``:name:``, ``:alt:`` and a caption of one sentence."""

    required_arguments = 1
    has_content = True
    option_spec = {"name": directives.unchanged, "alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        relative, absolute = self.env.relfn2path(self.arguments[0])
        if not Path(absolute).is_file() and self.env.docname.startswith("course/"):  # a copy of a chapter of ours
            relative, absolute = self.env.relfn2path(f"/chapters/{self.arguments[0]}")
        self.env.note_dependency(relative)
        try:
            markup = inline_svg(Path(absolute), self.options.get("alt", ""))
        except (OSError, ValueError, ElementTree.ParseError) as error:
            raise self.error(f"{relative}: {error}") from None
        figure = nodes.figure("", nodes.raw("", markup, format="html"), classes=["drawing"])
        if self.content:
            holder = nodes.Element()
            self.state.nested_parse(self.content, self.content_offset, holder)
            figure += nodes.caption("", "", *holder[0].children)
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]


def inline_svg(path: Path, alt: str) -> str:
    """The drawing at ``path`` as an element of a page. Raises ``ValueError`` for one that does not belong into one."""
    if not alt:
        raise ValueError("the drawing has no alt text: add ':alt: what it shows'")
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(path.read_bytes())
    if root.tag != f"{{{SVG}}}svg" or "viewBox" not in root.attrib:
        raise ValueError("is not an SVG with a viewBox")
    for element in root.iter():
        if element.tag.rpartition("}")[2] in {"script", "foreignObject", "image"}:
            raise ValueError(f"contains <{element.tag.rpartition('}')[2]}>: draw with shapes and text only")
        for name, value in element.attrib.items():
            if name.startswith("on") or (name.endswith("href") and not value.startswith("#")):
                raise ValueError(f"contains {name}={value!r}: no scripts and nothing from elsewhere")
    root.attrib |= {"role": "img", "aria-label": alt}
    return re.sub(r">\s+<", "><", ElementTree.tostring(root, encoding="unicode"))


def setup(app: Sphinx) -> None:
    app.add_directive("drawing", Drawing)
