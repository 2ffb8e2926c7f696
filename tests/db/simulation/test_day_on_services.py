"""A short day on the services and a real database: what is in the record afterwards."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from factories.incidents import REGION
from factories.playing import OneByOne, make_fleet_and_people, play_hours
from factories.postgres import TestServer
from factories.simulation import START
from sqlalchemy import func, select, text

from dispatch.audit.service import verify
from dispatch.dispatching.queries import list_of_incident, list_times
from dispatch.dispatching.tables import Assignment, AssignmentTime
from dispatch.incidents.states_calls import CallBackState
from dispatch.incidents.states_incidents import IncidentState
from dispatch.incidents.states_patients import CareReason, PatientOutcome, PatientState
from dispatch.incidents.tables_calls import Call, CallBack
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient, PatientCare
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.journal_table import JournalLine
from dispatch.simulation.rules_figures import INVENTED
from dispatch.simulation.states import CallKind, Mishap, Phase
from dispatch.units.queries_fleet import list_duty_units
from dispatch.units.states_crew import RunKind, RunState
from dispatch.units.states_duty import Effect, UnitStatus
from dispatch.units.tables_duty import UnitRun, UnitStatusEntry
from dispatch.units.tables_position import UnitPosition

pytestmark = pytest.mark.database
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EXPECTED = {"Close incident.open_patients", "Close incident.transition", "CancelIncident incident.transition"}
"""What a crew has done and, its link being lost, not told, a dispatcher cannot know."""
OVERLAPS = text("""
    SELECT count(*) FROM assignments AS one JOIN assignments AS two
    ON one.unit_id = two.unit_id AND one.id < two.id
    AND tstzrange(one.assigned_at, one.ended_at) && tstzrange(two.assigned_at, two.ended_at)
