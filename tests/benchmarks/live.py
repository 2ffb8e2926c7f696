"""200 clients of the live feed while the service takes 50 changes a second: what each was told, how late, and memory.

    python -m tests.benchmarks.live [ROAD_FILE]

One server process on a region with 200 vehicles on duty. Changes come through HTTP: vehicles that say what they do, and
orders that are given and taken back. Clients are processes of their own; ten of them do not read for 20 s again and
again, ten go away without a word every three seconds and come back. Every fact's number is compared with the journal.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from tests.benchmarks.load import Connection, connected, request, sent
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene
from tests.benchmarks.serving import Ready, homes, roads_of, served
from tests.factories.feed_clients import Heard, Kind, Plan, attend

HERE: Final = "tests.benchmarks.live"
CLIENTS: Final = 200
STALLED: Final = 10
CUT: Final = 10
CHANGES_PER_S: Final = 50
FOR_S: Final = 20.0
WARM_S: Final = 4.0
_PROCESSES: Final = 2
_WRITERS: Final = 8
_SEATED: Final = 60
"""Vehicles from this one on stand at their stations."""


@dataclass(frozen=True)
class Measured:
    """What all clients were told, and the server's memory each second after the warming up."""

    heard: list[Heard]
    told: list[int]
    changes_per_s: float
    cpu_share: float
    memory_mb: list[float]

    @property
    def missed(self) -> int:
        """Facts that were lost, told twice, out of order, or to nobody's purpose, of all clients."""
        return sum(len(one.missed(self.told)) + len(one.faults) for one in self.heard)

    @property
    def each(self) -> int:
        """How many facts each client was to be told, from its first boards on."""
        return len(self.heard[0].facts)

    @property
    def growth(self) -> float:
        """Memory of the last third of the time ÷ that of the first."""
        part = len(self.memory_mb) // 3
        return statistics.median(self.memory_mb[-part:]) / statistics.median(self.memory_mb[:part])

    @property
    def delays_ms(self) -> list[float]:
        """Of all facts to all steady clients."""
        return [delay for one in self.heard for delay in one.delays_ms]


