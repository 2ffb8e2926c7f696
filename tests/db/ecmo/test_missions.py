"""Missions on a real PostgreSQL: bookings raced, gates recorded, states refused, oxygen judged, the vehicle asked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from factories.missions import BY_ROAD, Missions, make_missions
from factories.receiving import lines
from sqlalchemy import func, select

from dispatch.dispatching.queries import find_active
from dispatch.ecmo.queries_missions import (
    list_bookings,
    list_passages,
    list_promises,
    list_steps,
)
from dispatch.ecmo.rules_figures import Times
from dispatch.ecmo.rules_kit import (
    items_of,
)
from dispatch.ecmo.rules_oxygen import Demand
from dispatch.ecmo.service_gas import Gas, expected_of, gas_of
from dispatch.ecmo.service_journey import (
    ChosenPlan,
    advance,
    ask_vehicle,
    choose_plan,
    explain_passage,
    say_fit_to_move,
)
from dispatch.ecmo.service_kit import (
    book_kit,
    book_person,
    read_pressure,
    tell_demand,
    try_battery,
)
from dispatch.ecmo.service_lists import ask_promise, settle_promise, tick
from dispatch.ecmo.states import Go, Mode, Reading
from dispatch.ecmo.states_kit import (
    CheckList,
    Consent,
    GateReason,
    Passage,
    Promise,
    TeamRole,
)
from dispatch.ecmo.states_missions import MISSION_OVER, MISSION_TRANSITIONS, MissionState
from dispatch.ecmo.states_plans import PlanKind, PlanMark
from dispatch.hospitals.states_status import BedKind
from dispatch.incidents.states import IllegalTransition
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, NotFound, Refused

pytestmark = pytest.mark.database
BASE, PATIENT = CheckList.LEAVING_BASE, CheckList.LEAVING_WITH_PATIENT


@pytest.fixture
async def missions(database: Database) -> Missions:
    return await make_missions(database)


async def bring(missions: Missions, mission_id: UUID, path: tuple[MissionState, ...]) -> None:
    await missions.done(lambda act: say_fit_to_move(act, mission_id))
    for state in path:
        await missions.done(lambda act, one=state: advance(act, mission_id, one))


async def test_a_mission_walks_every_way_and_is_refused_every_other(missions: Missions) -> None:
    """To each state by the shortest way, then every step from there: taken where the table leads, refused elsewhere."""
    paths: dict[MissionState, tuple[MissionState, ...]] = {MissionState.PREPARING: ()}
    while len(paths) < len(MissionState):
        for old, path in list(paths.items()):
            for new in sorted(MISSION_TRANSITIONS[old]):
                paths.setdefault(new, (*path, new))
    for state, path in paths.items():
        made = await missions.mission(planned=False)
        await bring(missions, made, path)
        for other in sorted(set(MissionState) - MISSION_TRANSITIONS[state]):
            with pytest.raises((IllegalTransition, Conflict)) as refused:
                await missions.done(lambda act, one=other, key=made: advance(act, key, one))
            assert refused.value.code == ("ecmo_mission.over" if state in MISSION_OVER else "ecmo_mission.transition")
        async with missions.database.read() as session:
            assert [one.state for one in await list_steps(session, made)] == list(path)
            # No departure without its gate: as many passages as departures, each with what was open.
            gates = {MissionState.OUTBOUND: BASE, MissionState.RETURNING: PATIENT}
            left = [gates[one] for one in path if one in gates]
            passed = await list_passages(session, made)
            assert [one.checklist for one in passed] == left
            assert all(one.how == Passage.OPEN and one.open_items for one in passed)


async def test_nobody_is_moved_without_a_circuit_unless_a_name_stands_for_it(missions: Missions) -> None:
    made = await missions.mission(planned=False)
    moved = ChosenPlan(PlanKind.RENDEZVOUS, BY_ROAD.marks, missions.far, moves_uncannulated=True)
    with pytest.raises(Refused) as refused:
        await missions.done(lambda act: choose_plan(act, made, moved))
    assert refused.value.code == "ecmo_mission.not_fit"
    await missions.done(lambda act: advance(act, made, MissionState.AT_PATIENT))
    with pytest.raises(Refused, match="without a circuit"):
        await missions.done(lambda act: advance(act, made, MissionState.RETURNING))
    doctor = missions.people[0]
    row = await missions.done(lambda act: say_fit_to_move(act, made), doctor)
    assert row.fit_to_move_by == f"person:{doctor}"
    await missions.done(lambda act: choose_plan(act, made, moved))
    await missions.done(lambda act: advance(act, made, MissionState.RETURNING))
    with pytest.raises(Conflict) as old:
        await missions.done(lambda act: advance(act, made, MissionState.ARRIVED, version=1))
    assert old.value.code == "ecmo_mission.outdated"


async def test_a_gate_is_closed_overridden_by_the_lead_or_told_open(missions: Missions) -> None:
    lead, other = missions.people[0], missions.people[1]
    made = await missions.mission(Mode.VA)
    await missions.done(lambda act: book_person(act, made, lead, TeamRole.LEAD))
    with pytest.raises(Refused) as refused:
        await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND, override=True), other)
    assert refused.value.code == "ecmo_gate.not_lead"
    await missions.done(lambda act: tick(act, made, BASE, "team"), other)
    await missions.done(lambda act: tick(act, made, BASE, "team"), other)
    await missions.done(lambda act: tick(act, made, BASE, "kit"))
    await missions.done(lambda act: tick(act, made, BASE, "kit", ticked=False))
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND, override=True), lead)
    async with missions.database.read() as session:
        (passage,) = await list_passages(session, made)
    assert (passage.how, passage.actor) == (Passage.OVERRIDDEN, f"person:{lead}")
    assert passage.open_items == ["kit", "oxygen_go", "power_go", "vehicle", "comms"]
    assert passage.reason is None
    explained = await missions.done(lambda act: explain_passage(act, passage.id, GateReason.WORSENS), other)
    assert (explained.reason, explained.reason_by) == ("worsens", f"person:{other}")
    with pytest.raises(Conflict):
        await missions.done(lambda act: explain_passage(act, passage.id, GateReason.OTHER))
    with pytest.raises(Invalid) as wrong:
        await missions.done(lambda act: tick(act, made, BASE, "right_hand_spo2"))
    assert wrong.value.code == "ecmo_check.item"
    assert "right_hand_spo2" in items_of(PATIENT, Mode.VA)
    assert "right_hand_spo2" not in items_of(PATIENT, Mode.VV)
    assert len(items_of(PATIENT, Mode.VV)) == 20
    told = await lines(missions.centre, "ecmo.gate")
    assert [one["type"] for one in told] == ["ecmo.gate_passed", "ecmo.gate_explained"]


async def test_oxygen_and_power_are_ticked_only_while_they_are_known_to_reach(missions: Missions) -> None:
    made = await missions.mission()

    async def gas() -> Gas:
        async with missions.database.read() as session:
            now = missions.centre.clock.now()
            row = await missions.row(made)
            return await gas_of(session, row, now, await expected_of(session, row, now))

    assert (await gas()).oxygen is None
    for item in ("oxygen_go", "power_go"):
        with pytest.raises(Refused, match="not known"):
            await missions.done(lambda act, one=item: tick(act, made, BASE, one))
    with pytest.raises(Invalid, match="not booked"):
        await missions.done(lambda act: read_pressure(act, made, missions.kit["cylinder-1"], 150, is_open=True))
    for code in ("cylinder-1", "cylinder-2", "cylinder-3", "battery-1"):
        await missions.done(lambda act, one=missions.kit[code]: book_kit(act, made, one))
    await missions.done(lambda act: tell_demand(act, made, Demand(1, 0, 0, 0.21)))
    first = await gas()
    assert first.oxygen is not None
    assert (first.oxygen.go, first.oxygen.readings) == (Go.NO_GO, (Reading.UNREAD,) * 3)
    for code in ("cylinder-1", "cylinder-2", "cylinder-3"):
        await missions.done(lambda act, one=missions.kit[code]: read_pressure(act, made, one, 150, is_open=True))
    # 460 minutes when all goes slowly, twice, at 1 L/min: 920 L of 2,470 without the largest.
    full = await gas()
    assert full.oxygen is not None
    assert (full.oxygen_go, full.minutes, full.oxygen.required_l) == (True, 460, 920)
    await missions.done(lambda act: tick(act, made, BASE, "oxygen_go"))
    missions.later(16)
    assert (await gas()).oxygen.readings == (Reading.STALE,) * 3  # type: ignore[union-attr]
    await missions.done(lambda act: read_pressure(act, made, missions.kit["cylinder-1"], 150, is_open=False))
    await missions.done(lambda act: read_pressure(act, made, missions.kit["cylinder-2"], 60, is_open=True))
    assert not (await gas()).oxygen_go
    battery = missions.kit["battery-1"]
    tried = {"health": 0.9, "load_w": 180.0, "temperature_c": -6.0}
    await missions.done(lambda act: try_battery(act, made, battery, **tried, changeover=False))
    assert not (await gas()).power_go
    await missions.done(lambda act: try_battery(act, made, battery, **tried, changeover=True))
    assert (await gas()).power_go
    await missions.done(lambda act: tick(act, made, BASE, "power_go"))


async def test_the_vehicle_is_one_incident_of_the_core_that_no_other_call_takes_silently(missions: Missions) -> None:
    made, unit = await missions.mission(), missions.centre.units[0]
    row = await missions.done(lambda act: ask_vehicle(act, made, unit))
    async with missions.database.read() as session:
        incident = await session.get(Incident, row.incident_id)
        assignment = await find_active(session, unit)
        assert incident is not None
        assert assignment is not None
        assert (incident.priority, incident.complaint, assignment.incident_id) == ("P1", "K35", incident.id)
        assert assignment.clear_at == missions.centre.clock.now() + timedelta(seconds=BY_ROAD.marks[PlanMark.BED].slow)
        assert await session.scalar(select(func.count()).select_from(Incident)) == 1
    with pytest.raises(Conflict) as again:
        await missions.done(lambda act: ask_vehicle(act, made, missions.centre.units[1]))
    assert again.value.code == "ecmo_mission.vehicle"


async def test_a_bed_is_asked_for_acknowledged_and_lost_and_all_is_given_back_at_the_end(missions: Missions) -> None:
    made = await missions.mission()
    await missions.done(lambda act: book_kit(act, made, missions.kit["console-1"]))
    bed = await missions.done(lambda act: ask_promise(act, made, Promise.BED, bed=BedKind.ICU))
    assert bed.acknowledged_at is None
    doctor = missions.people[0]
    bed = await missions.done(lambda act: settle_promise(act, bed.id, holds=True), doctor)
    assert bed.acknowledged_by == f"person:{doctor}"
    await missions.done(lambda act: settle_promise(act, bed.id, holds=False))
    with pytest.raises(NotFound):
        await missions.done(lambda act: settle_promise(act, bed.id, holds=True))
    consent = await missions.done(lambda act: ask_promise(act, made, Promise.CONSENT, consent=Consent.RELATIVES))
    assert consent.acknowledged_at is not None
    with pytest.raises(Invalid):
        await missions.done(lambda act: ask_promise(act, made, Promise.CONSENT))
    await missions.done(lambda act: advance(act, made, MissionState.STOOD_DOWN))
    async with missions.database.read() as session:
        assert await list_promises(session, made) == []
        assert all(one.until_at is not None for one in await list_bookings(session, made))


async def test_a_plan_is_timed_by_the_steps_that_truly_were(missions: Missions) -> None:
    made = await missions.mission()
    missions.later(45)
    await missions.done(lambda act: advance(act, made, MissionState.OUTBOUND))
    async with missions.database.read() as session:
        row, now = await missions.row(made), missions.centre.clock.now()
        told = {one.mark: one for one in await expected_of(session, row, now)}
        driving = {one.mark: one for one in await expected_of(session, row, now, Times(6_000, 7_000))}
    assert told[PlanMark.WHEELS].happened == now
    assert {one.late_s for one in told.values()} == {15 * 60.0}
    assert driving[PlanMark.AT_PATIENT].likely == now + timedelta(seconds=6_000)
