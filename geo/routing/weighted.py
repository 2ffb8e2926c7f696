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
from geo.routing.reach_kernels import flood, parts_of
from geo.snapping_kernels import NO_LANDING, OPEN, SHUT
from geo.speeds import UNREACHABLE


@dataclass(frozen=True, slots=True)
class Side:
    """Arcs in one direction of travel, closed ones left out.

    `first` [M + 1] and `arcs` [A, 2] (other state, ms) as the kernels read them. `edge` [A] is the edge driven,
    `origin` [A] the state whose list the arc stands in. `marked` [A, 2] are the arcs again, with the time inverted bit
    by bit where an arc leads to a dead end: to a state from which one can only turn back.
    """

    first: NDArray[np.int32]
    arcs: NDArray[np.int32]
    marked: NDArray[np.int32]
    edge: NDArray[np.int32]
    origin: NDArray[np.int32]
    length_m: NDArray[np.float64]


class Weighted:
    """One topology under one set of times. Immutable once made; threads share it.

    `ms` [E] are the edges' times, `landing` [S] tells on which shapes a point may be put (OPEN), and which only a
    closure or the season keeps it from (SHUT: by `usual_ms`, the times without either, it might).
    """

    def __init__(
        self,
        network: RoadNetwork,
        topology: Topology,
        ms: NDArray[np.int32],
        landing: NDArray[np.bool_],
        usual_ms: NDArray[np.int32],
    ) -> None:
        self.network = network
        self.topology = topology
        self.ms = ms
        drivable = _drivable(network, ms)
        self.landing = np.where(landing & drivable, np.uint8(OPEN), np.uint8(NO_LANDING))
        if usual_ms is not ms:
            self.landing[landing & ~drivable & _drivable(network, usual_ms)] = SHUT

    def _side(self, own: NDArray[np.int32], other: NDArray[np.int32]) -> Side:
        topology = self.topology
        arcs = np.flatnonzero(self.ms[topology.edge] != UNREACHABLE)
        arcs = arcs[np.argsort(own[arcs], kind="stable")]
        first = np.zeros(topology.state_count + 1, dtype=np.int32)
        np.cumsum(np.bincount(own[arcs], minlength=topology.state_count), out=first[1:])
        edge = topology.edge[arcs]
        pairs = np.ascontiguousarray(np.stack([other[arcs], self.ms[edge]], axis=1), dtype=np.int32)
        marked = _dead_ends_marked(first, pairs, own[arcs])
        return Side(first, pairs, marked, edge, own[arcs], self.network.edge_length_m[edge])

    @cached_property
    def towards(self) -> Side:
        """Arcs listed by the state they lead into: searched from a target back to where journeys begin."""
        return self._side(self.topology.head, self.topology.tail)

    @cached_property
    def onwards(self) -> Side:
        """Arcs listed by the state they leave: searched from an origin to where it can go."""
        return self._side(self.topology.tail, self.topology.head)

    @property
    def core(self) -> NDArray[np.bool_]:
        """[M] states that reach the hub and are reached from it: all of them reach each other."""
        inwards, outwards = self.hub
        return inwards & outwards

    @cached_property
    def parts(self) -> NDArray[np.int32]:
        """[M] for each state what part of the network it is in: between two parts there is no road in any direction."""
        side = self.towards
        found: NDArray[np.int32] = parts_of(self.topology.state_count, side.origin, side.arcs[:, 0])
        return found

    @cached_property
    def hub(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """States that lead to one state in the busiest part of the network, and states that it leads to: each [M].

        Only a shortcut: from a state of the first to one of the second there is a road. Of others nothing is said.
        """
        count = self.topology.state_count
        best = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        if count == 0 or len(self.towards.arcs) == 0:
            return best
        stack = np.empty(count, dtype=np.int32)
        most = 0
        degrees = np.diff(self.onwards.first)
        candidates = np.flatnonzero(degrees == degrees.max())
        for start in candidates[:: max(1, len(candidates) // 4)][:5]:
            mark = np.zeros(count, dtype=np.uint8)
            flood(self.towards.first, self.towards.arcs, start, mark, 1, stack)
            flood(self.onwards.first, self.onwards.arcs, start, mark, 2, stack)
            both = int(np.count_nonzero(mark == 3))
            if both > most:
                most, best = both, (mark & 1 != 0, mark & 2 != 0)
            if most * 2 > count:
                break
        return best


def _dead_ends_marked(
    first: NDArray[np.int32], arcs: NDArray[np.int32], origin: NDArray[np.int32]
) -> NDArray[np.int32]:
    """[A, 2] arcs, the time inverted where the state led to has arcs back to where one came from only, or none."""
    other = arcs[:, 0]
    leads_to = np.full(len(first) - 1, -1, dtype=np.int32)
    some = np.flatnonzero(first[:-1] < first[1:])
    if len(some):
        least, most = (extreme.reduceat(other, first[some]) for extreme in (np.minimum, np.maximum))
        leads_to[some] = np.where(least == most, least, -2)
    beyond = leads_to[other]
    marked = arcs.copy()
    vain = (beyond == -1) | (beyond == origin)
    marked[vain, 1] = ~marked[vain, 1]
    return marked


def _drivable(network: RoadNetwork, ms: NDArray[np.int32]) -> NDArray[np.bool_]:
    """[S] whether a shape can be driven in some direction."""
    ahead, back = network.shape_edge_forward, network.shape_edge_backward
    drivable: NDArray[np.bool_] = (ahead >= 0) & (ms[ahead] != UNREACHABLE)
    drivable |= (back >= 0) & (ms[back] != UNREACHABLE)
    return drivable


class Scratch:
    """Arrays that a search writes into; one per thread, graph size and number of targets searched at once."""

    def __init__(self, states: int, arcs: int) -> None:
        self.dist = np.full(states, NEVER, dtype=np.int32)
        self.head = np.full(states, -1, dtype=np.int32)
        self.parent = np.empty(states, dtype=np.int32)
        self.length_m = np.empty(states, dtype=np.float64)
        self.touched = np.empty(states, dtype=np.int32)
        self.heap = np.empty(arcs + states + 4096, dtype=np.int64)


_local = threading.local()


def scratch_for(weighted: Weighted, layers: int = 1) -> Scratch:
    """This thread's scratch for a graph, or for so many layers of it; made once."""
    shelf: dict[tuple[int, int], Scratch] = _local.__dict__.setdefault("shelf", {})
    size = (weighted.topology.state_count * layers, len(weighted.topology.edge) * layers)
    found = shelf.get(size)
    if found is None:
        if len(shelf) > 8:
            shelf.clear()
        found = shelf[size] = Scratch(*size)
    return found
