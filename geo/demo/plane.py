"""A plane over the region: metres east and north of Aksu's meridian, and gentle lines drawn in it.

Good to about one per cent over the region's 250 km from south to north; lengths are measured on the sphere later.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.points import METRES_PER_DEGREE

Point = tuple[float, float]
"""Metres east, metres north."""
Line = NDArray[np.float64]
"""[n, 2] metres east, metres north."""

_LAT_0: Final = 41.0
_LON_0: Final = 80.258
_EAST_M: Final = METRES_PER_DEGREE * math.cos(math.radians(_LAT_0))


def to_plane(lat: float, lon: float) -> Point:
    """Degrees to metres."""
    return (lon - _LON_0) * _EAST_M, (lat - _LAT_0) * METRES_PER_DEGREE


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Metres to (lat, lon), rounded to the stored 1e-7 degree, which hides a machine's last bits."""
    return round(_LAT_0 + y / METRES_PER_DEGREE, 7), round(_LON_0 + x / _EAST_M, 7)


def along(line: Line) -> NDArray[np.float64]:
    """[n] metres from the line's start to each of its points."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def at(line: Line, metres: NDArray[np.float64]) -> Line:
    """Points of the line so many metres from its start."""
    where = along(line)
    return np.stack([np.interp(metres, where, line[:, 0]), np.interp(metres, where, line[:, 1])], axis=1)


def resample(line: Line, step_m: float) -> Line:
    """The same line with its points at most `step_m` apart, evenly."""
    length = float(along(line)[-1])
    count = max(1, math.ceil(length / step_m))
    return at(line, np.linspace(0.0, length, count + 1))


def spline(points: Line) -> Line:
    """A smooth curve through all points (cubic Hermite, tangents weighted by chord length)."""
    if len(points) < 3:
        return points
    chord = np.maximum(np.hypot(*np.diff(points, axis=0).T), 1.0)[:, None]
    slope = np.diff(points, axis=0) / chord
    inner = (slope[:-1] * chord[1:] + slope[1:] * chord[:-1]) / (chord[:-1] + chord[1:])
    tangent = np.concatenate([slope[:1], inner, slope[-1:]])
    pieces = [points[:1]]
    share = np.linspace(0.0, 1.0, 33)[1:, None]
    for i in range(len(points) - 1):
        h00, h10 = 2 * share**3 - 3 * share**2 + 1, share**3 - 2 * share**2 + share
        h01, h11 = -2 * share**3 + 3 * share**2, share**3 - share**2
        pieces.append(
            h00 * points[i] + h10 * chord[i] * tangent[i] + h01 * points[i + 1] + h11 * chord[i] * tangent[i + 1]
        )
    return np.concatenate(pieces)


def left_of(line: Line) -> Line:
    """[n, 2] unit vectors to the left of the line at each of its points."""
    direction = np.gradient(line, axis=0)
    direction /= np.maximum(np.hypot(direction[:, 0], direction[:, 1]), 1e-9)[:, None]
    return np.stack([-direction[:, 1], direction[:, 0]], axis=1)


def beside(line: Line, metres: float) -> Line:
    """The line moved to its left (negative: to its right)."""
    return line + metres * left_of(line)


def winding(line: Line, bend: float, wave_m: float, phase: float) -> Line:
    """The line with bends: `bend` is their amplitude as a share of the wave's length. The ends stay where they are."""
    where = along(line)
    length = where[-1]
    if length < wave_m / 2:
        return line
    window = np.clip(np.minimum(where, length - where) / (wave_m / 2), 0.0, 1.0)
    wave = 0.65 * np.sin(2 * math.pi * where / wave_m + phase)
    wave += 0.35 * np.sin(2 * math.pi * where / (wave_m * 2.37) + 2.1 * phase)
    bent: Line = line + (bend * wave_m * window * wave)[:, None] * left_of(line)
    return bent
