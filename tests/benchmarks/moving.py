"""500 vehicles that move every second, in a real browser: how soon, how smoothly, and at what cost in memory.

    python -m tests.benchmarks.moving

Three ways of drawing the same vehicles on the same map in the same page, by turns: our canvas over the map; MapLibre's
own source, renewed by `setData`, as circles; the same with call signs. The boards beside the map go on as ever.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import numpy as np
from playwright.async_api import Page

from dispatch.kernel.clock import SystemClock
from tests.benchmarks.driving import VEHICLES, Driving, driving
from tests.benchmarks.report import Row, milliseconds
from tests.benchmarks.scene import Scene
from tests.benchmarks.seat import at_the_console, browsing, chromium, heap_mb, useful_paints

_WAYS: Final = {
    "ours": "our canvas over the map",
    "circles": "`setData`, circles",
    "signs": "`setData` with call signs",
}
_BLOCK_S: Final = 3
_ROUNDS: Final = 2
_LOADS: Final = 3
_SENT: Final = 20
_HEAP_EVERY_S: Final = 4
_HEAP_LOOKS: Final = 6

_PREPARE: Final = """() => {
    const { library, overlay } = held;
    const none = { type: 'FeatureCollection', features: [] };
    library.addSource('peer', { type: 'geojson', data: none });
    library.addLayer({ id: 'peer-circles', type: 'circle', source: 'peer', paint: { 'circle-radius': 10,
        'circle-color': '#161c23', 'circle-stroke-width': 1.6, 'circle-stroke-color': '#8fb3d9' } });
    const font = library.getStyle().layers.find((layer) => layer.layout?.['text-font']).layout['text-font'];
    globalThis.signs = { id: 'peer-signs', type: 'symbol', source: 'peer',
        layout: { 'text-field': ['get', 'sign'], 'text-font': font, 'text-size': 11, 'text-offset': [0, 1.7] },
        paint: { 'text-color': '#e4eaf0', 'text-halo-color': '#12181e', 'text-halo-width': 1.5 } };
    const draw = overlay.draw.bind(overlay);
    let told = null;
    globalThis.way = 'ours';
    globalThis.drawn = new Map();
    globalThis.spent = [];
    overlay.draw = (...given) => {
        const { scene } = overlay;
        if (way !== 'ours') overlay.scene = { ...scene, units: [] };
        const began = performance.now();
        draw(...given);
        if (way === 'ours') spent.push(performance.now() - began);
        overlay.scene = scene;
        const mark = scene.units.find(({ id }) => id === globalThis.probe);
        if (mark && !drawn.has(mark.lat)) drawn.set(mark.lat, performance.timeOrigin + performance.now());
        // The same marks to the library, once for each time that they moved.
        const moved = scene.units.map(({ lat, lon }) => lat + lon).join();
        if (way === 'ours' || moved === told) return;
        told = moved;
        library.getSource('peer').setData({ type: 'FeatureCollection', features: scene.units.map((one) => ({
            type: 'Feature', properties: { sign: one.callSign },
            geometry: { type: 'Point', coordinates: [one.lon, one.lat] } })) });
    };
    globalThis.take = (next) => {
        if (library.getLayer('peer-signs')) library.removeLayer('peer-signs');
        if (next === 'signs') library.addLayer(signs);
        if (next === 'ours') library.getSource('peer').setData(none);
        told = null;
        globalThis.way = next;
        held.redraw();
    };
}"""
_FRAMES: Final = """async ([way, seconds]) => {
    take(way);
    const frame = () => new Promise(requestAnimationFrame);
    for (let n = 0; n < 30; n += 1) await frame();
    const gaps = [];
    let before = await frame();
    const end = before + seconds * 1000;
    while (before < end) { const now = await frame(); gaps.push(now - before); before = now; }
    return gaps;
}"""
_WHEN: Final = """(lat) => new Promise((tell) => {
    const look = () => (drawn.has(lat) ? tell(drawn.get(lat)) : requestAnimationFrame(look));
    look();
})"""


@dataclass(frozen=True)
class Seen:
    """Milliseconds between frames by way, from sent to drawn, to boards and map, of a drawing; megabytes; vehicles."""

    gaps: dict[str, list[float]]
    late: list[float]
    paints: list[tuple[float, float]]
    heap: list[float]
    draws: list[float]
    shown: int


def rows(_scene: Scene) -> Iterator[Row]:
    """Figures of issue 4. Without a built console, or a browser, there are none."""
    path = chromium()
    if path is None:
        return
    seen = measure(path)
    boards, drawn = (milliseconds(float(np.median(times)) / 1e3) for times in zip(*seen.paints, strict=True))
    yield Row(
        f"console, logged in: the address to filled boards ({VEHICLES} vehicles); to the map with them",
        f"{boards}; {drawn}",
    )
    ours = _rate(seen.gaps["ours"])
    for way in ("circles", "signs"):
        peer = _rate(seen.gaps[way])
        yield Row(
            f"frames per second, {VEHICLES} vehicles at 1 Hz ({seen.shown} in view): {_WAYS['ours']} ÷ {_WAYS[way]}",
            f"{ours:.0f}",
            f"{peer:.0f}",
            ours / peer,
        )
    p50, p99 = np.quantile(seen.draws, (0.5, 0.99))
    yield Row("the same: our canvas drawn once, p50 / p99", f"{p50:.1f} / {p99:.1f} ms")
    worst = {way: float(np.quantile(gaps, 0.99)) for way, gaps in seen.gaps.items()}
    yield Row("the same, 99 of 100 frames came within", f"{worst['ours']:.0f} ms", f"{worst['signs']:.0f} ms")
    p50, p99 = np.quantile(seen.late, (0.5, 0.99))
    yield Row(
        f"a position sent (HTTP) to the pixel moved, beside {VEHICLES} that move, p50 / p99 of {len(seen.late)}",
        f"{milliseconds(float(p50) / 1e3)} / {milliseconds(float(p99) / 1e3)}",
    )
    first, last = np.mean(seen.heap[:2]), np.mean(seen.heap[-2:])
    yield Row(
        f"the console's scripts after collection, over {_HEAP_EVERY_S * _HEAP_LOOKS} s of it (an hour: make soak)",
        f"{first:.1f} → {last:.1f} MB",
        ratio=float(last / first),
        most=1.1,
    )


def measure(path: str) -> Seen:
    """Serve, and look at it."""
    with tempfile.TemporaryDirectory(prefix="tarim-moving-") as home:
        Path(home).chmod(0o711)  # where root starts it, the database's own user must pass through
        with driving(Path(home)) as served:
            return asyncio.run(_look(path, served))


async def _look(path: str, served: Driving) -> Seen:
    async with browsing(path) as browser:
        page = await at_the_console(browser, served.address, served.login, served.password)
        await page.evaluate("(id) => { globalThis.probe = id; }", served.probe)
        await page.evaluate(_PREPARE)
        gaps: dict[str, list[float]] = {way: [] for way in _WAYS}
        for _ in range(_ROUNDS):
            for way in _WAYS:
                gaps[way] += await page.evaluate(_FRAMES, [way, _BLOCK_S])
        await page.evaluate("() => take('ours')")
        late = await _lateness(page, served)
        paints = [await useful_paints(browser, page, served.address) for _ in range(_LOADS)]
        heap = []
        for _ in range(_HEAP_LOOKS):
            heap.append(await heap_mb(page))
            await asyncio.sleep(_HEAP_EVERY_S)
        shown = await page.evaluate("() => held.overlay.scene.units.filter(({ home }) => !home).length")
        draws = await page.evaluate("() => spent")
        return Seen(gaps, late, paints, heap, draws, shown)


async def _lateness(page: Page, served: Driving) -> list[float]:
    """Move the probe to and fro at moments that have nothing to do with the feed's beat."""
    draw, clock = random.Random(3), SystemClock()
    found = []
    headers = {"authorization": f"Bearer {served.token}"}
    async with httpx.AsyncClient(base_url=served.address, headers=headers) as device:
        for number in range(_SENT):
            lat, lon = served.places[number % 2]
            lat = round(lat + number * 1e-6, 7)
            drawn = asyncio.create_task(page.evaluate(_WHEN, lat))
            await asyncio.sleep(draw.uniform(0.0, 0.5))
            at = clock.now().timestamp()
            body = {"lat": lat, "lon": lon, "speed_mps": 14.0, "heading_deg": 90.0}
            (await device.post(f"/api/fleet/{served.probe}/position", json=body)).raise_for_status()
            found.append(float(await drawn) - at * 1000.0)
    return found


def _rate(gaps: list[float]) -> float:
    return 1000.0 / float(np.mean(gaps))


if __name__ == "__main__":
    binary = chromium()
    if binary is None:
        raise SystemExit("There is no chromium, or the console was not built.")
    seen = measure(binary)
    for way, gaps in seen.gaps.items():
        print(f"{way:>8} {_rate(gaps):5.1f} fps, p99 {np.quantile(gaps, 0.99):5.0f} ms, worst {max(gaps):5.0f} ms")
    print("one drawing, ms:", np.quantile(seen.draws, (0.5, 0.99)).round(1), len(seen.draws))
    print("boards, map, ms:", np.median(seen.paints, axis=0).round(0))
    print("sent to drawn, ms:", np.quantile(seen.late, (0.5, 0.95, 0.99)).round(0), "heap:", seen.heap, seen.shown)
