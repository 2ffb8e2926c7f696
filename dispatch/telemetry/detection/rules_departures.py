"""When the wheels of an ordered vehicle began to roll (T5), by its receiver alone. Pure.

A departure is sure once the vehicle has left the place where it stood and holds a speed; its time is that of the first
fix of the roll that led it there. Who shunts in the yard and stands again has not left. Where fixes are missing nothing
is reckoned: then what people tell counts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from geo.points import haversine_m

GOOD_M: Final = 50.0
"""A fix that says it is less exact measures nothing."""
ROLLS_MPS: Final = 1.5
"""A receiver at rest tells less; a walker's pace."""
DRIVES_MPS: Final = 3.0
HOLDS_S: Final = 5.0
LEAVES_M: Final = 100.0
STANDS_S: Final = 20.0
"""Who stands so long has stopped: a roll before it led nowhere."""
GAP_S: Final = 60.0
"""After a silence of more nobody knows when the wheels began to roll."""


def is_good(accuracy_m: float | None) -> bool:
    """Whether a fix may measure a time. One that does not say how exact it is may."""
    return accuracy_m is None or accuracy_m <= GOOD_M


class Departure:
    """Follows one vehicle from its order on. Fixes come in the order of their times; others are passed over.

    ordered_at: the true time of the order; fixes shortly before it tell where the vehicle stood.
    """

    def __init__(self, ordered_at: datetime) -> None:
        self._ordered_at = ordered_at
        self._last: datetime | None = None
        self._from: tuple[float, float] | None = None
        self._rolls: datetime | None = None
        self._stands: datetime | None = None
        self._drives: datetime | None = None
        self.over = False
        """It was told, or can never be known."""

    def see(
        self, at: datetime, lat: float, lon: float, speed_mps: float | None, accuracy_m: float | None
    ) -> datetime | None:
        """Look at a fix; return the time of the departure, once, when it is sure. At a fix without speed nothing is."""
        if self.over or speed_mps is None or not is_good(accuracy_m):
            return None
        last = self._last or self._ordered_at
        if self._last is not None and at <= last:
            return None
        silent = (at - last).total_seconds() > GAP_S
        self._last = at
        if silent and (self._from is None or self._left_unseen(lat, lon, speed_mps)):
            self.over = True
            return None
        self._from = self._from or (lat, lon)
        away_m = haversine_m(lat, lon, *self._from)
        if speed_mps >= ROLLS_MPS:
            self._stands = None
            self._rolls = self._rolls or at
        else:
            self._stood(at, lat, lon)
        self._drives = (self._drives or at) if speed_mps >= DRIVES_MPS else None
        holds_s = 0.0 if self._drives is None else (at - self._drives).total_seconds()
        if at < self._ordered_at or self._rolls is None or away_m <= LEAVES_M or holds_s < HOLDS_S:
            return None
        self.over = True
        return max(self._rolls, self._ordered_at)

    def _stood(self, at: datetime, lat: float, lon: float) -> None:
        self._stands = self._stands or at
        if (at - self._stands).total_seconds() >= STANDS_S:
            self._rolls, self._from = None, (lat, lon)

    def _left_unseen(self, lat: float, lon: float, speed_mps: float) -> bool:
        """Whether the vehicle may have left in a silence. For one that stands where it stood all begins anew."""
        self._rolls = self._stands = self._drives = None
        return self._from is None or speed_mps >= ROLLS_MPS or haversine_m(lat, lon, *self._from) > LEAVES_M
