"""The whole service under a real server, on a drawn map, with all that a simulated day needs."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from factories.ascii_map import Drawing, road
from factories.fleet import CONTEXT, STATION, UNIT, table
from factories.patience import PATIENCE_S
from factories.people import CIVIL, CORPS, populate, quick_hasher
from factories.ports import lasting_port
from factories.service import REGION
from sqlalchemy import func, select

from api.app import create_app
from api.cli.demo_people import DemoOrganisation
from api.parts import Parts
from api.regions.networks import NewRegion, adopt, importing
from api.server import _options
from api.simulator.preparing import prepare
from api.simulator.props import Props
from api.simulator.running import run_day
from api.simulator.wishes import Wishes
from dispatch.hospitals.service import import_hospitals
from dispatch.kernel.clock import Clock, SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.journal_table import JournalLine
from dispatch.kernel.organisations import System
from dispatch.settings import Settings
from dispatch.simulation.rules_places import Locality
from dispatch.units.service import import_stations, import_units
from geo.network.attributes import RoadClass

MAP = """
    A---B---C---D---Q
    |   |   |   |   |
    E---F---G---H---R
    |   |   |   |   |
    I---J---K---L---S
"""
WAYS = {
    way: road(RoadClass.PRIMARY if way == "EFGHR" else RoadClass.RESIDENTIAL)
    for way in ("ABCDQ", "EFGHR", "IJKLS", "AEI", "BFJ", "CGK", "DHL", "QRS")
}
OWNERS = (
    DemoOrganisation(CIVIL, "", System.CIVIL, "civil"),
    DemoOrganisation(CORPS, "", System.CORPS, "corps"),
)


class BeganAt:
    """A clock that goes as the machine's does, and showed a given moment when it was made."""

    def __init__(self, moment: datetime) -> None:
        self._off = moment - SystemClock().now()

    def now(self) -> datetime:
        return SystemClock().now() + self._off


@dataclass
class PlayedService:
    """A service that can be started and stopped at one address."""

    parts: Parts
    props: Props
    map: Drawing
    port: int
    said: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve while the block lasts."""
        options = _options(self.parts.settings) | {"loop": "none", "log_level": "error"}
        app = create_app(self.parts, hasher=quick_hasher())
        server = uvicorn.Server(uvicorn.Config(app, **options))
        listener = socket.create_server(("127.0.0.1", self.port))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn tells it by this flag alone
            await asyncio.sleep(0.005)
        try:
            yield
        finally:
            server.should_exit = True
            await task

    @asynccontextmanager
    async def playing(self, wishes: Wishes, clock: Clock | None = None) -> AsyncIterator[asyncio.Task[Any]]:
        """Play while the block lasts; what goes wrong in it goes wrong here."""
        clock = clock or SystemClock()
        day = asyncio.create_task(run_day(self.address, self.props, wishes, clock=clock, say=self.said.append))
        try:
            yield day
        finally:
            day.cancel()
            (ended,) = await asyncio.gather(day, return_exceptions=True)
            assert isinstance(ended, asyncio.CancelledError), ended

    async def lines(self, *types: str) -> int:
        """How many lines of these types the journal has."""
        async with self.parts.database.read() as session:
            return await session.scalar(select(func.count()).where(JournalLine.type.in_(types))) or 0


async def until(true: Callable[[], Awaitable[bool]], day: asyncio.Task[Any] | None = None) -> None:
    """Wait until something is so, as long as it takes."""
    async with asyncio.timeout(PATIENCE_S):
        while not await true():
            assert day is None or not day.done(), "the day broke off"
            await asyncio.sleep(0.1)


@asynccontextmanager
async def open_played(
    url: str, home: Path, *, vehicles: int = 5, clock: Clock | None = None
) -> AsyncIterator[PlayedService]:
    """A region with a station of each organisation, vehicles, a hospital, people, and what is played with."""
    drawing = Drawing(MAP, WAYS, cell_m=150.0)
    clock = clock or SystemClock()
    settings = Settings(home=home, region=REGION, database_url=url, logins=True)
    async with Database(make_engine(url, application_name="tarim tests")) as database:
        parts = Parts(settings, clock, database, url)
        with importing(home, REGION):
            await adopt(parts, CONTEXT, REGION, drawing.network(), new=NewRegion("图示区", "Drawn", schematic=True))
        owners = ((CIVIL, "地方", "A"), (CORPS, "兵团", "S"))
        stations = [
            {**STATION, "id": f"ST-{letter}", "organisation": code, "system": system, **_at(drawing, letter)}
            for code, system, letter in owners
        ]
        units = [
            {**UNIT, "call_sign": f"示-{number:02}", "organisation": code, "system": system, "station": f"ST-{letter}"}
            for number in range(vehicles)
            for code, system, letter in [owners[number % 2]]
        ]
        hospital = {
            "id": "h-1", "name_zh": "示例医院", "organisation": CIVIL, "system": "地方", "level": "三级",
            "datum": "wgs84", "capabilities": "trauma;icu", **_at(drawing, "R"),
        }  # fmt: skip
        async with database.write() as session:
            for service, rows in ((import_stations, stations), (import_units, units), (import_hospitals, [hospital])):
                report = await service(session, clock, CONTEXT, REGION, table(*rows))
                assert report.ok, report.errors
        await populate(database, clock)
        hasher = quick_hasher()
        props = await prepare(parts, OWNERS, hasher)
        hasher.close()
        places = tuple(Locality(f"示例{letter}", drawing.points[letter], 60.0, 1.0, rural=False) for letter in "BDFHJL")
        props = msgspec.structs.replace(props, localities=places)
        yield PlayedService(parts, props, drawing, lasting_port())


def _at(drawing: Drawing, letter: str) -> dict[str, str]:
    point = drawing.points[letter]
    return {"lat": f"{point.lat:.7f}", "lon": f"{point.lon:.7f}"}
