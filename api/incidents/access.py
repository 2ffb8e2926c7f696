"""Who may reach which incident. Dispatchers reach all; the rule for the others stands in `queries_access`."""

from __future__ import annotations

from uuid import UUID

from api.auth import not_allowed
from dispatch.accounts.rules_permissions import TABLE, Principal, may_where_assigned, organisations_where
from dispatch.accounts.states import Role
from dispatch.incidents.queries_incidents import get_incident
from dispatch.kernel.actor import ActorKind
from dispatch.kernel.db import Session
from dispatch.receiving.queries_access import Reach, is_reached


def reach_of(actor: Principal, permission: str) -> Reach | None:
    """What of all incidents the actor may do this with; None: with all."""
    organisations = organisations_where(actor, permission)
    if organisations is None:
        return None
    if not may_where_assigned(actor, permission):
        return Reach(organisations)
    person = actor.id if actor.kind is ActorKind.PERSON else None
    return Reach(organisations, person, actor.call_sign)


def reach_of_role(role: Role, organisation: str, permission: str) -> Reach | None:
    """What of all incidents somebody of that role there may do this with, whoever it is; None: with all."""
    scope = TABLE[role]
    if permission in scope.everywhere:
        return None
    return Reach(frozenset({organisation}) if permission in scope.own else frozenset())


async def must_reach(session: Session, region: str, actor: Principal, permission: str, incident_id: UUID) -> None:
    """Refuse what the actor may not do with this incident.

    Raises ProblemError (`permission.refused`); NotFound (`incident.not_found`) to those who do not reach all.
    """
    reach = reach_of(actor, permission)
    if reach is None:
        return
    await get_incident(session, region, incident_id)
    if not await is_reached(session, region, incident_id, reach):
        raise not_allowed(permission)
