"""The compiled search alone, with seeds and entries prepared beforehand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geo.fleet import Fleet
from geo.points import GeoPoint
from geo.routing.anchors import Entries, Placed, targets
from geo.routing.heap_kernels import NEVER
from geo.routing.search import nearest, nearest_k, times_to
from geo.routing.weighted import Weighted, scratch_for
from geo.travel import Question
from tests.benchmarks.scene import Scene

Answer = list[tuple[int, int]]
"""(time in ms, row of the unit), in order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One target, a junction, so that every engine is asked the very same."""

    node: int
    point: GeoPoint
    placed: Placed
    seeds: Entries


def asked(scene: Scene, weighted: Weighted, question: Question, nodes: list[int]) -> list[Asked]:
    """Targets at junctions; one that closures have cut off from all roads is left out."""
    found = []
    for node in nodes:
        point = scene.network.node_point(node)
        placed, _, _ = scene.engine.targets(point, question)
        if len(placed) == 1 and int(placed[0].node[0]) == node:
            found.append(Asked(node, point, placed[0], targets(weighted, placed[0])))
    return found


def answer_of(weighted: Weighted, fleet: Fleet, one: Asked, k: int) -> Answer:
    """What the search answers, to be compared with others."""
    found, _ = nearest(weighted, fleet.entries, fleet.placed, one.placed, k)
    return list(zip(found.ms.tolist(), found.rows.tolist(), strict=True))


def answer_from(times_ms: dict[int, float], fleet: Fleet, k: int) -> Answer:
    """The same from a peer's times to junctions."""
    entries = fleet.entries
    best: dict[int, int] = {}
    for state, part, owner in zip(entries.state.tolist(), entries.ms.tolist(), entries.owner.tolist(), strict=True):
        if state in times_ms:
            total = int(times_ms[state]) + part
            best[owner] = min(best.get(owner, total), total)
    return sorted((total, owner) for owner, total in best.items())[:k]


def nearest_alone(weighted: Weighted, fleet: Fleet, k: int) -> Callable[[Asked], object]:
    """The search that `geo.routing.search` uses, the clearing up of its scratch included, nothing else."""
    side, scratch, entries = weighted.towards, scratch_for(weighted), fleet.entries
    best_ms = np.empty(len(fleet.lat), dtype=np.int64)
    best_entry = np.empty(len(fleet.lat), dtype=np.int32)

    def ask(one: Asked) -> None:
        best_ms[:] = NEVER
        nearest_k(
            side.first,
            side.marked,
            one.seeds.state,
            one.seeds.ms,
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

    return ask


def times_alone(weighted: Weighted, fleet: Fleet) -> Callable[[list[Asked]], object]:
    """All times to each of some targets, without snapping."""
    return lambda several: [times_to(weighted, fleet.entries, fleet.placed, one.placed)[0] for one in several]
