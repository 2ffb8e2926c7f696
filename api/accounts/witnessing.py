"""A second person at somebody else's seat: proved by name and password, without a session of its own."""

from __future__ import annotations

from starlette.requests import Request

from api.accounts.proving import prove_current, source_address
from api.auth import Doorkeeper
from api.errors import ProblemError
from dispatch.accounts.queries import get_person
from dispatch.accounts.rules_permissions import Principal
from dispatch.accounts.service_sessions import settle
from dispatch.accounts.states import PersonState
from dispatch.kernel.actor import ActorKind


async def proved(request: Request, door: Doorkeeper, name: str, password: str) -> Principal:
    """Who goes by this name and password. Raises as `prove_current`; ProblemError (`password.current`)."""
    admitted = await prove_current(door, name, password, source_address(request))
    if admitted is None or admitted.person_id is None:
        raise ProblemError("password.current", "The name or the password is wrong.")
    async with door.parts.database.write() as session:
        await settle(session, door.parts.clock, admitted)
        known = await get_person(session, admitted.person_id)
    if known.person.state != PersonState.ACTIVE:
        raise ProblemError("password.current", "The name or the password is wrong.")
    # Of no session: what is done goes into the journal in this person's name, and nothing else is opened.
    return Principal(ActorKind.PERSON, known.person.id, known.person.organisation, known.grants, known.person.id, None)
