"""Screens that follow the live feed and read nothing of it, and how much memory the server holds beside them."""

from __future__ import annotations

import json
import select
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.benchmarks.vehicle_frames import masked

_NARROW_BYTES: Final = 4_096
_LOOK_S: Final = 1.0


class Stalled:
    """So many screens; one that is closed for not reading comes back."""

    def __init__(self, address: str, cookie: str, count: int) -> None:
        host, port = address.removeprefix("http://").split(":")
        self._to, self._cookie = (host, int(port)), cookie
        self._poll = select.poll()
        self._lines: dict[int, socket.socket] = {}
        self.closed = 0
        for _ in range(count):
            self._open()

    def look(self) -> None:
        """Connect anew those that were closed."""
        for file, _ in self._poll.poll(0):
            self._poll.unregister(file)
            self._lines.pop(file).close()
            self.closed += 1
            self._open()

    def close(self) -> None:
        """Go."""
        for line in self._lines.values():
            line.close()

    def _open(self) -> None:
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _NARROW_BYTES)
        line.connect(self._to)
        head = (
            f"GET /api/live HTTP/1.1\r\nHost: {self._to[0]}:{self._to[1]}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Cookie: {self._cookie}\r\n\r\n"
        )
        line.sendall(head.encode())
        assert line.recv(12) == b"HTTP/1.1 101"
        line.sendall(masked(0x81, json.dumps({"op": "subscribe", "topics": ["units"], "after": None}).encode()))
        self._lines[line.fileno()] = line
        self._poll.register(line, select.POLLRDHUP)


@contextmanager
def stalled(address: str, cookie: str, count: int) -> Iterator[Stalled]:
    """Screens that stand while the block lasts."""
    screens = Stalled(address, cookie, count)
    try:
        yield screens
    finally:
        screens.close()


def growth(process: int, go_on: Callable[[float], object], screens: Stalled, for_s: float) -> tuple[float, float]:
    """Memory of a process while others go on: the median of the first third and of the last, MiB."""
    memory_mb: list[float] = []
    end = time.monotonic() + for_s
    while time.monotonic() < end:
        go_on(_LOOK_S)
        screens.look()
        status = Path(f"/proc/{process}/status").read_text()
        memory_mb.append(int(status.split("VmRSS:")[1].split()[0]) / 1024.0)
    part = max(len(memory_mb) // 3, 1)
    return statistics.median(memory_mb[:part]), statistics.median(memory_mb[-part:])
