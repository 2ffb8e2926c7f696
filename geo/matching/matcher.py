"""`Matcher`: the vehicles of one process, each carried along the roads by its fixes."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Final

import msgspec
import numpy as np

from geo.matching.kernels import match_many
from geo.matching.roads import Scratch, Tracks, roads_of, scratch_for, tracks_for
from geo.matching.states import Figures, Fixes, Match, Matches
from geo.network.model import RoadNetwork
from geo.points import E7
from geo.snapping import Snapper

MOST_VEHICLES: Final = 4096
"""Kept at once, 2 kB each; of who was heard of least lately what was known is forgotten."""


class VehicleFix(msgspec.Struct, frozen=True, gc=False):
    """One fix of a vehicle, as `Fixes` has them; None where the receiver told none."""

    vehicle: Hashable
    time_s: float
    lat: float
    lon: float
    accuracy_m: float | None = None
    heading_deg: float | None = None
    speed_mps: float | None = None


class Matcher:
    """Matches fixes of many vehicles on one network. Thread-safe; one call at a time works, without the interpreter."""

    def __init__(
        self, network: RoadNetwork, snapper: Snapper | None = None, *, figures: Figures | None = None,
        vehicles: int = MOST_VEHICLES,
    ) -> None:  # fmt: skip
        self.network = network
        self._figures = figures or Figures()
        self._roads = roads_of(network, snapper or Snapper(network))
        self._scratch: Scratch = scratch_for(network)
        self._tracks: Tracks = tracks_for(vehicles)
        self._rows: OrderedDict[Hashable, int] = OrderedDict()
        self._most = vehicles
        self._lock = threading.Lock()

    def match(self, fixes: Sequence[VehicleFix]) -> list[Match | None]:
        """Carry vehicles on by their fixes, each vehicle's in the order of their times; None where no road is sure.

        What is not newer than the vehicle's last fix is not looked at, and answers None too.
        """
        found = self.match_all(fixes)
        columns = (found.edge.tolist(), found.share.tolist(), found.off_m.tolist(), found.sure.tolist())
        return [
            Match(edge, share, off_m, sure, fix.time_s) if edge >= 0 else None
            for fix, edge, share, off_m, sure in zip(fixes, *columns, strict=True)
        ]

    def match_all(self, fixes: Sequence[VehicleFix]) -> Matches:
        """`match`, with the edges that have become settled."""
        with self._lock:
            return self._matched([self._row(one.vehicle) for one in fixes], fixes, keep=True)

    def peek(self, vehicle: Hashable, lat: float, lon: float) -> Match | None:
        """Where a vehicle would be matched a second after its last fix, which is not carried on."""
        with self._lock:
            row = self._rows.get(vehicle)
            if row is None or not self._tracks.head[row, 0]:
                return None
            fix = VehicleFix(vehicle, float(self._tracks.head[row, 4]) + 1.0, lat, lon)
            found = self._matched([row], [fix], keep=False)
        if found.edge[0] < 0:
            return None
        return Match(int(found.edge[0]), float(found.share[0]), float(found.off_m[0]), float(found.sure[0]), fix.time_s)

    def _matched(self, rows: Sequence[int], fixes: Sequence[VehicleFix], *, keep: bool) -> Matches:
        count = len(fixes)
        told = Fixes(
            np.array([one.lat for one in fixes], dtype=np.float64),
            np.array([one.lon for one in fixes], dtype=np.float64),
            np.array([_number(one.accuracy_m) for one in fixes], dtype=np.float64),
            np.array([_number(one.heading_deg) for one in fixes], dtype=np.float64),
            np.array([_number(one.speed_mps) for one in fixes], dtype=np.float64),
            np.array([one.time_s for one in fixes], dtype=np.float64),
        )
        out = Matches(
            np.empty(count, dtype=np.int32),
            np.empty(count),
            np.empty(count),
            np.empty(count),
            np.empty(count, dtype=np.int32),
        )
        taken = np.array(rows, dtype=np.int64)
        match_many(self._roads, self._figures, self._tracks, self._scratch, taken, told, keep, out)
        return out

    def forget(self, vehicle: Hashable) -> None:
        """Know nothing of a vehicle any more."""
        with self._lock:
            row = self._rows.get(vehicle)
            if row is not None:
                self._tracks.head[row] = 0.0

    def warm_up(self) -> None:
        """Compile (or load) the kernels by matching two fixes of nobody."""
        network, nobody = self.network, object()
        lon, lat = (float(array[0]) / E7 for array in (network.shape_x_e7, network.shape_y_e7))
        self.match([VehicleFix(nobody, 0.0, lat, lon), VehicleFix(nobody, 1.0, lat + 3e-4, lon)])
        self.forget(nobody)

    def _row(self, vehicle: Hashable) -> int:
        row = self._rows.get(vehicle)
        if row is not None:
            self._rows.move_to_end(vehicle)
            return row
        if len(self._rows) < self._most:
            row = len(self._rows)
        else:
            _, row = self._rows.popitem(last=False)
            self._tracks.head[row] = 0.0
        self._rows[vehicle] = row
        return row


def _number(value: float | None) -> float:
    return math.nan if value is None else value
