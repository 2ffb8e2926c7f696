"""Turn restrictions: from OSM's words about ways to forbidden sequences of edges."""

from __future__ import annotations

from collections.abc import Iterable

from geo.network.model import RoadNetwork
from geo.network.raw import TurnRestriction


def forbidden_sequences(
    network: RoadNetwork, restrictions: Iterable[tuple[TurnRestriction, int]]
) -> tuple[list[tuple[int, ...]], int]:
    """Sequences of edges that may not be driven, and how many restrictions found no edges to bind.

    Each restriction comes with the network node of its via node (−1 when it goes via ways). `only_…` becomes one
    sequence for every other way on. Source: OSM wiki, Relation:restriction.
    """
    forbidden: set[tuple[int, ...]] = set()
    unbound = 0
    for restriction, node in restrictions:
        prefixes = _via_node(network, restriction, node) if node >= 0 else _via_ways(network, restriction)
        allowed = set(network.edges_of_way(restriction.to_way))
        found = False
        for prefix in prefixes:
            leaving = _leaving(network, int(network.edge_to[prefix[-1]]))
            into = [edge for edge in leaving if edge in allowed and edge not in prefix[1:]]
            if not into:
                continue
            found = True
            twin = int(network.edge_twin[prefix[-1]])
            if restriction.from_way == restriction.to_way and not restriction.via_ways and not restriction.only:
                into = [edge for edge in into if edge == twin]  # no_u_turn on a way that goes on beyond the node
            last = [edge for edge in leaving if edge not in into and edge != twin] if restriction.only else into
            forbidden.update((*prefix, edge) for edge in last)
        unbound += not found
    return sorted(forbidden), unbound


def _leaving(network: RoadNetwork, node: int) -> range:
    return range(int(network.node_first_edge[node]), int(network.node_first_edge[node + 1]))


def _via_node(network: RoadNetwork, restriction: TurnRestriction, node: int) -> list[tuple[int, ...]]:
    return [(edge,) for edge in network.edges_of_way(restriction.from_way) if network.edge_to[edge] == node]


def _via_ways(network: RoadNetwork, restriction: TurnRestriction) -> list[tuple[int, ...]]:
    """Every drive from an edge of the first way through all via ways, in order, that ends where `to_way` begins."""
    via = [set(network.edges_of_way(way)) for way in restriction.via_ways]
    inside = set().union(*via)
    goal = {int(network.edge_from[edge]) for edge in network.edges_of_way(restriction.to_way)}
    finished: list[tuple[int, ...]] = []
    open_paths: list[tuple[int, ...]] = [(edge,) for edge in network.edges_of_way(restriction.from_way)]
    while open_paths:
        path = open_paths.pop()
        at = int(network.edge_to[path[-1]])
        if len(path) > 1 and at in goal and all(any(edge in edges for edge in path[1:]) for edges in via):
            finished.append(path)
            continue
        open_paths.extend(
            (*path, edge)
            for edge in _leaving(network, at)
            if edge in inside and edge not in path and network.edge_twin[edge] != path[-1]
        )
    return finished
