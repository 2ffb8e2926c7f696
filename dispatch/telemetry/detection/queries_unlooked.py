"""What is kept and was not looked at for alarms yet: read in the order in which it came, and counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.prepared import driver_of
from dispatch.telemetry.detection.tables_unlooked import DetectionGap, Unlooked
from dispatch.telemetry.rules_arrivals import Arrival
from dispatch.telemetry.rules_coding import unpack
from dispatch.telemetry.rules_payloads import decode_payload
from dispatch.telemetry.states import Frame, Kind, Stream

MOST_BATCHES: Final = 1_000
"""More are read in the next round, which then follows at once."""
_FRAMES: Final = """
SELECT s.unit_id, s.log, s.kind, s.slot, f.seq, f.received_at, f.at, f.coding, f.payload
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS wanted (stream_id, seq, place)
JOIN telemetry_frames f ON f.stream_id = wanted.stream_id AND f.seq = wanted.seq
JOIN telemetry_streams s ON s.id = f.stream_id
WHERE f.received_at >= $3 AND f.received_at <= $4
ORDER BY wanted.place
"""
# Of what was measured seldom the newest frame of each size stands for all: one with a blood pressure is longer.
_BEFORE: Final = """
(SELECT s.unit_id, s.log, s.kind, s.slot, f.seq, f.received_at, f.at, f.coding, f.payload
FROM telemetry_streams s JOIN telemetry_frames f ON f.stream_id = s.id
WHERE s.unit_id = ANY($1::uuid[]) AND s.kind = ANY($2::int2[]) AND s.slot > 0 AND f.sure
    AND f.at >= $3 AND f.at < $5 AND f.received_at >= $3 AND f.received_at < $5)
UNION ALL
(SELECT DISTINCT ON (s.id, octet_length(f.payload))
    s.unit_id, s.log, s.kind, s.slot, f.seq, f.received_at, f.at, f.coding, f.payload
FROM telemetry_streams s JOIN telemetry_frames f ON f.stream_id = s.id
WHERE s.unit_id = ANY($1::uuid[]) AND s.kind = $6::int2 AND s.slot > 0 AND f.sure
    AND f.at >= $4 AND f.at < $3 AND f.received_at >= $4 AND f.received_at < $5
ORDER BY s.id, octet_length(f.payload), f.at DESC)
ORDER BY at
"""
_BEHIND: Final = """
SELECT s.unit_id, s.slot, min(q.kept_at) AS since, count(*) AS frames
FROM telemetry_unlooked q, unnest(q.stream_ids) AS wanted (id) JOIN telemetry_streams s ON s.id = wanted.id
WHERE q.kept_at < $1
GROUP BY s.unit_id, s.slot
"""
Kept = tuple[Any, ...]
"""A frame as it is kept, not read yet."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What was not looked at: since when, None while there is nothing; frames."""

    since: datetime | None
    frames: int


@dataclass(frozen=True, slots=True)
class Behind:
    """A place in a vehicle whose frames were not looked at: since when, and how many."""

    unit_id: UUID
    slot: int
    since: datetime
    frames: int


async def list_unlooked(session: AsyncSession, most_frames: int) -> list[Row[*tuple[Any, ...]]]:
    """The oldest batches of frames, of about so many frames together; at least one if there is any."""
    columns = (
        Unlooked.id, Unlooked.kept_at, Unlooked.frames, Unlooked.stream_ids, Unlooked.seqs, Unlooked.received_from,
        Unlooked.received_until,
    )  # fmt: skip
    rows = (await session.execute(select(*columns).order_by(Unlooked.id).limit(MOST_BATCHES))).all()
    chosen: list[Row[*tuple[Any, ...]]] = []
    frames = 0
    for row in rows:
        if chosen and frames + row.frames > most_frames:
            break
        chosen.append(row)
        frames += row.frames
    return chosen


async def list_kept_of(session: AsyncSession, batches: Sequence[Row[*tuple[Any, ...]]]) -> list[Kept]:
    """The frames of some batches, in their order; those that were deleted since are not there."""
    driver = await driver_of(session)
    streams = [id_ for batch in batches for id_ in batch.stream_ids]
    seqs = [seq for batch in batches for seq in batch.seqs]
    begin, end = (min(batch.received_from for batch in batches), max(batch.received_until for batch in batches))
    found: list[Kept] = await driver.fetch(_FRAMES, streams, seqs, begin, end)
    return found


async def list_kept_before(
    session: AsyncSession, unit_ids: Collection[UUID], until: datetime, *, whole: timedelta, seldom: timedelta
) -> list[Kept]:
    """What some vehicles sent right before a moment, by true time.

    whole: of so long everything; seldom: of so long before that the newest vital signs of each number of values.
    """
    driver = await driver_of(session)
    kinds = [int(Kind.VITALS), int(Kind.ECG), int(Kind.ECMO)]
    found: list[Kept] = await driver.fetch(
        _BEFORE, list(unit_ids), kinds, until - whole, until - whole - seldom, until, int(Kind.VITALS)
    )
    return found


def arrival_of(row: Kept) -> Arrival:
    """Read a frame that is kept. Raises BadFrame, ValueError."""
    unit_id, log, kind, slot, seq, received_at, at, coding, kept = row
    stream = Stream(Kind(kind), slot)
    payload = decode_payload(Frame(stream, seq, 0, unpack(stream.kind, coding, kept)))
    # The driver's UUIDs are a class of its own, slower to find.
    return Arrival(UUID(int=unit_id.int), UUID(int=log.int), stream, (seq, seq), received_at, None, payload, at)


async def find_backlog(session: AsyncSession) -> Backlog:
    """How much was not looked at, and since when."""
    found = (await session.execute(select(func.min(Unlooked.kept_at), func.sum(Unlooked.frames)))).one()
    return Backlog(found[0], int(found[1] or 0))


async def list_behind(session: AsyncSession, before: datetime) -> list[Behind]:
    """The places in vehicles that sent something before a moment that was not looked at."""
    driver = await driver_of(session)
    return [
        Behind(UUID(int=row["unit_id"].int), row["slot"], row["since"], row["frames"])
        for row in await driver.fetch(_BEHIND, before)
    ]


async def find_gap(session: AsyncSession) -> DetectionGap | None:
    """The time of falling behind that goes on, locked."""
    query = select(DetectionGap).where(DetectionGap.ended_at.is_(None)).with_for_update()
    found: DetectionGap | None = await session.scalar(query)
    return found
