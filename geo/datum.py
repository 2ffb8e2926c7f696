"""WGS-84 ↔ GCJ-02 ↔ BD-09.

Chinese phones and web maps give GCJ-02 (高德, 腾讯) or BD-09 (百度); both lie hundreds of metres beside WGS-84, which
is what the store, OpenStreetMap and satellite receivers use. The shift is not official; its formula is public since
2010 and is the one every open converter uses. The inverse has no closed form: it is iterated here to < 1e-9 degree
(0.1 mm).

Where the shift applies: the usual test is the box 72.004–137.8347 E, 0.8293–55.8271 N, which holds Bishkek, Ulaanbaatar
and half of India. `in_china` tests that box first and then an outline of the mainland with Hainan, drawn by hand at
about degree precision and always a little *outside* the border, so that no place inside is missed. A place abroad
closer than about half a degree to the border may thus still be shifted; the maps themselves are as vague there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.points import GeoPoint

Degrees = NDArray[np.float64]

_AXIS_M: Final = 6_378_245.0
"""Semi-major axis of the Krasovsky 1940 ellipsoid."""
_ECCENTRICITY_2: Final = 0.006_693_421_622_965_943
_BAIDU_PI: Final = np.pi * 3000.0 / 180.0
_ROUNDS: Final = 12
"""The iteration shrinks the error by about 100 each round; twelve is far beyond 1e-9 degree from any start."""

CHINA_BOX: Final = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north of the box that converters commonly test."""

CHINA_OUTLINE: Final[tuple[tuple[float, float], ...]] = (
    # Lon, lat from the Pamir clockwise: Kyrgyz, Kazakh, Russian and Mongolian border.
    *((73.2, 39.3), (73.4, 40.2), (74.6, 40.7), (76.2, 40.8), (77.8, 41.3), (78.3, 41.7), (79.9, 42.3), (80.0, 43.2)),
    *((80.1, 45.3), (81.7, 45.6), (82.1, 46.6), (82.7, 47.4), (84.9, 47.3), (85.2, 48.3), (86.5, 48.8), (87.2, 49.4)),
    *((88.3, 49.5), (90.2, 48.2), (91.3, 47.0), (91.2, 45.5), (93.8, 45.3), (95.6, 44.6), (96.6, 43.2), (99.5, 42.9)),
    *((101.5, 42.9), (104.9, 42.1), (107.4, 42.7), (109.5, 42.8), (111.6, 43.9), (111.5, 44.8), (113.7, 45.2)),
    *((116.0, 46.2), (119.2, 46.9), (119.0, 47.4), (117.4, 47.4), (115.2, 47.5), (115.3, 48.5), (116.3, 50.2)),
    *((119.0, 50.5), (119.8, 52.8), (121.0, 53.7), (123.6, 53.9), (126.2, 53.1), (127.8, 50.1), (131.1, 49.2)),
    *((131.2, 48.1), (134.9, 48.8), (135.4, 48.5), (133.5, 44.8), (131.6, 44.5), (131.7, 42.7)),
    # The Tumen and Yalu rivers, then well off the coast, round Hainan, back to the Vietnamese border.
    *((130.7, 42.1), (129.5, 42.2), (128.3, 41.8), (126.8, 41.4), (124.5, 39.8), (123.8, 38.6), (123.5, 36.5)),
    *((122.5, 34.0), (123.6, 30.8), (122.8, 28.0), (120.6, 25.9), (118.9, 24.1), (116.5, 22.3), (112.0, 20.8)),
    *(
        (111.5, 18.0),
        (108.2, 17.9),
        (108.2, 21.0),
        (107.7, 21.3),
        (106.6, 21.7),
        (106.4, 22.4),
        (106.4, 22.8),
        (105.2, 23.0),
    ),
    *((103.9, 22.3), (102.2, 22.2), (102.0, 20.9), (101.0, 20.9), (99.9, 21.8), (98.6, 23.5), (97.3, 23.7)),
    # Myanmar, the Himalaya, the Karakoram.
    *((97.4, 25.0), (98.3, 27.3), (97.0, 27.9), (94.0, 28.8), (92.0, 27.5), (89.2, 27.1), (86.0, 27.7), (82.0, 29.9)),
    *((80.9, 30.0), (78.3, 31.4), (78.2, 32.5), (78.7, 34.0), (77.6, 35.2), (75.7, 36.6), (74.3, 37.0), (74.2, 38.3)),
    (73.5, 38.5),
)
"""Lon, lat of the outline that `in_china` tests after the box; own drawing, about degree precision."""

