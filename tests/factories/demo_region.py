"""The built-in schematic region as a network, with what an ordinary vehicle can reach in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from geo.demo import REGION, DemoRegion, make_demo
from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.points import haversine_many_m
from geo.speeds import ORDINARY, UNREACHABLE, SpeedModel


@dataclass(frozen=True)
class Drawn:
    """The region, its network, and what an ordinary vehicle can reach in it."""

    demo: DemoRegion
    network: RoadNetwork
    legal: NDArray[np.int64]
    times_ms: NDArray[np.int32]
    part: NDArray[np.int32]

    @property
    def largest(self) -> int:
        return int(np.bincount(self.part).argmax())

    def nearest_node(self, lat: float, lon: float) -> tuple[int, float]:
        gaps = haversine_many_m(
            np.float64(lat), np.float64(lon), self.network.node_y_e7 / 1e7, self.network.node_x_e7 / 1e7
        )
        return int(gaps.argmin()), float(gaps.min())

    def fastest_lengths_m(self, start: int, goals: list[int]) -> list[float]:
        """Length of the fastest legal way from one node to some others."""
        network = self.network
        best: dict[tuple[int, int], int] = {}
        for edge in self.legal.tolist():
            key = int(network.edge_from[edge]), int(network.edge_to[edge])
            if key not in best or self.times_ms[edge] < self.times_ms[best[key]]:
                best[key] = edge
        edges = np.array(list(best.values()))
        graph = csr_matrix(
            (self.times_ms[edges], (network.edge_from[edges], network.edge_to[edges])), shape=(network.node_count,) * 2
        )
        _, before = dijkstra(graph, indices=start, return_predecessors=True)
        lengths = []
        for goal in goals:
            length, node = 0.0, goal
            while node != start:
                length += float(network.edge_length_m[best[int(before[node]), node]])
                node = int(before[node])
            lengths.append(length)
        return lengths


def draw_demo() -> Drawn:
    demo = make_demo()
    network = assemble(demo.raw, region=REGION, meta=demo.meta)
    times = SpeedModel.read().weights_ms(network, ORDINARY)
    legal = np.flatnonzero(times < UNREACHABLE)
    graph = csr_matrix(
        (np.ones(len(legal)), (network.edge_from[legal], network.edge_to[legal])), shape=(network.node_count,) * 2
    )
    _, part = connected_components(graph, directed=True, connection="strong")
    return Drawn(demo, network, legal, times, part)
