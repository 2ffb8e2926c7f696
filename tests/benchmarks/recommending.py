"""Recommendation through HTTP against a route that reads one row: one server process, the same clients, in turns.

    python -m tests.benchmarks.recommending [ROAD_FILE]

Each recommendation ranks 200 vehicles of two organisations on duty, 20 of them on runs that it could divert, for one of
20 waiting incidents of its kind; it is stored with all that was looked at, journalled, and committed before the answer
goes out. The clients are a process of their own.

The ways to a place that was asked about are kept by the server. So the same is measured again with 200 places in turn,
more than it keeps: "elsewhere".
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from tests.benchmarks.load import CLIENTS, Load, Side, in_turns, request
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene
from tests.benchmarks.serving import Ready, homes, roads_of, served
from tests.benchmarks.staffed import UNITS, WAITING

HERE: Final = "tests.benchmarks.recommending"
ASKED: Final = ("recommendation", "elsewhere")
ELSEWHERE: Final = 200
"""So many places are more than an engine keeps the ways to (`geo.routing.trees`), on the roads of the extract."""


@dataclass(frozen=True)
class Measured:
    """All sides with 20 clients and with one; processor time in road questions, per recommendation, by side."""

    many: dict[str, Load]
    one: dict[str, Load]
    routing_ms: dict[str, float]


def main(arguments: list[str] | None = None) -> Measured | None:
    """Start the server, measure, print."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and given[0] == "--clients":
        print(json.dumps(asyncio.run(clients(Ready(**json.loads(given[1]))))))
        return None
    with homes() as make, served(make(), Path(given[0]) if given else None, waiting=WAITING + ELSEWHERE) as ready:
        told = json.dumps(dataclasses.asdict(ready))
        done = subprocess.run(
            [sys.executable, "-m", HERE, "--clients", told], stdout=subprocess.PIPE, text=True, check=True
        )
    found = json.loads(done.stdout)
    many, one = ({name: Load(*values) for name, values in found[count].items()} for count in ("many", "one"))
    for count, loads in ((CLIENTS, many), (1, one)):
        for name, load in loads.items():
            print(f"{count:>2} {name:<15} p50 {load.p50_ms:7.2f} ms   p99 {load.p99_ms:7.2f} ms   {load.per_s:7.0f}/s")
        for side in ASKED:
            ours, peer = loads[side], loads["row"]
            print(f"   {side} ÷ row: p50 {ours.p50_ms / peer.p50_ms:.2f}, p99 {ours.p99_ms / peer.p99_ms:.2f}")
    for side, each_ms in found["routing_ms"].items():
        print(f"   {side}: roads {each_ms:.2f} ms of processor time each")
    return Measured(many, one, found["routing_ms"])


def rows(scene: Scene) -> Iterator[Row]:
    """Figure of issue 3, line 1."""
    roads = roads_of(scene)
    found = main([str(roads)] if roads else [])
    assert found is not None
    who = f"recommendation through HTTP, {CLIENTS} clients, {UNITS} units on duty"
    peer = found.many["row"]
    for side, named in zip(ASKED, (who, "the same, each about a place whose ways are not kept"), strict=True):
        ours = found.many[side]
        for share, mine, theirs in (("p50", ours.p50_ms, peer.p50_ms), ("p99", ours.p99_ms, peer.p99_ms)):
            yield Row(f"{named}, {share} ÷ a route that reads one row", f"{mine:.1f} ms", f"{theirs:.1f} ms",
                      mine / theirs, most=5.0)  # fmt: skip
        yield Row("the same, answers per second of one process", f"{ours.per_s:,.0f}", f"{peer.per_s:,.0f}")
        each_ms, roads_ms = 1000.0 / ours.per_s, found.routing_ms[side]
        yield Row("the same, processor time in road questions ÷ the time between two answers", f"{roads_ms:.1f} ms",
                  f"{each_ms:.1f} ms", roads_ms / each_ms)  # fmt: skip
        alone, row = found.one[side], found.one["row"]
        yield Row("the same, one client, p50", f"{alone.p50_ms:.1f} ms", f"{row.p50_ms:.1f} ms",
                  alone.p50_ms / row.p50_ms)  # fmt: skip


def recommendations(ready: Ready, incidents: Sequence[str]) -> list[bytes]:
    """A question for each incident."""
    address = ready.address
    return [request(address, "POST", f"/api/incidents/{one}/recommendation", ready.cookie, {}) for one in incidents]


async def clients(ready: Ready) -> dict[str, Any]:
    """Ask all sides, with 20 clients and then with one."""
    address, waiting = ready.address, ready.waiting
    row = Side(address, [request(address, "GET", f"/api/bench/row/{one}", ready.cookie) for one in waiting[:WAITING]])
    asked = {
        side: Side(address, recommendations(ready, incidents))
        for side, incidents in zip(ASKED, (waiting[:WAITING], waiting[WAITING:]), strict=True)
    }
    sides = {"row": row, **asked}
    many, _ = await in_turns(sides)
    one, _ = await in_turns(sides, clients=1, rounds=3)
    routing_ms: dict[str, float] = {}
    async with httpx.AsyncClient(base_url=address) as client:

        async def spent_s() -> float:
            return float((await client.get("/api/bench/spent")).json()["cpu_s"])

        for name, side in asked.items():
            before_s = await spent_s()
            _, answers = await in_turns({name: side}, rounds=2)
            routing_ms[name] = (await spent_s() - before_s) / answers[name] * 1000.0
    told: dict[str, Any] = {
        count: {name: dataclasses.astuple(load) for name, load in loads.items()}
        for count, loads in (("many", many), ("one", one))
    }
    return {**told, "routing_ms": routing_ms}


if __name__ == "__main__":
    main()
