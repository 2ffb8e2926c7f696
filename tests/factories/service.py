"""The HTTP service on a drawn region and a real database, for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
from factories.apps import app_on
from factories.ascii_map import Drawing, road
from factories.doors import LOCAL
from factories.fleet import CONTEXT
from factories.people import PASSWORD, populate
from fastapi import FastAPI

from api.parts import Parts, carried
from api.regions.networks import NewRegion, adopt, importing
from dispatch.hospitals.service import import_hospitals
from dispatch.kernel.clock import Clock, ManualClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.tabular import read_table
from dispatch.settings import Settings
from dispatch.units.service import import_stations, import_units
from geo.network.attributes import RoadClass
from geo.network.model import RoadNetwork

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
REGION = "drawn"
MAP = """
    A---B---C---D
    |   |   |   |
    E---F---G---H
    |   |   |   |
    I---J---K---L         X---Y
"""
WAYS = {
    way: road(RoadClass.PRIMARY if way in ("ABCD", "EFGH") else RoadClass.RESIDENTIAL)
    for way in ("ABCD", "EFGH", "IJKL", "AEI", "BFJ", "CGK", "DHL", "XY")
}
NAMES = {"ABCD": "北大街", "EFGH": "中大街", "IJKL": "南大街", "BFJ": "塔南路"}


def drawing(names: Mapping[str, str] = NAMES) -> Drawing:
    """Three streets by four, and one street that no road leads to."""
    return Drawing(MAP, WAYS, names=names, cell_m=75.0)


@dataclass
class Service:
    """A running app with a client (a dispatcher's, logged in), and what stands behind it."""

    app: FastAPI
    client: httpx.AsyncClient
    parts: Parts
    map: Drawing
    network: RoadNetwork
    people: dict[str, UUID]

    def stranger(self) -> httpx.AsyncClient:
        """Somebody who is not logged in."""
        return httpx.AsyncClient(transport=self._transport(), base_url=LOCAL)

    async def logged_in(self, name: str) -> httpx.AsyncClient:
        """The client of a person of `factories.people.populate`: one per role, named by it."""
        client = self.stranger()
        answered = await client.post("/api/session", json={"name": name, "password": PASSWORD})
        assert answered.status_code == 200, answered.text
        return client

    def _transport(self) -> httpx.ASGITransport:
        return httpx.ASGITransport(self.app, raise_app_exceptions=False)

    def at(self, letter: str) -> dict[str, float]:
        """A letter of the map as a request body has it."""
        point = self.map.points[letter]
        return {"lat": point.lat, "lon": point.lon}

    def query(self, letter: str) -> str:
        """The same as query text."""
        point = self.map.points[letter]
        return f"lat={point.lat}&lon={point.lon}"


@asynccontextmanager
async def opened_parts(
    url: str, home: Path, *, region: str = REGION, clock: Clock | None = None
) -> AsyncIterator[Parts]:
    """Parts on a migrated database; without a clock, one that stands at noon."""
    settings = Settings(home=home, region=region, database_url=url, logins=True)
    async with Database(make_engine(url, application_name="tarim tests", pool_size=5), carried(settings)) as database:
        yield Parts(settings, clock or ManualClock(NOON), database, url)


async def keep_network(parts: Parts, network: RoadNetwork) -> None:
    """Save a network and make it the region's."""
    with importing(parts.settings.home, REGION):
        await adopt(parts, CONTEXT, REGION, network, new=NewRegion("图示区", "Drawn", schematic=True))


async def keep_fleet(parts: Parts, map_: Drawing) -> None:
    """Two stations and three vehicles: one of the corps, and one on the street that no road leads to."""
    a, b, x = (map_.points[letter] for letter in "ALX")
    stations = (
        "id,name_zh,organisation,system,lat,lon\n"
        f"s1,一站,阿克苏120,地方,{a.lat},{a.lon}\ns2,二站,一师医院,兵团,{b.lat},{b.lon}\n"
        f"s3,岛站,阿克苏120,地方,{x.lat},{x.lon}\n"
    )
    units = (
        "call_sign,type,organisation,system,station\n"
        "阿-01,als,阿克苏120,地方,s1\n师-07,basic,一师医院,兵团,s2\n岛-09,basic,阿克苏120,地方,s3\n"
    )
    hospitals = f"id,name_zh,organisation,system,lat,lon\nh1,一医院,阿克苏120,地方,{a.lat},{a.lon}\n"
    async with parts.database.write() as session:
        for service, text in ((import_stations, stations), (import_units, units), (import_hospitals, hospitals)):
            report = await service(session, parts.clock, CONTEXT, REGION, read_table(text.encode()))
            assert report.ok, report.errors


async def drawn(url: str, home: Path) -> dict[str, UUID]:
    """Fill a database and a home with the drawn region, its fleet and its people."""
    map_ = drawing()
    async with opened_parts(url, home) as parts:
        await keep_network(parts, map_.network())
        await keep_fleet(parts, map_)
        return await populate(parts.database, parts.clock)


@asynccontextmanager
async def running(parts: Parts, people: dict[str, UUID]) -> AsyncIterator[Service]:
    """The app with its lifespan, and a client to it, on what `drawn` has filled."""
    app, map_ = app_on(parts), drawing()
    network = map_.network()
    async with app.router.lifespan_context(app):
        nobody = httpx.AsyncClient(transport=httpx.ASGITransport(app))
        made = Service(app, nobody, parts, map_, network, people)
        made.client = await made.logged_in("dispatcher")
        yield made
        await made.client.aclose()
