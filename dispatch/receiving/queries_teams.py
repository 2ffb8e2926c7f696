"""Every question to teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.hospitals.tables import Hospital
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.errors import NotFound
from dispatch.receiving.states_emergency import Centre
from dispatch.receiving.tables_teams import TeamActivation, TeamStop


async def get_team(session: AsyncSession, region: str, team_id: UUID, *, lock: bool = False) -> TeamActivation:
    """One of the region. Raises NotFound (`team.not_found`)."""
    wanted = (
        select(TeamActivation)
        .join(Hospital, Hospital.id == TeamActivation.hospital_id)
        .where(TeamActivation.id == team_id, Hospital.region == region)
    )
    if lock:
        wanted = wanted.with_for_update(of=TeamActivation)
    found: TeamActivation | None = await session.scalar(wanted, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound("team.not_found", "There is no such team in this region.")
    return found


async def find_active_team(
    session: AsyncSession, patient_id: UUID, hospital_id: UUID, centre: Centre
) -> TeamActivation | None:
    """The team of a centre that is active for a patient."""
    wanted = select(TeamActivation).where(
        TeamActivation.patient_id == patient_id, TeamActivation.hospital_id == hospital_id,
        TeamActivation.centre == centre, TeamActivation.ended_at.is_(None),
    )  # fmt: skip
    found: TeamActivation | None = await session.scalar(wanted, execution_options={"populate_existing": True})
    return found


async def list_teams(
    session: AsyncSession, hospital_ids: Collection[UUID], since: datetime
) -> list[tuple[TeamActivation, Patient, str]]:
    """Teams of these hospitals that are active, or ended at `since` or later, with patient and incident's number."""
    wanted = (
        select(TeamActivation, Patient, Incident.number)
        .join(Patient, Patient.id == TeamActivation.patient_id)
        .join(Incident, Incident.id == Patient.incident_id)
        .where(
            TeamActivation.hospital_id.in_(hospital_ids),
            or_(TeamActivation.ended_at.is_(None), TeamActivation.ended_at >= since),
        )
        .order_by(TeamActivation.activated_at, TeamActivation.id)
    )
    found = await session.execute(wanted, execution_options={"populate_existing": True})
    return [(row[0], row[1], row[2]) for row in found]


async def list_stops(session: AsyncSession, team_ids: Collection[UUID]) -> Mapping[UUID, Sequence[TeamStop]]:
    """The events that hold, by activation."""
    wanted = select(TeamStop).where(TeamStop.activation_id.in_(team_ids), TeamStop.withdrawn_at.is_(None))
    found: defaultdict[UUID, list[TeamStop]] = defaultdict(list)
    for row in await session.scalars(wanted, execution_options={"populate_existing": True}):
        found[row.activation_id].append(row)
    return found
