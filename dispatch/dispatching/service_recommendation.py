"""Recommending units for an incident: load, ask the roads, decide, store. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dispatch.dispatching.events import RecommendationMade
from dispatch.dispatching.queries import list_runs_now
from dispatch.dispatching.queries_recommendation import Kept, Stored, keep_recommendations, write_body
from dispatch.dispatching.queries_wanted import IncidentNow, list_incidents_now
from dispatch.dispatching.rules_candidates import Recommendation, Wanted
from dispatch.dispatching.rules_recommendation import recommend
from dispatch.dispatching.rules_sharing import Party
from dispatch.dispatching.service_look import FleetNow, Lineup, look
from dispatch.dispatching.service_reach import DEFAULT, Choosing, arrivals, reach_by_size
from dispatch.incidents.service import Act
from dispatch.kernel.alone import aside
from dispatch.kernel.errors import NotFound, Refused
from dispatch.units.queries_fleet import list_duty_units
from geo.travel import TravelTimes

_NOBODY: Final = Party("", "")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A recommendation that is not stored yet. body: as it will be kept, apart from the units of its line-up."""

    incident: IncidentNow
    made: Recommendation
    lineup: Lineup
    body: str


async def recommend_units(
    act: Act,
    travel: TravelTimes,
    incident_id: UUID,
    *,
    requester: Party | None = None,
    choosing: Choosing = DEFAULT,
) -> tuple[Stored, Recommendation]:
    """Rank all units of the region for an incident, and store the answer with all that was looked at.

    requester: for whom units of others are lent, by the region's rules; without one everybody's are lent. The roads are
    asked in a thread; no row is locked meanwhile. Raises as `choose`.
    """
    async with act.together():
        fleet = await look(act.session, act.region, act.clock.now(), choosing)
        incidents = await list_incidents_now(act.session, act.region, [incident_id])
        chosen = await aside(act.session, choose, travel, fleet, incidents.get(incident_id), requester)
        (row,) = await keep_chosen([(act, chosen)])
        return row, chosen.made


def choose(travel: TravelTimes, fleet: FleetNow, incident: IncidentNow | None, requester: Party | None) -> Chosen:
    """Rank the fleet for an incident, as both were read. It computes for milliseconds, and asks the roads.

    Raises NotFound (`incident.not_found`) without an incident, Refused (`recommendation.no_place`).
    """
    if incident is None:
        raise NotFound("incident.not_found", "There is no such incident in this region.")
    if incident.point is None:
        raise Refused("recommendation.no_place", "This incident has no place yet.", "Put it on the map.")
    wanted = Wanted(
        incident.id, incident.priority, incident.capabilities, requester or _NOBODY, fleet.at,
        fleet.sharing.policy, fleet.sharing.version,
    )  # fmt: skip
    lineup = fleet.lineup(travel, wanted.priority, wanted.capabilities)
    reached, answer = reach_by_size(travel, incident.point, lineup.groups, fleet.at)
    made = recommend(
        wanted, lineup.candidates, reached, policy=fleet.choosing.policy, figures=fleet.choosing.figures,
        network_version=answer.network_version, overlay_version=answer.overlay_version, warnings=answer.warnings,
        known=lineup.stands(wanted, fleet.choosing.figures),
    )  # fmt: skip
    return Chosen(incident, made, lineup, write_body(made))


async def keep_chosen(chosen: Sequence[tuple[Act, Chosen]]) -> list[Stored]:
    """Store what was chosen by one look in the acts' one transaction, each told to the journal in its act's name."""
    act, first = chosen[0]
    session, region, at = act.session, act.region, first.made.inputs.wanted.at
    # Who shares a line-up refers to one copy of it.
    fleets = {id(one.lineup): (act.new_id(), one.lineup.stored) for _, one in chosen}
    kept = [
        Kept(
            Stored(by.new_id(), one.incident.id, at, one.incident.place_version, one.made.chosen),
            by.actor, fleets[id(one.lineup)][0], one.made, one.body,
        )
        for by, one in chosen
    ]  # fmt: skip
    await keep_recommendations(session, region, at, dict(fleets.values()), kept)
    for (by, _), one in zip(chosen, kept, strict=True):
        made, inputs = one.made, one.made.inputs
        async with by.together():
            by.tell(
                RecommendationMade(
                    incident_id=one.row.incident_id, recommendation_id=one.row.id, chosen=made.chosen,
                    offered=len(made.considered), excluded=len(made.excluded_because), policy=inputs.policy,
                    network_version=inputs.network_version, overlay_version=inputs.overlay_version,
                )
            )  # fmt: skip
    return [one.row for one in kept]


async def arrives_s(act: Act, travel: TravelTimes, unit_id: UUID, *, choosing: Choosing = DEFAULT) -> float | None:
    """Seconds until a unit reaches the scene that it is sent to; None where that is not known, or it has none."""
    now = act.clock.now()
    run = next((one for one in await list_runs_now(act.session, act.region) if one.unit_id == unit_id), None)
    units = await list_duty_units(act.session, act.region, now, ids=[unit_id], policy=choosing.duty)
    if run is None or not units:
        return None
    found = await aside(act.session, arrivals, travel, units, {unit_id: run}, now, choosing)
    return found.get(unit_id)
