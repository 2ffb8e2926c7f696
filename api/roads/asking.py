"""From a request to a question of the roads, and what must be told beside the answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api.errors import FieldError, ProblemError
from api.regions.live import Served
from api.roads.schemas import PlaceIn, QuestionIn, Roads, UnitIn
from dispatch.kernel.clock import Clock
from geo.datum import CHINA_BOX, Datum, Reading, outside_m, suspect, to_wgs84, to_wgs84_many
from geo.errors import BadCoordinates
from geo.network.model import RoadNetwork
from geo.points import GeoPoint
from geo.speeds import LOCAL_ZONE, Profile
from geo.travel import Question

FAR_M: Final = 100_000.0
"""Further than this outside the region's roads a place is refused: nothing useful can be said about it."""
_NAMED: Final = 5
_BESIDE_M: Final = 1_000.0
_BESIDE_DEG: Final = 0.01
"""A place just beyond the outermost road is nothing to speak of."""
_OFF_M: Final = 100.0
_ON_M: Final = 25.0

Degrees = NDArray[np.float64]


def question_of(asked: QuestionIn, served: Served, clock: Clock) -> Question:
    """Return the question; closures are those in force at departure, or now.

    Raises ProblemError (`request.invalid`) for `at` together with `hour`, BadCoordinates for a bad `towards`.
    """
    if asked.at is not None and asked.hour is not None:
        raise ProblemError(
            "request.invalid", "Give `at` or `hour`, not both.", fields=[FieldError("hour", "given together with at")]
        )
    now = clock.now()
    at = asked.at if asked.hour is None else moment_of_hour(asked.hour, now)
    vehicle = asked.vehicle
    size = served.sizes.of((vehicle.height_cm, vehicle.width_cm, vehicle.weight_kg))
    return Question(
        profile=Profile(asked.profile, *size, asked.contraflow_penalty),
        at=at,
        closures_at=None if asked.without_closures else (asked.at or now),
        towards=None if asked.towards is None else point_of(asked.towards, asked.datum),
    )


def moment_of_hour(hour: int, now: datetime) -> datetime:
    """Return the start of an hour of the week (0 = Monday 00:00, UTC+8) in the week of `now`."""
    local = now.astimezone(LOCAL_ZONE)
    monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    return monday + timedelta(hours=hour)


def point_of(place: PlaceIn, datum: Datum) -> GeoPoint:
    """Return a place in WGS-84. Raises BadCoordinates."""
    if datum is Datum.WGS84:
        return GeoPoint(lat=place.lat, lon=place.lon)
    return to_wgs84(place.lat, place.lon, datum)


def degrees_of(pairs: Sequence[PlaceIn | UnitIn], datum: Datum, path: str) -> tuple[Degrees, Degrees]:
    """Return many places in WGS-84 as lat, lon: [places] each.

    Raises ProblemError (`place.coordinates`) that names the first that is no place on earth.
    """
    lat = np.fromiter([pair.lat for pair in pairs], np.float64, len(pairs))
    lon = np.fromiter([pair.lon for pair in pairs], np.float64, len(pairs))
    if len(lat) and (lat.min() < -90 or lat.max() > 90 or lon.min() < -180 or lon.max() > 180):
        bad = int(np.flatnonzero((np.abs(lat) > 90) | (np.abs(lon) > 180))[0])
        try:
            GeoPoint(lat=float(lat[bad]), lon=float(lon[bad]))
        except BadCoordinates as error:
            place = f"{path}[{bad}]"
            field = FieldError(place, error.message)
            raise ProblemError(error.code, f"{place}: {error.message}", error.hint, fields=[field]) from None
    return (lat, lon) if datum is Datum.WGS84 else to_wgs84_many(lat, lon, datum)


def place_in_region(point: GeoPoint, network: RoadNetwork, region: str, warnings: list[str]) -> None:
    """Warn about a place beside the region; refuse one far away.

    Raises BadCoordinates, with the reading that would fit as its hint.
    """
    west, south, east, north = network.bbox
    if south <= point.lat <= north and west <= point.lon <= east:
        return
    beside_m = outside_m(point, network.bbox)
    if beside_m <= _BESIDE_M:
        return
    reading = suspect(point, network.bbox)
    if beside_m > FAR_M:
        raise BadCoordinates(
            f"{point.lat:.6f}, {point.lon:.6f} is {beside_m / 1000:,.0f} km outside the roads of {region}.",
            reading or "Check the coordinates, and which region is served.",
        )
    warnings.append(f"The place is {beside_m / 1000:.1f} km outside the roads of {region}.")
    if reading:
        warnings.append(reading)


def datum_warning(point: GeoPoint, served: Served, off_road_m: float) -> str:
    """Say whether a place far from every road would stand on one if its numbers were GCJ-02 or BD-09; else ""."""
    west, south, east, north = CHINA_BOX
    if off_road_m < _OFF_M or not (west <= point.lon <= east and south <= point.lat <= north):
        return ""
    for datum in (Datum.GCJ02, Datum.BD09):
        shifted = to_wgs84(point.lat, point.lon, datum)
        lat, lon = np.array([shifted.lat]), np.array([shifted.lon])
        if shifted != point and served.engine.snapper.snap(lat, lon).distance_m[0] <= _ON_M:
            return Reading(datum.value, shifted).sentence
    return ""


def many_in_region(
    lat: Degrees, lon: Degrees, name_of: Callable[[int], str], network: RoadNetwork, warnings: list[str]
) -> None:
    """Warn about the first few of many places that are outside the region but would fit if read otherwise.

    `name_of` is asked for the name of a row.
    """
    west, south, east, north = network.bbox
    margin = _BESIDE_DEG
    if not len(lat) or (
        lat.min() >= south - margin
        and lat.max() <= north + margin
        and lon.min() >= west - margin
        and lon.max() <= east + margin
    ):
        return
    outside = np.flatnonzero(
        (lat < south - margin) | (lat > north + margin) | (lon < west - margin) | (lon > east + margin)
    )
    for row in outside[:_NAMED].tolist():
        reading = suspect(GeoPoint(lat=float(lat[row]), lon=float(lon[row])), network.bbox)
        if reading:
            warnings.append(f"{name_of(row)}: {reading}")


def metres(length_m: float | None) -> float | None:
    """Round to the millimetre; what is not known (not finite, or negative) is None."""
    return round(length_m, 3) if length_m is not None and 0.0 <= length_m < math.inf else None


def roads_of(served: Served) -> Roads:
    """Say on which roads an answer stands."""
    return Roads(
        region=served.name,
        schematic=served.schematic,
        network_version=served.network_version,
        overlay_version=served.engine.overlay.version,
    )


def standing_warnings(served: Served) -> list[str]:
    """What every answer says at present."""
    if served.problem:
        return [f"The newest road network cannot be opened; this is network {served.network_version}."]
    return []
