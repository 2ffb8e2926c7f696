"""Open gates of transfers, told to every desk: the dispatch centre's, the centre's, the asking hospital's."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter
from msgspec import Meta
from starlette.responses import Response

from api.auth import DoorkeeperDep
from api.bodies import answer
from api.contract import contract
from api.ecmo.mission_access import Reader, may_see
from api.names import names_of_actors
from dispatch.clinical.states import AlarmPriority
from dispatch.ecmo.queries_gates import OpenGate, list_open_gates
from dispatch.ecmo.queries_missions import concerned_by
from dispatch.ecmo.rules_kit import warns_of
from dispatch.ecmo.states_kit import CheckList

router = APIRouter(prefix="/ecmo", tags=["ecmo"])


class GateOut(msgspec.Struct, frozen=True):
    """A gate with items open. It is over when it is listed no more: a reason was told, or the mission is over."""

    id: UUID
    mission_id: UUID
    request_id: UUID
    number: Annotated[str | None, Meta(description="Of the request.")]
    how: Annotated[
        Literal["overridden", "open", "leaving"],
        Meta(description="overridden: by the lead; leaving: the vehicle moves, and nobody has put down that it left."),
    ]
    checklist: CheckList
    open_items: list[str]
    priority: AlarmPriority
    since: datetime
    name: Annotated[str | None, Meta(description="Who overrode or passed it; null: nobody has put it down.")]
    incident_id: UUID | None
    incident_number: str
    call_sign: str


class GatesOut(msgspec.Struct, frozen=True):
    """Open gates of missions under way, those passed first in order of time."""

    at: datetime
    gates: list[GateOut]


_EXAMPLE: Final[dict[str, Any]] = {
    "at": "2026-11-27T11:34:10Z",
    "gates": [
        {
            "id": "0198c0de-0000-7000-8000-000000000411", "mission_id": "0198c0de-0000-7000-8000-000000000401",
            "request_id": "0198c0de-0000-7000-8000-000000000402", "number": "E-261127-03", "how": "overridden",
            "checklist": "leaving_with_patient", "open_items": ["oxygen_go"], "priority": "high",
            "since": "2026-11-27T11:33:02Z", "name": "示例某", "incident_id": None, "incident_number": "",
            "call_sign": "",
        }
    ],
}  # fmt: skip


@router.get(
    "/gates",
    summary="Open gates",
    description="Missions under way that left base, or left with the patient, with items open and no reason told yet; "
    "and those whose vehicle moves by its own status while items are open and nobody put the departure down.",
    **contract(GatesOut, example=_EXAMPLE),
)
async def gates(door: DoorkeeperDep, actor: Reader) -> Response:
    """List open gates."""
    parts = door.parts
    now = parts.clock.now()
    async with parts.database.read() as session:
        found = await list_open_gates(session, parts.settings.region, now)
        seen = [one for one in found if may_see(actor, await concerned_by(session, one.mission))]
        names = await names_of_actors(session, [one.actor for one in seen])
    return answer(GatesOut(now, [_told(one, None if one.actor is None else names.get(one.actor)) for one in seen]))


def _told(one: OpenGate, name: str | None) -> GateOut:
    mission = one.mission
    return GateOut(
        one.id, mission.id, mission.request_id, one.number, _how(one), one.checklist, list(one.open_items),
        warns_of(one.checklist), one.since, name, mission.incident_id, one.incident_number, one.call_sign,
    )  # fmt: skip


def _how(one: OpenGate) -> Literal["overridden", "open", "leaving"]:
    if one.how is None:
        return "leaving"
    return "overridden" if one.how == "overridden" else "open"
