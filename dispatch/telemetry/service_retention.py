"""How long frames are kept, and what is held beyond that. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.service import Act
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict
from dispatch.kernel.prepared import driver_of
from dispatch.telemetry.events import HoldLifted, IncidentHeld
from dispatch.telemetry.queries_retention import DROP_DAY, FORGET_DAY, find_hold, forgotten, list_days
from dispatch.telemetry.states import Kind
from dispatch.telemetry.tables import TelemetryForgotten, TelemetryHold

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A vehicle's time of which nothing is deleted."""

    unit_id: UUID
    from_at: datetime
    until_at: datetime


async def hold(act: Act, incident_id: UUID) -> None:
    """Keep what vehicles sent for an incident. Raises NotFound (`incident.not_found`), Conflict (`hold.held`)."""
    await get_incident(act.session, act.region, incident_id, lock=True)
    if await find_hold(act.session, incident_id) is not None:
        raise Conflict("hold.held", "This incident is held already.")
    async with act.together():
        act.session.add(
            TelemetryHold(
                id=act.new_id(), incident_id=incident_id, held_at=act.clock.now(), held_by=act.actor, lifted_at=None,
                lifted_by=None,
            )
        )  # fmt: skip
        await act.session.flush()
        act.tell(IncidentHeld(incident_id=incident_id))


async def lift(act: Act, incident_id: UUID) -> None:
    """Let it be deleted in its time again. Raises NotFound (`incident.not_found`), Conflict (`hold.none`)."""
    await get_incident(act.session, act.region, incident_id, lock=True)
    row = await find_hold(act.session, incident_id)
    if row is None:
        raise Conflict("hold.none", "This incident is not held.")
    async with act.together():
        row.lifted_at, row.lifted_by = act.clock.now(), act.actor
        # Days that were gone through left its frames: they are gone through again.
        await act.session.execute(delete(TelemetryForgotten))
        act.tell(HoldLifted(incident_id=incident_id))


async def forget_day(
    session: AsyncSession, clock: Clock, keep_days: Mapping[Kind, int], held: Sequence[Held]
) -> tuple[Kind, date, int] | None:
    """Delete what has been kept long enough of one kind and one day; None when there is none left.

    keep_days: by kind, counted from the day of receipt.
    """
    today, done = clock.now().astimezone(UTC).date(), await forgotten(session)
    days = await list_days(session)
    for kind, kept in sorted(keep_days.items()):
        before = today - timedelta(days=kept)
        for day in days:
            if day < before and day >= done.get(int(kind), date.min):
                gone = await _forget(session, kind, day, held)
                return kind, day, gone
    return None


async def _forget(session: AsyncSession, kind: Kind, day: date, held: Sequence[Held]) -> int:
    driver = await driver_of(session)
    begin = datetime.combine(day, time(), UTC)
    gone = int(
        await driver.fetchval(
            FORGET_DAY, int(kind), begin, begin + _DAY, [one.unit_id for one in held],
            [one.from_at for one in held], [one.until_at for one in held],
        )
    )  # fmt: skip
    row = insert(TelemetryForgotten).values(kind=int(kind), before=day + _DAY)
    await session.execute(row.on_conflict_do_update(index_elements=["kind"], set_={"before": day + _DAY}))
    return gone


async def drop_days(session: AsyncSession, keep_days: Mapping[Kind, int]) -> list[date]:
    """Drop the days that were gone through for every kind and are empty; return them. What is in use stays."""
    done = await forgotten(session)
    if not {int(kind) for kind in keep_days} <= done.keys():
        return []
    driver, before = await driver_of(session), min(done.values())
    return [day for day in await list_days(session) if day < before and await driver.fetchval(DROP_DAY, day)]
