"""Many origins on the road, snapped once and asked often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.overlay import Overlay
from geo.routing.anchors import Entries, Placed
from geo.routing.weighted import Weighted
from geo.snapping import Snaps


@dataclass(frozen=True, slots=True)
class Fleet:
    """Places of origins under one set of weights. Shapes: [origins] throughout.

    `entries` are the states of the graph at which their journeys begin; `off_road_m` is inf where no road was found;
    `closed_nearer` tells whose nearest road is closed. `overlay` holds the closures they were put on the road with,
    `weighted` the graph under them.
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    snaps: Snaps
    placed: Placed
    entries: Entries
    off_road_m: NDArray[np.float64]
    closed_nearer: NDArray[np.bool_]
    overlay: Overlay
    weighted: Weighted
