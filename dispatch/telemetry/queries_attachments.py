"""Whose data are whose, and what of a patient was measured on board."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.queries_patients import list_merged_into
from dispatch.kernel.errors import NotFound
from dispatch.telemetry.queries import KeptFrame, RawFrame, list_frames, list_raw_frames
from dispatch.telemetry.rules_attachments import Attachment, Mark, attachments
from dispatch.telemetry.states import Kind
from dispatch.telemetry.tables import TelemetryAttachment, TelemetryFrame, TelemetryStream


@dataclass(frozen=True, slots=True)
class Carried:
    """A period in which a place in a vehicle carried a patient's data."""

    unit_id: UUID
    slot: int
    attachment: Attachment


async def list_marks(session: AsyncSession, unit_id: UUID, slot: int) -> Sequence[TelemetryAttachment]:
    """The marks of a place that count, by true time."""
    query = select(TelemetryAttachment).where(
        TelemetryAttachment.unit_id == unit_id,
        TelemetryAttachment.slot == slot,
        TelemetryAttachment.withdrawn_at.is_(None),
    )
    return (await session.scalars(query.order_by(TelemetryAttachment.at))).all()


async def get_mark(session: AsyncSession, unit_id: UUID, mark_id: UUID, slot: int | None = None) -> TelemetryAttachment:
    """One mark of a vehicle, or of one place in it, withdrawn or not, locked. Raises NotFound."""
    query = select(TelemetryAttachment).where(TelemetryAttachment.id == mark_id, TelemetryAttachment.unit_id == unit_id)
    found = await session.scalar(query.with_for_update())
    if found is None or slot not in (None, found.slot):
        raise NotFound("attachment.not_found", "There is no such attachment in this vehicle.")
    return found


async def list_carried(session: AsyncSession, patient_id: UUID) -> list[Carried]:
    """Where a patient's data are from, with those of records that were merged into this one; by time."""
    ids = [patient_id, *(row.id for row in await list_merged_into(session, patient_id))]
    places = select(TelemetryAttachment.unit_id, TelemetryAttachment.slot).distinct()
    places = places.where(TelemetryAttachment.patient_id.in_(ids), TelemetryAttachment.withdrawn_at.is_(None))
    found: list[Carried] = []
    for unit_id, slot in (await session.execute(places)).all():
        marks = [Mark(row.at, row.patient_id) for row in await list_marks(session, unit_id, slot)]
        found += [Carried(unit_id, slot, one) for one in attachments(marks) if one.patient_id in ids]
    return sorted(found, key=lambda one: (one.attachment.begins_at, one.unit_id, one.slot))


async def list_patient_frames(
    session: AsyncSession, patient_id: UUID, kinds: Collection[Kind], from_at: datetime, until_at: datetime
) -> list[tuple[Carried, KeptFrame]]:
    """What was measured at a patient, by true time; nothing of before the attachment or after it."""
    found: list[tuple[Carried, KeptFrame]] = []
    for carried in await list_carried(session, patient_id):
        begin = max(from_at, carried.attachment.begins_at)
        end = until_at if carried.attachment.ends_at is None else min(until_at, carried.attachment.ends_at)
        if begin < end:
            frames = await list_frames(session, carried.unit_id, kinds, carried.slot, begin, end)
            found += [(carried, frame) for frame in frames]
    return sorted(found, key=lambda one: (one[1].at, one[1].stream, one[1].seq))


async def list_patient_raw(
    session: AsyncSession,
    carried: Iterable[Carried],
    kinds: Collection[Kind],
    from_at: datetime,
    until_at: datetime,
    *,
    received_from: datetime | None = None,
    most: int,
) -> list[RawFrame]:
    """As `list_patient_frames`, of periods that are known, and not read; at most so many, the earliest."""
    found: list[RawFrame] = []
    for one in carried:
        begin = max(from_at, one.attachment.begins_at)
        end = until_at if one.attachment.ends_at is None else min(until_at, one.attachment.ends_at)
        if begin < end:
            found += await list_raw_frames(
                session, one.unit_id, kinds, one.slot, begin, end, received_from=received_from, most=most
            )
    return sorted(found, key=lambda frame: (frame.at, frame.stream, frame.seq))[:most]


async def list_slots(session: AsyncSession, unit_id: UUID) -> dict[int, datetime | None]:
    """The places of a vehicle that ever sent something or carried somebody, with the newest true time of what came."""
    newest = (
        select(func.max(TelemetryFrame.at))
        .where(TelemetryFrame.stream_id == TelemetryStream.id)
        .correlate(TelemetryStream)
        .scalar_subquery()
    )
    sent = select(TelemetryStream.slot, newest).where(TelemetryStream.unit_id == unit_id, TelemetryStream.slot > 0)
    found: dict[int, datetime | None] = {}
    for slot, at in (await session.execute(sent)).all():
        known = found.get(slot)
        found[slot] = at if known is None or (at is not None and at > known) else known
    carried = select(TelemetryAttachment.slot).where(TelemetryAttachment.unit_id == unit_id).distinct()
    for slot in (await session.scalars(carried)).all():
        found.setdefault(slot, None)
    return dict(sorted(found.items()))
