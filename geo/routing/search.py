"""Searches asked in terms of places: kernels with their scratch, parents followed to edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.routing.anchors import Entries, Placed, direct, targets
from geo.routing.bucket_kernels import nearest_k, times_to_all
from geo.routing.heap_kernels import NEVER
from geo.routing.kernels import tidy
from geo.routing.pair_kernels import slower_k
from geo.routing.reach_kernels import reach
from geo.routing.trail_kernels import trail_edges, trail_lengths
from geo.routing.weighted import Weighted, scratch_for


@dataclass(frozen=True, slots=True)
class Path:
    """Edges of one journey. The first and last may be driven in part; `ms` and `m` are of the whole journey."""

    edges: tuple[int, ...]
    ms: int
    m: float


@dataclass(frozen=True, slots=True)
class Found:
    """Origins in order of their time to a target (ties: the lower row). Shapes: [found]."""

    rows: NDArray[np.int32]
    ms: NDArray[np.int64]
    m: NDArray[np.float64]


def nearest(
    weighted: Weighted,
    entries: Entries,
    origin: Placed,
    target: Placed,
    k: int,
    *,
    seeds: Entries | None = None,
    follow: bool = False,
) -> tuple[Found, Path | None]:
    """The k origins nearest to a target, and with `follow` the path of the first of them.

    `seeds` are the target's states where they are known already.
    """
    seeds = seeds or targets(weighted, target)
    known = direct(weighted, origin, target)
    best_ms = known.ms.copy()
    side, scratch = weighted.towards, scratch_for(weighted)
    best_entry = np.empty(len(best_ms), dtype=np.int32)
    chosen = nearest_k(
        side.first,
        side.marked,
        seeds.state,
        seeds.ms,
        entries.state,
        entries.ms,
        entries.owner,
        best_ms,
        best_entry,
        k,
        scratch.dist,
        scratch.parent,
        scratch.heap,
        scratch.touched,
        scratch.head,
    )
    lengths = trail_lengths(
        chosen, best_entry, known.m, entries.state, entries.m, scratch.parent, side.origin, side.length_m, seeds.m
    )
    path: Path | None = None
    if follow and len(chosen):
        first, entry = int(chosen[0]), int(best_entry[chosen[0]])
        if entry < 0:
            edges = [int(known.edge[first])]
        else:
            inner, seed = trail_edges(entries.state[entry], scratch.parent, side.origin, side.edge)
            edges = [int(entries.edge[entry]), *inner.tolist(), int(seeds.edge[seed])]
        path = Path(tuple(edge for edge in edges if edge >= 0), int(best_ms[first]), float(lengths[0]))
    return Found(chosen, best_ms[chosen], lengths), path


def slower_of_two(
    weighted: Weighted,
    entries: Entries,
    origin: Placed,
    first: tuple[Placed, Entries],
    second: tuple[Placed, Entries],
    k: int,
) -> Found:
    """The k origins best by the slower of their times to two targets, given with their states; lengths are of those."""
    placed = first[0], second[0]
    known = [direct(weighted, origin, choice) for choice in placed]
    best_ms, best_m = np.stack([one.ms for one in known]), np.stack([one.m for one in known])
    slower_ms = np.empty(best_ms.shape[1], dtype=np.int64)
    side, scratch = weighted.towards, scratch_for(weighted, 2)
    one, two = first[1], second[1]
    rows = slower_k(
        side.first,
        side.marked,
        side.length_m,
        np.concatenate([one.state, two.state + np.int32(weighted.topology.state_count)]),
        np.concatenate([one.ms, two.ms]),
        np.concatenate([one.m, two.m]),
        entries.state,
        entries.ms,
        entries.m,
        entries.owner,
        best_ms,
        best_m,
        slower_ms,
        k,
        scratch.dist,
        scratch.length_m,
        scratch.heap,
        scratch.head,
    )
    if len(rows) and rows[0] < 0:
        times = [times_to(weighted, entries, origin, choice) for choice in placed]
        best_ms, best_m = np.stack([ms for ms, _ in times]), np.stack([m for _, m in times])
        slower_ms = best_ms.max(axis=0)
        rows = np.argsort(slower_ms, kind="stable")[:k].astype(np.int32)
        rows = rows[slower_ms[rows] < NEVER]
    slower = np.where(best_ms[0, rows] >= best_ms[1, rows], best_m[0, rows], best_m[1, rows])
    return Found(rows, slower_ms[rows], slower)


def times_to(
    weighted: Weighted, entries: Entries, origin: Placed, target: Placed
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Times (NEVER = unreachable) and lengths from every origin to one target."""
    known = direct(weighted, origin, target)
    best_ms, best_m = known.ms.copy(), known.m.copy()
    if not len(best_ms):
        return best_ms, best_m
    seeds = targets(weighted, target)
    side, scratch = weighted.towards, scratch_for(weighted)
    times_to_all(
        side.first,
        side.marked,
        side.length_m,
        seeds.state,
        seeds.ms,
        seeds.m,
        entries.state,
        entries.ms,
        entries.m,
        entries.owner,
        best_ms,
        best_m,
        scratch.dist,
        scratch.length_m,
        scratch.heap,
        scratch.touched,
        scratch.head,
    )
    return best_ms, best_m


def reached(weighted: Weighted, start: Entries, limit_ms: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """States within a time of the places, and the times."""
    side, scratch = weighted.onwards, scratch_for(weighted)
    used = reach(side.first, side.arcs, start.state, start.ms, limit_ms, scratch.dist, scratch.heap, scratch.touched)
    states = scratch.touched[:used].copy()
    times = scratch.dist[states].astype(np.int64)
    tidy(scratch.dist, scratch.touched, used, scratch.head, np.zeros(0, dtype=np.int32))
    return states, times
