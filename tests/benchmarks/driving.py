"""A real server on the built-in region with 500 vehicles that all drive, and say where they are every second.

    python -m tests.benchmarks.driving HOME

Beside them one vehicle, the probe, that only its own device moves. It prints, as JSON, what a browser and that device
need.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from api import event_loop
from api.app import create_app
from api.cli.demo import load_demo
from api.cli.demo_people import ORGANISATIONS, load_people
from api.kernel_cache import prepare_kernel_cache
from api.logs import configure_logs
from api.parts import Parts, open_parts
from api.regions.live import LiveRegion
from api.server import address_of, listening, serve_here, stopping_quietly
from dispatch.accounts.service_devices import add_device
from dispatch.accounts.states import DeviceKind
from dispatch.kernel.actor import Context, system
from dispatch.settings import load_settings
from dispatch.units.rules_position import Fix
from dispatch.units.service_position import add_fixes
from geo.network.model import RoadNetwork
from tests.benchmarks.staffed import staff

HERE: Final = "tests.benchmarks.driving"
VEHICLES: Final = 500
REGION: Final = "aksu"
_EVERY_S: Final = 1.0
_SPEED_MPS: Final = 14.0
_METRES_A_DEGREE: Final = 111_195.0


@dataclass(frozen=True)
class Driving:
    """Where the service is, who may log in, and the vehicle that is moved by its device."""

    address: str
    login: str
    password: str
    probe: str
    token: str
    places: list[list[float]]
    """Two places for the probe, [lat, lon], a few kilometres apart in the middle of the region."""


@contextmanager
def driving(home: Path) -> Iterator[Driving]:
    """Serve from a new home until the block ends."""
    with subprocess.Popen([sys.executable, "-m", HERE, str(home)], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield Driving(**json.loads(server.stdout.readline()))
        finally:
            server.terminate()


async def serve(home: Path) -> None:
    """Serve until ended; print what is needed when ready."""
    configure_logs()
    prepare_kernel_cache()
    settings = load_settings(home=home, region=REGION, host="127.0.0.1", port=0, logins=True)
    with stopping_quietly(), listening(settings) as listener:
        async with open_parts(settings) as parts:
            login = (await load_people(parts))[0]
            await load_demo(parts)
            live = LiveRegion(parts)
            network = (await live.ask()).network
            await live.close()
            units = (await staff(parts, network, units=VEHICLES + 1)).units
            told = await _probe(parts, units[0], network)
            told |= {"address": address_of(listener), "login": login.name, "password": login.password}
            async with _moving(parts, units[1:], network):
                await serve_here(create_app(parts), settings, listener, lambda: print(json.dumps(told), flush=True))


async def _probe(parts: Parts, unit_id: UUID, network: RoadNetwork) -> dict[str, Any]:
    context = Context.begin(parts.clock, system("bench"))
    async with parts.database.write() as session:
        _, token = await add_device(
            session, parts.clock, context, kind=DeviceKind.VEHICLE, organisation=ORGANISATIONS[0].code, region=REGION,
            call_sign="测-000",
        )  # fmt: skip
    middle = network.node_point(network.node_count // 2)
    places = [[middle.lat, middle.lon], [middle.lat + 0.02, middle.lon + 0.03]]
    return {"probe": str(unit_id), "token": token, "places": places}


@asynccontextmanager
async def _moving(parts: Parts, units: list[UUID], network: RoadNetwork) -> AsyncIterator[None]:
    """All go straight on, each its own way, and turn now and then, while the block lasts."""
    draw = random.Random(5)
    starts = [network.node_point(draw.randrange(network.node_count)) for _ in units]
    at = [(point.lat, point.lon, draw.uniform(0.0, 360.0)) for point in starts]

    async def drive() -> None:
        while True:
            began = time.monotonic()
            for number, (lat, lon, heading) in enumerate(at):
                turned = draw.uniform(0.0, 360.0) if draw.random() < 0.02 else heading
                north = math.cos(math.radians(turned)) * _SPEED_MPS * _EVERY_S / _METRES_A_DEGREE
                east = math.sin(math.radians(turned)) * _SPEED_MPS * _EVERY_S / _METRES_A_DEGREE
                at[number] = lat + north, lon + east / math.cos(math.radians(lat)), turned
            async with parts.database.write() as session:
                now = parts.clock.now()
                fixes = [
                    Fix(one, now, lat, lon, speed_mps=_SPEED_MPS, heading_deg=heading)
                    for one, (lat, lon, heading) in zip(units, at, strict=True)
                ]
                await add_fixes(session, parts.clock, fixes)
            await asyncio.sleep(max(0.0, _EVERY_S - (time.monotonic() - began)))

    task = asyncio.create_task(drive())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


if __name__ == "__main__":
    event_loop.run(serve(Path(sys.argv[1])))
