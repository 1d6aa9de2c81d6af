"""What a chapter imports: quiz cells, glued numbers, figures."""

from bookwidgets.cells.figures import svg_figures
from bookwidgets.cells.glue import glue
from bookwidgets.cells.quiz import quiz

__all__ = ["glue", "quiz", "svg_figures"]
