"""Every question to the tables of assignments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dispatch.dispatching.rules_assignment import SILENT, Waiting, queue_order
from dispatch.dispatching.rules_sharing import Party
from dispatch.dispatching.rules_times import Heard, TimeKnown, status_times
from dispatch.dispatching.states import AssignmentState, EndReason, Point
from dispatch.dispatching.tables import Assignment, AssignmentTime, RecommendationRow
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.states_patients import Care
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import PatientCare
from dispatch.kernel.alone_known import Family, know_row, known_row
from dispatch.kernel.errors import NotFound
from dispatch.kernel.prepared import Prepared
from dispatch.units.queries_duty import list_entries
from dispatch.units.states_duty import Effect, UnitStatus
from dispatch.units.tables_duty import UnitStatusEntry, UnitStatusRow
from geo.points import GeoPoint

_FRESH: Final = {"populate_existing": True}
# Written out, so that any plan can use the indexes of what is active.
_ACTIVE: Final[ColumnElement[str]] = literal_column("'active'")
_CARRIES: Final[ColumnElement[str]] = literal_column(f"'{Care.CARRIES}'")
_HOME_WITHIN: Final = timedelta(hours=24)
QUEUE_LIMIT: Final = 500


_OF_INCIDENT: Final = Family(Assignment, "incident_id")
_TIMES: Final = Family(AssignmentTime, "assignment_id")


async def get_assignment(session: AsyncSession, region: str, assignment_id: UUID) -> Assignment:
    """One assignment, read afresh. Raises NotFound (`assignment.not_found`)."""
    found = known_row(session, Assignment, assignment_id)
    if found is not None and found.region == region:
        return found
    found = await session.scalar(
        select(Assignment).where(Assignment.region == region, Assignment.id == assignment_id), execution_options=_FRESH
    )
    know_row(session, assignment_id, found)
    if found is None:
        raise NotFound("assignment.not_found", "There is no such assignment in this region.")
    return found


async def find_active(session: AsyncSession, unit_id: UUID) -> Assignment | None:
    """What a unit has now, read afresh."""
    newest = known_row(session, Assignment, unit_id)
    if newest is None:
        wanted = select(Assignment).where(Assignment.unit_id == unit_id, Assignment.state == _ACTIVE)
        newest = await session.scalar(wanted, execution_options=_FRESH)
        know_row(session, unit_id, newest)
    return newest if newest is not None and newest.state == AssignmentState.ACTIVE else None


async def list_of_unit(session: AsyncSession, unit_id: UUID, from_at: datetime, until_at: datetime) -> list[Assignment]:
    """What a unit had in a period, the first first; what began or ended at its very edge is no part of it."""
    return list(
        await session.scalars(
            select(Assignment)
            .where(
                Assignment.unit_id == unit_id,
                Assignment.assigned_at < until_at,
                or_(Assignment.ended_at.is_(None), Assignment.ended_at > from_at),
            )
            .order_by(Assignment.assigned_at, Assignment.id)
        )
    )


async def list_active_assignments(session: AsyncSession, region: str) -> Sequence[Assignment]:
    """All that units have now, the longest first."""
    return (
        await session.scalars(
            select(Assignment)
            .where(Assignment.region == region, Assignment.state == _ACTIVE)
            .order_by(Assignment.assigned_at, Assignment.id),
            execution_options=_FRESH,
        )
    ).all()


async def list_unanswered(session: AsyncSession, region: str, since: datetime) -> Sequence[UUID]:
    """The units that were ordered at `since` or before and neither acknowledged nor moved, told of to nobody yet."""
    told = select(AssignmentTime.id).where(
        AssignmentTime.assignment_id == Assignment.id, AssignmentTime.point == Point.T4
    )
    wanted = (
        select(Assignment.unit_id)
        .outerjoin(UnitStatusRow, UnitStatusRow.unit_id == Assignment.unit_id)
        .where(
            Assignment.region == region, Assignment.state == _ACTIVE, Assignment.escalated_at.is_(None),
            Assignment.assigned_at <= since, ~told.exists(),
            or_(UnitStatusRow.status.is_(None), UnitStatusRow.status.in_(SILENT)),
        )
        .order_by(Assignment.unit_id)
    )  # fmt: skip
    return (await session.scalars(wanted)).all()


async def list_of_incident(
    session: AsyncSession, incident_id: UUID, *, active_only: bool = False
) -> Sequence[Assignment]:
    """The assignments of an incident, the first first."""
    known = _OF_INCIDENT.known(session, incident_id)
    if known is not None:
        wanted_now = [one for one in known if not active_only or one.state == AssignmentState.ACTIVE]
        return sorted(wanted_now, key=lambda one: (one.assigned_at, one.id))
    wanted = select(Assignment).where(Assignment.incident_id == incident_id)
    if active_only:
        wanted = wanted.where(Assignment.state == _ACTIVE)
    return (
        await session.scalars(wanted.order_by(Assignment.assigned_at, Assignment.id), execution_options=_FRESH)
    ).all()


async def list_unexplained(session: AsyncSession, region: str, limit: int = 200) -> Sequence[Assignment]:
    """Overrides whose reason is still owed, the oldest first."""
    return (
        await session.scalars(
            select(Assignment)
            .where(Assignment.region == region, Assignment.overridden, Assignment.override_reason.is_(None))
            .order_by(Assignment.assigned_at, Assignment.id)
            .limit(limit)
        )
    ).all()


@dataclass(frozen=True, slots=True)
class RunNow:
    """An active assignment with what matters of its incident and its destination.

    point: None where the incident has no place; destination: None where no hospital is named. requester: for whom it
    was recommended, None where it was not.
    """

    assignment_id: UUID
    unit_id: UUID
    incident_id: UUID
    priority: Priority
    point: GeoPoint | None
    clear_at: datetime | None
    clear_point: GeoPoint | None
    planned_s: float | None
    assigned_at: datetime
    before_run: UnitStatus
    destination: GeoPoint | None = None
    requester: Party | None = None


_RUNS: Final = (
        select(
            Assignment.id, Assignment.unit_id, Assignment.incident_id, Assignment.clear_at, Assignment.clear_lat,
            Assignment.clear_lon, Assignment.planned_s, Assignment.assigned_at, Assignment.before_run,
            Incident.priority, Incident.lat, Incident.lon, Hospital.lat.label("to_lat"), Hospital.lon.label("to_lon"),
            RecommendationRow.requester_organisation, RecommendationRow.requester_system,
        )
        .join(Incident, Incident.id == Assignment.incident_id)
        .outerjoin(Hospital, Hospital.id == Assignment.destination_id)
        .outerjoin(RecommendationRow, RecommendationRow.id == Assignment.recommendation_id)
        .where(Assignment.region == bindparam("region"), Assignment.state == _ACTIVE)
        .order_by(Assignment.unit_id)
)  # fmt: skip


async def list_runs_now(session: AsyncSession, region: str) -> list[RunNow]:
    """All active assignments of a region, by unit."""
    rows = await session.execute(_RUNS, {"region": region})
    return [
        RunNow(
            row.id, row.unit_id, row.incident_id, Priority(row.priority), _point(row.lat, row.lon), row.clear_at,
            _point(row.clear_lat, row.clear_lon), row.planned_s, row.assigned_at, UnitStatus(row.before_run),
            _point(row.to_lat, row.to_lon),
            Party(row.requester_organisation, row.requester_system) if row.requester_organisation else None,
        )
        for row in rows
    ]  # fmt: skip


_CARRYING: Final = select(PatientCare.unit_id).where(PatientCare.ends_at.is_(None), PatientCare.care == _CARRIES)


async def list_carrying(session: AsyncSession) -> frozenset[UUID]:
    """The ids of all units that carry a patient at this moment."""
    return frozenset(await session.scalars(_CARRYING))


_ASKED: Final = (
    select(RecommendationRow.requester_organisation, RecommendationRow.requester_system)
    .where(RecommendationRow.incident_id == Incident.id).order_by(RecommendationRow.at.desc()).limit(1).lateral()
)  # fmt: skip
_QUEUE: Final = Prepared(
    select(
        Incident.id, Incident.number, Incident.priority, Incident.t0, Incident.returned_at, Incident.capabilities,
        _ASKED.c.requester_organisation, _ASKED.c.requester_system,
    )
    .outerjoin(_ASKED, literal_column("true"))
    .where(
        Incident.region == bindparam("region"),
        # The first is what the index knows, the second what is meant.
        Incident.state.in_([literal_column(f"'{state}'") for state in ("dispatched", "on_scene", "open")]),
        Incident.state == literal_column("'open'"),
    )
    .order_by(Incident.priority, Incident.returned_at.is_(None), Incident.t0, Incident.id)
    .limit(bindparam("most"))
)  # fmt: skip


async def list_waiting(session: AsyncSession, region: str, limit: int = QUEUE_LIMIT) -> list[Waiting]:
    """The queue: open incidents, none of which a unit has; by priority and age, those that lost a unit first."""
    rows = await _QUEUE.rows(session, region=region, most=limit)
    return queue_order(
        [
            Waiting(id_, number, Priority(priority), t0, returned_at, letters, Party(of, system) if of else None)
            for id_, number, priority, t0, returned_at, letters, of, system in rows
        ]
    )


_LATER: Final = aliased(AssignmentTime)
_ALL_TOLD: Final = (
    select(AssignmentTime).where(AssignmentTime.assignment_id == bindparam("assignment_id"))
    .order_by(AssignmentTime.entered_at, AssignmentTime.id)
)  # fmt: skip
_TOLD: Final = _ALL_TOLD.where(~select(_LATER.id).where(_LATER.corrects == AssignmentTime.id).exists())


async def list_told(session: AsyncSession, assignment_id: UUID, *, all_versions: bool = False) -> list[AssignmentTime]:
    """T4 and T10 as they were told; with `all_versions` also what was corrected since."""
    known = _TIMES.known(session, assignment_id)
    if known is not None:
        newer = set() if all_versions else {one.corrects for one in known}
        return sorted((one for one in known if one.id not in newer), key=lambda one: (one.entered_at, one.id))
    return list(await session.scalars(_ALL_TOLD if all_versions else _TOLD, {"assignment_id": assignment_id}))


async def get_told(session: AsyncSession, time_id: UUID) -> AssignmentTime:
    """One told time. Raises NotFound (`assignment.time_not_found`)."""
    found = await session.get(AssignmentTime, time_id)
    if found is None:
        raise NotFound("assignment.time_not_found", "There is no such time.")
    return found


async def list_times(session: AsyncSession, assignment: Assignment) -> list[TimeKnown]:
    """T3 to T12 and TX of an assignment in their newest versions, by time; those that nobody told are missing."""
    entries = list(await list_entries(session, assignment.unit_id, run_id=assignment.id))
    if assignment.ended_at is not None:
        until = assignment.ended_at + _HOME_WITHIN
        known = {entry.id for entry in entries}
        after = await list_entries(session, assignment.unit_id, from_at=assignment.ended_at, until_at=until)
        entries += [entry for entry in after if entry.id not in known]
    heard = sorted(map(_heard, entries), key=lambda one: (one.at, one.id))
    found = status_times(assignment.id, assignment.assigned_at, assignment.ended_at, heard)
    for row in await list_told(session, assignment.id):
        found[Point(row.point)] = TimeKnown(
            Point(row.point), row.at, row.entered_at, row.source, row.actor, row.id, of_status=False,
            corrected=row.corrects is not None,
        )  # fmt: skip
    if assignment.ended_at is not None and assignment.end_reason != EndReason.COMPLETED:
        found[Point.TX] = TimeKnown(
            Point.TX, assignment.ended_at, assignment.ended_at, assignment.end_source or "", assignment.actor,
            assignment.id, of_status=False, corrected=False,
        )  # fmt: skip
    order = list(Point)
    return sorted(found.values(), key=lambda one: (one.at, order.index(one.point)))


def _heard(row: UnitStatusEntry) -> Heard:
    return Heard(
        row.id, UnitStatus(row.status), Effect(row.effect), row.at, row.received_at, row.source, row.actor,
        row.run_id, row.corrects,
    )  # fmt: skip


def _point(lat: float | None, lon: float | None) -> GeoPoint | None:
    return GeoPoint(lat=lat, lon=lon) if lat is not None and lon is not None else None
