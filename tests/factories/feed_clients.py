"""Many clients of the live feed in one process: real WebSockets, the number of every fact kept.

They read the wire themselves, with as little code as can be: a library's way through 20,000 frames a second would cost
more than the service that sends them. Each ends with the first fact of type `END` that it is told.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, cast

import msgspec
import uvloop

from dispatch.kernel.clock import SystemClock

END: Final = "incident.opened"
_TOPICS: Final = ("calls", "incidents", "units", "assignments")
_PATIENCE_S: Final = 240.0
_NARROW_BYTES: Final = 4_096
_GUID: Final = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 0x81, 0x88, 0x89, 0x8A


class Kind(StrEnum):
    """What a client does: reads on; does not read for a while; goes away without a word and comes back."""

    STEADY = "steady"
    STALLED = "stalled"
    CUT = "cut"


@dataclass(frozen=True)
class Plan:
    """So many of each kind; how long a stall lasts, and a line that is cut."""

    address: str
    cookie: str
    steady: int
    stalled: int = 0
    cut: int = 0
    stall_s: float = 20.0
    line_s: float = 3.0


@dataclass
class Heard:
    """What one client was told. begun: its first boards are of that line. closed: how often with which code.

    delays_ms: from each fact's `recorded_at` to its reading, of a steady client.
    """

    kind: Kind
    begun: int = -1
    facts: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    closed: dict[int, int] = field(default_factory=Counter)
    delays_ms: list[float] = field(default_factory=list)

    def missed(self, told: Sequence[int]) -> list[int]:
        """The numbers in which it differs from what was to be told to whoever listened all the time."""
        return sorted({seq for seq in told if seq > self.begun} ^ set(self.facts))


def attend(say: Callable[[object], None], plan: Plan) -> None:
    """Open all; say "ready" when each has its boards, and what each was told when all are at the end."""
    uvloop.run(_attend(say, plan))


async def _attend(say: Callable[[object], None], plan: Plan) -> None:
    kinds = [Kind.STEADY] * plan.steady + [Kind.STALLED] * plan.stalled + [Kind.CUT] * plan.cut
    clients = [_Client(kind, plan) for kind in kinds]
    works = [asyncio.create_task(client.run()) for client in clients]
    async with asyncio.timeout(_PATIENCE_S):
        await asyncio.gather(*(client.ready.wait() for client in clients))
        say("ready")
        await asyncio.gather(*works)
    say([client.heard for client in clients])


class _Message(msgspec.Struct):
    kind: str
    seq: int | None = None
    mark: str = ""
    type: str = ""
    code: str = ""
    recorded_at: datetime | None = None


class _Client:
    def __init__(self, kind: Kind, plan: Plan) -> None:
        self.heard, self._plan = Heard(kind), plan
        self.ready, self._boards, self._done = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._known: int | None = None
        self._mark, self._snapshots = "", 0
        self._decoder, self._clock = msgspec.json.Decoder(_Message), SystemClock()

    async def run(self) -> None:
        steady, stalled = self.heard.kind is Kind.STEADY, self.heard.kind is Kind.STALLED
        while not self._done.is_set():
            self._snapshots = 0
            self._boards.clear()
            line = await self._connected()
            await _first(self._boards, line.lost)
            if stalled and not line.lost.is_set():
                line.transport.pause_reading()
                await asyncio.sleep(self._plan.stall_s)
                line.transport.resume_reading()
            await _first(self._done, line.lost, seconds=None if steady else self._plan.line_s)
            line.transport.abort()
            await line.lost.wait()

    def hear(self, data: bytes, line: _Line) -> None:
        told, heard = self._decoder.decode(data), self.heard
        if told.kind == "welcome":
            wish = {"op": "subscribe", "topics": _TOPICS, "after": self._known, "mark": self._mark}
            line.say(_TEXT, msgspec.json.encode(wish))
            return
        if told.kind == "fact":
            self._hear_fact(told)
        elif told.kind == "snapshot":
            heard.begun = (told.seq or 0) if heard.begun < 0 else heard.begun
            self._snapshots += 1
            if self._snapshots == len(_TOPICS):
                self._boards.set()
                self.ready.set()
        elif told.kind == "refused":
            heard.faults.append(told.code)
        if told.seq is not None:
            self._known, self._mark = told.seq, told.mark

    def _hear_fact(self, told: _Message) -> None:
        heard = self.heard
        assert told.seq is not None
        assert told.recorded_at is not None
        if heard.facts and told.seq <= heard.facts[-1]:
            heard.faults.append(f"{told.seq} after {heard.facts[-1]}")
        heard.facts.append(told.seq)
        if heard.kind is Kind.STEADY:
            heard.delays_ms.append((self._clock.now() - told.recorded_at).total_seconds() * 1000.0)
        if told.type == END:
            self._done.set()

    async def _connected(self) -> _Line:
        host, port = self._plan.address.removeprefix("http://").split(":")
        opened = socket.socket()
        if self.heard.kind is Kind.STALLED:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _NARROW_BYTES)
        opened.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(opened, (host, int(port)))
        _, line = await loop.create_connection(lambda: _Line(self, self._plan), sock=opened)
        return line


class _Line(asyncio.Protocol):
    """A WebSocket (RFC 6455): a server's frames are whole and not masked, a client's are masked."""

    transport: asyncio.Transport

    def __init__(self, client: _Client, plan: Plan) -> None:
        self.lost = asyncio.Event()
        self._client, self._plan = client, plan
        self._key = base64.b64encode(os.urandom(16)).decode()
        self._data, self._open = bytearray(), False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport = cast("asyncio.Transport", transport)
        head = [
            "GET /api/live HTTP/1.1", f"Host: {self._plan.address.removeprefix('http://')}", "Upgrade: websocket",
            "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {self._key}",
            f"Cookie: {self._plan.cookie}", "", "",
        ]  # fmt: skip
        transport.write("\r\n".join(head).encode())

    def connection_lost(self, _exc: Exception | None) -> None:
        self.lost.set()

    def data_received(self, data: bytes) -> None:
        self._data += data
        if not self._open and not self._answered():
            return
        at, end = 0, len(self._data)
        while end - at >= 2:
            length, body = self._data[at + 1], at + 2
            if length >= 126:
                size = 2 if length == 126 else 8
                length, body = int.from_bytes(self._data[body : body + size], "big"), body + size
            if end < body + length:
                break
            self._take(self._data[at], bytes(self._data[body : body + length]))
            at = body + length
        del self._data[:at]

    def say(self, head: int, data: bytes) -> None:
        """Send a short frame; its mask is nothing, which masks nothing."""
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
        self.transport.write(bytes([head]) + size + bytes(4) + data)

    def _answered(self) -> bool:
        head, end, _ = self._data.partition(b"\r\n\r\n")
        if not end:
            return False
        accept = base64.b64encode(hashlib.sha1((self._key + _GUID).encode(), usedforsecurity=False).digest())
        if not head.startswith(b"HTTP/1.1 101") or accept not in head:
            self._client.heard.faults.append(head.decode("latin-1").partition("\r\n")[0])
            self.transport.abort()
            return False
        del self._data[: len(head) + len(end)]
        self._open = True
        return True

    def _take(self, head: int, data: bytes) -> None:
        if head == _TEXT:
            self._client.hear(data, self)
        elif head == _PING:
            self.say(_PONG, data)
        elif head == _CLOSE:
            code = int.from_bytes(data[:2], "big")
            closed = self._client.heard.closed
            closed[code] = closed.get(code, 0) + 1
            self.say(_CLOSE, data[:2])
        else:
            raise ValueError(f"a frame that begins with {head:#x}")


async def _first(*events: asyncio.Event, seconds: float | None = None) -> None:
    """Wait for the first of some events, or for so long."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
