"""Links cut in the middle of everything, databases away, clocks of other years: nothing lost, nothing invented."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from factories.fleet import START
from factories.links import Link, linked_database, through
from factories.live import Hall, another_server, open_hall
from factories.patience import PATIENCE_S, SOAK
from factories.vehicles import VITALS, device, kept_frames, kept_streams, open_line, rate

from api.ingest.gateway import Gateway
from api.vehicle.client import Vehicle
from api.vehicle.store import Measured, Store
from dispatch.kernel.clock import ManualClock
from dispatch.telemetry.rules_arrivals import micros, moment
from dispatch.telemetry.rules_payloads import Chunk, Values, encode_payload
from dispatch.telemetry.rules_pictures import put_together
from dispatch.telemetry.rules_ranges import Ranges
from dispatch.telemetry.rules_waves import Ecg
from dispatch.telemetry.states import Kind, Stream

pytestmark = pytest.mark.database

ECG = Stream(Kind.ECG, 1)
FRAMES = 60
"""Of an ECG, before a cut and while there is no link."""
STEPS_US = {10: 200_000, 600: 10_000_000, 86_400: 1_440_000_000}
"""How far apart they are while there is no link for so many seconds."""
AWAY_S = 30.0


def ecg(number: int) -> Ecg:
    """The frame of that number: 12 leads, 50 samples each, no two alike."""
    leads = np.arange(12)[:, None] * 100 + np.arange(50)[None, :] + number
    return Ecg(number * 50, 500, 50, 200.0, tuple(range(1, 13)), leads.astype("<i2").tobytes())


@pytest.mark.parametrize("gone_s", STEPS_US)
async def test_a_link_cut_in_the_middle_of_a_picture_and_an_ecg(database_url: str, tmp_path: Path, gone_s: int) -> None:
    """Cut within a frame, and for so long by the clock: all comes afterwards with its times, the newest first."""
    clock = ManualClock(START)
    picture = b"\xff\xd8\xff\xda\0\x02" + random.Random(8).randbytes(150_000) + b"\xff\xd9"
    async with open_hall(database_url, tmp_path, units=1, clock=clock) as hall:
        _, token = await device(hall)
        host, port = hall.address.split(":")
        link = Link(host, int(port))
        async with link.standing():
            with Store(tmp_path / "log") as store:
                url = f"ws://127.0.0.1:{link.port}/api/ingest"
                vehicle = Vehicle(store, url, token, clock=clock, retry_s=0.01, longest_retry_s=0.05)
                before = [Measured(ECG, vehicle.now_us() - 1, encode_payload(ecg(number))) for number in range(FRAMES)]
                await vehicle.record_many(before)
                image = await vehicle.record_picture(1, picture)
                link.cut_after(120_000)
                async with vehicle.linked():
                    await asyncio.wait_for(link.was_cut.wait(), PATIENCE_S)
                    assert len(await kept_frames(hall)) < FRAMES + len(picture) // 8_192
                    for number in range(FRAMES, 2 * FRAMES):
                        clock.advance(timedelta(microseconds=STEPS_US[gone_s]))
                        await vehicle.record(ECG, ecg(number))
                    link.restore()
                    await asyncio.wait_for(vehicle.emptied(), PATIENCE_S)
                assert vehicle.refused == {}
        frames = await kept_frames(hall)
        streams = {one.stream: one for one in await kept_streams(hall)}
    ecgs = [one for one in frames if isinstance(one.payload, Ecg)]
    assert [one.payload for one in ecgs] == [ecg(number) for number in range(2 * FRAMES)]
    assert all(one.sure for one in ecgs)
    late = [ecgs[FRAMES + number].at - START for number in range(FRAMES)]
    assert late == [timedelta(microseconds=STEPS_US[gone_s] * (number + 1)) for number in range(FRAMES)]
    assert (streams[ECG].held, streams[ECG].lost) == (Ranges([(1, 2 * FRAMES)]), Ranges())
    chunks = [one.payload for one in frames if isinstance(one.payload, Chunk)]
    assert {one.image for one in chunks} == {image}
    assert put_together(chunks) == picture


@pytest.mark.parametrize("year", [1970, 2099])
async def test_a_device_whose_clock_stands_in_another_year(database_url: str, tmp_path: Path, year: int) -> None:
    """Its times are set right by what its clock was found to be ahead; as it said them they are kept too."""
    async with open_hall(database_url, tmp_path, units=1, clock=ManualClock(START)) as hall:
        _, token = await device(hall)
        there = datetime(year, 1, 1, 0, 5, tzinfo=UTC)
        async with open_line(hall, token, offset_us=micros(there) - micros(START)) as line:
            line.now_us -= 60_000_000
            await line.send(1, rate(80))
            await line.acked(1)
        (frame,) = await kept_frames(hall)
    assert (frame.at, frame.device_at, frame.sure) == (
        START - timedelta(seconds=60), there - timedelta(seconds=60), True
    )  # fmt: skip
    assert moment(line.now_us) == frame.device_at


@asynccontextmanager
async def hall_behind(link: Link, hall: Hall, url: str, home: Path) -> AsyncIterator[Hall]:
    """Another server, which reaches the database by a link."""
    async with another_server(through(link, url), home, hall.centre, hall.people) as other:
        yield other


@pytest.mark.soak
async def test_a_database_that_is_away_holds_vehicles_up_and_loses_nothing(database_url: str, tmp_path: Path) -> None:
    """Their windows fill, they are not closed; when it is back all is kept, once. In the soak it is away for 30 s."""
    link = linked_database(database_url)
    async with open_hall(database_url, tmp_path, units=1) as hall, link.standing():
        _, token = await device(hall)
        async with hall_behind(link, hall, database_url, tmp_path / "second") as away:
            gateway: Gateway = away.app.state.gateway
            with Store(tmp_path / "log") as store:
                url = f"ws://{away.address}/api/ingest"
                vehicle = Vehicle(store, url, token, retry_s=0.01, longest_retry_s=0.05)
                async with vehicle.linked():
                    await vehicle.record(VITALS, rate(0))
                    await asyncio.wait_for(vehicle.emptied(), PATIENCE_S)
                    link.cut()
                    count = gateway.window.frames + 100
                    for number in range(1, count):
                        await vehicle.record(VITALS, rate(number))
                    if SOAK:
                        await asyncio.sleep(AWAY_S)
                    assert not store.is_empty
                    link.restore()
                    await asyncio.wait_for(vehicle.emptied(), PATIENCE_S)
                assert vehicle.connections == 1
        values = [one.payload.values[0].value for one in await kept_frames(hall) if isinstance(one.payload, Values)]
        (stream,) = await kept_streams(hall)
    assert sorted(values) == [float(number) for number in range(count)]
    assert (stream.held, stream.lost) == (Ranges([(1, count)]), Ranges())
