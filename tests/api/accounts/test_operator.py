"""Where no login is asked, whoever sits at the machine may ask about roads; about people nobody may."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from factories.service import Service

from dispatch.settings import Settings


@pytest.fixture
def open_service(service: Service) -> Service:
    """The service as it runs on loopback with `TARIM_LOGINS` off."""
    door = service.app.state.doorkeeper
    door.parts = replace(door.parts, settings=door.parts.settings.model_copy(update={"logins": False}))
    return service


async def test_the_operator_asks_about_roads_without_a_login(open_service: Service) -> None:
    async with open_service.stranger() as client:
        found = await client.get(f"/api/nearest?{open_service.query('B')}&k=2")
        assert found.status_code == 200, found.text
        assert [item["call_sign"] for item in found.json()["results"]][:1] == ["阿-01"]
        for path in ("/api/units", "/api/stations", "/api/hospitals", "/api/closures", "/api/places?q=东"):
            assert (await client.get(path)).status_code == 200, path


async def test_a_closure_of_the_operators_is_told_as_such(open_service: Service) -> None:
    async with open_service.stranger() as client:
        asked = {"centre": open_service.at("B"), "radius_m": 20, "reason": "flood"}
        closed = await client.post("/api/closures", json=asked)
        assert closed.status_code == 201, closed.text
        assert closed.json()["author"] == "system:operator"
        lifted = await client.delete(f"/api/closures/{closed.json()['id']}")
        assert lifted.json()["lifted_by"] == "system:operator"


@pytest.mark.parametrize("path", ["/api/people", "/api/devices", "/api/session"])
async def test_people_and_devices_always_take_a_login(open_service: Service, path: str) -> None:
    async with open_service.stranger() as client:
        assert (await client.get(path)).status_code == 401


async def test_a_page_of_another_site_closes_no_road(open_service: Service) -> None:
    async with open_service.stranger() as client:
        asked = {"centre": open_service.at("B"), "radius_m": 20, "reason": "flood"}
        refused = await client.post("/api/closures", json=asked, headers={"Origin": "https://elsewhere.example"})
        assert refused.status_code == 403


async def test_who_is_logged_in_is_told_by_name_all_the_same(open_service: Service) -> None:
    asked = {"centre": open_service.at("B"), "radius_m": 20, "reason": "flood"}
    closed = await open_service.client.post("/api/closures", json=asked)
    assert closed.json()["author"] == f"person:{open_service.people['dispatcher']}"


@pytest.mark.parametrize(
    "reachable",
    [{"behind_proxy": "10.0.0.5"}, {"tls_cert": Path("/c.pem"), "tls_key": Path("/k.pem")}],
    ids=["proxy", "tls"],
)
async def test_nobody_is_the_operator_where_others_can_reach_the_service(
    open_service: Service, reachable: dict[str, object]
) -> None:
    door = open_service.app.state.doorkeeper
    door.parts = replace(door.parts, settings=door.parts.settings.model_copy(update=reachable))
    async with open_service.stranger() as client:
        assert (await client.get(f"/api/nearest?{open_service.query('B')}&k=2")).status_code == 401
        asked = {"centre": open_service.at("B"), "radius_m": 20, "reason": "flood"}
        assert (await client.post("/api/closures", json=asked)).status_code == 401


def test_a_login_is_asked_for_unless_it_is_turned_off_where_nobody_else_can_reach_the_service(tmp_path: Path) -> None:
    assert Settings(home=tmp_path).asks_logins
    assert not Settings(home=tmp_path, logins=False).asks_logins
    assert Settings(home=tmp_path, logins=False, behind_proxy="10.0.0.5").asks_logins


def test_tls_asks_for_logins(tmp_path: Path) -> None:
    assert Settings(home=tmp_path, logins=False, tls_cert=tmp_path / "c.pem", tls_key=tmp_path / "k.pem").asks_logins