_OUTLINE: Final = shapely.Polygon(CHINA_OUTLINE)
shapely.prepare(_OUTLINE)


class Datum(StrEnum):
    """In which system a coordinate was given."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def in_china(lat: Degrees, lon: Degrees) -> NDArray[np.bool_]:
    """Whether the shift applies, element by element; see the head of this file for the outline used."""
    west, south, east, north = CHINA_BOX
    box: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    inside: NDArray[np.bool_] = box & shapely.contains_xy(_OUTLINE, lon, lat)
    return inside


def _gcj02(lat: Degrees, lon: Degrees) -> tuple[Degrees, Degrees]:
    """WGS-84 → GCJ-02 without asking where."""
    x, y = lon - 105.0, lat - 35.0
    common = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + common
    north += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + common
    east += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - _ECCENTRICITY_2 * np.sin(phi) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_2) / (magic * np.sqrt(magic))
    parallel_m = _AXIS_M / np.sqrt(magic) * np.cos(phi)
    return lat + np.degrees(north / meridian_m), lon + np.degrees(east / parallel_m)


def _bd09(lat: Degrees, lon: Degrees) -> tuple[Degrees, Degrees]:
    """WGS-84 → BD-09 without asking where: GCJ-02, then Baidu's own turn."""
    y, x = _gcj02(lat, lon)
    radius = np.hypot(x, y) + 0.000_02 * np.sin(y * _BAIDU_PI)
    angle = np.arctan2(y, x) + 0.000_003 * np.cos(x * _BAIDU_PI)
    return radius * np.sin(angle) + 0.006, radius * np.cos(angle) + 0.0065


_FORWARD: Final[dict[Datum, Callable[[Degrees, Degrees], tuple[Degrees, Degrees]]]] = {
    Datum.GCJ02: _gcj02,
    Datum.BD09: _bd09,
}


def from_wgs84_many(lat: Degrees, lon: Degrees, datum: Datum) -> tuple[Degrees, Degrees]:
    """WGS-84 degrees → `datum`, element by element (equal shapes); unchanged outside China."""
    lat, lon = np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
    forward = _FORWARD.get(datum)
    if forward is None:
        return lat.copy(), lon.copy()
    inside = in_china(lat, lon)
    there_lat, there_lon = forward(lat, lon)
    return np.where(inside, there_lat, lat), np.where(inside, there_lon, lon)


def to_wgs84_many(lat: Degrees, lon: Degrees, datum: Datum) -> tuple[Degrees, Degrees]:
    """`datum` degrees → WGS-84, element by element (equal shapes); unchanged where the *result* is outside China."""
    lat, lon = np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
    forward = _FORWARD.get(datum)
    if forward is None:
        return lat.copy(), lon.copy()
    box = (lon > CHINA_BOX[0] - 1) & (lon < CHINA_BOX[2] + 1) & (lat > CHINA_BOX[1] - 1) & (lat < CHINA_BOX[3] + 1)
    # The formula is only sensible near China: elsewhere iterate from a harmless place and drop the result.
    given_lat, given_lon = np.where(box, lat, 35.0), np.where(box, lon, 105.0)
    guess_lat, guess_lon = given_lat.copy(), given_lon.copy()
    for _ in range(_ROUNDS):
        there_lat, there_lon = forward(guess_lat, guess_lon)
        guess_lat, guess_lon = guess_lat + (given_lat - there_lat), guess_lon + (given_lon - there_lon)
    inside = box & in_china(guess_lat, guess_lon)
    return np.where(inside, guess_lat, lat), np.where(inside, guess_lon, lon)


