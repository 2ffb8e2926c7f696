"""What is done to devices. Nothing here commits."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.events import DeviceAdded, DeviceRevoked
from dispatch.accounts.queries import get_device, get_organisation
from dispatch.accounts.rules_sessions import DEVICE_PREFIX, new_token, token_hash
from dispatch.accounts.states import DeviceKind
from dispatch.accounts.tables import Device
from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append
from dispatch.kernel.texts import text_fault

MAX_CALL_SIGN = 64
MAX_NOTE = 200


async def add_device(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    *,
    kind: DeviceKind,
    organisation: str,
    region: str,
    call_sign: str = "",
    note: str = "",
) -> tuple[Device, str]:
    """Give a device a token; return it, once and never again. That the vehicle exists is for the caller to see to.

    Raises Invalid (`device.invalid`), NotFound (`organisation.not_found`).
    """
    if (kind is DeviceKind.VEHICLE) != bool(call_sign):
        raise Invalid("device.invalid", "A vehicle's device needs a call sign; no other has one.")
    if text_fault(call_sign, MAX_CALL_SIGN) or text_fault(note, MAX_NOTE):
        raise Invalid("device.invalid", "The call sign or the note is too long or broken.")
    await get_organisation(session, organisation)
    token = new_token(DEVICE_PREFIX)
    device = Device(
        id=new_id(clock),
        kind=kind,
        token_hash=token_hash(token, DEVICE_PREFIX),
        organisation=organisation,
        region=region,
        call_sign=call_sign,
        note=note,
        created_at=clock.now(),
        created_by=str(context.actor),
    )
    session.add(device)
    await session.flush()
    told = DeviceAdded(device_id=device.id, kind=kind, organisation=organisation, region=region, call_sign=call_sign)
    await append(session, clock, context, [told])
    return device, token


async def revoke_device(session: AsyncSession, clock: Clock, context: Context, device_id: UUID) -> Device:
    """Take a device's token back. Raises NotFound (`device.not_found`), Conflict (`device.revoked`, already)."""
    device = await get_device(session, device_id)
    await session.refresh(device, with_for_update=True)
    if device.revoked_at is not None:
        raise Conflict("device.revoked", "This device is revoked already.")
    device.revoked_at, device.revoked_by = clock.now(), str(context.actor)
    told = DeviceRevoked(
        device_id=device.id, organisation=device.organisation, region=device.region, call_sign=device.call_sign
    )
    await append(session, clock, context, [told])
    return device
