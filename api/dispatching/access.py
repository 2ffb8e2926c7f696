"""Which assignments somebody may see: all, or those of the vehicle that they are on board of, or belong to."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import Path

from api.auth import requires
from api.errors import ProblemError
from dispatch.accounts.rules_permissions import Principal, organisations_where
from dispatch.dispatching.queries import get_assignment
from dispatch.dispatching.tables import Assignment
from dispatch.kernel.actor import ActorKind
from dispatch.kernel.db import Session
from dispatch.kernel.errors import NotFound
from dispatch.units.queries import get_unit
from dispatch.units.queries_crew import find_on_duty

READ: Final = "assignments.read"
WRITE: Final = "assignments.write"
Reader = Annotated[Principal, requires(READ)]
Dispatcher = Annotated[Principal, requires(WRITE)]
AssignmentId = Annotated[UUID, Path(description="The assignment's id.")]
IncidentId = Annotated[UUID, Path(description="The incident's id.")]
RecommendationId = Annotated[UUID, Path(description="The recommendation's id.")]


def sees_all(actor: Principal) -> bool:
    """Whether somebody sees every vehicle's."""
    return organisations_where(actor, READ) is None


def must_see_all(actor: Principal) -> None:
    """Refuse who sees the own vehicle's only. Raises ProblemError (`assignment.other_vehicle`)."""
    if not sees_all(actor):
        raise _own_only()


async def own_unit(session: Session, region: str, actor: Principal) -> UUID | None:
    """The unit whose assignments somebody sees who does not see all; None: none (now)."""
    if actor.kind is ActorKind.DEVICE:
        if actor.region != region or not actor.call_sign:
            return None
        try:
            return (await get_unit(session, region, actor.call_sign)).id
        except NotFound:
            return None
    duty = await find_on_duty(session, actor.id)
    return None if duty is None else duty.unit_id


async def seen_assignment(session: Session, region: str, actor: Principal, assignment_id: UUID) -> Assignment:
    """Return an assignment that the actor may see.

    Raises NotFound (`assignment.not_found`), ProblemError (`assignment.other_vehicle`).
    """
    found = await get_assignment(session, region, assignment_id)
    if not sees_all(actor) and await own_unit(session, region, actor) != found.unit_id:
        raise _own_only()
    return found


def _own_only() -> ProblemError:
    return ProblemError("assignment.other_vehicle", "You see what your own vehicle has, and no more.")
