"""Vehicle sizes that a network can tell apart: sizes that meet the same limits share one set of weights."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from geo.network.model import RoadNetwork

Size = tuple[int, int, int]
"""Height and width in cm, weight in kg; 0 is not checked."""


class SizeClasses:
    """Puts each size into the class of those that exactly the same edges are closed to."""

    def __init__(self, network: RoadNetwork) -> None:
        self._limits = [
            np.unique(limits[limits > 0]).tolist()
            for limits in (network.edge_max_height_cm, network.edge_max_width_cm, network.edge_max_weight_kg)
        ]

    def of(self, size: Size) -> Size:
        """Return the least size of the class; (0, 0, 0) where no limit of the network is in the way."""
        height, width, weight = (_least(limits, value) for limits, value in zip(self._limits, size, strict=True))
        return height, width, weight


def _least(limits: list[int], value: int) -> int:
    """An edge is closed where its limit is below the value: all that counts is the greatest such limit."""
    if not value:
        return 0
    below = bisect_left(limits, value)
    return limits[below - 1] + 1 if below else 0
