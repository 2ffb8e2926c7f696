"""Assignments as they were known at a past moment, of what is kept anyway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import String, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dispatch.dispatching.states import Point
from dispatch.dispatching.tables import Assignment, AssignmentTime
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.journal_table import JournalLine
from dispatch.units.tables import Unit

LATE_BY: Final = timedelta(days=1)
"""An end that was entered later than this after it was is taken for entered at once."""

BEGUN_WITHIN: Final = timedelta(days=31)
"""One that began longer than this before the moment is not looked for."""


@dataclass(frozen=True, slots=True)
class AssignmentThen:
    """An assignment that was active. acknowledged_at: T4, as far as it was known."""

    id: UUID
    unit_id: UUID
    call_sign: str
    organisation: str
    incident_id: UUID
    incident_number: str
    assigned_at: datetime
    acknowledged_at: datetime | None
    planned_s: float | None


async def list_assignments_then(session: AsyncSession, region: str, at: datetime) -> list[AssignmentThen]:
    """Those active at `at`, the longest first."""
    later = aliased(AssignmentTime)
    acknowledged = (
        select(AssignmentTime.at)
        .where(
            AssignmentTime.assignment_id == Assignment.id,
            AssignmentTime.point == Point.T4,
            AssignmentTime.entered_at <= at,
            ~select(later.id).where(later.corrects == AssignmentTime.id, later.entered_at <= at).exists(),
        )
        .scalar_subquery()
    )
    told_over = (
        select(JournalLine.seq)
        .where(
            JournalLine.subject == cast(Assignment.unit_id, String),
            JournalLine.type.in_(("assignment.ended", "assignment.entered")),
            JournalLine.recorded_at <= at,
            JournalLine.payload["assignment_id"].astext == cast(Assignment.id, String),
        )
        .exists()
    )
    wanted = (
        select(
            Assignment.id, Assignment.unit_id, Unit.call_sign, Assignment.organisation, Assignment.incident_id,
            Incident.number, Assignment.assigned_at, acknowledged, Assignment.planned_s,
        )
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(Incident, Incident.id == Assignment.incident_id)
        .where(
            Assignment.region == region,
            Assignment.entered_at <= at,
            Assignment.assigned_at > at - BEGUN_WITHIN,
            or_(Assignment.ended_at.is_(None), Assignment.ended_at > at - LATE_BY),
            ~told_over,
        )
        .order_by(Assignment.assigned_at, Assignment.id)
    )  # fmt: skip
    return [AssignmentThen(*row) for row in await session.execute(wanted)]
