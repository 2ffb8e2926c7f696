"""What stands on a sheet now, and the sheets that were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries_board import BoardAssignment, list_board_assignments
from dispatch.handover.states import Sheet, SheetCallBack, SheetClosure, SheetIncident, SheetRun, SheetUnit
from dispatch.handover.tables import Handover
from dispatch.incidents.queries_board import BoardIncident, list_board_incidents
from dispatch.incidents.queries_calls import list_call_backs
from dispatch.incidents.states_calls import CallBackReason
from dispatch.incidents.states_incidents import ACTIVE, IncidentState, Priority
from dispatch.incidents.tables_incidents import Incident, IncidentPlace
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.errors import NotFound
from dispatch.roads.queries import list_closures
from dispatch.units.queries_fleet import DutyUnit, list_duty_units
from dispatch.units.states_duty import UnitStatus

SCHEMA: Final = 1
MOST_LISTED: Final = 100


async def draw_sheet(session: AsyncSession, region: str, now: datetime) -> Sheet:
    """What stands on a sheet at this moment: of one moment where the session has one view (`Database.read`).

    Raises NotFound (`region.not_found`).
    """
    runs: dict[UUID, list[SheetRun]] = {}
    for one in await list_board_assignments(session, region):
        runs.setdefault(one.assignment.incident_id, []).append(_run(one))
    incidents = [
        _incident(one, tuple(runs.get(one.incident.id, ()))) for one in await list_board_incidents(session, region)
    ]
    units = [_unit(one) for one in await list_duty_units(session, region, now)]
    closures = [
        SheetClosure(row.id, row.reason, row.speed_factor, row.active_from, row.active_until)
        for row in await list_closures(session, region, active_at=now)
        if not row.stale_network
    ]
    call_backs = [
        SheetCallBack(row.id, row.call_id, CallBackReason(row.reason), row.due_at, row.attempts)
        for row in await list_call_backs(session, region)
    ]
    return Sheet(
        at=now,
        incidents=tuple(sorted(incidents, key=lambda one: (one.priority, one.t0, one.id))),
        units_out=tuple(one for one in units if one is not None),
        closures=tuple(closures),
        call_backs=tuple(call_backs),
    )


async def get_handover(session: AsyncSession, region: str, handover_id: UUID, *, lock: bool = False) -> Handover:
    """One sheet, locked until the transaction ends if asked. Raises NotFound (`handover.not_found`)."""
    wanted = select(Handover).where(Handover.region == region, Handover.id == handover_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = await session.scalar(wanted)
    if found is None:
        raise NotFound("handover.not_found", "There is no such handover in this region.")
    return found


async def list_handovers(
    session: AsyncSession, region: str, span: tuple[datetime, datetime] | None = None
) -> Sequence[Handover]:
    """Sheets of a span of time (its end left out) or the last ones, the newest first, at most MOST_LISTED."""
    wanted = select(Handover).where(Handover.region == region)
    if span is not None:
        wanted = wanted.where(Handover.made_at >= span[0], Handover.made_at < span[1])
    return (
        await session.scalars(wanted.order_by(Handover.made_at.desc(), Handover.id.desc()).limit(MOST_LISTED))
    ).all()


async def lock_with_closure(session: AsyncSession, region: str, closure_id: UUID) -> Sequence[Handover]:
    """The sheets on which a closure stands, locked, in the order of their ids."""
    on_it = Handover.body["closures"].contains([{"id": str(closure_id)}])
    wanted = select(Handover).where(Handover.region == region, on_it).order_by(Handover.id).with_for_update()
    return (await session.scalars(wanted, execution_options={"populate_existing": True})).all()


async def list_places(session: AsyncSession, sheet: Sheet) -> dict[UUID, tuple[str, bool]]:
    """The place in words of each incident on a sheet, in the version that stands there, and whether it is over now.

    "" where nobody gave any, or they were erased.
    """
    wanted = [(one.id, one.place_version) for one in sheet.incidents]
    found = await session.execute(
        select(Incident.id, Incident.state, PersonalValue.value)
        .outerjoin(
            IncidentPlace,
            (IncidentPlace.incident_id == Incident.id)
            & tuple_(IncidentPlace.incident_id, IncidentPlace.version).in_(wanted),
        )
        .outerjoin(PersonalValue, PersonalValue.id == IncidentPlace.words_id)
        .where(Incident.id.in_([key for key, _ in wanted]))
    )
    return {row.id: (row.value or "", row.state not in ACTIVE) for row in found}


def write_sheet(sheet: Sheet) -> dict[str, Any]:
    """The sheet as it is stored."""
    body: dict[str, Any] = msgspec.to_builtins(sheet)
    return body


def read_sheet(row: Handover) -> Sheet:
    """The sheet as it was stored."""
    return msgspec.convert(row.body, Sheet)


def _run(one: BoardAssignment) -> SheetRun:
    return SheetRun(one.assignment.unit_id, one.call_sign, one.status, one.assignment.assigned_at)


def _incident(one: BoardIncident, runs: tuple[SheetRun, ...]) -> SheetIncident:
    incident = one.incident
    return SheetIncident(
        id=incident.id,
        number=incident.number,
        state=IncidentState(incident.state),
        priority=Priority(incident.priority),
        complaint=incident.complaint,
        t0=incident.t0,
        place_version=incident.place_version,
        lat=incident.lat,
        lon=incident.lon,
        patients_open=one.patients_open,
        runs=runs,
    )


def _unit(unit: DutyUnit) -> SheetUnit | None:
    standing = unit.standing
    if standing.status is not UnitStatus.OUT_OF_SERVICE:
        return None
    # The table lets no unit out of service without all three.
    if standing.reason is None or standing.since is None or standing.expected_end_at is None:
        raise AssertionError(unit.id)
    return SheetUnit(
        unit.id, unit.call_sign, unit.organisation, standing.reason, standing.since, standing.expected_end_at
    )
