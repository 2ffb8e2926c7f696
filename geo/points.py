"""Points on the earth, and the few formulae that are asked of them.

Coordinates are WGS-84 degrees throughout; `geo.datum` converts what comes in from Chinese maps.
Stored coordinates are integers of 1e-7 degree (about 1 cm), named `_e7`.
"""

from __future__ import annotations

import math
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from geo.errors import BadCoordinates

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean earth radius R1 (IUGG)."""

METRES_PER_DEGREE: Final = math.pi * EARTH_RADIUS_M / 180.0
"""Length of one degree of latitude on the sphere."""

E7: Final = 10_000_000


class GeoPoint(msgspec.Struct, frozen=True, gc=False):
    """A place in WGS-84 degrees.

    Raises:
        BadCoordinates: latitude outside ±90 or longitude outside ±180, or not finite.
    """

    lat: float
    lon: float

    def __post_init__(self) -> None:
        """Refuse what is no place on earth."""
        if not (math.isfinite(self.lat) and math.isfinite(self.lon)):
            raise BadCoordinates("Latitude and longitude must be finite numbers.")
        if not (-90.0 <= self.lat <= 90.0 and -180.0 <= self.lon <= 180.0):
            hint = ""
            if -90.0 <= self.lon <= 90.0 and -180.0 <= self.lat <= 180.0:
                hint = f"Did you swap them? {self.lon}, {self.lat} would be a place."
            raise BadCoordinates(
                f"{self.lat}, {self.lon} is no place: latitude is within ±90, longitude within ±180.", hint
            )

    def distance_m(self, other: GeoPoint) -> float:
        """Great-circle distance in metres (haversine)."""
        return haversine_m(self.lat, self.lon, other.lat, other.lon)

    def bearing_deg(self, other: GeoPoint) -> float:
        """Initial bearing to `other`, degrees clockwise from north, 0 ≤ bearing < 360."""
        phi_1, phi_2 = math.radians(self.lat), math.radians(other.lat)
        delta = math.radians(other.lon - self.lon)
        east = math.sin(delta) * math.cos(phi_2)
        north = math.cos(phi_1) * math.sin(phi_2) - math.sin(phi_1) * math.cos(phi_2) * math.cos(delta)
        return math.degrees(math.atan2(east, north)) % 360.0


def haversine_m(lat_1: float, lon_1: float, lat_2: float, lon_2: float) -> float:
    """Great-circle distance in metres between two places in degrees."""
    phi_1, phi_2 = math.radians(lat_1), math.radians(lat_2)
    half_phi = (phi_2 - phi_1) / 2.0
    half_lambda = math.radians(lon_2 - lon_1) / 2.0
    a = math.sin(half_phi) ** 2 + math.cos(phi_1) * math.cos(phi_2) * math.sin(half_lambda) ** 2
    return 2.0 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(a)))


def haversine_many_m(
    lat_1: NDArray[np.float64], lon_1: NDArray[np.float64], lat_2: NDArray[np.float64], lon_2: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Great-circle distances in metres, element by element (shapes broadcast)."""
    phi_1, phi_2 = np.radians(lat_1), np.radians(lat_2)
    half_phi = (phi_2 - phi_1) / 2.0
    half_lambda = np.radians(lon_2 - lon_1) / 2.0
    a = np.sin(half_phi) ** 2 + np.cos(phi_1) * np.cos(phi_2) * np.sin(half_lambda) ** 2
    distances: NDArray[np.float64] = 2.0 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(a)))
    return distances
