"""Hospitals limit their services, and both sides move the count of beds. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.queries import get_person
from dispatch.accounts.states import PersonState, Role
from dispatch.hospitals.events import HospitalBedsMoved, HospitalLimited, HospitalLimitEnded
from dispatch.hospitals.queries_status import as_limits, find_beds, get_limit, list_limits_held, lock_hospital
from dispatch.hospitals.rules_status import Beds, check_limit, checked_span, in_force, moved
from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.states_status import BedKind, BedMove, BedSide, LimitKind, LimitReason
from dispatch.hospitals.tables_status import HospitalBedMove, HospitalBeds, HospitalLimit
from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append


@dataclass(frozen=True, slots=True)
class Said:
    """A limit as it is said. doctor_id: who answers for it; until: None takes the usual end of a diversion."""

    service: HospitalCapability
    kind: LimitKind
    reason: LimitReason
    doctor_id: UUID
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moving:
    """A move of `number` beds, or a count. version: of the count that was looked at; None whatever it is by now."""

    kind: BedKind
    move: BedMove
    number: int
    side: BedSide
    total: int | None = None
    version: int | None = None


async def limit_service(
    session: AsyncSession, clock: Clock, context: Context, region: str, hospital_id: UUID, said: Said
) -> HospitalLimit:
    """Say that a service is diverted or closed.

    Raises:
        NotFound: `hospital.not_found`, `person.not_found`. Conflict: `limit.holds`.
        Invalid: `limit.service`, `limit.until`, `limit.too_long`, `limit.doctor`, who is no emergency doctor on the
        books.
    """
    hospital = await lock_hospital(session, region, hospital_id)
    now = clock.now()
    begins_at, until_at = checked_span(said.kind, said.until, now, in_force(session.info))
    held = [row for row in await list_limits_held(session, region, now) if row.hospital_id == hospital_id]
    check_limit(said.service, frozenset(map(HospitalCapability, hospital.capabilities)), as_limits(held))
    known = await get_person(session, said.doctor_id)
    doctor = any(grant.role is Role.EMERGENCY_DOCTOR for grant in known.grants)
    if not doctor or known.person.state != PersonState.ACTIVE:
        raise Invalid("limit.doctor", "A limit is answered for by an emergency doctor.", "Name one.")
    row = HospitalLimit(
        id=new_id(clock), hospital_id=hospital_id, service=said.service, kind=said.kind, reason=said.reason,
        doctor_id=said.doctor_id, begins_at=begins_at, until_at=until_at, actor=str(context.actor), ended_at=None,
        ended_by=None,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    told = HospitalLimited(
        hospital_id=hospital_id, limit_id=row.id, service=said.service, kind=said.kind, reason=said.reason,
        doctor_id=said.doctor_id, begins_at=begins_at, until_at=until_at,
    )  # fmt: skip
    await append(session, clock, context, [told])
    return row


async def end_limit(
    session: AsyncSession, clock: Clock, context: Context, region: str, limit_id: UUID
) -> HospitalLimit:
    """Take a limit back before its time.

    Raises:
        NotFound: `limit.not_found`. Conflict: `limit.over`, it holds no longer.
    """
    hospital_id = (await get_limit(session, region, limit_id)).hospital_id
    await lock_hospital(session, region, hospital_id)
    row = await get_limit(session, region, limit_id)
    await session.refresh(row)
    now = clock.now()
    if row.ended_at is not None or row.until_at <= now:
        raise Conflict("limit.over", "This limit holds no longer.")
    row.ended_at, row.ended_by = max(now, row.begins_at), str(context.actor)
    await session.flush()
    told = HospitalLimitEnded(
        hospital_id=hospital_id, limit_id=row.id, service=HospitalCapability(row.service), ended_at=row.ended_at
    )
    await append(session, clock, context, [told])
    return row


async def move_beds(
    session: AsyncSession, clock: Clock, context: Context, region: str, hospital_id: UUID, moving: Moving
) -> HospitalBeds:
    """Move the count of one kind of beds, or count them.

    Raises:
        NotFound: `hospital.not_found`. Invalid: `beds.number`, `beds.total`.
        Conflict: `beds.unknown`, `beds.none`, `beds.all_free`, `beds.version`, somebody moved them meanwhile.
    """
    await lock_hospital(session, region, hospital_id)
    row = await find_beds(session, hospital_id, moving.kind)
    if moving.version is not None and moving.version != (row.version if row else 0):
        raise Conflict("beds.version", "The count was moved meanwhile.", "Look at it as it is now.")
    old = None if row is None else Beds(row.total, row.free)
    beds = moved(old, moving.move, moving.number, total=moving.total, kind=moving.kind)
    now = clock.now()
    if row is None:
        row = HospitalBeds(hospital_id=hospital_id, kind=moving.kind, version=0)
        session.add(row)
    row.total, row.free, row.version, row.at, row.side = beds.total, beds.free, row.version + 1, now, moving.side
    session.add(
        HospitalBedMove(
            id=new_id(clock), hospital_id=hospital_id, kind=moving.kind, move=moving.move, number=moving.number,
            free=beds.free, total=beds.total, side=moving.side, at=now, actor=str(context.actor),
        )
    )  # fmt: skip
    await session.flush()
    told = HospitalBedsMoved(
        hospital_id=hospital_id, bed_kind=moving.kind, move=moving.move, side=moving.side, number=moving.number,
        free=beds.free, total=beds.total,
    )  # fmt: skip
    await append(session, clock, context, [told])
    return row
