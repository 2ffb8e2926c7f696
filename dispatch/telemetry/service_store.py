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
from dispatch.kernel.errors import DatabaseUnavailable
from dispatch.kernel.prepared import driver_of
from dispatch.telemetry.queries import (
    ENSURE_DAY,
    FIND_STREAMS,
    KEEP,
    LOCK_STREAMS,
    MAKE_STREAMS,
)
from dispatch.telemetry.rules_arrivals import Arrival, StreamKey, fix_of
from dispatch.telemetry.rules_ranges import Span
from dispatch.telemetry.states import WATCHED, Kind
from dispatch.telemetry.tables import TelemetryConnection
from dispatch.units.rules_duty import DutyPolicy, in_force
from dispatch.units.service_position import add_fixes_by

DAYS_AHEAD: Final = 3
_MOST_KNOWN: Final = 100_000
_OF_THE_ROWS: Final = ("22", "23")
StreamIds = dict[StreamKey, int]


@dataclass(slots=True)
class Known:
    """What a writer has met in the database: streams with their ids, and days that have their partitions."""

    streams: StreamIds = field(default_factory=dict)
    days: set[date] = field(default_factory=set)
    position_days: set[date] = field(default_factory=set)
    watched: bool = True
    """Whether what is kept is put down as to be looked at for alarms."""

    def forget(self) -> None:
        """Know nothing: the database may be another one."""
        self.streams.clear()
        self.days.clear()
        self.position_days.clear()


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


async def store(
    session: AsyncSession, clock: Clock, arrivals: Sequence[Arrival], known: Known | None = None
) -> StoreReport:
    """Keep a batch, in any order, repeated or not; each batch is a transaction of its own, at most 1,000 arrivals.

    Positions become the unit's positions, if they may be right; the map follows. All else is kept as it came. known:
    what earlier batches met, for who keeps it from batch to batch.
    """
    driver = await driver_of(session)
    return await store_by(driver, clock, arrivals, in_force(session.info), Known() if known is None else known)


async def store_by(
    driver: Any,  # noqa: ANN401 - asyncpg's connection
    clock: Clock,
    arrivals: Sequence[Arrival],
    policy: DutyPolicy,
    known: Known,
) -> StoreReport:
    """Do as `store`, in a transaction of the driver's own."""
    keys = [one.key for one in arrivals]
    ids = await _stream_ids(driver, clock, keys, known.streams)
    given: dict[tuple[int, Span, bool], Arrival] = {}
    for key, one in zip(keys, arrivals, strict=True):
        given.setdefault((ids[key], one.span, one.frame is None), one)
    for day in sorted({one.received_at.date() for one in arrivals} - known.days):
        if not await driver.fetchval(ENSURE_DAY, day):  # made by an earlier transaction: it stays
            known.days.add(day)
    streams = sorted({key[0] for key in given})
    await driver.execute(LOCK_STREAMS, streams)
    listed = list(given.values())
    rows = [(key[0], *_row(one), known.watched and _is_watched(one)) for key, one in given.items()]
    kept = await driver.fetchrow(KEEP, *(list(column) for column in zip(*rows, strict=True)), clock.now())
    if kept["streams"] != len(streams):
        known.forget()  # the database is another one than before
        raise DatabaseUnavailable("telemetry.streams", "Streams that were there are gone.")
    new = [listed[place - 1] for place in kept["fresh"]]
    fixes = [fix for one in new if (fix := fix_of(one)) is not None]
    if fixes:
        await add_fixes_by(driver, clock, fixes, policy, known.position_days)
    lost = sum(one.frame is None for one in arrivals)
    events = sorted((one for one in new if one.stream.kind is Kind.EVENT), key=lambda one: (one.at, one.span))
    return StoreReport(len(new), len(arrivals) - len(new) - lost, lost, tuple(events), tuple(new))


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


async def _stream_ids(
    driver: Any,  # noqa: ANN401 - asyncpg's
    clock: Clock,
    keys: Iterable[StreamKey],
    known: StreamIds,
) -> StreamIds:
    wanted = set(keys)
    missing = sorted(key for key in wanted if key not in known)
    if not missing:
        return known
    if len(known) > _MOST_KNOWN:
        known.clear()
        missing = sorted(wanted)
    units, logs = ([UUID(int=key[place]) for key in missing] for place in (0, 1))
    columns: list[list[Any]] = [units, logs, [key[2] for key in missing], [key[3] for key in missing]]
    found = await _found(driver, columns)
    known |= found  # committed before this transaction: they stay, whatever becomes of it
    if len(found) < len(missing):
        await driver.execute(MAKE_STREAMS, *columns, clock.now())
        found = await _found(driver, columns)
    return known | found


async def _found(driver: Any, columns: Sequence[list[Any]]) -> StreamIds:  # noqa: ANN401 - asyncpg's
    rows = await driver.fetch(FIND_STREAMS, *columns)
    return {(row["unit_id"].int, row["log"].int, row["kind"], row["slot"]): row["id"] for row in rows}


def _is_watched(one: Arrival) -> bool:
    """Whether it may tell of an alarm at a patient; of a moment that cannot be known nothing is told."""
    return one.stream.kind in WATCHED and one.stream.slot > 0 and one.sure and one.frame is not None


def _row(one: Arrival) -> tuple[Any, ...]:
    """An arrival as `KEEP` takes it, without its stream and whether it is watched."""
    frame = one.frame is not None and one.stream.kind is not Kind.POSITION
    return (*one.span, one.frame is None, one.received_at, one.at, one.device_at, one.sure, int(one.coding),
            one.kept if frame else None)  # fmt: skip
