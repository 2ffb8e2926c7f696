"""Vehicles under way: where they come, where they stand still, and where they leave the way they were to take. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from dispatch.clinical.states import AlarmPriority
from dispatch.telemetry.detection.rules import Sign
from dispatch.telemetry.detection.rules_departures import LEAVES_M, Departure, is_good
from dispatch.telemetry.detection.rules_latch import Latch, Turn
from dispatch.telemetry.detection.states import AT_HOSPITAL, AT_SCENE, DEPARTED, OFF_ROUTE, STOPPED, Goal
from geo.matching.states import Match
from geo.points import METRES_PER_DEGREE, GeoPoint, haversine_m

SLOW_MPS: Final = 3.0
"""Who goes faster passes by."""
ARRIVES_S: Final = 5.0
LEAVES_S: Final = 30.0
ON_THE_SPOT_M: Final = 40.0
"""Positions of a vehicle that stands still wander by less."""
OFF_ROUTE_S: Final = 20.0
BACK_S: Final = 60.0
_ARRIVED: Final = {Goal.SCENE: AT_SCENE, Goal.HOSPITAL: AT_HOSPITAL}


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched of a vehicle on an assignment; see `tables.Watch`. under_way: it drives, by its status.

    set_at: when it was ordered there; None: its departure is not looked for. told_there: by its status it is there,
    which may have been told too early: its arrival is measured all the same.
    """

    id: UUID
    unit_id: UUID
    assignment_id: UUID
    incident_id: UUID
    goal: Goal
    point: GeoPoint
    radius_m: float
    off_route_m: float | None
    stopped_s: float | None
    under_way: bool = True
    told_there: bool = False
    set_at: datetime | None = None


class Way:
    """The way that a vehicle is expected to take: lon, lat in degrees, [points, 2], at least two; its edges."""

    def __init__(self, line: NDArray[np.float64], edges: Collection[int] = ()) -> None:
        self.edges = frozenset(edges)
        self._origin = line[0].copy()
        self._scale = np.array([METRES_PER_DEGREE * np.cos(np.radians(line[0, 1])), METRES_PER_DEGREE])
        flat = (line - self._origin) * self._scale
        self._from, self._step = flat[:-1], np.diff(flat, axis=0)
        self._square = np.maximum(np.einsum("ij,ij->i", self._step, self._step), 1e-9)
        self._begins = np.concatenate([[0.0], np.cumsum(np.sqrt(self._square))])

    def away_m(self, lat: float, lon: float) -> float:
        """How far a place is from it, metres."""
        return self.nearest(lat, lon)[0]

    def nearest(self, lat: float, lon: float) -> tuple[float, float]:
        """How far a place is from it, and how far along it the nearest point of it lies, metres."""
        here = (np.array([lon, lat]) - self._origin) * self._scale - self._from
        share = np.clip(np.einsum("ij,ij->i", here, self._step) / self._square, 0.0, 1.0)
        squares = np.sum((here - share[:, None] * self._step) ** 2, axis=1)
        at = int(np.argmin(squares))
        return float(np.sqrt(squares[at])), float(self._begins[at] + share[at] * np.sqrt(self._square[at]))


