"""What goes wrong before and under way: who drops out, what fails, what was ticked and is so no more, other clocks."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from factories.missions import BY_ROAD, Missions, make_missions

from dispatch.ecmo.queries_missions import list_checks, list_passages, list_steps
from dispatch.ecmo.rules_figures import Times
from dispatch.ecmo.rules_oxygen import Demand
from dispatch.ecmo.service_gas import expected_of
from dispatch.ecmo.service_journey import ChosenPlan, advance, choose_plan
from dispatch.ecmo.service_kit import (
    book_kit,
    book_person,
    check_kit,
    give_back,
    read_pressure,
    tell_demand,
    try_battery,
)
from dispatch.ecmo.service_lists import ask_promise, settle_promise, tick
from dispatch.ecmo.states_kit import CheckList, Passage, Promise, TeamRole
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanKind, PlanMark
from dispatch.hospitals.states_status import BedKind
from dispatch.incidents.rules_times import Told
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Invalid, Refused

pytestmark = pytest.mark.database
BASE, PATIENT = CheckList.LEAVING_BASE, CheckList.LEAVING_WITH_PATIENT


@pytest.fixture
async def missions(database: Database) -> Missions:
    return await make_missions(database)


async def ticked(missions: Missions, made: UUID) -> set[tuple[str, str]]:
    async with missions.database.read() as session:
        return {(one.checklist, one.item) for one in await list_checks(session, made)}


async def test_who_drops_out_and_what_fails_opens_the_gate_again(missions: Missions) -> None:
    made, (lead, other) = await missions.mission(), missions.people[:2]
    console = missions.kit["console-1"]
    booked = await missions.done(lambda act: book_person(act, made, lead, TeamRole.LEAD))
    await missions.done(lambda act: book_kit(act, made, console))
    for item in ("team", "kit", "comms"):
        await missions.done(lambda act, one=item: tick(act, made, BASE, one))
    await missions.done(lambda act: give_back(act, booked.id))
    assert await ticked(missions, made) == {(BASE, "kit"), (BASE, "comms")}
    # The console fails as it is loaded.
    await missions.done(lambda act: check_kit(act, console, is_ready=False))
    assert await ticked(missions, made) == {(BASE, "comms")}
    # Whoever leads now overrides, and who led before does not.
    await missions.done(lambda act: book_person(act, made, other, TeamRole.LEAD))
    with pytest.raises(Refused):
        await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND, override=True), lead)
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND, override=True), other)
    async with missions.database.read() as session:
        (passage,) = await list_passages(session, made)
    assert passage.how == Passage.OVERRIDDEN
    assert {"team", "kit"} <= set(passage.open_items)


async def test_a_bed_that_is_taken_is_confirmed_no_more(missions: Missions) -> None:
    made = await missions.mission()
    bed = await missions.done(lambda act: ask_promise(act, made, Promise.BED, bed=BedKind.ICU))
    await missions.done(lambda act: tick(act, made, PATIENT, "bed_confirmed"))
    await missions.done(lambda act: settle_promise(act, bed.id, holds=False))
    assert await ticked(missions, made) == set()


async def test_oxygen_that_was_ticked_and_reaches_no_more_leaves_through_an_open_gate(missions: Missions) -> None:
    made = await missions.mission()
    cylinders = [missions.kit[f"cylinder-{place}"] for place in (1, 2, 3)]
    battery = missions.kit["battery-1"]
    for key in (*cylinders, battery):
        await missions.done(lambda act, one=key: book_kit(act, made, one))
    await missions.done(lambda act: tell_demand(act, made, Demand(1.0, 3.0, 0.0, 0.21)))
    for key in cylinders:
        await missions.done(lambda act, one=key: read_pressure(act, made, one, 200.0, is_open=True))
    await missions.done(
        lambda act: try_battery(act, made, battery, health=1.0, load_w=100.0, temperature_c=20.0, changeover=True)
    )
    short = {mark: Times(one.likely / 60, one.slow / 60) for mark, one in BY_ROAD.marks.items()}
    await missions.done(lambda act: choose_plan(act, made, ChosenPlan(PlanKind.ROAD, short)))
    for item in ("team", "kit", "oxygen_go", "power_go", "vehicle", "comms"):
        await missions.done(lambda act, one=item: tick(act, made, BASE, one))
    for key in cylinders:
        await missions.done(lambda act, one=key: read_pressure(act, made, one, 1.0, is_open=True))
    with pytest.raises(Refused) as not_now:
        await missions.done(lambda act: tick(act, made, BASE, "oxygen_go"))
    assert not_now.value.code == "ecmo_check.no_go"
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND))
    async with missions.database.read() as session:
        (passage,) = await list_passages(session, made)
    assert (passage.how, passage.open_items) == (Passage.OPEN, ["oxygen_go"])


async def test_a_plan_by_air_that_falls_through_on_the_way_is_driven_from_where_it_stands(missions: Missions) -> None:
    made = await missions.mission(planned=False)
    await missions.done(lambda act: choose_plan(act, made, ChosenPlan(PlanKind.HELICOPTER, BY_ROAD.marks)))
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND))
    left = missions.centre.clock.now()
    missions.later(20)
    # The operator turns down on the way to the airport: the team drives on by the plan of now.
    await missions.done(lambda act: choose_plan(act, made, BY_ROAD))
    now = missions.centre.clock.now()
    async with missions.database.read() as session:
        row = await missions.row(made)
        told = {one.mark: one for one in await expected_of(session, row, now)}
    assert (row.plan_kind, row.planned_at) == ("road", now)
    assert told[PlanMark.WHEELS].happened == left
    assert told[PlanMark.AT_PATIENT].likely >= now


async def test_clocks_that_differ_never_tell_a_step_of_the_future_nor_out_of_order(missions: Missions) -> None:
    made = await missions.mission()
    now = missions.centre.clock.now()
    with pytest.raises(Invalid) as ahead:
        await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND, Told(now + timedelta(minutes=7))))
    assert ahead.value.code == "time.future"
    # A minute ahead is a clock that differs; a step that was earlier than the one before it stays where it truly was.
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND, Told(now + timedelta(seconds=40))))
    await missions.done(lambda act: advance(act, made, MissionState.AT_PATIENT, Told(now - timedelta(seconds=5))))
    async with missions.database.read() as session:
        steps = await list_steps(session, made)
        told = await expected_of(session, await missions.row(made), now)
    assert {one.state: one.entered_at for one in steps} == {"outbound": now, "at_patient": now}
    assert [one.state for one in steps] == ["at_patient", "outbound"]
    pending = [one.likely for one in told if one.happened is None]
    assert all(one >= now for one in pending)
    assert pending == sorted(pending)
