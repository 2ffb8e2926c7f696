"""The times of a patient's way that other rooms keep: first contact, door, handed over. Nothing of it is kept twice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries import list_of_incident, list_times
from dispatch.dispatching.states import Point
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.states_patients import Care
from dispatch.incidents.tables_patients import Patient, PatientCare


@dataclass(frozen=True, slots=True)
class PatientTimes:
    """contact_at: T7 of whoever was first at the patient. door_at, handed_at: T9 and T10 of the run that brings it.

    run: that run; None while it cannot be said which of several it is.
    """

    contact_at: datetime | None
    door_at: datetime | None
    handed_at: datetime | None
    run: Assignment | None


NONE_KNOWN = PatientTimes(None, None, None, None)


async def list_patient_times(session: AsyncSession, patient_ids: Collection[UUID]) -> dict[UUID, PatientTimes]:
    """What is known of these patients."""
    patients = list(await session.scalars(select(Patient).where(Patient.id.in_(patient_ids))))
    found: dict[UUID, PatientTimes] = {}
    for patient in patients:
        found[patient.id] = await patient_times(session, patient)
    return found


async def patient_times(session: AsyncSession, patient: Patient) -> PatientTimes:
    """What is known of one patient."""
    runs = await list_of_incident(session, patient.incident_id)
    times = {one.id: {known.point: known.at for known in await list_times(session, one)} for one in runs}
    contacts = [known[Point.T7] for known in times.values() if Point.T7 in known]
    left = [one for one in runs if Point.T8 in times[one.id]]
    run = await _bringing(session, patient, left or [one for one in runs if one.ended_at is None])
    known = {} if run is None else times[run.id]
    return PatientTimes(min(contacts, default=None), known.get(Point.T9), known.get(Point.T10), run)


async def _bringing(session: AsyncSession, patient: Patient, runs: list[Assignment]) -> Assignment | None:
    """The run of the vehicle that carries the patient, or carried it last; the only one where nobody told."""
    wanted = (
        select(PatientCare.unit_id)
        .where(PatientCare.patient_id == patient.id, PatientCare.care == Care.CARRIES)
        .order_by(PatientCare.begins_at.desc())
        .limit(1)
    )
    carrier = await session.scalar(wanted)
    if carrier is not None:
        return next((one for one in reversed(runs) if one.unit_id == carrier), None)
    return runs[0] if len(runs) == 1 else None
