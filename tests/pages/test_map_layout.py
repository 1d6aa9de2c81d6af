"""The layout of the concept map: what must hold of it for every graph, counted from its corners and boxes alone."""

import os
import subprocess
import sys
from itertools import combinations, pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookwidgets.bank.graph import concept_graph, forward, rows
from bookwidgets.bank.page import Concept, Page
from bookwidgets.bank.strings import strings
from bookwidgets.pages.map_labels import wrapped
from bookwidgets.pages.map_layout import WIDTH, Layout, lay_out
from bookwidgets.pages.map_markup import map_markup
from tests.concept_outline import CORE, outlined

WORDS = ["KL", "policy", "reward", "preference", "over-optimization", "of", "fine-tuning", "generalization", "Wahl"]
several = settings(max_examples=60, deadline=None)


@st.composite
def books(draw) -> list[Page]:
    """Chapters of random concepts; what comes before a concept stands in any chapter, a later one too."""
    size = draw(st.integers(1, 30))
    chapters = draw(st.lists(st.integers(0, 6), min_size=size, max_size=size))
    pages = [Page(f"chapters/c{n}", f"chapters/c{n}.md", f"Chapter {n}", part=f"Part {n // 3}") for n in range(7)]
    for number, chapter in enumerate(chapters):
        after = draw(st.lists(st.integers(0, number - 1), unique=True, max_size=4)) if number else []
        title = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5)))
        names = tuple(f"c{other}" for other in after)
        pages[chapter].concepts.append(Concept(f"c{number}", title, names, (), (), "It is.", pages[chapter].file, 1))
    return pages


def chapter_of(pages: list[Page]) -> dict[str, int]:
    return {concept.id: number for number, page in enumerate(pages) for concept in page.concepts}


def graph_of(pages: list[Page]) -> nx.DiGraph:
    """The graph by its definition."""
    chapter = chapter_of(pages)
    graph = nx.DiGraph()
    graph.add_nodes_from(chapter)
    graph.add_edges_from((b, c.id) for page in pages for c in page.concepts for b in c.after if b in chapter)
    return graph


def segments(layout: Layout) -> set[tuple[str, tuple[int, int], tuple[int, int]]]:
    """The straight parts of all lines, with the concept that each comes from; what branches share counts once."""
    return {
        (start, min(a, b), max(a, b)) for (start, _), points in layout.lines.items() for a, b in pairwise(points)
    }  # fmt: skip


def crossings(layout: Layout) -> int:
    """How often a level part of a concept's line crosses an upright part of another one's."""
    parts = segments(layout)
    level = [part for part in parts if part[1][1] == part[2][1]]
    upright = [part for part in parts if part[1][0] == part[2][0]]
    places = {
        (x, y, start, other)
        for start, (left, y), (right, _) in level
        for other, (x, top), (_, bottom) in upright
        if start != other and left < x < right and top < y < bottom
    }
    return len(places)


@several
@given(books())
def test_lines_are_the_edges_that_no_longer_way_replaces(pages: list[Page]) -> None:
    layout, graph, chapter = lay_out(pages), graph_of(pages), chapter_of(pages)
    assert set(layout.lines) | set(layout.light) == set(graph.edges)
    assert not set(layout.lines) & set(layout.light)
    leading = nx.DiGraph([(u, v) for u, v in graph.edges if chapter[u] <= chapter[v]])
    drawn = nx.DiGraph(list(layout.lines))
    assert nx.transitive_closure(drawn).edges == nx.transitive_closure(leading).edges
    for u, v in layout.lines:
        less = drawn.copy()
        less.remove_edge(u, v)
        assert not nx.has_path(less, u, v), f"{u} -> {v} is superfluous"


@several
@given(books())
def test_boxes_stand_in_order_and_apart(pages: list[Page]) -> None:
    layout, chapter = lay_out(pages), chapter_of(pages)
    place = {box.id: box for box in layout.boxes}
    assert list(place) == sorted(place, key=lambda name: (place[name].y, place[name].x)), "the order of reading"
    assert place.keys() == chapter.keys()
    for one, other in combinations(layout.boxes, 2):
        beside = one.x + one.width < other.x or other.x + other.width < one.x
        below = one.y + one.height < other.y or other.y + other.height < one.y
        assert beside or below, f"{one.id} and {other.id} overlap"
        if chapter[one.id] != chapter[other.id]:
            assert (one.y < other.y) == (chapter[one.id] < chapter[other.id]), "chapters keep their order"
            assert below
    for u, v in layout.lines:
        assert place[u].y + place[u].height < place[v].y, f"{u} -> {v} leads down"


