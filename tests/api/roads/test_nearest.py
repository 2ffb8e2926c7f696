from __future__ import annotations

import pytest
from factories.service import Service

pytestmark = pytest.mark.database


async def test_own_vehicles_come_in_order_of_road_time_with_their_names(service: Service) -> None:
    answer = await service.client.get(f"/api/nearest?{service.query('B')}&k=2")
    assert answer.status_code == 200
    told = answer.json()
    assert [item["call_sign"] for item in told["results"]] == ["阿-01", "师-07"]
    first, second = told["results"]
    assert first["system"] == "civil"
    assert second["system"] == "corps"
    assert 0 < first["eta_s"] < second["eta_s"]
    assert first["distance_m"] == pytest.approx(300, abs=2)
    assert {item["source"] for item in told["results"]} == {"road"}
    assert told["roads"] == {"region": "drawn", "schematic": True, "network_version": 1, "overlay_version": 0}


async def test_a_vehicle_without_a_road_ranks_behind_as_an_estimate(service: Service) -> None:
    told = (await service.client.get(f"/api/nearest?{service.query('B')}&k=3")).json()
    assert [item["call_sign"] for item in told["results"]] == ["阿-01", "师-07", "岛-09"]
    last = told["results"][-1]
    assert last["source"] == "estimate"
    assert "unreachable_by_road" in last["reasons"]
    assert not last["pinned"]


async def test_an_estimate_nearer_in_a_straight_line_is_pinned(service: Service) -> None:
    body = {
        "target": service.at("Y"),
        "k": 1,
        "units": [{"id": "road", **service.at("X")}, {"id": "far", **service.at("A")}],
    }
    told = (await service.client.post("/api/nearest", json=body)).json()
    assert [(item["id"], item["pinned"]) for item in told["results"]] == [("road", False)]
    body = {
        "target": service.at("L"),
        "k": 1,
        "units": [{"id": "a", **service.at("A")}, {"id": "x", **service.at("X")}],
    }
    told = (await service.client.post("/api/nearest", json=body)).json()
    assert [(item["id"], item["pinned"], item["source"]) for item in told["results"]] == [
        ("a", False, "road"),
        ("x", True, "estimate"),
    ]


async def test_vehicles_of_the_body_keep_their_ids_even_when_two_are_alike(service: Service) -> None:
    units = [{"id": "同", **service.at("D")}, {"id": "同", **service.at("A")}]
    told = (await service.client.post("/api/nearest", json={"target": service.at("A"), "units": units})).json()
    assert [(item["id"], item["lat"]) for item in told["results"]] == [
        ("同", service.at("A")["lat"]),
        ("同", service.at("D")["lat"]),
    ]
    assert told["results"][0]["call_sign"] is None


async def test_a_closure_counts_for_the_very_next_question(service: Service) -> None:
    before = (await service.client.get(f"/api/nearest?{service.query('B')}&k=1")).json()["results"][0]
    made = await service.client.post(
        "/api/closures", json={"reason": "洪水", "author": "值班长", "ways": [service.map.way_ids["ABCD"]]}
    )
    assert made.status_code == 201
    after = (await service.client.get(f"/api/nearest?{service.query('F')}&k=1")).json()
    assert after["roads"]["overlay_version"] == 1
    closed = (await service.client.get(f"/api/nearest?{service.query('B')}&k=1")).json()["results"][0]
    assert closed["eta_s"] > before["eta_s"] or closed["reasons"]
    body = {"target": service.at("B"), "k": 1, "without_closures": True}
    free = (await service.client.post("/api/nearest", json=body)).json()["results"][0]
    assert free["eta_s"] == before["eta_s"]


async def test_no_vehicles_at_all_is_an_empty_answer_that_says_so(service: Service) -> None:
    told = (await service.client.post("/api/nearest", json={"target": service.at("A"), "units": []})).json()
    assert told["results"] == []
    assert told["warnings"] == ["There are no vehicles to compare."]


async def test_swapped_coordinates_are_refused_with_the_reading_that_fits(service: Service) -> None:
    point = service.at("B")
    answer = await service.client.get(f"/api/nearest?lat={point['lon']}&lon={point['lat']}")
    assert answer.status_code == 422
    assert answer.json()["code"] == "place.coordinates"
    assert "swapped" in answer.json()["hint"]


async def test_a_swapped_vehicle_is_warned_about(service: Service) -> None:
    point = service.at("B")
    units = [{"id": "ok", **point}, {"id": "turned", "lat": point["lon"], "lon": point["lat"]}]
    told = (await service.client.post("/api/nearest", json={"target": point, "k": 1, "units": units})).json()
    assert told["results"][0]["id"] == "ok"
    assert any("turned" in warning and "swapped" in warning for warning in told["warnings"])


async def test_gcj02_input_is_converted(service: Service) -> None:
    plain = (await service.client.get(f"/api/nearest?{service.query('B')}&k=1")).json()
    shifted = (await service.client.get(f"/api/nearest?{service.query('B')}&k=1&datum=gcj02")).json()
    assert shifted["target"]["lat"] != plain["target"]["lat"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "body"),
        ({"target": {"lat": "41", "lon": 80}}, "target.lat"),
        ({"target": {"lat": 41, "lon": 80}, "k": 0}, "k"),
        ({"target": {"lat": 41, "lon": 80}, "k": 101}, "k"),
        ({"target": {"lat": 41, "lon": 80}, "units": [{"id": "a", "lat": 41}]}, "units[0]"),
        ({"target": {"lat": 41, "lon": 80}, "units": [{"id": "a", "lat": 91.0, "lon": 80}]}, "units[0]"),
        ({"target": {"lat": 41, "lon": 80}, "units": [{"id": "a", "lat": 41, "lon": 80}] * 5001}, "units"),
        ({"target": {"lat": 41, "lon": 80}, "at": "2026-11-22T10:00:00"}, "at"),
        ({"target": {"lat": 41, "lon": 80}, "at": "2026-11-22T10:00:00Z", "hour": 3}, "hour"),
        ({"target": {"lat": 41, "lon": 80}, "speed": 3}, "body"),
    ],
)
async def test_a_wrong_body_is_told_by_its_field(service: Service, body: dict[str, object], path: str) -> None:
    answer = await service.client.post("/api/nearest", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [item["path"] for item in answer.json()["errors"]] == [path]
