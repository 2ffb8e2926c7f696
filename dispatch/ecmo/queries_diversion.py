"""What a diversion of a mission is decided by, and those that were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.clinical.states import AlarmPriority
from dispatch.ecmo.states_kit import Promise
from dispatch.ecmo.tables_diversion import EcmoDiversion
from dispatch.ecmo.tables_journey import EcmoPromise
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.hospitals.queries import get_hospital, list_hospitals
from dispatch.hospitals.queries_status import as_limits, as_services, list_beds, list_limits_held
from dispatch.hospitals.rules_status import Beds, ServiceNow, services_now
from dispatch.hospitals.states_status import BedKind
from dispatch.hospitals.tables import Hospital
from dispatch.telemetry.detection.tables import Detection
from dispatch.units.tables_position import UnitLatestPosition
from geo.points import GeoPoint


@dataclass(frozen=True, slots=True)
class HavensNow:
    """The region's hospitals, and what each says of its services and beds."""

    hospitals: Sequence[Hospital]
    services: Mapping[UUID, tuple[ServiceNow, ...]]
    beds: Mapping[UUID, Mapping[BedKind, Beds]]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the patient is. at: by which time that is known."""

    point: GeoPoint
    at: datetime


async def havens_now(session: AsyncSession, mission: EcmoMission, now: datetime) -> HavensNow:
    """Where a mission's patient could be taken; the present hospital too where it lies outside the region."""
    hospitals = list(await list_hospitals(session, mission.region))
    if mission.to_hospital_id not in {one.id for one in hospitals}:
        hospitals.append(await get_hospital(session, mission.region, mission.to_hospital_id))
    limits = as_limits(await list_limits_held(session, mission.region, now))
    beds: defaultdict[UUID, dict[BedKind, Beds]] = defaultdict(dict)
    for row in await list_beds(session, mission.region):
        beds[row.hospital_id][BedKind(row.kind)] = Beds(row.total, row.free)
    return HavensNow(hospitals, services_now(as_services(hospitals), limits, now), beds)


async def find_position(session: AsyncSession, unit_id: UUID) -> Whereabouts | None:
    """The newest position of a vehicle, however old."""
    row = await session.get(UnitLatestPosition, unit_id)
    return None if row is None else Whereabouts(GeoPoint(row.lat, row.lon), row.fix_at)


async def has_high_alarm(session: AsyncSession, patient_id: UUID) -> bool:
    """Whether a high alarm of a patient or his circuit goes on, of data that were not late."""
    wanted = select(Detection.id).where(
        Detection.patient_id == patient_id, Detection.priority == AlarmPriority.HIGH, Detection.ended_at.is_(None),
        ~Detection.late,
    )  # fmt: skip
    return await session.scalar(wanted.limit(1)) is not None


async def has_lost_bed(session: AsyncSession, mission_id: UUID) -> bool:
    """Whether a bed was asked for and is held no more."""
    wanted = select(EcmoPromise.ended_at).where(EcmoPromise.mission_id == mission_id, EcmoPromise.what == Promise.BED)
    ended = (await session.scalars(wanted)).all()
    return bool(ended) and all(one is not None for one in ended)


async def list_diversions(session: AsyncSession, mission_id: UUID) -> Sequence[EcmoDiversion]:
    """Diversions of a mission, the oldest first."""
    wanted = select(EcmoDiversion).where(EcmoDiversion.mission_id == mission_id)
    return (await session.scalars(wanted.order_by(EcmoDiversion.at, EcmoDiversion.id))).all()
