"""Vehicles that send what is measured on board, as many as are asked for, in one process of their own.

    python -m tests.benchmarks.vehicles ADDRESS TOKENS [ECG_RECORD]

On stdin come lines of JSON: `{"connect": 100}` for so many vehicles more, `{"measure": 3.0}` for what was acknowledged
and how soon in so many seconds, `{"stall": 50}` for so many that read no more. Each vehicle sends a position and vital
signs once a second and 12 leads at 500 Hz in frames of 200 ms, at moments of its own. All send the same frames, made
once: their logs differ, and each tells a clock by which its frames are of now. Sockets are read and written as plainly
as can be, so that little of the machine goes to those who ask.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import select
import socket
import statistics
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

import msgspec
import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.vehicle_frames import ECG, PLACE, STREAMS, VITALS, frames, masked, message, samples_of

_SLOTS: Final = 1_000
_AT_ONCE: Final = 20
"""So many are being connected at a time."""


class Durable(msgspec.Struct):
    """As the service tells it."""

    upto: int


class Told(msgspec.Struct):
    """Any word of the service."""

    op: str
    server_us: int = 0
    streams: dict[str, Durable] = {}
    code: str = ""


@dataclass(eq=False)
class Vehicle:
    """One connection. sent: for each stream when its frames went out, from the first that is not acknowledged."""

    line: socket.socket
    since_us: int
    next: list[int] = field(default_factory=lambda: [0, 0, 0])
    acked: list[int] = field(default_factory=lambda: [0, 0, 0])
    sent: list[deque[float]] = field(default_factory=lambda: [deque(), deque(), deque()])
    heard: bytes = b""
    waiting: bytes = b""
    stalled: bool = False
    upgraded: bool = False


class Fleet:
    """All vehicles of this process."""

    def __init__(self, address: str, tokens: list[str], samples: NDArray[np.int16]) -> None:
        host, port = address.removeprefix("http://").split(":")
        self._address, self._tokens = (host, int(port)), iter(tokens)
        self._began_us = time.time_ns() // 1_000
        self._frames = frames(self._began_us, samples)
        self._poll = select.epoll()
        self._by_file: dict[int, Vehicle] = {}
        self._slots: list[list[tuple[Vehicle, int]]] = [[] for _ in range(_SLOTS)]
        self._decode = msgspec.json.Decoder(Told).decode
        self._slot, self._turn_s = 0, time.perf_counter()
        self._opening: set[Vehicle] = set()
        self._begun = 0
        self.delays_s: list[float] = []
        self.sent = self.acknowledged = self.ended = 0
        self.latest_s = 0.0

    def connect(self, count: int) -> None:
        """Connect so many more, some at a time; those that are there go on meanwhile."""
        tokens = list(itertools.islice(self._tokens, count))
        while tokens or self._opening:
            while tokens and len(self._opening) < _AT_ONCE:
                self._open(tokens.pop())
            self.go_on(time.perf_counter() + 0.001)

    def _begin(self, vehicle: Vehicle) -> None:
        """Send from now on, at moments of its own."""
        self._opening.discard(vehicle)
        self._begun += 1
        first = (self._slot + 1 + self._begun * 37) % _SLOTS
        self._slots[(first + 150) % _SLOTS].append((vehicle, PLACE))
        self._slots[(first + 430) % _SLOTS].append((vehicle, VITALS))
        for fifth in range(5):
            self._slots[(first + 200 * fifth) % _SLOTS].append((vehicle, ECG))

    def stall(self, count: int) -> None:
        """So many read no more."""
        for vehicle in itertools.islice(self._by_file.values(), count):
            vehicle.stalled = True
            self._poll.unregister(vehicle.line)

    def measure(self, for_s: float) -> dict[str, float]:
        """What was sent and acknowledged in the next seconds. late_ms: by how much we ourselves were late at most."""
        self.delays_s, self.latest_s = [], 0.0
        sent, acknowledged, began_s, cpu_s = self.sent, self.acknowledged, time.perf_counter(), time.process_time()
        self.go_on(began_s + for_s)
        took_s = time.perf_counter() - began_s
        # What still waits counts as late as it is by now.
        now = time.perf_counter()
        waiting = [now - at for one in self._by_file.values() if not one.stalled for times in one.sent for at in times]
        cuts = statistics.quantiles([*self.delays_s, *waiting], n=100)
        return {
            "vehicles": len(self._by_file),
            "sent_per_s": (self.sent - sent) / took_s,
            "acknowledged_per_s": (self.acknowledged - acknowledged) / took_s,
            "p50_ms": cuts[49] * 1e3,
            "p99_ms": cuts[98] * 1e3,
            "late_ms": self.latest_s * 1e3,
            "ended": self.ended,
            "cpu": (time.process_time() - cpu_s) / took_s,
        }

    def go_on(self, until_s: float) -> None:
        """Send what is due and hear what comes, until a time."""
        while (now := time.perf_counter()) < until_s:
            while self._turn_s <= now:
                for vehicle, what in self._slots[self._slot]:
                    self._send(vehicle, what)
                self.latest_s = max(self.latest_s, now - self._turn_s)
                self._slot = (self._slot + 1) % _SLOTS
                self._turn_s += 1.0 / _SLOTS
            for file, events in self._poll.poll(max(0.0, min(self._turn_s, until_s) - time.perf_counter())):
                self._on(self._by_file[file], events)

    def _send(self, vehicle: Vehicle, what: int) -> None:
        number = vehicle.next[what]
        data = self._frames[what][number]
        vehicle.next[what] = number + 1
        vehicle.sent[what].append(time.perf_counter())
        self.sent += 1
        self._write(vehicle, data)

    def _write(self, vehicle: Vehicle, data: bytes) -> None:
        if vehicle.waiting:
            vehicle.waiting += data
            return
        try:
            went = vehicle.line.send(data)
        except BlockingIOError:
            went = 0
        except OSError:
            return
        if went < len(data):
            vehicle.waiting = data[went:]
            if not vehicle.stalled:
                self._poll.modify(vehicle.line, select.EPOLLIN | select.EPOLLOUT)

    def _on(self, vehicle: Vehicle, events: int) -> None:
        if events & select.EPOLLOUT and vehicle.waiting:
            data, vehicle.waiting = vehicle.waiting, b""
            self._write(vehicle, data)
            if not vehicle.waiting:
                self._poll.modify(vehicle.line, select.EPOLLIN)
        if not events & ~select.EPOLLOUT:
            return
        try:
            data = vehicle.line.recv(65_536)
        except OSError:
            data = b""
        now = time.perf_counter()
        if not data:
            self._gone(vehicle)
            return
        self._read(vehicle, vehicle.heard + data if vehicle.heard else data, now)

    def _read(self, vehicle: Vehicle, heard: bytes, now: float) -> None:
        place = 0 if vehicle.upgraded else self._upgraded(vehicle, heard)
        while vehicle.upgraded and (found := message(heard, place)) is not None:
            kind, content, place = found
            if kind == 0x81:
                self._hear(vehicle, content, now)
            elif kind == 0x89:
                self._write(vehicle, masked(0x8A, content))
            elif kind == 0x88:
                self._gone(vehicle)
                return
        vehicle.heard = heard[place:]

    def _hear(self, vehicle: Vehicle, text: bytes, now: float) -> None:
        told = self._decode(text)
        if told.op == "welcome":
            _say(vehicle.line, op="clock", device_us=self._began_us, server_us=told.server_us)
            self._begin(vehicle)
        elif told.op == "refused":
            raise SystemExit(f"refused: {told.code}")
        elif told.op == "ack":
            for name, durable in told.streams.items():
                what = _NAMES[name]
                times = vehicle.sent[what]
                for _ in range(durable.upto - vehicle.acked[what]):
                    self.delays_s.append(now - times.popleft())
                    self.acknowledged += 1
                vehicle.acked[what] = max(vehicle.acked[what], durable.upto)

    def _gone(self, vehicle: Vehicle) -> None:
        self.ended += 1
        self._poll.unregister(vehicle.line)
        del self._by_file[vehicle.line.fileno()]
        vehicle.line.close()
        for slot in self._slots:
            slot[:] = [one for one in slot if one[0] is not vehicle]

    def _open(self, token: str) -> None:
        line = socket.create_connection(self._address)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        head = (
            "GET /api/ingest HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        )
        line.sendall(head.encode())
        line.setblocking(False)
        vehicle = Vehicle(line, self._began_us)
        self._opening.add(vehicle)
        self._by_file[line.fileno()] = vehicle
        self._poll.register(line, select.EPOLLIN)

    @staticmethod
    def _upgraded(vehicle: Vehicle, heard: bytes) -> int:
        """Say hello when the answer's head is whole; return where messages begin, the end while it is not."""
        end = heard.find(b"\r\n\r\n")
        if end < 0:
            return 0
        assert heard.startswith(b"HTTP/1.1 101"), heard
        vehicle.upgraded = True
        _say(vehicle.line, op="hello", version=1, log=str(uuid4()))
        return end + 4


_NAMES: Final = {str(stream): number for number, stream in enumerate(STREAMS)}


def _say(line: socket.socket, **word: object) -> None:
    line.sendall(masked(0x81, json.dumps(word).encode()))


def main() -> None:
    """Do what the lines say; answer each with a line."""
    address, tokens = sys.argv[1], json.loads(Path(sys.argv[2]).read_text())
    fleet = Fleet(address, tokens, samples_of(Path(sys.argv[3]) if len(sys.argv) > 3 else None))
    print(json.dumps("ready"), flush=True)
    os.set_blocking(0, False)
    given = b""
    while True:
        try:
            more = os.read(0, 4_096)
        except BlockingIOError:
            fleet.go_on(time.perf_counter() + 0.005)
            continue
        if not more:
            return
        *lines, given = (given + more).split(b"\n")
        for line in lines:
            wish = json.loads(line)
            answer: object = None
            if "connect" in wish:
                fleet.connect(wish["connect"])
            elif "stall" in wish:
                fleet.stall(wish["stall"])
            elif "go_on" in wish:
                fleet.go_on(time.perf_counter() + wish["go_on"])
            else:
                answer = fleet.measure(wish["measure"])
                assert not math.isnan(answer["p99_ms"])
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
