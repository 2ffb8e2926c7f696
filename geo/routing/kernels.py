"""Compiled searches. Flat arrays in, flat arrays out; no Python objects, no GIL.

All searches are Dijkstra's algorithm over whole milliseconds with a binary heap of (time << 32 | state) and lazy
deletion, so answers are exact and equal, bit by bit, to any other correct engine on the same weights. A graph is given
as `first` [M + 1] and `arcs` [A, 2] (other state, time in ms): the arcs of state s are `arcs[first[s] : first[s + 1]]`.
A time may be inverted bit by bit, as a mark for quicker searches (`geo.routing.weighted.Side`); here it means nothing.

Scratch arrays are kept between calls: `dist` holds NEVER and `head` −1 everywhere when a search begins; it lists what
it touched, and `tidy` puts that back before it ends. So a search costs what it visits, not what the region holds.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.routing.heap_kernels import NEVER, STATE_BITS, STATE_MASK, Floats, Ints, Longs, drop_top, push


@njit(cache=True, nogil=True, inline="always")
def _rank(chosen: Ints, count: int, best_ms: Longs, origin: int) -> int:
    """Put an origin into the sorted list of the best, or move it up; returns how many there are."""
    at = -1
    for place in range(count):
        if chosen[place] == origin:
            at = place
            break
    if at < 0:
        if count < len(chosen):
            at = count
            count += 1
        else:
            at = count - 1
            last = chosen[at]
            if best_ms[origin] > best_ms[last] or (best_ms[origin] == best_ms[last] and origin > last):
                return count
    while at > 0:
        above = chosen[at - 1]
        if best_ms[above] < best_ms[origin] or (best_ms[above] == best_ms[origin] and above < origin):
            break
        chosen[at] = above
        at -= 1
    chosen[at] = origin
    return count


@njit(cache=True, nogil=True)
def nearest_k(
    first: Ints,
    arcs: NDArray[np.int32],
    seed_state: Ints,
    seed_ms: Longs,
    entry_state: Ints,
    entry_ms: Longs,
    entry_origin: Ints,
    best_ms: Longs,
    best_entry: Ints,
    k: int,
    dist: Ints,
    parent: Ints,
    heap: Longs,
    touched: Ints,
    head: Ints,
) -> Ints:
    """The k origins nearest to the seeds, on a graph whose arcs point towards them (the reversed network).

    An origin is reached at any of its entries: total = time at the entry's state + the entry's own time. `best_ms`
    [origins] holds what is known beforehand (origin and target on one edge; NEVER otherwise) and the answers after.
    `best_entry` gets the entry each answer came by (−1 = known beforehand).

    The search stops when the k-th total is less than anything the heap can still give: heap top + least entry time.
    Ties go to the lower origin. Returns the origins in order; `parent` holds the ways until the next search.
    """
    following = np.empty(len(entry_state), dtype=np.int32)
    least = np.int64(NEVER)
    for entry in range(len(entry_state)):
        state = entry_state[entry]
        following[entry] = head[state]
        head[state] = entry
        least = min(least, entry_ms[entry])
    chosen = np.empty(min(k, len(best_ms)), dtype=np.int32)
    count = 0
    for origin in range(len(best_ms)):
        best_entry[origin] = -1
        if best_ms[origin] < NEVER:
            count = _rank(chosen, count, best_ms, origin)
    bound = np.int64(2**62)
    if count == len(chosen) and count > 0:
        bound = best_ms[chosen[count - 1]]
    size = 0
    used = 0
    for seed in range(len(seed_state)):
        state = seed_state[seed]
        if seed_ms[seed] < dist[state]:
            if dist[state] == NEVER:
                touched[used] = state
                used += 1
            dist[state] = seed_ms[seed]
            parent[state] = -2 - seed
            size = push(heap, size, (seed_ms[seed] << STATE_BITS) | state)
    while size > 0:
        top = heap[0]
        time_ms = top >> STATE_BITS
        if time_ms + least > bound:
            break
        size = drop_top(heap, size)
        state = np.int32(top & STATE_MASK)
        if time_ms > dist[state]:
            continue
        entry = head[state]
        while entry >= 0:
            origin = entry_origin[entry]
            total = time_ms + entry_ms[entry]
            if total < best_ms[origin]:
                best_ms[origin] = total
                best_entry[origin] = entry
                count = _rank(chosen, count, best_ms, origin)
                if count == len(chosen):
                    bound = best_ms[chosen[count - 1]]
            entry = following[entry]
        for arc in range(first[state], first[state + 1]):
            other = arcs[arc, 0]
            new_ms = time_ms + (arcs[arc, 1] ^ (arcs[arc, 1] >> 31))
            if new_ms < dist[other] and new_ms + least <= bound:
                if dist[other] == NEVER:
                    touched[used] = other
                    used += 1
                dist[other] = new_ms
                parent[other] = arc
                size = push(heap, size, (new_ms << STATE_BITS) | other)
    tidy(dist, touched, used, head, entry_state)
    return chosen[:count]


@njit(cache=True, nogil=True)
def times_to_all(
    first: Ints,
    arcs: NDArray[np.int32],
    arc_length_m: Floats,
    seed_state: Ints,
    seed_ms: Longs,
    seed_m: Floats,
    entry_state: Ints,
    entry_ms: Longs,
    entry_m: Floats,
    entry_origin: Ints,
    best_ms: Longs,
    best_m: Floats,
    dist: Ints,
    length_m: Floats,
    heap: Longs,
    touched: Ints,
    head: Ints,
) -> None:
    """Times and lengths between the seeds and every origin; the search ends when none can get better.

    `best_ms` and `best_m` [origins] hold what is known beforehand, and the answers after.
    """
    following = np.empty(len(entry_state), dtype=np.int32)
    least = np.int64(NEVER)
    for entry in range(len(entry_state)):
        state = entry_state[entry]
        following[entry] = head[state]
        head[state] = entry
        least = min(least, entry_ms[entry])
    open_origins = 0
    for origin in range(len(best_ms)):
        if best_ms[origin] >= NEVER:
            open_origins += 1
    worst = np.int64(2**62)
    if open_origins == 0:
        worst = best_ms.max()
    size = 0
    used = 0
    for seed in range(len(seed_state)):
        state = seed_state[seed]
        if seed_ms[seed] < dist[state]:
            if dist[state] == NEVER:
                touched[used] = state
                used += 1
            dist[state] = seed_ms[seed]
            length_m[state] = seed_m[seed]
            size = push(heap, size, (seed_ms[seed] << STATE_BITS) | state)
    while size > 0:
        top = heap[0]
        time_ms = top >> STATE_BITS
        if time_ms + least >= worst:
            break
        size = drop_top(heap, size)
        state = np.int32(top & STATE_MASK)
        if time_ms > dist[state]:
            continue
        entry = head[state]
        while entry >= 0:
            origin = entry_origin[entry]
            total = time_ms + entry_ms[entry]
            if total < best_ms[origin]:
                if best_ms[origin] >= NEVER:
                    open_origins -= 1
                best_ms[origin] = total
                best_m[origin] = length_m[state] + entry_m[entry]
                if open_origins == 0:
                    worst = best_ms.max()
            entry = following[entry]
        for arc in range(first[state], first[state + 1]):
            other = arcs[arc, 0]
            new_ms = time_ms + (arcs[arc, 1] ^ (arcs[arc, 1] >> 31))
            if new_ms < dist[other]:
                if dist[other] == NEVER:
                    touched[used] = other
                    used += 1
                dist[other] = new_ms
                length_m[other] = length_m[state] + arc_length_m[arc]
                size = push(heap, size, (new_ms << STATE_BITS) | other)
    tidy(dist, touched, used, head, entry_state)


@njit(cache=True, nogil=True)
def tidy(dist: Ints, touched: Ints, used: int, head: Ints, entry_state: Ints) -> None:
    """Put the scratch arrays back as they were before a search."""
    for place in range(used):
        dist[touched[place]] = NEVER
    for entry in range(len(entry_state)):
        head[entry_state[entry]] = -1
