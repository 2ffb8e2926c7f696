"""Every question to handovers at hospitals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.tables import Assignment
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.queries_patients import list_patients
from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.states_patients import PatientOutcome, PatientState
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.receiving.queries_inbound import list_inbound, list_own_hospitals
from dispatch.receiving.queries_times import NONE_KNOWN, PatientTimes, list_patient_times, patient_times
from dispatch.receiving.tables_receptions import Reception
from dispatch.telemetry.queries_attachments import Carried, list_carried
from dispatch.units.states_duty import UnitStatus
from dispatch.units.tables import Unit

LEFT_SHOWN: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A patient that is here, or was a short time ago. row: None while nothing was told; attached: places now."""

    patient_id: UUID
    hospital_id: UUID
    times: PatientTimes
    call_sign: str
    row: Reception | None
    attached: tuple[Carried, ...]
    patient: Patient
    number: str

    @property
    def at(self) -> datetime | None:
        """When it came: T9, else what the hospital told."""
        return self.times.door_at or (None if self.row is None else self.row.arrived_at)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A crew that waits with a patient on its stretcher, for the dispatch centre."""

    reception: Reception
    since: datetime
    incident_id: UUID
    number: str
    priority: Priority
    hospital: Hospital
    unit_id: UUID | None
    call_sign: str


async def find_reception(
    session: AsyncSession, patient_id: UUID, hospital_id: UUID, *, lock: bool = False
) -> Reception | None:
    """What was told of a patient at a hospital."""
    wanted = select(Reception).where(Reception.patient_id == patient_id, Reception.hospital_id == hospital_id)
    if lock:
        wanted = wanted.with_for_update()
    found: Reception | None = await session.scalar(wanted, execution_options={"populate_existing": True})
    return found


async def find_witnessed(session: AsyncSession, patient_id: UUID) -> Reception | None:
    """The handover of a patient that was closed before a witness without an account."""
    query = select(Reception).where(Reception.patient_id == patient_id, Reception.witness_id.is_not(None)).limit(1)
    return (await session.scalars(query)).first()


async def witness_names(session: AsyncSession, receptions: Collection[Reception]) -> dict[str, str]:
    """The names of witnesses without an account, as far as they are not erased, by the ids of these values."""
    ids = [row.witness_id for row in receptions if row.witness_id is not None]
    if not ids:
        return {}
    rows = await session.execute(select(PersonalValue.id, PersonalValue.value).where(PersonalValue.id.in_(ids)))
    return {str(value_id): name for value_id, name in rows if name is not None}


async def list_attached(session: AsyncSession, patient_id: UUID) -> tuple[Carried, ...]:
    """The places that carry a patient's data now."""
    return tuple(one for one in await list_carried(session, patient_id) if one.attachment.ends_at is None)


async def list_arrived(
    session: AsyncSession, region: str, hospital_ids: Collection[UUID], since: datetime
) -> list[Arrived]:
    """Who is at one of these hospitals and not handed over, was handed over at `since` or later, or left unsigned.

    Left: the crew told T10 not longer than a day before `since`, and nobody has signed yet.
    """
    inbound = await list_inbound(session, region, hospital_ids)
    told = await session.scalars(
        select(Reception).where(
            Reception.hospital_id.in_(hospital_ids),
            or_(Reception.signed_at.is_(None), Reception.signed_at >= since),
            or_(Reception.closed_at.is_(None), Reception.closed_at >= since),
        ),
        execution_options={"populate_existing": True},
    )
    rows = {(row.patient_id, row.hospital_id): row for row in told}
    bound = {(one.patient_id, one.hospital_id) for one in inbound}
    over = {key for key, row in rows.items() if row.signed_at is not None or row.closed_at is not None}
    left = {key for key, row in rows.items() if row.asked_at is not None and row.asked_at >= since - LEFT_SHOWN}
    here = {
        (one.patient_id, one.hospital_id)
        for one in inbound
        if one.by is not None and one.by.status == UnitStatus.AT_HOSPITAL
    }
    wanted = sorted((rows.keys() & bound) | over | here | left)
    times = await list_patient_times(session, {patient_id for patient_id, _ in wanted})
    signs = await _call_signs(session, [one.run for one in times.values() if one.run is not None])
    who = select(Patient, Incident.number).join(Incident, Incident.id == Patient.incident_id)
    of = await session.execute(who.where(Patient.id.in_([patient_id for patient_id, _ in wanted])))
    patients = {patient.id: (patient, number) for patient, number in of}
    found: list[Arrived] = []
    for patient_id, hospital_id in wanted:
        known = times.get(patient_id, NONE_KNOWN)
        sign = "" if known.run is None else signs[known.run.unit_id]
        attached = await list_attached(session, patient_id)
        row = rows.get((patient_id, hospital_id))
        found.append(Arrived(patient_id, hospital_id, known, sign, row, attached, *patients[patient_id]))
    return found


