"""`RoadEngine`: travel times on one network. Exact at once after any change of closures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.fleet import Fleet
from geo.matching.matcher import Matcher
from geo.matching.places import MatchedPlaces, turned
from geo.network.model import RoadNetwork
from geo.overlay import Closure, Overlay
from geo.points import EARTH_RADIUS_M, GeoPoint
from geo.progress import Progress, silent
from geo.ranking import Limits, finite_m, of_one_side, rank
from geo.routing.anchor_kernels import straight_lines, walked_ms
from geo.routing.anchors import Entries, Placed, put
from geo.routing.carriageways import carriageways, leads_to, slower
from geo.routing.graphs import Topology
from geo.routing.heap_kernels import NEVER
from geo.routing.isochrones import isochrones
from geo.routing.landmarks import Guides, quickest_way
from geo.routing.paths import make_route
from geo.routing.search import Found, times_to
from geo.routing.trees import Trees
from geo.routing.weighted import Weighted
from geo.snapping import Snapper, Snaps
from geo.snapping_kernels import OPEN
from geo.speeds import EMERGENCY, ORDINARY, SpeedModel
from geo.travel import Isochrone, Matrix, Nearest, Origin, Question, Reason, Route, Source, Travel
from geo.weights import Weights

_Floats = NDArray[np.float64]
_TREE_FROM: Final = 16
"""So many origins, all of whom are asked about, are worth a search of the whole network, which is kept."""
_TALL_CM: Final = 10_000
"""Higher than any limit."""


class RoadEngine:
    """Answers `TravelTimes` questions on a network, under closures that may be swapped at any moment.

    Thread-safe: a question works on the weights it began with. Kernels release the GIL.
    """

    def __init__(
        self,
        network: RoadNetwork,
        *,
        speeds: SpeedModel | None = None,
        limits: Limits | None = None,
        network_version: str = "",
    ) -> None:
        self.network = network
        self.network_version = network_version
        self.limits = limits or Limits()
        self.snapper = Snapper(network)
        self.matched = MatchedPlaces(Matcher(network, self.snapper))
        self.weights = Weights(network, speeds or SpeedModel.read(), self.snapper.landing)
        self._overlay = Overlay()
        self._guides = Guides()
        self._trees = Trees()

    # Closures and weights

    @property
    def overlay(self) -> Overlay:
        """The closures that lie over the network."""
        return self._overlay

    @overlay.setter
    def overlay(self, overlay: Overlay) -> None:
        """Swap them; questions in flight keep the ones they began with."""
        self._overlay = overlay

    def edges_closed(self, closure: Closure) -> NDArray[np.int32]:
        """Edges that a closure would touch in this network."""
        return self.weights.closing.edges(closure)

    def topology(self, question: Question) -> Topology:
        """The graph that a profile is searched on; made once."""
        return self.weights.topology(question)

    def weighted(self, question: Question, overlay: Overlay | None = None) -> Weighted:
        """The graph with the times that a question asks for, closures laid over: the present ones, or those given."""
        return self.weights.of(question, overlay or self._overlay)

    # Places on the road

    def fleet(self, lat: _Floats, lon: _Floats, question: Question, ids: Sequence[str] = ()) -> Fleet:
        """Put many origins on the road under a question's weights; with `ids`, vehicles as they were matched to it."""
        return self._fleet(lat, lon, question, self._overlay, ids)

    def _fleet(
        self, lat: _Floats, lon: _Floats, question: Question, overlay: Overlay, ids: Sequence[str] = ()
    ) -> Fleet:
        weighted = self.weighted(question, overlay)
        snaps = self.snapper.snap(lat, lon, weighted.landing)
        against = self.matched.put(ids, lat, lon, snaps, weighted) if ids else None
        placed, entries = put(weighted, snaps, self._walk_ms(snaps), leaving=True)
        if against is not None:
            placed, entries = turned(placed, entries, against, self.limits.turn_round_ms)
        return Fleet(lat, lon, snaps, placed, entries, snaps.distance_m, snaps.shut, overlay, weighted)

    def _walk_ms(self, snaps: Snaps) -> NDArray[np.int64]:
        """Time to walk between a place and its road, where that is further than the limit or the place's own is shut.

        So an open road beyond a closure never passes for the door. Elsewhere nothing: houses stand beside roads.
        """
        walked: NDArray[np.int64] = walked_ms(
            snaps.distance_m, snaps.shut, self.limits.off_road_m, 1000.0 / self.limits.walking_speed_mps
        )
        return walked

    def targets(
        self, target: GeoPoint, question: Question, overlay: Overlay | None = None
    ) -> tuple[list[Placed], list[Reason], float]:
        """Where a place can be reached: one answer, or two on a divided road whose direction is not known.

        Also what must be said about it, and its straight distance from the road in metres (−1 = no road is open).
        """
        put_there, reasons, off_road_m = self._put_there(target, question, self.weighted(question, overlay))
        return [placed for placed, _ in put_there], reasons, off_road_m

    def _put_there(
        self, target: GeoPoint, question: Question, weighted: Weighted
    ) -> tuple[list[tuple[Placed, Entries]], list[Reason], float]:
        """`targets`, each with the states at which it is reached."""
        lat, lon = np.array([target.lat]), np.array([target.lon])
        snaps = self.snapper.snap(lat, lon, weighted.landing)
        reasons: list[Reason] = []
        if snaps.shut[0]:
            reasons.append(Reason.NEAREST_ROAD_CLOSED)
        if snaps.distance_m[0] > self.limits.off_road_m:
            reasons.append(Reason.OFF_ROAD_TARGET)
        choices = carriageways(weighted, self.snapper, target, snaps, self.limits.opposite_within_m)
        there = [put(weighted, choice, self._walk_ms(choice), leaving=False) for choice in choices]
        if len(there) > 1 and question.towards is not None:
            there = [there[leads_to(weighted, self.snapper, [placed for placed, _ in there], question.towards)]]
        elif len(there) > 1:
            reasons.append(Reason.DIRECTION_UNKNOWN)
        return there, reasons, finite_m(snaps.distance_m[0])

    # Questions

    def nearest(self, target: GeoPoint, origins: Sequence[Origin], k: int, question: Question) -> Nearest:
        """See `TravelTimes.nearest`."""
        lat = np.array([origin.point.lat for origin in origins], dtype=np.float64)
        lon = np.array([origin.point.lon for origin in origins], dtype=np.float64)
        ids = [origin.id for origin in origins]
        return self.nearest_of(ids, self.fleet(lat, lon, question, ids), target, k, question)

    def nearest_of(self, ids: Sequence[str], fleet: Fleet, target: GeoPoint, k: int, question: Question) -> Nearest:
        """`nearest` for origins that are on the road already, under the closures they were put there with.

        `ids` name the rows of `fleet`, which was made for the same question.
        """
        weighted = fleet.weighted
        there, reasons, off_road_m = self._put_there(target, question, weighted)
        straight = straight_lines(fleet.lat, fleet.lon, target.lat, target.lon, EARTH_RADIUS_M)
        everybody = self._everybody(fleet, there, question) if k >= len(ids) >= _TREE_FROM else None
        ranked = rank(self.limits, ids, fleet, there, k, straight, reasons, off_road_m, everybody)
        return Nearest(tuple(ranked), self.network_version, fleet.overlay.version)

    def _everybody(self, fleet: Fleet, there: list[tuple[Placed, Entries]], question: Question) -> Found | None:
        """All origins of a fleet by their times, off a tree; see `geo.routing.trees`."""
        profile, graph = question.profile, fleet.weighted
        if profile.height_cm or profile.width_cm or profile.weight_kg:
            graph = self.weights.for_any_size(question, fleet.overlay)
        return self._trees.all_to((graph, fleet.weighted), fleet.entries, fleet.placed, there)

    def matrix(self, origins: Sequence[GeoPoint], targets: Sequence[GeoPoint], question: Question) -> Matrix:
        """See `TravelTimes.matrix`. A target on a divided road is its slower carriageway unless `towards` is told."""
        overlay = self._overlay
        weighted = self.weighted(question, overlay)
        fleet = self._fleet(
            np.array([point.lat for point in origins], dtype=np.float64),
            np.array([point.lon for point in origins], dtype=np.float64),
            question,
            overlay,
        )
        time_ms = np.full((len(origins), len(targets)), -1, dtype=np.int64)
        length = np.full((len(origins), len(targets)), np.nan)
        off_road = np.zeros(len(targets))
        one_side = np.zeros((len(origins), len(targets)), dtype=bool)
        for column, target in enumerate(targets):
            placed, _, off_road[column] = self.targets(target, question, overlay)
            answers = [times_to(weighted, fleet.entries, fleet.placed, choice) for choice in placed]
            ms, m, one_side[:, column] = slower(answers)
            found = ms < NEVER
            time_ms[found, column] = ms[found]
            length[found, column] = m[found]
        return Matrix(
            time_ms, length, np.where(np.isfinite(fleet.off_road_m), fleet.off_road_m, -1.0), off_road, one_side
        )

    def route(self, origin: GeoPoint | Origin, target: GeoPoint, question: Question) -> Route:
        """See `TravelTimes.route`. A vehicle, as an `Origin`, goes on from where it was matched to the road."""
        overlay = self._overlay
        weighted = self.weighted(question, overlay)
        point, ids = (origin, ()) if isinstance(origin, GeoPoint) else (origin.point, (origin.id,))
        fleet = self._fleet(np.array([point.lat]), np.array([point.lon]), question, overlay, ids)
        placed, reasons, off_road_m = self.targets(target, question, overlay)
        if fleet.closed_nearer[0]:
            reasons.append(Reason.NEAREST_ROAD_CLOSED)
        if fleet.off_road_m[0] > self.limits.off_road_m:
            reasons.append(Reason.OFF_ROAD_ORIGIN)
        marks = self._guides.for_weights(weighted)
        paths = [quickest_way(weighted, fleet.entries, fleet.placed, choice, marks) for choice in placed]
        found = [(choice, path) for choice, path in zip(placed, paths, strict=True) if path is not None]
        if not found:
            reasons.append(Reason.UNREACHABLE)
            nowhere = Travel(
                Source.UNREACHABLE, None, None, finite_m(fleet.off_road_m[0]), off_road_m, tuple(dict.fromkeys(reasons))
            )
            return Route(nowhere)
        if len(found) < len(placed):
            reasons = of_one_side(reasons)
        choice, path = max(found, key=lambda item: item[1].ms)
        travel = Travel(
            Source.ROAD,
            path.ms / 1000.0,
            path.m,
            finite_m(fleet.off_road_m[0]),
            off_road_m,
            tuple(dict.fromkeys(reasons)),
        )
        return make_route(weighted, path, fleet.placed, choice, travel)

    def isochrone(self, origin: GeoPoint, limits_s: Sequence[float], question: Question) -> list[Isochrone]:
        """See `TravelTimes.isochrone`."""
        overlay = self._overlay
        weighted = self.weighted(question, overlay)
        fleet = self._fleet(np.array([origin.lat]), np.array([origin.lon]), question, overlay)
        return isochrones(weighted, fleet.placed, fleet.entries, origin, sorted(limits_s))

    def warm_up(self, progress: Progress = silent) -> None:
        """Compile (or load) every kernel and index by asking one of each question."""
        network = self.network
        shape = int(np.flatnonzero(self.weighted(Question()).landing == OPEN)[:1].sum())
        edge = int(max(network.shape_edge_forward[shape], network.shape_edge_backward[shape]))
        here, there = (network.node_point(int(node[edge])) for node in (network.edge_from, network.edge_to))
        progress("compiling searches", 0.0)
        tall = Question(replace(EMERGENCY, height_cm=_TALL_CM))
        self.nearest(there, [Origin("a", here)] * _TREE_FROM, _TREE_FROM, tall)
        for step, question in enumerate((Question(), Question(profile=ORDINARY))):
            self.nearest(there, [Origin("a", here), Origin("b", there)], 1, question)
            progress("compiling searches", 0.3 + 0.3 * step)
            self.matrix([here], [there], question)
            self.route(here, there, question)
        self.isochrone(here, [60.0], Question())
        self.snapper.near(here.lat, here.lon, 50.0)
        self.matched.matcher.warm_up()
        progress("compiling searches", 1.0)
