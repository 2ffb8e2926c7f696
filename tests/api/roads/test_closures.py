from __future__ import annotations

import pytest
from factories.service import Service

pytestmark = pytest.mark.database


async def test_a_closure_is_made_listed_and_lifted(service: Service) -> None:
    body = {"reason": "洪水", "author": "值班长", "centre": service.at("F"), "radius_m": 50}
    made = await service.client.post("/api/closures", json=body)
    assert made.status_code == 201
    closure = made.json()
    assert made.headers["location"] == f"/api/closures/{closure['id']}"
    assert closure["active"]
    listed = (await service.client.get("/api/closures?active_only=true")).json()["closures"]
    assert [item["id"] for item in listed] == [closure["id"]]
    lifted = await service.client.delete(f"/api/closures/{closure['id']}?by=班长")
    assert lifted.status_code == 200
    assert lifted.json()["lifted_by"] == "班长"
    assert not lifted.json()["active"]
    assert (await service.client.get("/api/closures")).json()["closures"] == []
    assert len((await service.client.get("/api/closures?include_lifted=true")).json()["closures"]) == 1
    again = await service.client.delete(f"/api/closures/{closure['id']}?by=班长")
    assert (again.status_code, again.json()["code"]) == (409, "closure.already_lifted")


async def test_polygons_and_edges(service: Service) -> None:
    f = service.map.points["F"]
    ring = [[f.lon + x, f.lat + y] for x, y in ((-1e-4, -1e-4), (1e-4, -1e-4), (1e-4, 1e-4), (-1e-4, -1e-4))]
    body = {"reason": "r", "author": "a", "polygon": {"type": "Polygon", "coordinates": [ring]}}
    assert (await service.client.post("/api/closures", json=body)).json()["kind"] == "polygon"
    edges = {"reason": "r", "author": "a", "edges": [0], "network_version": 1}
    assert (await service.client.post("/api/closures", json=edges)).json()["edges"] == [0]
    stale = await service.client.post("/api/closures", json={**edges, "network_version": 7})
    assert (stale.status_code, stale.json()["code"]) == (409, "closure.stale_network")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "closure.roads"),
        ({"ways": [1], "edges": [1], "network_version": 1}, "closure.roads"),
        ({"ways": [999_999_999]}, "closure.invalid"),
        ({"ways": [1000], "active_until": "2020-01-01T00:00:00Z"}, "closure.times"),
        ({"ways": [1000], "speed_factor": 1.5}, "request.invalid"),
        ({"polygon": {"type": "Point", "coordinates": [80, 41]}}, "closure.polygon"),
        ({"centre": {"lat": 41, "lon": 80}}, "closure.radius"),
        ({"centre": {"lat": 10, "lon": 10}, "radius_m": 5}, "place.coordinates"),
    ],
)
async def test_a_closure_that_cannot_be_is_refused_and_not_kept(
    service: Service, fields: dict[str, object], code: str
) -> None:
    answer = await service.client.post("/api/closures", json={"reason": "r", "author": "a", **fields})
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert (await service.client.get("/api/closures")).json()["closures"] == []


async def test_an_unknown_closure_is_404(service: Service) -> None:
    answer = await service.client.delete("/api/closures/00000000-0000-7000-8000-000000000000?by=x")
    assert (answer.status_code, answer.json()["code"]) == (404, "closure.not_found")
    assert (await service.client.delete("/api/closures/nonsense?by=x")).status_code == 422
