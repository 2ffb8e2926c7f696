"""Which incidents somebody may reach who may not reach all.

An incident concerns an organisation when one of its units has it or had it, or when a patient of it was brought, or is
to be brought, to one of its hospitals: by its outcome, by where its vehicle is sent, or by the hospital chosen for it.
It is a crew member's when a unit has or had it while that person was on board; a vehicle's device reaches what its
vehicle has or had. (RBAC × organisation × assignment: domain rules on law, §6.)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, literal_column, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.tables import Assignment
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.queries_incidents import ACTIVE_STATES
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient
from dispatch.receiving.tables import DestinationChoice
from dispatch.units.tables import Unit
from dispatch.units.tables_crew import CrewDuty

_FOR_EVER: ColumnElement[datetime] = literal_column("'infinity'::timestamptz")
MOST_REACHED: Final = 1_000
"""The newest; nobody reads more."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What of all incidents somebody may reach: of organisations, as one of a crew, as a vehicle's device."""

    organisations: frozenset[str] = frozenset()
    person_id: UUID | None = None
    call_sign: str = ""


async def is_reached(session: AsyncSession, region: str, incident_id: UUID, reach: Reach) -> bool:
    """Whether this incident is among them."""
    wanted = select(Incident.id).where(Incident.region == region, Incident.id == incident_id, _reached(reach))
    return await session.scalar(wanted) is not None


async def list_reached(
    session: AsyncSession, region: str, reach: Reach, *, span: tuple[datetime, datetime] | None = None
) -> list[UUID]:
    """The ids of those that are not over, or of a span of T0 (its end left out); the newest first."""
    wanted = select(Incident.id).where(Incident.region == region, _reached(reach))
    if span is None:
        wanted = wanted.where(Incident.state.in_(ACTIVE_STATES))
    else:
        wanted = wanted.where(Incident.t0 >= span[0], Incident.t0 < span[1])
    return list(await session.scalars(wanted.order_by(Incident.t0.desc(), Incident.id.desc()).limit(MOST_REACHED)))


async def list_concerned(
    session: AsyncSession, region: str, incident_ids: Collection[UUID] | None = None
) -> list[tuple[UUID, str]]:
    """Each of these incidents, or of those that are not over, with every organisation that it concerns."""
    mine = select(Incident.id).where(Incident.region == region)
    if incident_ids is None:
        mine = mine.where(Incident.state.in_(ACTIVE_STATES))
    else:
        mine = mine.where(Incident.id.in_(incident_ids))
    sent = select(Assignment.incident_id, Assignment.organisation)
    bound = select(Assignment.incident_id, Hospital.organisation).join(
        Hospital, Hospital.id == Assignment.destination_id
    )
    brought = select(Patient.incident_id, Hospital.organisation).join(Hospital, Hospital.id == Patient.destination_id)
    chosen = _chosen().add_columns(Hospital.organisation).join(Hospital, Hospital.id == DestinationChoice.hospital_id)
    found = await session.execute(
        union(
            sent.where(Assignment.incident_id.in_(mine)),
            bound.where(Assignment.incident_id.in_(mine)),
            brought.where(Patient.incident_id.in_(mine)),
            chosen.where(Patient.incident_id.in_(mine)),
        )
    )
    return [(row[0], row[1]) for row in found]


def _reached(reach: Reach) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    of_incident = select(Assignment.id).where(Assignment.incident_id == Incident.id)
    if reach.organisations:
        names = sorted(reach.organisations)
        hospitals = select(Hospital.id).where(Hospital.organisation.in_(names))
        brought = select(Patient.id).where(Patient.incident_id == Incident.id, Patient.destination_id.in_(hospitals))
        ways += [
            of_incident.where(
                or_(Assignment.organisation.in_(names), Assignment.destination_id.in_(hospitals))
            ).exists(),
            brought.exists(),
            _chosen().where(DestinationChoice.hospital_id.in_(hospitals), Patient.incident_id == Incident.id).exists(),
        ]
    if reach.person_id is not None:
        on_board = and_(
            CrewDuty.unit_id == Assignment.unit_id,
            CrewDuty.person_id == reach.person_id,
            CrewDuty.voided_at.is_(None),
            CrewDuty.from_at <= func.coalesce(Assignment.ended_at, _FOR_EVER),
            func.coalesce(CrewDuty.until_at, _FOR_EVER) > Assignment.assigned_at,
        )
        ways.append(of_incident.join(CrewDuty, on_board).exists())
    if reach.call_sign:
        own = and_(Unit.id == Assignment.unit_id, Unit.call_sign == reach.call_sign, Unit.region == Incident.region)
        ways.append(of_incident.join(Unit, own).exists())
    return or_(*ways) if ways else false()


def _chosen() -> Select[UUID]:
    """The incidents of patients for whom a hospital is chosen now."""
    return (
        select(Patient.incident_id)
        .join(DestinationChoice, DestinationChoice.patient_id == Patient.id)
        .where(DestinationChoice.superseded_at.is_(None))
    )
