"""Recommendation through HTTP against a route that reads one row: one server process, the same clients, in turns.

    python -m tests.benchmarks.recommending [ROAD_FILE]

Each recommendation ranks 200 vehicles of two organisations on duty, 20 of them on runs that it could divert, for one of
20 waiting incidents of its kind; it is stored with all that was looked at, journalled, and committed before the answer
goes out. The clients are a process of their own.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from tests.benchmarks.load import CLIENTS, Load, Side, in_turns, request
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene
from tests.benchmarks.serving import Ready, homes, roads_of, served
from tests.benchmarks.staffed import UNITS

HERE: Final = "tests.benchmarks.recommending"


@dataclass(frozen=True)
class Measured:
    """Both routes with 20 clients and with one; processor time in road questions, per recommendation."""

    many: dict[str, Load]
    one: dict[str, Load]
    routing_ms: float


def main(arguments: list[str] | None = None) -> Measured | None:
    """Start the server, measure, print."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and given[0] == "--clients":
        print(json.dumps(asyncio.run(clients(Ready(**json.loads(given[1]))))))
        return None
    with homes() as make, served(make(), Path(given[0]) if given else None) as ready:
        told = json.dumps(dataclasses.asdict(ready))
        done = subprocess.run(
            [sys.executable, "-m", HERE, "--clients", told], stdout=subprocess.PIPE, text=True, check=True
        )
    found = json.loads(done.stdout)
    many, one = ({name: Load(*values) for name, values in found[count].items()} for count in ("many", "one"))
    for count, loads in ((CLIENTS, many), (1, one)):
        for name, load in loads.items():
            print(f"{count:>2} {name:<15} p50 {load.p50_ms:7.2f} ms   p99 {load.p99_ms:7.2f} ms   {load.per_s:7.0f}/s")
        ours, peer = loads["recommendation"], loads["row"]
        print(f"   ratio           p50 {ours.p50_ms / peer.p50_ms:7.2f}      p99 {ours.p99_ms / peer.p99_ms:7.2f}")
    print(f"   roads {found['routing_ms']:.2f} ms of processor time each")
    return Measured(many, one, found["routing_ms"])


def rows(scene: Scene) -> Iterator[Row]:
    """Figure of issue 3, line 1."""
    roads = roads_of(scene)
    found = main([str(roads)] if roads else [])
    assert found is not None
    ours, peer = found.many["recommendation"], found.many["row"]
    who = f"recommendation through HTTP, {CLIENTS} clients, {UNITS} units on duty"
    for share, mine, theirs in (("p50", ours.p50_ms, peer.p50_ms), ("p99", ours.p99_ms, peer.p99_ms)):
        yield Row(f"{who}, {share} ÷ a route that reads one row", f"{mine:.1f} ms", f"{theirs:.1f} ms", mine / theirs,
                  most=5.0)  # fmt: skip
    yield Row("the same, answers per second of one process", f"{ours.per_s:,.0f}", f"{peer.per_s:,.0f}")
    each_ms = 1000.0 / ours.per_s
    yield Row("the same, processor time in road questions ÷ the time between two answers", f"{found.routing_ms:.1f} ms",
              f"{each_ms:.1f} ms", found.routing_ms / each_ms)  # fmt: skip
    ours, peer = found.one["recommendation"], found.one["row"]
    yield Row("the same, one client, p50", f"{ours.p50_ms:.1f} ms", f"{peer.p50_ms:.1f} ms", ours.p50_ms / peer.p50_ms)


def recommendations(ready: Ready) -> list[bytes]:
    """A question for each waiting incident."""
    address = ready.address
    return [request(address, "POST", f"/api/incidents/{one}/recommendation", ready.cookie, {}) for one in ready.waiting]


async def clients(ready: Ready) -> dict[str, Any]:
    """Ask both routes, with 20 clients and then with one."""
    address = ready.address
    sides = {
        "row": Side(address, [request(address, "GET", f"/api/bench/row/{one}", ready.cookie) for one in ready.waiting]),
        "recommendation": Side(address, recommendations(ready)),
    }
    async with httpx.AsyncClient(base_url=address) as client:

        async def spent_s() -> float:
            return float((await client.get("/api/bench/spent")).json()["cpu_s"])

        before_s = await spent_s()
        many, answers = await in_turns(sides)
        routing_ms = (await spent_s() - before_s) / answers["recommendation"] * 1000.0
    one, _ = await in_turns(sides, clients=1, rounds=3)
    told = {
        count: {name: dataclasses.astuple(load) for name, load in loads.items()}
        for count, loads in (("many", many), ("one", one))
    }
    return {**told, "routing_ms": routing_ms}


if __name__ == "__main__":
    main()
