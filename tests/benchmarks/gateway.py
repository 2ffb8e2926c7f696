"""Vehicles that one process holds: 7 messages a second each, all acknowledged after their commit, 99 of 100 in 100 ms.

    python -m tests.benchmarks.gateway [ours] [same] [plain]

Vehicles are added in steps until the acknowledgements come too late; ours and the peers one after the other, on one
database server that writes through to the disk, with the same vehicles (`tests/benchmarks/vehicles.py`), each with a
patient attached. Ours is the whole service on the built-in region (`create_app`). The peer of the target is the same
gateway as a plain engineer builds it (`tests/benchmarks/same_gateway.py`); a bare one, which does a part of that work
(`tests/benchmarks/plain_gateway.py`), is told too.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from api import event_loop
from api.app import create_app
from api.cli.demo_people import load_people
from api.kernel_cache import prepare_kernel_cache
from api.logs import configure_logs
from api.parts import open_parts
from api.server import address_of, listening, serve_here, stopping_quietly
from dispatch.kernel.postgres.processes import in_folder
from dispatch.settings import load_settings
from tests.benchmarks import durable, plain_gateway, same_gateway
from tests.benchmarks.load import log_in
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene
from tests.benchmarks.screens import growth, stalled
from tests.benchmarks.serving import homes
from tests.benchmarks.vehicle_fleet import fill

HERE: Final = "tests.benchmarks.gateway"
TOKENS: Final = "tokens.json"
MOST: Final = 2_600
LIMIT_MS: Final = 100.0
LEAST: Final = 3.0
SETTLE_S: Final = 1.5
MEASURE_S: Final = 3.0
OURS, SAME, PLAIN = "ours", "same", "plain"
STEPS: Final = {OURS: (400, 200), SAME: (100, 100), PLAIN: (300, 100)}
"""The first step, and those after it."""
SCREENS: Final = 50
MEMORY_AT: Final = 1_000
KEEPS_UP: Final = 0.95
"""Who acknowledges so much of what is sent has nothing that piles up, also where it is later than the limit."""
HOLD_S: Final = 600.0 if os.environ.get("TARIM_SOAK") == "1" else 15.0
"""For how long memory is looked at, with screens that do not read beside it."""
GROWTH: Final = 1.1
_CATCHES_UP: Final = 20
BEHIND_S: Final = 10.0
"""Who looks for alarms so much later than frames come does not hold them: desks are told."""


@dataclass(frozen=True)
class Held:
    """What a gateway held: so many vehicles at most, and the figures of each step."""

    vehicles: int
    steps: list[dict[str, float]]
    memory_mb: dict[int, tuple[float, float]]
    """By number of vehicles, with stalled screens: in the first third of the time and in the last."""

    def at(self, vehicles: int) -> dict[str, float]:
        """The step with so many vehicles."""
        return next(step for step in self.steps if step["vehicles"] == vehicles)


def rows(scene: Scene) -> Iterator[Row]:
    """First and second figure of issue 5."""
    record = None if scene.source is None else scene.source.parent / "ecg" / "s0010_re.dat"
    record = record if record is not None and record.is_file() else None
    with homes() as make:
        home = make()
        found = measured(home, (PLAIN, SAME, OURS), record)
        durable_rows = list(durable.rows(home, record))
    ours = found[OURS]
    yield from _compared(ours, found[SAME], "the same gateway on FastAPI and uvicorn as they come", LEAST)
    yield from _compared(ours, found[PLAIN], "one there without resuming, gaps, days, shares, map, detection", None)
    yield Row("the same, ours: alarms are looked for behind what came", f"{ours.at(ours.vehicles)['behind_s']:.1f} s")
    for vehicles, (before, after) in ours.memory_mb.items():
        who = f"memory with {vehicles:,} vehicles and {SCREENS} stalled screens"
        yield Row(
            f"{who}, last third of {HOLD_S:.0f} s ÷ first",
            f"{after:,.0f} MB",
            f"{before:,.0f} MB",
            after / before,
            most=GROWTH,
        )
    yield from durable_rows


def _compared(ours: Held, peer: Held, who: str, least: float | None) -> Iterator[Row]:
    best, theirs = ours.at(ours.vehicles), peer.at(peer.vehicles)
    yield Row(
        f"vehicles held by one process, 7 messages/s each, acknowledged after commit, ack p99 ≤ 100 ms ÷ {who}",
        f"{ours.vehicles:,}",
        f"{peer.vehicles:,}",
        ours.vehicles / peer.vehicles,
        least=least,
    )
    yield Row("the same, acknowledgement p50 / p99", f"{best['p50_ms']:.0f} / {best['p99_ms']:.0f} ms",
              f"{theirs['p50_ms']:.0f} / {theirs['p99_ms']:.0f} ms")  # fmt: skip
    yield Row("the same, messages acknowledged per second", f"{best['acknowledged_per_s']:,.0f}",
              f"{theirs['acknowledged_per_s']:,.0f}")  # fmt: skip
    yield Row("the same, share of a core: gateway, database, load",
              " / ".join(f"{best[name]:.0%}" for name in ("server_cpu", "database_cpu", "cpu")),
              " / ".join(f"{theirs[name]:.0%}" for name in ("server_cpu", "database_cpu", "cpu")))  # fmt: skip


def measured(home: Path, sides: tuple[str, ...], record: Path | None = None) -> dict[str, Held]:
    """What each side holds."""
    found: dict[str, Held] = {}
    for side in sides:
        with _server(home, side) as (process, told):
            found[side] = _climbed(home, told, process.pid, side, record)
    return found


@contextmanager
def _server(home: Path, side: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    server = subprocess.Popen(
        [sys.executable, "-m", HERE, "--serve", str(home), side], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        server.stdout.readline()
        yield server, told
    finally:
        server.terminate()
        server.wait(30)


def _climbed(home: Path, told: dict[str, str], server: int, side: str, record: Path | None) -> Held:
    command = [sys.executable, "-m", "tests.benchmarks.vehicles", told["address"], str(home / TOKENS)]
    load = subprocess.Popen(
        [*command, *([str(record)] if record else [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    held, vehicles = 0, 0
    taken: list[dict[str, float]] = []
    memory_mb: dict[int, tuple[float, float]] = {}
    more, then = STEPS[side]
    try:
        _next(load)
        while vehicles + more <= MOST:
            _ask(load, connect=more)
            vehicles, more = vehicles + more, then
            step = _step(load, home, server)
            taken.append(step)
            if side == OURS:
                for _ in range(_CATCHES_UP):  # its process begins with the first vehicles
                    step["behind_s"] = _behind_s(told["address"])
                    if step["behind_s"] <= BEHIND_S / 2:
                        break
                    _ask(load, go_on=SETTLE_S)
                print(f"detection {step['behind_s']:.1f} s behind", file=sys.stderr, flush=True)
            keeps_up = step["acknowledged_per_s"] >= KEEPS_UP * step["sent_per_s"] and not step["ended"]
            if side == OURS and keeps_up and (not held or vehicles == MEMORY_AT):
                with stalled(told["address"], log_in(*told.values()), SCREENS) as screens:
                    memory_mb[vehicles] = growth(server, lambda for_s: _ask(load, go_on=for_s), screens, HOLD_S)
            if step["p99_ms"] > LIMIT_MS or step["ended"] or step.get("behind_s", 0.0) > BEHIND_S:
                break
            held = vehicles
    finally:
        load.kill()
        load.wait()
    assert held, "not even the first step was held"
    return Held(held, taken, memory_mb)


def _step(load: subprocess.Popen[str], home: Path, server: int) -> dict[str, float]:
    """Measure, once more where it was too slow: a checkpoint may have fallen into it."""
    for _ in range(2):
        _ask(load, go_on=SETTLE_S)
        before = _cpu_s(home, server)
        step: dict[str, float] = _ask(load, measure=MEASURE_S)
        step |= {f"{name}_cpu": (spent - before[name]) / MEASURE_S for name, spent in _cpu_s(home, server).items()}
        print({name: round(value, 2) for name, value in step.items()}, file=sys.stderr, flush=True)
        if step["p99_ms"] <= LIMIT_MS and not step["ended"]:
            break
    return step


def _behind_s(address: str) -> float:
    """How old the oldest frame is that was not looked at for alarms yet."""
    return float(httpx.get(f"{address}/api/health").json()["unwatched_s"] or 0.0)


def _ask(load: subprocess.Popen[str], **wish: float) -> Any:  # noqa: ANN401 - JSON
    assert load.stdin is not None
    load.stdin.write(json.dumps(wish) + "\n")
    load.stdin.flush()
    return _next(load)


def _next(load: subprocess.Popen[str]) -> Any:  # noqa: ANN401 - JSON
    assert load.stdout is not None
    return json.loads(load.stdout.readline())


def _cpu_s(home: Path, server: int) -> dict[str, float]:
    """Seconds of processor time that the gateway's process and those of its database have spent."""
    spent = {"server": 0.0, "database": 0.0}
    for name, pids in (("server", [server]), ("database", in_folder(home / "postgres" / "data"))):
        for pid in pids:
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                spent[name] += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