class WatchRules:
    """Follows one vehicle to one goal. Positions come in the order of their times.

    way: expected from here on; None: not known yet, or not looked at. wants_way: one is to be asked of the roads.
    """

    _roads: object = None
    _back_m = 0.0
    _last: tuple[float, float, float] | None = None

    def __init__(
        self, watched: Watched, running: frozenset[str] = frozenset(), known: frozenset[str] = frozenset()
    ) -> None:
        """running: the codes of what goes on already; known: of all that was found on this assignment."""
        self.watched = watched
        leaves = watched.goal is Goal.SCENE and watched.set_at is not None and DEPARTED not in known
        self.departure = Departure(watched.set_at) if leaves and watched.set_at is not None else None
        self.wants_track = self.departure is not None
        self._came = _ARRIVED[watched.goal] in known
        self.way: Way | None = None
        self.wants_way = watched.off_route_m is not None
        self.place: GeoPoint | None = None
        self._anchor: tuple[datetime, float, float] | None = None
        self._latches = {code: Latch() for code in (_ARRIVED[watched.goal], STOPPED, OFF_ROUTE)}
        for code in running & self._latches.keys():
            self._latches[code].resume()

    @property
    def running(self) -> frozenset[str]:
        """The codes of what goes on."""
        return frozenset(code for code, latch in self._latches.items() if latch.running)

    def look_again(self, watched: Watched, at: datetime) -> list[Sign]:
        """Learn how the vehicle is doing; of one that is not under way any more what went on is over."""
        halted = self.watched.under_way and not watched.under_way
        self.watched = watched
        signs = [Sign(code, at, at, over=True) for code in sorted(self.running)] if halted else []
        self._latches |= {one.code: Latch() for one in signs}
        return signs

    def to(self, watched: Watched) -> WatchRules:
        """Return rules for another place of the same goal: what goes on does, and who has left has left."""
        rules = WatchRules(watched, self.running)
        rules.departure, rules.wants_track = self.departure, self.wants_track
        return rules

    def wants_way_on(self, roads: object) -> bool:
        """Whether a way is to be asked of these roads: none is known, or it was asked of others."""
        return self.wants_way or (self.way is not None and self._roads != roads)

    def expect(self, way: Way | None, roads: object = None) -> None:
        """Expect a way from here on, in place of the one before."""
        self.way, self.wants_way, self._roads = way, False, roads
        self._back_m, self._last = 0.0, None

    def see(
        self,
        at: datetime,
        lat: float,
        lon: float,
        speed_mps: float | None = None,
        accuracy_m: float | None = None,
        match: Match | None = None,
    ) -> list[Sign]:
        """Look at a position; what is found or over. match: where it is on the road, where that is sure."""
        self.place = GeoPoint(lat=lat, lon=lon)
        goal_m = haversine_m(lat, lon, self.watched.point.lat, self.watched.point.lon)
        left = self.leave(at, lat, lon, speed_mps, accuracy_m)
        known = (self._arrived(at, goal_m, speed_mps, accuracy_m), self._stopped(at, lat, lon, goal_m))
        strayed = self._strayed(at, lat, lon, goal_m, accuracy_m or 0.0, match)
        return [*left, *(one for one in (*known, strayed) if one is not None)]

    def leave(
        self, at: datetime, lat: float, lon: float, speed_mps: float | None, accuracy_m: float | None
    ) -> list[Sign]:
        """Look at a position, which may be one kept before, for the departure alone: found, it is over at once."""
        began = None if self.departure is None else self.departure.see(at, lat, lon, speed_mps, accuracy_m)
        if began is None:
            return []
        return [Sign(DEPARTED, at, began, None, speed_mps, LEAVES_M), Sign(DEPARTED, at, at, over=True)]

    def _arrived(self, at: datetime, goal_m: float, speed_mps: float | None, accuracy_m: float | None) -> Sign | None:
        radius_m, under_way = self.watched.radius_m, self.watched.under_way
        looked_for = under_way or (self.watched.told_there and not self._came)
        slow = speed_mps is None or speed_mps <= SLOW_MPS
        inside = goal_m <= radius_m and slow and looked_for and is_good(accuracy_m)
        code = _ARRIVED[self.watched.goal]
        away = goal_m > 1.5 * radius_m or not (under_way or self.watched.told_there)
        sign = self._sign(code, at, None, (inside, away), (ARRIVES_S, LEAVES_S), (goal_m, radius_m))
        self._came = self._came or sign is not None
        return sign

    def _stopped(self, at: datetime, lat: float, lon: float, goal_m: float) -> Sign | None:
        longest = self.watched.stopped_s
        if longest is None:
            return None
        anchor = self._anchor
        moved = anchor is None or haversine_m(lat, lon, anchor[1], anchor[2]) > ON_THE_SPOT_M
        if anchor is None or moved:
            anchor = self._anchor = (at, lat, lon)
        stood_s = (at - anchor[0]).total_seconds()
        inside = goal_m <= 1.5 * self.watched.radius_m or not self.watched.under_way
        holds = stood_s >= longest and not inside
        sign = self._sign(
            STOPPED, at, AlarmPriority.MEDIUM, (holds, moved or inside), (0.0, 0.0), (stood_s, longest), began=anchor[0]
        )  # fmt: skip
        if inside:
            self._anchor = None
        return sign

    def _strayed(
        self, at: datetime, lat: float, lon: float, goal_m: float, accuracy_m: float, match: Match | None
    ) -> Sign | None:
        limit = self.watched.off_route_m
        if limit is None or self.way is None:
            return None
        away_m, along_m = self.way.nearest(lat, lon)
        if match is not None and match.edge in self.way.edges:
            away_m = self._back_m = 0.0
        elif match is not None and self._last is not None:
            # On another road, beside the way it may be: on the other carriageway one drives away from the goal.
            moved_m = haversine_m(lat, lon, self._last[0], self._last[1])
            self._back_m = max(self._back_m + min(max(self._last[2] - along_m, -moved_m), moved_m), 0.0)
        self._last = (lat, lon, along_m)
        strayed_m = max(away_m - accuracy_m, self._back_m)
        holds = strayed_m > limit and goal_m > self.watched.radius_m and self.watched.under_way
        sign = self._sign(
            OFF_ROUTE, at, AlarmPriority.LOW, (holds, max(away_m, self._back_m) <= limit), (OFF_ROUTE_S, BACK_S),
            (max(away_m, self._back_m), limit),
        )  # fmt: skip
        if sign is not None and not sign.over:
            # The crew knows another way: from here on that one is expected.
            self.way, self.wants_way = None, True
        return sign

    def _sign(
        self,
        code: str,
        at: datetime,
        priority: AlarmPriority | None,
        so: tuple[bool, bool],
        seconds: tuple[float, float],
        value: tuple[float, float],
        *,
        began: datetime | None = None,
    ) -> Sign | None:
        """So: it holds, it is clear; seconds: that each must last; value: what was measured, and against what."""
        latch = self._latches[code]
        turn = latch.tell(at, holds=so[0], clear=so[1], holds_s=seconds[0], clears_s=seconds[1])
        if turn is None:
            return None
        if turn is Turn.OVER:
            return Sign(code, at, at, priority, over=True)
        return Sign(code, at, began or latch.since or at, priority, round(value[0], 1), value[1])