@several
@given(books())
def test_everything_lies_inside(pages: list[Page]) -> None:
    layout = lay_out(pages)
    parts = [page.part for page in pages if page.concepts]
    assert len(layout.bands) == len(set(parts))
    assert layout.bands[0][0] == 0
    assert layout.bands[-1][1] == layout.height
    assert all(first[1] < second[0] for first, second in pairwise(layout.bands))
    for box in layout.boxes:
        assert 0 < box.x < box.x + box.width < layout.width
        assert sum(top < box.y < box.y + box.height < bottom for top, bottom in layout.bands) == 1
    for title, after in pairwise(layout.titles):
        assert title.y + 16 * len(title.lines) <= after.y, "titles do not overlap"
    assert all(0 < x < layout.width for _, a, b in segments(layout) for x, _ in [a, b])


@several
@given(books())
def test_lines_can_be_followed(pages: list[Page]) -> None:
    """They are upright or level, go around boxes, and no two concepts' lines cover each other."""
    layout = lay_out(pages)
    boxes = {box.id: box for box in layout.boxes}
    for (u, v), points in layout.lines.items():
        assert all((a[0] == b[0]) != (a[1] == b[1]) for a, b in pairwise(points))
        assert all(a[1] <= b[1] for a, b in pairwise(points)), "never upwards"
        assert points[0] == (boxes[u].x + boxes[u].width // 2, boxes[u].y + boxes[u].height)
        assert boxes[v].x < points[-1][0] < boxes[v].x + boxes[v].width
        assert points[-1][1] == boxes[v].y
    parts = segments(layout)
    for start, (x, y), (to_x, to_y) in parts:
        for box in layout.boxes:
            aside = to_x < box.x or box.x + box.width < x
            assert aside or to_y <= box.y or box.y + box.height <= y, f"a line from {start} runs through {box.id}"
    for (start, a, b), (other, c, d) in combinations(sorted(parts), 2):
        for axis in [0, 1]:
            parallel = a[axis] == b[axis] and c[axis] == d[axis] and abs(a[axis] - c[axis]) < 5
            covered = min(b[1 - axis], d[1 - axis]) - max(a[1 - axis], c[1 - axis])
            assert start == other or not parallel or covered <= 0, f"lines of {start} and {other} cover each other"


def test_eighty_concepts_fit_a_page_and_few_lines_cross() -> None:
    layout = lay_out(outlined(CORE))
    assert len(layout.boxes) == 80
    assert layout.width == WIDTH
    assert layout.height < 2800
    assert crossings(layout) <= 52


def test_all_that_the_book_plans() -> None:
    layout = lay_out(outlined())
    assert len(layout.boxes) == 146
    assert layout.width == WIDTH
    assert crossings(layout) <= 290


def test_what_a_dropped_chapter_defined_is_gone() -> None:
    without = [page for page in outlined(CORE) if page.slug != "reward-models"]
    layout = lay_out(without)
    names = {box.id for box in layout.boxes}
    assert "reward-model" not in names
    assert "best-of-n" in names
    assert all({u, v} <= names for u, v in [*layout.lines, *layout.light])


@pytest.mark.parametrize("room", [150, 460, 10_000])
def test_rows_are_broken_where_they_are_full(room: int) -> None:
    pages = outlined(CORE)
    concepts = [concept for page in pages for concept in page.concepts]
    chapter = chapter_of(pages)
    graph = forward(concept_graph(concepts), chapter)
    found = rows(graph, chapter, dict.fromkeys(chapter, 100), dict.fromkeys(chapter.values(), room))
    assert sorted(name for row in found for name in row) == sorted(chapter)
    assert all(len(row) == 1 or 100 * len(row) <= room for row in found)
    level = {name: number for number, row in enumerate(found) for name in row}
    assert all(level[u] < level[v] for u, v in graph.edges)
    assert all(len({chapter[name] for name in row}) == 1 for row in found)


@pytest.mark.parametrize(("text", "lines"), [("DPO", 1), ("Online preference optimization", 2), ("a" * 60, 1)])
def test_labels_are_wrapped_between_words(text: str, lines: int) -> None:
    found = wrapped(text, 13, 132)
    assert len(found) == lines
    assert " ".join(found) == text


def markup() -> str:
    return map_markup(outlined(CORE), lambda page, concept: f"{page.slug}.html#{concept}", strings(), "map")


def test_the_same_bytes_in_every_process() -> None:
    """Sets of texts have another order in each."""
    code = "from tests.pages.test_map_layout import markup; print(markup(), end='')"
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ["1", "2"]
    }
    assert found == {markup().encode()}
