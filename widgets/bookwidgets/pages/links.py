"""Links that Sphinx resolves, so that one to nothing is a warning and a moved section is followed."""

from collections.abc import Sequence

from docutils import nodes
from sphinx.addnodes import pending_xref


def link(domain: str, kind: str, target: str, docname: str, text: str = "") -> pending_xref:
    """A link to ``target`` that shows ``text``, or the target's own title."""
    reference = pending_xref(
        "", refdomain=domain, reftype=kind, reftarget=target, refdoc=docname, refexplicit=bool(text), refwarn=True
    )
    reference += nodes.inline("", text or target, classes=["xref", domain, f"{domain}-{kind}"])
    return reference


def comma_separated(links: Sequence[nodes.Node]) -> list[nodes.Node]:
    """``links`` with a comma between them."""
    parts: list[nodes.Node] = []
    for position, node in enumerate(links):
        parts += [nodes.Text(", "), node] if position else [node]
    return parts
