"""Travel times as `dispatch/` and `api/` see them: the questions, the answers, and the one protocol between.

Every answer says how it was obtained. `unreachable` is an answer; a failed search is never 0 seconds, and a straight
line never passes for a road.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon

from geo.network.attributes import StreetName
from geo.points import GeoPoint
from geo.speeds import EMERGENCY, Profile


class Source(StrEnum):
    """How a travel time was obtained."""

    ROAD = "road"
    ESTIMATE = "estimate"
    """Straight line × detour factor: no road answer could be had. Ranks behind every road answer."""
    UNREACHABLE = "unreachable"
    """No road leads there, and no estimate was asked for."""


class Reason(StrEnum):
    """What a reader must know about an answer; stable codes, several may hold."""

    OFF_ROAD_ORIGIN = "off_road_origin"
    """The origin is further from any road than the limit; the remainder is walked."""
    OFF_ROAD_TARGET = "off_road_target"
    DIRECTION_UNKNOWN = "direction_unknown_slower_of_two"
    """The target is on a divided road and the direction was not told: this is the slower carriageway."""
    ONE_SIDE = "other_carriageway_unreachable"
    """The same, but only one of the two carriageways can be reached: this is the time to that one."""
    NEAREST_ROAD_CLOSED = "nearest_road_closed"
    """The road nearest to the place is closed; measured to the nearest open one, and the rest is walked."""
    UNREACHABLE = "unreachable_by_road"


class Origin(msgspec.Struct, frozen=True, gc=False):
    """A vehicle, or any place a journey begins."""

    id: str
    point: GeoPoint


@dataclass(frozen=True, slots=True)
class Question:
    """How a journey is driven.

    Args:
        profile: emergency or ordinary, with the vehicle's own height, width and weight.
        at: departure, aware; None is free flow. Closures are those that hold at `closures_at`.
        closures_at: aware; None means no closure counts.
        towards: on a divided road, a place that the wanted carriageway leads to; None = not told.
    """

    profile: Profile = EMERGENCY
    at: datetime | None = None
    closures_at: datetime | None = None
    towards: GeoPoint | None = None


class Travel(msgspec.Struct, frozen=True, gc=False):
    """One journey's time and length.

    `eta_s` is exact to the millisecond; it and `distance_m` are None when unreachable. `off_road_*_m` is the straight
    distance between the place and the road it was put on.
    """

    source: Source
    eta_s: float | None
    distance_m: float | None
    off_road_origin_m: float = 0.0
    off_road_target_m: float = 0.0
    reasons: tuple[Reason, ...] = ()


class Ranked(msgspec.Struct, frozen=True, gc=False):
    """One origin's place in an answer to `nearest`.

    `pinned`: it has no road answer, or one to a single carriageway only, but stands nearer in a straight line than the
    first choice: a person must judge.
    """

    id: str
    travel: Travel
    straight_m: float
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Nearest:
    """Road answers in order of time (ties: order of the origins), estimates after them, pinned ones last.

    On a divided road, those that reach only one carriageway stand between: behind all that reach both.
    `network_version` and `overlay_version` say on which roads it was computed.
    """

    ranked: tuple[Ranked, ...]
    network_version: str = ""
    overlay_version: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Times and lengths, [origins, targets]; −1 marks unreachable in `time_ms`, NaN in `distance_m`.

    `one_side` marks times to the only carriageway of a divided road that can be reached.
    """

    time_ms: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    off_road_origin_m: NDArray[np.float64]
    off_road_target_m: NDArray[np.float64]
    one_side: NDArray[np.bool_]


class Turn(StrEnum):
    """What to do where one street goes over into the next."""

    DEPART = "depart"
    STRAIGHT = "straight"
    SLIGHT_LEFT = "slight_left"
    LEFT = "left"
    SHARP_LEFT = "sharp_left"
    U_TURN = "u_turn"
    SHARP_RIGHT = "sharp_right"
    RIGHT = "right"
    SLIGHT_RIGHT = "slight_right"
    ARRIVE = "arrive"


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch on one street: the turn into it, its names, length and time, and where it begins in the geometry."""

    turn: Turn
    street: StreetName
    length_m: float
    time_s: float
    begins_at: int


@dataclass(frozen=True, slots=True)
class Route:
    """A path: `line` is [points, 2] of lon, lat in WGS-84 degrees; empty when `travel` is unreachable."""

    travel: Travel
    line: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    steps: tuple[Step, ...] = ()
    edges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Isochrone:
    """The area that can be reached within a time."""

    limit_s: float
    area: MultiPolygon
    reached_road_m: float


class TravelTimes(Protocol):
    """What dispatching asks of the roads; fakes of it pass the same contract tests."""

    def nearest(self, target: GeoPoint, origins: Sequence[Origin], k: int, question: Question) -> Nearest:
        """The k origins from which the target is reached soonest, estimates and pinned ones behind."""
        ...

    def matrix(self, origins: Sequence[GeoPoint], targets: Sequence[GeoPoint], question: Question) -> Matrix:
        """Times and lengths from every origin to every target."""
        ...

    def route(self, origin: GeoPoint, target: GeoPoint, question: Question) -> Route:
        """The quickest way, with geometry, streets and turns."""
        ...

    def isochrone(self, origin: GeoPoint, limits_s: Sequence[float], question: Question) -> list[Isochrone]:
        """Areas reachable from a place within each limit, smallest first."""
        ...
