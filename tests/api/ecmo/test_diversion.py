"""Over HTTP: hospitals ranked from where the vehicle is, one chosen by name; the vehicle and both hospitals follow."""

from __future__ import annotations

from uuid import UUID

import pytest
from factories.desk import made, refused
from factories.fleet import CONTEXT, table
from factories.missions import begin_mission
from factories.on_duty import OnDuty
from factories.people import CIVIL, CORPS, make_person
from factories.service import REGION
from sqlalchemy import select

from dispatch.accounts.states import Role
from dispatch.ecmo.service_journey import advance, ask_vehicle
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.hospitals.service import import_hospitals
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Context, system
from dispatch.units.states import Special, UnitType
from dispatch.units.tables import Unit

pytestmark = pytest.mark.database


async def hospitals(duty: OnDuty) -> dict[str, UUID]:
    rows = [
        {
            "id": code, "name_zh": f"示例 {code}", "organisation": owner, "system": system_, "capabilities": able,
            "lat": str(at.lat), "lon": str(at.lon),
        }
        for code, owner, system_, able, at in (
            ("centre", CORPS, "兵团", "emergency;ecmo;icu", duty.service.map.points["L"]),
            ("near", CIVIL, "地方", "emergency;icu", duty.service.map.points["A"]),
        )
    ]  # fmt: skip
    async with duty.service.parts.database.write() as session:
        report = await import_hospitals(session, duty.clock, CONTEXT, REGION, table(*rows))
        assert report.ok, report.errors
        return {row.code: row.id for row in await session.scalars(select(Hospital))}


async def test_a_running_mission_goes_to_another_hospital_by_name_and_everybody_is_told(duty: OnDuty) -> None:
    keys, unit = await hospitals(duty), duty.units["阿-01"]
    door = duty.service.app.state.doorkeeper
    async with duty.service.parts.database.write() as session:
        await make_person(session, duty.clock, "ecmo", Role.ECMO_COORDINATOR, organisation=CORPS)
        act = Act(session, duty.clock, Context.begin(duty.clock, system("tests")), door.digester, REGION)
        mission = await begin_mission(act, keys["near"], keys["centre"])
        row = await ask_vehicle(act, mission, unit)
        for state in ("outbound", "at_patient", "cannulating", "on_circuit", "returning"):
            await advance(act, mission, MissionState(state))
        patient = row.patient_id
    client = await duty.service.logged_in("ecmo")
    path = f"/api/ecmo/missions/{mission}"
    told = made(await client.get(f"{path}/diversions"))
    # Nothing demands it, and nobody has heard from the vehicle: no road time is made up.
    assert (told["demands"], told["proposed_id"], told["position_at"]) == ([], None, None)
    assert {one["seconds"] for one in told["hospitals"]} == {None}
    at = duty.service.map.points["A"]
    await duty.post(f"fleet/{unit}/position", lat=at.lat, lon=at.lon)
    made(await client.post(f"{path}/adverse", json={"id": str(UUID(int=5)), "item": "bleeding", "severity": 1}))
    told = made(await client.get(f"{path}/diversions"))
    assert (told["demands"], told["is_old"], told["needs_sign_off"]) == (["adverse"], False, True)
    near = next(one for one in told["hospitals"] if one["hospital_id"] == str(keys["near"]))
    assert (near["seconds"], near["is_current"], near["remarks"]) == (0.0, False, ["no_ecmo", "bed_unknown"])

    body = {"to_hospital_id": str(keys["near"]), "reason": "worsens", "version": 1}
    refused(await client.post(f"{path}/diversion", json=body), 409, "ecmo_mission.outdated")
    gone = made(await client.post(f"{path}/diversion", json=body | {"version": None}))
    assert gone["mission"]["to_hospital_id"] == str(keys["near"])
    (kept,) = gone["diversions"]
    assert (kept["reason"], gone["names"][kept["actor"]]) == ("worsens", "示例 ecmo")
    assert [(one["what"], one["acknowledged_at"]) for one in gone["promises"]] == [("bed", None)]
    # The vehicle has its new destination, and the hospital a patient who is on the way.
    (run,) = await duty.lines("destination.chosen")
    assert (run["hospital_id"], run["patient_id"], run["unit_id"]) == (str(keys["near"]), str(patient), str(unit))
    (line,) = await duty.lines("ecmo.mission_diverted")
    assert set(line["concerned"]) >= {CIVIL, CORPS}


async def test_every_desk_of_a_mission_sees_what_could_take_over_until_another_vehicle_is_asked_for(
    duty: OnDuty,
) -> None:
    keys, unit = await hospitals(duty), duty.units["阿-01"]
    door = duty.service.app.state.doorkeeper
    async with duty.service.parts.database.write() as session:
        for name, role in (("ecmo", Role.ECMO_COORDINATOR), ("physician", Role.ECMO_PHYSICIAN)):
            await make_person(session, duty.clock, name, role, organisation=CORPS)
        act = Act(session, duty.clock, Context.begin(duty.clock, system("tests")), door.digester, REGION)
        mission = await begin_mission(act, keys["near"], keys["centre"])
        await ask_vehicle(act, mission, unit)
        built = await session.get_one(Unit, duty.units["师-07"])
        built.type, built.special = UnitType.SPECIAL, Special.ECMO
        for state in ("outbound", "at_patient", "cannulating", "on_circuit", "returning"):
            await advance(act, mission, MissionState(state))
    path, at = f"/api/ecmo/missions/{mission}", duty.service.map.points["A"]
    coordinator, physician = await duty.service.logged_in("ecmo"), await duty.service.logged_in("physician")
    await duty.post(f"fleet/{unit}/position", lat=at.lat, lon=at.lon)
    refused(await physician.get(f"{path}/reliefs"), 409, "ecmo_mission.vehicle")
    stood = made(await coordinator.post(f"{path}/breakdown", json={"event_id": str(UUID(int=7))}))
    duty.later(60)
    seen = made(await physician.get(f"{path}/reliefs"))
    assert (seen["broken_unit_id"], seen["police_at"]) == (str(unit), stood["police_at"])
    assert stood["police_at"] is not None
    assert seen["gas"] == stood["gas"]
    # Other hospitals are looked for from where it stands.
    told = made(await physician.get(f"{path}/diversions"))
    assert (told["demands"], next(one["seconds"] for one in told["hospitals"] if not one["is_current"])) == (
        ["adverse", "vehicle"], 0.0
    )  # fmt: skip
    # Until somebody is asked, the way is told by who could take over the soonest.
    assert await duty.service.app.state.deadlines.look()
    async with duty.service.parts.database.read() as session:
        row = await session.get_one(EcmoMission, mission)
    comes_s = min(one["seconds"] for one in made(await physician.get(f"{path}/reliefs"))["vehicles"])
    drives_s = next(one["seconds"] for one in told["hospitals"] if one["is_current"])
    assert row.drive_s == pytest.approx(comes_s + 600.0 + drives_s, abs=1.0)
    made(await coordinator.post(f"{path}/vehicle", json={"unit_id": str(duty.units["阿-02"])}))
    refused(await physician.get(f"{path}/reliefs"), 409, "ecmo_mission.vehicle")
