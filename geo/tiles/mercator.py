"""Web Mercator (EPSG:3857) in whole tile units.

At zoom z the world is 2**z tiles wide and a tile 4096 units, so the world is 2**(z + 12) units; y runs south. At z16
that is 2**28, which fits an int32, and a unit is 15 cm at the equator.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.points import E7

MAX_ZOOM: Final = 16
UNIT_BITS: Final = 12
_MAX_LAT: Final = 85.051_128_779_806_59
"""Where the Mercator square ends."""


def world_units(x_e7: NDArray[np.int32], y_e7: NDArray[np.int32]) -> NDArray[np.float64]:
    """Coordinates in 1e-7 degree → units of zoom 16, not rounded: float64[n, 2] of x (east), y (south)."""
    side = float(1 << (MAX_ZOOM + UNIT_BITS))
    phi = np.radians(np.clip(y_e7 / E7, -_MAX_LAT, _MAX_LAT))
    units = np.empty((len(x_e7), 2), dtype=np.float64)
    units[:, 0] = (x_e7 / E7 + 180.0) / 360.0 * side
    units[:, 1] = (1.0 - np.arcsinh(np.tan(phi)) / np.pi) / 2.0 * side
    return units


def tile_at(lat: float, lon: float, zoom: int) -> tuple[int, int]:
    """Give the x, y of the tile of `zoom` that holds a place in degrees."""
    units = world_units(np.array([round(lon * E7)], dtype=np.int32), np.array([round(lat * E7)], dtype=np.int32))[0]
    last = (1 << zoom) - 1
    side = 1 << (MAX_ZOOM + UNIT_BITS - zoom)
    return min(int(units[0]) // side, last), min(int(units[1]) // side, last)
