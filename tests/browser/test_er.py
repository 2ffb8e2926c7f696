"""The emergency room in a real browser: who is brought, the ECG at its true scale, a link pulled and put back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from factories.browser import PATIENCE_MS, Room
from factories.desk import made
from factories.readable import unreadable_in
from factories.rooms import brought
from playwright.async_api import Page, expect

from api.vehicle.client import Vehicle
from api.vehicle.store import Measured, Store
from dispatch.telemetry.rules_payloads import Payload, Value, Values, encode_payload
from dispatch.telemetry.rules_waves import Ecg
from dispatch.telemetry.states import Kind, Stream

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)

STEP_S = 0.2
UNITS_PER_MV = 500.0
# Of the strip of lead II, which stands at one millivolt: the columns in which there is ink 40 px above its zero.
INKED = """
(wanted) => new Promise((done) => {
  // Read from a copy: a canvas that is read often is drawn in another way.
  const copy = document.createElement("canvas");
  const look = () => {
    const canvas = document.querySelector("canvas.traces");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const pen = copy.getContext("2d", { willReadFrequently: true });
    pen.drawImage(canvas, 0, 0);
    const row = (canvas.height - 16) / 4;
    const at = (cell, mv) => Math.round(row * (cell + 0.58) - mv * 40);
    const inked = (y) => {
      const bytes = pen.getImageData(0, y - 1, canvas.width, 3).data;
      const found = [];
      for (let x = 0; x < canvas.width; x++)
        // The trace is bright; what hatches a gap is grey.
        if ([0, 1, 2].some((line) => {
          const at = 4 * (line * canvas.width + x);
          return bytes[at] > 200 && bytes[at + 3] > 100;
        })) found.push(x);
      return found;
    };
    const strip = inked(at(3, 1)), derived = inked(at(2, 0.5)).filter((x) => x < 270);
    const whole = strip.length > 0 && strip.at(-1) - strip[0] + 1 === strip.length;
    const told = { strip: strip.length, derived: derived.length, whole };
    if (wanted === "ink" ? told.strip > 100 && told.derived > 20 : told.whole && told.strip > 300) done(told);
    else setTimeout(look, 100);
  };
  look();
})
"""


def ecg(place: int) -> Ecg:
    """A fifth of a second: I at a half, II at one millivolt, so that III is at a half too."""
    rows = np.repeat(np.array([[UNITS_PER_MV / 2], [UNITS_PER_MV]], "<i2"), 100, axis=1)
    return Ecg(place * 100, 500, 100, UNITS_PER_MV, (1, 2), rows.tobytes())


@asynccontextmanager
async def measuring(vehicle: Vehicle) -> AsyncIterator[None]:
    """Measure as a monitor does, whether or not there is a link, while the block lasts."""

    async def go_on() -> None:
        begun_us, loop = vehicle.now_us(), asyncio.get_running_loop()
        begun_s = loop.time()
        for place in range(10_000):
            at_us = begun_us + round(place * STEP_S * 1_000_000)
            told: list[tuple[Kind, Payload]] = [(Kind.ECG, ecg(place))]
            told += [(Kind.VITALS, Values((Value(1, 104.0), Value(3, 93.0))))] if place % 5 == 0 else []
            await asyncio.sleep(max(0.0, begun_s + (place + 1) * STEP_S - loop.time()))
            await vehicle.record_many([Measured(Stream(kind, 1), at_us, encode_payload(one)) for kind, one in told])

    going = asyncio.create_task(go_on())
    try:
        yield
    finally:
        going.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await going


async def monitored(room: Room) -> None:
    """A man with chest pain in a vehicle on its way to the hospital, attached to its monitor."""
    unit, patient = await brought(room.duty)
    made(await room.duty.client.put(f"/api/fleet/{unit}/slots/1/patient", json={"patient_id": patient}))


async def looked(page: Page, wanted: str) -> dict[str, int]:
    """Wait until the strip shows what is wanted."""
    async with asyncio.timeout(PATIENCE_MS / 1_000):
        told: dict[str, int] = await page.evaluate(INKED, wanted)
    return told


async def test_a_doctor_sees_the_ecg_of_who_is_brought_and_a_gap_is_filled(room: Room, tmp_path: Path) -> None:
    await monitored(room)
    seat = await room.seat()
    page = seat.page
    await page.goto("/er")
    await seat.fill_in("emergency_doctor")
    row = page.get_by_role("main").get_by_role("listitem").filter(has_text="阿-01")
    await expect(row).to_contain_text("胸痛")
    await expect(row).to_contain_text("男 58 岁")
    with Store(tmp_path / "log") as store:
        vehicle = Vehicle(store, f"{room.wire.url.replace('http', 'ws')}/api/ingest", room.duty.tokens["阿-01"])
        async with measuring(vehicle):
            async with vehicle.linked():
                await expect(row).to_contain_text("104")
                await row.get_by_role("button", name="胸痛").click()
                await expect(page.get_by_role("region", name="生命体征")).to_contain_text("93")
                await looked(page, "ink")
            # The link is pulled: the monitor goes on measuring, and nothing that is old is told as new.
            await expect(page.get_by_text("无新采样")).to_be_visible()
            async with vehicle.linked():
                await expect(page.get_by_text("测量到屏幕")).to_be_visible()
                await page.get_by_role("button", name="冻结").click()
                await expect(page.get_by_text("已冻结 · 不是实时")).to_be_visible()
                await looked(page, "whole")
    assert await unreadable_in(page, "night", "day", "wall", shot="er-patient") == []
    await page.get_by_role("button", name="返回来院板").click()
    await expect(row).to_be_visible()
    assert await unreadable_in(page, "night", "day", "wall", shot="er-board") == []
    assert seat.errors == []
