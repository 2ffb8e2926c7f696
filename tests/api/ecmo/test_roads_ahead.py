"""Over HTTP: a road is closed ahead of a mission under way. Its times follow; where no way is left, that is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from factories.desk import made
from factories.fleet import CONTEXT, table
from factories.missions import begin_mission
from factories.on_duty import OnDuty
from factories.people import CIVIL, CORPS, make_person
from factories.service import REGION
from sqlalchemy import select

from api.deadlines import DRIVEN_EVERY
from dispatch.accounts.states import Role
from dispatch.ecmo.service_journey import advance, ask_vehicle
from dispatch.ecmo.states_missions import MissionState
from dispatch.hospitals.service import import_hospitals
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Context, system

pytestmark = pytest.mark.database


def instant(told: str) -> datetime:
    return datetime.fromisoformat(told)


async def on_the_way(duty: OnDuty) -> UUID:
    """A mission without a plan, whose vehicle has left A with the patient, for the hospital at L."""
    at = duty.service.map.points
    rows = [
        {
            "id": code, "name_zh": f"示例 {code}", "organisation": owner, "system": system_,
            "capabilities": "emergency;ecmo;icu", "lat": str(at[letter].lat), "lon": str(at[letter].lon),
        }
        for code, owner, system_, letter in (("centre", CORPS, "兵团", "L"), ("near", CIVIL, "地方", "A"))
    ]  # fmt: skip
    door = duty.service.app.state.doorkeeper
    async with duty.service.parts.database.write() as session:
        assert (await import_hospitals(session, duty.clock, CONTEXT, REGION, table(*rows))).ok
        keys = {row.code: row.id for row in await session.scalars(select(Hospital))}
        await make_person(session, duty.clock, "ecmo", Role.ECMO_COORDINATOR, organisation=CORPS)
        act = Act(session, duty.clock, Context.begin(duty.clock, system("tests")), door.digester, REGION)
        mission = await begin_mission(act, keys["near"], keys["centre"])
        await ask_vehicle(act, mission, duty.units["阿-01"])
        for state in ("outbound", "at_patient", "cannulating", "on_circuit", "returning"):
            await advance(act, mission, MissionState(state))
    return mission


async def test_times_follow_a_road_that_closes_ahead_and_no_way_is_told_once(duty: OnDuty) -> None:
    mission, client = await on_the_way(duty), await duty.service.logged_in("ecmo")
    path, unit, here = f"/api/ecmo/missions/{mission}", duty.units["阿-01"], duty.service.at("A")

    async def looked() -> dict[str, Any]:
        duty.clock.advance(DRIVEN_EVERY)
        await duty.post(f"fleet/{unit}/position", **here)
        assert await duty.service.app.state.deadlines.look()
        told: dict[str, Any] = made(await client.get(path))
        return told

    def seconds(told: dict[str, Any]) -> float:
        (arrived, bed) = told["expected"]
        assert [one["mark"] for one in (arrived, bed)] == ["arrived", "bed"]
        assert (arrived["planned"], arrived["late_s"]) == (None, 0)
        # Nobody chose a plan: the road tells the arrival, and ten minutes at most are for unloading.
        assert told["gas"]["minutes"] == pytest.approx((instant(bed["slow"]) - duty.clock.now()).total_seconds() / 60)
        assert instant(bed["slow"]) - instant(arrived["slow"]) == timedelta(minutes=10)
        return (instant(arrived["likely"]) - duty.clock.now()).total_seconds()

    async def noted() -> list[str]:
        lines = await duty.lines("ecmo.mission_noted")
        return [line["what"] for line in lines if line["what"] in {"retimed", "no_way"}]

    free = seconds(await looked())
    assert (await noted()) == ["retimed"]
    sand = {"reason": "沙尘暴", "centre": duty.service.at("F"), "radius_m": 5_000, "speed_factor": 0.02}
    slow = made(await duty.client.post("/api/closures", json=sand))
    assert seconds(await looked()) > free + 300
    assert await noted() == ["retimed", "retimed"]
    # The flood cuts every way. What the road said before is told no more, and the demand for another hospital is.
    b, c, j = (duty.service.map.points[letter] for letter in "BCJ")
    west, east = b.lon + (c.lon - b.lon) * 0.4, b.lon + (c.lon - b.lon) * 0.6
    north, south = b.lat + 1e-4, j.lat - 1e-4
    ring = [[west, north], [east, north], [east, south], [west, south], [west, north]]
    flood = {"reason": "洪水", "polygon": {"type": "Polygon", "coordinates": [ring]}}
    closure = made(await duty.client.post("/api/closures", json=flood))
    cut = await looked()
    assert (cut["expected"], cut["gas"]["minutes"]) == ([], None)
    assert instant(cut["no_way_at"]) == duty.clock.now()
    assert "road" in made(await client.get(f"{path}/diversions"))["demands"]
    assert (await looked())["no_way_at"] == cut["no_way_at"]
    assert await noted() == ["retimed", "retimed", "no_way"]
    for one in (slow, closure):
        made(await duty.client.delete(f"/api/closures/{one['id']}"))
    again = await looked()
    assert (again["no_way_at"], seconds(again)) == (None, pytest.approx(free))
    assert await noted() == ["retimed", "retimed", "no_way", "retimed"]
