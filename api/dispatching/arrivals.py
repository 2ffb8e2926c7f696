"""When vehicles under way will be there, for boards and the live feed: asked anew only where something has changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.dispatching.choosing import choosing_of
from api.regions.live import LiveRegion, Served
from dispatch.dispatching.rules_arrivals import Arrival, Goal
from dispatch.dispatching.rules_policy import Figures
from dispatch.dispatching.service_arrivals import arrivals_now
from dispatch.kernel.db import Session
from dispatch.kernel.errors import DatabaseUnavailable, Unavailable
from geo.points import GeoPoint
from geo.routing.left import WayLeft
from geo.speeds import hour_of_week, local_month
from geo.travel import Isochrone, Matrix, Nearest, Origin, Question, Ranked, Route, Source, TravelTimes

_MOST_REMEMBERED: Final = 5_000
_MOST_WAYS: Final = 1_000


class ArrivalOut(msgspec.Struct, frozen=True):
    """When a unit will be there, by the roads and closures as they are now. Seconds count from `computed_at`."""

    assignment_id: UUID
    unit_id: UUID
    goal: Goal
    eta_s: Annotated[float, Meta(description="Seconds.", examples=[312.4])]
    low_s: Annotated[float, Meta(description="At best, seconds.")]
    high_s: Annotated[float, Meta(description="At worst, seconds; wider the older its position is.")]
    at: Annotated[datetime, Meta(description="The clock time of that arrival.")]
    source: Annotated[str, Meta(description="`road`, or `estimate` where no road is known.", examples=["road"])]
    distance_m: Annotated[float | None, Meta(description="Metres of road that were left at its last position.")]
    age_s: Annotated[float | None, Meta(description="Of that position, seconds.")]
    stale: Annotated[bool, Meta(description="That position is out of date.")]
    computed_at: datetime


class Arrivals:
    """Reckons arrivals on the served roads. Made once, by the composition root; `app.state.arrivals`.

    What a road answered is remembered for the same vehicle's place, goal, hour and closures: of a whole fleet under way
    only those are asked about again that have moved, or all of them when a closure changed. Of one that is matched to
    the road its way is remembered, and what is left of it; it is asked for again when the vehicle leaves it.
    """

    def __init__(self, live: LiveRegion, figures: Figures) -> None:
        self._live, self._figures = live, figures
        self._roads: _RememberedRoads | None = None

    async def now(
        self, session: Session, region: str, now: datetime, unit_ids: Collection[UUID] | None = None
    ) -> dict[UUID, Arrival]:
        """Return the arrivals of all units under way, or of some, by assignment; see `service_arrivals`.

        While there are no roads, none is told: a board is read without them. Raises DatabaseUnavailable, NotFound
        (`region.not_found`).
        """
        try:
            served = await self._live.ask()
        except DatabaseUnavailable:
            raise
        except Unavailable:
            return {}
        choosing = choosing_of(served, self._figures)
        return await arrivals_now(session, region, self.roads(served), now, unit_ids=unit_ids, choosing=choosing)

    def roads(self, served: Served) -> TravelTimes:
        """Return the served roads with all that they answered for vehicles under way."""
        if self._roads is None or self._roads.served.engine is not served.engine:
            self._roads = _RememberedRoads(served)
        return self._roads


def arrival_out(one: Arrival) -> ArrivalOut:
    """Tell an arrival."""
    left_m = None if one.distance_m is None else round(one.distance_m, 1)
    return ArrivalOut(
        one.assignment_id, one.unit_id, one.goal, round(one.eta_s, 1), round(one.low_s, 1), round(one.high_s, 1),
        one.at, one.source, left_m, one.age_s, one.stale, one.computed_at,
    )  # fmt: skip


class _RememberedRoads:
    """`TravelTimes` that asks the engine about each origin by itself, and once."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self._known: OrderedDict[object, Ranked] = OrderedDict()
        self._ways: OrderedDict[object, WayLeft] = OrderedDict()

    def nearest(self, target: GeoPoint, origins: Sequence[Origin], k: int, question: Question) -> Nearest:
        """See `TravelTimes.nearest`; none is pinned: they do not compete."""
        found = sorted(
            (self._asked(target, origin, question) for origin in origins),
            key=lambda one: (one.travel.eta_s is None, one.travel.eta_s or 0.0),
        )
        return Nearest(tuple(found[:k]), self.served.engine.network_version, self.served.engine.overlay.version)

    def matrix(self, origins: Sequence[GeoPoint], targets: Sequence[GeoPoint], question: Question) -> Matrix:
        """See `TravelTimes.matrix`."""
        return self.served.engine.matrix(origins, targets, question)

    def route(self, origin: GeoPoint, target: GeoPoint, question: Question) -> Route:
        """See `TravelTimes.route`."""
        return self.served.engine.route(origin, target, question)

    def isochrone(self, origin: GeoPoint, limits_s: Sequence[float], question: Question) -> list[Isochrone]:
        """See `TravelTimes.isochrone`."""
        return self.served.engine.isochrone(origin, limits_s, question)

    def _asked(self, target: GeoPoint, origin: Origin, question: Question) -> Ranked:
        engine = self.served.engine
        overlay = engine.overlay
        phase = None if question.closures_at is None else (overlay.version, overlay.phase(question.closures_at))
        hour = None if question.at is None else (hour_of_week(question.at), local_month(question.at))
        asked = (origin.id, target, question.profile, question.towards, hour, phase)
        on_its_way = self._on_its_way(asked, target, origin, question)
        if on_its_way is not None:
            return on_its_way
        key = (*asked, origin.point)
        known = self._known.get(key)
        if known is None:
            known = engine.nearest(target, [origin], 1, question).ranked[0]
            self._known[key] = known
            while len(self._known) > _MOST_REMEMBERED:
                self._known.popitem(last=False)
        return known

    def _on_its_way(self, asked: object, target: GeoPoint, origin: Origin, question: Question) -> Ranked | None:
        """Of a vehicle that is on a road for sure: what is left of its way, which is asked for anew when it leaves it.

        None where its road is not known, or no road leads to its goal.
        """
        engine = self.served.engine
        match = engine.matched.at(origin.id, origin.point)
        if match is None:
            return None
        way = self._ways.get(asked)
        travel = None if way is None else way.left(match)
        if travel is None:
            route = engine.route(origin, target, question)
            if route.travel.source is not Source.ROAD:
                return None
            travel = route.travel
            self._ways[asked] = WayLeft(
                engine.network, engine.weighted(question).ms, route, match, engine.limits.turn_round_ms
            )
            while len(self._ways) > _MOST_WAYS:
                self._ways.popitem(last=False)
        return Ranked(origin.id, travel, origin.point.distance_m(target))
