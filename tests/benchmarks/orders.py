"""Rows of figures about orders: with and without the journal's line, on SQLite, and through HTTP."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Final

from tests.benchmarks import assignments, sqlite_orders
from tests.benchmarks.load import Connection, connected, request, sent
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene
from tests.benchmarks.serving import Ready, homes, roads_of, served

HTTP_S: Final = 6.0
WARM_S: Final = 1.5
SQLITE_S: Final = 6.0


def rows(scene: Scene) -> Iterator[Row]:
    """Figure of issue 3, line 2."""
    with redirect_stdout(sys.stderr):
        found = assignments.main()
    who = f"assigning and calling off {assignments.UNITS} units, {assignments.CLIENTS} competing clients"
    yield Row(f"{who}: with the journal's lines ÷ without, assignments per second", f"{found['journalled_per_s']:,.0f}",
              f"{found['bare_per_s']:,.0f}", found["ratio"], least=0.5)  # fmt: skip
    yield Row(f"the same, overlaps in {found['made']:,.0f} assignments ({found['lost']:,.0f} lost to another)",
              f"{found['overlaps']:,.0f}", ratio=found["overlaps"], most=0.0, unit="")  # fmt: skip
    sqlite = sqlite_orders.assignments_per_s(SQLITE_S)
    yield Row("the same on SQLite, 16 processes, WAL, synchronous=FULL, assignments per second",
              f"{found['journalled_per_s']:,.0f}", f"{sqlite:,.0f}", found["journalled_per_s"] / sqlite)  # fmt: skip
    with homes() as make, served(make(), roads_of(scene)) as ready:
        asyncio.run(per_s(ready, WARM_S))
        made, lost = asyncio.run(per_s(ready, HTTP_S))
    yield Row(f"the same through HTTP, one process, assignments per second ({lost:,.0f} a second lost to another)",
              f"{made:,.0f}")  # fmt: skip


async def per_s(ready: Ready, for_s: float) -> tuple[float, float]:
    """Assignments made and lost, per second: each client sends a unit for its incident, and calls it off again."""
    made = lost = 0
    end = time.perf_counter() + for_s

    async def client(number: int, connection: Connection) -> None:
        nonlocal made, lost
        draw = random.Random(number)
        path = f"/api/incidents/{ready.waiting[number]}/assignments"
        while time.perf_counter() < end:
            order = request(ready.address, "POST", path, ready.cookie, {"unit_id": draw.choice(ready.units)})
            status, body = await sent(connection, order)
            if status == 409:
                lost += 1
                continue
            assert status == 201, body
            made += 1
            off = f"/api/assignments/{json.loads(body)['id']}/cancel"
            status, body = await sent(connection, request(ready.address, "POST", off, ready.cookie, {}))
            assert status == 200, body

    connections = await connected(ready.address, assignments.CLIENTS)
    began = time.perf_counter()
    await asyncio.gather(*(client(number, connection) for number, connection in enumerate(connections)))
    took_s = time.perf_counter() - began
    for _, writer in connections:
        writer.close()
    return made / took_s, lost / took_s
