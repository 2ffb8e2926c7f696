"""Every question to pre-alerts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.hospitals.tables import Hospital
from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.errors import NotFound
from dispatch.receiving.queries_inbound import list_inbound, list_own_hospitals
from dispatch.receiving.tables_prealerts import Prealert

Pair = tuple[UUID, UUID]
"""A patient and a hospital."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A pre-alert that was escalated and of which nobody took note yet, for the dispatch centre."""

    prealert: Prealert
    incident_id: UUID
    number: str
    priority: Priority
    hospital: Hospital


async def get_prealert(session: AsyncSession, region: str, prealert_id: UUID, *, lock: bool = False) -> Prealert:
    """One of the region. Raises NotFound (`prealert.not_found`)."""
    wanted = (
        select(Prealert)
        .join(Hospital, Hospital.id == Prealert.hospital_id)
        .where(Prealert.id == prealert_id, Hospital.region == region)
    )
    if lock:
        wanted = wanted.with_for_update(of=Prealert)
    found: Prealert | None = await session.scalar(wanted, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound("prealert.not_found", "There is no such pre-alert in this region.")
    return found


async def list_prealerts(session: AsyncSession, hospital_ids: Collection[UUID], since: datetime) -> Sequence[Prealert]:
    """What these hospitals are told now, and what was withdrawn at `since` or later; the oldest first."""
    wanted = select(Prealert).where(
        Prealert.hospital_id.in_(hospital_ids), or_(Prealert.withdrawn_at.is_(None), Prealert.withdrawn_at >= since)
    )
    ordered = wanted.order_by(Prealert.raised_at, Prealert.id)
    return (await session.scalars(ordered, execution_options={"populate_existing": True})).all()


async def list_holding(session: AsyncSession, region: str, patient_id: UUID | None = None) -> Sequence[Prealert]:
    """All that hold in a region, or those of a patient."""
    wanted = (
        select(Prealert)
        .join(Hospital, Hospital.id == Prealert.hospital_id)
        .where(Hospital.region == region, Prealert.withdrawn_at.is_(None))
        .order_by(Prealert.id)
    )
    if patient_id is not None:
        wanted = wanted.where(Prealert.patient_id == patient_id)
    return (await session.scalars(wanted, execution_options={"populate_existing": True})).all()


async def list_bound(session: AsyncSession, region: str, patient_id: UUID | None = None) -> set[Pair]:
    """To which hospitals patients are brought now: the one chosen, and the one to which the vehicle is sent."""
    hospitals = {one.id for one in await list_own_hospitals(session, region, None)}
    inbound = await list_inbound(session, region, hospitals, patient_id, most=None)
    return {
        (one.patient_id, key) for one in inbound for key in (one.hospital_id, one.other_id) if key is not None
    }  # fmt: skip


async def list_astray(session: AsyncSession, region: str) -> list[UUID]:
    """Patients of whom a hospital is to be told, or not any more; sorted."""
    told = {(one.patient_id, one.hospital_id) for one in await list_holding(session, region)}
    return sorted({patient_id for patient_id, _ in told ^ await list_bound(session, region)})


async def list_late(session: AsyncSession, region: str, raised_until: datetime) -> Sequence[Prealert]:
    """Those that hold, were raised until then, and neither acknowledged nor escalated; locked."""
    wanted = (
        select(Prealert)
        .join(Hospital, Hospital.id == Prealert.hospital_id)
        .where(
            Hospital.region == region, Prealert.withdrawn_at.is_(None), Prealert.acknowledged_at.is_(None),
            Prealert.escalated_at.is_(None), Prealert.raised_at <= raised_until,
        )
        .order_by(Prealert.id)
        .with_for_update(of=Prealert)
    )  # fmt: skip
    return (await session.scalars(wanted, execution_options={"populate_existing": True})).all()


async def list_unanswered(session: AsyncSession, region: str) -> list[Unanswered]:
    """Those that were escalated and wait still, the oldest first."""
    wanted = (
        select(Prealert, Incident.id, Incident.number, Incident.priority, Hospital)
        .join(Hospital, Hospital.id == Prealert.hospital_id)
        .join(Patient, Patient.id == Prealert.patient_id)
        .join(Incident, Incident.id == Patient.incident_id)
        .where(
            Hospital.region == region, Prealert.withdrawn_at.is_(None), Prealert.acknowledged_at.is_(None),
            Prealert.escalated_at.is_not(None),
        )
        .order_by(Prealert.raised_at, Prealert.id)
    )  # fmt: skip
    return [Unanswered(row[0], row[1], row[2], Priority(row[3]), row[4]) for row in await session.execute(wanted)]
