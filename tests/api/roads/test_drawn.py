from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from factories.service import Service

from dispatch.kernel.clock import ManualClock

pytestmark = pytest.mark.database


async def test_a_closed_stretch_is_drawn_until_it_is_lifted(service: Service) -> None:
    assert (await service.client.get("/api/closures/roads")).json() == {"type": "FeatureCollection", "features": []}
    body = {"reason": "洪水", "centre": service.at("F"), "radius_m": 50, "speed_factor": 0.5}
    closure = (await service.client.post("/api/closures", json=body)).json()
    answer = await service.client.get("/api/closures/roads")
    assert answer.headers["content-type"] == "application/geo+json"
    (feature,) = answer.json()["features"]
    assert feature["properties"] == {"id": closure["id"], "speed_factor": 0.5, "active": True, "complete": True}
    points = [tuple(point) for line in feature["geometry"]["coordinates"] for point in line]
    there = service.at("F")
    assert min(abs(lon - there["lon"]) + abs(lat - there["lat"]) for lon, lat in points) < 1e-3
    await service.client.delete(f"/api/closures/{closure['id']}")
    assert (await service.client.get("/api/closures/roads")).json()["features"] == []


async def test_a_closure_that_begins_later_is_drawn_as_such(service: Service) -> None:
    later = service.app.state.parts.clock.now() + timedelta(hours=1)
    body = {"reason": "r", "centre": service.at("F"), "radius_m": 50, "active_from": later.isoformat()}
    assert (await service.client.post("/api/closures", json=body)).status_code == 201
    (feature,) = (await service.client.get("/api/closures/roads")).json()["features"]
    assert feature["properties"]["active"] is False


async def test_the_stretch_under_the_pointer_can_be_closed(service: Service) -> None:
    answer = await service.client.get("/api/roads/at", params=service.at("F"))
    assert answer.status_code == 200
    stretch: dict[str, Any] = answer.json()
    assert stretch["away_m"] < 5.0
    assert len(stretch["line"]) >= 2
    body = {"reason": "r", "edges": stretch["edges"], "network_version": stretch["network_version"]}
    closed = await service.client.post("/api/closures", json=body)
    assert closed.status_code == 201
    (feature,) = (await service.client.get("/api/closures/roads")).json()["features"]
    drawn = {tuple(point) for line in feature["geometry"]["coordinates"] for point in line}
    ends = {tuple(stretch["line"][0]), tuple(stretch["line"][-1])}
    assert {(round(x, 5), round(y, 5)) for x, y in ends} <= {(round(x, 5), round(y, 5)) for x, y in drawn}


async def test_where_no_road_is_near_it_says_so(service: Service) -> None:
    there = service.at("F")
    away = {"lat": there["lat"] + 0.02, "lon": there["lon"] + 0.02}
    refused = await service.client.get("/api/roads/at", params=away)
    assert (refused.status_code, refused.json()["code"]) in ((404, "place.not_found"), (422, "place.coordinates"))
    wrong = await service.client.get("/api/roads/at", params={"lat": 400, "lon": 80})
    assert wrong.status_code == 422


async def test_areas_are_told(service: Service) -> None:
    answer = await service.client.get("/api/zones")
    assert answer.status_code == 200
    assert answer.json()["type"] == "FeatureCollection"


async def test_at_a_past_moment_the_closures_of_then_are_drawn(service: Service) -> None:
    clock = service.parts.clock
    assert isinstance(clock, ManualClock)
    before = clock.now()
    clock.advance(timedelta(minutes=10))
    body = {"reason": "示例", "centre": service.at("F"), "radius_m": 30.0}
    made = (await service.client.post("/api/closures", json=body)).json()
    closed = clock.now()
    clock.advance(timedelta(minutes=10))
    assert (await service.client.delete(f"/api/closures/{made['id']}")).status_code == 200

    async def drawn(**at: str) -> list[str]:
        told = (await service.client.get("/api/closures/roads", params=at)).json()
        return [feature["properties"]["id"] for feature in told["features"]]

    assert await drawn() == []
    assert await drawn(at=closed.isoformat()) == [made["id"]]
    assert await drawn(at=before.isoformat()) == await drawn(at=clock.now().isoformat()) == []
    refused = await service.client.get("/api/closures/roads", params={"at": "yesterday"})
    assert refused.status_code == 422
