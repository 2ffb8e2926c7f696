"""Signing on and off for a shift, and who is on duty."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.auth import DoorkeeperDep, begin, requires
from api.bodies import Body, answer
from api.contract import contract
from api.roads.schemas import Aware
from dispatch.accounts.queries_duty import list_on_duty
from dispatch.accounts.rules_permissions import Principal
from dispatch.accounts.service_duty import begin_duty, end_duty, end_duty_of
from dispatch.accounts.states import Role
from dispatch.kernel.db import Session

router = APIRouter(tags=["on duty"])
Signer = Annotated[Principal, requires("duty.sign")]


class DutyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """As what somebody is on duty, and until when."""

    role: Role
    until: Annotated[Aware | None, Meta(description="Within 24 hours; null: 12 hours from now.")] = None


class PresentOut(msgspec.Struct, frozen=True):
    """Somebody on duty."""

    person_id: UUID
    name: Annotated[str | None, Meta(description="Null: erased.")]
    role: Role
    organisation: str
    since: datetime
    until: Annotated[datetime, Meta(description="Then it is over by itself.")]


class DutyOut(msgspec.Struct, frozen=True):
    """Who is on duty, the longest first."""

    on_duty: list[PresentOut]
    at: datetime


_duty = Body(DutyIn)
_EXAMPLE: Final = {
    "on_duty": [
        {
            "person_id": "0198c0de-0000-7000-8000-000000000501",
            "name": "示例值班长",
            "role": "supervisor",
            "organisation": "aksu-prefecture",
            "since": "2026-11-22T00:00:00Z",
            "until": "2026-11-22T12:00:00Z",
        }
    ],
    "at": "2026-11-22T04:00:00Z",
}


@router.get(
    "/duty",
    summary="Who is on duty",
    description="Who signed on for a shift and has not signed off. A priority is lowered by a doctor, or by the "
    "supervisor on duty where no doctor is on duty for the incident.",
    **contract(DutyOut, example=_EXAMPLE),
)
async def shown(door: DoorkeeperDep, _actor: Annotated[Principal, requires("duty.read")]) -> Response:
    """List who is on duty."""
    async with door.parts.database.read() as session:
        return answer(await _now(session, door.parts.clock.now()))


@router.post(
    "/duty",
    summary="Sign on for a shift",
    description="In a role that one holds; again, to stay longer. A login alone says nothing: screens stay open.",
    **contract(
        DutyOut,
        body=DutyIn,
        example=_EXAMPLE,
        problems=[409],
        body_examples={"a shift's supervisor": {"role": "supervisor"}},
    ),
)
async def begun(request: Request, door: DoorkeeperDep, actor: Signer) -> Response:
    """Sign on."""
    asked = await _duty.of(request)
    async with door.parts.database.write() as session:
        await begin_duty(session, door.parts.clock, begin(door, actor), actor, asked.role, asked.until)
        return answer(await _now(session, door.parts.clock.now()))


@router.delete(
    "/duty/{role}",
    summary="Sign off",
    description="Before the shift is over by itself.",
    **contract(DutyOut, example=_EXAMPLE, problems=[409]),
)
async def ended(
    door: DoorkeeperDep, actor: Signer, role: Annotated[Role, Path(description="As what one was on duty.")]
) -> Response:
    """Sign off."""
    async with door.parts.database.write() as session:
        await end_duty(session, door.parts.clock, begin(door, actor), actor, role)
        return answer(await _now(session, door.parts.clock.now()))


@router.delete(
    "/people/{person_id}/duty/{role}",
    summary="Sign somebody else off",
    description="Who has gone without signing off, and holds up whom their duty binds. A supervisor may, for "
    "everybody; an administrator, in organisations whose people they manage. The journal says who did it.",
    **contract(DutyOut, example=_EXAMPLE, problems=[409]),
)
async def ended_of(
    door: DoorkeeperDep,
    actor: Annotated[Principal, requires("duty.end")],
    person_id: Annotated[UUID, Path(description="Who is on duty.")],
    role: Annotated[Role, Path(description="As what they are on duty.")],
) -> Response:
    """Sign somebody else off."""
    async with door.parts.database.write() as session:
        await end_duty_of(session, door.parts.clock, begin(door, actor), actor, person_id, role)
        return answer(await _now(session, door.parts.clock.now()))


async def _now(session: Session, now: datetime) -> DutyOut:
    found = await list_on_duty(session, now)
    told = [
        PresentOut(one.person_id, one.name, one.role, one.organisation, one.began_at, one.until_at) for one in found
    ]
    return DutyOut(told, now)
