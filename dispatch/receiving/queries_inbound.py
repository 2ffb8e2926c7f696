"""Who is being brought to a hospital, and from whose eyes it is kept.

A patient is bound for the hospital chosen for it, and for the one to which the vehicle that carries it is sent. Where
the two differ both are told of it: a hospital that nobody told is worse than one that prepares in vain.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dispatch.dispatching.tables import Assignment
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.states_patients import Care, PatientState, Sex
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient, PatientCare
from dispatch.receiving.rules import in_force
from dispatch.receiving.states import ChoiceReason, Pathway
from dispatch.receiving.tables import DestinationChoice, DestinationRanking
from dispatch.units.states_duty import UnitStatus
from dispatch.units.tables import Unit
from dispatch.units.tables_duty import UnitStatusRow

_ACTIVE: Final[ColumnElement[str]] = literal_column("'active'")
_OPEN: Final[ColumnElement[str]] = literal_column(f"'{PatientState.OPEN}'")
_CARRIES: Final[ColumnElement[str]] = literal_column(f"'{Care.CARRIES}'")
_NEARING: Final = (UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL)
MOST_INBOUND: Final = 200


@dataclass(frozen=True, slots=True)
class Bringing:
    """The vehicle that brings somebody. status: what it is doing, since when; destination_id: where it is sent."""

    assignment_id: UUID
    unit_id: UUID
    call_sign: str
    system: str
    status: UnitStatus
    since: datetime | None
    destination_id: UUID | None


@dataclass(frozen=True, slots=True)
class Inbound:
    """A patient that is brought to `hospital_id`. other_id: where else, by the other record; None: both agree.

    chosen_at: when this hospital was chosen, None where only the vehicle was sent. by: None while none carries it.
    """

    patient_id: UUID
    incident_id: UUID
    number: str
    priority: Priority
    complaint: str
    t0: datetime
    sex: Sex
    age_years: int | None
    pathway: Pathway
    hospital_id: UUID
    other_id: UUID | None
    chosen_at: datetime | None
    by: Bringing | None


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """A vehicle on its way to `hospital_id` with somebody of whom there is no record yet."""

    incident_id: UUID
    number: str
    priority: Priority
    complaint: str
    t0: datetime
    pathway: Pathway
    hospital_id: UUID
    by: Bringing


@dataclass(frozen=True, slots=True)
class Turned:
    """A patient that was to come to `hospital_id` and is brought to another now."""

    patient_id: UUID
    sex: Sex
    age_years: int | None
    priority: Priority
    pathway: Pathway
    hospital_id: UUID
    to_id: UUID
    at: datetime
    reason: ChoiceReason | None


async def list_own_hospitals(
    session: AsyncSession, region: str, organisations: Collection[str] | None
) -> list[Hospital]:
    """The region's hospitals of these organisations, of all where None, by code; those outside it are left out."""
    wanted = select(Hospital).where(Hospital.region == region, Hospital.is_outside.is_(False)).order_by(Hospital.code)
    if organisations is not None:
        wanted = wanted.where(Hospital.organisation.in_(sorted(organisations)))
    return list(await session.scalars(wanted))


