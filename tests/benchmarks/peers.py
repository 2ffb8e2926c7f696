"""The peers: networkx and scipy, each asked in the way that suits it best."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo.fleet import Fleet
from tests.benchmarks.kernel import Answer, Asked, answer_from

_STARTS_S = (10, 20, 40, 80, 160, 320, 640, 1280)


def by_networkx(reverse: nx.MultiDiGraph) -> Callable[[Asked], dict[int, float]]:
    """Times from everywhere to one junction."""
    return lambda one: dict(nx.single_source_dijkstra_path_length(reverse, one.node))


class Doubling:
    """scipy's Dijkstra under a limit that doubles until k units are surely the nearest."""

    def __init__(self, graph: coo_array, fleet: Fleet, k: int, start_ms: float) -> None:
        self.graph = graph
        self.fleet = fleet
        self.k = min(k, len(fleet.lat))
        self.start_ms = start_ms
        self.least_ms = int(fleet.entries.ms.min())

    def times(self, one: Asked) -> tuple[NDArray[Any], float]:
        """Time of each unit (inf: further than the limit), and the last limit."""
        entries = self.fleet.entries
        limit = self.start_ms
        while True:
            reached = dijkstra(self.graph, indices=one.node, limit=limit)
            best = np.full(len(self.fleet.lat), np.inf)
            np.minimum.at(best, entries.owner, reached[entries.state] + entries.ms)
            near = np.partition(best, self.k - 1)[self.k - 1]
            if near <= limit + self.least_ms or limit > 1e9:
                return best, limit
            limit *= 2.0

    def ask(self, one: Asked) -> Answer:
        """The k nearest in order."""
        best, _ = self.times(one)
        order = np.argsort(best, kind="stable")[: self.k]
        return [(int(best[row]), int(row)) for row in order if np.isfinite(best[row])]


def tuned(graph: coo_array, fleet: Fleet, k: int, trials: list[Asked]) -> Doubling:
    """With the first limit that makes the median of some trial questions least."""

    def median_s(start_s: int) -> float:
        peer = Doubling(graph, fleet, k, start_s * 1000.0)
        seconds = []
        for one in trials:
            start = time.perf_counter()
            peer.ask(one)
            seconds.append(time.perf_counter() - start)
        return float(np.median(seconds))

    return Doubling(graph, fleet, k, min(_STARTS_S, key=median_s) * 1000.0)


def check_networkx(reverse: nx.MultiDiGraph, fleet: Fleet, k: int, one: Asked, ours: Answer) -> None:
    """Raise if networkx answers otherwise."""
    theirs = answer_from(by_networkx(reverse)(one), fleet, k)
    if theirs != ours:
        raise AssertionError(f"networkx answers otherwise at junction {one.node}: {theirs} not {ours}")
