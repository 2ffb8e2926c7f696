"""Twelve hours of a circuit's stream on one page of a transfer, second by second: it keeps no more at their end."""

from __future__ import annotations

import re
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from factories.browser import PATIENCE_MS, Room, dispatch_room, heap_bytes
from factories.desk import made
from factories.ecmo_seat import a_centre
from factories.patience import SOAK
from factories.rooms import brought
from playwright.async_api import Browser, Page, expect

from api.vehicle.client import Vehicle
from api.vehicle.heart import Heart
from api.vehicle.store import Measured, Store
from dispatch.kernel.clock import ManualClock
from dispatch.telemetry.rules_payloads import Payload, Value, Values, encode_payload
from dispatch.telemetry.states import Kind, Stream

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    pytest.mark.soak,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)
START = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ASKS_S = 2
"""How often the page asks."""
STEP_S = 10 if SOAK else ASKS_S
"""So much is sent and passes before it is waited for an answer: twelve hours of two seconds took more than two."""
STEPS = 12 * 3_600 // STEP_S if SOAK else 20
STEPS_OF_AN_HOUR = 3_600 // STEP_S
SETTLED_H = 2
SHOWN_EVERY = 10
"""Steps after which it is looked whether the page follows."""
MOST_GROWTH = 1.1


async def _a_transfer(room: Room) -> tuple[str, str]:
    """A transfer of who lies in a vehicle on its way, put before a centre: the id of its case, the vehicle's token."""
    service = room.duty.service
    unit, patient = await brought(room.duty)
    centre = await a_centre(room)
    made(await service.client.put(f"/api/fleet/{unit}/slots/1/patient", json={"patient_id": patient}))
    asker = await service.logged_in("emergency_doctor")
    (hospital, *_) = made(await asker.get("/api/hospitals"))["hospitals"]
    where = f"/api/ecmo/requests/{uuid4()}"
    told = {"mode": "vv", "origin": "emergency", "patient_id": patient, "hospital_id": hospital["key"]}
    made(await asker.put(where, json=told))
    asked = made(await asker.post(f"{where}/ask", json={"hospital_ids": [str(centre)]}))
    return str(asked["request"]["id"]), room.duty.tokens["阿-01"]


def _second(n: int) -> list[tuple[Kind, Payload]]:
    """What console and monitor measure in a second: it goes up and down, so that something is always drawn anew."""
    flow = _flow(n)
    return [
        (Kind.ECMO, Values((Value(101, flow), Value(102, 3_000.0 + 50 * flow), Value(103, -25.0 - 10 * flow)))),
        (Kind.VITALS, Values((Value(1, 50.0 + 10 * flow), Value(3, 95.0)))),
    ]


def _flow(n: int) -> float:
    return 4.0 + (n % 120) / 120


async def _looks_at_the_ecg(page: Page, vehicle: Vehicle) -> None:
    """In the circuit's place, while it comes; Escape goes back to where it was opened."""
    opener = page.get_by_role("button", name="12 导联心电")
    await opener.press("Enter")
    curves = page.locator("section").filter(has=page.get_by_role("img", name="心电图"))
    await expect(curves).to_contain_text("没有收到心电")
    for at_us, frame in Heart().until(vehicle.now_us(), 90.0):
        await vehicle.record(Stream(Kind.ECG, 1), frame, device_us=at_us)
    await page.clock.run_for(ASKS_S * 1_000)
    await expect(curves).not_to_contain_text("没有收到心电")
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await expect(curves).to_have_count(0)


async def test_twelve_hours_of_a_circuit_leave_the_page_as_small_as_it_was(
    database_url: str, tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The page's clock goes as fast as the test: the feed's beat must keep up with it.
    monkeypatch.setattr("api.live.feed.BEAT_S", 0.02)
    clock = ManualClock(START)
    async with dispatch_room(database_url, tmp_path, browser, clock=clock) as room:
        case, unit_token = await _a_transfer(room)
        seat = await room.seat()
        page = seat.page
        await page.clock.install(time=clock.now())
        await page.goto(f"/ecmo#{case}/live")
        # What it asks at first, before anything is measured, is answered before the first step.
        async with page.expect_response(lambda answer: answer.url.endswith("/measured")):
            await seat.fill_in("ecmo_coordinator")
        flow = page.get_by_role("listitem").filter(has_text="血流量")
        await expect(flow).to_be_visible()
        kept: list[int] = []
        recent: deque[str] = deque(maxlen=3)
        with Store(tmp_path / "log") as store:
            address = f"{room.wire.url.replace('http', 'ws')}/api/ingest"
            vehicle = Vehicle(store, address, unit_token, clock=clock)
            async with vehicle.linked():
                for step in range(STEPS):
                    for n in range(STEP_S):
                        clock.advance(timedelta(seconds=1))
                        told = _second(step * STEP_S + n)
                        at_us = vehicle.now_us()
                        await vehicle.record_many(
                            [Measured(Stream(kind, 1), at_us, encode_payload(one)) for kind, one in told]
                        )
                    await vehicle.emptied()
                    recent.append(f"{_flow((step + 1) * STEP_S - 1):.1f}")
                    async with page.expect_response(lambda answer: answer.url.endswith("/measured")):
                        for _ in range(STEP_S // ASKS_S):
                            await page.clock.run_for(ASKS_S * 1_000)
                    if step % SHOWN_EVERY == 0:
                        await expect(flow).to_contain_text(re.compile("|".join(recent)))
                    if (step + 1) % STEPS_OF_AN_HOUR == 0:
                        kept.append(await heap_bytes(page))
                        print(f"{len(kept)} h: {kept[-1] / 1e6:.2f} MB", flush=True)  # noqa: T201 - seen with -s
                await _looks_at_the_ecg(page, vehicle)
        if SOAK:
            settled, last = kept[SETTLED_H : 2 * SETTLED_H], kept[-SETTLED_H:]
            assert sum(last) <= MOST_GROWTH * sum(settled), kept
        assert seat.errors == []
