"""Travel times without a road: straight lines at one speed, for tests of what stands above the roads.

It passes the same contract tests as the road engine (`tests/geo/test_travel_contract.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from geo.network.attributes import StreetName
from geo.points import METRES_PER_DEGREE, GeoPoint
from geo.travel import (
    Isochrone,
    Matrix,
    Nearest,
    Origin,
    Question,
    Ranked,
    Reason,
    Route,
    Source,
    Step,
    Travel,
    Turn,
)


def _one_land(_: GeoPoint) -> int:
    return 0


class StraightTravelTimes:
    """`TravelTimes` as the crow flies. `land` tells which island a place is on; none is reached from another.

    `speed_mps` and `detour_factor` may be set at any time, as closures are on the real one.
    """

    def __init__(
        self, *, speed_mps: float = 15.0, detour_factor: float = 1.3, land: Callable[[GeoPoint], int] = _one_land
    ) -> None:
        self.speed_mps = speed_mps
        self.detour_factor = detour_factor
        self.land = land

    def _metres(self, origin: GeoPoint, target: GeoPoint) -> float:
        return origin.distance_m(target) * self.detour_factor

    def _ms(self, origin: GeoPoint, target: GeoPoint) -> int:
        """−1 = unreachable."""
        if self.land(origin) != self.land(target):
            return -1
        return round(self._metres(origin, target) / self.speed_mps * 1000.0)

    def _travel(self, origin: GeoPoint, target: GeoPoint) -> Travel:
        ms = self._ms(origin, target)
        if ms < 0:
            return Travel(Source.UNREACHABLE, None, None, reasons=(Reason.UNREACHABLE,))
        return Travel(Source.ROAD, ms / 1000.0, self._metres(origin, target))

    def nearest(self, target: GeoPoint, origins: Sequence[Origin], k: int, question: Question) -> Nearest:
        """See `TravelTimes.nearest`."""
        del question
        if k < 1:
            return Nearest(())
        times = [(self._ms(origin.point, target), row) for row, origin in enumerate(origins)]
        roads = sorted((ms, row) for ms, row in times if ms >= 0)[:k]
        ranked = [
            Ranked(origins[row].id, self._travel(origins[row].point, target), origins[row].point.distance_m(target))
            for _, row in roads
        ]
        first_m = ranked[0].straight_m if ranked else -1.0
        lost = sorted((origins[row].point.distance_m(target), row) for ms, row in times if ms < 0)
        for straight_m, row in lost:
            pinned = straight_m < first_m
            if len(ranked) < k or pinned:
                guess_m = self._metres(origins[row].point, target)
                guess = Travel(
                    Source.ESTIMATE, round(guess_m / self.speed_mps, 3), guess_m, reasons=(Reason.UNREACHABLE,)
                )
                ranked.append(Ranked(origins[row].id, guess, straight_m, pinned))
        return Nearest(tuple(ranked))

    def matrix(self, origins: Sequence[GeoPoint], targets: Sequence[GeoPoint], question: Question) -> Matrix:
        """See `TravelTimes.matrix`."""
        del question
        shape = (len(origins), len(targets))
        ms = np.array([[self._ms(a, b) for b in targets] for a in origins], dtype=np.int64).reshape(shape)
        metres = np.array([[self._metres(a, b) for b in targets] for a in origins], dtype=np.float64).reshape(shape)
        return Matrix(
            ms, np.where(ms < 0, np.nan, metres), np.zeros(shape[0]), np.zeros(shape[1]), np.zeros(shape, bool)
        )

    def route(self, origin: GeoPoint, target: GeoPoint, question: Question) -> Route:
        """See `TravelTimes.route`."""
        del question
        travel = self._travel(origin, target)
        if travel.eta_s is None or travel.distance_m is None:
            return Route(travel)
        line = np.array([[origin.lon, origin.lat], [target.lon, target.lat]])
        steps = (
            Step(Turn.DEPART, StreetName(), travel.distance_m, travel.eta_s, 0),
            Step(Turn.ARRIVE, StreetName(), 0.0, 0.0, 1),
        )
        return Route(travel, line, steps)

    def isochrone(self, origin: GeoPoint, limits_s: Sequence[float], question: Question) -> list[Isochrone]:
        """See `TravelTimes.isochrone`: circles."""
        del question
        shrink = float(np.cos(np.radians(origin.lat)))
        made = []
        for limit_s in sorted(limits_s):
            radius_m = limit_s * self.speed_mps / self.detour_factor
            circle = shapely.transform(
                shapely.Point(0.0, 0.0).buffer(radius_m),
                lambda xy: xy / (METRES_PER_DEGREE * shrink, METRES_PER_DEGREE) + (origin.lon, origin.lat),
            )
            made.append(Isochrone(limit_s, MultiPolygon([circle] if radius_m > 0.0 else []), radius_m))
        return made
