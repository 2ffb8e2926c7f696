"""Keeping what vehicles send, in batches, each number once. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.clock import Clock
from dispatch.kernel.prepared import driver_of
from dispatch.telemetry.queries import (
    ADD_FRAMES,
    ENSURE_DAY,
    FIND_STREAMS,
    HOLD,
    LOCK_STREAMS,
    MAKE_STREAMS,
    NEW_FRAMES,
)
from dispatch.telemetry.rules_arrivals import Arrival, fix_of
from dispatch.telemetry.states import Kind
from dispatch.telemetry.tables import TelemetryConnection
from dispatch.units.service_position import add_fixes

DAYS_AHEAD: Final = 3
_OF_THE_ROWS: Final = ("22", "23")
StreamIds = dict[tuple[UUID, UUID, int, int], int]


@dataclass(frozen=True, slots=True)
class StoreReport:
    """What became of a batch: frames that were new, those that were held before, and spans told lost.

    events: the new frames that tell of an event, by true time, for whoever follows them; new: all new frames, as they
    came.
    """

    stored: int
    repeated: int
    lost: int
    events: tuple[Arrival, ...] = ()
    new: tuple[Arrival, ...] = field(default=(), compare=False)


async def store(session: AsyncSession, clock: Clock, arrivals: Sequence[Arrival]) -> StoreReport:
    """Keep a batch, in any order, repeated or not; each batch is a transaction of its own, at most 1,000 arrivals.

    Positions become the unit's positions, if they may be right; the map follows. All else is kept as it came.
    """
    driver = await driver_of(session)
    ids = await _stream_ids(driver, clock, arrivals)
    await driver.execute(LOCK_STREAMS, sorted(set(ids.values())))
    frames: dict[tuple[int, int], Arrival] = {}
    for one in arrivals:
        if one.frame is not None:
            frames.setdefault((ids[one.key], one.frame.seq), one)
    places = await driver.fetch(NEW_FRAMES, [key[0] for key in frames], [key[1] for key in frames])
    wanted = sorted(int(row["place"]) - 1 for row in places)
    listed = list(frames.items())
    new = [listed[place] for place in wanted]
    await _add_frames(driver, [pair for pair in new if pair[1].stream.kind is not Kind.POSITION])
    spans = [(ids[one.key], *one.span, one.frame is None) for one in arrivals]
    await driver.execute(HOLD, *(list(column) for column in zip(*spans, strict=True)))
    fixes = [fix for _, one in new if (fix := fix_of(one)) is not None]
    if fixes:
        await add_fixes(session, clock, fixes)
    lost = sum(one.frame is None for one in arrivals)
    events = sorted((one for _, one in new if one.stream.kind is Kind.EVENT), key=lambda one: (one.at, one.span))
    return StoreReport(len(new), len(arrivals) - len(new) - lost, lost, tuple(events), tuple(one for _, one in new))


def is_of_the_frames(error: BaseException) -> bool:
    """Whether something in a batch is the reason why it could not be kept; else the same batch may be kept later.

    By PostgreSQL's classes 22 (data) and 23 (constraints), and by errors of values. All else passes, or is a fault of
    ours that costs no frame: better late than lost.
    """
    seen: BaseException | None = error
    while seen is not None:
        state = getattr(seen, "sqlstate", None)
        if isinstance(state, str):
            return state[:2] in _OF_THE_ROWS
        if isinstance(seen, ValueError | TypeError | ArithmeticError):
            return True
        seen = seen.__cause__
    return False


async def make_frame_days(session: AsyncSession, clock: Clock) -> tuple[date, ...]:
    """Make the partitions of today and the days ahead (UTC) that are missing; return those made. For a daily loop."""
    driver = await driver_of(session)
    today = clock.now().astimezone(UTC).date()
    days = [today + timedelta(days=number) for number in range(DAYS_AHEAD + 1)]
    return tuple([day for day in days if await driver.fetchval(ENSURE_DAY, day)])


async def open_connection(
    session: AsyncSession, clock: Clock, id_: UUID, unit_id: UUID, device_id: UUID, log: UUID, client: str
) -> None:
    """Record that a vehicle has connected; of several the one opened last counts."""
    session.add(
        TelemetryConnection(
            id=id_, unit_id=unit_id, device_id=device_id, log=log, client=client, opened_at=clock.now(),
            clock_offset_us=None, clock_error_us=None, closed_at=None, closed_because=None,
        )
    )  # fmt: skip
    await session.flush()


async def record_clock(session: AsyncSession, id_: UUID, offset_us: int, error_us: int) -> None:
    """Record how far the clock of a connection's device is ahead."""
    changed = update(TelemetryConnection).where(TelemetryConnection.id == id_)
    await session.execute(changed.values(clock_offset_us=offset_us, clock_error_us=error_us))


async def close_connection(session: AsyncSession, clock: Clock, id_: UUID, because: str) -> None:
    """Record the end of a connection, once."""
    changed = update(TelemetryConnection).where(TelemetryConnection.id == id_, TelemetryConnection.closed_at.is_(None))
    await session.execute(changed.values(closed_at=clock.now(), closed_because=because))


async def _stream_ids(driver: Any, clock: Clock, arrivals: Iterable[Arrival]) -> StreamIds:  # noqa: ANN401 - asyncpg's
    keys = sorted({one.key for one in arrivals})
    columns = [list(column) for column in zip(*keys, strict=True)]
    rows = await driver.fetch(FIND_STREAMS, *columns)
    if len(rows) < len(keys):
        await driver.execute(MAKE_STREAMS, *columns, clock.now())
        rows = await driver.fetch(FIND_STREAMS, *columns)
    return {(row["unit_id"], row["log"], row["kind"], row["slot"]): row["id"] for row in rows}


async def _add_frames(driver: Any, new: Sequence[tuple[tuple[int, int], Arrival]]) -> None:  # noqa: ANN401 - asyncpg's
    if not new:
        return
    for day in sorted({one.received_at.date() for _, one in new}):
        await driver.fetchval(ENSURE_DAY, day)
    rows = [
        (stream_id, seq, one.received_at, one.at, one.device_at, one.sure, int(one.coding), one.kept)
        for (stream_id, seq), one in new
    ]
    await driver.execute(ADD_FRAMES, *(list(column) for column in zip(*rows, strict=True)))
