"""Recommendations over HTTP, on real roads: what is told of offers, of those not offered, and of ways."""

from __future__ import annotations

from uuid import UUID

import pytest
from factories.on_duty import OnDuty
from factories.people import CIVIL, CORPS

from dispatch.incidents.states_incidents import Priority

pytestmark = pytest.mark.database
NOBODY = UUID(int=7)


async def test_units_of_both_are_ranked_with_times_reasons_and_versions(duty: OnDuty) -> None:
    incident = await duty.incident("B", Priority.P1, needs="AB")
    await duty.say("阿-02", "out_of_service", reason="fault")
    answered = await duty.post(f"incidents/{incident}/recommendation", k=1)
    assert answered.status_code == 201, answered.text
    told = answered.json()
    assert answered.headers["location"] == f"/api/recommendations/{told['id']}"
    assert told["chosen"] == str(duty.units["阿-01"])
    assert [(one["call_sign"], one["rank"]) for one in told["offers"]] == [("阿-01", 1), ("师-07", 2)]
    first = told["offers"][0]
    assert first["low_s"] < first["eta_s"] < first["high_s"]
    assert first["eta_s"] == pytest.approx(first["mobilise_s"] + first["road_s"], abs=0.2)
    assert (first["road_m"] > 0, first["source"], first["can_go"], first["status_version"]) == (True, "road", True, 1)
    assert first["missing"] == [
        {
            "letter": "A",
            "part": "vehicle",
            "what": "A",
            "count": 1,
            "words": {"zh": "车辆不具备 A 能力", "en": "the vehicle is not built for A"},
        }
    ]
    assert {"mark": "missing", "words": {"zh": "能力不足", "en": "something needed is missing"}} in first["marks"]
    (out,) = told["not_offered"]
    assert (out["call_sign"], out["until"]) == ("阿-02", None)
    assert out["reasons"] == [{"reason": "out_of_service", "words": {"zh": "停用", "en": "out of service"}}]
    assert {one["organisation"]: len(one["offers"]) for one in told["alone"]} == {CIVIL: 1, CORPS: 2}
    assert told["offered"] == 3
    assert told["inputs"] | {"warnings": []} == {
        "priority": "P1",
        "capabilities": "BA",
        "place_version": 1,
        "requester": CIVIL,
        "units": 4,
        "policy": "by_time_1",
        "sharing_version": 0,
        "network_version": "1",
        "overlay_version": 0,
        "warnings": [],
    }
    whole = (await duty.client.get(f"/api/recommendations/{told['id']}")).json()
    assert (len(whole["offers"]), whole["chosen"], whole["at"]) == (3, told["chosen"], told["at"])


async def test_what_is_not_there_is_not_recommended(duty: OnDuty) -> None:
    told = [
        await duty.post(f"incidents/{NOBODY}/recommendation"),
        await duty.post(f"incidents/{await duty.incident()}/recommendation", k=0),
        await duty.client.get(f"/api/recommendations/{NOBODY}"),
        await duty.client.get(f"/api/recommendations/{NOBODY}/path?unit_id={NOBODY}"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in told] == [
        (404, "incident.not_found"),
        (422, "request.invalid"),
        (404, "recommendation.not_found"),
        (404, "recommendation.not_found"),
    ]
    driver = await duty.service.logged_in("crew-0-driver")
    assert (await driver.get(f"/api/recommendations/{NOBODY}")).status_code == 403


async def test_the_way_of_an_offer_is_drawn(duty: OnDuty) -> None:
    made = (await duty.post(f"incidents/{await duty.incident('H')}/recommendation")).json()
    unit = duty.units["师-07"]
    answered = await duty.client.get(f"/api/recommendations/{made['id']}/path?unit_id={unit}")
    told = answered.json()
    offer = next(one for one in made["offers"] if one["unit_id"] == str(unit))
    assert (told["eta_s"], told["goal"]) == (pytest.approx(offer["road_s"], abs=0.06), "scene")
    assert told["distance_m"] == pytest.approx(offer["road_m"], abs=0.01)
    line = told["geometry"]
    h = duty.service.map.points["H"]
    assert line["type"] == "LineString"
    assert line["coordinates"][-1] == pytest.approx([h.lon, h.lat], abs=1e-5)
    unknown = await duty.client.get(f"/api/recommendations/{made['id']}/path?unit_id={NOBODY}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unit.not_found")


async def test_where_no_road_leads_units_are_estimated_and_none_is_hidden(duty: OnDuty) -> None:
    made = (await duty.post(f"incidents/{await duty.incident('X')}/recommendation")).json()
    assert made["chosen"] is not None
    assert {one["source"] for one in made["offers"]} == {"estimate"}
    assert all("estimate" in [mark["mark"] for mark in one["marks"]] for one in made["offers"])
    path = await duty.client.get(f"/api/recommendations/{made['id']}/path?unit_id={made['chosen']}")
    assert (path.json()["geometry"], path.json()["eta_s"], path.json()["source"]) == (None, None, "unreachable")


async def test_a_whole_fleet_gone_silent_stays_dispatchable(duty: OnDuty) -> None:
    for name in duty.units:
        await duty.say(name, "returning_available")
        await duty.post(f"fleet/{duty.units[name]}/position", **duty.service.at("G"))
    duty.later(3_000)
    incident = await duty.incident("B", Priority.P1)
    made = (await duty.post(f"incidents/{incident}/recommendation")).json()
    assert made["offered"] == 4
    marks = [{mark["mark"]: mark["words"] for mark in one["marks"]} for one in made["offers"]]
    assert all(one["stale"]["zh"] == "位置过时·电台核实" for one in marks)
    assert all(one["high_s"] - one["eta_s"] >= 1_800 for one in made["offers"])
    sent = await duty.post(f"incidents/{incident}/assignments", unit_id=made["chosen"], recommendation_id=made["id"])
    assert sent.status_code == 201
