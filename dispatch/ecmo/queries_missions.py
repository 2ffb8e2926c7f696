"""Every question to the tables of missions, their kit and their course."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.ecmo.states_kit import Passage, TeamRole
from dispatch.ecmo.states_missions import MISSION_OVER, MissionState
from dispatch.ecmo.tables_journey import (
    EcmoBatteryTest,
    EcmoCheck,
    EcmoDemand,
    EcmoPassage,
    EcmoPressure,
    EcmoPromise,
    EcmoStep,
)
from dispatch.ecmo.tables_kit import EcmoBooking, EcmoDuty, EcmoKit
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.errors import NotFound


async def get_mission(session: AsyncSession, region: str, mission_id: UUID, *, lock: bool = False) -> EcmoMission:
    """One mission, its row locked if asked. Raises NotFound (`ecmo_mission.not_found`)."""
    wanted = select(EcmoMission).where(EcmoMission.region == region, EcmoMission.id == mission_id)
    found = await session.scalar(
        wanted.with_for_update() if lock else wanted, execution_options={"populate_existing": True}
    )
    if found is None:
        raise NotFound("ecmo_mission.not_found", "There is no such mission in this region.")
    return found


async def find_mission_of(session: AsyncSession, request_id: UUID) -> EcmoMission | None:
    """The mission of a request that was not stood down."""
    wanted = select(EcmoMission).where(
        EcmoMission.request_id == request_id, EcmoMission.state != MissionState.STOOD_DOWN
    )
    found: EcmoMission | None = await session.scalar(wanted)
    return found


async def list_missions(session: AsyncSession, region: str, since: datetime) -> Sequence[EcmoMission]:
    """Missions under way, and those that began since; the newest first."""
    over = EcmoMission.state.in_([str(one) for one in MISSION_OVER])
    wanted = select(EcmoMission).where(EcmoMission.region == region, or_(~over, EcmoMission.began_at >= since))
    return (await session.scalars(wanted.order_by(EcmoMission.began_at.desc(), EcmoMission.id))).all()


async def concerned_by(session: AsyncSession, mission: EcmoMission) -> tuple[str, ...]:
    """The organisations of both sides of a mission."""
    ends = [mission.centre_id, mission.to_hospital_id, mission.from_hospital_id]
    owners = await session.scalars(select(Hospital.organisation).where(Hospital.id.in_([one for one in ends if one])))
    asker = await session.scalar(select(EcmoRequest.organisation).where(EcmoRequest.id == mission.request_id))
    return tuple(sorted({*owners, *([asker] if asker else [])}))


async def list_steps(session: AsyncSession, mission_id: UUID) -> Sequence[EcmoStep]:
    """The steps of a mission, in the order in which they truly were."""
    wanted = select(EcmoStep).where(EcmoStep.mission_id == mission_id)
    return (await session.scalars(wanted.order_by(EcmoStep.at, EcmoStep.entered_at, EcmoStep.id))).all()


async def list_kit(session: AsyncSession, region: str) -> Sequence[EcmoKit]:
    """All kit on the region's list, by code."""
    wanted = select(EcmoKit).where(EcmoKit.region == region, EcmoKit.retired_at.is_(None))
    return (await session.scalars(wanted.order_by(EcmoKit.code))).all()


async def get_kit(session: AsyncSession, region: str, kit_id: UUID) -> EcmoKit:
    """One piece on the list, its row locked. Raises NotFound (`ecmo_kit.not_found`)."""
    wanted = select(EcmoKit).where(EcmoKit.region == region, EcmoKit.id == kit_id, EcmoKit.retired_at.is_(None))
    wanted = wanted.with_for_update()
    found = await session.scalar(wanted)
    if found is None:
        raise NotFound("ecmo_kit.not_found", "There is no such piece of kit in this region.")
    return found


async def list_duties(
    session: AsyncSession, region: str, now: datetime, *, until: datetime | None = None
) -> Sequence[EcmoDuty]:
    """Who is on call for missions now, or at any time from now `until` another; the longest first."""
    wanted = select(EcmoDuty).where(
        EcmoDuty.region == region, EcmoDuty.from_at <= (until or now), EcmoDuty.until_at > now,
        EcmoDuty.withdrawn_at.is_(None),
    )  # fmt: skip
    return (await session.scalars(wanted.order_by(EcmoDuty.until_at.desc(), EcmoDuty.id))).all()


