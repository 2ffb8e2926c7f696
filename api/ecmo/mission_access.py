"""Who may see a mission and act in it, and the answer that every change gives."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path
from starlette.responses import Response

from api.auth import must_may, requires
from api.bodies import answer
from api.ecmo.telling_missions import mission_out
from api.parts import Parts
from dispatch.accounts.rules_permissions import Principal, may
from dispatch.ecmo.queries_missions import concerned_by, get_mission, is_lead
from dispatch.ecmo.states_missions import MISSION_OVER, MissionState
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.kernel.db import Session
from dispatch.kernel.errors import NotFound

Reader = Annotated[Principal, requires("ecmo.read")]
Coordinator = Annotated[Principal, requires("ecmo.coordinate")]
Doctor = Annotated[Principal, requires("ecmo.assess", "ecmo.coordinate")]
Hand = Annotated[Principal, requires("ecmo.coordinate", "ecmo.assess", "ecmo.request")]
MissionId = Annotated[UUID, Path(description="The mission's id.")]


def may_see(actor: Principal, concerned: tuple[str, ...]) -> bool:
    """Whether the actor may read what these organisations do together."""
    return any(may(actor, "ecmo.read", one) for one in concerned)


def must_act(actor: Principal, concerned: tuple[str, ...]) -> None:
    """Refuse who works for neither side. Raises ProblemError (`permission.refused`)."""
    wanted = ("ecmo.coordinate", "ecmo.assess", "ecmo.request")
    if not any(may(actor, permission, one) for permission in wanted for one in concerned):
        must_may(actor, "ecmo.coordinate", "")


def in_office(actor: Principal, concerned: tuple[str, ...]) -> bool:
    """Whether the actor assesses or coordinates for one of these organisations."""
    return any(may(actor, permission, one) for permission in ("ecmo.assess", "ecmo.coordinate") for one in concerned)


async def may_set_limits(session: Session, actor: Principal, row: EcmoMission) -> bool:
    """Whether the actor may set limits of a mission's circuit: in office for it, or its lead, and it goes on."""
    if MissionState(row.state) in MISSION_OVER:
        return False
    concerned = await concerned_by(session, row)
    return in_office(actor, concerned) or await is_lead(session, row.id, str(actor.actor))


async def may_act(parts: Parts, actor: Principal, mission_id: UUID) -> None:
    """Refuse who works for neither side of a mission. Raises NotFound, ProblemError (`permission.refused`)."""
    async with parts.database.read() as session:
        row = await get_mission(session, parts.settings.region, mission_id)
        must_act(actor, await concerned_by(session, row))


async def told_mission(parts: Parts, actor: Principal, mission_id: UUID) -> Response:
    """Answer with a mission as it is now. Raises NotFound: also where the actor may not see it."""
    async with parts.database.read() as session:
        row = await get_mission(session, parts.settings.region, mission_id)
        if not may_see(actor, await concerned_by(session, row)):
            raise NotFound("ecmo_mission.not_found", "There is no such mission in this region.")
        return answer(await mission_out(session, row, parts.clock.now()))
