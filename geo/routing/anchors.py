"""Places put on a graph: where a journey may begin or end, with the partial times of the stretches cut.

A point on a stretch has up to two ways off it. Partial times are rounded to whole milliseconds once, here, so every
engine that starts from the same anchors gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.routing.anchor_kernels import node_entries, on_junctions, on_one_stretch, open_edges
from geo.routing.weighted import Weighted
from geo.snapping import Snaps
from geo.speeds import UNREACHABLE

_Part = tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int32]]
"""State, ms, m, owner and edge of some entries."""


@dataclass(frozen=True, slots=True)
class Entries:
    """States at which journeys begin (or end), for many places.

    Shapes: [entries]. `owner` is the place; `ms` and `m` the time and length between place and state; `edge` the edge
    driven for that part, −1 = none (the place is the state's node).
    """

    state: NDArray[np.int32]
    ms: NDArray[np.int64]
    m: NDArray[np.float64]
    owner: NDArray[np.int32]
    edge: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Placed:
    """Snapped places as edges. Shapes: [places]; −1 where there is no such edge, or it is closed."""

    node: NDArray[np.int32]
    ahead: NDArray[np.int32]
    """Edge in drawn direction."""
    back: NDArray[np.int32]
    share: NDArray[np.float64]
    extra_ms: NDArray[np.int64]
    """Time between the place and the road, where it is far from any."""
    against: NDArray[np.int32] | None = None
    """Edge that a vehicle must turn round for, which takes `turn_ms` (origins only); −1 = none."""
    turn_ms: int = 0


def place(weighted: Weighted, snaps: Snaps, extra_ms: NDArray[np.int64]) -> Placed:
    """Look up the open edges of snapped places."""
    network = weighted.network
    ahead, back = (
        open_edges(snaps.shape, snaps.node, of_shape, weighted.ms)
        for of_shape in (network.shape_edge_forward, network.shape_edge_backward)
    )
    return Placed(snaps.node, ahead, back, snaps.share, extra_ms)


def put(weighted: Weighted, snaps: Snaps, extra_ms: NDArray[np.int64], *, leaving: bool) -> tuple[Placed, Entries]:
    """`place`, and then `origins` (`leaving`) or `targets`."""
    if weighted.topology.is_turns:
        placed = place(weighted, snaps, extra_ms)
        return placed, origins(weighted, placed) if leaving else targets(weighted, placed)
    network = weighted.network
    ahead, back, state, ms, m, owner, edge = on_junctions(
        snaps.shape,
        snaps.node,
        snaps.share,
        extra_ms,
        network.shape_edge_forward,
        network.shape_edge_backward,
        network.edge_to if leaving else network.edge_from,
        weighted.ms,
        network.edge_length_m,
        leaving,
    )
    return Placed(snaps.node, ahead, back, snaps.share, extra_ms), Entries(state, ms, m, owner, edge)


def _at_nodes(weighted: Weighted, placed: Placed, edge_node: NDArray[np.int32], *, leaving: bool) -> Entries:
    network = weighted.network
    return Entries(
        *node_entries(
            placed.node,
            placed.ahead,
            placed.back,
            placed.share,
            placed.extra_ms,
            edge_node,
            weighted.ms,
            network.edge_length_m,
            leaving,
        )
    )


def origins(weighted: Weighted, placed: Placed) -> Entries:
    """Where journeys from these places enter the graph."""
    network = weighted.network
    if not weighted.topology.is_turns:
        return _at_nodes(weighted, placed, network.edge_to, leaving=True)
    parts: list[_Part] = []
    for edges, left in ((placed.ahead, 1.0 - placed.share), (placed.back, placed.share)):
        owner = np.flatnonzero(edges >= 0)
        edge = edges[owner]
        ms = np.rint(left[owner] * weighted.ms[edge]).astype(np.int64)
        parts.append((edge, ms, left[owner] * network.edge_length_m[edge], owner, edge))
    first = network.node_first_edge
    for who in np.flatnonzero(placed.node >= 0).tolist():
        node = placed.node[who]
        edge = np.arange(first[node], first[node + 1], dtype=np.int32)
        edge = edge[weighted.ms[edge] != UNREACHABLE]
        ms = weighted.ms[edge].astype(np.int64)
        parts.append((edge, ms, network.edge_length_m[edge], np.full(len(edge), who), edge))
    return _joined(parts, placed.extra_ms)


def targets(weighted: Weighted, placed: Placed) -> Entries:
    """Where journeys to these places leave the graph."""
    network, topology = weighted.network, weighted.topology
    if not topology.is_turns:
        return _at_nodes(weighted, placed, network.edge_from, leaving=False)
    parts: list[_Part] = []
    side = weighted.towards
    for edges, left in ((placed.ahead, placed.share), (placed.back, 1.0 - placed.share)):
        for who in np.flatnonzero(edges >= 0).tolist():
            edge = int(edges[who])
            lists = [side.arcs[side.first[s] : side.first[s + 1], 0] for s in topology.states_of_edge(edge)]
            before = np.unique(np.concatenate(lists)).astype(np.int32)
            size = len(before)
            ms = np.full(size, np.rint(left[who] * weighted.ms[edge]), dtype=np.int64)
            length = np.full(size, left[who] * network.edge_length_m[edge])
            parts.append((before, ms, length, np.full(size, who), np.full(size, edge)))
    first, incoming = network.incoming
    for who in np.flatnonzero(placed.node >= 0).tolist():
        node = placed.node[who]
        of_edges = [topology.states_of_edge(int(edge)) for edge in incoming[first[node] : first[node + 1]]]
        state = np.concatenate([np.zeros(0, dtype=np.int32), *of_edges])
        size = len(state)
        nothing = np.full(size, -1, dtype=np.int32)
        parts.append((state, np.zeros(size, dtype=np.int64), np.zeros(size), np.full(size, who), nothing))
    return _joined(parts, placed.extra_ms)


def _joined(
    parts: list[_Part],
    extra_ms: NDArray[np.int64],
) -> Entries:
    state, ms, m, owner, edge = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Entries(state.astype(np.int32), ms + extra_ms[owner], m, owner.astype(np.int32), edge.astype(np.int32))


@dataclass(frozen=True, slots=True)
class Direct:
    """What needs no search: origin and target on one stretch, or at one node. Shapes: [origins]; NEVER and NaN."""

    ms: NDArray[np.int64]
    m: NDArray[np.float64]
    edge: NDArray[np.int32]


def direct(weighted: Weighted, origin: Placed, target: Placed) -> Direct:
    """Journeys from each origin to the (one) target that stay on one stretch of road."""
    network = weighted.network
    node, ahead, back = int(target.node[0]), int(target.ahead[0]), int(target.back[0])
    # On the junction graph a journey from the stretch's own end is found by the search.
    ahead_tail, back_tail = (
        int(network.edge_from[edge]) if weighted.topology.is_turns and edge >= 0 else -1 for edge in (ahead, back)
    )
    ms, m, edge = on_one_stretch(
        origin.node,
        origin.ahead,
        origin.back,
        origin.share,
        origin.extra_ms,
        node,
        ahead,
        back,
        float(target.share[0]),
        int(target.extra_ms[0]),
        ahead_tail,
        back_tail,
        weighted.ms,
        network.edge_length_m,
    )
    if origin.against is not None:
        ms[(edge >= 0) & (edge == origin.against)] += origin.turn_ms
    return Direct(ms, m, edge)
