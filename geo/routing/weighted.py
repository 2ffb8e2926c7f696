"""A graph with times on it, ready to be searched in either direction."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.network.model import RoadNetwork
from geo.routing.graphs import Topology
from geo.routing.heap_kernels import NEVER
from geo.routing.reach_kernels import flood
from geo.speeds import UNREACHABLE


@dataclass(frozen=True, slots=True)
class Side:
    """Arcs in one direction of travel, closed ones left out.

    `first` [M + 1] and `arcs` [A, 2] (other state, ms) as the kernels read them. `edge` [A] is the edge driven,
    `origin` [A] the state whose list the arc stands in.
    """

    first: NDArray[np.int32]
    arcs: NDArray[np.int32]
    edge: NDArray[np.int32]
    origin: NDArray[np.int32]
    length_m: NDArray[np.float64]


class Weighted:
    """One topology under one set of times. Immutable once made; threads share it.

    `ms` [E] are the edges' times, `open_shapes` [S] the shapes that a point may be put on.
    """

    def __init__(
        self, network: RoadNetwork, topology: Topology, ms: NDArray[np.int32], landing: NDArray[np.bool_]
    ) -> None:
        self.network = network
        self.topology = topology
        self.ms = ms
        ahead, back = network.shape_edge_forward, network.shape_edge_backward
        drivable = ((ahead >= 0) & (ms[ahead] != UNREACHABLE)) | ((back >= 0) & (ms[back] != UNREACHABLE))
        self.open_shapes: NDArray[np.bool_] = landing & drivable

    def _side(self, own: NDArray[np.int32], other: NDArray[np.int32]) -> Side:
        topology = self.topology
        arcs = np.flatnonzero(self.ms[topology.edge] != UNREACHABLE)
        arcs = arcs[np.argsort(own[arcs], kind="stable")]
        first = np.zeros(topology.state_count + 1, dtype=np.int32)
        np.cumsum(np.bincount(own[arcs], minlength=topology.state_count), out=first[1:])
        edge = topology.edge[arcs]
        pairs = np.stack([other[arcs], self.ms[edge]], axis=1).astype(np.int32)
        return Side(first, np.ascontiguousarray(pairs), edge, own[arcs], self.network.edge_length_m[edge])

    @cached_property
    def towards(self) -> Side:
        """Arcs listed by the state they lead into: searched from a target back to where journeys begin."""
        return self._side(self.topology.head, self.topology.tail)

    @cached_property
    def onwards(self) -> Side:
        """Arcs listed by the state they leave: searched from an origin to where it can go."""
        return self._side(self.topology.tail, self.topology.head)

    @cached_property
    def core(self) -> NDArray[np.bool_]:
        """[M] states from and to which the busiest part of the network can be driven; all of them reach each other.

        Only a shortcut: two states of the core have a road between them. Of others nothing is said.
        """
        count = self.topology.state_count
        if count == 0 or len(self.towards.arcs) == 0:
            return np.zeros(count, dtype=bool)
        stack = np.empty(count, dtype=np.int32)
        best = np.zeros(count, dtype=bool)
        degrees = np.diff(self.onwards.first)
        candidates = np.flatnonzero(degrees == degrees.max())
        for start in candidates[:: max(1, len(candidates) // 4)][:5]:
            mark = np.zeros(count, dtype=np.uint8)
            flood(self.towards.first, self.towards.arcs, start, mark, 1, stack)
            flood(self.onwards.first, self.onwards.arcs, start, mark, 2, stack)
            both = mark == 3
            if both.sum() > best.sum():
                best = both
            if best.sum() * 2 > count:
                break
        return best


class Scratch:
    """Arrays that a search writes into; one per thread and graph size."""

    def __init__(self, states: int, arcs: int) -> None:
        self.dist = np.full(states, NEVER, dtype=np.int32)
        self.head = np.full(states, -1, dtype=np.int32)
        self.parent = np.empty(states, dtype=np.int32)
        self.length_m = np.empty(states, dtype=np.float64)
        self.touched = np.empty(states, dtype=np.int32)
        self.heap = np.empty(arcs + states + 4096, dtype=np.int64)


_local = threading.local()


def scratch_for(weighted: Weighted) -> Scratch:
    """This thread's scratch for a graph; made once."""
    shelf: dict[tuple[int, int], Scratch] = _local.__dict__.setdefault("shelf", {})
    size = (weighted.topology.state_count, len(weighted.topology.edge))
    found = shelf.get(size)
    if found is None:
        if len(shelf) > 8:
            shelf.clear()
        found = shelf[size] = Scratch(*size)
    return found
