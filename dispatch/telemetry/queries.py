"""Streams, frames and connections: the writer's statements, and what is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Row, Select, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from dispatch.kernel.prepared import Prepared
from dispatch.telemetry.rules_coding import unpack
from dispatch.telemetry.rules_payloads import Payload, decode_payload
from dispatch.telemetry.rules_ranges import Ranges
from dispatch.telemetry.states import Frame, Kind, Stream
from dispatch.telemetry.tables import TelemetryConnection, TelemetryFrame, TelemetryStream

ENSURE_DAY: Final = "SELECT telemetry_frames_ensure($1::date)"
"""True when it made the partition of that day (UTC)."""
MAKE_STREAMS: Final = """
INSERT INTO telemetry_streams (unit_id, log, kind, slot, made_at, held, lost)
SELECT given.unit_id, given.log, given.kind, given.slot, $5, '{}', '{}'
FROM unnest($1::uuid[], $2::uuid[], $3::int2[], $4::int2[]) AS given (unit_id, log, kind, slot)
ORDER BY given.unit_id, given.log, given.kind, given.slot
ON CONFLICT DO NOTHING
"""
FIND_STREAMS: Final = """
SELECT s.id, s.unit_id, s.log, s.kind, s.slot FROM telemetry_streams s
JOIN unnest($1::uuid[], $2::uuid[], $3::int2[], $4::int2[]) AS given (unit_id, log, kind, slot)
    USING (unit_id, log, kind, slot)
"""
# Held first, by a statement of its own, so that the next one sees what another writer committed meanwhile.
LOCK_STREAMS: Final = "SELECT id FROM telemetry_streams WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE"
# All in one, sent once: which numbers are new, their frames, which of them are to be looked at for alarms, and what is
# held from now on. A row without a payload is a position, which is kept elsewhere, or numbers that will never come.
# Answers with the places of what is new.
KEEP: Final = """
WITH given AS (
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[], $5::timestamptz[], $6::timestamptz[],
                         $7::timestamptz[], $8::boolean[], $9::int2[], $10::bytea[], $11::boolean[]) WITH ORDINALITY
        AS t (stream_id, first, last, is_lost, received_at, at, device_at, sure, coding, payload, is_watched, place)
), fresh AS (
    SELECT given.* FROM given JOIN telemetry_streams s ON s.id = given.stream_id
    WHERE NOT given.is_lost AND NOT s.held @> given.first
), added AS (
    INSERT INTO telemetry_frames (stream_id, seq, received_at, at, device_at, sure, coding, payload)
    SELECT stream_id, first, received_at, at, device_at, sure, coding, payload FROM fresh WHERE payload IS NOT NULL
), unlooked AS (
    INSERT INTO telemetry_unlooked (kept_at, frames, stream_ids, seqs, received_from, received_until)
    SELECT $12, count(*), array_agg(stream_id ORDER BY place), array_agg(first ORDER BY place), min(received_at),
           max(received_at)
    FROM fresh WHERE is_watched HAVING count(*) > 0
), moved AS (
    UPDATE telemetry_streams s
    SET held = s.held + spans.held, lost = s.lost + (spans.lost - s.held - spans.kept)
    FROM (
        SELECT stream_id, range_agg(span) AS held,
               coalesce(range_agg(span) FILTER (WHERE is_lost), '{}'::int8multirange) AS lost,
               coalesce(range_agg(span) FILTER (WHERE NOT is_lost), '{}'::int8multirange) AS kept
        FROM (SELECT stream_id, int8range(first, last, '[]') AS span, is_lost FROM given) AS each
        GROUP BY stream_id
    ) AS spans
    WHERE s.id = spans.stream_id
    RETURNING s.id
)
SELECT ARRAY(SELECT place FROM fresh ORDER BY place) AS fresh, (SELECT count(*) FROM moved) AS streams
"""

_NEWEST: Final = Prepared(
    select(TelemetryConnection.unit_id, TelemetryConnection.id)
    .where(TelemetryConnection.unit_id == any_(bindparam("units", type_=ARRAY(Uuid))))
    .ext(distinct_on(TelemetryConnection.unit_id))
    .order_by(TelemetryConnection.unit_id, TelemetryConnection.opened_at.desc(), TelemetryConnection.id.desc())
)


@dataclass(frozen=True, slots=True)
class KeptStream:
    """What is known of one stream. held: kept or lost; lost: never to come."""

    stream: Stream
    log: UUID
    held: Ranges
    lost: Ranges
    id: int


@dataclass(frozen=True, slots=True)
class KeptFrame:
    """A frame with its times, read. sure: False where the receipt stands in for an unknown time."""

    stream: Stream
    seq: int
    at: datetime
    device_at: datetime
    received_at: datetime
    sure: bool
    payload: Payload


@dataclass(frozen=True, slots=True)
class RawFrame:
    """A frame with its times, its payload as the vehicle sent it. sure: as of `KeptFrame`."""

    stream: Stream
    seq: int
    at: datetime
    received_at: datetime
    sure: bool
    payload: bytes


async def list_streams(session: AsyncSession, unit_id: UUID, log: UUID | None = None) -> list[KeptStream]:
    """The streams of a vehicle, or of one of its logs, by kind and slot."""
    query = select(TelemetryStream).where(TelemetryStream.unit_id == unit_id)
    if log is not None:
        query = query.where(TelemetryStream.log == log)
    query = query.order_by(TelemetryStream.kind, TelemetryStream.slot, TelemetryStream.id)
    rows = (await session.scalars(query, execution_options={"populate_existing": True})).all()
    return [
        KeptStream(Stream(Kind(row.kind), row.slot), row.log, _ranges(row.held), _ranges(row.lost), row.id)
        for row in rows
    ]


async def list_frames(
    session: AsyncSession, unit_id: UUID, kinds: Collection[Kind], slot: int, from_at: datetime, until_at: datetime
) -> list[KeptFrame]:
    """Frames that a place in a vehicle sent, by true time, from any log."""
    columns = (
        TelemetryStream.kind, TelemetryFrame.seq, TelemetryFrame.at, TelemetryFrame.device_at,
        TelemetryFrame.received_at, TelemetryFrame.sure, TelemetryFrame.coding, TelemetryFrame.payload,
    )  # fmt: skip
    # Never received before it happened: earlier days are left alone.
    query = _sent(columns, unit_id, kinds, slot, from_at, until_at, received_from=from_at)
    return [_read(row, slot) for row in (await session.execute(query)).all()]


async def list_raw_frames(
    session: AsyncSession,
    unit_id: UUID,
    kinds: Collection[Kind],
    slot: int,
    from_at: datetime,
    until_at: datetime,
    *,
    received_from: datetime | None = None,
    most: int,
) -> list[RawFrame]:
    """At most so many frames that a place in a vehicle sent, by true time, unpacked and not read.

    received_from: only what was received then or later, to go on from where one was.
    """
    received_at = from_at if received_from is None else max(from_at, received_from)
    columns = (
        TelemetryStream.kind, TelemetryFrame.seq, TelemetryFrame.at, TelemetryFrame.received_at, TelemetryFrame.sure,
        TelemetryFrame.coding, TelemetryFrame.payload,
    )  # fmt: skip
    query = _sent(columns, unit_id, kinds, slot, from_at, until_at, received_from=received_at).limit(most)
    return [
        RawFrame(Stream(Kind(row.kind), slot), row.seq, row.at, row.received_at, row.sure,
                 unpack(Kind(row.kind), row.coding, row.payload))
        for row in (await session.execute(query)).all()
    ]  # fmt: skip


async def newest_connections(session: AsyncSession, unit_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The connection that each of these vehicles opened last."""
    return dict(await _NEWEST.rows(session, units=list(unit_ids)))


