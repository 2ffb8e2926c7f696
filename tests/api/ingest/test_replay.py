"""Recordings played to the service, compared with their files sample by sample."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
from factories.live import Hall
from factories.patience import PATIENCE_S
from factories.vehicles import device, kept_frames

from api.vehicle.client import Vehicle
from api.vehicle.replay import ecg_frames, play, timed_frames
from api.vehicle.store import Store
from api.vehicle.tracks import Timed
from api.vehicle.wfdb import Record, Signal, read_record
from dispatch.telemetry.rules_payloads import PositionFix, Value, Values
from dispatch.telemetry.rules_waves import Ecg
from dispatch.units.queries_position import list_latest

pytestmark = pytest.mark.database


async def played(hall: Hall, folder: Path, record: Record, rows: list[Timed], *, speed: float = 0.0) -> None:
    _, token = await device(hall)
    with Store(folder / "log") as store:
        vehicle = Vehicle(store, f"ws://{hall.address}/api/ingest", token, retry_s=0.01)
        async with vehicle.linked():
            await play(vehicle, [ecg_frames(record, 1), timed_frames(rows, 1)], speed=speed)
            await asyncio.wait_for(vehicle.emptied(), PATIENCE_S)
        assert vehicle.refused == {}


async def samples(hall: Hall) -> np.ndarray:
    ecgs = [one.payload for one in await kept_frames(hall) if isinstance(one.payload, Ecg)]
    assert [ecg.first_sample for ecg in ecgs] == [
        sum(one.samples for one in ecgs[:place]) for place in range(len(ecgs))
    ]
    return np.concatenate([ecg.matrix() for ecg in ecgs], axis=1)


async def test_what_is_played_arrives_whole_with_its_places_and_values(hall: Hall, tmp_path: Path) -> None:
    wave = np.round(800 * np.sin(np.arange(1_500) / 20)).astype(np.int16)
    record = Record("drawn", 500, (Signal("I", 1_000.0, 0, wave), Signal("II", 1_000.0, 100, wave // 2)))
    rows = [Timed(0.5, PositionFix(0, 41.171, 80.262, 12.0)), Timed(1.0, Values((Value(1, 88.0),)))]
    await played(hall, tmp_path, record, rows, speed=10.0)
    assert np.array_equal(await samples(hall), np.stack([wave, wave // 2 - 100]))
    async with hall.centre.database.read() as session:
        (latest,) = await list_latest(session, [hall.centre.units[0]])
    assert latest.lat == 41.171


@pytest.mark.real_data
async def test_a_real_ecg_of_twelve_leads_is_kept_sample_by_sample(hall: Hall, tmp_path: Path, real_data: Path) -> None:
    record = read_record(real_data / "ecg" / "s0010_re")
    await played(hall, tmp_path, record, [])
    whole = np.fromfile(real_data / "ecg" / "s0010_re.dat", "<i2").reshape(-1, 12).T
    assert np.array_equal(await samples(hall), whole)
