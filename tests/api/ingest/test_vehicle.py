"""A vehicle's own client against the service: cut links, killed servers, an old backup, another's token."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from uuid import UUID

import pytest
from factories.live import Hall
from factories.patience import PATIENCE_S
from factories.vehicles import VITALS, device, kept_frames, kept_streams, open_line, rate, raw_line

from api.vehicle.client import Refusal, Vehicle
from api.vehicle.store import Measured, Store
from dispatch.telemetry.rules_arrivals import micros
from dispatch.telemetry.rules_payloads import Chunk, Values, encode_payload
from dispatch.telemetry.rules_pictures import put_together
from dispatch.telemetry.rules_ranges import Ranges

pytestmark = pytest.mark.database


def vehicle_of(hall: Hall, store: Store, token: str) -> Vehicle:
    return Vehicle(store, f"ws://{hall.address}/api/ingest", token, retry_s=0.01, longest_retry_s=0.05, replaced_s=0.01)


async def emptied(vehicle: Vehicle) -> None:
    await asyncio.wait_for(vehicle.emptied(), PATIENCE_S)


async def values(hall: Hall) -> list[float]:
    return sorted(one.payload.values[0].value for one in await kept_frames(hall) if isinstance(one.payload, Values))


async def test_what_was_recorded_without_a_link_arrives_with_its_times(hall: Hall, tmp_path: Path) -> None:
    _, token = await device(hall)
    with Store(tmp_path / "log") as store:
        vehicle = vehicle_of(hall, store, token)
        for number in range(300):
            await vehicle.record(VITALS, rate(number))
        async with vehicle.linked():
            await vehicle.record(VITALS, rate(300))
            await emptied(vehicle)
    assert await values(hall) == [float(number) for number in range(301)]
    (stream,) = await kept_streams(hall)
    assert (stream.held, stream.lost) == (Ranges([(1, 301)]), Ranges())


async def test_a_link_that_is_cut_again_and_again_loses_nothing_and_doubles_nothing(hall: Hall, tmp_path: Path) -> None:
    _, token = await device(hall)
    with Store(tmp_path / "log") as store:
        vehicle = vehicle_of(hall, store, token)
        async with vehicle.linked():
            for number in range(120):
                await vehicle.record(VITALS, rate(number))
                if number % 20 == 0:
                    # Another connection of the vehicle takes the link away in the middle of everything.
                    async with raw_line(hall, token) as line:
                        await line.send(json.dumps({"op": "hello", "version": 1, "log": str(UUID(int=5))}))
                        await line.recv()
            await emptied(vehicle)
        assert vehicle.connections >= 2
    assert await values(hall) == [float(number) for number in range(120)]


async def test_numbers_that_a_full_disk_gave_up_are_told_lost(hall: Hall, tmp_path: Path) -> None:
    _, token = await device(hall)
    with Store(tmp_path / "log", most_bytes=2_000) as store:
        vehicle = vehicle_of(hall, store, token)
        for number in range(40):
            await vehicle.record(VITALS, rate(number))
        gone = store.never_to_come(VITALS, Ranges())
        assert gone
        async with vehicle.linked():
            await vehicle.record(VITALS, rate(99))
            await emptied(vehicle)
            while (await kept_streams(hall))[0].held != Ranges([(1, 41)]):
                pass
    assert (await kept_streams(hall))[0].lost == Ranges(gone)


async def test_a_store_from_a_backup_begins_a_new_log(hall: Hall, tmp_path: Path) -> None:
    _, token = await device(hall)
    with Store(tmp_path / "log") as store:
        log = store.log
        async with open_line(hall, token, log=log) as line:
            for seq in (1, 2, 3):
                await line.send(seq, rate(seq))
            await line.acked(3)
        vehicle = vehicle_of(hall, store, token)
        async with vehicle.linked():
            await vehicle.record(VITALS, rate(50))
            await emptied(vehicle)
        assert store.log != log
    assert await values(hall) == [1, 2, 3, 50]


async def test_a_frame_that_is_refused_is_given_up_and_told(hall: Hall, tmp_path: Path) -> None:
    _, token = await device(hall)
    with Store(tmp_path / "log") as store:
        vehicle = vehicle_of(hall, store, token)
        await vehicle.record(VITALS, rate(1), Values(()), rate(3))
        async with vehicle.linked():
            await emptied(vehicle)
        assert vehicle.refused == {"payload.length": 1}
    assert await values(hall) == [1, 3]
    assert (await kept_streams(hall))[0].lost == Ranges([(2, 2)])


async def test_a_wrong_token_is_for_a_person_to_see(hall: Hall, tmp_path: Path) -> None:
    with Store(tmp_path / "log") as store:
        vehicle = vehicle_of(hall, store, "td_wrong")
        with pytest.raises(Refusal):
            await asyncio.wait_for(vehicle.run(), PATIENCE_S)


async def test_a_day_without_a_link_and_a_cut_in_the_middle_of_a_picture(hall: Hall, tmp_path: Path) -> None:
    """All of it comes with its times; what was measured just now comes first."""
    _, token = await device(hall)
    picture = b"\xff\xd8\xff\xda\0\x02" + random.Random(8).randbytes(400_000) + b"\xff\xd9"
    with Store(tmp_path / "log") as store:
        vehicle = vehicle_of(hall, store, token)
        now_us, minute_us = vehicle.now_us(), 60_000_000
        old = [
            Measured(VITALS, now_us - age * minute_us, encode_payload(rate(age % 200))) for age in range(1_440, 0, -8)
        ]
        await vehicle.record_many(old)
        image = await vehicle.record_picture(1, picture)
        async with vehicle.linked():
            while len(await kept_frames(hall)) < 20:
                pass
            async with raw_line(hall, token) as line:
                await line.send(json.dumps({"op": "hello", "version": 1, "log": str(UUID(int=5))}))
                await line.recv()
            await vehicle.record(VITALS, rate(111))
            await emptied(vehicle)
    frames = await kept_frames(hall)
    ages = [(vehicle.now_us() - micros(one.at)) // minute_us for one in frames if isinstance(one.payload, Values)]
    assert len(ages) == 181
    assert ages == sorted(ages, reverse=True)
    assert 1_439 <= ages[0] <= 1_441
    chunks = [one.payload for one in frames if isinstance(one.payload, Chunk)]
    assert {one.image for one in chunks} == {image}
    assert put_together(chunks) == picture