async def _serve(home: Path, side: str) -> None:
    configure_logs()
    prepare_kernel_cache()
    settings = load_settings(home=home, region="aksu", host="127.0.0.1", port=0, logins=True)
    with stopping_quietly(), listening(settings) as listener:
        async with open_parts(settings) as parts:
            if not (home / TOKENS).is_file():
                (home / TOKENS).write_text(json.dumps(await fill(parts, MOST)))
            login = (await load_people(parts))[0]
            told = {"address": address_of(listener), "login": login.name, "password": login.password}
            print(json.dumps(told), flush=True)
            if side != OURS:
                tokens = json.loads((home / TOKENS).read_text())
                same = side == SAME
                app = same_gateway.make_app(parts, tokens) if same else plain_gateway.make_app(parts.url, tokens)
                await plain_gateway.serve(app, listener)
                return
            await serve_here(create_app(parts), settings, listener, lambda: print(json.dumps("ready"), flush=True))


def main() -> None:
    """Serve one side, or measure those that are named."""
    if sys.argv[1:2] == ["--serve"]:
        event_loop.run(_serve(Path(sys.argv[2]), sys.argv[3]))
        return
    record = Path(__file__).parents[3] / "shared" / "data" / "ecg" / "s0010_re.dat"
    with homes() as make:
        home = make()
        found = measured(home, tuple(sys.argv[1:]) or (PLAIN, SAME, OURS), record if record.is_file() else None)
        for side, held in found.items():
            print(side, held.vehicles, held.memory_mb)
        print(durable.measured(home, record if record.is_file() else None))


if __name__ == "__main__":
    main()
