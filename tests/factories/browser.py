"""A real Chromium before a real service: the console with vehicles on duty, over a wire that can be cut."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from factories.chromium import FLAGS, for_tests
from factories.live import serving
from factories.on_duty import OnDuty, on_duty
from factories.people import PASSWORD
from factories.wire import Wire, wired
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from api.console.files import BUILT
from dispatch.kernel.clock import Clock, SystemClock

CHROMIUM = for_tests()
SIZE = {"width": 1600, "height": 900}
# A machine with two slow cores needs time for a page.
PATIENCE_MS = 60_000
REFUSED = "Failed to load resource: "
"""The browser says so of every answer that is a refusal, and of a server that is away."""
_NO_ERRORS = (REFUSED, "WebSocket connection", "[.WebGL-")
"""The last: the browser's own words on reading what the emulated graphics card has drawn."""


@dataclass
class Watched:
    """A page, with all that went wrong on it and all that it asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @classmethod
    async def on(
        cls, browser: Browser, url: str, *, height: int = SIZE["height"], width: int = SIZE["width"]
    ) -> Watched:
        """A page of its own, with no cookies yet."""
        context = await browser.new_context(base_url=url, viewport={"width": width, "height": height}, locale="zh-CN")
        context.set_default_timeout(PATIENCE_MS)
        watched = cls(await context.new_page())
        watched.page.on("console", watched._console)
        watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
        watched.page.on("request", lambda request: watched.requests.append(request.url))
        watched.page.on("websocket", lambda line: watched.requests.append(line.url))
        return watched

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_NO_ERRORS):
            self.errors.append(message.text)

    def hosts(self) -> set[str]:
        """Whom it asked: hosts, or schemes that stay within the browser."""
        return {urlsplit(url).hostname or urlsplit(url).scheme for url in self.requests}

    async def log_in(self, name: str = "dispatcher") -> None:
        """Log in and wait for the console."""
        await self.page.goto("/")
        await self.fill_in(name)
        await self.page.get_by_role("main").wait_for()

    async def fill_in(self, name: str) -> None:
        """Fill in the login that is shown."""
        await self.page.locator("input[name=name]").fill(name)
        await self.page.locator("input[name=password]").fill(PASSWORD)
        await self.page.keyboard.press("Enter")


@dataclass
class Room:
    """A dispatch room: the service with vehicles on duty, the wire to it, and a browser."""

    duty: OnDuty
    wire: Wire
    browser: Browser

    async def seat(self, **size: int) -> Watched:
        """One more seat, logged in by nobody yet."""
        return await Watched.on(self.browser, self.wire.url, **size)


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """A browser; the test is skipped where there is no Chromium, or the console was not built."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium: as an administrator, apt-get install chromium-headless-shell")
    if not (BUILT / "index.html").is_file():
        pytest.skip("the console was not built: python frontend/build_hook.py")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def dispatch_room(
    database_url: str, home: Path, browser: Browser, *, clock: Clock | None = None
) -> AsyncIterator[Room]:
    """Open a room, on the machine's clock or another; the pages that its seats opened end with it."""
    async with (
        on_duty(database_url, home, clock=clock or SystemClock()) as duty,
        serving(duty.service.app, duty.service.parts.settings, lifespan="off") as address,
        wired(address) as wire,
    ):
        try:
            yield Room(duty, wire, browser)
        finally:
            for context in browser.contexts:
                await context.close()


async def heap_bytes(page: Page) -> int:
    """Bytes that the page's scripts keep, once all that can be thrown away was."""
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    told = await session.send("Runtime.getHeapUsage")
    await session.detach()
    return int(told["usedSize"])
