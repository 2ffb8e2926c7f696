"""What the boards show of assignments: one statement each, for they are read at every change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dispatch.dispatching.states import Point
from dispatch.dispatching.tables import Assignment, AssignmentTime
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.tables_incidents import Incident
from dispatch.units.states_duty import UnitStatus
from dispatch.units.tables import Unit
from dispatch.units.tables_duty import UnitStatusRow

# Written out, so that any plan can use the indexes of what is active.
_ACTIVE: Final[ColumnElement[str]] = literal_column("'active'")


@dataclass(frozen=True, slots=True)
class BoardRun:
    """What a unit has now."""

    unit_id: UUID
    assignment_id: UUID
    incident_id: UUID
    number: str
    priority: Priority


@dataclass(frozen=True, slots=True)
class BoardAssignment:
    """An assignment with what a board says beside it.

    status: of the unit now. acknowledged_at: T4. destination: its names in Chinese, English and Uyghur, "" without one.
    """

    assignment: Assignment
    call_sign: str
    status: UnitStatus
    incident_number: str
    priority: Priority
    acknowledged_at: datetime | None
    destination: tuple[str, str, str]


async def list_board_runs(
    session: AsyncSession, region: str, unit_ids: Collection[UUID] | None = None
) -> dict[UUID, BoardRun]:
    """What each unit of a region has now, or each of some, by unit."""
    wanted = (
        select(Assignment.unit_id, Assignment.id, Assignment.incident_id, Incident.number, Incident.priority)
        .join(Incident, Incident.id == Assignment.incident_id)
        .where(Assignment.region == region, Assignment.state == _ACTIVE)
    )
    if unit_ids is not None:
        wanted = wanted.where(Assignment.unit_id.in_(unit_ids))
    return {
        row.unit_id: BoardRun(row.unit_id, row.id, row.incident_id, row.number, Priority(row.priority))
        for row in await session.execute(wanted)
    }


async def list_board_assignments(
    session: AsyncSession, region: str, ids: Collection[UUID] | None = None
) -> list[BoardAssignment]:
    """All active assignments of a region, or those of `ids` whatever their state; the longest first."""
    later = aliased(AssignmentTime)
    acknowledged = (
        select(AssignmentTime.at)
        .where(
            AssignmentTime.assignment_id == Assignment.id,
            AssignmentTime.point == Point.T4,
            ~select(later.id).where(later.corrects == AssignmentTime.id).exists(),
        )
        .scalar_subquery()
    )
    wanted = (
        select(
            Assignment, Unit.call_sign, UnitStatusRow.status, Incident.number, Incident.priority,
            acknowledged.label("acknowledged_at"), Hospital.name_zh, Hospital.name_en, Hospital.name_ug,
        )
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(Incident, Incident.id == Assignment.incident_id)
        .outerjoin(UnitStatusRow, UnitStatusRow.unit_id == Assignment.unit_id)
        .outerjoin(Hospital, Hospital.id == Assignment.destination_id)
        .where(Assignment.region == region)
        .where(Assignment.state == _ACTIVE if ids is None else Assignment.id.in_(ids))
        .order_by(Assignment.assigned_at, Assignment.id)
    )  # fmt: skip
    found = await session.execute(wanted, execution_options={"populate_existing": True})
    return [
        BoardAssignment(
            row.Assignment, row.call_sign, UnitStatus(row.status or UnitStatus.UNKNOWN), row.number,
            Priority(row.priority), row.acknowledged_at, (row.name_zh or "", row.name_en or "", row.name_ug or ""),
        )
        for row in found
    ]  # fmt: skip
