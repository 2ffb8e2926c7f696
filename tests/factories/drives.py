"""Drives along real routes of a network, and the fixes that a receiver on board would tell of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.engine import RoadEngine
from geo.matching.matcher import VehicleFix
from geo.points import METRES_PER_DEGREE
from geo.travel import Question


@dataclass(frozen=True)
class Drive:
    """Where a vehicle was each second, and what its receiver said. edges: [fixes]; all: every edge of the way."""

    vehicle: str
    edges: NDArray[np.int32]
    along_m: NDArray[np.float64]
    fixes: list[VehicleFix]
    all: tuple[int, ...]


def drive(
    engine: RoadEngine, origin: int, target: int, *, seed: int, sigma_m: float = 10.0, every_s: float = 1.0,
    headings: bool = True, heading_sigma_deg: float = 8.0, most: int = 400, vehicle: str = "a",
) -> Drive | None:  # fmt: skip
    """Drive the quickest way between two junctions, at the speeds of the roads; None where there is no way.

    Errors are drawn for each fix, normal in both directions.
    """
    network = engine.network
    route = engine.route(network.node_point(origin), network.node_point(target), Question())
    if not route.edges:
        return None
    ms = engine.weighted(Question()).ms
    draw = np.random.default_rng(seed)
    edges, alongs, fixes = [], [], []
    left_s, time_s = 0.0, 1_000.0
    for edge in route.edges:
        length_m, takes_s = float(network.edge_length_m[edge]), max(float(ms[edge]) / 1000.0, 1e-3)
        line = network.edge_line(edge)
        scale = np.array([METRES_PER_DEGREE * np.cos(np.radians(line[0, 1])), METRES_PER_DEGREE])
        steps = np.diff(line, axis=0) * scale
        sizes = np.hypot(steps[:, 0], steps[:, 1])
        ends = np.concatenate([[0.0], np.cumsum(sizes)])
        while left_s < takes_s and len(fixes) < most:
            along = length_m * left_s / takes_s
            at = min(int(np.searchsorted(ends, along, "right")) - 1, len(sizes) - 1)
            share = (along - ends[at]) / max(sizes[at], 1e-9)
            place = line[at] + min(share, 1.0) * (line[at + 1] - line[at]) + draw.normal(0.0, sigma_m, 2) / scale
            heading = float(np.degrees(np.arctan2(steps[at, 0], steps[at, 1])) + draw.normal(0.0, heading_sigma_deg))
            edges.append(edge)
            alongs.append(along)
            fixes.append(
                VehicleFix(
                    vehicle, time_s, float(place[1]), float(place[0]), 1.51 * sigma_m,
                    heading % 360.0 if headings else None, length_m / takes_s if headings else None,
                )
            )  # fmt: skip
            left_s += every_s
            time_s += every_s
        left_s -= takes_s
    return Drive(vehicle, np.array(edges, dtype=np.int32), np.array(alongs), fixes, route.edges)
