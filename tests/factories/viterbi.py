"""Map matching the long way round: the whole drive at once, every road of the network, by scipy's shortest ways.

An independent peer for small networks: it knows no index, no bounds and no layers, and looks back from the end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo.matching.matcher import VehicleFix
from geo.matching.states import Figures
from geo.network.attributes import EdgeFlag
from geo.network.model import RoadNetwork
from geo.points import METRES_PER_DEGREE

OFF = -1
"""No road."""


@dataclass(frozen=True)
class _Place:
    edge: int
    along_m: float
    cost: float


@dataclass(frozen=True)
class Looked:
    """Edges (−1: off the road) of every fix that counted, looked back at from the last one."""

    rows: list[int]
    edges: list[int]


class Offline:
    """Made for one network."""

    def __init__(self, network: RoadNetwork, figures: Figures) -> None:
        self.network, self.figures = network, figures
        self.against = network.edge_has(EdgeFlag.CONTRAFLOW)
        weight = network.edge_length_m * np.where(self.against, 2.0, 1.0)
        best: dict[tuple[int, int], float] = {}
        for tail, head, m in zip(network.edge_from.tolist(), network.edge_to.tolist(), weight.tolist(), strict=True):
            best[tail, head] = min(m, best.get((tail, head), math.inf))
        tails, heads = (np.array(column) for column in zip(*best, strict=True))
        graph = coo_array((np.array(list(best.values())), (tails, heads)), shape=(network.node_count,) * 2).tocsr()
        self.ways: NDArray[np.float64] = dijkstra(graph)
        self.weight = weight

    def look(self, fixes: Sequence[VehicleFix]) -> Looked:
        """The likeliest drive."""
        figures = self.figures
        counted: list[int] = []
        layers: list[list[_Place]] = []
        costs: list[list[float]] = []
        origins: list[list[int]] = []
        for row, fix in enumerate(fixes):
            sigma_m = math.hypot(figures.map_m, (fix.accuracy_m or 15.0) / 1.51)
            straight_m = math.inf
            if counted:
                before = fixes[counted[-1]]
                straight_m = _metres(before, fix)
                if straight_m < figures.apart_sigmas * sigma_m:
                    continue
            places = self._places(fix, sigma_m)
            slack_m = max(figures.slack_m, sigma_m)
            found = [self._best(place, layers, costs, straight_m, slack_m) for place in [*places, None]]
            counted.append(row)
            layers.append(places)
            costs.append([cost for cost, _ in found])
            origins.append([origin for _, origin in found])
        at = int(np.argmin(costs[-1]))
        edges: list[int] = []
        for layer in range(len(counted) - 1, -1, -1):
            edges.append(layers[layer][at].edge if at < len(layers[layer]) else OFF)
            at = origins[layer][at]
        return Looked(counted, edges[::-1])

    def _places(self, fix: VehicleFix, sigma_m: float) -> list[_Place]:
        figures, network = self.figures, self.network
        scale = np.array([math.cos(math.radians(fix.lat)), 1.0]) * METRES_PER_DEGREE
        radius_m = min(max(figures.radius_sigmas * sigma_m, figures.least_radius_m), figures.most_radius_m)
        found: list[_Place] = []
        for edge in range(network.edge_count):
            line = (network.edge_line(edge) - np.array([fix.lon, fix.lat])) * scale
            steps = np.diff(line, axis=0)
            sizes = np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-9)
            shares = np.clip(-(line[:-1] * steps).sum(axis=1) / sizes**2, 0.0, 1.0)
            away = np.hypot(*(line[:-1] + shares[:, None] * steps).T)
            at = int(np.argmin(away))
            if away[at] > radius_m:
                continue
            along_m = (sizes[:at].sum() + shares[at] * sizes[at]) / sizes.sum() * network.edge_length_m[edge]
            cost = 0.5 * (away[at] / sigma_m) ** 2 + (figures.against if self.against[edge] else 0.0)
            if fix.heading_deg is not None and (fix.speed_mps or 0.0) >= figures.heading_from_mps:
                road_deg = math.degrees(math.atan2(steps[at, 0], steps[at, 1]))
                turn = abs((fix.heading_deg - road_deg + 180.0) % 360.0 - 180.0) / figures.heading_deg
                cost += min(0.5 * turn**2, figures.heading_most)
            found.append(_Place(edge, float(along_m), float(cost)))
        return found

    def _best(
        self, place: _Place | None, layers: list[list[_Place]], costs: list[list[float]], straight_m: float,
        slack_m: float,
    ) -> tuple[float, int]:  # fmt: skip
        """Cost of the likeliest drive up to a place, and the row that it comes from."""
        own = self.figures.off_road if place is None else place.cost
        leave = self.figures.leave_road
        if not layers:
            return own + (0.0 if place is None else leave), 0
        ways = [leave if place is None else self._way(one, place, straight_m, slack_m) for one in layers[-1]]
        ways.append(0.0 if place is None else leave)
        whole = [cost + way for cost, way in zip(costs[-1], ways, strict=True)]
        at = int(np.argmin(whole))
        return whole[at] + own, at

    def _way(self, one: _Place, two: _Place, straight_m: float, slack_m: float) -> float:
        network, figures = self.network, self.figures
        length_m, twin = float(network.edge_length_m[one.edge]), int(network.edge_twin[one.edge])
        tail, head = int(network.edge_from[two.edge]), int(network.edge_to[one.edge])
        rest_m = length_m - one.along_m + two.along_m
        choices = [abs(rest_m + self.ways[head, tail] - straight_m) / slack_m]
        if two.edge == one.edge:
            choices.append(abs(two.along_m - one.along_m - straight_m) / slack_m)
        elif two.edge == twin:
            # Round on the spot, or at the end; there by another way only if that is shorter.
            moved = abs(length_m - two.along_m - one.along_m)
            choices.append(abs(moved - straight_m) / slack_m + figures.turn_back)
        if twin >= 0 and rest_m < math.inf:
            choices[0] = abs(rest_m + self._without(head, tail, twin, slack_m) - straight_m) / slack_m
        return min(choices)

    def _without(self, head: int, tail: int, twin: int, slack_m: float) -> float:
        """The shortest way from a junction, turning round at once being longer by its cost."""
        if head == tail:
            return 0.0
        network = self.network
        ways = []
        for edge in range(network.node_first_edge[head], network.node_first_edge[head + 1]):
            more = self.figures.turn_back * slack_m if edge == twin else 0.0
            ways.append(self.weight[edge] + more + self.ways[network.edge_to[edge], tail])
        return min(ways, default=math.inf)


def _metres(one: VehicleFix, two: VehicleFix) -> float:
    east = (two.lon - one.lon) * math.cos(math.radians(one.lat))
    return math.hypot(east, two.lat - one.lat) * METRES_PER_DEGREE
