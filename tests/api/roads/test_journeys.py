from __future__ import annotations

import pytest
from factories.service import Service

pytestmark = pytest.mark.database


async def test_matrix_marks_what_no_road_reaches(service: Service) -> None:
    body = {"origins": [service.at("A"), service.at("X")], "targets": [service.at("A"), service.at("B")]}
    told = (await service.client.post("/api/matrix", json=body)).json()
    assert told["eta_s"][0][0] == 0
    assert told["eta_s"][0][1] > 0
    assert told["eta_s"][1] == [None, None]
    assert told["distance_m"][1] == [None, None]


async def test_a_matrix_beyond_a_million_cells_is_refused(service: Service) -> None:
    place = service.at("A")
    answer = await service.client.post("/api/matrix", json={"origins": [place] * 1001, "targets": [place] * 1000})
    assert answer.status_code == 422
    assert "1,000,000" in answer.json()["detail"]


async def test_route_tells_streets_and_agrees_with_nearest(service: Service) -> None:
    a, k = service.map.points["A"], service.map.points["K"]
    told = (
        await service.client.get(f"/api/route?from_lat={a.lat}&from_lon={a.lon}&to_lat={k.lat}&to_lon={k.lon}")
    ).json()
    body = {"target": service.at("K"), "k": 1, "units": [{"id": "a", **service.at("A")}]}
    nearest = (await service.client.post("/api/nearest", json=body)).json()["results"][0]
    assert told["eta_s"] == nearest["eta_s"]
    assert told["steps"][0]["turn"] == "depart"
    assert told["steps"][-1]["turn"] == "arrive"
    assert told["geometry"]["type"] == "LineString"
    assert told["geometry"]["coordinates"][0] == pytest.approx([a.lon, a.lat], abs=1e-5)
    assert sum(step["length_m"] for step in told["steps"]) == pytest.approx(told["distance_m"], abs=1)


async def test_route_as_geojson(service: Service) -> None:
    body = {"origin": service.at("A"), "target": service.at("D")}
    answer = await service.client.post("/api/route", json=body, headers={"accept": "application/geo+json"})
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.json()["type"] == "Feature"
    assert answer.json()["properties"]["source"] == "road"


async def test_an_island_is_unreachable_and_never_zero(service: Service) -> None:
    told = (await service.client.post("/api/route", json={"origin": service.at("A"), "target": service.at("X")})).json()
    assert told["source"] == "unreachable"
    assert told["eta_s"] is None
    assert told["distance_m"] is None
    assert told["geometry"] is None


async def test_isochrones_grow(service: Service) -> None:
    body = {"origin": service.at("F"), "minutes": [2, 0.5]}
    answer = await service.client.post("/api/isochrone", json=body)
    assert answer.headers["content-type"] == "application/geo+json"
    told = answer.json()
    assert [item["properties"]["minutes"] for item in told["features"]] == [0.5, 2]
    small, large = (item["properties"]["reached_road_m"] for item in told["features"])
    assert 0 < small < large
    assert {item["geometry"]["type"] for item in told["features"]} == {"MultiPolygon"}
    by_address = await service.client.get(f"/api/isochrone?{service.query('F')}&minutes=2&minutes=0.5")
    assert by_address.json()["features"] == told["features"]


async def test_the_hour_of_the_week_changes_the_time(service: Service) -> None:
    body = {"target": service.at("K"), "k": 1, "units": [{"id": "a", **service.at("A")}]}
    free = (await service.client.post("/api/nearest", json=body)).json()["results"][0]["eta_s"]
    rush = (await service.client.post("/api/nearest", json={**body, "hour": 9})).json()["results"][0]["eta_s"]
    assert rush > free


async def test_a_place_in_the_desert_is_told_how_far_it_is_from_the_road(service: Service) -> None:
    point = service.at("L")
    told = (await service.client.get(f"/api/nearest?lat={point['lat'] - 0.05}&lon={point['lon']}&k=1")).json()
    first = told["results"][0]
    assert "off_road_target" in first["reasons"]
    assert first["off_road_target_m"] > 2000
    assert any("outside the roads" in warning for warning in told["warnings"])
