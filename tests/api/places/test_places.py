from __future__ import annotations

import pytest
from factories.service import Service

pytestmark = pytest.mark.database


async def test_streets_are_found_by_characters_and_pinyin(service: Service) -> None:
    for said in ("塔南路", "tananlu", "tnl"):
        told = (await service.client.get("/api/places", params={"q": said})).json()["results"]
        assert told[0]["label"] == "塔南路", said


async def test_a_place_is_described(service: Service) -> None:
    told = (await service.client.get(f"/api/places/describe?{service.query('F')}")).json()
    assert "路" in told["text"] or "街" in told["text"]
    assert told["crossing_m"] == pytest.approx(0, abs=2)


async def test_what_is_not_there_is_an_empty_list(service: Service) -> None:
    assert (await service.client.get("/api/places", params={"q": "不存在的地方xyz"})).json()["results"] == []
    assert (await service.client.get("/api/places?q=")).status_code == 422
    assert (await service.client.get("/api/places?q=a&near_lat=41")).status_code == 422


async def test_lists_are_complete(service: Service) -> None:
    assert [item["id"] for item in (await service.client.get("/api/stations")).json()["stations"]] == ["s1", "s2", "s3"]
    units = (await service.client.get("/api/units")).json()["units"]
    assert {(item["call_sign"], item["system"], item["position_source"]) for item in units} == {
        ("阿-01", "civil", "station"),
        ("师-07", "corps", "station"),
        ("岛-09", "civil", "station"),
    }
    assert [item["name_zh"] for item in (await service.client.get("/api/hospitals")).json()["hospitals"]] == ["一医院"]
