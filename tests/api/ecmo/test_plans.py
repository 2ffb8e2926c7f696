"""Plans over HTTP, on real roads: compared, with what they take; weather and turn-downs told for every desk."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from factories.desk import made, refused
from factories.fleet import CONTEXT
from factories.on_duty import OnDuty
from factories.people import CIVIL, CORPS, make_person
from factories.service import REGION

from dispatch.accounts.states import Role
from dispatch.ecmo.queries_plans import list_holds
from dispatch.ecmo.rules_air import AIRPORTS
from dispatch.hospitals.service import import_hospitals
from dispatch.kernel.tabular import read_table

pytestmark = pytest.mark.database
HOSPITALS = {
    "centre": ("A", CIVIL, "地方", "三级", "emergency;ecmo;icu"),
    "half": ("F", CIVIL, "地方", "二级", "emergency"),
    "county": ("L", CORPS, "兵团", "二级", "emergency"),
}


async def hospitals(duty: OnDuty) -> dict[str, str]:
    at = duty.service.map.points
    rows = "".join(
        f"{code},示例医院{code},{owner},{system},{at[letter].lat},{at[letter].lon},{level},{able}\n"
        for code, (letter, owner, system, level, able) in HOSPITALS.items()
    )
    head = "id,name_zh,organisation,system,lat,lon,level,capabilities\n"
    async with duty.service.parts.database.write() as session:
        table = read_table((head + rows).encode())
        report = await import_hospitals(session, duty.clock, CONTEXT, REGION, table, replace=True)
        assert report.ok, report.errors
    return {one["id"]: one["key"] for one in made(await duty.client.get("/api/hospitals"))["hospitals"]}


async def coordinator(duty: OnDuty) -> httpx.AsyncClient:
    async with duty.service.parts.database.write() as session:
        await make_person(session, duty.clock, "ecmo", Role.ECMO_COORDINATOR, organisation=CIVIL)
    return await duty.service.logged_in("ecmo")


async def compared(duty: OnDuty, keys: dict[str, str], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - a query
    query = {"centre": keys["centre"], "origin": keys["county"], **more}
    return made(await duty.client.get("/api/ecmo/plans", params=query))


async def test_plans_are_compared_with_what_they_take_and_only_who_is_fit_is_moved(duty: OnDuty) -> None:
    keys = await hospitals(duty)
    told = await compared(duty, keys)
    kinds = {one["kind"]: one for one in told["plans"]}
    assert set(kinds) == {"road", "bring"}
    # Nobody here carries circuits, and nobody said that the patient may be moved.
    assert kinds["road"]["hindrances"] == ["no_vehicle"]
    assert kinds["bring"]["hindrances"] == ["not_fit_to_move"]
    assert not any(one["recommended"] for one in told["plans"])
    legs = [leg for leg in kinds["road"]["legs"] if leg["kind"] in ("drive", "carry")]
    assert [(leg["start"], leg["goal"], leg["known"]) for leg in legs] == [
        (keys["centre"], keys["county"], "road"), (keys["county"], keys["centre"], "road")
    ]  # fmt: skip
    assert kinds["road"]["to_circuit"]["likely_s"] > 30 * 60 + legs[0]["distance_m"] / 40
    fit = await compared(duty, keys, fit_to_move=True, mode="ecpr")
    assert (fit["plans"][0]["kind"], fit["plans"][0]["recommended"]) == ("bring", True)
    refused(await duty.client.get("/api/ecmo/plans", params={"centre": keys["centre"]}), 422, "request.invalid")


async def test_weather_and_turn_downs_are_told_by_a_coordinator_for_every_desk(duty: OnDuty) -> None:
    client = await coordinator(duty)
    body = {"phenomenon": "dust", "visibility_m": 1500, "wind_mps": 9}
    assert (await duty.client.post("/api/ecmo/weather/AKU", json=body)).status_code == 403
    made(await client.post("/api/ecmo/weather/AKU", json=body))
    said = {"answer": "turned_down", "reason": "weather"}
    made(await client.post("/api/ecmo/aircraft/example-fixed-1/answers", json=said))
    sky = made(await duty.client.get("/api/ecmo/sky"))
    assert [(one["place"], one["visibility_m"], one["cloud_m"], one["old"]) for one in sky["weather"]] == [
        ("AKU", 1500.0, None, False)
    ]
    assert [(one["aircraft"], one["answer"], one["reason"]) for one in sky["answers"]] == [
        ("example-fixed-1", "turned_down", "weather")
    ]
    made(await client.post("/api/ecmo/aircraft/example-fixed-1/answers", json={"answer": "accepted"}))
    duty.later(3_601)
    client = await duty.service.logged_in("ecmo")
    sky = made(await client.get("/api/ecmo/sky"))
    assert [one["old"] for one in sky["weather"]] == [True]
    assert [one["answer"] for one in sky["answers"]] == ["accepted"]
    for path, wrong, status, code in (
        ("weather/XXX", body, 404, "weather.place"),
        ("aircraft/nobody/answers", said, 404, "aircraft.not_found"),
        ("aircraft/example-fixed-1/answers", {"answer": "turned_down"}, 422, "aircraft.reason"),
    ):
        answered = await client.post(f"/api/ecmo/{path}", json=wrong)
        assert (answered.status_code, answered.json()["code"]) == (status, code)
    assert len(await duty.lines("ecmo.flight_answered")) == 2


async def test_an_airport_kept_open_at_night_is_there_for_every_desk_with_name_and_time(duty: OnDuty) -> None:
    client = await coordinator(duty)
    shut = next(one for one in made(await client.get("/api/ecmo/sky"))["airports"] if not one["night"])
    open_, path = next(one for one in AIRPORTS.values() if one.night), f"/api/ecmo/airports/{shut['code']}/hold"
    assert shut["hold"] is None

    async def held() -> dict[str, Any] | None:
        airports = made(await duty.client.get("/api/ecmo/sky"))["airports"]
        found: dict[str, Any] | None = next(one["hold"] for one in airports if one["code"] == shut["code"])
        return found

    refused(await duty.client.post(path, json={"held": True}), 403, "permission.refused")
    for _ in range(2):
        made(await client.post(path, json={"held": True}))
    told = await held()
    assert told is not None
    assert (told["name"], told["until"]) == ("示例 ecmo", "2026-11-22T16:00:00Z")
    # Flights are judged by what is kept, whoever asks.
    parts = duty.service.parts
    async with parts.database.read() as session:
        assert set(await list_holds(session, REGION, parts.clock.now())) == {shut["code"]}
    made(await client.post(path, json={"held": False}))
    assert await held() is None
    made(await client.post(path, json={"held": True}))
    duty.later(12 * 3_600)
    async with parts.database.read() as session:
        assert await list_holds(session, REGION, parts.clock.now()) == {}
    lines = await duty.lines("ecmo.airport_held")
    assert [(one["airport"], one["held"]) for one in lines] == [(shut["code"], one) for one in (True, False, True)]
    client = await duty.service.logged_in("ecmo")
    for code, status, why in (("XXX", 404, "airport.not_found"), (open_.code, 422, "airport.night")):
        refused(await client.post(f"/api/ecmo/airports/{code}/hold", json={"held": True}), status, why)
