"""Stations and units imported into a real PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from factories.fleet import CONTEXT, START, STATION, UNIT, clock, csv_text, make_region, table
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.audit.queries import list_by_subject
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, NotFound
from dispatch.kernel.events import read_event
from dispatch.kernel.findings import Counts
from dispatch.kernel.ids import new_id
from dispatch.kernel.tabular import read_table
from dispatch.roads.queries import get_versions
from dispatch.units import queries, service
from dispatch.units.events_imports import UnitChanged, UnitDescribed
from dispatch.units.states import PositionSource
from dispatch.units.tables import Station, Unit
from geo.points import GeoPoint

pytestmark = pytest.mark.database

CLOCK = clock()


@pytest.fixture
async def region(database: Database) -> str:
    """A region with two stations and two units, committed."""
    async with database.write() as session:
        await make_region(session)
        await service.import_stations(
            session, CLOCK, CONTEXT, "aksu", table(STATION, STATION | {"id": "ST-2", "lat": "41.2"})
        )
        await service.import_units(
            session, CLOCK, CONTEXT, "aksu", table(UNIT, UNIT | {"call_sign": "示例-02", "station": "ST-2"})
        )
    return "aksu"


async def data_version(session: AsyncSession) -> int:
    return (await get_versions(session, "aksu")).data_version


async def test_units_stand_at_their_stations_until_placed(database: Database, region: str) -> None:
    async with database.write() as session:
        await service.place_unit(session, CLOCK, region, "示例-02", GeoPoint(41.5, 80.5))
    async with database.read() as session:
        first, second = await queries.list_units(session, region)
        assert (first.unit.call_sign, first.station.code) == ("示例-01", "ST-1")
        assert (first.point, first.position_source) == (GeoPoint(41.168, 80.258), PositionSource.STATION)
        assert (second.point, second.position_source) == (GeoPoint(41.5, 80.5), PositionSource.OWN)
        assert second.unit.position_at == START
        assert first.size.source == "proposed"
        assert await data_version(session) == 3
    async with database.write() as session:
        await service.place_unit(session, CLOCK, region, "示例-02", None)
        assert [found.position_source for found in await queries.list_units(session, region)] == ["station", "station"]
        with pytest.raises(NotFound):
            await service.place_unit(session, CLOCK, region, "示例-0\x00", None)


async def test_a_known_key_is_changed_in_the_columns_that_the_file_has(database: Database, region: str) -> None:
    async with database.write() as session:
        await service.import_units(
            session, CLOCK, CONTEXT, region, table(UNIT | {"plate": "新N-示例1", "height_cm": "280"})
        )
        ids = {row.call_sign: row.id for row in await session.execute(select(Unit.call_sign, Unit.id))}
        changed = UNIT | {"type": "普通型", "capabilities": "B"}
        report = await service.import_units(
            session, CLOCK, CONTEXT, region, table(changed, UNIT | {"call_sign": "示例-03"})
        )
    assert (report.rows, report.counts) == (2, Counts(added=1, updated=1))
    async with database.read() as session:
        units = {found.unit.call_sign: found.unit for found in await queries.list_units(session, region)}
    assert len(units) == 3
    first = units["示例-01"]
    assert (first.id, first.type, first.capabilities) == (ids["示例-01"], "basic", "B")
    assert (first.plate, first.height_cm) == ("新N-示例1", 280)
    assert (units["示例-03"].plate, units["示例-03"].height_cm) == ("", None)


async def test_the_journal_keeps_what_a_unit_was_and_is(database: Database, region: str) -> None:
    moved = {"station": "ST-2", "type": "普通型", "capabilities": "B", "organisation": "示例兵团医院", "system": "兵团"}
    async with database.write() as session:
        changed = table(UNIT | moved, UNIT | {"call_sign": "示例-03"})
        await service.import_units(session, CLOCK, CONTEXT, region, changed, replace=True)
        await service.import_units(session, CLOCK, CONTEXT, region, table(UNIT | moved | {"plate": "新N-示例1"}))
        lines = await list_by_subject(session, region)
    told = [read_event(line.type, line.payload) for line in lines if line.type == "region.unit_changed"]
    assert all(isinstance(one, UnitChanged) for one in told)
    was = UnitDescribed("示例-01", "als", "", "示例医院", "civil", "ST-1", "BA")
    second = replace(was, call_sign="示例-02", station="ST-2")
    now = replace(
        was, type="basic", organisation="示例兵团医院", system="corps", station="ST-2", capabilities="B"
    )  # fmt: skip
    steps = {(one.before, one.after) for one in told if isinstance(one, UnitChanged)}
    # Neither a plate nor what did not change is told.
    assert len(told) == len(steps)
    assert steps == {
        (None, was), (None, second), (was, now), (second, None), (None, replace(was, call_sign="示例-03"))
    }  # fmt: skip
    assert {line.organisation for line in lines if line.payload.get("before")} == {"示例兵团医院", "示例医院"}


async def test_an_error_in_the_last_row_leaves_nothing(database: Database, region: str) -> None:
    rows = [UNIT | {"call_sign": f"N-{number}"} for number in range(300)]
    rows[-1]["station"] = "ST-9"
    rows[0] = UNIT | {"type": "普通型"}
    async with database.write() as session:
        report = await service.import_units(session, CLOCK, CONTEXT, region, table(*rows))
        assert (report.ok, report.applied, report.counts) == (False, False, Counts())
        assert [(error.row, error.column) for error in report.errors] == [(301, "station")]
    async with database.read() as session:
        assert [found.unit.type for found in await queries.list_units(session, region)] == ["als", "als"]
        assert await data_version(session) == report.data_version == 2


async def test_a_fault_that_only_the_database_sees_leaves_nothing(database: Database, region: str) -> None:
    async with database.write() as session:
        # An older, stricter or foreign rule: the import's own checks know nothing of it.
        connection = await session.connection()
        await connection.exec_driver_sql("ALTER TABLE units ADD CHECK (call_sign <> 'N-7000')")
    rows = [UNIT | {"call_sign": f"N-{number}"} for number in range(7001)]
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            await service.import_units(session, CLOCK, CONTEXT, region, table(*rows))
    async with database.read() as session:
        assert len(await queries.list_units(session, region)) == 2
        assert await data_version(session) == 2


async def test_a_dry_run_says_all_and_changes_nothing(database: Database, region: str) -> None:
    file = table(UNIT | {"type": "普通型"}, UNIT | {"call_sign": "示例-03", "capabilities": ""})
    async with database.write() as session:
        dry = await service.import_units(session, CLOCK, CONTEXT, region, file, dry_run=True, replace=True)
    assert (dry.applied, dry.dry_run, dry.ok, dry.data_version) == (False, True, True, 2)
    assert [warning.code for warning in dry.warnings] == ["unit.no_capabilities"]
    async with database.read() as session:
        assert [found.unit.call_sign for found in await queries.list_units(session, region)] == ["示例-01", "示例-02"]
        assert await data_version(session) == 2
    async with database.write() as session:
        real = await service.import_units(session, CLOCK, CONTEXT, region, file, replace=True)
    assert real.counts == dry.counts == Counts(added=1, updated=1, removed=1)
    assert real.data_version == 3


async def test_a_dry_run_asks_the_database_too(database: Database, region: str) -> None:
    async with database.write() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("CREATE TABLE later (unit_id uuid REFERENCES units (id))")
        await connection.exec_driver_sql("INSERT INTO later SELECT id FROM units")
    for dry_run in (True, False):
        async with database.write() as session:
            with pytest.raises(Conflict) as caught:
                await service.import_units(session, CLOCK, CONTEXT, region, table(UNIT), dry_run=dry_run, replace=True)
            assert caught.value.code == "import.in_use"
            assert len(await queries.list_units(session, region)) == 2


async def test_a_station_where_units_stand_is_not_removed(database: Database, region: str) -> None:
    async with database.write() as session:
        report = await service.import_stations(session, CLOCK, CONTEXT, region, table(STATION), replace=True)
        assert [(error.row, error.column, error.code) for error in report.errors] == [(0, "id", "station.in_use")]
        assert "ST-2" in report.errors[0].message
        assert "示例-02" in report.errors[0].message
        assert len(await queries.list_stations(session, region)) == 2
        await service.import_units(session, CLOCK, CONTEXT, region, table(UNIT), replace=True)
        report = await service.import_stations(session, CLOCK, CONTEXT, region, table(STATION), replace=True)
        assert report.counts == Counts(unchanged=1, removed=1)
        # What the session had read before is read anew.
        assert [station.code for station in await queries.list_stations(session, region)] == ["ST-1"]
        await service.import_stations(session, CLOCK, CONTEXT, region, table(STATION | {"name_zh": "示例新站"}))
        assert [station.name_zh for station in await queries.list_stations(session, region)] == ["示例新站"]


async def test_duplicate_call_signs_name_both_rows(database: Database, region: str) -> None:
    async with database.write() as session:
        report = await service.import_units(
            session, CLOCK, CONTEXT, region, table(UNIT, UNIT | {"call_sign": "示例-０１"})
        )
    assert [(error.row, error.code) for error in report.errors] == [(3, "key.duplicate")]
    assert "row 2" in report.errors[0].message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
async def test_files_of_every_encoding_end_up_alike(session: AsyncSession, encoding: str) -> None:
    await make_region(session)
    data = csv_text([STATION | {"datum": "高德"}]).encode(encoding)
    await service.import_stations(session, CLOCK, CONTEXT, "aksu", read_table(data), bbox=(79.0, 40.0, 84.0, 42.0))
    (station,) = await queries.list_stations(session, "aksu")
    assert station.name_zh == "示例急救站"
    moved_m = GeoPoint(station.lat, station.lon).distance_m(GeoPoint(41.168, 80.258))
    assert 100 < moved_m < 700


async def test_two_imports_at_once_are_one_after_the_other(database: Database, region: str) -> None:
    async def add(first: int) -> Counts:
        rows = [UNIT | {"call_sign": f"N-{number}"} for number in range(first, first + 50)]
        async with database.write() as session:
            return (await service.import_units(session, CLOCK, CONTEXT, region, table(*rows))).counts

    one, two = await asyncio.gather(add(0), add(25))
    assert sorted([one.added, two.added]) == [25, 50]
    async with database.read() as session:
        assert len(await queries.list_units(session, region)) == 77
        assert await data_version(session) == 4


GOOD: dict[str, Any] = {"region": "aksu", "call_sign": "N", "type": "als", "organisation": "x", "system": "corps"}


@pytest.mark.parametrize(
    "bad",
    [
        {"call_sign": "示例-01"},
        {"call_sign": ""},
        {"type": "tank"},
        {"type": "special"},
        {"special": "ecmo"},
        {"type": "special", "special": "tea"},
        {"system": "地方"},
        {"capabilities": "AB"},
        {"capabilities": "BX"},
        {"capabilities": "BB"},
        {"height_cm": 2},
        {"width_cm": 500},
        {"weight_kg": 0},
        {"lat": 41.0},
        {"lat": 41.0, "lon": 80.0},
        {"lat": float("nan"), "lon": 80.0, "position_at": START},
        {"lat": 41.0, "lon": 180.5, "position_at": START},
    ],
)
async def test_the_database_has_the_last_word(session: AsyncSession, region: str, bad: dict[str, Any]) -> None:
    station = (await queries.list_stations(session, region))[0]
    good = {**GOOD, "station_id": station.id}
    async with session.begin_nested() as step:
        await session.execute(insert(Unit).values(id=new_id(CLOCK), **good))
        await step.rollback()
    with pytest.raises(IntegrityError):
        async with session.begin_nested():
            await session.execute(insert(Unit).values(id=new_id(CLOCK), **good | bad))


async def test_a_unit_cannot_stand_at_another_regions_station(session: AsyncSession, region: str) -> None:
    await make_region(session, "other")
    station = (await queries.list_stations(session, region))[0]
    with pytest.raises(IntegrityError, match="fk_units_region_station_id_stations"):
        async with session.begin_nested():
            await session.execute(
                insert(Unit).values(id=new_id(CLOCK), **GOOD | {"region": "other", "station_id": station.id})
            )
    with pytest.raises(IntegrityError, match="fk_units_region_station_id_stations"):
        async with session.begin_nested():
            await session.execute(delete(Station).where(Station.id == station.id))
    report = await service.import_units(session, CLOCK, CONTEXT, "other", table(UNIT))
    assert [error.code for error in report.errors] == ["unit.station"]
