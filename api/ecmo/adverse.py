"""Adverse events of a mission over HTTP: put down in two taps, by name and time, corrected, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.deps import PartsDep
from api.ecmo.mission_access import Hand, MissionId, Reader, may_act, may_see
from api.names import names_of_actors
from api.parts import Parts
from api.roads.schemas import Aware
from dispatch.ecmo.queries_adverse import get_adverse, list_adverse
from dispatch.ecmo.queries_missions import concerned_by, get_mission
from dispatch.ecmo.service_adverse import AdverseGiven, correct, put_down, take_back
from dispatch.ecmo.states_adverse import AdverseCategory, AdverseItem, code_of
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.tables_adverse import EcmoAdverse
from dispatch.kernel.db import Session
from dispatch.kernel.errors import NotFound

router = APIRouter(prefix="/ecmo", tags=["ecmo"])
EventId = Annotated[UUID, Path(description="The event.")]


class AdverseIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An event: what, how grave. The rest is known: category of the item, phase of the mission, time of now."""

    id: Annotated[UUID, Meta(description="The writer's own; sent twice it is one event.")]
    item: AdverseItem
    severity: Annotated[int, Meta(ge=1, le=4, description="1 life-threatening to 4.")]
    category: AdverseCategory | None = None
    at: Annotated[Aware | None, Meta(description="When it truly was; null: now, of a correction the time before.")] = (
        None
    )


class AdverseOut(msgspec.Struct, frozen=True):
    """An event that counts."""

    id: UUID
    item: AdverseItem
    category: AdverseCategory
    severity: int
    code: Annotated[str, Meta(description="`CATEGORY.SEVERITY.ITEM`.")]
    phase: Annotated[MissionState, Meta(description="The mission's state then.")]
    at: datetime
    entered_at: datetime
    name: Annotated[str | None, Meta(description="Who put it down.")]
    corrects: Annotated[UUID | None, Meta(description="The event in whose place it stands.")]


class AdversesOut(msgspec.Struct, frozen=True):
    """Those of one mission, the oldest first."""

    events: list[AdverseOut]


_body = Body(AdverseIn)
_EXAMPLE = {"id": "0198c0de-0000-7000-8000-000000000e01", "item": "bleeding", "severity": 2}


async def adverse_out(session: Session, rows: Sequence[EcmoAdverse]) -> list[AdverseOut]:
    """Tell events with the names of who put them down."""
    names = await names_of_actors(session, [row.actor for row in rows])
    return [
        AdverseOut(
            row.id, AdverseItem(row.item), AdverseCategory(row.category), row.severity,
            code_of(row.category, row.severity, row.item), MissionState(row.phase), row.at, row.entered_at,
            names.get(row.actor), row.replaces,
        )
        for row in rows
    ]  # fmt: skip


@router.get(
    "/missions/{mission_id}/adverse",
    summary="Adverse events of a mission",
    description="Those that count, coded category x severity x phase; the oldest first.",
    **contract(AdversesOut, problems=[404]),
)
async def listed(parts: PartsDep, actor: Reader, mission_id: MissionId) -> Response:
    """List them."""
    async with parts.database.read() as session:
        row = await get_mission(session, parts.settings.region, mission_id)
        if not may_see(actor, await concerned_by(session, row)):
            raise NotFound("ecmo_mission.not_found", "There is no such mission in this region.")
    return await _told(parts, mission_id)


@router.post(
    "/missions/{mission_id}/adverse",
    summary="Put an adverse event down",
    description="By name, in two taps: what, and how grave. Also after the mission's end.",
    **contract(AdversesOut, body=AdverseIn, problems=[404, 409], body_examples={"bleeding": _EXAMPLE}),
)
async def added(request: Request, door: DoorkeeperDep, actor: Hand, mission_id: MissionId) -> Response:
    """Put it down."""
    body = await _body.of(request)
    await may_act(door.parts, actor, mission_id)
    async with acting(door, actor) as act:
        await put_down(act, mission_id, _given(body))
    return await _told(door.parts, mission_id)


@router.post(
    "/adverse/{event_id}/correction",
    summary="Correct an adverse event",
    description="Another event takes its place; the old one stays to be read in the history.",
    **contract(AdversesOut, body=AdverseIn, problems=[404, 409], body_examples={"graver": {**_EXAMPLE, "severity": 1}}),
)
async def corrected(request: Request, door: DoorkeeperDep, actor: Hand, event_id: EventId) -> Response:
    """Correct it."""
    body = await _body.of(request)
    mission_id = await _mission_of(door.parts, event_id)
    await may_act(door.parts, actor, mission_id)
    async with acting(door, actor) as act:
        await correct(act, event_id, _given(body))
    return await _told(door.parts, mission_id)


@router.post(
    "/adverse/{event_id}/withdrawal",
    summary="Take an adverse event back",
    description="By name: it did not happen. It stays to be read in the history.",
    **contract(AdversesOut, problems=[404, 409]),
)
async def withdrawn(door: DoorkeeperDep, actor: Hand, event_id: EventId) -> Response:
    """Take it back."""
    mission_id = await _mission_of(door.parts, event_id)
    await may_act(door.parts, actor, mission_id)
    async with acting(door, actor) as act:
        await take_back(act, event_id)
    return await _told(door.parts, mission_id)


async def _mission_of(parts: Parts, event_id: UUID) -> UUID:
    async with parts.database.read() as session:
        return (await get_adverse(session, event_id)).mission_id


async def _told(parts: Parts, mission_id: UUID) -> Response:
    async with parts.database.read() as session:
        return answer(AdversesOut(await adverse_out(session, await list_adverse(session, [mission_id]))))


def _given(body: AdverseIn) -> AdverseGiven:
    return AdverseGiven(body.id, body.item, body.severity, body.category, body.at)
