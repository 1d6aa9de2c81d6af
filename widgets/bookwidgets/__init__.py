"""What a chapter imports: quiz cells, glued numbers, figures and what a reader can do with them."""

from bookwidgets.cells.annotate import annotate
from bookwidgets.cells.explore import explore
from bookwidgets.cells.figures import svg_figures
from bookwidgets.cells.glue import glue
from bookwidgets.cells.quiz import quiz
from bookwidgets.cells.strips import token_strip

__all__ = ["annotate", "explore", "glue", "quiz", "svg_figures", "token_strip"]
