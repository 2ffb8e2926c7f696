"""Who is on a circuit under way, on a real PostgreSQL: until when, by which limits, and who sets them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from factories.missions import Missions, make_missions

from dispatch.clinical.rules_circuit import CircuitSetting
from dispatch.ecmo.queries_missions import list_bookings
from dispatch.ecmo.service_drive import Drive, keep_drive
from dispatch.ecmo.service_gas import expected_of
from dispatch.ecmo.service_journey import advance, ask_vehicle, say_fit_to_move
from dispatch.ecmo.service_kit import book_person, give_back
from dispatch.ecmo.service_running import keep_up, list_running
from dispatch.ecmo.service_way import set_limits
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_kit import TeamRole
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanMark
from dispatch.ecmo.tables_kit import EcmoBooking
from dispatch.incidents.service import Act
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Refused
from dispatch.telemetry.detection.queries import Seat, list_open
from dispatch.telemetry.detection.queries_circuits import list_settings
from dispatch.telemetry.detection.queries_patients import score_of
from dispatch.telemetry.detection.service_typed import judge_typed
from dispatch.telemetry.detection.states import Side
from geo.points import GeoPoint

pytestmark = pytest.mark.database
SEAT: Seat = (Side.DISPATCH, "示例医院")


@pytest.fixture
async def missions(database: Database) -> Missions:
    return await make_missions(database)


async def test_until_when_a_circuit_is_needed_is_kept_as_things_stand_and_ends_with_the_mission(
    missions: Missions,
) -> None:
    made, unit = await missions.mission(Mode.VA), missions.centre.units[0]
    row = await missions.done(lambda act: ask_vehicle(act, made, unit))
    key = row.patient_id
    assert key is not None

    async def setting() -> CircuitSetting | None:
        async with missions.database.read() as session:
            return (await list_settings(session, [key])).get(key)

    async def bed() -> datetime:
        now = missions.centre.clock.now()
        async with missions.database.read() as session:
            expected = await expected_of(session, await missions.row(made), now)
        return next(one.slow for one in expected if one.mark is PlanMark.BED)

    for state in (MissionState.OUTBOUND, MissionState.AT_PATIENT, MissionState.CANNULATING):
        await missions.done(lambda act, one=state: advance(act, made, one))
    async with missions.database.read() as session:
        assert await list_running(session, "aksu") == []
    assert await setting() is None
    await missions.done(lambda act: advance(act, made, MissionState.ON_CIRCUIT))
    known = await setting()
    assert known == CircuitSetting("va", on_circuit=True, needed_until=await bed())
    async with missions.database.read() as session:
        assert await list_running(session, "aksu") == [made]
    # Limits that somebody sets by name leave that as it is.
    await missions.done(lambda act: set_limits(act, made, CircuitSetting(flow_set=4.0), by_office=True))
    await missions.done(lambda act: advance(act, made, MissionState.RETURNING))
    # The road is closed: the bed is three hours later, and the battery has to last as much longer.
    here = GeoPoint(41.0, 80.0)
    before = await bed()
    await missions.done(lambda act: keep_drive(act, Drive(made, MissionState.RETURNING, here, here), 20_000.0))
    await missions.done(lambda act: keep_up(act, made))
    known = await setting()
    assert known is not None
    assert (known.on_circuit, known.flow_set, known.needed_until) == (True, 4.0, await bed())
    assert await bed() > before + timedelta(hours=1)
    for state in (MissionState.ARRIVED, MissionState.HANDED_OVER):
        await missions.done(lambda act, one=state: advance(act, made, one))
    known = await setting()
    assert known is not None
    assert (known.on_circuit, known.needed_until) == (False, None)


async def test_who_is_brought_uncannulated_is_on_no_circuit(missions: Missions) -> None:
    made, unit = await missions.mission(), missions.centre.units[0]
    row = await missions.done(lambda act: ask_vehicle(act, made, unit))
    await missions.done(lambda act: say_fit_to_move(act, made))
    for state in (MissionState.AT_PATIENT, MissionState.RETURNING):
        await missions.done(lambda act, one=state: advance(act, made, one))
    await missions.done(lambda act: keep_up(act, made))
    async with missions.database.read() as session:
        (setting,) = (await list_settings(session, [row.patient_id] if row.patient_id else [])).values()
    assert (setting.on_circuit, setting.needed_until) == (False, None)


async def test_on_a_vv_circuit_typed_saturations_and_the_score_go_by_the_limits_of_the_transfer(
    missions: Missions,
) -> None:
    made, unit = await missions.mission(Mode.VV), missions.centre.units[0]
    row = await missions.done(lambda act: ask_vehicle(act, made, unit))
    key = row.patient_id
    assert key is not None

    async def grow(act: Act) -> None:
        (await act.session.get_one(Patient, key)).age_years = 46

    async def typed(spo2: float) -> set[str]:
        now = missions.centre.clock.now()
        await missions.done(lambda act: judge_typed(act, key, {"spo2": spo2}, now, unit))
        async with missions.database.read() as session:
            return {one.code for one in await list_open(session, "aksu", [SEAT])}

    async def left_out() -> frozenset[str]:
        async with missions.database.read() as session:
            patient = await session.get_one(Patient, key)
            return (await score_of(session, "aksu", patient, missions.centre.clock.now())).left_out

    await missions.done(grow)
    assert await left_out() == frozenset()
    for state in (MissionState.OUTBOUND, MissionState.AT_PATIENT, MissionState.CANNULATING, MissionState.ON_CIRCUIT):
        await missions.done(lambda act, one=state: advance(act, made, one))
    assert await left_out() == {"spo2"}
    assert await typed(82.0) == set()
    assert await typed(78.0) == {"typed.spo2_low"}
    await missions.done(lambda act: advance(act, made, MissionState.HANDED_OVER))
    assert await left_out() == frozenset()
    assert await typed(82.0) == {"typed.spo2_low", "typed.spo2_very_low"}


async def test_limits_of_a_circuit_are_set_in_office_or_by_the_missions_lead_alone(missions: Missions) -> None:
    made, unit, (lead, other) = await missions.mission(Mode.VA), missions.centre.units[0], missions.people[:2]
    await missions.done(lambda act: ask_vehicle(act, made, unit))
    setting = CircuitSetting(flow_set=3.6)
    await missions.done(lambda act: book_person(act, made, lead, TeamRole.LEAD))
    await missions.done(lambda act: book_person(act, made, other, TeamRole.NURSE))
    with pytest.raises(Refused) as refused:
        await missions.done(lambda act: set_limits(act, made, setting, by_office=False), other)
    assert refused.value.code == "ecmo_circuit.not_lead"
    await missions.done(lambda act: set_limits(act, made, setting, by_office=False), lead)
    # Who was relieved leads no more.
    (booking,) = (one for one in await bookings(missions, made) if one.person_id == lead)
    await missions.done(lambda act: give_back(act, booking.id))
    with pytest.raises(Refused):
        await missions.done(lambda act: set_limits(act, made, setting, by_office=False), lead)


async def bookings(missions: Missions, mission_id: UUID) -> Sequence[EcmoBooking]:
    async with missions.database.read() as session:
        return await list_bookings(session, mission_id)
