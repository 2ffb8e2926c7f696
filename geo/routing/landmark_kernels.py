"""Compiled search for the quickest way between two places, led towards its goal by landmarks.

For a landmark L the triangle inequality bounds a time from below: t(e, u) ≥ t(L, u) − t(L, e) and ≥ t(e, L) − t(u, L)
(Goldberg and Harrelson, "Computing the shortest path: A* search meets graph theory", 2005). Tables made under some
weights hold under all that are nowhere less: closures and slow-downs only ever add time.

Graphs, scratch and buckets are as in `geo.routing.bucket_kernels`.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.routing.bucket_kernels import RING, SHIFT
from geo.routing.heap_kernels import NEVER, STATE_BITS, STATE_MASK, Floats, Ints, Longs, drop_top, push

_MASK = np.int64(RING - 1)
_LOW = np.int64(2**32 - 1)
_HIGH = 32
_NO_BOUND = np.int64(2**62)
_ACTIVE = 4
"""Bounds that one search looks at: the best of all tables for its two ends."""


@njit(cache=True, nogil=True)
def spread(first: Ints, arcs: NDArray[np.int32], start: int, out: Ints, heap: Longs) -> None:
    """Time between one state and every other; NEVER where there is no way."""
    out[:] = NEVER
    out[start] = 0
    size = push(heap, 0, start)
    while size > 0:
        top = heap[0]
        size = drop_top(heap, size)
        time_ms = top >> STATE_BITS
        state = np.int32(top & STATE_MASK)
        if time_ms > out[state]:
            continue
        for arc in range(first[state], first[state + 1]):
            other = arcs[arc, 0]
            new_ms = time_ms + arcs[arc, 1]
            if new_ms < out[other]:
                out[other] = new_ms
                size = push(heap, size, (new_ms << STATE_BITS) | other)


@njit(cache=True, nogil=True)
def best_bounds(table: NDArray[np.int32], origin_state: Ints, target_state: Ints) -> NDArray[np.int64]:
    """Columns of the table that bound the time between two ends best; the first half counts up, the second down."""
    half = table.shape[1] // 2
    values = np.empty(table.shape[1], dtype=np.int64)
    for column in range(table.shape[1]):
        gap = np.int64(table[target_state[0], column]) - np.int64(table[origin_state[0], column])
        values[column] = gap if column < half else -gap
    return np.argsort(-values)[:_ACTIVE]


@njit(cache=True, nogil=True)
def quickest(
    first: Ints,
    arcs: NDArray[np.int32],
    table: NDArray[np.int32],
    seed_state: Ints,
    seed_ms: Longs,
    entry_state: Ints,
    entry_ms: Longs,
    known_ms: int,
    dist: Ints,
    least: Floats,
    parent: Ints,
    pool: Longs,
    touched: Ints,
    head: Ints,
) -> tuple[int, int, int]:
    """The quickest way from any entry to any seed, searched from the seeds on arcs that point towards them.

    `table` [M, 2 L] holds the times from each landmark to each state, then back; without columns the search is led by
    nothing. `known_ms` is the time of a way that needs no search (NEVER: none); only a quicker one is looked for.
    Returns its time (`known_ms` if there is none), its entry (−1) and the touched states, or −1 touched where the pool
    was too small and all was put back.
    """
    lead = best_bounds(table, entry_state, seed_state)
    half = table.shape[1] // 2
    signs = np.empty(len(lead), dtype=np.int64)
    bases = np.empty((len(entry_state), len(lead)), dtype=np.int64)
    for column in range(len(lead)):
        signs[column] = 1 if lead[column] < half else -1
        for entry in range(len(entry_state)):
            bases[entry, column] = -signs[column] * table[entry_state[entry], lead[column]]
    following = np.empty(len(entry_state), dtype=np.int32)
    for entry in range(len(entry_state)):
        following[entry] = head[entry_state[entry]]
        head[entry_state[entry]] = entry
    ring = np.full(RING, -1, dtype=np.int64)
    best, best_entry = np.int64(known_ms), -1
    used = 0
    slots = np.int64(0)
    waiting = 0
    now = _NO_BOUND
    # The seeds are handled as the heads of arcs from a made-up state, in one loop with all others.
    for step in range(2):
        for seed in range(len(seed_state)):
            state = np.uint32(seed_state[seed])
            bound = _bound(table, lead, signs, bases, entry_ms, state)
            if step == 0:
                now = min(now, (seed_ms[seed] + bound) >> SHIFT)
                continue
            if seed_ms[seed] < dist[state]:
                if dist[state] == NEVER:
                    touched[used] = state
                    used += 1
                    least[state] = bound
                dist[state] = seed_ms[seed]
                parent[state] = -2 - seed
                at = min((seed_ms[seed] + bound) >> SHIFT, now + _MASK) & _MASK
                pool[slots] = (ring[at] << _HIGH) | np.int64(state)
                ring[at] = slots
                slots += 1
                waiting += 1
    while waiting > 0:
        while ring[now & _MASK] < 0:
            now += 1
        if (now << SHIFT) >= best:
            break
        here = now & _MASK
        while ring[here] >= 0:
            slot = ring[here]
            ring[here] = pool[slot] >> _HIGH
            state = np.uint32(pool[slot] & _LOW)
            time_ms = np.int64(dist[state])
            bucket = (time_ms + np.int64(least[state])) >> SHIFT
            if bucket > now:
                at = min(bucket, now + _MASK) & _MASK
                pool[slot] = (ring[at] << _HIGH) | np.int64(state)
                ring[at] = slot
                continue
            waiting -= 1
            if bucket < now:
                continue
            entry = head[state]
            while entry >= 0:
                if time_ms + entry_ms[entry] < best:
                    best = time_ms + entry_ms[entry]
                    best_entry = entry
                entry = following[entry]
            low, high = np.uint32(first[state]), np.uint32(first[state + np.uint32(1)])
            if slots + np.int64(high) - np.int64(low) > len(pool):
                for place in range(used):
                    dist[touched[place]] = NEVER
                for entry in range(len(entry_state)):
                    head[entry_state[entry]] = -1
                return known_ms, -1, -1
            for arc in range(low, high):
                other = np.uint32(arcs[arc, 0])
                new_ms = time_ms + arcs[arc, 1]
                if new_ms < dist[other]:
                    if dist[other] == NEVER:
                        bound = _bound(table, lead, signs, bases, entry_ms, other)
                        if new_ms + bound >= best:
                            continue
                        touched[used] = other
                        used += 1
                        least[other] = bound
                    total = new_ms + np.int64(least[other])
                    if total >= best:
                        continue
                    dist[other] = new_ms
                    parent[other] = arc
                    at = min(total >> SHIFT, now + _MASK) & _MASK
                    pool[slots] = (ring[at] << _HIGH) | np.int64(other)
                    ring[at] = slots
                    slots += 1
                    waiting += 1
    return int(best), best_entry, used


@njit(cache=True, nogil=True, inline="always")
def _bound(
    table: NDArray[np.int32],
    lead: Longs,
    signs: Longs,
    bases: NDArray[np.int64],
    entry_ms: Longs,
    state: np.uint32,
) -> int:
    """The least time that a way from any entry to a state can take, the entry's own time included."""
    bound = _NO_BOUND
    for entry in range(len(entry_ms)):
        most = np.int64(0)
        for column in range(len(lead)):
            most = max(most, signs[column] * table[state, lead[column]] + bases[entry, column])
        bound = min(bound, most + entry_ms[entry])
    return int(bound)
