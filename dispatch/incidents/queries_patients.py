"""Every question to the tables of patients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.queries_personal import current_values
from dispatch.incidents.rules_patients import CareSpan
from dispatch.incidents.states_patients import Care, PersonalKind
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient, PatientCare, PatientMerge, PatientOutcomeRow
from dispatch.kernel.alone_known import Family, know_row, known_row
from dispatch.kernel.errors import NotFound

_FRESH: Final = {"populate_existing": True}
_OF_INCIDENT: Final = select(Patient).where(Patient.incident_id == bindparam("incident_id")).order_by(Patient.ordinal)
_CARE: Final = (
    select(PatientCare)
    .where(PatientCare.patient_id == bindparam("patient_id"))
    .order_by(PatientCare.begins_at, PatientCare.id)
)


_PATIENTS: Final = Family(Patient, "incident_id")
_CARES: Final = Family(PatientCare, "patient_id")
_OUTCOMES: Final = Family(PatientOutcomeRow, "patient_id")


async def get_patient(session: AsyncSession, region: str, patient_id: UUID) -> Patient:
    """One patient. Lock the incident before changing it. Raises NotFound (`patient.not_found`)."""
    known = known_row(session, Patient, patient_id)
    of = None if known is None else known_row(session, Incident, known.incident_id)
    if known is not None and of is not None and of.region == region:
        return known
    patient = await session.scalar(
        select(Patient)
        .join(Incident, Incident.id == Patient.incident_id)
        .where(Incident.region == region, Patient.id == patient_id)
        .execution_options(populate_existing=True)
    )
    know_row(session, patient_id, patient)
    if patient is None:
        raise NotFound("patient.not_found", "There is no such patient in this region.")
    return patient


async def list_patients(session: AsyncSession, incident_id: UUID) -> Sequence[Patient]:
    """The patients of an incident in the order in which they were recorded, merged ones included."""
    known = _PATIENTS.known(session, incident_id)
    if known is not None:
        return sorted(known, key=lambda one: one.ordinal)
    found = (await session.scalars(_OF_INCIDENT, {"incident_id": incident_id}, execution_options=_FRESH)).all()
    _PATIENTS.know(session, incident_id, found)
    return found


async def list_named(
    session: AsyncSession, incident_id: UUID
) -> Sequence[tuple[Patient, tuple[str | None, str | None]]]:
    """The patients of an incident with their names and their visits' numbers; None: none is known, or it was erased."""
    patients = await list_patients(session, incident_id)
    values = await current_values(session, [patient.id for patient in patients])

    def text(patient: Patient, kind: PersonalKind) -> str | None:
        known = values.get((patient.id, kind))
        return None if known is None else known.value

    return [(one, (text(one, PersonalKind.NAME), text(one, PersonalKind.VISIT_NUMBER))) for one in patients]


async def list_care(session: AsyncSession, patient_id: UUID) -> Sequence[PatientCare]:
    """Which units looked after a patient, by when they began."""
    known = _CARES.known(session, patient_id)
    if known is not None:
        return sorted(known, key=lambda one: (one.begins_at, one.id))
    found = (await session.scalars(_CARE, {"patient_id": patient_id}, execution_options=_FRESH)).all()
    _CARES.know(session, patient_id, found)
    return found


async def list_care_of_incident(session: AsyncSession, incident_id: UUID) -> Sequence[PatientCare]:
    """Which units look after the patients of an incident now, by when they began."""
    return (
        await session.scalars(
            select(PatientCare)
            .join(Patient, Patient.id == PatientCare.patient_id)
            .where(Patient.incident_id == incident_id, PatientCare.ends_at.is_(None))
            .order_by(PatientCare.begins_at, PatientCare.id)
            .execution_options(populate_existing=True)
        )
    ).all()


def as_spans(rows: Sequence[PatientCare]) -> list[CareSpan]:
    """The same as the rules take it."""
    return [CareSpan(row.unit_id, Care(row.care), row.begins_at, row.ends_at) for row in rows]


async def carried_by(session: AsyncSession, unit_id: UUID) -> Sequence[Patient]:
    """Patients that a unit carries at this moment: it must not be diverted."""
    return (
        await session.scalars(
            select(Patient)
            .join(PatientCare, PatientCare.patient_id == Patient.id)
            .where(PatientCare.unit_id == unit_id, PatientCare.ends_at.is_(None), PatientCare.care == Care.CARRIES)
            .order_by(Patient.id)
        )
    ).all()


async def list_outcomes(session: AsyncSession, patient_id: UUID) -> Sequence[PatientOutcomeRow]:
    """What was believed to have come of a patient, the newest last."""
    known = _OUTCOMES.known(session, patient_id)
    if known is not None:
        return sorted(known, key=lambda one: one.version)
    found = (
        await session.scalars(
            select(PatientOutcomeRow)
            .where(PatientOutcomeRow.patient_id == patient_id)
            .order_by(PatientOutcomeRow.version)
        )
    ).all()
    _OUTCOMES.know(session, patient_id, found)
    return found


async def find_merge(session: AsyncSession, merged_id: UUID) -> PatientMerge | None:
    """The merge by which a record was taken into another, if it still is."""
    found: PatientMerge | None = await session.scalar(
        select(PatientMerge).where(PatientMerge.merged_id == merged_id, PatientMerge.undone_at.is_(None))
    )
    return found


async def list_merged_into(session: AsyncSession, kept_id: UUID) -> Sequence[Patient]:
    """Records that a patient stands for beside its own."""
    return (await session.scalars(select(Patient).where(Patient.merged_into == kept_id).order_by(Patient.id))).all()
