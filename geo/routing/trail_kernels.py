"""Compiled walks along the parents that a search left behind: lengths of many journeys, edges of one."""

from __future__ import annotations

import numpy as np
from numba import njit

from geo.routing.heap_kernels import Floats, Ints


@njit(cache=True, nogil=True)
def trail_lengths(
    chosen: Ints,
    best_entry: Ints,
    known_m: Floats,
    entry_state: Ints,
    entry_m: Floats,
    parent: Ints,
    arc_origin: Ints,
    arc_length_m: Floats,
    seed_m: Floats,
) -> Floats:
    """Metres of each chosen origin's journey; `known_m` for those that needed no search (entry −1)."""
    out = np.empty(len(chosen), dtype=np.float64)
    for place in range(len(chosen)):
        entry = best_entry[chosen[place]]
        if entry < 0:
            out[place] = known_m[chosen[place]]
            continue
        length = entry_m[entry]
        step = parent[entry_state[entry]]
        while step >= 0:
            length += arc_length_m[step]
            step = parent[arc_origin[step]]
        out[place] = length + seed_m[-2 - step]
    return out


@njit(cache=True, nogil=True)
def trail_edges(state: int, parent: Ints, arc_origin: Ints, arc_edge: Ints) -> tuple[Ints, int]:
    """Edges driven from a state on, and the seed at which the journey ends."""
    count = 0
    step = parent[state]
    while step >= 0:
        count += 1
        step = parent[arc_origin[step]]
    edges = np.empty(count, dtype=np.int32)
    step = parent[state]
    for place in range(count):
        edges[place] = arc_edge[step]
        step = parent[arc_origin[step]]
    return edges, -2 - step
