"""From searched times to a ranked answer: road answers, marked estimates behind, and those a person must judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.fleet import Fleet
from geo.routing.anchors import Entries, Placed, targets
from geo.routing.heap_kernels import NEVER
from geo.routing.search import Found, nearest, slower_of_two, times_to
from geo.routing.weighted import Weighted
from geo.travel import Ranked, Reason, Source, Travel


@dataclass(frozen=True, slots=True)
class Limits:
    """What the engine assumes beside the roads. Defaults proposed by the project.

    Args:
        off_road_m: a place further than this from any road is off road; the remainder is walked.
        walking_speed_mps: speed of that remainder.
        detour_factor: road length over straight length, for estimates.
        estimate_speed_mps: speed of an estimate, kept low so that it never flatters.
        opposite_within_m: how far apart the carriageways of a divided road are at most.
    """

    off_road_m: float = 2000.0
    walking_speed_mps: float = 1.2
    detour_factor: float = 1.4
    estimate_speed_mps: float = 11.0
    opposite_within_m: float = 60.0


def rank(
    limits: Limits,
    weighted: Weighted,
    ids: Sequence[str],
    fleet: Fleet,
    placed: list[Placed],
    k: int,
    straight_m: NDArray[np.float64],
    reasons: list[Reason],
    off_road_m: float,
) -> list[Ranked]:
    """Rank origins for a target that is at one of `placed` (two on a divided road: the slower counts for each origin).

    Up to k road answers, then estimates up to k in all, then every other origin without a road answer that stands
    nearer in a straight line than the first choice (`pinned`).
    """
    if not len(ids) or k < 1:
        return []
    seeds = [targets(weighted, choice) for choice in placed]
    if len(placed) > 1:
        one, two = placed
        pair = (seeds[0], seeds[1])
        found = slower_of_two(weighted, fleet.entries, fleet.placed, (one, two), pair, min(k, len(ids)))
    else:
        found = nearest(weighted, fleet.entries, fleet.placed, placed[0], min(k, len(ids)), seeds=seeds[0])[0]
    lost = _without_road(weighted, fleet, placed, seeds, found, min(k, len(ids)), straight_m)

    def reasons_for(who: int, *more: Reason) -> tuple[Reason, ...]:
        far = fleet.off_road_m[who] > limits.off_road_m
        own = (Reason.OFF_ROAD_ORIGIN,) if far else ()
        shut = (Reason.NEAREST_ROAD_CLOSED,) if fleet.closed_nearer[who] else ()
        return tuple(dict.fromkeys((*reasons, *shut, *own, *more)))

    ranked = [
        Ranked(
            ids[who],
            Travel(Source.ROAD, ms / 1000.0, m, finite_m(fleet.off_road_m[who]), off_road_m, reasons_for(who)),
            float(straight_m[who]),
        )
        for who, ms, m in zip(found.rows.tolist(), found.ms.tolist(), found.m.tolist(), strict=True)
    ]
    first_straight = straight_m[found.rows[0]] if len(found.rows) else -1.0
    for who in sorted(lost.tolist(), key=lambda row: (straight_m[row], row)):
        pinned = bool(straight_m[who] < first_straight)
        if len(ranked) >= k and not pinned:
            break
        guess_m = float(straight_m[who]) * limits.detour_factor
        guess = Travel(
            Source.ESTIMATE,
            round(guess_m / limits.estimate_speed_mps, 3),
            guess_m,
            finite_m(fleet.off_road_m[who]),
            off_road_m,
            reasons_for(who, Reason.UNREACHABLE),
        )
        ranked.append(Ranked(ids[who], guess, float(straight_m[who]), pinned))
    return ranked


def finite_m(distance_m: float) -> float:
    """A distance from the road; −1 where no road is open at all."""
    return float(distance_m) if np.isfinite(distance_m) else -1.0


def _without_road(
    weighted: Weighted,
    fleet: Fleet,
    placed: list[Placed],
    seeds: list[Entries],
    found: Found,
    k: int,
    straight_m: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Origins that have no road answer, as far as the answer shows them.

    The search stops at the k-th answer, so of the others it knows nothing. Those that could be pinned are looked up:
    first by way of the network's hub, and only if that says nothing by a search.
    """
    rest = np.ones(len(straight_m), dtype=bool)
    rest[found.rows] = False
    if len(found.rows) < k:
        return np.flatnonzero(rest)  # the search was exhausted
    suspects = np.flatnonzero(rest & (straight_m < straight_m[found.rows[0]]))
    if not len(suspects):
        return suspects
    inwards, outwards = weighted.hub
    if all(outwards[seed.state].any() for seed in seeds):
        joined = np.zeros(len(straight_m), dtype=bool)
        joined[fleet.entries.owner[inwards[fleet.entries.state]]] = True
        suspects = suspects[~joined[suspects]]
        if not len(suspects):
            return suspects
    lost = np.zeros(len(straight_m), dtype=bool)
    for choice in placed:
        lost |= times_to(weighted, fleet.entries, fleet.placed, choice)[0] >= NEVER
    return suspects[lost[suspects]]
