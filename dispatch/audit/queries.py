"""Every question to the journal's table. Lists are in the order of `seq`, after a given one, and bounded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.errors import Invalid, NotFound
from dispatch.kernel.events import Event
from dispatch.kernel.journal_chain import Line
from dispatch.kernel.journal_table import JournalLine
from dispatch.kernel.prepared import driver_of

MOST_LINES: Final = 10_000
_BATCH: Final = 1_000
_LATE_BY: Final = timedelta(days=1)
_BEFORE_ALL: Final = -(2**63)

# PostgreSQL's own bytes of each value: nothing that stands in the table can fail to be read.
_RAW: Final = """
SELECT seq, uuid_send(id), convert_to(type, 'UTF8'), timestamptz_send(occurred_at), timestamptz_send(recorded_at),
       convert_to(subject, 'UTF8'), convert_to(organisation, 'UTF8'), convert_to(actor, 'UTF8'), uuid_send(context_id),
       uuid_send(parent_id), convert_to(payload::text, 'UTF8'), prev_hash, hash
FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2
"""


async def get_line(session: AsyncSession, seq: int) -> JournalLine:
    """Return one line. Raises NotFound (`journal.no_line`)."""
    found = await session.get(JournalLine, seq)
    if found is None:
        raise NotFound("journal.no_line", f"The journal has no line {seq}.")
    return found


async def find_head(session: AsyncSession) -> tuple[int, bytes] | None:
    """Return number and hash of the last line, None for an empty journal."""
    row = (
        await session.execute(select(JournalLine.seq, JournalLine.hash).order_by(JournalLine.seq.desc()).limit(1))
    ).one_or_none()
    return None if row is None else (row.seq, row.hash)


async def find_hash(session: AsyncSession, seq: int) -> bytes | None:
    """Return the hash of one line, None when it is not there."""
    return await session.scalar(select(JournalLine.hash).where(JournalLine.seq == seq))


async def count_after(session: AsyncSession, seq: int) -> int:
    """Return how many lines stand after `seq`."""
    return await session.scalar(select(func.count()).select_from(JournalLine).where(JournalLine.seq > seq)) or 0


async def list_lines(session: AsyncSession, *, after_seq: int = 0, limit: int = 1_000) -> Sequence[JournalLine]:
    """Return the lines after `after_seq`. Raises Invalid for a limit outside 1 to MOST_LINES, as all lists do."""
    return await _list(session, after_seq, limit)


async def list_newest(session: AsyncSession, *, subject: str | None = None, limit: int = 50) -> Sequence[JournalLine]:
    """Return the last lines, of one subject if given, in the order of `seq`."""
    _check(limit)
    wanted = select(JournalLine).order_by(JournalLine.seq.desc()).limit(limit)
    if subject is not None:
        wanted = wanted.where(JournalLine.subject == subject)
    return [*reversed((await session.scalars(wanted)).all())]


async def was_told(session: AsyncSession, told: Event, actor: str, since: datetime) -> bool:
    """Whether a line of this actor tells the very same, recorded at `since` or later."""
    wanted = select(JournalLine.seq).where(
        JournalLine.subject == told.subject,
        JournalLine.type == told.type,
        JournalLine.actor == actor,
        JournalLine.recorded_at >= since,
        JournalLine.payload == told.payload(),
    )
    return await session.scalar(wanted.limit(1)) is not None


async def list_by_subject(
    session: AsyncSession, subject: str, *, after_seq: int = 0, limit: int = 1_000
) -> Sequence[JournalLine]:
    """Return what happened to one unit, incident, person."""
    return await _list(session, after_seq, limit, JournalLine.subject == subject)


async def list_by_actor(
    session: AsyncSession, actor: str, *, after_seq: int = 0, limit: int = 1_000
) -> Sequence[JournalLine]:
    """Return what somebody did: `person:<id>`, `device:<id>`, `system:<name>`."""
    return await _list(session, after_seq, limit, JournalLine.actor == actor)


async def list_by_context(
    session: AsyncSession, context_id: UUID, *, after_seq: int = 0, limit: int = 1_000
) -> Sequence[JournalLine]:
    """Return what was done in the course of one request, message or tick."""
    return await _list(session, after_seq, limit, JournalLine.context_id == context_id)


async def list_by_time(
    session: AsyncSession, start: datetime, end: datetime, *, after_seq: int = 0, limit: int = 1_000
) -> Sequence[JournalLine]:
    """Return what occurred from `start` up to, not including, `end` (aware), late entries among it."""
    return await _list(session, after_seq, limit, JournalLine.occurred_at >= start, JournalLine.occurred_at < end)


async def stream_raw(session: AsyncSession) -> AsyncIterator[Sequence[Line]]:
    """Give all lines as they are hashed, in the order of `seq`, a batch at a time and one batch in memory.

    The session is a reading one: all batches come from one unchanging view.
    """
    driver = await driver_of(session)
    after_seq = _BEFORE_ALL
    while rows := await driver.fetch(_RAW, after_seq, _BATCH):
        yield [Line(*row) for row in rows]
        after_seq = rows[-1][0]


async def list_between(
    session: AsyncSession, types: Collection[str], from_at: datetime, until_at: datetime, *, most: int
) -> Sequence[JournalLine]:
    """The first `most` lines of these types that were written in a span (its end left out).

    One about more than a day before it was written is left out, so that only the span's part of the journal is read.
    """
    wanted = (
        select(JournalLine)
        .where(
            JournalLine.occurred_at >= from_at - _LATE_BY,
            JournalLine.occurred_at < until_at,
            JournalLine.recorded_at >= from_at,
            JournalLine.recorded_at < until_at,
            JournalLine.type.in_(sorted(types)),
        )
        .order_by(JournalLine.seq)
        .limit(most)
    )
    return (await session.scalars(wanted)).all()


async def _list(
    session: AsyncSession, after_seq: int, limit: int, *conditions: ColumnElement[bool]
) -> Sequence[JournalLine]:
    _check(limit)
    wanted = select(JournalLine).where(JournalLine.seq > after_seq, *conditions)
    return (await session.scalars(wanted.order_by(JournalLine.seq).limit(limit))).all()


def _check(limit: int) -> None:
    if not 1 <= limit <= MOST_LINES:
        raise Invalid("journal.limit", f"From 1 to {MOST_LINES} lines can be listed at once, not {limit}.")
