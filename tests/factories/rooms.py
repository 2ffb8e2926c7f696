"""Emergency rooms of two hospitals, each of an organisation of its own, before a running service."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from factories.desk import made
from factories.fleet import CONTEXT, table
from factories.live import Hall
from factories.on_duty import OnDuty
from factories.patience import PATIENCE_S
from factories.people import CIVIL, CORPS, make_person
from sqlalchemy import select
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from api.er.passing import HEAD
from dispatch.accounts.states import Role
from dispatch.dispatching.service_times import project_clearing
from dispatch.hospitals.service import import_hospitals
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.service_patients import add_patient
from dispatch.incidents.states_patients import Sex
from dispatch.kernel.journal_table import JournalLine

OWN, OTHER = "emergency_doctor", "corps_doctor"
"""Doctors of the first hospital and of the second."""


async def make_rooms(hall: Hall) -> dict[str, UUID]:
    """The two hospitals, by whose doctor it is, and their doctors."""
    rows = [
        {"id": code, "name_zh": f"示例医院{code}", "organisation": owner, "system": system, "lat": lat, "lon": "80.26"}
        for code, owner, system, lat in (("h1", CIVIL, "地方", "41.17"), ("h2", CORPS, "兵团", "41.19"))
    ]
    async with hall.centre.database.write() as session:
        report = await import_hospitals(session, hall.centre.clock, CONTEXT, "aksu", table(*rows))
        assert report.ok, report.errors
        await make_person(session, hall.centre.clock, OTHER, Role.EMERGENCY_DOCTOR, organisation=CORPS)
        found = {row.code: row.id for row in await session.scalars(select(Hospital))}
    return {OWN: found["h1"], OTHER: found["h2"]}


async def bring(hall: Hall, to: UUID, unit: int = 0) -> UUID:
    """A man of 58 with chest pain, for whom a vehicle is sent to a hospital."""
    incident = await hall.centre.incident()
    sent = await hall.centre.send(incident, unit)
    async with hall.centre.database.write() as session:
        act = hall.centre.act(session)
        patient = await add_patient(act, incident, sex=Sex.MALE, age_years=58)
        await project_clearing(act, sent.id, act.clock.now() + timedelta(minutes=20), destination_id=to)
    return patient.id


async def brought(duty: OnDuty) -> tuple[str, str]:
    """A man with chest pain in a vehicle on its way, for whom the hospital was chosen: the ids of unit and patient."""
    (hospital,) = made(await duty.client.get("/api/hospitals"))["hospitals"]
    incident, unit = await duty.incident("F"), str(duty.units["阿-01"])
    made(await duty.post(f"incidents/{incident}/assignments", unit_id=unit))
    patient = str(made(await duty.post(f"incidents/{incident}/patients", sex="male", age_years=58))["id"])
    for status in ("en_route", "on_scene", "at_patient", "transporting"):
        await duty.say("阿-01", status)
    ranked = made(await duty.post(f"patients/{patient}/destinations/ranking", unit_id=unit))
    made(await duty.post(f"patients/{patient}/destinations", ranking_id=ranked["id"], hospital_id=hospital["key"]))
    return unit, patient


@asynccontextmanager
async def doctor(hall: Hall, name: str = OWN) -> AsyncIterator[httpx.AsyncClient]:
    """The client of somebody at a desk."""
    headers = {"cookie": await hall.cookie(name)}
    async with httpx.AsyncClient(base_url=f"http://{hall.address}/api", headers=headers, timeout=PATIENCE_S) as client:
        yield client


async def withheld(hall: Hall) -> list[dict[str, Any]]:
    """What the journal says of refusals."""
    async with hall.centre.database.read() as session:
        wanted = select(JournalLine.payload).where(JournalLine.type == "patient.withheld").order_by(JournalLine.seq)
        return list(await session.scalars(wanted))


@dataclass(frozen=True)
class Sent:
    """A frame as a screen is sent it."""

    kind: int
    slot: int
    seq: int
    at_us: int
    received_us: int
    payload: bytes


def frames_of(body: bytes) -> list[Sent]:
    """Read frames that lie one after another."""
    found: list[Sent] = []
    while body:
        version, kind, slot, _, size, seq, at_us, received_us = HEAD.unpack_from(body)
        assert version == 1
        found.append(Sent(kind, slot, seq, at_us, received_us, body[HEAD.size : HEAD.size + size]))
        body = body[HEAD.size + size :]
    return found


@dataclass
class Screen:
    """A screen that keeps all it was sent."""

    line: ClientConnection
    words: list[dict[str, Any]] = field(default_factory=list)
    frames: list[Sent] = field(default_factory=list)

    async def _hear(self) -> str:
        told = await self.line.recv()
        if isinstance(told, bytes):
            self.frames += frames_of(told)
            return "frame"
        word = json.loads(told)
        self.words.append(word)
        return str(word["op"])

    async def until(self, op: str) -> dict[str, Any]:
        """Listen until the next word of this kind."""
        async with asyncio.timeout(PATIENCE_S):
            while await self._hear() != op:
                pass
        return self.words[-1]

    async def until_frames(self, count: int) -> list[Sent]:
        """Listen until so many frames have come."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.frames) < count:
                await self._hear()
        return self.frames

    async def closed(self) -> int:
        """Listen to the end; the close code."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    await self._hear()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd is not None else 1006


@asynccontextmanager
async def looking(hall: Hall, key: UUID, name: str = OWN, *, at: str = "er/patients") -> AsyncIterator[Screen]:
    """A screen at a patient, or at what else is followed so."""
    url = f"ws://{hall.address}/api/{at}/{key}/live"
    cookie = {"cookie": await hall.cookie(name)}
    async with connect(
        url, additional_headers=cookie, max_size=None, open_timeout=PATIENCE_S, ping_timeout=PATIENCE_S
    ) as line:
        yield Screen(line)
