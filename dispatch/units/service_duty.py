"""What all changes of units on duty share: their journal lines, and clashes told in the domain's words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel import journal
from dispatch.kernel.actor import Context
from dispatch.kernel.alone import is_alone
from dispatch.kernel.clock import Clock
from dispatch.kernel.constraints import broken_by
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.events import Event, Late
from dispatch.units.rules_duty import as_utc
from dispatch.units.states_duty import Source

# A person's lock is another number than the hash that constraints use, and than those of other locks.
_PERSON_LOCK: Final = text(
    "SELECT count(pg_advisory_xact_lock(uuid_hash_extended(id, 7814981823))) FROM unnest(CAST(:ids AS uuid[])) AS id"
)


async def record(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    events: Sequence[Event],
    *,
    at: datetime,
    source: Source,
    outbox: list[Event | Late] | None = None,
) -> None:
    """Write the journal's lines of one change, with its true time. Comes last: it takes the journal's lock.

    outbox: takes the lines instead, for who composes several changes and writes all their lines at the end.
    """
    lines = [Late(event, min(at, clock.now()), str(source)) for event in events]
    if outbox is not None:
        outbox.extend(lines)
    else:
        await journal.append(session, clock, context, lines)


async def lock_people(session: AsyncSession, person_ids: Sequence[UUID]) -> None:
    """Let one transaction at a time sign these people on or off.

    Two that insert rows which exclude each other would wait for each other, and one would be thrown out as a deadlock.
    """
    if person_ids and not is_alone(session):
        await session.execute(_PERSON_LOCK, {"ids": sorted(set(person_ids))})


@asynccontextmanager
async def clashes(session: AsyncSession, told: Mapping[str, Conflict]) -> AsyncIterator[None]:
    """Write what the block did, and raise the Conflict told for the constraint that forbids it.

    The transaction can go on afterwards. Changes not yet written before the block are written first.
    """
    await session.flush()
    try:
        async with session.begin_nested():
            yield
            await session.flush()
    except IntegrityError as error:
        if (known := told.get(broken_by(error))) is not None:
            raise known from error
        raise


def true_time(at: datetime | None, now: datetime, tolerance_s: float) -> datetime:
    """Return when something happened that a person told; None means now, a moment within tolerance ahead too.

    Raises Invalid: `time.no_zone`, `time.range`, `time.future`.
    """
    at = as_utc(at)
    if at is None:
        return now
    if (at - now).total_seconds() > tolerance_s:
        raise Invalid("time.future", f"The time {at.isoformat()} lies in the future.")
    return min(at, now)
