"""A small service with the accounts' routes and a few guarded ones of its own, driven without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from uuid import UUID

import httpx
from factories.people import PASSWORD, quick_hasher
from fastapi import FastAPI, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response
from starlette.websockets import WebSocketDisconnect

from api.accounts.devices import router as devices
from api.accounts.people import router as people
from api.accounts.sessions import router as sessions
from api.accounts.settings import router as settings
from api.auth import ANYONE, CurrentActor, Doorkeeper, must_be_vehicle, requires
from api.bodies import answer
from api.errors import problem, refusal
from api.origins import Origins
from api.parts import Parts
from dispatch.accounts.rules_permissions import Principal
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.errors import TarimError
from dispatch.settings import Settings

LOCAL, REMOTE = "http://127.0.0.1:8000", "https://dispatch.example"


@dataclass
class Seconds:
    """A monotonic clock moved by hand."""

    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class House:
    """The service, its doorkeeper and its clocks."""

    app: FastAPI
    door: Doorkeeper
    clock: ManualClock
    seconds: Seconds
    people: dict[str, UUID] = field(default_factory=dict)

    def client(self, base: str = LOCAL, **headers: str) -> httpx.AsyncClient:
        """A browser or program that talks to the service; it keeps its cookies."""
        transport = httpx.ASGITransport(self.app, client=("192.0.2.1", 4711))
        return httpx.AsyncClient(transport=transport, base_url=base, headers=headers)

    async def logged_in(self, name: str, base: str = LOCAL) -> httpx.AsyncClient:
        """A client after a good login."""
        client = self.client(base)
        answered = await client.post("/api/session", json={"name": name, "password": PASSWORD})
        assert answered.status_code == 200, answered.text
        return client

    def later(self, seconds: float) -> None:
        """Let what processes remember grow old, without moving the clock on the wall."""
        self.seconds.now_s += seconds


def make_app(door: Doorkeeper) -> FastAPI:
    """The service; `app.state.doorkeeper` as the composition root sets it."""
    app = FastAPI(
        openapi_url="/api/openapi.json",
        redoc_url=None,
        exception_handlers={TarimError: _refused, RequestValidationError: _invalid},
    )
    app.state.doorkeeper = door
    for router in (sessions, settings, people, devices):
        app.include_router(router, prefix="/api")

    @app.get("/api/journal", response_model=None)
    async def journal(_actor: Annotated[Principal, requires("journal.read")]) -> Response:
        return answer({})

    @app.post("/api/vehicles/{call_sign}/position", response_model=None)
    async def position(actor: Annotated[Principal, requires("units.report")], call_sign: str) -> Response:
        must_be_vehicle(actor, "aksu", call_sign)
        return answer({"call_sign": actor.call_sign})

    @app.websocket("/api/live")
    async def live(websocket: WebSocket, actor: Annotated[Principal, requires("live.read")]) -> None:
        await websocket.accept()
        async with door.holding(actor, websocket):
            try:
                while True:
                    await websocket.send_text(await websocket.receive_text())
            except WebSocketDisconnect:
                return

    app.add_middleware(Origins, trusted=["https://console.example"])
    return app


def with_holes(app: FastAPI) -> FastAPI:
    """Add routes that ask for nothing, or only who it is."""

    @app.get("/api/open", response_model=None)
    async def opened() -> Response:
        return answer({})

    @app.get("/api/half", response_model=None)
    async def half(_actor: CurrentActor) -> Response:
        return answer({})

    @app.get("/api/hello", response_model=None, dependencies=[ANYONE])
    async def hello() -> Response:
        return answer({})

    @app.websocket("/api/hole")
    async def hole(websocket: WebSocket) -> None:
        await websocket.close()

    return app


@asynccontextmanager
async def open_house(database: Database, clock: ManualClock, home: Path) -> AsyncIterator[House]:
    """The service on a database."""
    seconds = Seconds()
    parts = Parts(Settings(home=home), clock, database, "")
    door = Doorkeeper(parts, hasher=quick_hasher(), monotonic=seconds)
    async with door.on_duty():
        yield House(make_app(door), door, clock, seconds)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, TarimError)
    return refusal(error, request.url.path)


async def _invalid(request: Request, _error: Exception) -> Response:
    return problem(422, "request.invalid", "The request cannot be taken.", request.url.path)
