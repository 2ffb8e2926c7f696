"""From searched times to a ranked answer: road answers, marked estimates behind, and those a person must judge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.fleet import Fleet
from geo.routing.anchor_kernels import perhaps_lost
from geo.routing.anchors import Entries, Placed, direct
from geo.routing.carriageways import slower
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
        turn_round_s: of a vehicle known to drive the other way, where the road is not divided.
    """

    off_road_m: float = 2000.0
    walking_speed_mps: float = 1.2
    detour_factor: float = 1.4
    estimate_speed_mps: float = 11.0
    opposite_within_m: float = 60.0
    turn_round_s: float = 20.0

    @property
    def turn_round_ms(self) -> int:
        """The same in whole milliseconds, as times of edges are."""
        return round(self.turn_round_s * 1000.0)

    def guess(self, straight_m: float) -> tuple[float, float]:
        """Seconds, to the millisecond, and metres of a journey for which there is no road answer: an estimate."""
        guess_m = straight_m * self.detour_factor
        return round(guess_m / self.estimate_speed_mps, 3), guess_m


def rank(
    limits: Limits,
    ids: Sequence[str],
    fleet: Fleet,
    there: Sequence[tuple[Placed, Entries]],
    k: int,
    straight_m: NDArray[np.float64],
    reasons: Sequence[Reason],
    off_road_m: float,
    everybody: Found | None = None,
) -> list[Ranked]:
    """Rank origins for a target that is at one of `there`, each with the states at which it is reached.

    There are two on a divided road: the slower counts for each origin. Up to k road answers; behind them, up to k in
    all, those that reach only one of the two, then estimates; then every other origin of these two kinds that stands
    nearer in a straight line than the first choice (`pinned`). `everybody`: all that have a road answer,
    to both, where that is known without a search.
    """
    if not len(ids) or k < 1:
        return []
    wanted, weighted = min(k, len(ids)), fleet.weighted
    if everybody is not None:
        found = everybody
    elif len(there) > 1:
        found = slower_of_two(weighted, fleet.entries, fleet.placed, there[0], there[1], wanted)
    else:
        found = nearest(weighted, fleet.entries, fleet.placed, there[0][0], wanted, seeds=there[0][1])[0]
    lost = _without_road(weighted, fleet, there, found, wanted, straight_m)
    of_target = tuple(dict.fromkeys(reasons))

    def reasons_for(off_m: float, *more: Reason, shut: bool) -> tuple[Reason, ...]:
        if not (more or shut or off_m > limits.off_road_m):
            return of_target
        closed = (Reason.NEAREST_ROAD_CLOSED,) if shut else ()
        own = (Reason.OFF_ROAD_ORIGIN,) if off_m > limits.off_road_m else ()
        return tuple(dict.fromkeys((*of_target, *closed, *own, *more)))

    rows = found.rows
    columns = (rows, found.ms, found.m, fleet.off_road_m[rows], fleet.closed_nearer[rows], straight_m[rows])
    ranked = [
        Ranked(
            ids[who],
            Travel(Source.ROAD, ms / 1000.0, m, finite_m(off_m), off_road_m, reasons_for(off_m, shut=shut)),
            line_m,
        )
        for who, ms, m, off_m, shut, line_m in zip(*(column.tolist() for column in columns), strict=True)
    ]
    first_straight = straight_m[found.rows[0]] if len(found.rows) else -1.0
    side_ms, side_m = _to_one_side(weighted, fleet, there, lost)
    for who in sorted(lost.tolist(), key=lambda row: (side_ms[row], straight_m[row], row)):
        pinned = bool(straight_m[who] < first_straight)
        if len(ranked) >= k and not pinned:
            continue
        off_m, shut = float(fleet.off_road_m[who]), bool(fleet.closed_nearer[who])
        source, why = Source.ROAD, tuple(of_one_side(reasons_for(off_m, shut=shut)))
        time_s, length_m = side_ms[who] / 1000.0, float(side_m[who])
        if side_ms[who] >= NEVER:
            source, why = Source.ESTIMATE, reasons_for(off_m, Reason.UNREACHABLE, shut=shut)
            time_s, length_m = limits.guess(float(straight_m[who]))
        travel = Travel(source, float(time_s), length_m, finite_m(off_m), off_road_m, why)
        ranked.append(Ranked(ids[who], travel, float(straight_m[who]), pinned))
    return ranked


def finite_m(distance_m: float) -> float:
    """A distance from the road; −1 where no road is open at all."""
    return float(distance_m) if math.isfinite(distance_m) else -1.0


def of_one_side(reasons: Sequence[Reason]) -> list[Reason]:
    """What is to be known of an answer where only one of two carriageways is reached, the direction not being told."""
    return [Reason.ONE_SIDE if reason is Reason.DIRECTION_UNKNOWN else reason for reason in reasons]


def _to_one_side(
    weighted: Weighted, fleet: Fleet, there: Sequence[tuple[Placed, Entries]], lost: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """[origins] time and length to the only carriageway that is reached; NEVER for any that is not in `lost`."""
    ms, m = np.full(len(fleet.lat), NEVER, dtype=np.int64), np.zeros(len(fleet.lat))
    if len(there) > 1 and len(lost):
        all_ms, all_m, _ = slower([times_to(weighted, fleet.entries, fleet.placed, placed) for placed, _ in there])
        ms[lost], m[lost] = all_ms[lost], all_m[lost]
    return ms, m


def _without_road(
    weighted: Weighted,
    fleet: Fleet,
    there: Sequence[tuple[Placed, Entries]],
    found: Found,
    k: int,
    straight_m: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Origins that have no road answer, as far as the answer shows them.

    The search stops at the k-th answer, so of the others it knows nothing. Those that could be pinned are looked up:
    first by way of the network's hub, and only if that says nothing by a search.
    """
    if len(found.rows) < k:  # the search was exhausted
        rest = np.ones(len(straight_m), dtype=bool)
        rest[found.rows] = False
        return np.flatnonzero(rest)
    inwards, outwards = weighted.hub
    if not all(outwards[seeds.state].any() for _, seeds in there):
        inwards = np.zeros_like(inwards)
    entries = fleet.entries
    within_m = float(straight_m[found.rows[0]])
    suspects: NDArray[np.int64] = perhaps_lost(straight_m, within_m, found.rows, entries.owner, entries.state, inwards)
    if not len(suspects):
        return suspects
    lost = np.zeros(len(straight_m), dtype=bool)
    for placed, seeds in there:
        lost |= _in_another_part(weighted, fleet, placed, seeds)
        if not lost[suspects].all():
            lost |= times_to(weighted, entries, fleet.placed, placed)[0] >= NEVER
    return suspects[lost[suspects]]


def _in_another_part(weighted: Weighted, fleet: Fleet, placed: Placed, seeds: Entries) -> NDArray[np.bool_]:
    """[origins] whether an origin is in no part of the network that the target is in, so that there can be no road."""
    entries = fleet.entries
    together = np.isin(weighted.parts[entries.state], weighted.parts[seeds.state])
    apart = direct(weighted, fleet.placed, placed).ms >= NEVER
    apart[entries.owner[together]] = False
    return apart
