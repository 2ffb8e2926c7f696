"""Positions on a real PostgreSQL: partitions, late and repeated fixes, many writers."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from factories.duty import Fleet, journal_types, make_fleet
from factories.fleet import START
from factories.patience import PATIENCE_S
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.errors import Invalid
from dispatch.kernel.service_role import service_access
from dispatch.units.queries_position import find_position_at, list_latest, list_track
from dispatch.units.rules_position import Fix
from dispatch.units.service_position import FixesReport, add_fixes, make_partitions, place_by_voice
from dispatch.units.states_duty import Source
from dispatch.units.tables_position import UnitPosition
from geo.points import GeoPoint

pytestmark = pytest.mark.database

WRITERS = 16


@pytest.fixture
async def fleet(database: Database) -> Fleet:
    return await make_fleet(database, units=8)


def fix(unit_id: UUID, at: datetime, lat: float = 41.2, sent_at: datetime | None = None, **values: float) -> Fix:
    return Fix(unit_id, at, lat, 80.3, **values, sent_at=sent_at)


async def add(database: Database, fleet: Fleet, *fixes: Fix) -> FixesReport:
    async with database.write() as session:
        return await add_fixes(session, fleet.clock, fixes)


async def latest(database: Database, unit_id: UUID) -> tuple[datetime, float] | None:
    async with database.read() as session:
        found = await list_latest(session, [unit_id])
        return (found[0].at, found[0].lat) if found else None


async def partitions(database: Database) -> dict[str, int]:
    """The day partitions with their rows."""
    async with database.read() as session:
        names = await session.scalars(
            text(
                "SELECT relname FROM pg_class WHERE relnamespace = 'unit_positions_days'::regnamespace"
                " AND relkind = 'r' AND relispartition ORDER BY 1"
            )
        )  # fmt: skip
        return {
            name: await session.scalar(text(f"SELECT count(*) FROM unit_positions_days.{name}")) or 0  # noqa: S608
            for name in names
        }


async def test_a_batch_in_any_order_leaves_the_newest_as_latest(database: Database, fleet: Fleet) -> None:
    fixes = [fix(fleet.first, fleet.at(-second), 41.0 + second / 1000, speed_mps=second) for second in range(1, 60)]
    random.Random(7).shuffle(fixes)
    report = await add(database, fleet, *fixes, fix(fleet.second, START))
    assert (report.stored, report.duplicates, report.unknown, report.refused) == (60, 0, 0, ())
    assert report.latest == tuple(sorted((fleet.first, fleet.second)))
    assert await latest(database, fleet.first) == (fleet.at(-1), 41.001)
    async with database.read() as session:
        track = await list_track(session, fleet.first, fleet.at(-10), START)
        assert [place.speed_mps for place in track] == list(range(10, 0, -1))


async def test_a_late_older_fix_is_stored_and_replaces_nothing(database: Database, fleet: Fleet) -> None:
    await add(database, fleet, fix(fleet.first, START))
    fleet.clock.advance(timedelta(minutes=5))
    report = await add(database, fleet, fix(fleet.first, fleet.at(-3600), 41.9))
    assert (report.stored, report.latest) == (1, ())
    assert await latest(database, fleet.first) == (START, 41.2)
    async with database.read() as session:
        before = await find_position_at(session, fleet.first, fleet.at(-1), not_before=fleet.at(-7200))
        assert before is not None
        assert (before.lat, before.received_at) == (41.9, fleet.at(300))
        assert await find_position_at(session, fleet.first, fleet.at(-1), not_before=fleet.at(-10)) is None


async def test_a_repeated_batch_changes_nothing(database: Database, fleet: Fleet) -> None:
    batch = [fix(fleet.first, fleet.at(-second)) for second in range(20)]
    await add(database, fleet, *batch)
    fleet.clock.advance(timedelta(seconds=30))
    report = await add(database, fleet, *batch, *batch)
    assert (report.stored, report.duplicates, report.latest) == (0, 40, ())


async def test_partitions_across_midnight_in_utc(database: Database, fleet: Fleet) -> None:
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    fleet.clock.jump_to(midnight + timedelta(minutes=1))
    beijing = (midnight - timedelta(microseconds=1)).astimezone(datetime.fromisoformat("2026-03-02T08:00+08:00").tzinfo)
    report = await add(database, fleet, fix(fleet.first, midnight), fix(fleet.first, beijing, 41.5))
    assert report.stored == 2
    assert await partitions(database) == {"d20260301": 1, "d20260302": 1}
    async with database.read() as session:
        track = await list_track(session, fleet.first, midnight - timedelta(hours=1), midnight + timedelta(hours=1))
        assert [place.lat for place in track] == [41.5, 41.2]
    assert await latest(database, fleet.first) == (midnight, 41.2)


async def test_partitions_are_made_ahead_once(database: Database, fleet: Fleet) -> None:
    async def ahead() -> int:
        async with database.write() as session:
            return len(await make_partitions(session, fleet.clock, days_ahead=2))

    made = await asyncio.gather(*(ahead() for _ in range(5)))
    assert sum(made) == 3
    assert list(await partitions(database)) == ["d20260301", "d20260302", "d20260303"]
    fleet.clock.advance(timedelta(days=1))
    assert await ahead() == 1


async def test_a_partition_is_made_while_others_write(database: Database, fleet: Fleet) -> None:
    await add(database, fleet, fix(fleet.first, START))
    async with database.write() as writing:
        await add_fixes(writing, fleet.clock, [fix(fleet.first, fleet.at(-1))])
        # The first transaction is still open.
        async with asyncio.timeout(PATIENCE_S):
            assert (await add(database, fleet, fix(fleet.second, fleet.at(-86_400)))).stored == 1
    assert await partitions(database) == {"d20260228": 1, "d20260301": 2}


async def test_sixteen_writers_at_once(database_url: str, fleet: Fleet) -> None:
    """All on the same units, the same missing days, with overlapping batches; nothing is lost, twice, or deadlocked."""
    engine = make_engine(database_url, pool_size=WRITERS)
    ids = list(fleet.units.values())
    everything = [
        fix(unit_id, fleet.at(-step * 1800), 40.0 + step / 1000) for unit_id in ids for step in range(150)
    ]  # over three days
    draw = random.Random(11)
    batches = [draw.sample(everything, 300) for _ in range(WRITERS * 4)]
    batches += [everything[part::4] for part in range(4)]
    async with Database(engine) as database:

        async def write(mine: Sequence[list[Fix]]) -> list[FixesReport]:
            return [await add(database, fleet, *batch) for batch in mine]

        done = await asyncio.gather(*(write(batches[number::WRITERS]) for number in range(WRITERS)))
        reports = [report for mine in done for report in mine]
        assert sum(report.stored for report in reports) == len(everything)
        assert sum(report.stored + report.duplicates for report in reports) == sum(map(len, batches))
        assert sum((await partitions(database)).values()) == len(everything)
        async with database.read() as session:
            newest = await list_latest(session)
            assert {(place.unit_id, place.at) for place in newest} == {(unit_id, START) for unit_id in ids}
            assert await session.scalar(select(func.count()).select_from(UnitPosition)) == len(everything)


async def test_what_cannot_be_right_is_refused_and_the_rest_taken(database: Database, fleet: Fleet) -> None:
    nan = float("nan")
    report = await add(
        database, fleet,
        fix(fleet.first, START),
        fix(fleet.first, START, 91.0),
        fix(fleet.first, START, nan),
        Fix(fleet.first, START, 0.0, 0.0),
        fix(fleet.first, START, speed_mps=-1.0),
        fix(fleet.first, START, heading_deg=nan),
        fix(fleet.first, START.replace(tzinfo=None)),
        fix(fleet.first, datetime.fromisoformat("9999-12-31T23:00-10:00")),
        fix(fleet.first, fleet.at(-8 * 86_400)),
        fix(uuid4(), START),
    )  # fmt: skip
    assert (report.stored, report.unknown) == (1, 1)
    codes = ["fix.place"] * 3 + ["fix.value"] * 2 + ["fix.time"] * 2 + ["fix.too_old"]
    assert [(bad.index, bad.code) for bad in report.refused] == list(enumerate(codes, 1))
    with pytest.raises(Invalid):
        await add(database, fleet, *([fix(fleet.first, START)] * 1001))


async def test_a_clock_ahead_never_blocks_the_truth(database: Database, fleet: Fleet) -> None:
    ahead = [fix(fleet.first, fleet.at(600 + step), 41.0 + step / 10) for step in range(3)]
    await add(database, fleet, *ahead)
    assert await latest(database, fleet.first) == (START, 41.2), "the newest by its own clock, at our time"
    fleet.clock.advance(timedelta(seconds=5))
    assert (await add(database, fleet, *ahead[:2])).latest == (), "what is sent again is not newer"
    await add(database, fleet, fix(fleet.first, fleet.at(5), 41.7))
    assert await latest(database, fleet.first) == (fleet.at(5), 41.7), "the clock was put right"
    async with database.read() as session:
        assert {place.clock_off for place in await list_track(session, fleet.first, START, fleet.at(1))} == {True}
        assert {place.fix_at for place in await list_track(session, fleet.first, START, fleet.at(1))} == {
            told.fix_at for told in ahead
        }


async def test_a_clock_behind_is_told_by_its_sending(database: Database, fleet: Fleet) -> None:
    await add(database, fleet, fix(fleet.first, fleet.at(-610), sent_at=fleet.at(-600)))
    assert await latest(database, fleet.first) == (fleet.at(-10), 41.2)


async def test_a_dispatcher_places_a_unit_by_voice(database: Database, fleet: Fleet) -> None:
    await add(database, fleet, fix(fleet.first, fleet.at(-60)))
    async with database.write() as session:
        here, there = GeoPoint(41.5, 80.5), GeoPoint(41.6, 80.5)
        assert await place_by_voice(session, fleet.clock, fleet.context(), fleet.first, here)
        assert not await place_by_voice(session, fleet.clock, fleet.context(), fleet.first, there, at=fleet.at(-90))
        with pytest.raises(Invalid):
            await place_by_voice(session, fleet.clock, fleet.context(), fleet.first, here, at=fleet.at(600))
        with pytest.raises(Invalid):
            await place_by_voice(session, fleet.clock, fleet.context(), fleet.first, GeoPoint(0.0, 0.0))
        assert await journal_types(session) == ["unit.placed"] * 2
    async with database.read() as session:
        (newest,) = await list_latest(session, [fleet.first])
        assert (newest.source, newest.lat, newest.at) == (Source.VOICE, 41.5, START)


async def test_no_partition_no_row(database: Database, fleet: Fleet) -> None:
    """Rows never fall into some default partition, where nobody would look for them."""
    row = {"u": fleet.first, "at": datetime(2020, 1, 1, tzinfo=UTC)}
    insert = text(
        "INSERT INTO unit_positions (unit_id, at, source, fix_at, received_at, lat, lon, clock_off)"
        " VALUES (:u, :at, 'auto', :at, :at, 41, 80, false)"
    )
    async with database.write() as session:
        with pytest.raises(IntegrityError, match="no partition"):
            await session.execute(insert, row)
        await session.rollback()


async def test_the_service_makes_partitions_with_the_rights_it_has(database_url: str, fleet: Fleet) -> None:
    access = await service_access(database_url)
    assert access.warning is None
    async with Database(make_engine(access.url, role=access.role)) as service:
        owner = text("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        report = await add(service, fleet, fix(fleet.first, START))
        assert report.stored == 1
        async with service.read() as session:
            assert await session.scalar(owner) == 0
            assert await session.scalar(text("SELECT current_user")) == "tarim_service"
        clock = ManualClock(START + timedelta(days=9))
        async with service.write() as session:
            assert len(await make_partitions(session, clock)) == 4
