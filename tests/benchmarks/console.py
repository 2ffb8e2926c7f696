"""The console: what a browser loads first, what later, and how soon something useful is seen."""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, async_playwright

from api.console.files import BUILT
from api.console.routes import console_router
from tests.benchmarks.report import Row, milliseconds
from tests.benchmarks.scene import Scene
from tests.factories.chromium import FLAGS, for_figures

_LOADS = 5
_PAINTED = """() => new Promise((tell) => new PerformanceObserver((list) => {
    const [entry] = list.getEntriesByName('first-contentful-paint');
    if (entry) tell(entry.startTime);
}).observe({type: 'paint', buffered: true}))"""


def rows(_scene: Scene) -> Iterator[Row]:
    """Figures of issue 4. Without a built console, or a browser, there are none."""
    page = BUILT / "index.html"
    if not page.is_file():
        return
    assets = {path.name: path for path in (BUILT / "assets").iterdir() if path.suffix in (".js", ".css", ".woff2")}
    named = set(re.findall(r"/assets/([\w.-]+)", page.read_text("utf-8")))
    first = _packed(assets[name] for name in named if name in assets)
    later = _packed(path for name, path in assets.items() if name not in named and path.suffix != ".woff2")
    fonts = sum(path.stat().st_size for path in assets.values() if path.suffix == ".woff2")
    yield Row(
        "console: first load beside fonts, gzip", f"{first / 1e3:.0f} kB", ratio=first / 1e3, most=400, unit=" kB"
    )
    yield Row("the same: loaded later (the map with its worker, and others)", f"{later / 1e3:.0f} kB")
    yield Row("the same: fonts, each loaded once", f"{fonts / 1e6:.1f} MB")
    painted = asyncio.run(_first_paints())
    if painted:
        yield Row(
            "console: first contentful paint of the login, loopback", milliseconds(float(np.median(painted)) / 1e3)
        )


async def _first_paints() -> list[float]:
    """Milliseconds from the address to the first thing seen, in browsers that have kept nothing; [] without one."""
    chromium = for_figures()
    if chromium is None:
        return []
    app = FastAPI()
    app.include_router(console_router())
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
            painted = [await _first_paint(browser, url) for _ in range(_LOADS)]
            await browser.close()
    finally:
        server.should_exit = True
        await serving
    return painted


async def _first_paint(browser: Browser, url: str) -> float:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(url)
    found: float = await page.evaluate(_PAINTED)
    await context.close()
    return found


def _packed(paths: Iterable[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)
