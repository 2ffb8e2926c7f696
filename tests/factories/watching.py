"""A patient in a vehicle whose monitor sends, and a dispatcher who sees what is found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from factories.live import Hall
from factories.patience import PATIENCE_S
from factories.vehicles import VITALS, Line

from dispatch.incidents.service_patients import add_patient
from dispatch.telemetry.rules_payloads import Payload, encode_payload
from dispatch.telemetry.rules_wire import encode_frame
from dispatch.telemetry.states import Frame, Stream


@asynccontextmanager
async def desk(hall: Hall) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"cookie": await hall.cookie("dispatcher")}
    async with httpx.AsyncClient(base_url=f"http://{hall.address}/api", headers=headers, timeout=PATIENCE_S) as client:
        yield client


async def patient(hall: Hall, age_years: int | None) -> UUID:
    incident_id = await hall.centre.incident()
    async with hall.centre.database.write() as session:
        return (await add_patient(hall.centre.act(session), incident_id, age_years=age_years)).id


async def attach(hall: Hall, client: httpx.AsyncClient, patient_id: UUID, ago_s: float = 60.0) -> None:
    body = {"patient_id": str(patient_id), "at": (hall.centre.clock.now() - timedelta(seconds=ago_s)).isoformat()}
    put = await client.put(f"/fleet/{hall.centre.units[0]}/slots/1/patient", json=body)
    assert put.status_code == 200, put.text


async def send(line: Line, seq: int, payload: Payload, at_s: float, stream: Stream = VITALS) -> None:
    device_us = line.now_us + round(at_s * 1_000_000)
    await line.line.send(encode_frame(Frame(stream, seq, device_us, encode_payload(payload))))


async def until(client: httpx.AsyncClient, codes: Sequence[str], **wanted: object) -> list[dict[str, Any]]:
    """Look until these are listed, with these values."""
    told: list[dict[str, Any]] = []
    async with asyncio.timeout(PATIENCE_S):
        while True:
            told = (await client.get("/detections")).json()["detections"]
            chosen = [one for one in told if all(one[name] == value for name, value in wanted.items())]
            if sorted(one["code"] for one in chosen) == sorted(codes):
                return chosen
            await asyncio.sleep(0.05)
