"""Searches asked in terms of places: kernels with their scratch, parents followed to edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.routing.anchors import Direct, Entries, Placed, direct, targets
from geo.routing.heap_kernels import NEVER
from geo.routing.kernels import nearest_k, tidy, times_to_all
from geo.routing.reach_kernels import reach
from geo.routing.weighted import Side, Weighted, scratch_for


@dataclass(frozen=True, slots=True)
class Path:
    """Edges of one journey. The first and last may be driven in part; `ms` and `m` are of the whole journey."""

    edges: tuple[int, ...]
    ms: int
    m: float


def _only(entries: Entries, row: int) -> Entries:
    mine = entries.owner == row
    return Entries(entries.state[mine], entries.ms[mine], entries.m[mine], entries.owner[mine], entries.edge[mine])


def nearest(
    weighted: Weighted, entries: Entries, origin: Placed, target: Placed, k: int
) -> tuple[NDArray[np.int32], list[Path]]:
    """The k origins nearest to a target (the first row of `target`), in order, each with its path."""
    seeds = targets(weighted, target)
    known = direct(weighted, origin, target, 0, int(NEVER))
    best_ms = known.ms.copy()
    side, scratch = weighted.towards, scratch_for(weighted)
    best_entry = np.empty(len(best_ms), dtype=np.int32)
    chosen, used = nearest_k(
        side.first,
        side.arcs,
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
    paths = [
        _path(side, scratch.parent, seeds, entries, known, who, int(best_entry[who]), int(best_ms[who]))
        for who in chosen.tolist()
    ]
    tidy(scratch.dist, scratch.touched, used, scratch.head, entries.state)
    return chosen, paths


def _path(
    side: Side,
    parent: NDArray[np.int32],
    seeds: Entries,
    entries: Entries,
    known: Direct,
    origin: int,
    entry: int,
    ms: int,
) -> Path:
    if entry < 0:
        edge = int(known.edge[origin])
        return Path((edge,) if edge >= 0 else (), ms, float(known.m[origin]))
    edges: list[int] = []
    length = float(entries.m[entry])
    if entries.edge[entry] >= 0:
        edges.append(int(entries.edge[entry]))
    step = int(parent[entries.state[entry]])
    while step >= 0:
        edges.append(int(side.edge[step]))
        length += float(side.length_m[step])
        step = int(parent[side.origin[step]])
    seed = -2 - step
    length += float(seeds.m[seed])
    if seeds.edge[seed] >= 0:
        edges.append(int(seeds.edge[seed]))
    return Path(tuple(edges), ms, length)


def times_to(
    weighted: Weighted, entries: Entries, origin: Placed, target: Placed, row: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Times (NEVER = unreachable) and lengths from every origin to one target."""
    known = direct(weighted, origin, target, row, int(NEVER))
    best_ms, best_m = known.ms.copy(), known.m.copy()
    seeds = _only(targets(weighted, target), row)
    side, scratch = weighted.towards, scratch_for(weighted)
    used = times_to_all(
        side.first,
        side.arcs,
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
    tidy(scratch.dist, scratch.touched, used, scratch.head, entries.state)
    return best_ms, best_m


def reached(weighted: Weighted, start: Entries, limit_ms: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """States within a time of the places, and the times."""
    side, scratch = weighted.onwards, scratch_for(weighted)
    used = reach(side.first, side.arcs, start.state, start.ms, limit_ms, scratch.dist, scratch.heap, scratch.touched)
    states = scratch.touched[:used].copy()
    times = scratch.dist[states].astype(np.int64)
    tidy(scratch.dist, scratch.touched, used, scratch.head, np.zeros(0, dtype=np.int32))
    return states, times
