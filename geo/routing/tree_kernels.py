"""Compiled searches of everything: the quickest way to one target from every state, kept and read off for any origins.

Buckets are those of `geo.routing.bucket_kernels`. Nobody's place is known to the search, so dead ends are entered too.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.routing.bucket_kernels import RING, SHIFT
from geo.routing.heap_kernels import NEVER, Floats, Ints, Longs

_MASK = np.int64(RING - 1)
_LOW = np.int64(2**32 - 1)
_HIGH = 32
_NO_BOUND = np.int64(2**62)


@njit(cache=True, nogil=True)
def _spread(
    first: Ints,
    arcs: NDArray[np.int32],
    arc_edge: Ints,
    stopped: NDArray[np.bool_],
    begun: Ints,
    dist: Ints,
    parent: Ints,
    pool: Longs,
) -> bool:
    """Settle every state that can be reached sooner from those `begun`, which have a time; not by `stopped` edges.

    `stopped` [E], or empty: none. False if the pool did not suffice.
    """
    check = len(stopped) > 0
    ring = np.full(RING, -1, dtype=np.int64)
    now = _NO_BOUND
    for state in begun:
        now = min(now, np.int64(dist[state]) >> SHIFT)
    slots = np.int64(0)
    waiting = 0
    if len(begun) > len(pool):
        return False
    for state in begun:
        at = min(np.int64(dist[state]) >> SHIFT, now + _MASK) & _MASK
        pool[slots] = (ring[at] << _HIGH) | np.int64(state)
        ring[at] = slots
        slots += 1
        waiting += 1
    while waiting > 0:
        while ring[now & _MASK] < 0:
            now += 1
        here = now & _MASK
        while ring[here] >= 0:
            slot = ring[here]
            ring[here] = pool[slot] >> _HIGH
            state = np.uint32(pool[slot] & _LOW)
            time_ms = np.int64(dist[state])
            bucket = time_ms >> SHIFT
            if bucket > now:
                at = min(bucket, now + _MASK) & _MASK
                pool[slot] = (ring[at] << _HIGH) | np.int64(state)
                ring[at] = slot
                continue
            waiting -= 1
            if bucket < now:
                continue
            low, high = np.uint32(first[state]), np.uint32(first[state + np.uint32(1)])
            if slots + np.int64(high) - np.int64(low) > len(pool):
                return False
            for arc in range(low, high):
                other = np.uint32(arcs[arc, 0])
                new_ms = time_ms + np.int64(arcs[arc, 1])
                if new_ms < dist[other]:
                    if check and stopped[arc_edge[arc]]:
                        continue
                    dist[other] = new_ms
                    parent[other] = arc
                    at = min(new_ms >> SHIFT, now + _MASK) & _MASK
                    pool[slots] = (ring[at] << _HIGH) | np.int64(other)
                    ring[at] = slots
                    slots += 1
                    waiting += 1
    return True


@njit(cache=True, nogil=True)
def grow(
    first: Ints,
    arcs: NDArray[np.int32],
    arc_edge: Ints,
    seed_state: Ints,
    seed_ms: Longs,
    dist: Ints,
    parent: Ints,
    pool: Longs,
) -> bool:
    """Times to the seeds from every state, and the arc each way goes on by (−2 − seed where it ends).

    `arcs` as in `geo.routing.kernels`, towards the seeds. `dist` [M] holds NEVER everywhere, and after the search
    wherever no way leads; `parent` [M] and `pool` are scratch of any content. False if the pool did not suffice: then
    nothing of it holds.
    """
    begun = np.empty(len(seed_state), dtype=np.int32)
    count = 0
    for seed in range(len(seed_state)):
        state = seed_state[seed]
        if seed_ms[seed] < dist[state]:
            if dist[state] == NEVER:
                begun[count] = state
                count += 1
            dist[state] = seed_ms[seed]
            parent[state] = -2 - seed
    return _spread(first, arcs, arc_edge, np.zeros(0, dtype=np.bool_), begun[:count], dist, parent, pool)


@njit(cache=True, nogil=True)
def regrow(
    first: Ints,
    arcs: NDArray[np.int32],
    arc_edge: Ints,
    onwards_first: Ints,
    onwards_arcs: NDArray[np.int32],
    cut: Ints,
    stopped: NDArray[np.bool_],
    dist: Ints,
    parent: Ints,
    pool: Longs,
    touched: Ints,
) -> bool:
    """Make a tree of `grow` one that uses no `stopped` edge [E], whose arcs are `cut`: what hung on them is redone.

    Whatever is not behind a cut arc keeps its way, which no edge fewer can make longer. What is begins anew from its
    neighbours that are not. `onwards_arcs` are the same arcs by the state they leave; `touched` [M] is scratch. False
    as in `grow`.
    """
    size = 0
    for arc in cut:
        other = arcs[arc, 0]
        if parent[other] == arc and dist[other] < NEVER:
            dist[other] = NEVER
            touched[size] = other
            size += 1
    at = 0
    while at < size:
        state = touched[at]
        at += 1
        for arc in range(first[state], first[state + 1]):
            other = arcs[arc, 0]
            if parent[other] == arc and dist[other] < NEVER:
                dist[other] = NEVER
                touched[size] = other
                size += 1
    times = np.empty(size, dtype=np.int32)
    for place in range(size):
        state = touched[place]
        times[place] = NEVER
        for out in range(onwards_first[state], onwards_first[state + 1]):
            ahead = onwards_arcs[out, 0]
            if dist[ahead] == NEVER or dist[ahead] + np.int64(onwards_arcs[out, 1]) >= times[place]:
                continue
            for arc in range(first[ahead], first[ahead + 1]):
                if arcs[arc, 0] == state and not stopped[arc_edge[arc]]:
                    new_ms = np.int64(dist[ahead]) + arcs[arc, 1]
                    if new_ms < times[place]:
                        times[place] = new_ms
                        parent[state] = arc
    begun = np.empty(size, dtype=np.int32)
    count = 0
    for place in range(size):
        if times[place] < NEVER:
            begun[count] = touched[place]
            dist[touched[place]] = times[place]
            count += 1
    return _spread(first, arcs, arc_edge, stopped, begun[:count], dist, parent, pool)


@njit(cache=True, nogil=True)
def read_off(
    dist: Ints,
    parent: Ints,
    arc_origin: Ints,
    arc_length_m: Floats,
    seed_m: Floats,
    entry_state: Ints,
    entry_ms: Longs,
    entry_m: Floats,
    entry_origin: Ints,
    best_ms: Longs,
    best_m: Floats,
) -> None:
    """Times and lengths of origins off a tree: each by the entry from which the target is reached soonest.

    `best_ms` and `best_m` [origins] hold what is known beforehand, and the answers after.
    """
    best_entry = np.full(len(best_ms), -1, dtype=np.int32)
    for entry in range(len(entry_state)):
        away_ms = dist[entry_state[entry]]
        if away_ms < NEVER:
            origin = entry_origin[entry]
            total = np.int64(away_ms) + entry_ms[entry]
            if total < best_ms[origin]:
                best_ms[origin] = total
                best_entry[origin] = entry
    for origin in range(len(best_ms)):
        entry = best_entry[origin]
        if entry >= 0:
            length = entry_m[entry]
            step = parent[entry_state[entry]]
            while step >= 0:
                length += arc_length_m[step]
                step = parent[arc_origin[step]]
            best_m[origin] = length + seed_m[-2 - step]
