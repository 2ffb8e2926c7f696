"""Places put on a graph: where a journey may begin or end, with the partial times of the stretches cut.

A point on a stretch has up to two ways off it. Partial times are rounded to whole milliseconds once, here, so every
engine that starts from the same anchors gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.routing.heap_kernels import NEVER
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


def place(weighted: Weighted, snaps: Snaps, extra_ms: NDArray[np.int64]) -> Placed:
    """Look up the open edges of snapped places."""
    network = weighted.network
    shape = np.maximum(snaps.shape, 0)
    on_edge = (snaps.shape >= 0) & (snaps.node < 0)

    def usable(edges: NDArray[np.int32]) -> NDArray[np.int32]:
        return np.where(on_edge & (edges >= 0) & (weighted.ms[edges] != UNREACHABLE), edges, -1).astype(np.int32)

    ahead, back = usable(network.shape_edge_forward[shape]), usable(network.shape_edge_backward[shape])
    return Placed(snaps.node, ahead, back, snaps.share, extra_ms)


def origins(weighted: Weighted, placed: Placed) -> Entries:
    """Where journeys from these places enter the graph."""
    network, topology = weighted.network, weighted.topology
    parts: list[_Part] = []
    for edges, left in ((placed.ahead, 1.0 - placed.share), (placed.back, placed.share)):
        owner = np.flatnonzero(edges >= 0)
        edge = edges[owner]
        ms = np.rint(left[owner] * weighted.ms[edge]).astype(np.int64)
        state = edge if topology.is_turns else network.edge_to[edge]
        parts.append((state, ms, left[owner] * network.edge_length_m[edge], owner, edge))
    owner = np.flatnonzero(placed.node >= 0)
    if topology.is_turns:
        first = network.node_first_edge
        for who in owner.tolist():
            node = placed.node[who]
            edge = np.arange(first[node], first[node + 1], dtype=np.int32)
            edge = edge[weighted.ms[edge] != UNREACHABLE]
            ms = weighted.ms[edge].astype(np.int64)
            parts.append((edge, ms, network.edge_length_m[edge], np.full(len(edge), who), edge))
    else:
        zero = np.zeros(len(owner))
        nothing = np.full(len(owner), -1, dtype=np.int32)
        parts.append((placed.node[owner], zero.astype(np.int64), zero, owner, nothing))
    return _joined(parts, placed.extra_ms)


def targets(weighted: Weighted, placed: Placed) -> Entries:
    """Where journeys to these places leave the graph."""
    network, topology = weighted.network, weighted.topology
    parts: list[_Part] = []
    for edges, left in ((placed.ahead, placed.share), (placed.back, 1.0 - placed.share)):
        owner = np.flatnonzero(edges >= 0)
        edge = edges[owner]
        ms = np.rint(left[owner] * weighted.ms[edge]).astype(np.int64)
        length = left[owner] * network.edge_length_m[edge]
        if not topology.is_turns:
            parts.append((network.edge_from[edge], ms, length, owner, edge))
            continue
        side = weighted.towards
        for row, who in enumerate(owner.tolist()):
            states = topology.states_of_edge(int(edge[row]))
            before = np.unique(
                np.concatenate([side.arcs[side.first[state] : side.first[state + 1], 0] for state in states])
            ).astype(np.int32)
            size = len(before)
            parts.append(
                (
                    before,
                    np.full(size, ms[row]),
                    np.full(size, length[row]),
                    np.full(size, who),
                    np.full(size, edge[row]),
                )
            )
    owner = np.flatnonzero(placed.node >= 0)
    zero = np.zeros(len(owner))
    if topology.is_turns:
        first, incoming = network.incoming
        for who in owner.tolist():
            node = placed.node[who]
            of_edges = [topology.states_of_edge(int(edge)) for edge in incoming[first[node] : first[node + 1]]]
            state = np.concatenate([np.zeros(0, dtype=np.int32), *of_edges])
            size = len(state)
            nothing = np.full(size, -1, dtype=np.int32)
            parts.append((state, np.zeros(size, dtype=np.int64), np.zeros(size), np.full(size, who), nothing))
    else:
        nothing = np.full(len(owner), -1, dtype=np.int32)
        parts.append((placed.node[owner], zero.astype(np.int64), zero, owner, nothing))
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
    count = len(origin.node)
    best = np.full(count, NEVER, dtype=np.int64)
    length = np.full(count, np.nan)
    used = np.full(count, -1, dtype=np.int32)

    def offer(mask: NDArray[np.bool_], edge: int, part: NDArray[np.float64]) -> None:
        ms = np.rint(part * weighted.ms[edge]).astype(np.int64) if edge >= 0 else np.zeros(count, dtype=np.int64)
        better = mask & (ms < best)
        best[better] = ms[better]
        length[better] = part[better] * network.edge_length_m[edge] if edge >= 0 else 0.0
        used[better] = edge

    node, ahead, back, share = int(target.node[0]), int(target.ahead[0]), int(target.back[0]), target.share[0]
    if node >= 0:
        offer(origin.node == node, -1, np.zeros(count))
    if ahead >= 0:
        offer((origin.ahead == ahead) & (origin.share <= share), ahead, share - origin.share)
        if weighted.topology.is_turns:
            offer(origin.node == network.edge_from[ahead], ahead, np.full(count, share))
    if back >= 0:
        offer((origin.back == back) & (origin.share >= share), back, origin.share - share)
        if weighted.topology.is_turns:
            offer(origin.node == network.edge_from[back], back, np.full(count, 1.0 - share))
    found = best < NEVER
    best[found] += origin.extra_ms[found] + target.extra_ms[0]
    return Direct(best, length, used)
