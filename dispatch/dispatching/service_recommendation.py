"""Recommending units for an incident: load, ask the roads, decide, store. Nothing here commits."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

from dispatch.dispatching.events import RecommendationMade
from dispatch.dispatching.queries import list_runs_now
from dispatch.dispatching.queries_recommendation import Stored, keep_recommendation, write_body
from dispatch.dispatching.rules_candidates import Recommendation, Wanted
from dispatch.dispatching.rules_recommendation import recommend
from dispatch.dispatching.rules_sharing import Party
from dispatch.dispatching.service_look import FleetNow, look
from dispatch.dispatching.service_reach import DEFAULT, Choosing, arrivals, reach_by_size
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.service import Act
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.errors import Refused
from dispatch.units.queries_fleet import list_duty_units
from geo.points import GeoPoint
from geo.travel import TravelTimes

_NOBODY: Final = Party("", "")


async def recommend_units(
    act: Act,
    travel: TravelTimes,
    incident_id: UUID,
    *,
    requester: Party | None = None,
    choosing: Choosing = DEFAULT,
    fleet: FleetNow | None = None,
) -> tuple[Stored, Recommendation]:
    """Rank all units of the region for an incident, and store the answer with all that was looked at.

    requester: for whom units of others are lent, by the region's rules; without one everybody's are lent. fleet: a
    look at the fleet that was taken after the question came; without one it is taken here, by `choosing`. The roads are
    asked in a thread; no row is locked meanwhile. Raises NotFound (`incident.not_found`), Refused
    (`recommendation.no_place`).
    """
    async with act.together():
        incident = await get_incident(act.session, act.region, incident_id)
        if incident.lat is None or incident.lon is None:
            raise Refused("recommendation.no_place", "This incident has no place yet.", "Put it on the map.")
        fleet = fleet or await look(act.session, act.region, act.clock.now(), choosing)
        target = GeoPoint(lat=incident.lat, lon=incident.lon)
        wanted = Wanted(
            incident.id, Priority(incident.priority), incident.capabilities, requester or _NOBODY, fleet.at,
            fleet.sharing.policy, fleet.sharing.version,
        )  # fmt: skip
        made, body = await asyncio.to_thread(_decide, travel, fleet, wanted, target)
        row = Stored(act.new_id(), incident.id, fleet.at, incident.place_version, made.chosen)
        await keep_recommendation(act.session, act.region, act.actor, row, made, body)
        inputs = made.inputs
        act.tell(
            RecommendationMade(
                incident_id=incident.id, recommendation_id=row.id, chosen=made.chosen,
                offered=len(made.considered), excluded=len(made.excluded_because), policy=inputs.policy,
                network_version=inputs.network_version, overlay_version=inputs.overlay_version,
            )
        )  # fmt: skip
        return row, made


async def arrives_s(act: Act, travel: TravelTimes, unit_id: UUID, *, choosing: Choosing = DEFAULT) -> float | None:
    """Seconds until a unit reaches the scene that it is sent to; None where that is not known, or it has none."""
    now = act.clock.now()
    run = next((one for one in await list_runs_now(act.session, act.region) if one.unit_id == unit_id), None)
    units = await list_duty_units(act.session, act.region, now, ids=[unit_id], policy=choosing.duty)
    if run is None or not units:
        return None
    found = await asyncio.to_thread(arrivals, travel, units, {unit_id: run}, now, choosing)
    return found.get(unit_id)


def _decide(travel: TravelTimes, fleet: FleetNow, wanted: Wanted, target: GeoPoint) -> tuple[Recommendation, str]:
    lineup = fleet.lineup(travel, wanted.priority, wanted.capabilities)
    reached, answer = reach_by_size(travel, target, lineup.groups, fleet.at)
    made = recommend(
        wanted, lineup.candidates, reached, policy=fleet.choosing.policy, figures=fleet.choosing.figures,
        network_version=answer.network_version, overlay_version=answer.overlay_version, warnings=answer.warnings,
    )  # fmt: skip
    return made, write_body(made, units=lineup.stored)
