"""Frames on a real PostgreSQL: each number once, whatever comes, in whatever order, from however many writers."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import numpy as np
import pytest
from factories.duty import Fleet, make_fleet
from factories.fleet import START
from sqlalchemy import text

from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.service_role import service_access
from dispatch.telemetry.queries import KeptStream, list_connections, list_frames, list_streams, newest_connections
from dispatch.telemetry.rules_arrivals import Arrival, arrived, given_up, micros
from dispatch.telemetry.rules_payloads import Payload, PositionFix, Value, Values, encode_payload
from dispatch.telemetry.rules_ranges import Ranges
from dispatch.telemetry.rules_waves import Ecg
from dispatch.telemetry.service_store import (
    StoreReport,
    close_connection,
    make_frame_days,
    open_connection,
    record_clock,
    store,
)
from dispatch.telemetry.states import Frame, Kind, Stream
from dispatch.units.queries_position import list_latest, list_track

pytestmark = pytest.mark.database

LOG = UUID(int=7)
VITALS = Stream(Kind.VITALS, 1)
PLACE = Stream(Kind.POSITION, 0)
WRITERS = 8


@pytest.fixture
async def fleet(database: Database) -> Fleet:
    return await make_fleet(database, units=2)


def rate(value: float) -> Values:
    return Values((Value(1, value),))


class Vehicle:
    """What one vehicle sends, by a clock that may be off."""

    def __init__(self, fleet: Fleet, unit: int = 0, *, offset: timedelta = timedelta(), log: UUID = LOG) -> None:
        self.unit_id, self.clock, self.log, self.offset = list(fleet.units.values())[unit], fleet.clock, log, offset

    def sends(self, seq: int, payload: Payload, *, stream: Stream = VITALS, age_s: float = 1.0) -> Arrival:
        device_us = micros(self.clock.now() + self.offset - timedelta(seconds=age_s))
        frame = Frame(stream, seq, device_us, encode_payload(payload))
        return arrived(self.unit_id, self.log, frame, payload, self.clock.now(), micros_of(self.offset))


def micros_of(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


async def keep(database: Database, fleet: Fleet, *arrivals: Arrival) -> StoreReport:
    async with database.write() as session:
        return await store(session, fleet.clock, arrivals)


async def streams(database: Database, unit_id: UUID) -> list[KeptStream]:
    async with database.read() as session:
        return await list_streams(session, unit_id)


async def rates(database: Database, unit_id: UUID, *, slot: int = 1) -> list[tuple[int, float]]:
    async with database.read() as session:
        days = timedelta(days=9)
        found = await list_frames(session, unit_id, [Kind.VITALS], slot, START - days, START + days)
        return [(one.seq, one.payload.values[0].value) for one in found if isinstance(one.payload, Values)]


async def test_frames_are_kept_with_their_times_and_read_back(database: Database, fleet: Fleet) -> None:
    one = Vehicle(fleet)
    data = np.arange(24, dtype="<i2").tobytes()
    ecg = Ecg(100, 500, 12, 200.0, (1, 2), data)
    report = await keep(database, fleet, one.sends(1, rate(80)), one.sends(1, ecg, stream=Stream(Kind.ECG, 1), age_s=2))
    assert report == StoreReport(2, 0, 0)
    async with database.read() as session:
        found = await list_frames(session, one.unit_id, list(Kind), 1, START - timedelta(minutes=1), START)
    assert [frame.payload for frame in found] == [ecg, rate(80)]
    assert [(START - frame.at).total_seconds() for frame in found] == [2.0, 1.0]
    assert all(frame.received_at == START and frame.sure and frame.device_at == frame.at for frame in found)


async def test_a_number_is_kept_once_in_any_order_and_on_any_day(database: Database, fleet: Fleet) -> None:
    one = Vehicle(fleet)
    sent = [one.sends(seq, rate(seq)) for seq in (1, 2, 3)]
    assert await keep(database, fleet, sent[0], sent[2], sent[2]) == StoreReport(2, 1, 0)
    assert (await streams(database, one.unit_id))[0].held == Ranges([(1, 1), (3, 3)])
    fleet.clock.advance(timedelta(days=1))
    again = [one.sends(seq, rate(99), age_s=86_401) for seq in (3, 2, 1)]
    assert await keep(database, fleet, *again) == StoreReport(1, 2, 0)
    assert sorted(await rates(database, one.unit_id)) == [(1, 1.0), (2, 99.0), (3, 3.0)]
    assert (await streams(database, one.unit_id))[0].held == Ranges([(1, 3)])


async def test_a_new_log_numbers_anew(database: Database, fleet: Fleet) -> None:
    old, new = Vehicle(fleet), Vehicle(fleet, log=UUID(int=8))
    await keep(database, fleet, old.sends(1, rate(70)))
    assert (await keep(database, fleet, new.sends(1, rate(90)))).stored == 1
    assert sorted(await rates(database, old.unit_id)) == [(1, 70.0), (1, 90.0)]


async def test_lost_numbers_are_held_and_told_apart_from_what_came(database: Database, fleet: Fleet) -> None:
    one = Vehicle(fleet)
    lost = given_up(one.unit_id, LOG, VITALS, (1, 5), START)
    report = await keep(database, fleet, one.sends(3, rate(3)), lost, one.sends(7, rate(7)))
    assert report == StoreReport(2, 0, 1)
    (kept,) = await streams(database, one.unit_id)
    assert (kept.held, kept.lost) == (Ranges([(1, 5), (7, 7)]), Ranges([(1, 2), (4, 5)]))
    assert kept.held.missing == [(6, 6)]
    # What was given up and comes nevertheless is not taken: nobody waits for it any more.
    assert (await keep(database, fleet, one.sends(2, rate(2)))).stored == 0


async def test_positions_move_the_map_and_late_ones_fill_the_track(database: Database, fleet: Fleet) -> None:
    one = Vehicle(fleet)

    def place(age_s: float, lat: float) -> PositionFix:
        return PositionFix(micros(fleet.clock.now() - timedelta(seconds=age_s)), lat, 80.3, speed_mps=10.0)

    await keep(database, fleet, one.sends(2, place(1, 41.2), stream=PLACE))
    await keep(database, fleet, one.sends(1, place(600, 41.1), stream=PLACE, age_s=600))
    assert (await keep(database, fleet, one.sends(1, place(600, 41.9), stream=PLACE, age_s=600))).stored == 0
    async with database.read() as session:
        (latest,) = await list_latest(session, [one.unit_id])
        track = await list_track(session, one.unit_id, START - timedelta(hours=1), START + timedelta(seconds=1))
    assert (latest.lat, latest.speed_mps) == (41.2, 10.0)
    assert [fix.lat for fix in track] == [41.1, 41.2]


@pytest.mark.parametrize("year", [1970, 2099])
async def test_a_clock_of_another_year_is_set_right(database: Database, fleet: Fleet, year: int) -> None:
    offset = datetime(year, 6, 1, tzinfo=UTC) - START
    one = Vehicle(fleet, offset=offset)
    by_its_clock = PositionFix(micros(START + offset - timedelta(seconds=5)), 41.2, 80.3)
    await keep(database, fleet, one.sends(1, by_its_clock, stream=PLACE, age_s=5), one.sends(1, rate(80), age_s=5))
    async with database.read() as session:
        (latest,) = await list_latest(session, [one.unit_id])
        (frame,) = await list_frames(session, one.unit_id, [Kind.VITALS], 1, START - timedelta(minutes=1), START)
    assert (latest.at, latest.clock_off) == (START - timedelta(seconds=5), True)
    assert (frame.at, frame.device_at.year, frame.sure) == (START - timedelta(seconds=5), year, True)


@pytest.mark.parametrize("year", [1970, 2099])
async def test_a_time_by_a_clock_that_was_set_since_is_marked_and_moves_no_map(
    database: Database, fleet: Fleet, year: int
) -> None:
    one = Vehicle(fleet)
    age_s = (START - datetime(year, 6, 1, tzinfo=UTC)).total_seconds()
    before = PositionFix(micros(datetime(year, 6, 1, tzinfo=UTC)), 41.2, 80.3)
    await keep(database, fleet, one.sends(1, before, stream=PLACE, age_s=age_s), one.sends(1, rate(80), age_s=age_s))
    async with database.read() as session:
        assert await list_latest(session, [one.unit_id]) == []
        (frame,) = await list_frames(session, one.unit_id, [Kind.VITALS], 1, START, START + timedelta(seconds=1))
    assert (frame.at, frame.sure) == (START, False)


async def test_writers_that_bring_the_same_keep_it_once(database: Database, fleet: Fleet, database_url: str) -> None:
    one, chance = Vehicle(fleet), random.Random(3)
    sent = [one.sends(seq, rate(seq)) for seq in range(1, 61)]

    async def write(order: Sequence[Arrival]) -> int:
        stored = 0
        async with Database(make_engine(database_url, pool_size=1)) as own:
            for start in range(0, len(order), 7):
                stored += (await keep(own, fleet, *order[start : start + 7])).stored
        return stored

    counts = await asyncio.gather(*(write(chance.sample(sent, len(sent))) for _ in range(WRITERS)))
    assert sum(counts) == len(sent)
    assert sorted(await rates(database, one.unit_id)) == [(seq, float(seq)) for seq in range(1, 61)]
    assert (await streams(database, one.unit_id))[0].held == Ranges([(1, 60)])


async def test_the_service_may_write_and_make_days_but_drop_only_what_is_empty(fleet: Fleet, database_url: str) -> None:
    access = await service_access(database_url)
    one = Vehicle(fleet)
    async with Database(make_engine(access.url, role=access.role, pool_size=1)) as service:
        async with service.write() as session:
            assert len(await make_frame_days(session, ManualClock(START + timedelta(days=30)))) == 4
        await keep(service, fleet, one.sends(1, rate(80)))
        async with service.write() as session:
            assert await session.scalar(text("SELECT telemetry_frames_drop(:day)"), {"day": START.date()}) is False
        async with service.write() as session:
            await session.execute(text("DELETE FROM telemetry_frames"))
            assert await session.scalar(text("SELECT telemetry_frames_drop(:day)"), {"day": START.date()}) is True


async def test_connections_are_recorded_with_their_clocks(database: Database, fleet: Fleet) -> None:
    unit_id, device, ids = fleet.first, uuid4(), [UUID(int=1), UUID(int=2)]
    for id_ in ids:
        async with database.write() as session:
            await open_connection(session, fleet.clock, id_, unit_id, device, LOG, "test")
            await record_clock(session, id_, 5_000, 20)
        fleet.clock.advance(timedelta(seconds=1))
    async with database.write() as session:
        await close_connection(session, fleet.clock, ids[0], "connection.replaced")
        await close_connection(session, fleet.clock, ids[0], "gone")
    async with database.read() as session:
        assert await newest_connections(session, fleet.units.values()) == {unit_id: ids[1]}
        newest, oldest = await list_connections(session, unit_id)
    assert (newest.clock_offset_us, newest.clock_error_us, newest.closed_because) == (5_000, 20, None)
    assert oldest.closed_because == "connection.replaced"
