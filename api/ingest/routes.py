"""`GET /api/ingest`: the WebSocket on which a vehicle sends what is measured on board; see `PROTOCOL.md`."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from api.auth import DoorkeeperDep, requires
from api.ingest.connection import LATER, Connection
from api.ingest.gateway import Gateway
from api.parts import Parts
from dispatch.accounts.rules_permissions import Principal
from dispatch.kernel.errors import NotFound, TarimError
from dispatch.telemetry.rules_server import End
from dispatch.units.queries import get_unit

_NO_VEHICLE: Final = 1008
_CLOSE_S: Final = 1.0

router = APIRouter()


@router.websocket("/ingest")
async def ingest(
    websocket: WebSocket, actor: Annotated[Principal, requires("telemetry.send")], door: DoorkeeperDep
) -> None:
    """Take what a vehicle sends until either side ends it."""
    gateway: Gateway = websocket.app.state.gateway
    await websocket.accept()
    async with door.holding(actor, websocket):
        unit_id = await _vehicle(door.parts, actor)
        if isinstance(unit_id, End):
            await _close(websocket, unit_id)
            return
        connection = Connection(websocket, actor, unit_id, gateway)
        end = await connection.serve()
        await _close(websocket, end)
        await connection.record_end(end)


async def _close(websocket: WebSocket, end: End) -> None:
    if end.code:
        with contextlib.suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(_CLOSE_S):
                await websocket.close(end.code, end.reason)


async def _vehicle(parts: Parts, actor: Principal) -> UUID | End:
    if actor.region != parts.settings.region:
        return End(_NO_VEHICLE, "unit.not_found")
    try:
        async with parts.database.read() as session:
            return (await get_unit(session, actor.region, actor.call_sign)).id
    except NotFound as error:
        return End(_NO_VEHICLE, error.code)
    except TarimError as error:
        return End(LATER, error.code)
