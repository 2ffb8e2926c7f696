"""When vehicles under way will be there, in the live feed: reckoned once for all, moved by fixes and by closures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from factories.apps import app_on
from factories.live import Listener, serving
from factories.on_duty import OnDuty
from factories.people import PASSWORD
from fastapi import FastAPI
from websockets.asyncio.client import connect

from api.parts import Parts
from dispatch.settings import Settings
from geo.engine import RoadEngine
from geo.travel import Nearest

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds are tenths."""
    monkeypatch.setattr("api.live.feed.BEAT_S", 0.1)


@asynccontextmanager
async def listening(duty: OnDuty, address: str, **headers: str) -> AsyncIterator[Listener]:
    if not headers:
        answered = await duty.service.stranger().post("/api/session", json={"name": "dispatcher", "password": PASSWORD})
        headers = {"cookie": f"tarim={answered.raise_for_status().cookies['tarim']}"}
    async with connect(f"ws://{address}/api/live", additional_headers=headers, max_size=None) as line:
        yield Listener(line)


@asynccontextmanager
async def served(app: FastAPI, settings: Settings, duty: OnDuty, **more: object) -> AsyncIterator[Listener]:
    async with serving(app, settings, **more) as address, listening(duty, address) as screen:
        yield screen


@pytest.fixture
async def address(duty: OnDuty) -> AsyncIterator[str]:
    """Where the service of `duty` takes WebSockets."""
    async with serving(duty.service.app, duty.service.parts.settings, lifespan="off") as found:
        yield found


async def under_way(duty: OnDuty) -> str:
    """师-07 drives from L to D, past H."""
    answered = await duty.post(f"incidents/{await duty.incident('D')}/assignments", unit_id=str(duty.units["师-07"]))
    assert answered.status_code == 201, answered.text
    run = str(answered.json()["id"])
    await duty.say("师-07", "en_route", duty.device("师-07"), run_id=run)
    await at(duty, "L")
    return run


async def at(duty: OnDuty, letter: str) -> None:
    await duty.post(f"fleet/{duty.units['师-07']}/position", **duty.service.at(letter))


async def close_on_the_way(duty: OnDuty) -> None:
    body = {"reason": "洪水", "centre": duty.service.at("H"), "radius_m": 20}
    assert (await duty.client.post("/api/closures", json=body)).status_code == 201


async def arrival(screen: Listener) -> dict[str, Any] | None:
    (item,) = (await screen.next("latest", topic="assignments"))["items"]
    found: dict[str, Any] | None = item["arrival"]
    return found


async def test_an_arrival_comes_with_the_board_and_moves_with_its_vehicle_and_with_closures(
    duty: OnDuty, address: str
) -> None:
    run = await under_way(duty)
    async with listening(duty, address) as screen:
        await screen.subscribe(["assignments"])
        assert [row["id"] for row in (await screen.next("snapshot"))["items"]] == [run]
        first = await arrival(screen)
        asked = (await duty.client.get("/api/assignments")).json()["arrivals"]
        assert first == asked[0]
        assert first["low_s"] < first["eta_s"] < first["high_s"]
        assert (first["goal"], first["source"], first["age_s"]) == ("scene", "road", 0)

        duty.later(5)
        await close_on_the_way(duty)
        shut = await arrival(screen)
        assert shut is not None
        assert shut["eta_s"] > first["eta_s"]
        assert (shut["distance_m"] > first["distance_m"], shut["age_s"]) == (True, 5)

        await at(duty, "D")
        there = await arrival(screen)
        assert there is not None
        assert there["eta_s"] < 2
        await duty.say("师-07", "on_scene", duty.device("师-07"), run_id=run)
        assert await arrival(screen) is None, "it is there"


async def test_an_arrival_that_only_comes_nearer_is_not_told_again(duty: OnDuty, address: str) -> None:
    """Who knows it counts down by the clock; while a mobilisation drags on, it is told anew."""
    await under_way(duty)
    async with listening(duty, address) as screen:
        await screen.subscribe(["assignments"])
        await screen.next("snapshot")
        await arrival(screen)
        duty.later(20)
        for _ in range(5):
            await screen.next("tick")
        assert [told["kind"] for told in screen.heard].count("latest") == 1
        await at(duty, "L")
        again = await arrival(screen)
        assert again is not None
        assert again["age_s"] == 0, "it has not moved for twenty seconds"


async def test_roads_are_asked_once_for_all_who_listen(
    duty: OnDuty, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await under_way(duty)
    asked: list[object] = []
    nearest = RoadEngine.nearest

    def noted(engine: RoadEngine, *arguments: Any) -> Nearest:  # noqa: ANN401
        asked.append(arguments)
        return nearest(engine, *arguments)

    monkeypatch.setattr(RoadEngine, "nearest", noted)
    async with AsyncExitStack() as stack:
        screens = [await stack.enter_async_context(listening(duty, address)) for _ in range(5)]
        for screen in screens:
            await screen.subscribe(["assignments", "units"])
            await arrival(screen)
        await close_on_the_way(duty)
        told = await asyncio.gather(*map(arrival, screens))
        assert all(one == told[0] for one in told)
        assert len(asked) == 2, "once before the closure, once after it"


async def test_a_vehicle_is_told_of_its_own_arrival_only(duty: OnDuty, address: str) -> None:
    run = await under_way(duty)
    incident = await duty.incident("B")
    assert (await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units["阿-01"]))).status_code == 201
    async with listening(duty, address, authorization=f"Bearer {duty.tokens['师-07']}") as tablet:
        await tablet.subscribe(["assignments"])
        told = (await tablet.next("latest", topic="assignments"))["items"]
        assert [item["id"] for item in told] == [run]


async def test_undo_ends_when_the_figures_that_are_set_say_so(duty: OnDuty, tmp_path: Path) -> None:
    figures = tmp_path / "figures.toml"
    figures.write_text("[assignment]\nundo_s = 60\n")
    parts = duty.service.parts
    settings = parts.settings.model_copy(update={"dispatching_figures": figures})
    incident = await duty.incident("D")
    assert (await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units["师-07"]))).status_code == 201
    app = app_on(Parts(settings, parts.clock, parts.database, parts.url))
    async with served(app, settings, duty) as screen:
        await screen.subscribe(["assignments"])
        (row,) = (await screen.next("snapshot"))["items"]
        held = datetime.fromisoformat(row["undo_until"]) - datetime.fromisoformat(row["assigned_at"])
        assert held == timedelta(seconds=60)
