"""Requests over real connections: closed loops of clients that ask several routes in turns, in blocks."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import httpx

CLIENTS: Final = 20
BLOCK_S: Final = 1.5
ROUNDS: Final = 5
WARM_S: Final = 1.0
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Load:
    """What one route did: milliseconds at p50 and p99, answers per second."""

    p50_ms: float
    p99_ms: float
    per_s: float


@dataclass(frozen=True)
class Side:
    """Requests, as they lie on the wire, and where they go."""

    address: str
    requests: Sequence[bytes]


def log_in(address: str, name: str, password: str) -> str:
    """Log in once; return the cookie that goes with every request."""
    opened = httpx.post(f"{address}/api/session", json={"name": name, "password": password}).raise_for_status()
    return opened.headers["set-cookie"].partition(";")[0]


def request(address: str, method: str, path: str, cookie: str, body: object = None) -> bytes:
    """One request as it lies on the wire."""
    content = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: {address.removeprefix('http://')}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\nCookie: {cookie}\r\n\r\n"
    )
    return head.encode() + content


async def connected(address: str, count: int = CLIENTS) -> list[Connection]:
    """Open connections."""
    host, port = address.removeprefix("http://").split(":")
    return [await asyncio.open_connection(host, int(port)) for _ in range(count)]


async def in_turns(
    sides: Mapping[str, Side], *, clients: int = CLIENTS, block_s: float = BLOCK_S, rounds: int = ROUNDS
) -> tuple[dict[str, Load], dict[str, int]]:
    """Ask each side in blocks that alternate, all clients at once, after a block that is not counted.

    The second value says how often each was asked in all.
    """
    took: dict[str, list[float]] = {name: [] for name in sides}
    warm: dict[str, list[float]] = {name: [] for name in sides}
    spent_s = dict.fromkeys(sides, 0.0)
    open_to = {address: await connected(address, clients) for address in {side.address for side in sides.values()}}
    for name, side in sides.items():
        await block(open_to[side.address], side.requests, WARM_S, warm[name])
    for _ in range(rounds):
        for name, side in sides.items():
            began = time.perf_counter()
            await block(open_to[side.address], side.requests, block_s, took[name])
            spent_s[name] += time.perf_counter() - began
    for connections in open_to.values():
        for _, writer in connections:
            writer.close()
    loads = {name: Load(*_quantiles(times), len(times) / spent_s[name]) for name, times in took.items()}
    return loads, {name: len(times) + len(warm[name]) for name, times in took.items()}


async def block(
    connections: Sequence[Connection], requests: Sequence[bytes], seconds: float, times: list[float]
) -> None:
    """Ask without pause on every connection; the next request of each goes out when its answer is there."""
    end = time.perf_counter() + seconds

    async def client(number: int, connection: Connection) -> None:
        turn = number
        while (began := time.perf_counter()) < end:
            status, body = await sent(connection, requests[turn % len(requests)])
            assert status in (200, 201), body
            turn += 1
            times.append(time.perf_counter() - began)

    await asyncio.gather(*(client(number, connection) for number, connection in enumerate(connections)))


async def sent(connection: Connection, asked: bytes) -> tuple[int, bytes]:
    """Ask once; return the status and the body of the answer."""
    reader, writer = connection
    writer.write(asked)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return int(head[9:12]), await reader.readexactly(length)


def _quantiles(times: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(times, n=100)
    return cuts[49] * 1000.0, cuts[98] * 1000.0
