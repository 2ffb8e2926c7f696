"""A browser before a real service, with its hand on the console's own map: for figures of what is seen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import Browser, Page, async_playwright

from api.console.files import BUILT
from tests.factories.chromium import FLAGS, for_figures

_VIEWPORT: Final = {"width": 1600, "height": 900}
# The page's own module, loaded before the console makes its map: what is made is kept within reach.
_HOLD: Final = """async (url) => {
    const { RoadMap } = await import(url);
    const { into } = RoadMap.prototype;
    RoadMap.prototype.into = function (element) { globalThis.held = this; into.call(this, element); };
}"""
_READY: Final = """() => new Promise((done) => {
    const there = () => globalThis.held?.idle && globalThis.held.overlay.scene.units.length > 0;
    const look = () => (there() ? done() : setTimeout(look, 50));
    look();
})"""

# Asked before each frame, so that what is found is painted with it.
_WATCH: Final = """globalThis.seen = new Promise((tell) => {
    let boards = null;
    const look = () => {
        if (boards === null && document.querySelector('.units [role=option]')) boards = performance.now();
        const map = document.querySelector('.map canvas.overlay');
        if (boards !== null && map && map.width > 0) tell([boards, performance.now()]);
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
});"""


def chromium() -> str | None:
    """Where it is; None where it is not, or the console was not built."""
    return for_figures() if (BUILT / "index.html").is_file() else None


@asynccontextmanager
async def browsing(path: str) -> AsyncIterator[Browser]:
    """A browser that draws by software, as every machine can."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


async def at_the_console(browser: Browser, address: str, name: str, password: str) -> Page:
    """A seat logged in, its map drawn with its units; `held` in the page is the console's own map."""
    context = await browser.new_context(base_url=address, viewport=_VIEWPORT, locale="zh-CN")
    page = await context.new_page()
    await page.goto("/")
    chunk = next((BUILT / "assets").glob("map-*.js"))
    await page.evaluate(_HOLD, f"/assets/{chunk.name}")
    await page.locator("input[name=name]").fill(name)
    await page.locator("input[name=password]").fill(password)
    await page.keyboard.press("Enter")
    await page.get_by_role("main").wait_for()
    await page.evaluate(_READY)
    return page


async def useful_paints(browser: Browser, page: Page, address: str) -> tuple[float, float]:
    """Milliseconds from the address to filled boards, and to the map with its vehicles, for who is logged in on `page`.

    The browser has kept nothing but the login.
    """
    context = await browser.new_context(
        base_url=address, viewport=_VIEWPORT, storage_state=await page.context.storage_state()
    )
    fresh = await context.new_page()
    await fresh.add_init_script(_WATCH)
    await fresh.goto("/")
    boards, drawn = await fresh.evaluate("() => globalThis.seen")
    await context.close()
    return float(boards), float(drawn)


async def heap_mb(page: Page) -> float:
    """What the page's scripts keep after everything that can be thrown away was, in megabytes."""
    session: Any = await page.context.new_cdp_session(page)
    for _ in range(2):
        await session.send("HeapProfiler.collectGarbage")
    told = await session.send("Runtime.getHeapUsage")
    await session.detach()
    return float(told["usedSize"]) / 1e6
