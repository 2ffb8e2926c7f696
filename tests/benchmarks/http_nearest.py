"""Nearest through HTTP against a route that only answers a constant: one server process, 20 clients, one run.

    python tests/benchmarks/http_nearest.py [ROAD_FILE]

The server is the real one (uvicorn, embedded PostgreSQL, the version check before every answer). The clients are a
process of their own. Blocks of all routes alternate, so that a busy machine touches them alike.

Asked four ways: `nearest` by 100 fleets in turn, whose vehicles therefore stand where they stood; `nearest, all moved`
by 2,000 of them, more places than a process remembers; `constant`, a route as any other, behind those of the
application; `constant, first`, before them all.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from fastapi import FastAPI

from api import event_loop
from api.app import create_app
from api.cli.demo import load_demo
from api.cli.roads_import import import_file
from api.logs import configure_logs
from api.parts import open_parts
from api.server import address_of, listening, serve_here, stopping_quietly
from dispatch.settings import load_settings

CLIENTS = 20
UNITS = 200
FLEETS = {"nearest": 100, "nearest, all moved": 2_000}
CONSTANTS = {"constant": "/constant", "constant, first": "/constant-first"}
BLOCK_S = 1.5
ROUNDS = 5
WARM_S = 1.0
PORTO = Path(__file__).parents[3] / "shared" / "data" / "roads" / "porto.osm.pbf"


@dataclass(frozen=True)
class Result:
    """Milliseconds at p50 and p99, and answers per second, of one route."""

    p50_ms: float
    p99_ms: float
    per_s: float


def main(arguments: list[str] | None = None) -> dict[str, Result]:
    """Start the server, measure, print both routes and their ratios."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and given[0] == "--serve":
        event_loop.run(serve(Path(given[1]), Path(given[2]) if len(given) > 2 else None))
        return {}
    if given and given[0] == "--clients":
        print(json.dumps(asyncio.run(clients(given[1], json.loads(given[2])))))
        return {}
    roads = Path(given[0]) if given else PORTO if PORTO.is_file() else None
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o711)
        server = subprocess.Popen(
            [sys.executable, __file__, "--serve", home, *([str(roads)] if roads else [])],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stdout is not None
            ready = json.loads(server.stdout.readline())
            points = json.dumps(ready["points"])
            measured = subprocess.run(
                [sys.executable, __file__, "--clients", ready["address"], points],
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
        finally:
            server.terminate()
            server.wait(20)
    results = {name: Result(*values) for name, values in json.loads(measured.stdout).items()}
    nearest, constant = results["nearest"], results["constant"]
    print(f"{CLIENTS} clients, {UNITS} vehicles in the body, {roads.name if roads else 'built-in region'}, one process")
    for name, result in results.items():
        print(f"{name:<18} p50 {result.p50_ms:7.2f} ms   p99 {result.p99_ms:7.2f} ms   {result.per_s:7.0f}/s")
    ratios = nearest.p50_ms / constant.p50_ms, nearest.p99_ms / constant.p99_ms
    print(f"ratio              p50 {ratios[0]:7.2f}      p99 {ratios[1]:7.2f}")
    return results


async def serve(home: Path, roads: Path | None) -> None:
    """Serve until ended; print the address and the region's box when ready."""
    configure_logs()
    settings = load_settings(home=home, region="bench" if roads else "aksu", host="127.0.0.1", port=0, logins=False)
    with stopping_quietly(), listening(settings) as listener:
        async with open_parts(settings) as parts:
            if roads:
                await import_file(parts, "bench", roads)
            else:
                await load_demo(parts)
            app = create_app(parts)
            _add_constants(app)

            def ready() -> None:
                network = app.state.live.known.network
                nodes = random.Random(3).choices(range(network.node_count), k=5_000)
                points = [(point.lat, point.lon) for point in map(network.node_point, nodes)]
                print(json.dumps({"address": address_of(listener), "points": points}), flush=True)

            await serve_here(app, settings, listener, ready)


def _add_constants(app: FastAPI) -> None:
    async def constant() -> dict[str, str]:
        return {"answer": "always the same"}

    for path in CONSTANTS.values():
        app.get(path)(constant)
    app.router.routes.insert(0, app.router.routes.pop())


async def clients(address: str, points: list[tuple[float, float]]) -> dict[str, tuple[float, float, float]]:
    """Ask all routes in alternating blocks from 20 closed loops; return p50, p99 (ms) and rate of each."""
    host, port = address.removeprefix("http://").split(":")
    rng = random.Random(7)
    requests = {name: [_request(host, "GET", path, b"")] for name, path in CONSTANTS.items()}
    for name, fleets in FLEETS.items():
        requests[name] = [_request(host, "POST", "/api/nearest", _body(rng, points)) for _ in range(fleets)]
    turns = {name: cycle(several) for name, several in requests.items()}
    took: dict[str, list[float]] = {name: [] for name in requests}
    spent_s = dict.fromkeys(took, 0.0)
    connections = [await asyncio.open_connection(host, int(port)) for _ in range(CLIENTS)]
    for name in took:
        await _block(connections, turns[name], WARM_S, [])
    for _ in range(ROUNDS):
        for name, times in took.items():
            began = time.perf_counter()
            await _block(connections, turns[name], BLOCK_S, times)
            spent_s[name] += time.perf_counter() - began
    for _, writer in connections:
        writer.close()
    return {name: (*_quantiles(times), len(times) / spent_s[name]) for name, times in took.items()}


async def _block(
    connections: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]],
    requests: Iterator[bytes],
    seconds: float,
    times: list[float],
) -> None:
    end = time.perf_counter() + seconds

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (began := time.perf_counter()) < end:
            writer.write(next(requests))
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            times.append(time.perf_counter() - began)

    await asyncio.gather(*(client(*connection) for connection in connections))


def _body(rng: random.Random, points: list[tuple[float, float]]) -> bytes:
    target, *units = [_near(rng, points) for _ in range(UNITS + 1)]
    vehicles = [{"id": f"unit-{row}", **point} for row, point in enumerate(units)]
    return json.dumps({"target": target, "k": 5, "units": vehicles}).encode()


def _request(host: str, method: str, path: str, body: bytes) -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


def _near(rng: random.Random, points: list[tuple[float, float]]) -> dict[str, float]:
    """A place within about 50 m of a random junction: vehicles and calls are where roads are."""
    lat, lon = rng.choice(points)
    return {"lat": round(lat + rng.uniform(-0.0005, 0.0005), 6), "lon": round(lon + rng.uniform(-0.0006, 0.0006), 6)}


def _quantiles(times: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(times, n=100)
    return cuts[49] * 1000.0, cuts[98] * 1000.0


if __name__ == "__main__":
    main()
