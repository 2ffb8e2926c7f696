"""Who may see and change which request: whoever holds the permission everywhere, and the sides that it concerns."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from api.auth import not_allowed
from dispatch.accounts.rules_permissions import Principal, may, organisations_where
from dispatch.ecmo.queries_requests import concerned_by, get_request
from dispatch.ecmo.states_case import CaseSide
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.queries import get_hospital
from dispatch.kernel.db import Session

READ = "ecmo.read"
REQUEST = "ecmo.request"
ASSESS = "ecmo.assess"
COORDINATE = "ecmo.coordinate"


async def must_see(session: Session, region: str, actor: Principal, request_id: UUID) -> EcmoRequest:
    """Return a request that the actor may see.

    Raises NotFound (`ecmo_request.not_found`), ProblemError (`permission.refused`).
    """
    row = await get_request(session, region, request_id)
    where = organisations_where(actor, READ)
    if where is not None and where.isdisjoint(await concerned_by(session, row.id)):
        raise not_allowed(READ)
    return row


async def asker_organisations(session: Session, row: EcmoRequest) -> frozenset[str]:
    """Whose request it is: of who began it, and of the hospital where the patient is."""
    if row.hospital_id is None:
        return frozenset({row.organisation})
    return frozenset({row.organisation, (await get_hospital(session, row.region, row.hospital_id)).organisation})


async def must_ask(session: Session, region: str, actor: Principal, request_id: UUID, *or_else: str) -> EcmoRequest:
    """Return a request that is the actor's own side's to change; or_else: permissions that are enough by themselves.

    Raises as `must_see`.
    """
    row = await must_see(session, region, actor, request_id)
    if not may_change(actor, await asker_organisations(session, row), *or_else):
        raise not_allowed(REQUEST)
    return row


def may_change(actor: Principal, askers: Collection[str], *or_else: str) -> bool:
    """Whether the request is the actor's own side's to change."""
    return any(may(actor, one) for one in or_else) or any(may(actor, REQUEST, one) for one in askers)


def side_of(actor: Principal, askers: Collection[str]) -> CaseSide:
    """As whom somebody writes: who coordinates does so as that, whatever else he is."""
    if may(actor, COORDINATE):
        return CaseSide.COORDINATOR
    if may(actor, ASSESS) and not any(may(actor, REQUEST, one) for one in askers):
        return CaseSide.CENTRE
    return CaseSide.ASKER
