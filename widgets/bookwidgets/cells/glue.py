"""Numbers in the prose that come out of a cell."""

from numbers import Real

from IPython.display import display

# MyST-NB finds glued values under this prefix, which keeps notebooks from showing them.
HIDDEN = "application/papermill.record/"


def glue(name: str, value: float | str, spec: str = "") -> None:
    """Keep ``value`` under ``name``, formatted once, for ``{glue:text}`` in this chapter's prose.

    ``spec`` is a format specification.
    Formatting here means that NumPy's own way of printing its scalars never reaches a page.

    >>> glue("bon-bound", 1.8351, ".2f")  # {glue:text}`bon-bound` reads 1.84
    """
    if not isinstance(value, (Real, str)):
        raise TypeError(f"glue({name!r}) takes one number or a string, not {type(value).__name__}: reduce it first")
    text = value if isinstance(value, str) else format(value, spec)
    display(
        {HIDDEN + "text/plain": repr(text)},  # as a literal: MyST-NB would read 0.40 as a number and print 0.4
        raw=True,
        metadata={"scrapbook": {"name": name, "mime_prefix": HIDDEN}},
    )
