"""From a vehicle's frame to the emergency room's pixel, beside 200 vehicles: how soon, and how smoothly the ECG runs.

    python -m tests.benchmarks.er_pixel

A real service on the drawn region of the tests, 200 vehicles that send 7 messages a second each, and one more on its
way to the hospital: 12 leads at 500 Hz all the time, and now and then a heart rate that was not there before. It counts
as seen in the frame after the one in which the page has it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import numpy as np
from playwright.async_api import Page
from websockets.asyncio.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).parents[1]))

from factories.on_duty import manned
from factories.people import CIVIL, PASSWORD
from factories.service import REGION, drawing

from api import event_loop
from api.app import create_app
from api.kernel_cache import prepare_kernel_cache
from api.logs import configure_logs
from api.parts import open_parts
from api.server import address_of, listening, serve_here, stopping_quietly
from dispatch.kernel.clock import SystemClock
from dispatch.settings import load_settings
from dispatch.telemetry.rules_payloads import Value, Values, encode_payload
from dispatch.telemetry.rules_waves import Ecg, encode_ecg
from dispatch.telemetry.rules_wire import encode_frame
from dispatch.telemetry.states import Frame, Kind, Stream
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene
from tests.benchmarks.seat import browsing, chromium
from tests.benchmarks.serving import homes
from tests.benchmarks.vehicle_fleet import add
from tests.benchmarks.vehicle_frames import samples_of

HERE: Final = "tests.benchmarks.er_pixel"
VEHICLES: Final = 200
UNIT: Final = "阿-01"
_SENT: Final = 120
_PATIENCE_S: Final = 60.0
_SETTLE_S: Final = 5.0
_FRAMES_S: Final = 5
_ECG, _VITALS = Stream(Kind.ECG, 1), Stream(Kind.VITALS, 1)
_SEEN: Final = """(wanted) => new Promise((tell) => {
    const region = document.querySelector('section.vitals');
    const look = () => (region.textContent.includes(wanted)
        ? requestAnimationFrame(() => tell(performance.timeOrigin + performance.now()))
        : requestAnimationFrame(look));
    look();
})"""
_GAPS: Final = """async (seconds) => {
    const frame = () => new Promise(requestAnimationFrame);
    const gaps = [];
    let before = await frame();
    const end = before + seconds * 1000;
    while (before < end) { const now = await frame(); gaps.push(now - before); before = now; }
    return gaps;
}"""


@dataclass(frozen=True)
class Shown:
    """Milliseconds from sent to seen, and between frames."""

    late: list[float]
    gaps: list[float]


def rows(_scene: Scene) -> Iterator[Row]:
    """Figures of issue 5. Without a built console, or a browser, there are none."""
    path = chromium()
    if path is None:
        return
    with homes() as make:
        shown = asyncio.run(measured(make(), path))
    p50, p99 = np.quantile(shown.late, (0.5, 0.99))
    yield Row(
        f"vehicle → emergency room's pixel, loopback, {VEHICLES} vehicles: p99 of {len(shown.late)} (p50 {p50:.0f} ms)",
        f"{p99:.0f} ms", ratio=float(p99), most=150.0, unit=" ms",
    )  # fmt: skip
    rate = 1000.0 / float(np.mean(shown.gaps))
    yield Row(
        "12 leads × 500 Hz on screen, drawn by software: frames per second, beside the same",
        f"{rate:.0f}", ratio=rate, least=30.0, unit="",
    )  # fmt: skip


async def measured(home: Path, path: str) -> Shown:
    """Serve, load, and look."""
    with _server(home) as told, _load(told["address"], home):
        async with httpx.AsyncClient(base_url=told["address"], timeout=_PATIENCE_S) as desk:
            await _brought(desk, told)
        async with browsing(path) as browser, _monitor(told["address"], told["token"]) as line:
            page = await (await browser.new_context(base_url=told["address"], locale="zh-CN")).new_page()
            await page.goto("/er")
            await page.locator("input[name=name]").fill("emergency_doctor")
            await page.locator("input[name=password]").fill(PASSWORD)
            await page.keyboard.press("Enter")
            row = page.get_by_role("main").get_by_role("listitem").filter(has_text=UNIT)
            await row.get_by_role("button", name="胸痛").click()
            await page.locator("section.vitals").wait_for()
            await asyncio.sleep(_SETTLE_S)
            gaps = await page.evaluate(_GAPS, _FRAMES_S)
            return Shown(await _lateness(page, line), gaps)


async def _lateness(page: Page, line: Line) -> list[float]:
    draw, clock = random.Random(5), SystemClock()
    found: list[float] = []
    for number in range(_SENT):
        rate = f"{101 + number % 60}"
        seen = asyncio.create_task(page.evaluate(_SEEN, rate))
        await asyncio.sleep(0.2 + draw.uniform(0.0, 0.2))
        at_ms = clock.now().timestamp() * 1e3
        await line.send(_VITALS, number + 1, encode_payload(Values((Value(1, float(rate)),))))
        found.append(float(await seen) - at_ms)
    return found


@dataclass
class Line:
    """The connection of the one vehicle."""

    socket: ClientConnection

    async def send(self, stream: Stream, seq: int, payload: bytes) -> None:
        """Send a frame of now."""
        await self.socket.send(encode_frame(Frame(stream, seq, time.time_ns() // 1_000, payload)))


@asynccontextmanager
async def _monitor(address: str, token: str) -> AsyncIterator[Line]:
    """A vehicle whose monitor sends its ECG while the block lasts."""
    samples = samples_of(None)
    headers = {"Authorization": f"Bearer {token}"}
    async with connect(f"{address.replace('http', 'ws')}/api/ingest", additional_headers=headers) as socket:
        await socket.send(json.dumps({"op": "hello", "version": 1, "log": str(uuid4())}))
        welcome = json.loads(await socket.recv())
        now_us = time.time_ns() // 1_000
        await socket.send(json.dumps({"op": "clock", "device_us": now_us, "server_us": welcome["server_us"]}))
        line = Line(socket)

        async def go_on() -> None:
            begun_s = time.perf_counter()
            for number in range(10_000):
                await asyncio.sleep(max(0.0, begun_s + number * 0.2 - time.perf_counter()))
                start = number * 100 % (samples.shape[1] - 100)
                data = np.ascontiguousarray(samples[:, start : start + 100]).tobytes()
                ecg = Ecg(number * 100, 500, 100, 2_000.0, tuple(range(1, 13)), data)
                await line.send(_ECG, number + 1, encode_ecg(ecg))

        async def hear() -> None:
            async for _ in socket:
                pass

        works = [asyncio.create_task(go_on()), asyncio.create_task(hear())]
        try:
            yield line
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)


async def _brought(desk: httpx.AsyncClient, told: dict[str, str]) -> None:
    """Somebody with chest pain in the one vehicle, on its way to the hospital."""

    async def done(method: str, path: str, **body: object) -> dict[str, Any]:
        answered = await desk.request(method, f"/api/{path}", json=body or None)
        found: dict[str, Any] = answered.raise_for_status().json() if answered.content else {}
        return found

    await done("POST", "session", name="dispatcher", password=PASSWORD)
    unit, point = told["unit"], drawing().points["F"]
    (hospital,) = (await done("GET", "hospitals"))["hospitals"]
    place = {"lat": point.lat, "lon": point.lon}
    incident = (await done("POST", "incidents", priority="P2", complaint="K03", capabilities="B", place=place))["id"]
    await done("POST", f"incidents/{incident}/assignments", unit_id=unit)
    patient = (await done("POST", f"incidents/{incident}/patients", sex="male", age_years=58))["id"]
    for status in ("en_route", "on_scene", "at_patient", "transporting"):
        await done("POST", f"fleet/{unit}/status", status=status)
    ranked = await done("POST", f"patients/{patient}/destinations/ranking", unit_id=unit)
    await done("POST", f"patients/{patient}/destinations", ranking_id=ranked["id"], hospital_id=hospital["key"])
    await done("PUT", f"fleet/{unit}/slots/1/patient", patient_id=patient)


@contextmanager
def _server(home: Path) -> Iterator[dict[str, str]]:
    with subprocess.Popen([sys.executable, "-m", HERE, str(home)], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield json.loads(server.stdout.readline())
        finally:
            server.terminate()


@contextmanager
def _load(address: str, home: Path) -> Iterator[None]:
    """All others, who send while the block lasts."""
    command = [sys.executable, "-m", "tests.benchmarks.vehicles", address, str(home / "tokens.json")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as load:
        try:
            assert load.stdin is not None
            assert load.stdout is not None
            load.stdout.readline()
            load.stdin.write(json.dumps({"connect": VEHICLES}) + "\n")
            load.stdin.flush()
            load.stdout.readline()
            yield
        finally:
            load.kill()


async def _serve(home: Path) -> None:
    configure_logs()
    prepare_kernel_cache()
    settings = load_settings(home=home, region=REGION, host="127.0.0.1", port=0, logins=True)
    with stopping_quietly(), listening(settings) as listener:
        async with open_parts(settings) as parts:
            filled = await manned(parts.url, home, clock=parts.clock)
            (home / "tokens.json").write_text(json.dumps(await add(parts, VEHICLES, CIVIL)))
            told = {"address": address_of(listener), "unit": str(filled.units[UNIT]), "token": filled.tokens[UNIT]}
            await serve_here(create_app(parts), settings, listener, lambda: print(json.dumps(told), flush=True))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        event_loop.run(_serve(Path(sys.argv[1])))
    else:
        binary = chromium()
        if binary is None:
            raise SystemExit("There is no chromium, or the console was not built.")
        with homes() as own, contextlib.suppress(KeyboardInterrupt):
            shown = asyncio.run(measured(own(), binary))
            print("sent to seen, ms:", np.quantile(shown.late, (0.5, 0.9, 0.99)).round(0), max(shown.late))
            print("frames per second:", 1000.0 / np.mean(shown.gaps), np.quantile(shown.gaps, 0.99))
