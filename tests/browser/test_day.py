"""A simulated day on the console: crews drive, calls come and go, and no error, no other machine, no growing memory."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from factories.browser import PATIENCE_MS, Watched, heap_bytes
from factories.patience import SOAK
from factories.played_service import PlayedService, open_played, until
from playwright.async_api import Browser, Page, expect
from sqlalchemy import func, select

from api.simulator.wishes import Wishes
from dispatch.incidents.tables_incidents import Incident

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    pytest.mark.soak,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)
# An hour, in which a day passes; what the console keeps settles in its first sixth.
HOUR = Wishes(seed=7, speed=24.0, calls_per_day=600.0, patience_s=1.0)
SHORT = Wishes(seed=7, speed=400.0, calls_per_day=1.0, patience_s=0.0)
MINUTES, SETTLED = 60, 10
MOST_GROWTH = 1.1


async def test_a_day_leaves_no_error_and_asks_nobody_else(database_url: str, tmp_path: Path, browser: Browser) -> None:
    wishes, vehicles = (HOUR, 40) if SOAK else (SHORT, 5)
    async with (
        open_played(database_url, tmp_path, vehicles=vehicles) as service,
        service.serving(),
    ):
        seat = await Watched.on(browser, service.address)
        await seat.log_in()
        await expect(seat.page.locator(".units").get_by_role("option")).not_to_have_count(0)
        async with service.playing(wishes) as day:
            await expect(seat.page.locator("main").get_by_role("option")).not_to_have_count(0)
            if SOAK:
                await _an_hour(seat.page, day)
            else:
                await _look_around(seat.page)
                await until(lambda: _closed(service), day)
        assert seat.errors == []
        assert seat.hosts() <= {"127.0.0.1", "data", "blob"}


async def _closed(service: PlayedService) -> bool:
    async with service.parts.database.read() as session:
        return bool(await session.scalar(select(func.count()).where(Incident.state == "closed")))


async def _an_hour(page: Page, day: asyncio.Task[object]) -> None:
    kept = []
    for _ in range(MINUTES):
        await asyncio.sleep(60.0)
        assert not day.done(), "the day broke off"
        await _look_around(page)
        kept.append(await heap_bytes(page))
        print(f"{len(kept)} min: {kept[-1] / 1e6:.2f} MB", flush=True)  # noqa: T201 - seen with -s, while an hour passes
    settled, last = kept[SETTLED : 2 * SETTLED], kept[-SETTLED:]
    assert sum(last) <= MOST_GROWTH * sum(settled), kept


async def _look_around(page: Page) -> None:
    """What a dispatcher does between two calls: the next incident, its record, ten minutes ago, and back."""
    await page.keyboard.press("F6")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Alt+h")
    await expect(page.locator(".map")).to_contain_text("不是实时")
    await page.keyboard.press("Home")
    await expect(page.locator(".map")).not_to_contain_text("不是实时")
