"""Whom a crew left behind, by its own T10, without that anybody of the hospital signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.states import Point
from dispatch.dispatching.tables import Assignment, AssignmentTime
from dispatch.incidents.states_patients import PatientOutcome, PatientState
from dispatch.incidents.tables_patients import Patient
from dispatch.receiving.queries_inbound import list_own_hospitals
from dispatch.receiving.queries_times import patient_times
from dispatch.receiving.tables import DestinationChoice
from dispatch.receiving.tables_receptions import Reception


@dataclass(frozen=True, slots=True)
class Left:
    """A patient whom the run brought to `hospital_id`, and handed over by its T10."""

    patient: Patient
    hospital_id: UUID
    run: Assignment
    handed_at: datetime


async def list_left(session: AsyncSession, region: str, since: datetime) -> Sequence[Left]:
    """Those of T10 since then for whom nobody has signed and nobody was reminded; closed ones are left out too."""
    hospitals = {one.id for one in await list_own_hospitals(session, region, None)}
    settled = select(Reception.id).where(
        Reception.patient_id == Patient.id,
        or_(
            Reception.signed_at.is_not(None), Reception.closed_at.is_not(None), Reception.unsigned_told_at.is_not(None)
        ),
    )  # fmt: skip
    wanted = (
        select(Patient, Assignment, DestinationChoice.hospital_id)
        .join(Assignment, Assignment.incident_id == Patient.incident_id)
        .join(AssignmentTime, AssignmentTime.assignment_id == Assignment.id)
        .outerjoin(
            DestinationChoice,
            and_(DestinationChoice.patient_id == Patient.id, DestinationChoice.superseded_at.is_(None)),
        )
        .where(
            Assignment.region == region, AssignmentTime.point == Point.T10, AssignmentTime.at >= since,
            Patient.state != PatientState.MERGED,
            or_(Patient.outcome.is_(None), Patient.outcome == PatientOutcome.TRANSPORTED), ~settled.exists(),
        )
        .order_by(Patient.id, Assignment.id)
        .distinct()
    )  # fmt: skip
    found: list[Left] = []
    for patient, run, chosen_id in await session.execute(wanted, execution_options={"populate_existing": True}):
        times = await patient_times(session, patient)
        where = next((one for one in (patient.destination_id, chosen_id, run.destination_id) if one is not None), None)
        if where in hospitals and times.handed_at is not None and times.run is not None and times.run.id == run.id:
            found.append(Left(patient, where, run, times.handed_at))
    return found
