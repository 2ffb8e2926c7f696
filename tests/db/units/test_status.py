"""The status of units on a real PostgreSQL: history, idempotency, corrections, races."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from factories.duty import Fleet, S, journal_types, make_fleet, say
from factories.fleet import CONTEXT, START, UNIT, table
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, NotFound
from dispatch.kernel.journal_table import JournalLine
from dispatch.units.queries_duty import find_status, list_entries
from dispatch.units.rules_status import Standing
from dispatch.units.service import import_units
from dispatch.units.service_position import place_by_voice
from dispatch.units.service_status import StatusReport, correct_status, report_status
from dispatch.units.states_duty import Effect, IllegalTransition, OutReason, Source
from dispatch.units.tables_duty import UnitStatusEntry, UnitStatusRow
from geo.points import GeoPoint

pytestmark = pytest.mark.database

RUN, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
async def fleet(database: Database) -> Fleet:
    return await make_fleet(database)


async def test_a_run_leaves_its_history_and_its_journal(database: Database, fleet: Fleet) -> None:
    steps = [
        S.AT_STATION,
        S.ASSIGNED,
        S.EN_ROUTE,
        S.ON_SCENE,
        S.AT_PATIENT,
        S.TRANSPORTING,
        S.AT_HOSPITAL,
        S.AT_STATION,
    ]
    for status in steps:
        fleet.clock.advance(timedelta(minutes=1))
        source = Source.DISPATCHER if status == S.ASSIGNED else Source.CREW
        outcome = await say(
            database, fleet, fleet.first, status, source=source, run_id=RUN if status == S.ASSIGNED else None
        )
        assert outcome.effect == Effect.APPLIED
    assert outcome.version == len(steps)
    assert outcome.standing == Standing(S.AT_STATION, fleet.clock.now())
    async with database.read() as session:
        entries = await list_entries(session, fleet.first)
        assert [entry.status for entry in entries] == steps
        assert {entry.run_id for entry in entries[1:-1]} == {RUN}
        assert [entry.actor for entry in entries] == ["person:dispatcher-0"] * len(steps)
        assert await journal_types(session) == ["unit.status_changed"] * len(steps)
        line = (await session.scalars(select(JournalLine).order_by(JournalLine.seq.desc()).limit(1))).one()
        assert (line.subject, line.organisation) == (str(fleet.first), "示例医院")
        assert line.payload["from_status"] == "at_hospital"
        assert await list_entries(session, fleet.first, run_id=RUN, until_at=entries[2].at) == [entries[1]]


async def test_a_repeated_report_is_one_report(database: Database, fleet: Fleet) -> None:
    told = {"source": Source.CREW, "at": START - timedelta(seconds=5), "report_id": uuid4()}
    first = await say(database, fleet, fleet.first, S.AT_STATION, **told)
    again = await asyncio.gather(*(say(database, fleet, fleet.first, S.AT_STATION, **told) for _ in range(4)))
    assert first.effect == Effect.APPLIED
    assert {(other.effect, other.entry_id, other.at) for other in again} == {
        (Effect.REPEATED, first.entry_id, first.at)
    }
    # Still so after the status moved on.
    await say(database, fleet, fleet.first, S.RELIEF)
    late = await say(database, fleet, fleet.first, S.AT_STATION, **told)
    assert (late.effect, late.standing.status) == (Effect.REPEATED, S.RELIEF)
    with pytest.raises(Conflict, match="something else"):
        await say(database, fleet, fleet.first, S.RELIEF, **told)
    async with database.read() as session:
        assert len(await list_entries(session, fleet.first)) == 2
        assert len(await journal_types(session)) == 2


async def test_a_report_out_of_order_is_kept_with_its_true_time(database: Database, fleet: Fleet) -> None:
    await say(database, fleet, fleet.first, S.ASSIGNED, run_id=RUN)
    fleet.clock.advance(timedelta(minutes=20))
    crew = {"source": Source.CREW, "run_id": RUN}
    await say(database, fleet, fleet.first, S.ON_SCENE, at=fleet.at(900), **crew)
    late = await say(database, fleet, fleet.first, S.EN_ROUTE, at=fleet.at(120), **crew)
    assert (late.effect, late.standing.status, late.version) == (Effect.LATE, S.ON_SCENE, 2)
    async with database.read() as session:
        entries = await list_entries(session, fleet.first)
        assert [(entry.status, entry.effect) for entry in entries] == [
            ("assigned", "applied"), ("en_route", "late"), ("on_scene", "applied"),
        ]  # fmt: skip
        assert entries[1].at == fleet.at(120)
        assert entries[1].received_at == fleet.clock.now()
        line = (await session.scalars(select(JournalLine).order_by(JournalLine.seq.desc()).limit(1))).one()
        assert (line.type, line.occurred_at, line.payload["effect"]) == ("unit.status_kept", fleet.at(120), "late")


async def test_a_device_clock_ten_minutes_off_is_recorded(database: Database, fleet: Fleet) -> None:
    ahead = await say(database, fleet, fleet.first, S.AT_STATION, source=Source.CREW, at=fleet.at(600))
    assert (ahead.at, ahead.clock_offset_s) == (START, 600.0)
    fleet.clock.advance(timedelta(minutes=30))
    behind = await say(
        database, fleet, fleet.first, S.RELIEF, source=Source.CREW, at=fleet.at(1170), sent_at=fleet.at(1200)
    )
    assert (behind.at, behind.clock_offset_s) == (fleet.at(1770), -600.0)
    async with database.read() as session:
        first, second = await list_entries(session, fleet.first)
        assert (first.device_at, first.at, first.clock_offset_s) == (fleet.at(600), START, 600.0)
        assert (second.device_at, second.at, second.clock_offset_s) == (fleet.at(1170), fleet.at(1770), -600.0)
        ours = JournalLine.subject != "aksu"
        lines = await session.scalars(select(JournalLine.payload).where(ours).order_by(JournalLine.seq))
        assert [payload["clock_offset_s"] for payload in lines] == [600.0, -600.0]


async def test_arrival_reported_while_the_unit_was_sent_elsewhere(database: Database, fleet: Fleet) -> None:
    await say(database, fleet, fleet.first, S.ASSIGNED, run_id=RUN)
    await say(database, fleet, fleet.first, S.ASSIGNED, run_id=OTHER)
    outcome = await say(database, fleet, fleet.first, S.ON_SCENE, source=Source.CREW, run_id=RUN)
    assert (outcome.effect, outcome.standing.status, outcome.standing.run_id) == (Effect.OTHER_RUN, S.ASSIGNED, OTHER)
    async with database.read() as session:
        assert [entry.run_id for entry in await list_entries(session, fleet.first)] == [RUN, OTHER, RUN]


async def test_an_impossible_report_of_a_device_is_kept_and_of_a_person_refused(
    database: Database, fleet: Fleet
) -> None:
    await say(database, fleet, fleet.first, S.AT_STATION)
    kept = await say(database, fleet, fleet.first, S.ON_SCENE, source=Source.CREW)
    assert kept.effect == Effect.REFUSED
    assert kept.refusal is not None
    with pytest.raises(IllegalTransition) as refused:
        await say(database, fleet, fleet.first, S.ON_SCENE, source=Source.VOICE)
    assert refused.value.code == kept.refusal.code == "unit.illegal_transition"
    async with database.read() as session:
        assert [entry.effect for entry in await list_entries(session, fleet.first)] == ["applied", "refused"]


async def test_out_of_service_has_an_end_and_may_get_another(database: Database, fleet: Fleet) -> None:
    with pytest.raises(Invalid):
        await say(database, fleet, fleet.first, S.OUT_OF_SERVICE)
    told = {"source": Source.CREW, "reason": OutReason.FUEL}
    outcome = await say(database, fleet, fleet.first, S.OUT_OF_SERVICE, **told)
    assert outcome.standing.expected_end_at == fleet.at(900)
    assert (await say(database, fleet, fleet.first, S.OUT_OF_SERVICE, **told)).effect == Effect.REPEATED
    longer = await say(database, fleet, fleet.first, S.OUT_OF_SERVICE, expected_end_at=fleet.at(1800), **told)
    assert (longer.effect, longer.standing.expected_end_at) == (Effect.APPLIED, fleet.at(1800))
    back = await say(database, fleet, fleet.first, S.AT_STATION, source=Source.CREW)
    assert (back.standing.reason, back.standing.expected_end_at) == (None, None)


async def test_two_dispatchers_set_one_status_at_the_same_instant(database: Database, fleet: Fleet) -> None:
    for _ in range(20):
        unit = fleet.first
        seen = (await say(database, fleet, unit, S.AT_STATION)).version
        results = await asyncio.gather(
            say(database, fleet, unit, S.RELIEF, expected_version=seen),
            say(database, fleet, unit, S.ASSIGNED, run_id=RUN, expected_version=seen),
            return_exceptions=True,
        )
        failed = [result for result in results if isinstance(result, BaseException)]
        assert [type(error) for error in failed] == [Conflict]
        assert failed[0].code == "unit.status_changed"
        (won,) = (result for result in results if not isinstance(result, BaseException))
        async with database.read() as session:
            row = await find_status(session, unit)
            assert row is not None
            assert (row.status, row.version) == (won.standing.status, seen + 1)
        await say(database, fleet, unit, S.UNKNOWN)


async def test_a_correction_stands_beside_what_it_corrects(database: Database, fleet: Fleet) -> None:
    await say(database, fleet, fleet.first, S.AT_STATION)
    fleet.clock.advance(timedelta(minutes=10))
    entry = await say(database, fleet, fleet.first, S.RELIEF)
    assert entry.entry_id is not None
    fleet.clock.advance(timedelta(minutes=1))
    async with database.write() as session:
        made = await correct_status(session, fleet.clock, fleet.context(), entry.entry_id, at=fleet.at(300))
    assert (made.standing, made.version) == (Standing(S.RELIEF, fleet.at(300)), 3)
    assert made.entry_id is not None
    async with database.write() as session:
        with pytest.raises(Conflict, match="corrected already"):
            await correct_status(session, fleet.clock, fleet.context(), entry.entry_id, at=fleet.at(301))
    async with database.write() as session:
        again = await correct_status(session, fleet.clock, fleet.context(), made.entry_id, status=S.RETURNING_AVAILABLE)
    assert again.standing.status == S.RETURNING_AVAILABLE
    async with database.read() as session:
        now = await list_entries(session, fleet.first)
        assert [(item.status, item.at) for item in now] == [
            ("at_station", START), ("returning_available", fleet.at(300)),
        ]  # fmt: skip
        everything = await list_entries(session, fleet.first, all_versions=True)
        assert [(item.status, item.at) for item in everything if item.id == entry.entry_id] == [
            ("relief", fleet.at(600))
        ]
        assert len(everything) == 4
        assert (await journal_types(session))[-2:] == ["unit.status_corrected"] * 2


async def test_two_correct_one_entry_at_the_same_instant(database: Database, fleet: Fleet) -> None:
    entry = await say(database, fleet, fleet.first, S.AT_STATION)
    assert entry.entry_id is not None
    entry_id = entry.entry_id

    async def correct(seconds: int) -> None:
        async with database.write() as session:
            await correct_status(session, fleet.clock, fleet.context(), entry_id, at=fleet.at(-seconds))

    results = await asyncio.gather(*(correct(number) for number in range(1, 5)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict"] * 3 + ["NoneType"]


async def test_the_database_keeps_what_was_told(database: Database, fleet: Fleet) -> None:
    await say(database, fleet, fleet.first, S.AT_STATION)
    for change in (
        update(UnitStatusEntry).values(status="relief"),
        delete(UnitStatusEntry),
        text("TRUNCATE unit_status_entries CASCADE"),
    ):
        async with database.write() as session:
            with pytest.raises(DBAPIError, match="stays as it was told"):
                await session.execute(change)
            await session.rollback()


@pytest.mark.parametrize(
    "values",
    [
        {"status": "resting"},
        {"status": "out_of_service"},
        {"status": "out_of_service", "reason": "fuel"},
        {"reason": "fuel"},
        {"run_id": RUN},
        {"source": "rumour"},
        {"version": 0},
    ],
)
async def test_the_database_has_the_last_word(database: Database, fleet: Fleet, values: dict[str, object]) -> None:
    entry = await say(database, fleet, fleet.first, S.AT_STATION)
    row = {
        "unit_id": fleet.second, "status": "at_station", "since": START, "entry_id": entry.entry_id, "reason": "",
        "source": "crew", "version": 1,
    }  # fmt: skip
    async with database.write() as session:
        with pytest.raises(IntegrityError):
            await session.execute(insert(UnitStatusRow).values(row | values))
        await session.rollback()
    async with database.write() as session:
        await session.execute(insert(UnitStatusRow).values(row))


async def test_what_is_not_there_and_not_yet(database: Database, fleet: Fleet) -> None:
    async with database.write() as session:
        with pytest.raises(NotFound):
            await report_status(session, fleet.clock, fleet.context(), uuid4(), StatusReport(S.AT_STATION, Source.CREW))
        with pytest.raises(NotFound):
            await correct_status(session, fleet.clock, fleet.context(), uuid4(), at=START)
    with pytest.raises(Invalid, match="future"):
        await say(database, fleet, fleet.first, S.AT_STATION, source=Source.VOICE, at=fleet.at(600))
    for moment in ("0001-01-01T00:00+14:00", "9999-12-31T23:00-10:00"):
        for source in Source:
            with pytest.raises(Invalid) as refused:
                await say(database, fleet, fleet.first, S.AT_STATION, source=source, at=datetime.fromisoformat(moment))
            assert refused.value.code == "time.range"


async def test_a_unit_with_a_history_is_not_removed_by_an_import(database: Database, fleet: Fleet) -> None:
    async with database.write() as session:
        await place_by_voice(session, fleet.clock, fleet.context(), fleet.second, GeoPoint(41.2, 80.3))
        keep = table(UNIT | {"call_sign": "示例-01"})
        assert (await import_units(session, fleet.clock, CONTEXT, "aksu", keep, replace=True)).counts.removed == 1
    await say(database, fleet, fleet.first, S.AT_STATION)
    async with database.write() as session:
        with pytest.raises(Conflict) as refused:
            await import_units(
                session, fleet.clock, CONTEXT, "aksu", table(UNIT | {"call_sign": "示例-09"}), replace=True
            )
        assert refused.value.code == "import.in_use"
