"""How far down everything on a concept map stands: rows, and in the margin the titles of parts and chapters."""

from collections.abc import Sequence
from dataclasses import dataclass

from bookwidgets.bank.page import Page
from bookwidgets.pages.map_labels import LEADING, TYPE, wrapped

MARGIN = 124  # on the left, for titles
BAND = 12  # between two parts, and on their edges


@dataclass(frozen=True)
class Title:
    """The title of a part (``page`` is None) or chapter in the margin: its lines, and the upper edge of the first."""

    page: Page | None
    lines: tuple[str, ...]
    y: int


class Down:
    """The upper edges of rows, bands and titles, found from top to bottom.

    ``pages`` says whose each row is, ``heights`` how high it is, and ``gaps`` what lies between it and the next.
    """

    def __init__(self, pages: Sequence[Page], heights: Sequence[int], gaps: Sequence[int]) -> None:
        self.rows: list[int] = []
        self.bands: list[tuple[int, int]] = []
        self.titles: list[Title] = []
        self.free = self.start = 0  # below the last title; the upper edge of this band
        y = 0
        for row, page in enumerate(pages):
            y += gaps[row - 1] if row else 0
            if row == 0 or pages[row - 1].part != page.part:
                y = self._begin_part(page.part, y, first=row == 0)
            if row == 0 or pages[row - 1] is not page:
                y = max(y, self.free)
                self._title(page, page.title, y + 5)
            self.rows.append(y)
            y += heights[row]
        self.height = self._end_part(y)

    def _title(self, page: Page | None, text: str, y: int) -> None:
        lines = tuple(wrapped(text, TYPE, MARGIN - 24))
        self.titles.append(Title(page, lines, y))
        self.free = y + len(lines) * LEADING + 8

    def _begin_part(self, part: str, y: int, first: bool) -> int:
        self.start = 0 if first else self._end_part(y - 8) + BAND
        self.free = self.start + BAND
        if part:
            self._title(None, part, self.free)
        return max(y, self.free)

    def _end_part(self, y: int) -> int:
        end = max(y + BAND, self.free)
        self.bands.append((self.start, end))
        return end
