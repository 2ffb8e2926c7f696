"""Proving a password: two short transactions, with the slow hashing between them and outside of both."""

from __future__ import annotations

from starlette.requests import Request

from api.auth import Doorkeeper
from dispatch.accounts.rules_passwords import check_new_password, normal_password
from dispatch.accounts.rules_sessions import source_of, token_hash
from dispatch.accounts.service_sessions import Admitted, Opened, admit, finish
from dispatch.kernel.errors import Refused


def source_address(request: Request) -> str:
    """The network address that counts as the source of a try."""
    return source_of(request.client.host if request.client else "")


async def log_in(door: Doorkeeper, name: str, password: str, source: str, old_token: str | None) -> Opened:
    """Open a session; a session that the browser had already ends.

    Raises TooManyTries (`login.wait`), Refused (`login.refused`: wrong name, wrong password or no such account, which
    is not told apart), Invalid (`password.text`, `password.too_long`), Unavailable (`login.busy`).
    """
    parts, normal = door.parts, normal_password(password)
    admitted, good = await _prove(door, name, normal, source)
    outdated = good and admitted.stored is not None and door.hasher.outdated(admitted.stored)
    fresh_hash = await door.hasher.hash(normal) if outdated else None
    async with parts.database.write() as session:
        opened = await finish(
            session,
            parts.clock,
            admitted,
            door.lifetimes,
            good=good,
            replaces=None if old_token is None else token_hash(old_token),
            fresh_hash=fresh_hash,
        )
    if opened is None:
        raise Refused("login.refused", "The name or the password is wrong.")
    return opened


async def prove_current(door: Doorkeeper, name: str, password: str, source: str) -> Admitted | None:
    """Check the present password of somebody who is logged in; None: it is wrong. Raises as `log_in`."""
    admitted, good = await _prove(door, name, normal_password(password), source)
    if not good:
        async with door.parts.database.write() as session:
            await finish(session, door.parts.clock, admitted, door.lifetimes, good=False)
        return None
    return admitted


async def new_hash(door: Doorkeeper, password: str, login_name: str) -> str:
    """Check a new password and hash it. Raises Invalid (`password.*`), Unavailable (`login.busy`)."""
    return await door.hasher.hash(check_new_password(password, login_name))


async def _prove(door: Doorkeeper, name: str, normal: str, source: str) -> tuple[Admitted, bool]:
    door.hasher.must_have_room()
    async with door.parts.database.write() as session:
        admitted = await admit(session, door.parts.clock, door.digester, name, source)
    return admitted, await door.hasher.verify(normal, admitted.stored)
