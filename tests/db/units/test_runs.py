"""Timed runs, and the list that dispatching chooses from, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from factories.duty import Fleet, S, journal_types, make_fleet, say
from factories.fleet import START

from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, NotFound, Refused
from dispatch.units.queries_duty import get_run, list_runs
from dispatch.units.queries_fleet import DutyUnit, get_duty_unit, list_duty_units
from dispatch.units.rules_availability import Basis, Reason
from dispatch.units.rules_capability import standard_kit
from dispatch.units.service import place_unit
from dispatch.units.service_crew import Joining, correct_duty, sign_off, sign_on
from dispatch.units.service_kit import set_kit
from dispatch.units.service_position import place_by_voice
from dispatch.units.service_runs import RunPlan, cancel_run, end_run, move_run, plan_run, start_run
from dispatch.units.states_crew import RunKind, Skill
from dispatch.units.states_duty import Source
from dispatch.units.tables_duty import UnitRun
from geo.points import GeoPoint

pytestmark = pytest.mark.database


@pytest.fixture
async def fleet(database: Database) -> Fleet:
    return await make_fleet(database)


async def plan(database: Database, fleet: Fleet, from_s: float, until_s: float,
               kind: RunKind = RunKind.STANDBY) -> UnitRun:  # fmt: skip
    async with database.write() as session:
        wanted = RunPlan(kind, fleet.at(from_s), fleet.at(until_s), "示例体育场", GeoPoint(41.17, 80.26))
        return await plan_run(session, fleet.clock, fleet.context(), fleet.first, wanted)


async def test_a_unit_has_no_two_runs_at_once(database: Database, fleet: Fleet) -> None:
    first = await plan(database, fleet, 3600, 7200)
    await plan(database, fleet, 7200, 9000, RunKind.TRANSFER)
    with pytest.raises(Conflict) as refused:
        await plan(database, fleet, 7199, 7201)
    assert refused.value.code == "run.overlap"
    async with database.write() as session:
        with pytest.raises(Conflict):
            await move_run(session, fleet.clock, fleet.context(), first.id, fleet.at(3600), fleet.at(7201))
        await cancel_run(session, fleet.clock, fleet.context(), first.id)
        await cancel_run(session, fleet.clock, fleet.context(), first.id)
    await plan(database, fleet, 3700, 7200)
    async with database.read() as session:
        found = await list_runs(session, from_at=START, until_at=fleet.at(7200), unit_id=fleet.first)
        assert [run.state for run in found] == ["cancelled", "planned"]
        assert (await journal_types(session)).count("run.cancelled") == 1


async def test_runs_planned_at_the_same_instant(database: Database, fleet: Fleet) -> None:
    results = await asyncio.gather(
        *(plan(database, fleet, 100 + number, 500) for number in range(5)), return_exceptions=True
    )
    assert sorted(getattr(result, "code", "planned") for result in results) == ["planned"] + ["run.overlap"] * 4


async def test_a_run_from_beginning_to_end(database: Database, fleet: Fleet) -> None:
    await say(database, fleet, fleet.first, S.AT_STATION)
    run = await plan(database, fleet, 600, 7200)
    async with database.write() as session:
        with pytest.raises(Refused):
            await end_run(session, fleet.clock, fleet.context(), run.id)
    fleet.clock.advance(timedelta(minutes=5))
    async with database.write() as session:
        outcome = await start_run(session, fleet.clock, fleet.context(), run.id)
        assert (outcome.standing.status, outcome.standing.run_id) == (S.STANDBY, run.id)
        assert outcome.standing.expected_end_at == fleet.at(7200)
        with pytest.raises(Refused):
            await start_run(session, fleet.clock, fleet.context(), run.id)
        with pytest.raises(Refused):
            await cancel_run(session, fleet.clock, fleet.context(), run.id)
        with pytest.raises(Refused):
            await move_run(session, fleet.clock, fleet.context(), run.id, fleet.at(0), fleet.at(7200))
        await move_run(session, fleet.clock, fleet.context(), run.id, fleet.at(300), fleet.at(8000))
        unit = await get_duty_unit(session, fleet.first, fleet.clock.now())
        hindrance = unit.availability.hindrances[0]
        assert (hindrance.reason, hindrance.until) == (Reason.STANDBY, fleet.at(8000))
    fleet.clock.advance(timedelta(minutes=30))
    async with database.write() as session:
        await end_run(session, fleet.clock, fleet.context(), run.id)
    async with database.write() as session:
        ended = await get_run(session, run.id)
        assert (ended.state, ended.from_at, ended.until_at) == ("ended", fleet.at(300), fleet.at(2100))
        assert (ended.started_at, ended.ended_at) == (fleet.at(300), fleet.at(2100))
        with pytest.raises(Refused):
            await move_run(session, fleet.clock, fleet.context(), run.id, fleet.at(300), fleet.at(8000))
        assert (await journal_types(session))[1:] == [
            "run.planned", "unit.status_changed", "run.started", "run.moved", "run.ended", "unit.status_changed",
        ]  # fmt: skip
    await plan(database, fleet, 2100, 4000)


async def test_a_breakdown_and_an_assignment_end_the_run_that_they_break(database: Database, fleet: Fleet) -> None:
    await say(database, fleet, fleet.first, S.AT_STATION)
    run = await plan(database, fleet, 0, 7200)
    async with database.write() as session:
        await start_run(session, fleet.clock, fleet.context(), run.id)
    # At the very instant in which it began, and with the next run right behind it.
    assignment = uuid4()
    outcome = await say(database, fleet, fleet.first, S.ASSIGNED, run_id=assignment)
    assert outcome.standing.run_id == assignment
    async with database.read() as session:
        assert (await get_run(session, run.id)).state == "ended"


async def test_runs_that_cannot_be(database: Database, fleet: Fleet) -> None:
    with pytest.raises(Invalid):
        await plan(database, fleet, 10, 10)
    async with database.write() as session:
        for place in ("", "x" * 201, "\ud800", "a\0b"):
            with pytest.raises(Invalid):
                await plan_run(session, fleet.clock, fleet.context(), fleet.first,
                               RunPlan(RunKind.STANDBY, START, fleet.at(1), place))  # fmt: skip
        with pytest.raises(NotFound):
            await start_run(session, fleet.clock, fleet.context(), uuid4())
    run = await plan(database, fleet, -100, -50)
    with pytest.raises(Invalid):
        async with database.write() as session:
            await start_run(session, fleet.clock, fleet.context(), run.id)
    await say(database, fleet, fleet.first, S.RELIEF)
    run = await plan(database, fleet, 0, 50)
    with pytest.raises(Refused):
        async with database.write() as session:
            await start_run(session, fleet.clock, fleet.context(), run.id)
    async with database.read() as session:
        assert (await get_run(session, run.id)).state == "planned"


async def listed(database: Database, fleet: Fleet) -> dict[str, DutyUnit]:
    async with database.read() as session:
        return {unit.call_sign: unit for unit in await list_duty_units(session, "aksu", fleet.clock.now())}


async def test_every_unit_is_listed_with_its_reasons(database: Database, fleet: Fleet) -> None:
    async with database.write() as session:
        for person, skill in enumerate((Skill.DRIVER, Skill.PHYSICIAN, Skill.NURSE)):
            await sign_on(session, fleet.clock, fleet.context(), fleet.first, Joining(fleet.people[person], skill))
        await set_kit(session, fleet.clock, fleet.context(), fleet.first, standard_kit("BA"))
    await say(database, fleet, fleet.first, S.AT_STATION)
    units = await listed(database, fleet)
    first, second = units["示例-01"], units["示例-02"]
    assert (first.availability.available, first.abilities.letters, first.version) == (True, "BA", 1)
    assert first.crew == (Skill.DRIVER, Skill.PHYSICIAN, Skill.NURSE), "by seat"
    assert (first.reckoning.basis, first.reckoning.stale) == (Basis.STATION, False), "no device, and a full unit"
    assert [why.reason for why in second.availability.hindrances] == [Reason.NO_STATUS, Reason.NO_CREW]
    assert (second.version, second.abilities.letters, second.kit) == (0, "", frozenset())


async def test_who_left_and_what_was_taken_off_counts_no_more(database: Database, fleet: Fleet) -> None:
    await say(database, fleet, fleet.first, S.AT_STATION)
    async with database.write() as session:
        await set_kit(session, fleet.clock, fleet.context(), fleet.first, standard_kit("B"))
        duties = [
            await sign_on(session, fleet.clock, fleet.context(), fleet.first, Joining(fleet.people[person], skill))
            for person, skill in enumerate((Skill.DRIVER, Skill.NURSE))
        ]
    assert (await listed(database, fleet))["示例-01"].abilities.letters == "B"
    fleet.clock.advance(timedelta(minutes=1))
    async with database.write() as session:
        await set_kit(session, fleet.clock, fleet.context(), fleet.first, {"bls"})
    unit = (await listed(database, fleet))["示例-01"]
    assert (unit.availability.available, unit.abilities.letters, unit.kit) == (True, "", {"bls"})
    async with database.write() as session:
        await sign_off(session, fleet.clock, fleet.context(), duties[0].id)
    left = (await listed(database, fleet))["示例-01"]
    assert (left.crew, [why.reason for why in left.availability.hindrances]) == ((Skill.NURSE,), [Reason.NO_DRIVER])
    async with database.write() as session:
        assert await correct_duty(session, fleet.clock, fleet.context(), duties[1].id, None) is None
    empty = (await listed(database, fleet))["示例-01"]
    assert (empty.crew, [why.reason for why in empty.availability.hindrances]) == ((), [Reason.NO_CREW])


async def test_a_whole_fleet_gone_silent_stays_dispatchable(database: Database, fleet: Fleet) -> None:
    async with database.write() as session:
        for person, unit_id in enumerate((fleet.first, fleet.second)):
            joining = Joining(fleet.people[person], Skill.DRIVER)
            await sign_on(session, fleet.clock, fleet.context(), unit_id, joining)
            await place_by_voice(session, fleet.clock, fleet.context(), unit_id, GeoPoint(41.3, 80.4))
    for unit_id in (fleet.first, fleet.second):
        await say(database, fleet, unit_id, S.RETURNING_AVAILABLE, source=Source.VOICE)
    for minutes, basis in ((0, Basis.FIX), (5, Basis.LAST_PLACE), (300, Basis.STATION)):
        fleet.clock.advance(timedelta(minutes=minutes))
        for unit in (await listed(database, fleet)).values():
            assert unit.availability.available
            assert (unit.reckoning.basis, unit.reckoning.stale) == (basis, minutes > 0)
            assert unit.reckoning.label_zh == ("位置过时·电台核实" if minutes else "")


async def test_a_place_set_by_hand_counts_while_it_is_the_newest(database: Database, fleet: Fleet) -> None:
    async with database.write() as session:
        await place_by_voice(session, fleet.clock, fleet.context(), fleet.first, GeoPoint(41.3, 80.4))
        fleet.clock.advance(timedelta(seconds=10))
        await place_unit(session, fleet.clock, "aksu", "示例-01", GeoPoint(41.4, 80.4))
    assert (await listed(database, fleet))["示例-01"].reckoning.point == GeoPoint(41.4, 80.4)
    fleet.clock.advance(timedelta(seconds=10))
    async with database.write() as session:
        await place_by_voice(session, fleet.clock, fleet.context(), fleet.first, GeoPoint(41.5, 80.4))
    assert (await listed(database, fleet))["示例-01"].reckoning.point == GeoPoint(41.5, 80.4)
