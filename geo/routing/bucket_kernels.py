"""The searches of `geo.routing.kernels` with buckets of time in place of the heap: the same answers, sooner.

A state waits in the bucket of its time (2 s wide). Buckets are emptied one after the other, in any order within; a
state whose time falls while its bucket is being emptied is looked at again, so every time is exact once its bucket is
empty (the label-correcting step of Meyer and Sanders, "Δ-stepping", 2003, on one thread). Times that lie further ahead
than the ring of buckets wait in its last one. There is no sorting, and that is where a heap spends its time.

The arcs are those of `Side.marked`: a dead end where nobody stands is not entered.

Where two ways take the very same time, the way told may be another than the heap's; its time is not.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.routing import kernels
from geo.routing.heap_kernels import NEVER, Floats, Ints, Longs
from geo.routing.kernels import _rank

SHIFT = 11
"""A bucket holds 2 ** 11 ms."""
RING = 1024
_MASK = np.int64(RING - 1)
_LOW = np.int64(2**32 - 1)
_HIGH = 32
_NO_BOUND = np.int64(2**62)


@njit(cache=True, nogil=True)
def _tidy(dist: Ints, pool: Longs, slots: np.int64, head: Ints, entry_state: Ints) -> None:
    """Put the scratch arrays back as they were: every state that got a time has waited in the pool."""
    for slot in range(slots):
        dist[pool[slot] & _LOW] = NEVER
    for entry in range(len(entry_state)):
        head[entry_state[entry]] = -1


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
    pool: Longs,
    touched: Ints,
    head: Ints,
) -> Ints:
    """See `geo.routing.kernels.nearest_k`; `pool` is scratch of any content."""
    known_ms = best_ms.copy()
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
    bound = _NO_BOUND
    if count == len(chosen) and count > 0:
        bound = best_ms[chosen[count - 1]]
    ring = np.full(RING, -1, dtype=np.int64)
    now = _NO_BOUND
    for seed in range(len(seed_state)):
        now = min(now, seed_ms[seed] >> SHIFT)
    slots = np.int64(0)
    waiting = 0
    for seed in range(len(seed_state)):
        state = seed_state[seed]
        if seed_ms[seed] < dist[state]:
            dist[state] = seed_ms[seed]
            parent[state] = -2 - seed
            at = min(seed_ms[seed] >> SHIFT, now + _MASK) & _MASK
            pool[slots] = (ring[at] << _HIGH) | np.int64(state)
            ring[at] = slots
            slots += 1
            waiting += 1
    while waiting > 0:
        while ring[now & _MASK] < 0:
            now += 1
        if (now << SHIFT) + least > bound:
            break
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
            furthest = bound - least
            low, high = np.uint32(first[state]), np.uint32(first[state + np.uint32(1)])
            if slots + np.int64(high) - np.int64(low) > len(pool):
                _tidy(dist, pool, slots, head, entry_state)
                best_ms[:] = known_ms
                return kernels.nearest_k(
                    first,
                    arcs,
                    seed_state,
                    seed_ms,
                    entry_state,
                    entry_ms,
                    entry_origin,
                    best_ms,
                    best_entry,
                    k,
                    dist,
                    parent,
                    pool,
                    touched,
                    head,
                )
            for arc in range(low, high):
                other = np.uint32(arcs[arc, 0])
                step = np.int64(arcs[arc, 1])
                if step < 0:  # a dead end: it matters only if somebody is there
                    if head[other] < 0:
                        continue
                    step = ~step
                new_ms = time_ms + step
                if new_ms < dist[other] and new_ms <= furthest:
                    dist[other] = new_ms
                    parent[other] = arc
                    at = min(new_ms >> SHIFT, now + _MASK) & _MASK
                    pool[slots] = (ring[at] << _HIGH) | np.int64(other)
                    ring[at] = slots
                    slots += 1
                    waiting += 1
    _tidy(dist, pool, slots, head, entry_state)
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
    pool: Longs,
    touched: Ints,
    head: Ints,
) -> None:
    """See `geo.routing.kernels.times_to_all`; `pool` is scratch of any content."""
    known_ms, known_m = best_ms.copy(), best_m.copy()
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
    bound = _NO_BOUND
    if open_origins == 0:
        bound = best_ms.max()
    ring = np.full(RING, -1, dtype=np.int64)
    now = _NO_BOUND
    for seed in range(len(seed_state)):
        now = min(now, seed_ms[seed] >> SHIFT)
    slots = np.int64(0)
    waiting = 0
    for seed in range(len(seed_state)):
        state = seed_state[seed]
        if seed_ms[seed] < dist[state]:
            dist[state] = seed_ms[seed]
            length_m[state] = seed_m[seed]
            at = min(seed_ms[seed] >> SHIFT, now + _MASK) & _MASK
            pool[slots] = (ring[at] << _HIGH) | np.int64(state)
            ring[at] = slots
            slots += 1
            waiting += 1
    while waiting > 0:
        while ring[now & _MASK] < 0:
            now += 1
        if (now << SHIFT) + least > bound:
            break
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
                        bound = best_ms.max()
                entry = following[entry]
            furthest = bound - least
            low, high = np.uint32(first[state]), np.uint32(first[state + np.uint32(1)])
            if slots + np.int64(high) - np.int64(low) > len(pool):
                _tidy(dist, pool, slots, head, entry_state)
                best_ms[:] = known_ms
                best_m[:] = known_m
                kernels.times_to_all(
                    first,
                    arcs,
                    arc_length_m,
                    seed_state,
                    seed_ms,
                    seed_m,
                    entry_state,
                    entry_ms,
                    entry_m,
                    entry_origin,
                    best_ms,
                    best_m,
                    dist,
                    length_m,
                    pool,
                    touched,
                    head,
                )
                return
            for arc in range(low, high):
                other = np.uint32(arcs[arc, 0])
                step = np.int64(arcs[arc, 1])
                if step < 0:  # a dead end: it matters only if somebody is there
                    if head[other] < 0:
                        continue
                    step = ~step
                new_ms = time_ms + step
                if new_ms < dist[other] and new_ms <= furthest:
                    dist[other] = new_ms
                    length_m[other] = length_m[state] + arc_length_m[arc]
                    at = min(new_ms >> SHIFT, now + _MASK) & _MASK
                    pool[slots] = (ring[at] << _HIGH) | np.int64(other)
                    ring[at] = slots
                    slots += 1
                    waiting += 1
    _tidy(dist, pool, slots, head, entry_state)
