"""A binary heap of whole numbers in an array, inlined into the searches. `size` is kept by the caller."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

NEVER = np.int32(2**31 - 1)
"""No time: further than any search looks."""
STATE_BITS = 32
STATE_MASK = np.int64(2**32 - 1)
"""An item is (time in ms << 32) | state, so the heap's order is the order of times."""

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


@njit(cache=True, nogil=True, inline="always")
def push(heap: Longs, size: int, item: int) -> int:
    """Put an item in; returns the new size."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[above] <= item:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = item
    return size + 1


@njit(cache=True, nogil=True, inline="always")
def drop_top(heap: Longs, size: int) -> int:
    """Take the least item out; returns the new size."""
    size -= 1
    item = heap[size]
    at = 0
    below = 1
    while below < size:
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= item:
            break
        heap[at] = heap[below]
        at = below
        below = 2 * at + 1
    heap[at] = item
    return size