async def list_inbound(
    session: AsyncSession,
    region: str,
    hospital_ids: Collection[UUID],
    patient_id: UUID | None = None,
    *,
    most: int | None = MOST_INBOUND,
) -> list[Inbound]:
    """All patients without an outcome that are brought to one of these, or that one; by priority and T0.

    most: so many rows at most, None: all.
    """
    if not hospital_ids:
        return []
    carrier, ranking = aliased(PatientCare), aliased(DestinationRanking)
    newest = (
        select(ranking.pathway)
        .where(ranking.patient_id == Patient.id)
        .order_by(ranking.at.desc(), ranking.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    of_it = and_(
        Assignment.incident_id == Patient.incident_id,
        Assignment.state == _ACTIVE,
        or_(Assignment.unit_id == carrier.unit_id, carrier.id.is_(None)),
    )
    wanted = (
        select(
            Patient, Incident, Assignment, Unit, UnitStatusRow, DestinationChoice.hospital_id, DestinationChoice.at,
            newest.label("pathway"),
        )
        .join(Incident, Incident.id == Patient.incident_id)
        .outerjoin(
            carrier,
            and_(carrier.patient_id == Patient.id, carrier.ends_at.is_(None), carrier.care == _CARRIES),
        )
        .outerjoin(Assignment, of_it)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(
            UnitStatusRow, and_(UnitStatusRow.unit_id == Assignment.unit_id, UnitStatusRow.run_id == Assignment.id)
        )
        .outerjoin(
            DestinationChoice,
            and_(DestinationChoice.patient_id == Patient.id, DestinationChoice.superseded_at.is_(None)),
        )
        .where(
            Incident.region == region,
            Patient.state == _OPEN,
            or_(DestinationChoice.hospital_id.in_(hospital_ids), Assignment.destination_id.in_(hospital_ids)),
        )
        .order_by(Incident.priority, Incident.t0, Patient.id, Assignment.assigned_at)
        .limit(most)
    )  # fmt: skip
    if patient_id is not None:
        wanted = wanted.where(Patient.id == patient_id)
    policy = in_force(session.info)
    found: dict[UUID, Inbound] = {}
    for row in await session.execute(wanted, execution_options={"populate_existing": True}):
        patient, incident, assignment, unit, status, chosen_id, chosen_at, pathway = row
        by = None if assignment is None else _bringing(assignment, unit, status)
        sent_id = None if by is None else by.destination_id
        ours: UUID = next(key for key in (chosen_id, sent_id) if key is not None and key in hospital_ids)
        other = next((key for key in (chosen_id, sent_id) if key not in (None, ours)), None)
        one = Inbound(
            patient.id, incident.id, incident.number, Priority(incident.priority), incident.complaint, incident.t0,
            Sex(patient.sex), patient.age_years,
            Pathway(pathway) if pathway else policy.pathway_of(incident.complaint), ours, other,
            chosen_at if chosen_id == ours else None, by,
        )  # fmt: skip
        before = found.get(patient.id)
        if before is None or _nearness(one.by) > _nearness(before.by):
            found[patient.id] = one
    return list(found.values())


async def list_unrecorded(session: AsyncSession, region: str, hospital_ids: Collection[UUID]) -> list[Unrecorded]:
    """Vehicles on their way to one of these whose incident has no patient without an outcome."""
    policy = in_force(session.info)
    known = select(Patient.id).where(Patient.incident_id == Incident.id, Patient.state == _OPEN)
    wanted = (
        select(Incident, Assignment, Unit, UnitStatusRow, Hospital.id)
        .join(Assignment, Assignment.incident_id == Incident.id)
        .join(Hospital, Hospital.id == Assignment.destination_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(UnitStatusRow, and_(UnitStatusRow.unit_id == Unit.id, UnitStatusRow.run_id == Assignment.id))
        .where(
            Assignment.region == region, Assignment.state == _ACTIVE, Assignment.destination_id.in_(hospital_ids),
            UnitStatusRow.status == UnitStatus.TRANSPORTING, ~known.exists(),
        )
        .order_by(Incident.priority, Incident.t0, Assignment.id)
        .limit(MOST_INBOUND)
    )  # fmt: skip
    return [
        Unrecorded(
            incident.id, incident.number, Priority(incident.priority), incident.complaint, incident.t0,
            policy.pathway_of(incident.complaint), hospital_id, _bringing(assignment, unit, status),
        )
        for incident, assignment, unit, status, hospital_id in await session.execute(wanted)
    ]  # fmt: skip


async def list_turned(
    session: AsyncSession, region: str, hospital_ids: Collection[UUID], since: datetime
) -> list[Turned]:
    """Patients for whom one of these had been chosen, until another took its place at `since` or later."""
    later = aliased(DestinationChoice)
    wanted = (
        select(DestinationChoice, later, Patient, Incident, DestinationRanking.pathway)
        .join(Patient, Patient.id == DestinationChoice.patient_id)
        .join(Incident, Incident.id == Patient.incident_id)
        .join(later, and_(later.patient_id == Patient.id, later.superseded_at.is_(None)))
        .join(DestinationRanking, DestinationRanking.id == later.ranking_id)
        .where(
            Incident.region == region, DestinationChoice.hospital_id.in_(hospital_ids),
            DestinationChoice.superseded_at >= since, later.hospital_id.not_in(hospital_ids),
        )
        .order_by(later.at.desc(), Patient.id)
        .limit(MOST_INBOUND)
    )  # fmt: skip
    found: dict[UUID, Turned] = {}
    for left, now, patient, incident, pathway in await session.execute(wanted):
        turned = Turned(
            patient.id, Sex(patient.sex), patient.age_years, Priority(incident.priority), Pathway(pathway),
            left.hospital_id, now.hospital_id, now.at, ChoiceReason(now.reason) if now.reason else None,
        )  # fmt: skip
        found.setdefault(patient.id, turned)
    return list(found.values())


async def was_brought(
    session: AsyncSession, patient_id: UUID, hospital_ids: Collection[UUID], now: datetime, within: timedelta
) -> bool:
    """Whether a patient was taken to one of these, by its outcome, no longer ago than that."""
    wanted = (
        select(Patient.id)
        .join(Incident, Incident.id == Patient.incident_id)
        .where(
            Patient.id == patient_id,
            Patient.destination_id.in_(hospital_ids),
            or_(Incident.closed_at.is_(None), Incident.closed_at >= now - within),
        )
    )
    return await session.scalar(wanted) is not None


def _nearness(by: Bringing | None) -> int:
    return -1 if by is None else 2 * (by.status in _NEARING) + (by.destination_id is not None)


def _bringing(assignment: Assignment, unit: Unit, status: UnitStatusRow | None) -> Bringing:
    return Bringing(
        assignment.id, unit.id, unit.call_sign, unit.system,
        UnitStatus.UNKNOWN if status is None else UnitStatus(status.status), None if status is None else status.since,
        assignment.destination_id,
    )  # fmt: skip
