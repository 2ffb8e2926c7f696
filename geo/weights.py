"""Graphs under the times that a question asks for: made once and kept while they are asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.closing import ClosureIndex
from geo.network.model import RoadNetwork
from geo.overlay import Overlay
from geo.routing.graphs import Topology, node_topology, turn_topology
from geo.routing.weighted import Weighted
from geo.speeds import ORDINARY, UNREACHABLE, SpeedModel, hour_of_week, local_month
from geo.travel import Question

_KEPT: Final = 12
"""Weighted graphs that are kept; each costs about 30 bytes an edge."""
DM: Final = 10
"""Lengths on a graph are whole decimetres: an edge is rounded by at most 5 cm, and 200 000 km fit."""


class Weights:
    """The graphs of one network. landing: [S] shapes that a point may be put on. Thread-safe."""

    def __init__(self, network: RoadNetwork, speeds: SpeedModel, landing: NDArray[np.bool_]) -> None:
        self.network = network
        self.closing = ClosureIndex(network)
        self._speeds = speeds
        self._landing = landing
        self._lock = threading.Lock()
        self._weighted: OrderedDict[object, tuple[Weighted, Overlay]] = OrderedDict()
        self._topologies: dict[str, Topology] = {}

    def topology(self, question: Question) -> Topology:
        """The graph that a profile is searched on; made once."""
        name = question.profile.name
        with self._lock:
            if name not in self._topologies:
                if question.profile.turns_bind:
                    legal = self._speeds.weights_ms(self.network, ORDINARY) != UNREACHABLE
                    self._topologies[name] = turn_topology(self.network, legal)
                else:
                    self._topologies[name] = node_topology(self.network)
            return self._topologies[name]

    def of(self, question: Question, overlay: Overlay) -> Weighted:
        """The graph with the times that a question asks for, closures laid over; kept for the next who asks."""
        hour = None if question.at is None else hour_of_week(question.at)
        moment = question.at or question.closures_at
        month = None if moment is None else local_month(moment)
        phase = None if question.closures_at is None else overlay.phase(question.closures_at)
        # An overlay is kept with its graphs, so its identity stands for it: comparing all closures would cost more
        # than a search.
        key = (question.profile, hour, month, phase, phase is not None and id(overlay))
        with self._lock:
            found = self._weighted.get(key)
            if found is not None:
                self._weighted.move_to_end(key)
                return found[0]
        made = self.made(question, overlay)
        with self._lock:
            self._weighted[key] = made, overlay
            while len(self._weighted) > _KEPT:
                self._weighted.popitem(last=False)
        return made

    def made(self, question: Question, overlay: Overlay) -> Weighted:
        """The same graph for who asks once: it takes the place of no other that is kept."""
        hour = None if question.at is None else hour_of_week(question.at)
        moment = question.at or question.closures_at
        month = None if moment is None else local_month(moment)
        closures = () if question.closures_at is None else overlay.active(question.closures_at)
        topology = self.topology(question)
        ms = usual_ms = self._speeds.weights_ms(self.network, question.profile, hour, month)
        if month is not None and self.network.edge_closed_months.any():
            usual_ms = self._speeds.weights_ms(self.network, question.profile, hour)
        laid = self.closing.applied(ms, closures)
        return Weighted(self.network, topology, laid, self._landing, usual_ms)

    def lengths(self, weighted: Weighted) -> Weighted:
        """The same open roads with their lengths in decimetres in place of times, to be searched for the shortest."""
        length = np.rint(self.network.edge_length_m * DM)
        dm = np.where(weighted.ms == UNREACHABLE, UNREACHABLE, np.maximum(length, 1)).astype(np.int32)
        return Weighted(self.network, weighted.topology, dm, self._landing, dm)

    def for_any_size(self, question: Question, overlay: Overlay) -> Weighted:
        """The graph that a question asks for, for vehicles that nothing is too low, narrow or weak for."""
        profile = replace(question.profile, height_cm=0, width_cm=0, weight_kg=0)
        return self.of(replace(question, profile=profile), overlay)
