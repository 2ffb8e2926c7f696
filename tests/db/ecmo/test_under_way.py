"""Missions under way on a real PostgreSQL: what the circuit is judged by, and whose record the vehicle carries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.missions import Missions, make_missions

from dispatch.clinical.rules_circuit import CircuitSetting, Ends
from dispatch.ecmo.service_journey import advance, ask_vehicle, say_fit_to_move
from dispatch.ecmo.service_way import set_limits, tell_unplugging
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_missions import MissionState
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Invalid, Refused
from dispatch.telemetry.detection.queries_circuits import list_settings
from dispatch.telemetry.detection.queries_patients import list_places

pytestmark = pytest.mark.database


@pytest.fixture
async def missions(database: Database) -> Missions:
    return await make_missions(database)


async def test_a_circuit_is_judged_by_what_was_set_by_name_and_unplugging_is_expected(missions: Missions) -> None:
    made, unit = await missions.mission(Mode.VA), missions.centre.units[0]
    with pytest.raises(Refused) as refused:
        await missions.done(lambda act: tell_unplugging(act, made))
    assert refused.value.code == "ecmo_mission.no_patient"
    row = await missions.done(lambda act: ask_vehicle(act, made, unit))
    assert row.patient_id is not None
    key = row.patient_id
    limits = {"ecmo_flow": (Ends(None, None), Ends(1.8, None))}
    await missions.done(lambda act: set_limits(act, made, CircuitSetting(flow_set=3.1, sweep_set=4.0, limits=limits)))
    none = CircuitSetting(limits={"ecmo_flow": (Ends(None, None), Ends(None, None))})
    with pytest.raises(Invalid):
        await missions.done(lambda act: set_limits(act, made, none))
    await missions.done(lambda act: tell_unplugging(act, made))
    now = missions.centre.clock.now()
    async with missions.database.read() as session:
        patient = await session.get_one(Patient, key)
        assert (patient.incident_id, patient.sex) == (row.incident_id, "male")
        (setting,) = (await list_settings(session, [key])).values()
        assert setting == CircuitSetting("va", 3.1, 4.0, limits, now + timedelta(seconds=300))
        assert (await list_places(session, [unit], now)).lying == {}


async def test_who_leaves_with_the_patient_is_expected_to_unplug(missions: Missions) -> None:
    made, unit = await missions.mission(), missions.centre.units[0]
    row = await missions.done(lambda act: ask_vehicle(act, made, unit))
    await missions.done(lambda act: say_fit_to_move(act, made))
    for state in (MissionState.AT_PATIENT, MissionState.RETURNING):
        await missions.done(lambda act, one=state: advance(act, made, one))
    async with missions.database.read() as session:
        (setting,) = (await list_settings(session, [row.patient_id] if row.patient_id else [])).values()
    # Nothing was measured: nothing is set of it.
    assert (setting.mode, setting.flow_set, setting.sweep_set) == ("vv", None, None)
    assert setting.unplugged_until == missions.centre.clock.now() + timedelta(seconds=300)