async def list_connections(session: AsyncSession, unit_id: UUID, *, most: int = 20) -> Sequence[TelemetryConnection]:
    """The last connections of a vehicle, newest first."""
    query = select(TelemetryConnection).where(TelemetryConnection.unit_id == unit_id)
    query = query.order_by(TelemetryConnection.opened_at.desc(), TelemetryConnection.id.desc()).limit(most)
    return (await session.scalars(query)).all()


def _sent(
    columns: Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]],
    unit_id: UUID,
    kinds: Collection[Kind],
    slot: int,
    from_at: datetime,
    until_at: datetime,
    *,
    received_from: datetime,
) -> Select[*tuple[Any, ...]]:
    """What a place in a vehicle sent, by true time; only days on which it was received from then on are read."""
    return (
        select(*columns)
        .join(TelemetryStream, TelemetryStream.id == TelemetryFrame.stream_id)
        .where(
            TelemetryStream.unit_id == unit_id,
            TelemetryStream.kind.in_([int(kind) for kind in kinds]),
            TelemetryStream.slot == slot,
            TelemetryFrame.at >= from_at,
            TelemetryFrame.at < until_at,
            TelemetryFrame.received_at >= received_from,
        )
        .order_by(TelemetryFrame.at, TelemetryStream.kind, TelemetryFrame.stream_id, TelemetryFrame.seq)
    )


def _read(row: Row[*tuple[Any, ...]], slot: int) -> KeptFrame:
    kind, seq, at, device_at, received_at, sure, coding, kept = row
    stream = Stream(Kind(kind), slot)
    payload = decode_payload(Frame(stream, seq, 0, unpack(stream.kind, coding, kept)))
    return KeptFrame(stream, seq, at, device_at, received_at, sure, payload)


def _ranges(held: Any) -> Ranges:  # noqa: ANN401 - SQLAlchemy's multirange
    return Ranges((span.lower, span.upper - 1) for span in held)
