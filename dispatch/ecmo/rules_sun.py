"""Whether it is night at a place. Pure; NOAA's short formula, right to some minutes."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from geo.points import GeoPoint

_DOWN_DEG: Final = -0.833
"""The upper edge of the sun at the horizon, with refraction."""
_STEP: Final = timedelta(minutes=10)


def sun_deg(point: GeoPoint, at: datetime) -> float:
    """How high the sun stands, degrees above the horizon. at: aware."""
    offset = at.utcoffset() or timedelta()
    utc = at - offset
    hours = utc.hour + utc.minute / 60 + utc.second / 3600
    year = 2 * math.pi / 365 * (utc.timetuple().tm_yday - 1 + (hours - 12) / 24)
    equation_min = 229.18 * (
        0.000075 + 0.001868 * math.cos(year) - 0.032077 * math.sin(year)
        - 0.014615 * math.cos(2 * year) - 0.040849 * math.sin(2 * year)
    )  # fmt: skip
    declination = (
        0.006918 - 0.399912 * math.cos(year) + 0.070257 * math.sin(year) - 0.006758 * math.cos(2 * year)
        + 0.000907 * math.sin(2 * year) - 0.002697 * math.cos(3 * year) + 0.00148 * math.sin(3 * year)
    )  # fmt: skip
    angle = math.radians((hours * 60 + equation_min + 4 * point.lon) / 4 - 180)
    lat = math.radians(point.lat)
    high = math.sin(lat) * math.sin(declination) + math.cos(lat) * math.cos(declination) * math.cos(angle)
    return math.degrees(math.asin(max(-1.0, min(1.0, high))))


def is_night(point: GeoPoint, at: datetime) -> bool:
    """Whether the sun is down."""
    return sun_deg(point, at) < _DOWN_DEG


def night_s(point: GeoPoint, begins: datetime, ends: datetime) -> float:
    """Seconds of a time that are night, in steps of ten minutes."""
    total, at = 0.0, begins
    while at < ends:
        until = min(at + _STEP, ends)
        if is_night(point, at + (until - at) / 2):
            total += (until - at).total_seconds()
        at = until
    return total