async def list_waited(session: AsyncSession, region: str, until: datetime) -> list[tuple[Patient, UUID, datetime]]:
    """Patients who came until then and are on the crew's stretcher still, with hospital and when; not told yet."""
    hospitals = {one.id for one in await list_own_hospitals(session, region, None)}
    inbound = await list_inbound(session, region, hospitals, most=None)
    found: list[tuple[Patient, UUID, datetime]] = []
    for one in inbound:
        if one.by is None or one.by.status != UnitStatus.AT_HOSPITAL or one.by.since is None or one.by.since > until:
            continue
        row = await find_reception(session, one.patient_id, one.hospital_id)
        if row is not None and any((row.off_at, row.signed_at, row.closed_at, row.waits_told_at)):
            continue
        patient = await session.get_one(Patient, one.patient_id)
        times = await patient_times(session, patient)
        if times.handed_at is None:
            found.append((patient, one.hospital_id, times.door_at or one.by.since))
    return found


async def list_waiting(session: AsyncSession, region: str) -> list[Waiting]:
    """Those that were told and wait still, the first first."""
    wanted = (
        select(Reception, Patient, Incident, Hospital)
        .join(Patient, Patient.id == Reception.patient_id)
        .join(Incident, Incident.id == Patient.incident_id)
        .join(Hospital, Hospital.id == Reception.hospital_id)
        .where(
            Hospital.region == region, Reception.waits_told_at.is_not(None), Reception.off_at.is_(None),
            Reception.signed_at.is_(None), Reception.closed_at.is_(None), Patient.state == PatientState.OPEN,
        )
        .order_by(Reception.waits_told_at, Reception.id)
    )  # fmt: skip
    found: list[Waiting] = []
    for row, patient, incident, hospital in await session.execute(
        wanted, execution_options={"populate_existing": True}
    ):
        times = await patient_times(session, patient)
        since = times.door_at or row.arrived_at or row.waits_told_at
        if since is None or times.handed_at is not None or times.run is None or times.run.ended_at is not None:
            continue
        signs = await _call_signs(session, [times.run])
        found.append(
            Waiting(
                row, since, incident.id, incident.number, Priority(incident.priority), hospital, times.run.unit_id,
                signs[times.run.unit_id],
            )
        )  # fmt: skip
    return found


async def are_handed_over(session: AsyncSession, run: Assignment) -> bool:
    """Whether every patient that this run brought was signed for, or closed before a witness."""
    for patient in await list_patients(session, run.incident_id):
        if patient.state == PatientState.MERGED or patient.outcome not in (None, PatientOutcome.TRANSPORTED):
            continue
        times = await patient_times(session, patient)
        if times.run is None or times.run.id != run.id:
            continue
        ends = select(Reception.id).where(
            Reception.patient_id == patient.id, or_(Reception.signed_at.is_not(None), Reception.closed_at.is_not(None))
        )
        if await session.scalar(ends.limit(1)) is None:
            return False
    return True


async def _call_signs(session: AsyncSession, runs: Sequence[Assignment]) -> dict[UUID, str]:
    ids = {one.unit_id for one in runs}
    rows = await session.execute(select(Unit.id, Unit.call_sign).where(Unit.id.in_(ids)))
    return {row[0]: row[1] for row in rows}
