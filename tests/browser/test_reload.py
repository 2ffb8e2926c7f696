"""The page loaded anew while the service is away, or when another build of the console has come."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from factories.browser import CHROMIUM, FLAGS, PATIENCE_MS, Room, Watched
from factories.command import environment
from factories.forks import serving_fork
from factories.on_duty import on_duty
from factories.patience import PATIENCE_S
from factories.people import PASSWORD
from factories.ports import lasting_port
from factories.service import REGION
from playwright.async_api import Browser, Locator, Page, Route, async_playwright, expect

from api.console.files import BUILT
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.clock import SystemClock

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None or not (BUILT / "index.html").is_file():
        pytest.skip("there is no chromium, or the console was not built")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


async def kept(page: Page, *, incidents: int) -> None:
    """Wait until the shell is kept, and the seat with so many incidents on its board."""
    await page.evaluate(
        """(wanted) => new Promise((done) => {
            const look = async () => {
                const shells = (await caches.keys()).filter((name) => name.startsWith('tarim-shell-'));
                const seat = await (await caches.open('tarim-seat')).match('/kept/seat.json');
                const { live, ground, cards } = (await seat?.json()) ?? {};
                const all = live?.boards.incidents.length === wanted && ground.stations.length > 0 && cards !== null;
                const paper = localStorage.getItem('tarim.radio.1') !== null;
                if (all && paper && shells.length === 1 && navigator.serviceWorker.controller !== null) done();
                else setTimeout(look, 50);
            };
            void look();
        })""",
        incidents,
    )


async def test_a_seat_is_loaded_anew_while_the_server_is_dead_and_the_gap_is_told_when_it_lives(
    database_url: str, tmp_path: Path
) -> None:
    async with on_duty(database_url, tmp_path, clock=SystemClock()) as duty:
        await duty.incident(priority=Priority.P1)
    settings = environment(tmp_path) | {"TARIM_DATABASE_URL": database_url, "TARIM_REGION": REGION}
    async with chromium() as browser:
        port = str(lasting_port())
        with serving_fork(settings, "--port", port) as server:
            address = server.address()
            seat = await Watched.on(browser, address)
            page = seat.page
            await seat.log_in()
            rows = page.locator("main").get_by_role("option")
            await expect(rows).to_have_count(1)
            await kept(page, incidents=1)
            server.end()

        await expect(_banner(page)).to_be_visible()
        await page.reload()
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("待派")
        await _is_of_the_past(page)
        await _is_on_paper(page)
        await _shot(page, "boards")

        with serving_fork(settings, "--port", port) as server:
            async with httpx.AsyncClient(base_url=server.address(), timeout=PATIENCE_S) as other:
                login = {"name": "supervisor", "password": PASSWORD}
                (await other.post("/api/session", json=login)).raise_for_status()
                place = duty.service.at("G")
                body = {"priority": "P2", "complaint": "K03", "capabilities": "B", "place": place}
                (await other.post("/api/incidents", json=body)).raise_for_status()
            await page.keyboard.press("Alt+r")
            await expect(_banner(page)).to_have_count(0)
            await expect(page.locator("header [role=status]")).to_contain_text("正常")
            await expect(rows).to_have_count(2)
            await page.keyboard.press("F6")
            await expect(page.get_by_role("button", name="Alt 1")).to_be_enabled()
        assert seat.errors == []


def _banner(page: Page) -> Locator:
    return page.get_by_role("alert").filter(has_text="链路中断")


async def _is_of_the_past(page: Page) -> None:
    """The boards as they were, and no word that they are of now; what is old grows older, and nothing is sent."""
    await expect(_banner(page)).to_contain_text("最后数据")
    await expect(page.locator("section.units")).to_contain_text("阿-01")
    await expect(page.locator("header [role=status]")).to_contain_text("中断")
    aged = _banner(page).locator("b").nth(1)
    await expect(aged).not_to_have_text(await aged.inner_text())
    await page.keyboard.press("F6")
    await page.keyboard.type("派 阿-01")
    await page.keyboard.press("Enter")
    await expect(page.locator("footer.commands")).to_contain_text("未执行")
    await page.keyboard.press("Escape")


async def _is_on_paper(page: Page) -> None:
    """The radio sheet with its blank forms, to be printed."""
    await page.keyboard.press("Alt+p")
    sheet = page.get_by_role("dialog", name="电台派车单")
    await expect(sheet).to_contain_text("阿-01")
    await expect(sheet.locator(".blank")).to_have_count(8)
    await page.emulate_media(media="print")
    await expect(page.locator("body > .printed")).to_be_visible()
    await expect(page.locator("#app")).to_be_hidden()
    await page.emulate_media(media="screen")
    await _shot(page, "sheet")
    await page.keyboard.press("Escape")


async def test_after_a_logout_nothing_of_the_seat_is_left_and_an_empty_board_is_never_shown(room: Room) -> None:
    await room.duty.incident(priority=Priority.P1)
    seat = await room.seat()
    page = seat.page
    await seat.log_in()
    await kept(page, incidents=1)
    await page.get_by_role("button", name="设置").click()
    await expect(page.get_by_role("dialog")).to_contain_text("仍可重新打开")
    await page.get_by_role("button", name="退出登录").click()
    await page.locator("input[name=name]").wait_for()
    await room.wire.cut()
    await page.reload()
    await expect(page.get_by_role("status")).to_contain_text("连不上服务器")
    await expect(page.get_by_role("main")).to_have_count(0)
    await room.wire.mend()
    await page.get_by_role("button", name="再试").click()
    await page.locator("input[name=name]").wait_for()
    assert seat.errors == []


async def test_a_console_of_another_build_sends_nothing_and_is_loaded_anew(room: Room) -> None:
    await room.duty.incident(priority=Priority.P1)
    seat = await room.seat()
    page = seat.page
    await seat.log_in()
    await kept(page, incidents=1)
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))

    async def other_build(route: Route) -> None:
        if route.request.is_navigation_request():
            await route.continue_()
            return
        await route.fulfill(body='<head><meta name="tarim-build" content="0b0b0b"></head>', content_type="text/html")

    await page.keyboard.press("F6")
    await page.keyboard.type("派 阿-01")
    await page.route("**/", other_build)
    await room.wire.cut()
    await expect(page.get_by_role("alert")).to_contain_text("链路中断")
    await room.wire.mend()
    await page.keyboard.press("Alt+r")
    # Somebody types: the page stays, and says why nothing is sent.
    await expect(page.get_by_role("alert")).to_contain_text("服务器已换新版调度台")
    await page.keyboard.press("Enter")
    await expect(page.locator("footer.commands")).to_contain_text("此页是旧版")
    assert await room.duty.lines("assignment.made") == []
    assert loads == []
    # Nothing is in hand any more.
    async with page.expect_event("framenavigated"):
        await page.keyboard.press("Escape")
    await expect(page.get_by_role("textbox", name="命令行")).to_have_value("")
    await expect(page.locator("main").get_by_role("option")).to_have_count(1)
    await page.unroute("**/", other_build)
    assert loads == [f"{room.wire.url}/"]
    assert seat.errors == []


async def _shot(page: Page, name: str) -> None:
    if folder := os.environ.get("TARIM_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"reload-{name}.png")
