"""Appending to the journal: gapless, in the order of commits, chained, and never changed again.

An append takes an advisory lock that ends with the transaction, so it belongs late into it: who appends and then waits
for another lock makes everybody wait. The transaction's isolation is READ COMMITTED, the default of `Database.write`;
with a stricter one the head may be an old one, and the table's key refuses the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Invalid
from dispatch.kernel.events import LATE_SOURCE, Event, Late
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal_chain import Line, line_hash, time_bytes
from dispatch.kernel.journal_json import payload_bytes
from dispatch.kernel.texts import text_fault

CHANNEL: Final = "journal"
"""NOTIFY on it carries the newest `seq` as text, and nothing else."""
MAX_EVENTS: Final = 10_000
"""In one append: the lock is held meanwhile."""
_LONGEST_WORD: Final = 200

_HEAD: Final = "SELECT seq, hash FROM journal_lock_head()"
_INSERT: Final = """
WITH added AS (
    INSERT INTO journal (seq, id, type, occurred_at, recorded_at, subject, organisation, actor, context_id, parent_id,
                         payload, prev_hash, hash)
    SELECT seq, id, type, occurred_at, $4, subject, organisation, $7, $8, $9, payload::jsonb, prev_hash, hash
    FROM unnest($1::bigint[], $2::uuid[], $3::text[], $5::timestamptz[], $6::text[], $10::text[], $11::text[],
                $12::bytea[], $13::bytea[])
         AS line (seq, id, type, occurred_at, subject, organisation, payload, prev_hash, hash)
    RETURNING seq
)
SELECT pg_notify('journal', max(seq)::text) FROM added
"""


@dataclass(frozen=True, slots=True)
class Appended:
    """A line that was written, unless its transaction is rolled back."""

    seq: int
    id: UUID
    recorded_at: datetime


class _Draft(NamedTuple):
    """What of a line is known before the lock."""

    type: str
    subject: str
    organisation: str | None
    occurred_at: datetime | None
    payload: bytes


async def append(
    session: AsyncSession, clock: Clock, context: Context, events: Sequence[Event | Late]
) -> tuple[Appended, ...]:
    """Write a line for each event, in their order, and tell listeners the last `seq` when the transaction commits.

    `occurred_at` is the moment of recording, for a `Late` one its own time. The organisation is the event's where it
    names one, else the actor's. Flushes the session first. Raises Invalid (`journal.payload_*`, `journal.subject`,
    `journal.future`, `journal.too_many`), DatabaseUnavailable at the edge.
    """
    if not events:
        return ()
    if len(events) > MAX_EVENTS:
        raise Invalid("journal.too_many", f"{len(events)} events at once; at most {MAX_EVENTS} are taken.")
    drafts = [_draft(item, context) for item in events]
    ids = [new_id(clock) for _ in drafts]
    await session.flush()
    driver = await _driver(session)
    head_seq, head_hash = await driver.fetchrow(_HEAD)
    recorded_at = clock.now()
    lines = _chained(drafts, ids, context, recorded_at, head_seq, head_hash)
    await driver.fetchval(
        _INSERT,
        [line.seq for line in lines],
        ids,
        [draft.type for draft in drafts],
        recorded_at,
        [draft.occurred_at or recorded_at for draft in drafts],
        [draft.subject for draft in drafts],
        str(context.actor),
        context.id,
        context.parent_id,
        [draft.organisation for draft in drafts],
        [draft.payload.decode() for draft in drafts],
        [line.prev_hash for line in lines],
        [line.hash for line in lines],
    )
    return tuple(Appended(line.seq, made, recorded_at) for line, made in zip(lines, ids, strict=True))


def _chained(
    drafts: Sequence[_Draft], ids: Sequence[UUID], context: Context, recorded_at: datetime, seq: int, before: bytes
) -> list[Line]:
    recorded, actor = time_bytes(recorded_at), str(context.actor).encode()
    parent = context.parent_id.bytes if context.parent_id is not None else None
    lines: list[Line] = []
    for draft, made in zip(drafts, ids, strict=True):
        occurred_at = draft.occurred_at or recorded_at
        if occurred_at > recorded_at:
            raise Invalid(
                "journal.future", f"The time {occurred_at.isoformat()} lies in the future ({recorded_at.isoformat()})."
            )
        seq += 1
        line = Line(
            seq,
            made.bytes,
            draft.type.encode(),
            time_bytes(occurred_at),
            recorded,
            draft.subject.encode(),
            draft.organisation.encode() if draft.organisation is not None else None,
            actor,
            context.id.bytes,
            parent,
            draft.payload,
            before,
        )
        before = line_hash(line)
        lines.append(line._replace(hash=before))
    return lines


def _draft(item: Event | Late, context: Context) -> _Draft:
    told, occurred_at = (item.event, item.occurred_at) if isinstance(item, Late) else (item, None)
    payload: dict[str, Any] = told.payload()
    if isinstance(item, Late):
        payload[LATE_SOURCE] = item.source
    organisation = told.organisation_told or context.actor.organisation
    return _Draft(
        told.type,
        _word("subject", told.subject),
        _word("organisation", organisation) if organisation is not None else None,
        occurred_at,
        payload_bytes(payload),
    )


def _word(name: str, value: str) -> str:
    fault = text_fault(value, _LONGEST_WORD)
    if fault is not None or not value:
        reason = fault[1] if fault is not None else "it is empty"
        raise Invalid(f"journal.{name}", f"The {name} of a journal line cannot be kept: {reason}.")
    return value


async def _driver(session: AsyncSession) -> Any:  # noqa: ANN401 - asyncpg's own connection behind SQLAlchemy's
    """Return asyncpg's connection, inside the session's transaction."""
    raw = await (await session.connection()).get_raw_connection()
    driver = raw.driver_connection
    if driver is None or not driver.is_in_transaction():
        # SQLAlchemy begins with the first statement that goes through it.
        await session.execute(text("SELECT"))
        driver = raw.driver_connection
    return driver
