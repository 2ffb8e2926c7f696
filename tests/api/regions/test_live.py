from __future__ import annotations

import pytest
from factories.service import REGION, Service, keep_network
from sqlalchemy import text

from api.regions.networks import folder_of, path_of
from dispatch.roads.queries import get_region
from dispatch.roads.rules import ClosureDraft
from dispatch.roads.service import add_closure
from dispatch.units.service import place_unit
from geo.points import GeoPoint

pytestmark = pytest.mark.database


async def first_eta_s(service: Service) -> float:
    told = (await service.client.get(f"/api/nearest?{service.query('B')}&k=1")).json()
    return float(told["results"][0]["eta_s"])


async def file_in_use(service: Service) -> str:
    async with service.parts.database.read() as session:
        return (await get_region(session, REGION)).network_file or ""


async def test_a_closure_of_another_process_is_seen_at_once(service: Service) -> None:
    before = await first_eta_s(service)
    draft = ClosureDraft(reason="r", author="a", ways=(service.map.way_ids["AEI"],), speed_factor=0.1)
    async with service.parts.database.write() as session:
        await add_closure(session, service.parts.clock, REGION, draft)
        draft = ClosureDraft(reason="r", author="a", ways=(service.map.way_ids["ABCD"],), speed_factor=0.1)
        await add_closure(session, service.parts.clock, REGION, draft)
    assert await first_eta_s(service) > before * 2


async def test_a_moved_vehicle_is_seen_at_once(service: Service) -> None:
    async with service.parts.database.write() as session:
        await place_unit(session, service.parts.clock, REGION, "师-07", GeoPoint(**service.at("B")))
    told = (await service.client.get(f"/api/nearest?{service.query('B')}&k=1")).json()
    assert told["results"][0]["call_sign"] == "师-07"


async def test_a_new_network_is_taken_up(service: Service) -> None:
    await keep_network(service.parts, service.map.network())
    told = (await service.client.get(f"/api/nearest?{service.query('B')}")).json()
    assert told["roads"]["network_version"] == 2
    assert len(list(folder_of(service.parts.settings.home, REGION).glob("*.tarimnet"))) == 2


@pytest.mark.parametrize("fault", ["damaged", "missing", "cut"])
async def test_the_old_network_serves_while_the_new_one_cannot_be_opened(service: Service, fault: str) -> None:
    before = await first_eta_s(service)
    await keep_network(service.parts, service.map.network())
    path = path_of(service.parts.settings.home, await file_in_use(service))
    whole = path.read_bytes()
    if fault == "missing":
        path.unlink()
    else:
        path.write_bytes(whole[:-100] if fault == "cut" else whole[:-1] + bytes([whole[-1] ^ 1]))
    assert await first_eta_s(service) == before
    health = await service.client.get("/api/health")
    assert health.status_code == 200
    assert health.json()["status"] == "degraded"
    assert health.json()["network_version"] == 1
    assert health.json()["problem"]
    told = (await service.client.get(f"/api/nearest?{service.query('B')}")).json()
    assert told["roads"]["network_version"] == 1
    assert any("cannot be opened" in warning for warning in told["warnings"])


async def test_connections_cut_by_the_server_are_replaced(service: Service) -> None:
    async with service.parts.database.write() as session:
        await session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert await first_eta_s(service) > 0


async def test_a_region_that_goes_is_404(service: Service) -> None:
    async with service.parts.database.write() as session:
        for table in ("units", "stations", "hospitals", "regions"):
            column = "name" if table == "regions" else "region"
            await session.execute(text(f"DELETE FROM {table} WHERE {column} = :name"), {"name": REGION})  # noqa: S608 - our names
    answer = await service.client.get(f"/api/nearest?{service.query('B')}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "region.not_found"
    assert (await service.client.get("/api/health")).status_code == 503


async def test_regions_are_listed_and_shown(service: Service) -> None:
    told = (await service.client.get("/api/regions")).json()["regions"]
    assert [(item["name"], item["served"], item["schematic"]) for item in told] == [(REGION, True, True)]
    assert (await service.client.get(f"/api/regions/{REGION}")).json()["name_zh"] == "图示区"
    assert (await service.client.get("/api/regions/elsewhere")).status_code == 404
