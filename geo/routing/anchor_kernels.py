"""Compiled look-ups of snapped places on the junction graph: open edges, and states with their partial times."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.routing.heap_kernels import NEVER, Floats, Ints, Longs

_CLOSED = NEVER  # the weight of an edge that may not be driven (`geo.speeds.UNREACHABLE`)


@njit(cache=True, nogil=True)
def open_edges(shape: Ints, node: Ints, of_shape: Ints, ms: Ints) -> Ints:
    """The open edge of each place's shape in one direction; −1 where there is none, or the place is a node."""
    out = np.full(len(shape), -1, dtype=np.int32)
    for place in range(len(shape)):
        if shape[place] >= 0 and node[place] < 0:
            edge = of_shape[shape[place]]
            if edge >= 0 and ms[edge] != _CLOSED:
                out[place] = edge
    return out


@njit(cache=True, nogil=True)
def node_entries(
    node: Ints,
    ahead: Ints,
    back: Ints,
    share: Floats,
    extra_ms: Longs,
    edge_node: Ints,
    edge_ms: Ints,
    edge_m: Floats,
    leaving: bool,
) -> tuple[Ints, Longs, Floats, Ints, Ints]:
    """State, ms, m, owner and edge of every way off the places (`leaving`) or onto them.

    `edge_node` [E] is the node at which an edge is left (its head), or entered (its tail).
    """
    most = 2 * len(node)
    state = np.empty(most, dtype=np.int32)
    ms = np.empty(most, dtype=np.int64)
    m = np.empty(most, dtype=np.float64)
    owner = np.empty(most, dtype=np.int32)
    driven = np.empty(most, dtype=np.int32)
    count = 0
    for place in range(len(node)):
        if node[place] >= 0:
            state[count] = node[place]
            ms[count] = extra_ms[place]
            m[count] = 0.0
            owner[count] = place
            driven[count] = -1
            count += 1
            continue
        for side in range(2):
            edge = ahead[place] if side == 0 else back[place]
            if edge < 0:
                continue
            part = share[place] if (side == 1) == leaving else 1.0 - share[place]
            state[count] = edge_node[edge]
            ms[count] = np.int64(np.rint(part * edge_ms[edge])) + extra_ms[place]
            m[count] = part * edge_m[edge]
            owner[count] = place
            driven[count] = edge
            count += 1
    return state[:count], ms[:count], m[:count], owner[:count], driven[:count]


@njit(cache=True, nogil=True)
def on_junctions(
    shape: Ints,
    node: Ints,
    share: Floats,
    extra_ms: Longs,
    forward: Ints,
    backward: Ints,
    edge_node: Ints,
    edge_ms: Ints,
    edge_m: Floats,
    leaving: bool,
) -> tuple[Ints, Ints, Ints, Longs, Floats, Ints, Ints]:
    """Open edges ahead and back of each place, and then its entries: `open_edges` and `node_entries` in one."""
    ahead = open_edges(shape, node, forward, edge_ms)
    back = open_edges(shape, node, backward, edge_ms)
    state, ms, m, owner, driven = node_entries(node, ahead, back, share, extra_ms, edge_node, edge_ms, edge_m, leaving)
    return ahead, back, state, ms, m, owner, driven


@njit(cache=True, nogil=True)
def walked_ms(distance_m: Floats, shut: NDArray[np.bool_], limit_m: float, ms_per_m: float) -> Longs:
    """Time to walk between each place and its road: where that is `shut` or further than the limit, else nothing."""
    out = np.zeros(len(distance_m), dtype=np.int64)
    for place in range(len(distance_m)):
        distance = distance_m[place]
        if (shut[place] or distance > limit_m) and distance < np.inf:
            out[place] = np.int64(min(np.rint(distance * ms_per_m), float(NEVER // 4)))
    return out


@njit(cache=True, nogil=True)
def perhaps_lost(
    straight_m: Floats, within_m: float, found: Ints, owner: Ints, state: Ints, joined: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Origins nearer than `within_m` that were not `found` and have no entry at a `joined` state [M]."""
    known = np.zeros(len(straight_m), dtype=np.bool_)
    for row in found:
        known[row] = True
    left = 0
    for row in range(len(straight_m)):
        known[row] = known[row] or straight_m[row] >= within_m
        left += 0 if known[row] else 1
    if left > 0:
        for entry in range(len(owner)):
            if not known[owner[entry]] and joined[state[entry]]:
                known[owner[entry]] = True
    return np.flatnonzero(~known)


@njit(cache=True, nogil=True)
def on_one_stretch(
    origin_node: Ints,
    origin_ahead: Ints,
    origin_back: Ints,
    origin_share: Floats,
    origin_extra_ms: Longs,
    node: int,
    ahead: int,
    back: int,
    share: float,
    extra_ms: int,
    ahead_node: int,
    back_node: int,
    edge_ms: Ints,
    edge_m: Floats,
) -> tuple[Longs, Floats, Ints]:
    """Journeys that stay on the target's stretch: ms (NEVER), m (NaN) and edge (−1) of each origin.

    `ahead_node` and `back_node` are the tails of the target's edges where a journey may begin at a node (turn graph);
    −1 where the search finds such a journey itself.
    """
    count = len(origin_node)
    best = np.full(count, np.int64(NEVER), dtype=np.int64)
    length = np.full(count, np.nan, dtype=np.float64)
    used = np.full(count, -1, dtype=np.int32)
    for place in range(count):
        if node >= 0 and origin_node[place] == node:
            best[place] = 0
            length[place] = 0.0
        for side in range(2):
            edge = ahead if side == 0 else back
            if edge < 0:
                continue
            own_edge = origin_ahead[place] if side == 0 else origin_back[place]
            part = -1.0
            if own_edge == edge:
                part = share - origin_share[place] if side == 0 else origin_share[place] - share
            elif origin_node[place] >= 0 and origin_node[place] == (ahead_node if side == 0 else back_node):
                part = share if side == 0 else 1.0 - share
            if part < 0.0:
                continue  # another stretch, or the target lies behind
            ms = np.int64(np.rint(part * edge_ms[edge]))
            if ms < best[place]:
                best[place] = ms
                length[place] = part * edge_m[edge]
                used[place] = edge
        if best[place] < NEVER:
            best[place] += origin_extra_ms[place] + extra_ms
    return best, length, used


@njit(cache=True, nogil=True)
def straight_lines(lat: Floats, lon: Floats, to_lat: float, to_lon: float, radius_m: float) -> NDArray[np.float64]:
    """Great-circle metres from each place to one (haversine)."""
    out = np.empty(len(lat), dtype=np.float64)
    phi = np.radians(to_lat)
    cosine = np.cos(phi)
    for place in range(len(lat)):
        own = np.radians(lat[place])
        north = np.sin((phi - own) / 2.0)
        east = np.sin(np.radians(to_lon - lon[place]) / 2.0)
        square = north * north + np.cos(own) * cosine * east * east
        out[place] = 2.0 * radius_m * np.arcsin(min(1.0, np.sqrt(square)))
    return out
