"""Of whom a hospital tells the outcome, and what a crew is told of whom it carried: never who that was."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.tables import Assignment
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.states_patients import PatientState
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient, PatientCare
from dispatch.receiving.rules import in_force
from dispatch.receiving.states import Pathway
from dispatch.receiving.tables import DestinationRanking
from dispatch.receiving.tables_outcomes import ToldOutcome
from dispatch.receiving.tables_receptions import Reception
from dispatch.units.tables_crew import CrewDuty

_FOR_EVER: ColumnElement[datetime] = literal_column("'infinity'::timestamptz")
MOST_BROUGHT: Final = 500
"""The newest."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A patient who was brought to `hospital_id`, and what it told; told None: nothing yet."""

    patient: Patient
    incident: Incident
    hospital_id: UUID
    pathway: Pathway
    told: ToldOutcome | None


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of somebody whom a crew carried."""

    patient: Patient
    incident: Incident
    hospital: Hospital
    pathway: Pathway
    told: ToldOutcome


async def newest_outcomes(session: AsyncSession, patient_ids: Collection[UUID]) -> list[ToldOutcome]:
    """What each hospital told last of these patients, the latest first."""
    newest = (
        select(ToldOutcome)
        .where(ToldOutcome.patient_id.in_(patient_ids))
        .ext(distinct_on(ToldOutcome.patient_id, ToldOutcome.hospital_id))
        .order_by(ToldOutcome.patient_id, ToldOutcome.hospital_id, ToldOutcome.version.desc())
    )
    found = await session.scalars(newest, execution_options={"populate_existing": True})
    return sorted(found, key=lambda one: one.at, reverse=True)


async def list_brought(
    session: AsyncSession, region: str, hospital_ids: Collection[UUID], since: datetime, patient_id: UUID | None = None
) -> list[Brought]:
    """Who was brought to one of these and handed over, of incidents since then, the newest first."""
    here = and_(Reception.patient_id == Patient.id, Reception.hospital_id.in_(hospital_ids))
    over = or_(Reception.signed_at.is_not(None), Reception.closed_at.is_not(None))
    wanted = (
        select(Patient, Incident, Reception.hospital_id)
        .join(Incident, Incident.id == Patient.incident_id)
        .outerjoin(Reception, and_(here, over))
        .where(
            Incident.region == region, Incident.t0 >= since, Patient.state != PatientState.MERGED,
            or_(Patient.destination_id.in_(hospital_ids), Reception.id.is_not(None)),
        )
        .order_by(Incident.t0.desc(), Patient.id)
        .limit(MOST_BROUGHT)
    )  # fmt: skip
    if patient_id is not None:
        wanted = wanted.where(Patient.id == patient_id)
    rows = (await session.execute(wanted, execution_options={"populate_existing": True})).all()
    patients: dict[UUID, tuple[Patient, Incident, UUID]] = {}
    for patient, incident, received in rows:
        bound = patient.destination_id
        where = bound if bound is not None and bound in hospital_ids else received
        patients.setdefault(patient.id, (patient, incident, where))
    told = {(one.patient_id, one.hospital_id): one for one in await newest_outcomes(session, patients.keys())}
    pathways = await _pathways(session, [(patient, incident) for patient, incident, _ in patients.values()])
    return [
        Brought(patient, incident, hospital, pathways[patient.id], told.get((patient.id, hospital)))
        for patient, incident, hospital in patients.values()
    ]


async def list_carried_by(session: AsyncSession, region: str, person_id: UUID, since: datetime) -> list[Carried]:
    """What was told of patients whom a person carried or looked after on board, of incidents since then.

    Where nobody recorded who looked after a patient, he counts as his whose vehicle was sent there.
    """
    of_patient = select(PatientCare.id).where(PatientCare.patient_id == Patient.id)
    cared = or_(of_patient.where(PatientCare.unit_id == Assignment.unit_id).exists(), ~of_patient.exists())
    on_board = and_(
        CrewDuty.unit_id == Assignment.unit_id,
        CrewDuty.person_id == person_id,
        CrewDuty.voided_at.is_(None),
        CrewDuty.from_at <= func.coalesce(Assignment.ended_at, _FOR_EVER),
        func.coalesce(CrewDuty.until_at, _FOR_EVER) > Assignment.assigned_at,
    )
    told = select(ToldOutcome.id).where(ToldOutcome.patient_id == Patient.id)
    wanted = (
        select(Patient, Incident)
        .join(Incident, Incident.id == Patient.incident_id)
        .join(Assignment, Assignment.incident_id == Incident.id)
        .join(CrewDuty, on_board)
        .where(Incident.region == region, Incident.t0 >= since, cared, told.exists())
        .order_by(Incident.t0.desc(), Patient.id)
        .limit(MOST_BROUGHT)
    )
    found = await session.execute(wanted, execution_options={"populate_existing": True})
    patients = {patient.id: (patient, incident) for patient, incident in found}
    outcomes = await newest_outcomes(session, patients.keys())
    wards = select(Hospital).where(Hospital.id.in_([one.hospital_id for one in outcomes]))
    hospitals = {one.id: one for one in await session.scalars(wards)}
    pathways = await _pathways(session, list(patients.values()))
    return [
        Carried(*patients[one.patient_id], hospitals[one.hospital_id], pathways[one.patient_id], one)
        for one in outcomes
    ]


async def _pathways(session: AsyncSession, rows: Sequence[tuple[Patient, Incident]]) -> Mapping[UUID, Pathway]:
    newest = (
        select(DestinationRanking.patient_id, DestinationRanking.pathway)
        .where(DestinationRanking.patient_id.in_([patient.id for patient, _ in rows]))
        .ext(distinct_on(DestinationRanking.patient_id))
        .order_by(DestinationRanking.patient_id, DestinationRanking.at.desc(), DestinationRanking.id.desc())
    )
    ranked = {row[0]: Pathway(row[1]) for row in await session.execute(newest)}
    policy = in_force(session.info)
    return {patient.id: ranked.get(patient.id) or policy.pathway_of(incident.complaint) for patient, incident in rows}
