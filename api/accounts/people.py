"""People and organisations, for administrators; and everybody's own password."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.accounts.proving import new_hash, prove_current, source_address
from api.accounts.schemas import (
    OrganisationOut,
    OrganisationsOut,
    PasswordIn,
    PeopleOut,
    PersonIn,
    PersonOut,
    RolesIn,
    person_out,
)
from api.auth import Doorkeeper, DoorkeeperDep, begin, must_may, requires
from api.bodies import Body, answer
from api.contract import contract
from api.errors import ProblemError, problem
from dispatch.accounts import service_people
from dispatch.accounts.queries import KnownPerson, get_person, list_organisations, list_people, lock_person
from dispatch.accounts.rules_passwords import check_new_password
from dispatch.accounts.rules_permissions import Grant, Principal, organisations_where
from dispatch.accounts.service_sessions import Admitted, TooManyTries
from dispatch.kernel.organisations import System

router = APIRouter(tags=["people"])
_person, _roles, _password = Body(PersonIn), Body(RolesIn), Body(PasswordIn)
PersonId = Annotated[UUID, Path(description="The person's id.")]
Manager = Annotated[Principal, requires("people.manage")]
_DISPATCHER = {"role": "dispatcher", "organisation": "aksu-prefecture"}
_PERSON = {
    "login_name": "wang.fang",
    "display_name": "王芳（示例）",
    "organisation": "aksu-prefecture",
    "roles": [_DISPATCHER],
    "password": "four words nobody guesses",
}
Reader = Annotated[Principal, requires("people.read")]
MANAGE = "people.manage"


@router.get(
    "/organisations",
    summary="Organisations",
    description="Of both systems. They are added with `tarim people organisation`.",
    **contract(OrganisationsOut, problems=[401, 403]),
)
async def organisations(door: DoorkeeperDep, _actor: Annotated[Principal, requires("organisations.read")]) -> Response:
    """List organisations."""
    async with door.parts.database.read() as session:
        rows = await list_organisations(session)
    return answer(OrganisationsOut([OrganisationOut(r.code, r.name_zh, r.name_en, System(r.system)) for r in rows]))


@router.get(
    "/people",
    summary="People",
    description="Of the organisations whose people one may see.",
    **contract(PeopleOut, problems=[401, 403]),
)
async def listed(door: DoorkeeperDep, actor: Reader) -> Response:
    """List people."""
    async with door.parts.database.read() as session:
        rows = await list_people(session, organisations_where(actor, "people.read"))
    return answer(PeopleOut([person_out(row) for row in rows]))


@router.get(
    "/people/{person_id}",
    summary="One person",
    description="With the roles held in every organisation.",
    **contract(PersonOut, problems=[401, 403, 404]),
)
async def shown(door: DoorkeeperDep, actor: Reader, person_id: PersonId) -> Response:
    """Show a person."""
    async with door.parts.database.read() as session:
        known = await get_person(session, person_id)
    must_may(actor, "people.read", known.person.organisation)
    return answer(person_out(known))


@router.post(
    "/people",
    summary="Add a person",
    description="With roles in organisations whose people one manages.",
    **contract(
        PersonOut, body=PersonIn, status=201, problems=[401, 403, 404, 409], body_examples={"a dispatcher": _PERSON}
    ),
)
async def add(request: Request, door: DoorkeeperDep, actor: Manager) -> Response:
    """Add a person."""
    asked = await _person.of(request)
    grants = [Grant(grant.role, grant.organisation) for grant in asked.roles]
    for organisation in {asked.organisation, *(grant.organisation for grant in grants)}:
        must_may(actor, MANAGE, organisation)
    hashed = None if asked.password is None else await new_hash(door, asked.password, asked.login_name)
    async with door.parts.database.write() as session:
        known = await service_people.add_person(
            session,
            door.parts.clock,
            begin(door, actor),
            door.digester,
            login_name=asked.login_name,
            display_name=asked.display_name,
            organisation=asked.organisation,
            grants=grants,
            password_hash=hashed,
        )
    told = answer(person_out(known), status=201)
    told.headers["Location"] = f"/api/people/{known.person.id}"
    return told


@router.put(
    "/people/{person_id}/roles",
    summary="Give a person exactly these roles",
    description="What is given or taken must lie in organisations whose people one manages. Holds within 5 s.",
    **contract(
        PersonOut,
        body=RolesIn,
        problems=[401, 403, 404, 409],
        body_examples={"dispatcher and supervisor": {"roles": [_DISPATCHER, {**_DISPATCHER, "role": "supervisor"}]}},
    ),
)
async def give_roles(request: Request, door: DoorkeeperDep, actor: Manager, person_id: PersonId) -> Response:
    """Set roles."""
    asked = await _roles.of(request)
    wanted = frozenset(Grant(grant.role, grant.organisation) for grant in asked.roles)
    async with door.parts.database.write() as session:
        await lock_person(session, person_id)
        for grant in (await get_person(session, person_id)).grants ^ wanted:
            must_may(actor, MANAGE, grant.organisation)
        known = await service_people.set_roles(session, door.parts.clock, begin(door, actor), person_id, wanted)
    await door.forget([person_id])
    return answer(person_out(known))


@router.post(
    "/people/{person_id}/password",
    summary="Set a password",
    description="One's own, proved by the present one; or that of a person all of whose organisations one manages. All "
    "other sessions of that person end.",
    **contract(
        status=204,
        body=PasswordIn,
        told="Set.",
        problems=[401, 403, 404, 409, 429],
        body_examples={
            "one's own": {"password": "four words nobody guesses", "current_password": "the one until now"},
            "another's": {"password": "four words nobody guesses"},
        },
    ),
)
async def set_password(
    request: Request, door: DoorkeeperDep, actor: Annotated[Principal, requires("session.own")], person_id: PersonId
) -> Response:
    """Set a password."""
    asked = await _password.of(request)
    own = person_id == actor.id
    async with door.parts.database.read() as session:
        known = await get_person(session, person_id)
    if not own:
        _must_manage(actor, known, wholly=True)
    check_new_password(asked.password, known.login_name)
    try:
        proved = await _proved(door, request, known, asked.current_password) if own else None
    except TooManyTries as error:
        wait = {"Retry-After": str(error.retry_after_s)}
        return problem(429, error.code, error.message, request.url.path, hint=error.hint, headers=wait)
    hashed = await new_hash(door, asked.password, known.login_name)
    async with door.parts.database.write() as session:
        await service_people.set_password(
            session,
            door.parts.clock,
            begin(door, actor),
            person_id,
            hashed,
            keep=actor.credential if own else None,
            proved=proved,
        )
    await door.forget([person_id])
    return Response(status_code=204)


@router.post(
    "/people/{person_id}/lock",
    summary="Keep a person out for a time",
    description="All sessions end; WebSockets are closed within 5 s.",
    **contract(status=204, told="Locked.", problems=[401, 403, 404, 409]),
)
async def lock(door: DoorkeeperDep, actor: Manager, person_id: PersonId) -> Response:
    """Lock an account."""
    return await _change(door, actor, person_id, service_people.lock)


@router.post(
    "/people/{person_id}/unlock",
    summary="Let a locked person in again",
    description="With the same password.",
    **contract(status=204, told="Unlocked.", problems=[401, 403, 404, 409]),
)
async def unlock(door: DoorkeeperDep, actor: Manager, person_id: PersonId) -> Response:
    """Unlock an account."""
    return await _change(door, actor, person_id, service_people.unlock)


@router.post(
    "/people/{person_id}/revoke",
    summary="End an account for good",
    description="All sessions end; WebSockets are closed within 5 s. It cannot be undone; add the person anew.",
    **contract(status=204, told="Revoked.", problems=[401, 403, 404, 409]),
)
async def revoke(door: DoorkeeperDep, actor: Manager, person_id: PersonId) -> Response:
    """Revoke an account."""
    return await _change(door, actor, person_id, service_people.revoke)


@router.post(
    "/people/{person_id}/erase",
    summary="Erase a revoked person's names",
    description="As law may demand (PIPL art. 47). The id and the journal stay.",
    **contract(status=204, told="Erased.", problems=[401, 403, 404, 409]),
)
async def erase(door: DoorkeeperDep, actor: Manager, person_id: PersonId) -> Response:
    """Erase names."""
    return await _change(door, actor, person_id, service_people.erase_names)


async def _change(
    door: Doorkeeper, actor: Principal, person_id: UUID, work: Callable[..., Awaitable[None]]
) -> Response:
    async with door.parts.database.write() as session:
        _must_manage(actor, await get_person(session, person_id))
        await work(session, door.parts.clock, begin(door, actor), person_id)
    await door.forget([person_id])
    return Response(status_code=204)


def _must_manage(actor: Principal, known: KnownPerson, *, wholly: bool = False) -> None:
    """The actor must manage the person's own organisation; `wholly`: and every one in which roles are held.

    Else an administrator of one organisation could, by a new password, take over what a person may do in another.
    """
    must_may(actor, MANAGE, known.person.organisation)
    for grant in known.grants if wholly else ():
        must_may(actor, MANAGE, grant.organisation)


async def _proved(door: Doorkeeper, request: Request, known: KnownPerson, password: str | None) -> Admitted:
    given = password or ""
    admitted = await prove_current(door, known.login_name, given, source_address(request))
    if admitted is None:
        raise ProblemError("password.current", "The present password is wrong.")
    return admitted
