"""The claims of chapter 1 hold for other seeds: its own cells, with their visible asserts, run again with each.

Not tested here: the text a reader sees, which the stored outputs pin.
"""

import re
from pathlib import Path

import jupytext
import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

import bookwidgets

CHAPTER = Path(__file__).parents[2] / "chapters" / "what-is-alignment.md"


def cells_with_seed(seed: int) -> str:
    """The chapter's code as one program, every generator in it seeded with its own seed plus 100 times ``seed``."""
    notebook = jupytext.read(CHAPTER)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    code, seeded = re.subn(r"default_rng\((\d+)\)", lambda m: f"default_rng({int(m[1]) + 100 * seed})", code)
    assert seeded == code.count("default_rng(") > 0, "a generator's seed is not a plain number"
    return code


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_asserts_of_the_chapter_hold_for_other_seeds(seed, monkeypatch):
    for name in ["glue", "quiz", "svg_figures"]:
        monkeypatch.setattr(bookwidgets, name, lambda *_: None)
    monkeypatch.setattr(bookwidgets, "explore", lambda **_: lambda draw: draw)
    mpl.use("agg")
    with mpl.rc_context():
        exec(compile(cells_with_seed(seed), str(CHAPTER), "exec"), {"__name__": "chapter"})
    plt.close("all")