async def get_duty(session: AsyncSession, region: str, duty_id: UUID) -> EcmoDuty:
    """One duty, its row locked, also one that was taken back. Raises NotFound (`ecmo_duty.not_found`)."""
    found: EcmoDuty | None = await session.scalar(
        select(EcmoDuty).where(EcmoDuty.region == region, EcmoDuty.id == duty_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise NotFound("ecmo_duty.not_found", "There is no such duty in this region.")
    return found


async def number_of(session: AsyncSession, mission_id: UUID) -> str | None:
    """The number by which people know a mission: its request's."""
    wanted = select(EcmoRequest.number).join(EcmoMission, EcmoMission.request_id == EcmoRequest.id)
    found: str | None = await session.scalar(wanted.where(EcmoMission.id == mission_id))
    return found


async def list_open_bookings(session: AsyncSession, region: str) -> Sequence[EcmoBooking]:
    """What and who is in a mission of the region now."""
    wanted = (
        select(EcmoBooking)
        .join(EcmoMission, EcmoMission.id == EcmoBooking.mission_id)
        .where(EcmoMission.region == region, EcmoBooking.until_at.is_(None))
    )
    return (await session.scalars(wanted.order_by(EcmoBooking.from_at, EcmoBooking.id))).all()


async def list_bookings(session: AsyncSession, mission_id: UUID) -> Sequence[EcmoBooking]:
    """All bookings of a mission, also those given back."""
    wanted = select(EcmoBooking).where(EcmoBooking.mission_id == mission_id)
    return (await session.scalars(wanted.order_by(EcmoBooking.from_at, EcmoBooking.id))).all()


async def is_lead(session: AsyncSession, mission_id: UUID, actor: str) -> bool:
    """Whether somebody, as the journal names him, leads a mission now."""
    return any(
        one.role == TeamRole.LEAD and one.until_at is None and actor == f"person:{one.person_id}"
        for one in await list_bookings(session, mission_id)
    )


async def list_checks(session: AsyncSession, mission_id: UUID) -> Sequence[EcmoCheck]:
    """Items that are ticked."""
    wanted = select(EcmoCheck).where(EcmoCheck.mission_id == mission_id, EcmoCheck.withdrawn_at.is_(None))
    return (await session.scalars(wanted.order_by(EcmoCheck.at, EcmoCheck.id))).all()


async def list_passages(session: AsyncSession, mission_id: UUID) -> Sequence[EcmoPassage]:
    """How gates were passed, the oldest first."""
    wanted = select(EcmoPassage).where(EcmoPassage.mission_id == mission_id)
    return (await session.scalars(wanted.order_by(EcmoPassage.at, EcmoPassage.id))).all()


async def list_promises(session: AsyncSession, mission_id: UUID) -> Sequence[EcmoPromise]:
    """What is reserved or told and holds."""
    wanted = select(EcmoPromise).where(EcmoPromise.mission_id == mission_id, EcmoPromise.ended_at.is_(None))
    return (await session.scalars(wanted.order_by(EcmoPromise.asked_at, EcmoPromise.id))).all()


async def list_pressures(session: AsyncSession, mission_id: UUID) -> dict[UUID, EcmoPressure]:
    """The newest reading of each cylinder."""
    wanted = (
        select(EcmoPressure)
        .where(EcmoPressure.mission_id == mission_id)
        .order_by(EcmoPressure.kit_id, EcmoPressure.at.desc(), EcmoPressure.id.desc())
        .ext(distinct_on(EcmoPressure.kit_id))
    )
    return {row.kit_id: row for row in await session.scalars(wanted)}


async def find_demand(session: AsyncSession, mission_id: UUID) -> EcmoDemand | None:
    """What is breathed, as last told."""
    wanted = select(EcmoDemand).where(EcmoDemand.mission_id == mission_id)
    found: EcmoDemand | None = await session.scalar(
        wanted.order_by(EcmoDemand.at.desc(), EcmoDemand.id.desc()).limit(1)
    )
    return found


async def list_battery_tests(session: AsyncSession, mission_id: UUID) -> dict[UUID, EcmoBatteryTest]:
    """The newest test of each battery."""
    wanted = (
        select(EcmoBatteryTest)
        .where(EcmoBatteryTest.mission_id == mission_id)
        .order_by(EcmoBatteryTest.kit_id, EcmoBatteryTest.at.desc(), EcmoBatteryTest.id.desc())
        .ext(distinct_on(EcmoBatteryTest.kit_id))
    )
    return {row.kit_id: row for row in await session.scalars(wanted)}


async def list_open_passages(session: AsyncSession, mission_ids: Sequence[UUID]) -> Sequence[EcmoPassage]:
    """Gates of these missions that were passed with items open, and nobody said why; the oldest first."""
    wanted = select(EcmoPassage).where(
        EcmoPassage.mission_id.in_(mission_ids), EcmoPassage.how != Passage.CLOSED, EcmoPassage.reason.is_(None)
    )
    return (await session.scalars(wanted.order_by(EcmoPassage.at, EcmoPassage.id))).all()


def by_mission(rows: Iterable[EcmoPassage]) -> dict[UUID, list[EcmoPassage]]:
    """Passages by their mission."""
    found: defaultdict[UUID, list[EcmoPassage]] = defaultdict(list)
    for one in rows:
        found[one.mission_id].append(one)
    return found
