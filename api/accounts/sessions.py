"""Logging in and out, and one's own sessions."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.accounts.proving import log_in, source_address
from api.accounts.schemas import LoginIn, OpenSessionsOut, SessionOut, open_session_out, session_out
from api.auth import ANYONE, DoorkeeperDep, begin, requires
from api.bodies import Body, answer
from api.contract import contract
from api.cookies import session_token, set_cookie
from api.errors import ProblemError, problem
from dispatch.accounts.queries import get_person, list_sessions
from dispatch.accounts.rules_permissions import Principal
from dispatch.accounts.rules_sessions import ends_at
from dispatch.accounts.service_sessions import TooManyTries, log_out
from dispatch.accounts.states import SessionEnd
from dispatch.kernel.actor import ActorKind

router = APIRouter(tags=["logging in"])
_login = Body(LoginIn)
Own = Annotated[Principal, requires("session.own")]
_NO_STORE = "no-store"


@router.post(
    "/session",
    summary="Log in",
    description="Answers with an HttpOnly, SameSite=Strict cookie; a session that the browser had before ends. After "
    "wrong passwords the next try waits: 429, `Retry-After`.",
    dependencies=[ANYONE],
    **contract(
        SessionOut, body=LoginIn, problems=[401, 403, 429],
        body_examples={"a dispatcher": {"name": "wang.fang", "password": "four words nobody guesses"}},
    ),
)  # fmt: skip
async def open_session(request: Request, door: DoorkeeperDep) -> Response:
    """Log in."""
    asked = await _login.of(request)
    try:
        opened = await log_in(door, asked.name, asked.password, source_address(request), session_token(request))
    except TooManyTries as error:
        wait = {"Retry-After": str(error.retry_after_s)}
        return problem(429, error.code, error.message, request.url.path, hint=error.hint, headers=wait)
    row = opened.session
    async with door.parts.database.read() as session:
        known = await get_person(session, row.person_id)
    ends = ends_at(row.last_seen_at, row.expires_at, door.lifetimes)
    actor = Principal(ActorKind.PERSON, row.person_id, known.person.organisation, known.grants, row.id, ends)
    told = answer(session_out(actor, known.display_name))
    told.headers["Set-Cookie"] = set_cookie(request, opened.token, door.parts.settings.session_s)
    told.headers["Cache-Control"] = _NO_STORE
    return told


@router.get(
    "/session",
    summary="Who is logged in",
    description="The person with the roles held, or the device; and until when.",
    **contract(SessionOut, problems=[401]),
)
async def shown(door: DoorkeeperDep, actor: Annotated[Principal, requires("session.show")]) -> Response:
    """Tell who is logged in."""
    name = None
    if actor.kind is ActorKind.PERSON:
        async with door.parts.database.read() as session:
            name = (await get_person(session, actor.id)).display_name
    told = answer(session_out(actor, name))
    told.headers["Cache-Control"] = _NO_STORE
    return told


@router.delete(
    "/session",
    summary="Log out",
    description="Ends this session and takes its cookie away; its WebSockets are closed.",
    **contract(status=204, told="Logged out.", problems=[401, 403]),
)
async def end_session(request: Request, door: DoorkeeperDep, actor: Own) -> Response:
    """Log out."""
    async with door.parts.database.write() as session:
        await log_out(session, door.parts.clock, begin(door, actor), actor.id, SessionEnd.LOGOUT, only=actor.credential)
    await door.forget([actor.credential])
    return Response(status_code=204, headers={"Set-Cookie": set_cookie(request, "", 0)})


@router.get(
    "/sessions",
    summary="One's own sessions",
    description="Those that have not ended nor run out, oldest first.",
    **contract(OpenSessionsOut, problems=[401, 403]),
)
async def listed(door: DoorkeeperDep, actor: Own) -> Response:
    """List one's own sessions."""
    now = door.parts.clock.now()
    async with door.parts.database.read() as session:
        rows = await list_sessions(session, actor.id)
    alive = [row for row in rows if ends_at(row.last_seen_at, row.expires_at, door.lifetimes) > now]
    return answer(OpenSessionsOut([open_session_out(row, actor) for row in alive]))


@router.delete(
    "/sessions",
    summary="End all other sessions of one's own",
    description="All but the one that asks.",
    **contract(status=204, told="Ended.", problems=[401, 403]),
)
async def end_others(door: DoorkeeperDep, actor: Own) -> Response:
    """End all others."""
    async with door.parts.database.write() as session:
        ended = await log_out(
            session, door.parts.clock, begin(door, actor), actor.id, SessionEnd.CLOSED, keep=actor.credential
        )
    await door.forget(ended)
    return Response(status_code=204)


@router.delete(
    "/sessions/{session_id}",
    summary="End one of one's own sessions",
    description="Its WebSockets are closed.",
    **contract(status=204, told="Ended.", problems=[401, 403, 404]),
)
async def end_one(
    door: DoorkeeperDep, actor: Own, session_id: Annotated[UUID, Path(description="The session's id.")]
) -> Response:
    """End one session."""
    async with door.parts.database.write() as session:
        ended = await log_out(
            session, door.parts.clock, begin(door, actor), actor.id, SessionEnd.CLOSED, only=session_id
        )
    if not ended:
        raise ProblemError("session.not_found", "You have no such session.", "GET /api/sessions lists them.")
    await door.forget(ended)
    return Response(status_code=204)
