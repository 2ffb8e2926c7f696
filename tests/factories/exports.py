"""Runs whose ECG is known sample by sample, and their exports read back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import httpx
import numpy as np
from factories.desk import made
from factories.live import Hall
from factories.rooms import doctor
from factories.vehicles import Line
from numpy.typing import NDArray

from dispatch.telemetry.rules_waves import MISSING, Ecg
from dispatch.telemetry.states import Kind, Stream

RATE = 500
STEP = 100
V3 = "{urn:hl7-org:v3}"


def drawn(samples: int, leads: int = 2) -> NDArray[np.int16]:
    """A curve unlike itself anywhere, with both ends of the range in it."""
    made = np.random.default_rng(5).integers(-3_000, 3_000, (leads, samples)).astype(np.int16)
    made[0, :2] = 32_767, MISSING + 1
    return made


async def send_ecg(
    line: Line, signal: NDArray[np.int16], frames: Sequence[int], leads: tuple[int, ...] = (1, 2), *, slot: int = 1
) -> None:
    """Send some of the fifths of a second of a recording that began when the line's clock says; wait for the last."""
    stream = Stream(Kind.ECG, slot)
    begun_us = line.now_us
    for seq, frame in enumerate(frames, 1):
        part = np.ascontiguousarray(signal[:, frame * STEP : (frame + 1) * STEP], "<i2")
        line.now_us = begun_us + frame * STEP * 1_000_000 // RATE
        await line.send(seq, Ecg(frame * STEP, RATE, part.shape[1], 200.0, leads, part.tobytes()), stream)
    await line.acked(len(frames), stream)
    line.now_us = begun_us


async def attach(hall: Hall, patient: UUID, slot: int = 1, *, ago_s: float = 120) -> None:
    """Attach a patient to a place of the first vehicle, so long ago."""
    at = (hall.centre.clock.now() - timedelta(seconds=ago_s)).isoformat()
    body = {"patient_id": str(patient), "at": at, "source": "voice"}
    async with doctor(hall, "dispatcher") as desk:
        made(await desk.put(f"/fleet/{hall.centre.units[0]}/slots/{slot}/patient", json=body))


async def export(client: httpx.AsyncClient, patient: UUID, form: str, **query: str) -> httpx.Response:
    """Ask for an export."""
    return await client.get(f"/patients/{patient}/export/{form}", params={"reason": "archive"} | query)


def unzipped(answered: httpx.Response, folder: Path) -> list[str]:
    """Lay the files of an archive into a folder; their names."""
    assert answered.status_code == 200, answered.text
    with zipfile.ZipFile(io.BytesIO(answered.content)) as archive:
        archive.extractall(folder)
        return archive.namelist()


def series_of(document: bytes) -> list[tuple[str, dict[str, NDArray[np.int16]]]]:
    """Each series of an aECG: its first moment, and its leads."""
    found = []
    for one in ET.fromstring(document).iter(f"{V3}series"):  # noqa: S314  our own text
        leads = {}
        for sequence in one.iter(f"{V3}sequence"):
            code = sequence.find(f"{V3}code")
            assert code is not None
            digits = sequence.findtext(f"{V3}value/{V3}digits")
            if digits is not None:
                leads[code.get("code", "").removeprefix("MDC_ECG_LEAD_")] = np.array(digits.split(), np.int16)
        head = one.find(f".//{V3}head")
        assert head is not None
        found.append((head.get("value", ""), leads))
    return found
