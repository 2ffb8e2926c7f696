"""The HTTP service on a centre with vehicles on duty, driven without a network: every role, and devices."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from factories.apps import app_on
from factories.dispatching import Centre, make_centre
from factories.doors import LOCAL
from factories.fleet import CONTEXT, HOSPITAL, START, table
from factories.incidents import REGION
from factories.people import CIVIL, PASSWORD, populate
from fastapi import FastAPI
from sqlalchemy import select

from api.parts import Parts
from dispatch.accounts.service_devices import add_device
from dispatch.accounts.states import DeviceKind
from dispatch.hospitals.service import import_hospitals
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.journal_table import JournalLine
from dispatch.settings import Settings
from dispatch.units.service_crew import Joining, sign_on
from dispatch.units.states_crew import Skill

PLACE = {"lat": 41.168, "lon": 80.268, "words": "示例路12号2单元301"}


@dataclass
class Desk:
    """A running app. `centre.units[0]` is 示例-000, on which the person "crew" is on board; `hospital` is CIVIL's."""

    app: FastAPI
    parts: Parts
    centre: Centre
    people: dict[str, UUID]
    hospital: UUID
    stack: AsyncExitStack
    _clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.parts.database

    @property
    def clock(self) -> ManualClock:
        return self.centre.manual

    def later(self, **by: float) -> datetime:
        """Move the clock on."""
        return self.clock.advance(timedelta(**by))

    async def stranger(self, **headers: str) -> httpx.AsyncClient:
        """Somebody who is not logged in."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url=LOCAL, headers=headers)
        return await self.stack.enter_async_context(client)

    async def as_(self, name: str = "dispatcher") -> httpx.AsyncClient:
        """The client of a person of `factories.people.populate`: one per role, named by it."""
        if name not in self._clients:
            client = await self.stranger()
            answered = await client.post("/api/session", json={"name": name, "password": PASSWORD})
            assert answered.status_code == 200, answered.text
            self._clients[name] = client
        return self._clients[name]

    async def device(self, call_sign: str = "", *, region: str = REGION) -> httpx.AsyncClient:
        """The device of a vehicle; without a call sign, the telephone exchange."""
        kind = DeviceKind.VEHICLE if call_sign else DeviceKind.EXCHANGE
        async with self.database.write() as session:
            _, token = await add_device(
                session, self.clock, CONTEXT, kind=kind, organisation=CIVIL, region=region, call_sign=call_sign
            )
        return await self.stranger(authorization=f"Bearer {token}")

    async def call(self, **told: Any) -> dict[str, Any]:  # noqa: ANN401 - a body
        """A call that the dispatcher took by hand."""
        return made(await (await self.as_()).post("/api/calls", json=told))

    async def incident(self, **told: Any) -> dict[str, Any]:  # noqa: ANN401 - a body
        """An incident that the dispatcher opened: P2, K03, with a place."""
        body = {"priority": "P2", "complaint": "K03", "capabilities": "AB", "place": PLACE, **told}
        return made(await (await self.as_()).post("/api/incidents", json=body))

    async def lines(self, kind: str) -> list[dict[str, Any]]:
        """The payloads of all lines of one type."""
        async with self.database.read() as session:
            wanted = select(JournalLine.payload).where(JournalLine.type == kind).order_by(JournalLine.seq)
            return list(await session.scalars(wanted))


def made(answered: httpx.Response) -> dict[str, Any]:
    """The body of a good answer."""
    assert answered.status_code in (200, 201), answered.text
    told: dict[str, Any] = answered.json()
    return told


def refused(answered: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The body of a refusal, which must be this one."""
    assert (answered.status_code, answered.json().get("code")) == (status, code), answered.text
    assert answered.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answered.json()
    return told


@dataclass(frozen=True)
class Filled:
    """Who and what is in the database."""

    people: dict[str, UUID]
    units: tuple[UUID, ...]
    hospital: UUID


async def staffed(url: str, _home: Path) -> Filled:
    """Fill a database with people, two vehicles on duty and a hospital."""
    async with Database(make_engine(url)) as database:
        centre = await make_centre(database)
        people = await populate(database, centre.clock)
        async with database.write() as session:
            rows = table({**HOSPITAL, "organisation": CIVIL})
            report = await import_hospitals(session, centre.clock, CONTEXT, REGION, rows)
            assert report.ok, report.errors
            hospital = (await session.scalars(select(Hospital.id))).one()
            await sign_on(session, centre.clock, CONTEXT, centre.units[0], Joining(people["crew"], Skill.PHYSICIAN))
    return Filled(people, centre.units, hospital)


@asynccontextmanager
async def open_desk(url: str, filled: Filled, home: Path) -> AsyncIterator[Desk]:
    """The service on what `staffed` has filled."""
    async with Database(make_engine(url, application_name="tarim tests", pool_size=5)) as database:
        centre = Centre(database, ManualClock(START), filled.units)
        parts = Parts(Settings(home=home, region=REGION, logins=True), centre.clock, database, "")
        app = app_on(parts)
        async with app.router.lifespan_context(app), AsyncExitStack() as stack:
            yield Desk(app, parts, centre, filled.people, filled.hospital, stack)
