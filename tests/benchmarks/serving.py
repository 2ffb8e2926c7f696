"""A real server process on a region with 200 vehicles on duty, for figures through HTTP.

    python -m tests.benchmarks.serving HOME WAITING ROLE [ROAD_FILE]

It is what `tarim serve` starts, on the embedded PostgreSQL, which writes through to the disk. Beside the service's own
routes it has one that reads a row, and one that tells how long it was asked about roads. Vehicles away from their
stations report where they are every few seconds, as their devices do.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import select
from starlette.responses import Response

from api import event_loop
from api.app import create_app
from api.bodies import answer
from api.cli.demo import load_demo
from api.cli.demo_people import load_people
from api.cli.roads_import import import_file
from api.deps import PartsDep
from api.dispatching.access import IncidentId, Reader
from api.kernel_cache import prepare_kernel_cache
from api.live.topics import topic_of
from api.logs import configure_logs
from api.parts import Parts, open_parts
from api.regions.live import LiveRegion
from api.server import address_of, listening, serve_here, stopping_quietly
from dispatch.accounts.states import Role
from dispatch.incidents.queries_incidents import get_incident
from dispatch.kernel.journal_table import JournalLine
from dispatch.settings import load_settings
from dispatch.units.queries_position import list_latest
from dispatch.units.rules_position import Fix
from dispatch.units.service_position import add_fixes
from geo.engine import RoadEngine
from geo.points import GeoPoint
from geo.travel import Nearest, Origin, Question
from tests.benchmarks.load import log_in
from tests.benchmarks.scene import Scene
from tests.benchmarks.staffed import ABROAD, RUNNING, WAITING, staff

HERE: Final = "tests.benchmarks.serving"
STAFFED: Final = "staffed.json"
REGION: Final = "bench"
REPORTS_EVERY_S: Final = 5.0
_STEP_DEG: Final = 0.0004


@dataclass(frozen=True)
class Ready:
    """Where the service is and in which process, a dispatcher's cookie, and what there is to ask about."""

    address: str
    process: int
    cookie: str
    region: str
    units: list[str]
    waiting: list[str]


@contextmanager
def served(home: Path, roads: Path | None, *, waiting: int = WAITING, role: Role = Role.DISPATCHER) -> Iterator[Ready]:
    """Serve from a home, whose region is made and staffed first where it is not, with so many waiting incidents.

    The cookie is that of somebody of the role.
    """
    command = [sys.executable, "-m", HERE, str(home), str(waiting), role, *([str(roads)] if roads else [])]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        yield Ready(cookie=log_in(told["address"], told.pop("login"), told.pop("password")), **told)
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def homes() -> Iterator[Callable[[], Path]]:
    """A maker of homes, which go when the block ends."""
    with contextlib.ExitStack() as stack:

        def made() -> Path:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tarim-bench-")))
            home.chmod(0o711)  # where root starts it, the database's own user must pass through
            return home

        yield made


def roads_of(scene: Scene) -> Path | None:
    """The road extract that the other figures are of; None: the built-in region."""
    return None if scene.source is None else scene.source / "porto.osm.pbf"


async def serve(home: Path, waiting: int, role: Role, roads: Path | None) -> None:
    """Serve until ended; print what clients need when ready."""
    configure_logs()
    prepare_kernel_cache()
    settings = load_settings(home=home, region=REGION if roads else "aksu", host="127.0.0.1", port=0, logins=True)
    with stopping_quietly(), listening(settings) as listener:
        async with open_parts(settings) as parts:
            told = await _staffed(parts, waiting, role, roads) | {
                "address": address_of(listener),
                "region": settings.region,
            }
            told["process"] = os.getpid()
            app = create_app(parts)
            with _timed() as spent:
                _add_routes(app, spent)
                abroad = [UUID(one) for one in told["units"][: ABROAD + RUNNING]]
                async with _driving(parts, abroad):
                    await serve_here(app, settings, listener, lambda: print(json.dumps(told), flush=True))


async def _staffed(parts: Parts, waiting: int, role: Role, roads: Path | None) -> dict[str, Any]:
    kept = parts.settings.home / STAFFED
    login = next(one for one in await load_people(parts) if one.role is role)
    if not kept.is_file():
        if roads:
            await import_file(parts, REGION, roads)
        else:
            await load_demo(parts)
        live = LiveRegion(parts)
        try:
            made = await staff(parts, (await live.ask()).network, waiting_count=waiting)
        finally:
            await live.close()
        kept.write_text(json.dumps({"units": list(map(str, made.units)), "waiting": list(map(str, made.waiting))}))
    return {**json.loads(kept.read_text()), "login": login.name, "password": login.password}


def _add_routes(app: FastAPI, spent: dict[str, float]) -> None:
    @app.get("/api/bench/row/{incident_id}")
    async def row(parts: PartsDep, _actor: Reader, incident_id: IncidentId) -> Response:
        async with parts.database.read() as session:
            found = await get_incident(session, parts.settings.region, incident_id)
        return answer({"id": found.id, "number": found.number, "state": found.state, "priority": found.priority})

    @app.get("/api/bench/spent")
    async def told() -> Response:
        return answer(spent)

    @app.get("/api/bench/facts")
    async def facts(parts: PartsDep) -> Response:
        async with parts.database.read() as session:
            lines = await session.execute(select(JournalLine.seq, JournalLine.type).order_by(JournalLine.seq))
        return answer([seq for seq, kind in lines if topic_of(kind) is not None])

    # Where a route stands costs the walk to it: this one is found as soon as any.
    app.router.routes[:0] = [app.router.routes.pop() for _ in range(3)]


@contextmanager
def _timed() -> Iterator[dict[str, float]]:
    """Count the seconds of processor time in questions about roads."""
    spent = {"cpu_s": 0.0}
    inner, lock = RoadEngine.nearest, threading.Lock()

    def nearest(engine: RoadEngine, target: GeoPoint, origins: Sequence[Origin], k: int, question: Question) -> Nearest:
        began_s = time.thread_time()
        try:
            return inner(engine, target, origins, k, question)
        finally:
            with lock:
                spent["cpu_s"] += time.thread_time() - began_s

    RoadEngine.nearest = nearest  # type: ignore[method-assign]  # only for this process
    yield spent


@asynccontextmanager
async def _driving(parts: Parts, units: list[UUID]) -> AsyncIterator[None]:
    """Vehicles go on a little, and report it, while the block lasts."""
    draw = random.Random(5)
    async with parts.database.read() as session:
        at = {row.unit_id: (row.lat, row.lon) for row in await list_latest(session, units)}

    async def drive() -> None:
        while True:
            for unit_id, (lat, lon) in at.items():
                step = [draw.uniform(-_STEP_DEG, _STEP_DEG) for _ in range(2)]
                at[unit_id] = lat + step[0], lon + step[1]
            async with parts.database.write() as session:
                now = parts.clock.now()
                await add_fixes(
                    session, parts.clock, [Fix(one, now, *place, speed_mps=11.0) for one, place in at.items()]
                )
            await asyncio.sleep(REPORTS_EVERY_S)

    driving = asyncio.create_task(drive())
    try:
        yield
    finally:
        driving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await driving


if __name__ == "__main__":
    given = sys.argv[1:]
    event_loop.run(serve(Path(given[0]), int(given[1]), Role(given[2]), Path(given[3]) if len(given) > 3 else None))
