"""The whole service under the server that is used in earnest, with a centre on duty, and clients of its live feed."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from factories.apps import app_on
from factories.dispatching import Centre, make_centre
from factories.patience import PATIENCE_S
from factories.people import PASSWORD, populate
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from api.parts import Parts
from api.server import _options
from dispatch.audit.queries import find_head
from dispatch.kernel.clock import Clock, SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.settings import Settings

TOPICS = ("calls", "incidents", "units", "assignments")


@dataclass
class Listener:
    """A client of the feed that keeps all it was told."""

    line: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, **message: object) -> None:
        await self.line.send(json.dumps(message))

    async def subscribe(self, topics: Collection[str] = TOPICS, after: int | None = None, **more: object) -> None:
        await self.say(op="subscribe", topics=list(topics), after=after, **more)

    async def next(self, *kinds: str, **wanted: object) -> dict[str, Any]:
        """The next message of one of these kinds that has these values; what comes before is kept in `heard`."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                told = json.loads(await self.line.recv())
                self.heard.append(told)
                if told["kind"] in kinds and all(told.get(name) == value for name, value in wanted.items()):
                    return told

    async def until(self, seq: int) -> None:
        """Listen until all up to a line was told."""
        while (await self.next("tick"))["seq"] in (None, *range(seq)):
            pass

    async def closed(self) -> int:
        """Listen to the end; the code with which the server closed, 1006 when it just went."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    self.heard.append(json.loads(await self.line.recv()))
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd is not None else 1006

    def facts(self) -> list[int]:
        return [told["seq"] for told in self.heard if told["kind"] == "fact"]


@dataclass
class Hall:
    """A running server on a centre's database."""

    app: FastAPI
    address: str
    centre: Centre
    people: dict[str, UUID]
    cookies: dict[str, str] = field(default_factory=dict)

    async def cookie(self, name: str) -> str:
        """Log in, once for each name."""
        if name not in self.cookies:
            async with httpx.AsyncClient(base_url=f"http://{self.address}", timeout=PATIENCE_S) as client:
                answered = await client.post("/api/session", json={"name": name, "password": PASSWORD})
                self.cookies[name] = f"tarim={answered.raise_for_status().cookies['tarim']}"
        return self.cookies[name]

    async def head(self) -> int:
        """The number of the journal's last line."""
        async with self.centre.database.read() as session:
            found = await find_head(session)
        return 0 if found is None else found[0]

    @asynccontextmanager
    async def listener(self, name: str = "dispatcher", **headers: str) -> AsyncIterator[Listener]:
        """A client of a person, or of a device by its `authorization`."""
        sent = headers or {"cookie": await self.cookie(name)}
        async with connect(
            f"ws://{self.address}/api/live", additional_headers=sent, max_size=None, open_timeout=PATIENCE_S,
            ping_timeout=PATIENCE_S,
        ) as line:  # fmt: skip
            yield Listener(line)


@asynccontextmanager
async def serving(app: FastAPI, settings: Settings, **more: object) -> AsyncIterator[str]:
    """Serve an app with its lifespan; the address. `more`: options of uvicorn."""
    listener = socket.create_server(("127.0.0.1", 0))
    options = _options(settings) | {"loop": "none", "log_level": "error"} | more
    server = uvicorn.Server(uvicorn.Config(app, **options))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn tells it by this flag alone
        await asyncio.sleep(0.005)
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


def parts_on(url: str, database: Database, home: Path, clock: Clock) -> Parts:
    """The parts of one server process."""
    return Parts(Settings(home=home, region="aksu", database_url=url, logins=True), clock, database, url)


@asynccontextmanager
async def open_hall(url: str, home: Path, *, units: int = 4, clock: Clock | None = None) -> AsyncIterator[Hall]:
    """A server on a database of its own, with vehicles on duty and one person per role."""
    clock = clock or SystemClock()
    async with Database(make_engine(url, application_name="tarim tests")) as database:
        centre = await make_centre(database, units=units, clock=clock)
        people = await populate(database, clock)
        async with another_server(url, home, centre, people) as hall:
            yield hall


@asynccontextmanager
async def another_server(url: str, home: Path, centre: Centre, people: dict[str, UUID]) -> AsyncIterator[Hall]:
    """One more server on the same database, with an engine of its own."""
    async with Database(make_engine(url, application_name="tarim tests")) as database:
        parts = parts_on(url, database, home, centre.clock)
        app = app_on(parts)
        async with serving(app, parts.settings) as address:
            yield Hall(app, address, centre, people)