def main(arguments: list[str] | None = None) -> Measured | None:
    """Start the server and the clients, change, measure, print."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and given[0] == "--clients":
        attend(_say, Plan(**json.loads(given[1])))
        return None
    with homes() as make, served(make(), Path(given[0]) if given else None) as ready:
        found = measured(ready)
    delays = statistics.quantiles(found.delays_ms, n=100)
    print(f"{found.changes_per_s:.1f} changes/s, {found.each} facts to each, {found.missed} missed or out of order")
    print(f"p50 {delays[49]:.1f} ms   p99 {delays[98]:.1f} ms   server {found.cpu_share:.0%} of a core")
    print(f"memory {found.memory_mb[0]:.0f} to {found.memory_mb[-1]:.0f} MB, ratio {found.growth:.3f}")
    for kind in Kind:
        ends = sum((Counter(one.closed) for one in found.heard if one.kind is kind), Counter[int]())
        print(f"{kind}: closed {dict(ends)}")
    return found


def rows(scene: Scene) -> Iterator[Row]:
    """Figure of issue 3, line 3."""
    roads = roads_of(scene)
    found = main([str(roads)] if roads else [])
    assert found is not None
    delays = statistics.quantiles(found.delays_ms, n=100)
    slow = sum(one.closed.get(4008, 0) for one in found.heard if one.kind is Kind.STALLED)
    who = f"live feed, {CLIENTS} clients, {STALLED} stalled, {CUT} reconnecting, {found.changes_per_s:.0f} changes/s"
    yield Row(f"{who}: facts lost, repeated or out of order, of {found.each:,.0f} to each",
              f"{found.missed:,.0f}", ratio=found.missed, most=0.0, unit="")  # fmt: skip
    yield Row(f"the same, memory of the server, last third of {FOR_S:.0f} s ÷ first third",
              f"{found.memory_mb[-1]:,.0f} MB", f"{found.memory_mb[0]:,.0f} MB", found.growth, most=1.1)  # fmt: skip
    yield Row("the same, from a line's `recorded_at` to its being read, p50 / p99",
              f"{delays[49]:.0f} / {delays[98]:.0f} ms")  # fmt: skip
    yield Row(f"the same, processor time of the server; stalled clients closed with 4008: {slow}",
              f"{found.cpu_share:.0%} of a core")  # fmt: skip


def measured(ready: Ready, *, clients: int = CLIENTS, for_s: float = FOR_S) -> Measured:
    """Change things while all clients listen."""
    with ExitStack() as stack:
        parts = [stack.enter_context(_listening(_plan(ready, clients))) for _ in range(_PROCESSES)]
        for part in parts:
            assert json.loads(_next(part)) == "ready"
        watch = _Watch(ready)
        per_s = asyncio.run(_changing(ready, WARM_S + for_s, watch))
        httpx.post(f"{ready.address}/api/incidents", json={"priority": "P4"}, headers={"cookie": ready.cookie})
        heard = [one for part in parts for one in msgspec.json.decode(_next(part), type=list[Heard])]
    asked = httpx.get(f"{ready.address}/api/bench/facts", timeout=30.0).raise_for_status()
    return Measured(heard, asked.json(), per_s, watch.cpu_share, watch.memory_mb)


def _plan(ready: Ready, clients: int) -> Plan:
    stalled, cut = (count // _PROCESSES for count in (STALLED, CUT))
    return Plan(ready.address, ready.cookie, clients // _PROCESSES - stalled - cut, stalled, cut)


@contextmanager
def _listening(plan: Plan) -> Iterator[subprocess.Popen[bytes]]:
    told = json.dumps(dataclasses.asdict(plan))
    process = subprocess.Popen([sys.executable, "-m", HERE, "--clients", told], stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _next(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return process.stdout.readline()


def _say(told: object) -> None:
    print(msgspec.json.encode(told).decode(), flush=True)


class _Watch:
    """Looks at the server process once a second."""

    def __init__(self, ready: Ready) -> None:
        self.memory_mb: list[float] = []
        self.cpu_share = 0.0
        self._folder = Path("/proc") / str(ready.process)

    async def look(self) -> None:
        """Look from the end of the warming up until cancelled."""
        await asyncio.sleep(WARM_S)
        began, spent = time.perf_counter(), self._cpu_s()
        while True:
            await asyncio.sleep(1.0)
            status = (self._folder / "status").read_text()
            self.memory_mb.append(int(status.split("VmRSS:")[1].split()[0]) / 1024.0)
            self.cpu_share = (self._cpu_s() - spent) / (time.perf_counter() - began)

    def _cpu_s(self) -> float:
        fields = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100.0


async def _changing(ready: Ready, for_s: float, watch: _Watch) -> float:
    """Make changes at the pace that is asked for; return how many there were, per second."""
    connections = await connected(ready.address, _WRITERS)
    began, made = time.perf_counter(), 0
    looking = asyncio.create_task(watch.look())

    async def writer(number: int, connection: Connection) -> None:
        nonlocal made
        units = ready.units[_SEATED + number :: _WRITERS]
        turn, every_s = 0, _WRITERS / CHANGES_PER_S
        due = began + number / CHANGES_PER_S
        while due < began + for_s:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            done = await _changed(ready, connection, units, ready.waiting[number], turn)
            made += done
            turn, due = turn + 1, due + every_s

    try:
        await asyncio.gather(*(writer(number, connection) for number, connection in enumerate(connections)))
    finally:
        looking.cancel()
    took_s = time.perf_counter() - began
    for _, out in connections:
        out.close()
    return made / took_s


async def _changed(ready: Ready, connection: Connection, units: Sequence[str], incident: str, turn: int) -> int:
    """One change, each tenth an order, which the next one takes back; else a vehicle says what it does."""

    async def post(path: str, **body: object) -> dict[str, Any]:
        status, answered = await sent(connection, request(ready.address, "POST", f"/api/{path}", ready.cookie, body))
        assert status in (200, 201), answered
        found: dict[str, Any] = json.loads(answered)
        return found

    if turn % 10 == 0:
        made = await post(f"incidents/{incident}/assignments", unit_id=units[0])
        await post(f"assignments/{made['id']}/cancel")
        return 2
    out, unit = turn // (len(units) - 1) % 2 == 0, units[1 + turn % (len(units) - 1)]
    told: dict[str, object] = {"reason": "meal"} if out else {}
    await post(f"fleet/{unit}/status", status="out_of_service" if out else "at_station", source="voice", **told)
    return 1


if __name__ == "__main__":
    main()
