"""The search towards two targets at once, of which the slower counts: the two carriageways of a divided road.

Both are searched side by side, as one graph of two layers, so neither goes further than the answer needs: the layer of
the second target holds state s at M + s. Buckets and scratch are those of `geo.routing.bucket_kernels`.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.routing.bucket_kernels import RING, SHIFT
from geo.routing.heap_kernels import NEVER, Floats, Ints, Longs
from geo.routing.kernels import _rank

_MASK = np.int64(RING - 1)
_LOW = np.int64(2**32 - 1)
_HIGH = 32
_NO_BOUND = np.int64(2**62)


@njit(cache=True, nogil=True)
def slower_k(
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
    best_ms: NDArray[np.int64],
    best_m: NDArray[np.float64],
    slower_ms: Longs,
    k: int,
    dist: Ints,
    length_m: Floats,
    pool: Longs,
    head: Ints,
) -> Ints:
    """The k origins whose slower time of two is least, in order (ties: the lower origin); fewer if fewer reach both.

    Seeds of the second target are given as states of its layer. `best_ms` and `best_m` [2, origins] hold what is known
    beforehand to each target and, for the origins returned, the times and lengths after; `slower_ms` [origins] gets the
    slower time, NEVER where one is not known. `dist` and `length_m` [2 M]; `head` [M]. Should `pool` not suffice, the
    answer is [-1] and nothing of it holds.
    """
    states = len(first) - 1
    following = np.empty(len(entry_state), dtype=np.int32)
    least = np.int64(NEVER)
    for entry in range(len(entry_state)):
        state = entry_state[entry]
        following[entry] = head[state]
        head[state] = entry
        least = min(least, entry_ms[entry])
    chosen = np.empty(min(k, len(slower_ms)), dtype=np.int32)
    count = 0
    for origin in range(len(slower_ms)):
        slower_ms[origin] = max(best_ms[0, origin], best_ms[1, origin])
        if slower_ms[origin] < NEVER:
            count = _rank(chosen, count, slower_ms, origin)
    bound = _NO_BOUND
    if count == len(chosen) and count > 0:
        bound = slower_ms[chosen[count - 1]]
    ring = np.full(RING, -1, dtype=np.int64)
    now = _NO_BOUND
    for seed in range(len(seed_state)):
        now = min(now, seed_ms[seed] >> SHIFT)
    slots = np.int64(0)
    waiting = 0
    short = False
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
    while waiting > 0 and not short:
        while ring[now & _MASK] < 0:
            now += 1
        if (now << SHIFT) + least > bound:
            break
        here = now & _MASK
        while ring[here] >= 0:
            slot = ring[here]
            ring[here] = pool[slot] >> _HIGH
            place = pool[slot] & _LOW
            time_ms = np.int64(dist[place])
            bucket = time_ms >> SHIFT
            if bucket > now:
                at = min(bucket, now + _MASK) & _MASK
                pool[slot] = (ring[at] << _HIGH) | place
                ring[at] = slot
                continue
            waiting -= 1
            if bucket < now:
                continue
            layer = 1 if place >= states else 0
            state = np.uint32(place - layer * states)
            entry = head[state]
            while entry >= 0:
                origin = entry_origin[entry]
                total = time_ms + entry_ms[entry]
                if total < best_ms[layer, origin]:
                    best_ms[layer, origin] = total
                    best_m[layer, origin] = length_m[place] + entry_m[entry]
                    both = max(total, best_ms[1 - layer, origin])
                    if both < slower_ms[origin]:
                        slower_ms[origin] = both
                        count = _rank(chosen, count, slower_ms, origin)
                        if count == len(chosen):
                            bound = slower_ms[chosen[count - 1]]
                entry = following[entry]
            furthest = bound - least
            low, high = np.uint32(first[state]), np.uint32(first[state + np.uint32(1)])
            if slots + np.int64(high) - np.int64(low) > len(pool):
                short = True
                break
            for arc in range(low, high):
                other = np.int64(arcs[arc, 0])
                step = np.int64(arcs[arc, 1])
                if step < 0:  # a dead end, as in `bucket_kernels`
                    if head[other] < 0:
                        continue
                    step = ~step
                new_ms = time_ms + step
                other += layer * states
                if new_ms < dist[other] and new_ms <= furthest:
                    dist[other] = new_ms
                    length_m[other] = length_m[place] + arc_length_m[arc]
                    at = min(new_ms >> SHIFT, now + _MASK) & _MASK
                    pool[slots] = (ring[at] << _HIGH) | other
                    ring[at] = slots
                    slots += 1
                    waiting += 1
    for slot in range(slots):
        dist[pool[slot] & _LOW] = NEVER
    for entry in range(len(entry_state)):
        head[entry_state[entry]] = -1
    if short:
        return np.full(1, -1, dtype=np.int32)
    return chosen[:count]
