"""What time brings: crews that do not answer, and units that would be there sooner. Nothing here commits.

Called by a loop that runs in one process at a time, and when a unit frees.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from dispatch.dispatching.events import SwapSuggested, Unacknowledged
from dispatch.dispatching.queries import find_active, list_runs_now, list_told, list_unanswered
from dispatch.dispatching.queries_sharing import get_sharing
from dispatch.dispatching.rules_assignment import swap_worth, unacknowledged
from dispatch.dispatching.rules_policy import PROPOSED, Figures
from dispatch.dispatching.rules_sharing import Party, withheld
from dispatch.dispatching.service_reach import DEFAULT, Choosing, arrivals, reach
from dispatch.dispatching.states import Point
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.service import Act
from dispatch.incidents.states_incidents import Priority
from dispatch.units.queries_duty import find_status, lock_unit, standing_of
from dispatch.units.queries_fleet import list_duty_units
from dispatch.units.states_duty import UnitStatus
from geo.travel import TravelTimes


async def escalate_unacknowledged(act: Act, *, figures: Figures = PROPOSED) -> Sequence[Assignment]:
    """Tell once of each crew that neither acknowledged nor moved in time; return their assignments."""
    async with act.together():
        now = act.clock.now()
        late = now - timedelta(seconds=figures.assignment.acknowledge_s)
        told: list[Assignment] = []
        # Read without a lock: each is looked at again under its unit's.
        for unit_id in await list_unanswered(act.session, act.region, late):
            await lock_unit(act.session, unit_id)
            one = await find_active(act.session, unit_id)
            if one is None or one.escalated_at is not None:
                continue
            status = standing_of(await find_status(act.session, unit_id)).status
            answered = any(row.point == Point.T4 for row in await list_told(act.session, one.id))
            if not unacknowledged(one.assigned_at, status, now, acknowledged=answered, figures=figures.assignment):
                continue
            incident = await get_incident(act.session, act.region, one.incident_id)
            one.escalated_at = now
            await act.session.flush()
            act.tell(
                Unacknowledged(
                    assignment_id=one.id, unit_id=one.unit_id, organisation=one.organisation,
                    incident_id=one.incident_id, priority=Priority(incident.priority), assigned_at=one.assigned_at,
                )
            )  # fmt: skip
            told.append(one)
        return told


async def suggest_swaps(
    act: Act, travel: TravelTimes, unit_id: UUID, *, choosing: Choosing = DEFAULT, figures: Figures = PROPOSED
) -> Sequence[SwapSuggested]:
    """Suggest that a freed unit takes over from one that is not half way and would be there later. Never done.

    Nothing is suggested to a unit that lacks what the incident needs and the sent one has, or that its organisation
    does not lend. Raises nothing of its own.
    """
    async with act.together():
        now = act.clock.now()
        units = {one.id: one for one in await list_duty_units(act.session, act.region, now, policy=choosing.duty)}
        freed = units.get(unit_id)
        if freed is None or not freed.availability.available:
            return ()
        sharing = (await get_sharing(act.session, act.region)).policy
        owner = Party(freed.organisation, freed.system)
        runs = {
            run.unit_id: run
            for run in await list_runs_now(act.session, act.region)
            if units[run.unit_id].standing.status in (UnitStatus.ASSIGNED, UnitStatus.EN_ROUTE)
            and set(units[run.unit_id].abilities.letters) <= set(freed.abilities.letters)
            and (run.requester is None or withheld(sharing.rule(owner, run.requester), run.priority) is None)
        }
        sent = [units[one] for one in runs]
        remaining = await asyncio.to_thread(arrivals, travel, sent, runs, now, choosing)
        made: list[SwapSuggested] = []
        for other_id, run in runs.items():
            if run.point is None or other_id not in remaining:
                continue
            points = {unit_id: freed.reckoning.point}
            reached, _ = await asyncio.to_thread(reach, travel, run.point, [freed], points, now, choosing)
            road_s = reached[unit_id].travel.eta_s if unit_id in reached else None
            nearer_s = None if road_s is None else road_s + choosing.figures.mobilise_station_s
            if nearer_s is None or not swap_worth(run.planned_s, remaining[other_id], nearer_s, figures.assignment):
                continue
            made.append(
                SwapSuggested(
                    assignment_id=run.assignment_id, incident_id=run.incident_id, unit_id=other_id,
                    nearer_unit_id=unit_id, remaining_s=remaining[other_id], nearer_s=nearer_s,
                )
            )  # fmt: skip
        for event in made:
            act.tell(event)
        return made
