"""One ranking out of several: vehicles of different sizes are asked apart, as the roads open to them differ."""

from __future__ import annotations

import math
from collections.abc import Iterable

from msgspec.structs import replace

from geo.travel import Ranked, Source


def merged(rankings: Iterable[tuple[Ranked, ...]], k: int) -> tuple[Ranked, ...]:
    """Return one ranking by the rules of `geo.travel.Nearest`: k roads by time, estimates behind, pinned ones marked.

    Ties keep the order of the ids, which are row numbers.
    """
    everyone = [item for ranking in rankings for item in ranking]
    roads = sorted((item for item in everyone if item.travel.source is Source.ROAD), key=_by_time)[:k]
    first_straight_m = roads[0].straight_m if roads else -1.0
    result = list(roads)
    guesses = sorted((item for item in everyone if item.travel.source is not Source.ROAD), key=_by_line)
    for item in guesses:
        pinned = item.straight_m < first_straight_m
        if len(result) < k or pinned:
            result.append(replace(item, pinned=pinned))
    return tuple(result)


def _by_time(item: Ranked) -> tuple[float, int]:
    eta_s = item.travel.eta_s
    return math.inf if eta_s is None else eta_s, int(item.id)


def _by_line(item: Ranked) -> tuple[float, int]:
    return item.straight_m, int(item.id)
