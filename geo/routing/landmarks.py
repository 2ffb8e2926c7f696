"""The quickest way between two places, led by landmarks: the same times as `geo.routing.search`, far less searched."""

from __future__ import annotations

import threading
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from geo.routing.anchors import Entries, Placed, direct, targets
from geo.routing.heap_kernels import NEVER
from geo.routing.kernels import tidy
from geo.routing.landmark_kernels import quickest, spread
from geo.routing.search import Path, nearest
from geo.routing.trail_kernels import trail_edges, trail_lengths
from geo.routing.weighted import Weighted, scratch_for

_LANDMARKS: Final = 8
_MOST_STATES: Final = 4_000_000
"""Beyond this the tables (64 bytes a state) are not made, and the search is led by nothing."""
_KEPT: Final = 4


class Landmarks:
    """Times from and to a few far-apart states, made under some weights and valid under all that are nowhere less.

    `table` [M, 16]: whole milliseconds from each landmark, then back to each; NEVER where there is no way.
    """

    def __init__(self, weighted: Weighted) -> None:
        self.ms = weighted.ms
        count = weighted.topology.state_count
        core = np.flatnonzero(weighted.core)
        if not len(core) or count > _MOST_STATES:
            self.table = np.zeros((count, 0), dtype=np.int32)
            return
        self.table = np.full((count, 2 * _LANDMARKS), NEVER, dtype=np.int32)
        out = np.empty(count, dtype=np.int32)
        heap = np.empty(len(weighted.topology.edge) + count + 4096, dtype=np.int64)
        # Each landmark is the core's state furthest from those before it; the first is far from an arbitrary one.
        spread(weighted.onwards.first, weighted.onwards.arcs, int(core[0]), out, heap)
        state = int(core[np.argmax(out[core])])
        furthest = np.full(len(core), NEVER, dtype=np.int32)
        for column in range(_LANDMARKS):
            spread(weighted.onwards.first, weighted.onwards.arcs, state, out, heap)
            self.table[:, column] = out
            np.minimum(furthest, out[core], out=furthest)
            spread(weighted.towards.first, weighted.towards.arcs, state, out, heap)
            self.table[:, _LANDMARKS + column] = out
            np.minimum(furthest, out[core], out=furthest)
            state = int(core[np.argmax(furthest)])

    def lead(self, weighted: Weighted) -> bool:
        """Whether the tables bound times under other weights of the same graph: none of them is less."""
        return self.ms is weighted.ms or bool((weighted.ms >= self.ms).all())


class Guides:
    """Landmarks by graph, made when first needed and used for as long as they bound."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[int, list[Landmarks]] = {}
        self._chosen: WeakKeyDictionary[Weighted, Landmarks] = WeakKeyDictionary()

    def for_weights(self, weighted: Weighted) -> Landmarks:
        """Landmarks that hold under these weights."""
        with self._lock:
            found = self._chosen.get(weighted)
            if found is None:
                known = self._known.setdefault(id(weighted.topology), [])
                found = next((marks for marks in known if marks.lead(weighted)), None)
                if found is None:
                    found = Landmarks(weighted)
                    known.insert(0, found)
                    del known[_KEPT:]
                self._chosen[weighted] = found
            return found


def quickest_way(weighted: Weighted, entries: Entries, origin: Placed, target: Placed, marks: Landmarks) -> Path | None:
    """The quickest way from the one origin to the one target, None where there is none."""
    seeds = targets(weighted, target)
    known = direct(weighted, origin, target)
    known_ms = int(known.ms[0])
    if not len(seeds.state) or not len(entries.state):
        return Path(_driven(int(known.edge[0])), known_ms, float(known.m[0])) if known_ms < NEVER else None
    side, scratch = weighted.towards, scratch_for(weighted)
    ms, entry, used = quickest(
        side.first,
        side.arcs,
        marks.table,
        seeds.state,
        seeds.ms,
        entries.state,
        entries.ms,
        known_ms,
        scratch.dist,
        scratch.length_m,
        scratch.parent,
        scratch.heap,
        scratch.touched,
        scratch.head,
    )
    if used < 0:
        return nearest(weighted, entries, origin, target, 1, follow=True)[1]
    path: Path | None = None
    if entry >= 0:
        inner, seed = trail_edges(entries.state[entry], scratch.parent, side.origin, side.edge)
        length_m = trail_lengths(
            np.zeros(1, dtype=np.int32),
            np.array([entry], dtype=np.int32),
            known.m,
            entries.state,
            entries.m,
            scratch.parent,
            side.origin,
            side.length_m,
            seeds.m,
        )
        path = Path(_driven(int(entries.edge[entry]), *inner.tolist(), int(seeds.edge[seed])), ms, float(length_m[0]))
    elif ms < NEVER:
        path = Path(_driven(int(known.edge[0])), ms, float(known.m[0]))
    tidy(scratch.dist, scratch.touched, used, scratch.head, entries.state)
    return path


def _driven(*edges: int) -> tuple[int, ...]:
    """Without the places of edges that were not driven (−1)."""
    return tuple(edge for edge in edges if edge >= 0)
