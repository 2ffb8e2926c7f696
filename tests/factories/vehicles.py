"""Vehicles that speak the protocol to a running server: by its own client, and word by word."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from factories.live import Hall
from factories.patience import PATIENCE_S
from factories.people import CIVIL
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from dispatch.accounts.service_devices import add_device
from dispatch.accounts.states import DeviceKind
from dispatch.telemetry.queries import KeptFrame, KeptStream, list_frames, list_streams
from dispatch.telemetry.rules_arrivals import micros
from dispatch.telemetry.rules_payloads import Payload, Value, Values, encode_payload
from dispatch.telemetry.rules_wire import encode_frame
from dispatch.telemetry.states import Frame, Kind, Stream
from dispatch.units.tables import Unit

VITALS = Stream(Kind.VITALS, 1)
PLACE = Stream(Kind.POSITION, 0)
LONG_AGO, FAR_AHEAD = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def rate(value: float) -> Values:
    return Values((Value(1, value),))


async def device(hall: Hall, unit: int = 0) -> tuple[UUID, str]:
    """A device of a vehicle: its id and token."""
    async with hall.centre.database.write() as session:
        act = hall.centre.act(session)
        vehicle = await session.get_one(Unit, hall.centre.units[unit])
        made, token = await add_device(
            session, act.clock, act.context, kind=DeviceKind.VEHICLE, organisation=CIVIL, region="aksu",
            call_sign=vehicle.call_sign,
        )  # fmt: skip
    return made.id, token


@dataclass
class Line:
    """A connection in our own hands."""

    line: ClientConnection
    log: UUID
    now_us: int
    welcome: dict[str, Any]
    durable: dict[str, int] = field(default_factory=dict)

    async def say(self, **message: object) -> None:
        await self.line.send(json.dumps(message))

    async def send(self, seq: int, payload: Payload, stream: Stream = VITALS) -> None:
        await self.line.send(encode_frame(Frame(stream, seq, self.now_us, encode_payload(payload))))

    async def next(self, op: str) -> dict[str, Any]:
        """The next word of this kind."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                told: dict[str, Any] = json.loads(await self.line.recv())
                if told["op"] == op:
                    return told

    async def acked(self, upto: int, stream: Stream = VITALS) -> None:
        """Listen until all numbers up to this one are durable."""
        while self.durable.get(str(stream), 0) < upto:
            told = await self.next("ack")
            self.durable |= {name: one["upto"] for name, one in told["streams"].items()}

    async def closed(self) -> int:
        """Listen to the end; the close code, 1006 when the server just went."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    await self.line.recv()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd is not None else 1006


@asynccontextmanager
async def raw_line(hall: Hall, token: str) -> AsyncIterator[ClientConnection]:
    """A connection before its first word."""
    headers = {"Authorization": f"Bearer {token}"}
    async with connect(
        f"ws://{hall.address}/api/ingest", additional_headers=headers, compression=None, open_timeout=PATIENCE_S,
        ping_timeout=PATIENCE_S,
    ) as line:  # fmt: skip
        yield line


@asynccontextmanager
async def open_line(hall: Hall, token: str, *, log: UUID | None = None, offset_us: int = 0) -> AsyncIterator[Line]:
    """A connection after its welcome and clock."""
    log = log or uuid4()
    async with raw_line(hall, token) as line:
        await line.send(json.dumps({"op": "hello", "version": 1, "log": str(log)}))
        welcome = json.loads(await asyncio.wait_for(line.recv(), PATIENCE_S))
        now_us = micros(hall.centre.clock.now()) + offset_us
        await line.send(json.dumps({"op": "clock", "device_us": now_us, "server_us": welcome["server_us"]}))
        yield Line(line, log, now_us, welcome)


async def kept_frames(hall: Hall, unit: int = 0, *, slot: int = 1) -> list[KeptFrame]:
    async with hall.centre.database.read() as session:
        return await list_frames(session, hall.centre.units[unit], list(Kind), slot, LONG_AGO, FAR_AHEAD)


async def kept_streams(hall: Hall, unit: int = 0) -> list[KeptStream]:
    async with hall.centre.database.read() as session:
        return await list_streams(session, hall.centre.units[unit])
