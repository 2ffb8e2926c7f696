"""A vehicle that broke down with a patient on board: the next one goes to where it stands. Nothing here commits."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from dispatch.dispatching.states import AssignmentState
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.service import Act
from dispatch.incidents.service_describing import place_incident
from dispatch.incidents.states_incidents import PlaceSource
from dispatch.units.queries import get_unit_by_id
from dispatch.units.queries_position import list_latest
from dispatch.units.states_duty import UnitStatus
from dispatch.units.tables_duty import UnitStatusRow

KNOWN_FOR: Final = timedelta(minutes=15)
"""A vehicle that stands may not have told its position for so long."""
AT_VEHICLE: Final = "vehicle:"
"""Before a call sign in a place's words: screens say it in the reader's language."""
_LEFT: Final = (UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL)


async def meet_at_vehicle(act: Act, run: Assignment) -> bool:
    """Make the place of an incident where its vehicle stands; the scene stays in the history of its places.

    Not where nobody knows where that is, nor while another vehicle has yet to do with the scene: then the dispatcher
    says who goes where. Returns whether it was done. Raises NotFound (`incident.not_found`, `unit.not_found`).
    """
    async with act.together():
        incident = await get_incident(act.session, act.region, run.incident_id, lock=True)
        latest = next(iter(await list_latest(act.session, [run.unit_id])), None)
        if latest is None or latest.at < act.clock.now() - KNOWN_FOR:
            return False
        others = (
            select(Assignment.id)
            .outerjoin(UnitStatusRow, UnitStatusRow.run_id == Assignment.id)
            .where(
                Assignment.incident_id == incident.id, Assignment.id != run.id,
                Assignment.state == AssignmentState.ACTIVE,
                UnitStatusRow.status.is_distinct_from(_LEFT[0]), UnitStatusRow.status.is_distinct_from(_LEFT[1]),
            )
        )  # fmt: skip
        if await act.session.scalar(others.limit(1)) is not None:
            return False
        unit = await get_unit_by_id(act.session, act.region, run.unit_id)
        given = PlaceGiven(
            lat=latest.lat, lon=latest.lon, words=f"{AT_VEHICLE}{unit.call_sign}", accuracy_m=latest.accuracy_m,
            source=PlaceSource.VEHICLE,
        )  # fmt: skip
        await place_incident(act, incident, given, act.moment())
        await act.session.flush()
        return True
