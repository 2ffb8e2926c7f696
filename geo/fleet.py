"""Many origins on the road, snapped once and asked often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.overlay import Overlay
from geo.routing.anchors import Entries, Placed
from geo.snapping import Snaps


@dataclass(frozen=True, slots=True)
class Fleet:
    """Places of origins under one set of weights. Shapes: [origins] throughout.

    `entries` are the states of the graph at which their journeys begin; `off_road_m` is inf where no road was found;
    `closed_nearer` tells whose nearest road is closed. `overlay` holds the closures they were put on the road with.
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    snaps: Snaps
    placed: Placed
    entries: Entries
    off_road_m: NDArray[np.float64]
    closed_nearer: NDArray[np.bool_]
    overlay: Overlay

    def part(self, rows: NDArray[np.int32]) -> Fleet:
        """Some of the origins, in the given order."""
        new_row = np.full(len(self.lat), -1, dtype=np.int32)
        new_row[rows] = np.arange(len(rows), dtype=np.int32)
        mine = new_row[self.entries.owner] >= 0
        entries, snaps, placed = self.entries, self.snaps, self.placed
        return Fleet(
            self.lat[rows],
            self.lon[rows],
            Snaps(snaps.shape[rows], snaps.share[rows], snaps.node[rows], snaps.distance_m[rows]),
            Placed(placed.node[rows], placed.ahead[rows], placed.back[rows], placed.share[rows], placed.extra_ms[rows]),
            Entries(
                entries.state[mine],
                entries.ms[mine],
                entries.m[mine],
                new_row[entries.owner[mine]],
                entries.edge[mine],
            ),
            self.off_road_m[rows],
            self.closed_nearer[rows],
            self.overlay,
        )
