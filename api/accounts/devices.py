"""Devices with tokens of their own: vehicles' tablets and telephone exchanges."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.accounts.schemas import DeviceIn, DeviceOut, DevicesOut, NewDeviceOut, device_out
from api.auth import DoorkeeperDep, begin, must_may, requires
from api.bodies import Body, answer
from api.contract import contract
from dispatch.accounts.queries import get_device, list_devices
from dispatch.accounts.rules_permissions import Principal, organisations_where
from dispatch.accounts.service_devices import add_device, revoke_device
from dispatch.accounts.states import DeviceKind
from dispatch.kernel.errors import Invalid
from dispatch.units.queries import get_unit

router = APIRouter(prefix="/devices", tags=["devices"])
_body = Body(DeviceIn)
Manager = Annotated[Principal, requires("devices.manage")]


@router.get(
    "",
    summary="Devices",
    description="Of the organisations whose devices one may see.",
    **contract(DevicesOut, problems=[401, 403]),
)
async def listed(
    door: DoorkeeperDep,
    actor: Annotated[Principal, requires("devices.read")],
    include_revoked: Annotated[bool, Query(description="Revoked ones too.")] = False,
) -> Response:
    """List devices."""
    async with door.parts.database.read() as session:
        mine = organisations_where(actor, "devices.read")
        rows = await list_devices(session, door.parts.settings.region, mine, revoked=include_revoked)
    return answer(DevicesOut([device_out(row) for row in rows]))


@router.post(
    "",
    summary="Give a device a token",
    description="For one vehicle of the served region. The token is told in this answer and never again.",
    **contract(
        NewDeviceOut,
        body=DeviceIn,
        status=201,
        problems=[401, 403, 404],
        body_examples={
            "of a vehicle": {"organisation": "aksu-prefecture", "call_sign": "阿-07", "note": "driver's cab"},
            "of a telephone exchange": {"organisation": "aksu-prefecture", "kind": "exchange"},
        },
    ),
)
async def add(request: Request, door: DoorkeeperDep, actor: Manager) -> Response:
    """Add a device."""
    asked = await _body.of(request)
    must_may(actor, "devices.manage", asked.organisation)
    region = door.parts.settings.region
    async with door.parts.database.write() as session:
        if asked.kind is DeviceKind.VEHICLE:
            unit = await get_unit(session, region, asked.call_sign)
            if unit.organisation != asked.organisation:
                raise Invalid("device.organisation", "The vehicle belongs to another organisation.")
        device, token = await add_device(
            session,
            door.parts.clock,
            begin(door, actor),
            kind=asked.kind,
            organisation=asked.organisation,
            region=region,
            call_sign=asked.call_sign,
            note=asked.note,
        )
    told = answer(NewDeviceOut(device_out(device), token), status=201)
    told.headers["Location"] = f"/api/devices/{device.id}"
    told.headers["Cache-Control"] = "no-store"
    return told


@router.delete(
    "/{device_id}",
    summary="Take a device's token back",
    description="Its WebSockets are closed within 5 s.",
    **contract(DeviceOut, problems=[401, 403, 404, 409]),
)
async def revoke(
    door: DoorkeeperDep, actor: Manager, device_id: Annotated[UUID, Path(description="The device's id.")]
) -> Response:
    """Revoke a device."""
    async with door.parts.database.write() as session:
        must_may(actor, "devices.manage", (await get_device(session, device_id)).organisation)
        device = await revoke_device(session, door.parts.clock, begin(door, actor), device_id)
    await door.forget([device.id])
    return answer(device_out(device))
