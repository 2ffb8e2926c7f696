"""A way driven: a line of points with the seconds at which each is passed. Pure."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from geo.points import METRES_PER_DEGREE, GeoPoint
from geo.travel import Route

_GUESS_MPS: Final = 12.0
"""Where no road leads, or a road is left: so fast, in a straight line."""


@dataclass(frozen=True, slots=True)
class Path:
    """Points passed and when, in seconds from departure; both begin with the departure and never go back in time."""

    points: tuple[GeoPoint, ...]
    at_s: tuple[float, ...]

    @property
    def lasts_s(self) -> float:
        """From departure to arrival."""
        return self.at_s[-1]

    def place(self, after_s: float) -> Placed:
        """Return where the vehicle is so long after departure, how fast, and where it heads."""
        if after_s >= self.lasts_s:
            return Placed(self.points[-1], 0.0, self._heading(len(self.points) - 1))
        index = max(bisect_right(self.at_s, after_s), 1)
        begin, end = self.points[index - 1], self.points[index]
        lasts_s = self.at_s[index] - self.at_s[index - 1]
        share = min(max((after_s - self.at_s[index - 1]) / lasts_s, 0.0), 1.0) if lasts_s > 0.0 else 1.0
        point = GeoPoint(lat=begin.lat + (end.lat - begin.lat) * share, lon=begin.lon + (end.lon - begin.lon) * share)
        speed = begin.distance_m(end) / lasts_s if lasts_s > 0.0 else 0.0
        return Placed(point, speed, self._heading(index))

    def _heading(self, index: int) -> float | None:
        if index < 1:
            return None
        return self.points[index - 1].bearing_deg(self.points[index])


@dataclass(frozen=True, slots=True)
class Placed:
    """A moment of a drive: WGS-84, m/s, degrees clockwise from north."""

    point: GeoPoint
    speed_mps: float
    heading_deg: float | None


def straight(origin: GeoPoint, target: GeoPoint) -> Path:
    """Return the way where no road leads."""
    if origin == target:
        return Path((origin,), (0.0,))
    return Path((origin, target), (0.0, max(origin.distance_m(target) / _GUESS_MPS, 1.0)))


def path_of(route: Route, origin: GeoPoint, target: GeoPoint) -> Path:
    """Return a route as a path; each street's time is shared out among its points by their distances."""
    if route.travel.eta_s is None or len(route.line) < 2:
        return straight(origin, target)
    points = [GeoPoint(lat=float(lat), lon=float(lon)) for lon, lat in route.line]
    paces = [(step.begins_at, step.time_s) for step in route.steps]
    return timed(points, paces, route.travel.eta_s)


def timed(points: Sequence[GeoPoint], streets: Sequence[tuple[int, float]], eta_s: float) -> Path:
    """Give each point its second. streets: where each begins among the points, and how long it takes."""
    metres = [_metres(a, b) for a, b in pairwise(points)]
    told: dict[int, float] = dict.fromkeys((0, len(metres)), 0.0)
    for begins_at, time_s in streets:
        place = min(max(begins_at, 0), len(metres))
        told[place] = told.get(place, 0.0) + time_s
    at_s = [0.0]
    for begin, end in pairwise(sorted(told)):
        length = sum(metres[begin:end])
        for one in metres[begin:end]:
            share = one / length if length > 0.0 else 1.0 / (end - begin)
            at_s.append(at_s[-1] + told[begin] * share)
    if at_s[-1] <= 0.0:
        return Path(tuple(points), _even(metres, eta_s))
    # What streets do not tell (the walk to a door) is spread over the whole way.
    return Path(tuple(points), tuple(second * eta_s / at_s[-1] for second in at_s))


def _even(metres: Sequence[float], eta_s: float) -> tuple[float, ...]:
    whole = sum(metres) or 1.0
    return tuple(eta_s * gone / whole for gone in accumulate(metres, initial=0.0))


def _metres(a: GeoPoint, b: GeoPoint) -> float:
    # Flat is exact enough between two points of one street, and many times quicker.
    east = (b.lon - a.lon) * math.cos(math.radians(a.lat))
    return math.hypot(east, b.lat - a.lat) * METRES_PER_DEGREE
