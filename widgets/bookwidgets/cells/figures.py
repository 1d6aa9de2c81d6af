"""Figures that come out the same on every machine and build."""

from matplotlib_inline.backend_inline import set_matplotlib_formats


def svg_figures() -> None:
    """Show the figures of this notebook as SVG, without the date that matplotlib writes into each file."""
    set_matplotlib_formats("svg", metadata={"Date": None}, bbox_inches="tight")