def from_wgs84(point: GeoPoint, datum: Datum) -> GeoPoint:
    """Give the place as a map of `datum` does: numbers of that datum in a GeoPoint's clothes."""
    lat, lon = from_wgs84_many(np.array([point.lat]), np.array([point.lon]), datum)
    return GeoPoint(lat=float(lat[0]), lon=float(lon[0]))


def to_wgs84(lat: float, lon: float, datum: Datum) -> GeoPoint:
    """Take a place given in `datum`, and give it as the store wants it.

    Raises:
        BadCoordinates: no place on earth.
    """
    given = GeoPoint(lat=lat, lon=lon)
    there_lat, there_lon = to_wgs84_many(np.array([given.lat]), np.array([given.lon]), datum)
    return GeoPoint(lat=float(there_lat[0]), lon=float(there_lon[0]))


@dataclass(frozen=True, slots=True)
class Reading:
    """Another way to read two numbers: what was then mistaken, and where that is."""

    code: str
    """`swapped`, `gcj02`, `bd09`, or two of them joined by `+`."""
    point: GeoPoint

    @property
    def sentence(self) -> str:
        """What to tell the person who typed the numbers, in English."""
        what = {
            "swapped": "latitude and longitude may be swapped",
            "gcj02": "the point may be GCJ-02 (高德, 腾讯) and not WGS-84",
            "bd09": "the point may be BD-09 (百度) and not WGS-84",
        }
        reasons = " and ".join(what[part] for part in self.code.split("+"))
        return f"{reasons[0].upper()}{reasons[1:]}: {self.point.lat:.6f}, {self.point.lon:.6f} would fit."


def readings(point: GeoPoint) -> list[Reading]:
    """Other readings of a point, the likeliest mistake first; only those that are somewhere else on earth."""
    found: list[Reading] = []
    starts = [("", point)]
    if abs(point.lon) <= 90.0 and point.lat != point.lon:
        starts.insert(0, ("swapped", GeoPoint(lat=point.lon, lon=point.lat)))
        found.append(Reading("swapped", starts[0][1]))
    for prefix, start in reversed(starts):
        for datum in (Datum.GCJ02, Datum.BD09):
            shifted = to_wgs84(start.lat, start.lon, datum)
            if shifted != start:
                found.append(Reading(f"{prefix}+{datum}" if prefix else str(datum), shifted))
    return found


def better_reading(point: GeoPoint, misfit_m: Callable[[GeoPoint], float], *, far_m: float = 100.0) -> Reading | None:
    """Find the reading that fits where the given one does not.

    `misfit_m` says how badly a point fits, in metres: its distance from the nearest road, or from the region. A point
    that fits within `far_m` is never doubted, and another reading must fit four times better than that.
    """
    if misfit_m(point) <= far_m:
        return None
    fitting = [(misfit_m(reading.point), reading) for reading in readings(point)]
    close = [pair for pair in fitting if pair[0] <= far_m / 4.0]
    return min(close, key=lambda pair: pair[0])[1] if close else None


def outside_m(point: GeoPoint, bbox: tuple[float, float, float, float]) -> float:
    """Metres from a box (west, south, east, north in degrees); 0 inside."""
    west, south, east, north = bbox
    edge = GeoPoint(lat=min(max(point.lat, south), north), lon=min(max(point.lon, west), east))
    return point.distance_m(edge)


def suspect(point: GeoPoint, region_bbox: tuple[float, float, float, float]) -> str | None:
    """Warn if the point is outside the region but its swapped or shifted reading is inside; else None.

    `region_bbox` is west, south, east, north in degrees (`RoadNetwork.bbox`). For a finer test of the datum use
    `better_reading` with the distance from the nearest road.
    """
    reading = better_reading(point, lambda place: outside_m(place, region_bbox), far_m=0.0)
    return reading.sentence if reading else None
