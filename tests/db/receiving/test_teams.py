"""Teams on a real PostgreSQL: activated once, clocks stopped once, what was cancelled stays."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from factories.dispatching import Centre, make_centre
from factories.receiving import hospitals, lines

from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_care import CareGiven, begin_care
from dispatch.incidents.service_patients import add_patient
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.actor import Actor, ActorKind
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.receiving.queries_teams import list_stops, list_teams
from dispatch.receiving.queries_times import patient_times
from dispatch.receiving.service_teams import activate_team, arrive_team, end_team, resume_clock, stop_clock
from dispatch.receiving.states_emergency import Centre as OfCentre
from dispatch.receiving.states_emergency import Ending
from dispatch.units.states_duty import UnitStatus

pytestmark = pytest.mark.database
T = TypeVar("T")
FIRST, SECOND = (Actor(ActorKind.PERSON, f"0198c0de-0000-7000-8000-00000000000{one}") for one in (1, 2))


@pytest.fixture
async def centre(database: Database) -> Centre:
    return await make_centre(database, units=2)


async def done(centre: Centre, work: Callable[[Act], Awaitable[T]], by: Actor = FIRST) -> T:
    """Do something in a transaction of its own."""
    async with centre.database.write() as session:
        return await work(centre.act(session, by))


async def test_called_twice_at_once_it_is_one_team_and_its_clock_stops_once(centre: Centre) -> None:
    near, _ = await hospitals(centre)
    incident = await centre.incident()
    who = (await done(centre, lambda act: add_patient(act, incident))).id
    called = await asyncio.gather(
        *(done(centre, lambda act: activate_team(act, who, near, OfCentre.CHEST), by) for by in (FIRST, SECOND))
    )
    assert called[0].id == called[1].id
    team = called[0].id
    centre.manual.advance(timedelta(minutes=3))
    await done(centre, lambda act: arrive_team(act, team))
    stops = await asyncio.gather(
        *(done(centre, lambda act: stop_clock(act, team, "contact_to_ecg"), by) for by in (FIRST, SECOND))
    )
    assert stops[0].id == stops[1].id
    with pytest.raises(Invalid, match="no clock"):
        await done(centre, lambda act: stop_clock(act, team, "door_to_needle"))
    early = Told(centre.clock.now() - timedelta(hours=1))
    with pytest.raises(Invalid, match="before the team"):
        await done(centre, lambda act: end_team(act, team, Ending.STOOD_DOWN, early))
    # A mistake is taken back, and the clock goes on until it is told again.
    await done(centre, lambda act: resume_clock(act, team, "contact_to_ecg"))
    with pytest.raises(Conflict, match="not stopped"):
        await done(centre, lambda act: resume_clock(act, team, "contact_to_ecg"))
    again = await done(centre, lambda act: stop_clock(act, team, "contact_to_ecg"), SECOND)
    async with centre.database.read() as session:
        assert [one.id for one in (await list_stops(session, [team]))[team]] == [again.id]
    assert [one["type"] for one in await lines(centre, "team.")] == [
        "team.activated", "team.arrived", "team.clock_stopped", "team.clock_resumed", "team.clock_stopped"
    ]  # fmt: skip


async def test_what_was_cancelled_stays_and_its_clocks_stop_no_more(centre: Centre) -> None:
    near, far = await hospitals(centre)
    incident = await centre.incident()
    who = (await done(centre, lambda act: add_patient(act, incident))).id
    first = await done(centre, lambda act: activate_team(act, who, near, OfCentre.STROKE))
    await done(centre, lambda act: end_team(act, first.id, Ending.CANCELLED))
    for again in (
        lambda act: end_team(act, first.id, Ending.STOOD_DOWN),
        lambda act: arrive_team(act, first.id),
        lambda act: stop_clock(act, first.id, "door_to_needle"),
    ):
        with pytest.raises(Conflict):
            await done(centre, again)
    second = await done(centre, lambda act: activate_team(act, who, near, OfCentre.STROKE), SECOND)
    await done(centre, lambda act: end_team(act, second.id, Ending.STOOD_DOWN), SECOND)
    await done(centre, lambda act: stop_clock(act, second.id, "door_to_needle"), SECOND)
    async with centre.database.read() as session:
        told = await list_teams(session, [near, far], centre.clock.now() - timedelta(minutes=1))
        assert [(team.id, team.ending, team.ended_by) for team, _, _ in told] == [
            (first.id, "cancelled", str(FIRST)), (second.id, "stood_down", str(SECOND))
        ]  # fmt: skip
        assert await list_teams(session, [far], centre.clock.now()) == []


async def test_clocks_run_from_the_crews_own_times(centre: Centre) -> None:
    incident = await centre.incident()
    run = await centre.send(incident, 0)
    who = (await done(centre, lambda act: add_patient(act, incident))).id

    async def known() -> tuple[object, ...]:
        async with centre.database.read() as session:
            patient = await session.get_one(Patient, who)
            times = await patient_times(session, patient)
            return times.contact_at, times.door_at, None if times.run is None else times.run.id

    assert await known() == (None, None, run.id)
    at: dict[UnitStatus, object] = {}
    for status in (
        UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE, UnitStatus.AT_PATIENT, UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL
    ):  # fmt: skip
        centre.manual.advance(timedelta(minutes=5))
        at[status] = centre.clock.now()
        await centre.say(0, status)
    assert await known() == (at[UnitStatus.AT_PATIENT], at[UnitStatus.AT_HOSPITAL], run.id)
    # A second vehicle that never had the patient takes nothing away; one that carries it is named.
    await centre.send(incident, 1)
    assert (await known())[:2] == (at[UnitStatus.AT_PATIENT], at[UnitStatus.AT_HOSPITAL])
    await done(centre, lambda act: begin_care(act, who, CareGiven(centre.units[0])))
    assert (await known())[2] == run.id
