"""The graph of concepts: what has to come before what, and the rows in which a map can show it.

An edge leads from a concept to one that is learnt after it.
The book's order of concepts is the order of the nodes; whatever is left open by the graph follows it.
"""

from collections.abc import Iterable, Mapping, Sequence

import networkx as nx

from bookwidgets.bank.page import Concept

Edge = tuple[str, str]


def concept_graph(concepts: Iterable[Concept]) -> nx.DiGraph:
    """The graph of these concepts alone: what one of them needs besides is left out.

    >>> a, b = (Concept(id, id, after, (), (), "", "", 1) for id, after in [("a", ("gone",)), ("b", ("a",))])
    >>> list(concept_graph([a, b]).edges)
    [('a', 'b')]
    """
    listed = list(concepts)
    graph = nx.DiGraph()
    graph.add_nodes_from(concept.id for concept in listed)
    graph.add_edges_from((before, concept.id) for concept in listed for before in concept.after if before in graph)
    return graph


def forward(graph: nx.DiGraph, chapter: Mapping[str, int]) -> nx.DiGraph:
    """The graph without edges against the order of chapters, such as a fork's table of contents can make."""
    kept = nx.DiGraph()
    kept.add_nodes_from(graph)
    kept.add_edges_from((u, v) for u, v in graph.edges if chapter[u] <= chapter[v])
    return kept


def essential(graph: nx.DiGraph) -> list[Edge]:
    """The edges that no longer way makes superfluous, in the order of their nodes. ``graph`` must have no circle."""
    place = {node: position for position, node in enumerate(graph)}
    # networkx goes through sets, whose order differs from run to run.
    return sorted(nx.transitive_reduction(graph).edges, key=lambda edge: (place[edge[0]], place[edge[1]]))


def rows(
    graph: nx.DiGraph, chapter: Mapping[str, int], width: Mapping[str, int], room: Mapping[int, int]
) -> list[list[str]]:
    """Rows from top to bottom: no row holds two chapters, chapters keep their order, and edges lead downwards.

    Within a chapter a concept stands as high as its edges allow; a row goes on in another where its concepts are wider
    than ``room`` in that chapter. ``graph`` must lead forward, and its nodes must be sorted by chapter.
    """
    found: list[list[str]] = []
    for number in sorted(set(chapter.values())):
        own = graph.subgraph(node for node in graph if chapter[node] == number)
        depth: dict[str, int] = {}
        for node in nx.lexicographical_topological_sort(own, key=list(graph).index):
            depth[node] = 1 + max((depth[before] for before in own.predecessors(node)), default=-1)
        for level in range(max(depth.values()) + 1):
            found += _broken([node for node in graph if depth.get(node) == level], width, room[number])
    return found


def _broken(row: Sequence[str], width: Mapping[str, int], room: int) -> list[list[str]]:
    """``row`` in as few rows as hold it, each about equally full."""
    lines = max(1, -(-sum(width[node] for node in row) // room))
    broken: list[list[str]] = [[]]
    for node in row:
        held = sum(width[other] for other in broken[-1])
        share = sum(width[other] for other in row) / lines
        if broken[-1] and (held + width[node] > room or held + width[node] / 2 > share):
            broken.append([])
        broken[-1].append(node)
    return broken
