"""What a closure may be. Pure: a draft goes in, a checked closure comes out, or `Invalid` with code `closure.*`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry import shape as shapely_shape
from shapely.geometry.base import BaseGeometry

from dispatch.kernel.errors import Invalid
from dispatch.kernel.texts import text_fault
from dispatch.roads.states import ClosureKind
from geo.errors import BadCoordinates
from geo.points import GeoPoint

MAX_ROADS: Final = 5_000
"""Ways or edges in one closure."""
MAX_VERTICES: Final = 10_000
MAX_RADIUS_M: Final = 100_000.0
MAX_POLYGON_TEXT: Final = 1_000_000
MAX_REASON: Final = 500
MAX_AUTHOR: Final = 200
LEAST_SPEED_FACTOR: Final = 0.01
"""Slower than a hundredth is closed; say so with 0."""
_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ClosureDraft:
    """What somebody asks for. Exactly one of `ways`, `edges`, `polygon`, `centre` names the roads.

    Args:
        reason: why, for those who meet the closure.
        author: who asks.
        speed_factor: 0 = closed; 0.01 ≤ factor < 1 = slowed to that share of the usual speed.
        active_from: aware; None = now.
        active_until: aware; None = until lifted.
        ways: OSM way ids.
        edges: edges of the network whose version is `network_version`.
        polygon: GeoJSON (object or text) or WKT of a Polygon or MultiPolygon in WGS-84 lon, lat.
        centre: the middle of a circle, with `radius_m` in metres.
    """

    reason: str
    author: str
    speed_factor: float = 0.0
    active_from: datetime | None = None
    active_until: datetime | None = None
    ways: tuple[int, ...] = ()
    edges: tuple[int, ...] = ()
    network_version: int | None = None
    polygon: Mapping[str, Any] | str | None = None
    centre: GeoPoint | None = None
    radius_m: float | None = None


@dataclass(frozen=True, slots=True)
class CheckedClosure:
    """A draft that is in order: times in UTC, texts trimmed, ids once each in order, the polygon as WKB."""

    kind: ClosureKind
    reason: str
    author: str
    speed_factor: float
    active_from: datetime
    active_until: datetime | None
    ways: tuple[int, ...] | None
    edges: tuple[int, ...] | None
    network_version: int | None
    polygon: bytes | None
    centre: GeoPoint | None
    radius_m: float | None


def checked(draft: ClosureDraft, now: datetime) -> CheckedClosure:
    """Check a draft. Raises Invalid: `closure.roads`, `.times`, `.speed_factor`, `.text`, `.polygon`, `.radius`."""
    kind = _kind(draft)
    active_from = _moment(draft.active_from, "begins") or now
    active_until = _moment(draft.active_until, "ends")
    if active_until is not None and active_until <= active_from:
        raise Invalid("closure.times", "A closure ends after it begins.")
    if active_until is not None and active_until <= now:
        raise Invalid("closure.times", "The closure has ended already.", "Check the date and the time zone.")
    factor = draft.speed_factor
    if not (factor == 0.0 or LEAST_SPEED_FACTOR <= factor < 1.0):
        raise Invalid(
            "closure.speed_factor", "A speed factor is 0 (closed) or a share of the usual speed from 0.01 to below 1."
        )
    return CheckedClosure(
        kind=kind,
        reason=_text(draft.reason, "reason", MAX_REASON),
        author=_text(draft.author, "author", MAX_AUTHOR),
        speed_factor=float(factor),
        active_from=active_from,
        active_until=active_until,
        ways=_roads(draft.ways, "way", 1, 2**63 - 1) if kind is ClosureKind.WAYS else None,
        edges=_roads(draft.edges, "edge", 0, 2**31 - 1) if kind is ClosureKind.EDGES else None,
        network_version=draft.network_version if kind is ClosureKind.EDGES else None,
        polygon=shapely.to_wkb(_polygon(draft.polygon)) if kind is ClosureKind.POLYGON else None,
        centre=draft.centre,
        radius_m=_radius(draft.radius_m) if kind is ClosureKind.CIRCLE else None,
    )


def _kind(draft: ClosureDraft) -> ClosureKind:
    named = {
        ClosureKind.WAYS: bool(draft.ways),
        ClosureKind.EDGES: bool(draft.edges),
        ClosureKind.POLYGON: draft.polygon is not None,
        ClosureKind.CIRCLE: draft.centre is not None,
    }
    chosen = [kind for kind, is_named in named.items() if is_named]
    if len(chosen) != 1:
        raise Invalid(
            "closure.roads", "A closure names its roads in exactly one way: ways, edges, polygon, or centre and radius."
        )
    if chosen[0] is ClosureKind.EDGES and draft.network_version is None:
        raise Invalid("closure.roads", "Edges belong to one network; say which (network_version).")
    if chosen[0] is not ClosureKind.CIRCLE and draft.radius_m is not None:
        raise Invalid("closure.radius", "A radius needs a centre.")
    return chosen[0]


def _moment(given: datetime | None, what: str) -> datetime | None:
    if given is None:
        return None
    if given.tzinfo is None or given.utcoffset() is None:
        raise Invalid(
            "closure.times",
            f"The time at which the closure {what} has no time zone.",
            "Write it as 2026-01-31T08:00:00+08:00; Beijing and Xinjiang time differ by two hours.",
        )
    try:
        moment = given.astimezone(UTC)
    except OverflowError:
        moment = datetime.max.replace(tzinfo=UTC)
    if not _FIRST <= moment <= _LAST:
        raise Invalid("closure.times", f"The time at which the closure {what} is not between 2000 and 2100.")
    return moment


def _text(given: str, what: str, longest: int) -> str:
    value = given.strip()
    if not value:
        raise Invalid("closure.text", f"A closure needs its {what}.")
    fault = text_fault(value, longest)
    if fault:
        raise Invalid("closure.text", f"The {what} cannot be kept: {fault[1]}.")
    return value


def _roads(ids: tuple[int, ...], what: str, low: int, high: int) -> tuple[int, ...]:
    if len(ids) > MAX_ROADS:
        raise Invalid("closure.roads", f"{len(ids)} {what}s; at most {MAX_ROADS} are taken.", "Draw a polygon instead.")
    for number in ids:
        if isinstance(number, bool) or not low <= number <= high:
            raise Invalid("closure.roads", f"{number} is no {what} id.")
    return tuple(sorted(set(ids)))


def _radius(radius_m: float | None) -> float:
    if radius_m is None or not math.isfinite(radius_m) or not 0.0 < radius_m <= MAX_RADIUS_M:
        raise Invalid("closure.radius", "A radius is more than 0 and at most 100,000 metres.")
    return float(radius_m)


def _polygon(given: Mapping[str, Any] | str | None) -> BaseGeometry:
    # Numbers that are not finite are refused below; NumPy need not warn of them before.
    with np.errstate(invalid="ignore", over="ignore"):
        geometry = _read_polygon(given)
    if geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.is_empty:
        raise Invalid("closure.polygon", "The area must be a Polygon or a MultiPolygon with corners.")
    corners = shapely.get_coordinates(geometry)
    if len(corners) > MAX_VERTICES:
        raise Invalid("closure.polygon", f"The area has {len(corners)} corners; at most {MAX_VERTICES} are taken.")
    if not np.isfinite(corners).all():
        raise Invalid("closure.polygon", "The area has a corner that is not a finite number.")
    try:
        for lon, lat in corners.tolist():
            GeoPoint(lat=lat, lon=lon)
    except BadCoordinates as error:
        raise Invalid("closure.polygon", f"A corner is no place: {error.message}", "Longitude comes first.") from error
    if not geometry.is_valid:
        # Mending would be guessing which side is meant; whoever drew it must say.
        raise Invalid("closure.polygon", f"The area is not sound: {shapely.is_valid_reason(geometry)}.", "Redraw it.")
    return geometry


def _read_polygon(given: Mapping[str, Any] | str | None) -> BaseGeometry:
    unreadable = Invalid("closure.polygon", "The area is neither GeoJSON nor WKT.", 'Begin with {"type": "Polygon", …')
    if isinstance(given, str) and len(given) > MAX_POLYGON_TEXT:
        raise Invalid("closure.polygon", f"The area is longer than {MAX_POLYGON_TEXT:,} characters.")
    try:
        value = json.loads(given) if isinstance(given, str) and given.lstrip().startswith("{") else given
        if isinstance(value, str):
            return shapely.force_2d(shapely.from_wkt(value))
        if not isinstance(value, Mapping):
            raise unreadable
        geometry = value["geometry"] if value.get("type") == "Feature" else value
        return shapely.force_2d(shapely_shape(geometry))
    except (
        GEOSException, ValueError, TypeError, LookupError, AttributeError, RecursionError, UnicodeError, OverflowError,
    ) as error:  # fmt: skip
        raise unreadable from error
