"""Compiled searches without a goal: all that lies within a time, and all that can be reached at all.

Graphs and scratch arrays are as in `geo.routing.kernels`.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.routing.heap_kernels import NEVER, STATE_BITS, STATE_MASK, Ints, Longs, drop_top, push


@njit(cache=True, nogil=True)
def reach(
    first: Ints,
    arcs: NDArray[np.int32],
    seed_state: Ints,
    seed_ms: Longs,
    limit_ms: int,
    dist: Ints,
    heap: Longs,
    touched: Ints,
) -> int:
    """Every state within a time of the seeds; returns how many states were touched (`dist` of each is final)."""
    size = 0
    used = 0
    for seed in range(len(seed_state)):
        state = seed_state[seed]
        if seed_ms[seed] <= limit_ms and seed_ms[seed] < dist[state]:
            if dist[state] == NEVER:
                touched[used] = state
                used += 1
            dist[state] = seed_ms[seed]
            size = push(heap, size, (seed_ms[seed] << STATE_BITS) | state)
    while size > 0:
        top = heap[0]
        size = drop_top(heap, size)
        time_ms = top >> STATE_BITS
        state = np.int32(top & STATE_MASK)
        if time_ms > dist[state]:
            continue
        for arc in range(first[state], first[state + 1]):
            other = arcs[arc, 0]
            new_ms = time_ms + arcs[arc, 1]
            if new_ms <= limit_ms and new_ms < dist[other]:
                if dist[other] == NEVER:
                    touched[used] = other
                    used += 1
                dist[other] = new_ms
                size = push(heap, size, (new_ms << STATE_BITS) | other)
    return used


@njit(cache=True, nogil=True)
def flood(first: Ints, arcs: NDArray[np.int32], start: int, mark: NDArray[np.uint8], bit: int, stack: Ints) -> int:
    """Set `bit` on every state that arcs lead to from `start`; returns how many there are."""
    stack[0] = start
    mark[start] |= bit
    size = 1
    count = 1
    while size > 0:
        size -= 1
        state = stack[size]
        for arc in range(first[state], first[state + 1]):
            other = arcs[arc, 0]
            if not mark[other] & bit:
                mark[other] |= bit
                stack[size] = other
                size += 1
                count += 1
    return count


@njit(cache=True, nogil=True)
def parts_of(states: int, tail: Ints, head: Ints) -> Ints:
    """For each state the least state that it hangs together with by arcs in whatever direction."""
    part = np.arange(states, dtype=np.int32)
    for arc in range(len(tail)):
        one = tail[arc]
        while part[one] != one:
            part[one] = part[part[one]]
            one = part[one]
        two = head[arc]
        while part[two] != two:
            part[two] = part[part[two]]
            two = part[two]
        if one < two:
            part[two] = one
        else:
            part[one] = two
    for state in range(states):  # what stands for a state is less than it, and settled before
        part[state] = part[part[state]]
    return part