""")


@pytest.fixture
async def clock(database: Database) -> ManualClock:
    made = ManualClock(START)
    await make_fleet_and_people(database, made, vehicles=9, figures=INVENTED)
    return made


async def test_a_few_hours_leave_a_whole_record(database: Database, clock: ManualClock) -> None:
    played = await play_hours(database, 2.5, clock=clock, per_day=110.0)
    assert clock.now() == played.setting.start + timedelta(hours=2.5)
    assert set(played.world.refused) <= EXPECTED
    async with database.read() as session:
        assert (await verify(session)).whole
        assert await session.scalar(OVERLAPS) == 0
        states = Counter((await session.scalars(select(Incident.state))).all())
        closed = (await session.scalars(select(Incident).where(Incident.state == IncidentState.CLOSED))).all()
        assert len(closed) >= 4
        for incident in closed:
            of_it = (await session.scalars(select(Patient).where(Patient.incident_id == incident.id))).all()
            assert of_it
            assert {one.state for one in of_it} == {PatientState.SETTLED}
            assert all(one.outcome for one in of_it)
            runs = await list_of_incident(session, incident.id)
            assert runs
            for run in runs:
                times = [one.at for one in await list_times(session, run)]
                assert times == sorted(times)
        open_cases = sum(
            states[state] for state in (IncidentState.OPEN, IncidentState.DISPATCHED, IncidentState.ON_SCENE)
        )
        assert open_cases == len(played.day.cases)
        names = (await session.scalars(select(PersonalValue.value))).all()
        assert any(name and name.startswith("示例") for name in names)
        assert all(
            value is None or "1380000" in value or "示例" in value or value.startswith("demo/") for value in names
        )
        assert await session.scalar(select(func.count()).select_from(UnitPosition)) > 100
        outcomes = (await session.scalars(select(Call.outcome).where(Call.ended_at.is_not(None)))).all()
        assert all(outcomes), "every call that ended has an outcome"


@pytest.fixture
def another_url(postgres_server: TestServer) -> Iterator[str]:
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


@pytest.mark.soak
async def test_a_seed_leaves_the_same_record_in_another_database(
    database: Database, clock: ManualClock, another_url: str
) -> None:
    await play_hours(database, 0.4, clock=clock, seed=11, per_day=300.0)
    told = await _story(database)
    async with Database(make_engine(another_url, application_name="tarim tests", pool_size=2)) as other:
        again = ManualClock(START)
        await make_fleet_and_people(other, again, vehicles=9, figures=INVENTED)
        # There each action is a transaction, and every row is read anew.
        await play_hours(other, 0.4, clock=again, seed=11, per_day=300.0, world_of=OneByOne)
        assert await _story(other) == told
    assert len([one for one in told if one[0].startswith(("unit.", "call.", "assignment."))]) > 60


async def _story(database: Database) -> list[tuple[str, datetime, datetime, str]]:
    """What happened when, with all that was told of it; ids are other ones each time, and told by their first place."""
    names: dict[str, str] = {}
    async with database.read() as session:
        rows = (await session.scalars(select(JournalLine).order_by(JournalLine.seq))).all()
    told = [_ID.sub(lambda found: names.setdefault(found[0], f"id {len(names)}"), str(row.payload)) for row in rows]
    return [(row.type, row.occurred_at, row.recorded_at, words) for row, words in zip(rows, told, strict=True)]


@pytest.mark.soak
async def test_a_day_goes_on_from_where_another_was_broken_off(database: Database, clock: ManualClock) -> None:
    broken_off = await play_hours(database, 0.5, clock=clock, per_day=300.0)
    busy = [crew for crew in broken_off.day.crews.values() if crew.run is not None]
    assert busy, "somebody must be on a run when the day is broken off"
    later = await play_hours(database, 2.5, clock=clock, per_day=0.001)
    assert not [crew for crew in later.day.crews.values() if crew.run is not None]
    async with database.read() as session:
        active = await session.scalar(select(func.count()).select_from(Assignment).where(Assignment.state == "active"))
        assert active == 0
        units = await list_duty_units(session, REGION, clock.now())
        assert (await verify(session)).whole
    home = [unit.call_sign for unit in units if unit.standing.status is UnitStatus.AT_STATION]
    assert len(home) >= len(units) - 3


@pytest.mark.soak
async def test_a_lost_link_is_told_late_with_true_times(database: Database, clock: ManualClock) -> None:
    figures = replace(INVENTED, crew=replace(INVENTED.crew, mishaps={Mishap.LOSES_LINK: 1.0}))
    played = await play_hours(database, 1.5, clock=clock, per_day=80.0, figures=figures)
    assert set(played.world.refused) <= EXPECTED
    async with database.read() as session:
        late = (
            await session.scalars(
                select(UnitStatusEntry).where(
                    UnitStatusEntry.effect == Effect.APPLIED,
                    UnitStatusEntry.received_at - UnitStatusEntry.at > text("interval '30 seconds'"),
                )
            )
        ).all()
        assert len(late) > 3
        assert {one.clock_offset_s for one in late} == {None}, "a late report is no wrong clock"
        assert (await verify(session)).whole


@pytest.mark.soak
async def test_a_crew_that_does_not_answer_is_told_of(database: Database, clock: ManualClock) -> None:
    figures = replace(INVENTED, crew=replace(INVENTED.crew, mishaps={Mishap.NO_ANSWER: 1.0}))
    played = await play_hours(database, 0.7, clock=clock, per_day=120.0, figures=figures)
    assert played.world.done
    async with database.read() as session:
        told = await session.scalar(select(func.count()).where(JournalLine.type == "assignment.unacknowledged"))
        answered = await session.scalar(select(func.count()).select_from(AssignmentTime))
    assert told
    assert answered


@pytest.mark.soak
async def test_one_unit_has_no_crew_and_one_no_device(database: Database, clock: ManualClock) -> None:
    played = await play_hours(database, 0.01, clock=clock)
    off = [crew.call_sign for crew in played.day.crews.values() if crew.phase is Phase.OFF]
    silent = [one.call_sign for one in played.setting.vehicles.values() if not one.device]
    assert len(off) == len(silent) == 1
    async with database.read() as session:
        units = {unit.call_sign: unit for unit in await list_duty_units(session, REGION, clock.now())}
    assert not units[off[0]].crew
    assert units[silent[0]].availability.available
    assert units[silent[0]].last_place is None
    assert sum(unit.availability.available for unit in units.values()) == len(units) - 2
    assert {unit.abilities.letters for unit in units.values() if unit.crew} == {"BA"}


async def test_the_list_of_those_to_call_back_is_worked_off(database: Database, clock: ManualClock) -> None:
    kinds = {CallKind.SILENT: 1.0, CallKind.CUT_OFF: 1.0, CallKind.ABANDONS: 1.0}
    figures = replace(INVENTED, calls=replace(INVENTED.calls, kinds=kinds))
    played = await play_hours(database, 0.8, clock=clock, per_day=250.0, figures=figures)
    async with database.read() as session:
        entries = (await session.scalars(select(CallBack))).all()
        untold = await session.scalars(select(Call.id).where(Call.ended_at.is_not(None), Call.outcome.is_(None)))
        assert not untold.all()
    waiting = [one for one in entries if one.state == CallBackState.WAITING]
    assert len(entries) > 3
    assert len(waiting) == len(played.day.owed)
    assert CallBackState.REACHED in {one.state for one in entries}


async def test_patients_who_change_vehicles_are_recorded_with_both_and_the_reason(
    database: Database, clock: ManualClock
) -> None:
    courses = {name: replace(one, outcome={PatientOutcome.TRANSPORTED: 1.0}) for name, one in INVENTED.courses.items()}
    mishaps = {Mishap.FAILS_LOADED: 0.3, Mishap.RELAYS: 0.4}
    figures = replace(INVENTED, courses=courses, crew=replace(INVENTED.crew, mishaps=mishaps))
    played = await play_hours(database, 2.0, clock=clock, per_day=60.0, figures=figures)
    assert set(played.world.refused) <= {*EXPECTED, "Order assignment.unit_taken"}
    async with database.read() as session:
        assert (await verify(session)).whole
        rows = (await session.scalars(select(PatientCare).order_by(PatientCare.begins_at))).all()
    of_patient = defaultdict(list)
    for row in rows:
        of_patient[row.patient_id].append(row)
    changed = [spans for spans in of_patient.values() if len(spans) > 1]
    assert {span.reason for spans in changed for span in spans[1:]} == {CareReason.BREAKDOWN, CareReason.RELAY}
    for spans in changed:
        assert [one.ends_at for one in spans[:-1]] == [one.begins_at for one in spans[1:]], "at one moment"
        assert all(one.unit_id != other.unit_id for one, other in pairwise(spans))


async def test_stand_bys_and_planned_transfers_are_timed_runs_of_their_own(
    database: Database, clock: ManualClock
) -> None:
    tours = replace(INVENTED.tours, standbys_per_day=40.0, transfers_per_day=40.0, standby_s=(600.0, 900.0))
    played = await play_hours(database, 2.5, clock=clock, per_day=20.0, figures=replace(INVENTED, tours=tours))
    assert set(played.world.refused) <= {*EXPECTED, "Order assignment.unit_taken"}
    async with database.read() as session:
        runs = (await session.scalars(select(UnitRun))).all()
        assert (await verify(session)).whole
    assert {run.kind for run in runs} == set(RunKind)
    over = [run for run in runs if run.state == RunState.ENDED]
    assert {run.kind for run in over} == set(RunKind)
    assert all(run.started_at and run.ended_at and run.started_at < run.ended_at for run in over)
    on_tour = [crew for crew in played.day.crews.values() if crew.tour is not None]
    assert len([run for run in runs if run.state == RunState.STARTED]) == len(on_tour)
