"""Appending to the journal: gapless, in the order of commits, chained, and never changed again.

An append takes an advisory lock that ends with the transaction, so it belongs late into it: who appends and then waits
for another lock makes everybody wait. Number, time and hash are given under the lock by a function of the database (see
its migration), which saves the waiting ones a round trip; `journal_chain` checks what it made. The transaction's
isolation is READ COMMITTED, the default of `Database.write`; with a stricter one the head may be an old one, and the
table's key refuses the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.alone import waiting_appends
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Invalid
from dispatch.kernel.events import LATE_SOURCE, Event, Late
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal_chain import field_bytes, length_bytes
from dispatch.kernel.journal_json import payload_bytes
from dispatch.kernel.prepared import driver_of
from dispatch.kernel.texts import text_fault

CHANNEL: Final = "journal"
"""NOTIFY on it carries the newest `seq` as text, and nothing else."""
MAX_EVENTS: Final = 10_000
"""In one append: the lock is held meanwhile."""
_LONGEST_WORD: Final = 200

_APPEND: Final = "SELECT first_seq, stamped FROM journal_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"


@dataclass(frozen=True, slots=True)
class Appended:
    """A line that was written, unless its transaction is rolled back."""

    seq: int
    id: UUID
    recorded_at: datetime


class _Draft(NamedTuple):
    """A line without what only the lock gives: its number, its time and the hash before."""

    id: UUID
    type: str
    occurred_at: datetime | None
    subject: str
    organisation: str | None
    payload: str
    head: bytes
    tail: bytes


async def append(
    session: AsyncSession, clock: Clock, context: Context, events: Sequence[Event | Late]
) -> tuple[Appended, ...]:
    """Write a line for each event, in their order, and tell listeners the last `seq` when the transaction commits.

    The clock is asked just before the lock; a line whose turn comes later takes the time of the line in front of it, so
    that times do not run against numbers. `occurred_at` is that moment too, for a `Late` one its own time. The
    organisation is the event's where it names one, else the actor's. Flushes the session first. Raises Invalid
    (`journal.payload_*`, `journal.subject`, `journal.future`, `journal.too_many`), DatabaseUnavailable at the edge.
    In a session that is alone the lines wait for `write_waiting`, and nothing is returned.
    """
    if not events:
        return ()
    if len(events) > MAX_EVENTS:
        raise Invalid("journal.too_many", f"{len(events)} events at once; at most {MAX_EVENTS} are taken.")
    moment = clock.now()
    drafts = [_draft(item, context, clock, moment) for item in events]
    given = (
        [draft.id for draft in drafts],
        [draft.type for draft in drafts],
        [draft.occurred_at for draft in drafts],
        [draft.subject for draft in drafts],
        [draft.organisation for draft in drafts],
        [draft.payload for draft in drafts],
        [draft.head for draft in drafts],
        [draft.tail for draft in drafts],
        max(moment, clock.now()),
        str(context.actor),
        context.id,
        context.parent_id,
    )
    waiting = waiting_appends(session)
    if waiting is not None:
        waiting.append(given)
        return ()
    driver = await driver_of(session)
    first_seq, stamped = await driver.fetchrow(_APPEND, *given)
    return tuple(Appended(seq, draft.id, stamped) for seq, draft in enumerate(drafts, first_seq))


async def write_waiting(session: AsyncSession) -> None:
    """Write what was appended in a session that is alone, each with the moment of its append: before a commit."""
    waiting = waiting_appends(session)
    if waiting:
        await (await driver_of(session)).executemany(_APPEND, waiting)
        waiting.clear()


def _draft(item: Event | Late, context: Context, clock: Clock, moment: datetime) -> _Draft:
    told, occurred_at = (item.event, item.occurred_at) if isinstance(item, Late) else (item, None)
    if occurred_at is not None and occurred_at > moment:
        raise Invalid(
            "journal.future", f"The time {occurred_at.isoformat()} lies in the future ({moment.isoformat()})."
        )
    values: dict[str, Any] = told.payload()
    if isinstance(item, Late):
        values[LATE_SOURCE] = item.source
    payload = payload_bytes(values)
    subject = _word("subject", told.subject)
    organisation = told.organisation_told or context.actor.organisation
    if organisation is not None:
        _word("organisation", organisation)
    made = new_id(clock)
    rest = (
        subject.encode(),
        organisation.encode() if organisation is not None else None,
        str(context.actor).encode(),
        context.id.bytes,
        context.parent_id.bytes if context.parent_id is not None else None,
    )
    return _Draft(
        made,
        told.type,
        occurred_at,
        subject,
        organisation,
        payload.decode(),
        field_bytes(made.bytes) + field_bytes(told.type.encode()),
        b"".join(map(field_bytes, rest)) + length_bytes(payload),
    )


def _word(name: str, value: str) -> str:
    fault = text_fault(value, _LONGEST_WORD)
    if fault is not None or not value:
        reason = fault[1] if fault is not None else "it is empty"
        raise Invalid(f"journal.{name}", f"The {name} of a journal line cannot be kept: {reason}.")
    return value
