"""The same questions put to networkx and to scipy: partial stretches become arcs to made-up nodes."""

from __future__ import annotations

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo.network.model import RoadNetwork
from geo.snapping import Snaps
from geo.speeds import UNREACHABLE


def stubs(
    network: RoadNetwork, ms: NDArray[np.int32], snaps: Snaps, row: int, *, leaving: bool
) -> list[tuple[int, int]]:
    """`(node, ms)` for each way off (or onto) the stretch that a snapped place is on."""
    if snaps.node[row] >= 0:
        return [(int(snaps.node[row]), 0)]
    found = []
    for edge, share in (
        (network.shape_edge_forward[snaps.shape[row]], snaps.share[row]),
        (network.shape_edge_backward[snaps.shape[row]], 1.0 - snaps.share[row]),
    ):
        if edge >= 0 and ms[edge] != UNREACHABLE:
            part = (1.0 - share) if leaving else share
            node = network.edge_to[edge] if leaving else network.edge_from[edge]
            found.append((int(node), round(float(part) * int(ms[edge]))))
    return found


def along(network: RoadNetwork, ms: NDArray[np.int32], origin: Snaps, row: int, target: Snaps) -> int | None:
    """Time of a journey that stays on one stretch, if there is one."""
    if origin.node[row] >= 0 or target.node[0] >= 0 or origin.shape[row] != target.shape[0]:
        return None
    gap = float(target.share[0] - origin.share[row])
    forward, backward = network.shape_edge_forward[target.shape[0]], network.shape_edge_backward[target.shape[0]]
    times = []
    if forward >= 0 and ms[forward] != UNREACHABLE and gap >= 0:
        times.append(round(gap * int(ms[forward])))
    if backward >= 0 and ms[backward] != UNREACHABLE and gap <= 0:
        times.append(round(-gap * int(ms[backward])))
    return min(times, default=None)


def to_networkx(network: RoadNetwork, ms: NDArray[np.int32]) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(network.node_count))
    usable = np.flatnonzero(ms != UNREACHABLE)
    graph.add_weighted_edges_from(
        zip(network.edge_from[usable].tolist(), network.edge_to[usable].tolist(), ms[usable].tolist(), strict=True)
    )
    return graph


def times_by_networkx(
    graph: nx.MultiDiGraph, network: RoadNetwork, ms: NDArray[np.int32], origins: Snaps, target: Snaps
) -> list[int | None]:
    """Time from each origin to the first target in ms, None = unreachable."""
    reverse = graph.reverse(copy=False)
    best: dict[int, int] = {}
    for node, part in stubs(network, ms, target, 0, leaving=False):
        for other, time in nx.single_source_dijkstra_path_length(reverse, node).items():
            best[other] = min(best.get(other, UNREACHABLE), time + part)
    return _totals(network, ms, origins, target, best)


def times_by_scipy(network: RoadNetwork, ms: NDArray[np.int32], origins: Snaps, target: Snaps) -> list[int | None]:
    usable = np.flatnonzero(ms != UNREACHABLE)
    tails, heads, times = network.edge_to[usable], network.edge_from[usable], ms[usable]
    order = np.lexsort((times, heads, tails))  # of parallel edges only the quickest
    tails, heads, times = tails[order], heads[order], times[order]
    first = np.ones(len(tails), dtype=bool)
    first[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
    size = network.node_count
    graph = coo_array((times[first].astype(float), (tails[first], heads[first])), shape=(size, size)).tocsr()
    best = np.full(size, np.inf)
    for node, part in stubs(network, ms, target, 0, leaving=False):
        best = np.minimum(best, dijkstra(graph, indices=node) + part)
    known = {node: int(best[node]) for node in np.flatnonzero(np.isfinite(best)).tolist()}
    return _totals(network, ms, origins, target, known)


def _totals(
    network: RoadNetwork, ms: NDArray[np.int32], origins: Snaps, target: Snaps, best: dict[int, int]
) -> list[int | None]:
    answers: list[int | None] = []
    for row in range(len(origins.shape)):
        times = [best[node] + part for node, part in stubs(network, ms, origins, row, leaving=True) if node in best]
        direct = along(network, ms, origins, row, target)
        answers.append(min([*times, *([] if direct is None else [direct])], default=None))
    return answers
