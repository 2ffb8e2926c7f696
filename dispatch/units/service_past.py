"""What a unit did, entered when its present status is newer. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.events import Event, Late
from dispatch.kernel.ids import new_id
from dispatch.units.events_duty import StatusKept
from dispatch.units.queries_duty import find_status, standing_of
from dispatch.units.service_duty import record
from dispatch.units.states_duty import Effect, Source, UnitStatus
from dispatch.units.tables import Unit
from dispatch.units.tables_duty import UnitStatusEntry


async def keep_past(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    unit: Unit,
    told: Sequence[tuple[UnitStatus, datetime]],
    *,
    run_id: UUID,
    source: Source,
    outbox: list[Event | Late],
) -> None:
    """Keep the statuses of a run that is over with their true times, as LATE; the present status stays as it is.

    The unit is locked; times are reckoned already. outbox: takes the journal's lines.
    """
    standing = standing_of(await find_status(session, unit.id))
    for status, at in told:
        now = clock.now()
        entry = UnitStatusEntry(
            id=new_id(clock), unit_id=unit.id, from_status=str(standing.status), status=str(status),
            effect=str(Effect.LATE), at=at, device_at=at, received_at=now, clock_offset_s=None, source=str(source),
            actor=str(context.actor), run_id=run_id, reason="", expected_end_at=None, report_id=None, corrects=None,
        )  # fmt: skip
        session.add(entry)
        kept = StatusKept(
            unit_id=unit.id, organisation=unit.organisation, entry_id=entry.id, status=status,
            present_status=standing.status, effect=Effect.LATE, at=at, source=source, run_id=run_id,
            clock_offset_s=None,
        )  # fmt: skip
        await record(session, clock, context, [kept], at=at, source=source, outbox=outbox)
    await session.flush()
