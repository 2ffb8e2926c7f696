"""Pictures that were sent of a patient. Pieces are kept as they came: a list reads their heads alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.telemetry.queries_attachments import Carried
from dispatch.telemetry.rules_payloads import CHUNK_HEAD, Chunk, ImageForm
from dispatch.telemetry.states import Kind
from dispatch.telemetry.tables import TelemetryFrame, TelemetryStream

MOST_PIECES: Final = 60_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, whole or not yet. at: when it was taken; received: how many of its `total` bytes are here."""

    id: UUID
    at: datetime
    received_at: datetime
    total: int
    received: int
    form: ImageForm

    @property
    def whole(self) -> bool:
        """Whether all of it is here."""
        return self.received >= self.total


async def list_pictures(session: AsyncSession, carried: Sequence[Carried], now: datetime) -> list[Picture]:
    """The pictures that were sent while a patient was attached, the newest first."""
    found: dict[UUID, Picture] = {}
    seen: set[tuple[UUID, int]] = set()
    for one in carried:
        head = func.substring(TelemetryFrame.payload, 1, CHUNK_HEAD.size)
        size = func.octet_length(TelemetryFrame.payload)
        query = (
            select(head.label("head"), size.label("size"), TelemetryFrame.at, TelemetryFrame.received_at)
            .join(TelemetryStream, TelemetryStream.id == TelemetryFrame.stream_id)
            .where(*_of(one, now))
            .order_by(TelemetryFrame.at, TelemetryFrame.seq)
            .limit(MOST_PIECES)
        )
        for row in await session.execute(query):
            image, total, offset, form, _ = CHUNK_HEAD.unpack(row.head)
            key = UUID(bytes=image)
            if (key, offset) in seen:
                continue
            seen.add((key, offset))
            before = found.get(key)
            got = row.size - CHUNK_HEAD.size + (0 if before is None else before.received)
            at = row.at if before is None else min(row.at, before.at)
            arrived = row.received_at if before is None else max(row.received_at, before.received_at)
            found[key] = Picture(key, at, arrived, total, got, ImageForm(form))
    return sorted(found.values(), key=lambda one: (one.at, one.id), reverse=True)


async def list_pieces(session: AsyncSession, carried: Sequence[Carried], image: UUID, now: datetime) -> list[Chunk]:
    """The pieces of one picture that was sent while a patient was attached; none: it is not this patient's."""
    found: list[Chunk] = []
    for one in carried:
        query = (
            select(TelemetryFrame.payload)
            .join(TelemetryStream, TelemetryStream.id == TelemetryFrame.stream_id)
            .where(*_of(one, now), func.substring(TelemetryFrame.payload, 1, 16) == image.bytes)
            .limit(MOST_PIECES)
        )
        for payload in await session.scalars(query):
            _, total, offset, form, sha256 = CHUNK_HEAD.unpack_from(payload)
            found.append(Chunk(image, total, offset, ImageForm(form), sha256, payload[CHUNK_HEAD.size :]))
    return found


def _of(one: Carried, now: datetime) -> tuple[ColumnElement[bool], ...]:
    begins, ends = one.attachment.begins_at, one.attachment.ends_at
    return (
        TelemetryStream.unit_id == one.unit_id,
        TelemetryStream.kind == int(Kind.IMAGE),
        TelemetryStream.slot == one.slot,
        TelemetryFrame.at >= begins,
        TelemetryFrame.at < (ends or now),
        # Never received before it happened: earlier days are left alone.
        TelemetryFrame.received_at >= begins,
    )
