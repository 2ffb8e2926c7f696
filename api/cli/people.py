"""`tarim people add|password|list|organisation|revoke`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import click

from api.accounts.schemas import OrganisationOut, person_out
from api.cli.secrets_in import read_new_password
from api.cli.shared import by_hand, json_option, print_json, store, waiting
from api.parts import Parts
from dispatch.accounts import service_people
from dispatch.accounts.queries import KnownPerson, find_by_login_name, list_organisations, list_people
from dispatch.accounts.rules_passwords import check_new_password, normal_name
from dispatch.accounts.rules_permissions import Grant
from dispatch.accounts.service_hashing import PasswordHasher
from dispatch.accounts.states import Role
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import NotFound
from dispatch.kernel.organisations import SYSTEM_WORDS, System


class RoleAt(click.ParamType[tuple[Role, str]]):
    """ROLE or ROLE@ORGANISATION."""

    name = "ROLE[@ORGANISATION]"

    def convert(
        self, value: str | tuple[Role, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Role, str]:
        """Read it; an unknown role is wrong usage."""
        if isinstance(value, tuple):
            return value
        role, _, organisation = value.partition("@")
        if role not in list(Role):
            self.fail(f"{role!r} is no role; there are {', '.join(Role)}", param, ctx)
        return Role(role), organisation


@click.command()
@click.argument("login_name")
@click.option("--organisation", "-o", required=True, help="Code of the organisation that the person belongs to.")
@click.option("--display-name", help="The name that others see; without it the login name.")
@click.option("--role", "roles", type=RoleAt(), multiple=True, help="May be repeated; without @ in --organisation.")
@click.option("--no-password", is_flag=True, help="Ask for none: nobody can log in as them until one is set.")
@json_option
@waiting
async def add(
    login_name: str,
    organisation: str,
    display_name: str | None,
    roles: tuple[tuple[Role, str], ...],
    no_password: bool,
    as_json: bool,
) -> None:
    r"""Add a person. The password is asked for on the terminal, or read from standard input.

    \b
    Example:
      tarim people add wang.fang --organisation aksu-prefecture --role dispatcher --role supervisor
    """
    normal_name(login_name)
    hashed = None if no_password else await _hashed(read_new_password(), login_name)
    async with store() as parts, parts.database.write() as session:
        known = await service_people.add_person(
            session,
            parts.clock,
            by_hand(parts),
            Digester.of_home(parts.settings.home),
            login_name=login_name,
            display_name=display_name or login_name,
            organisation=organisation,
            grants=[Grant(role, at or organisation) for role, at in roles],
            password_hash=hashed,
        )
    _print([known], as_json)


@click.command()
@click.argument("login_name")
@waiting
async def password(login_name: str) -> None:
    r"""Set a person's password, asked for on the terminal or read from standard input. All sessions of theirs end.

    \b
    Example:
      tarim people password wang.fang
    """
    hashed = await _hashed(read_new_password(), login_name)
    async with store() as parts, parts.database.write() as session:
        person_id = await _id_of(parts, login_name)
        ended = await service_people.set_password(session, parts.clock, by_hand(parts), person_id, hashed)
    click.echo(f"Set. {ended} sessions ended.")


@click.command("list")
@json_option
@waiting
async def list_(as_json: bool) -> None:
    r"""List people with their roles, revoked ones too.

    \b
    Example:
      tarim people list
    """
    async with store() as parts, parts.database.read() as session:
        people = await list_people(session)
    _print(people, as_json)


@click.command()
@click.argument("login_name")
@click.confirmation_option(prompt="This cannot be undone. Revoke this account for good?")
@waiting
async def revoke(login_name: str) -> None:
    r"""End a person's account for good. Sessions and WebSockets end within 5 seconds.

    \b
    Example:
      tarim people revoke wang.fang
    """
    async with store() as parts, parts.database.write() as session:
        person_id = await _id_of(parts, login_name)
        await service_people.revoke(session, parts.clock, by_hand(parts), person_id)
    click.echo("Revoked.")


@click.command()
@click.argument("code", required=False)
@click.option("--name-zh", help="Name in Chinese.")
@click.option("--name-en", default="", help="Name in English.")
@click.option("--system", "system_word", type=click.Choice(list(SYSTEM_WORDS)), help="地方 (civil) or 兵团 (corps).")
@json_option
@waiting
async def organisation(
    code: str | None, name_zh: str | None, name_en: str, system_word: str | None, as_json: bool
) -> None:
    r"""Add an organisation under the code by which stations and units name it; without a code, list them.

    \b
    Example:
      tarim people organisation xpcc-1 --name-zh 第一师 --system 兵团
    """
    if code is not None and (not name_zh or not system_word):
        raise click.UsageError("A new organisation needs --name-zh and --system.")
    async with store() as parts:
        if code is not None and name_zh and system_word:
            async with parts.database.write() as session:
                await service_people.add_organisation(
                    session,
                    parts.clock,
                    by_hand(parts),
                    code=code,
                    name_zh=name_zh,
                    name_en=name_en,
                    system=System(SYSTEM_WORDS[system_word]),
                )
        async with parts.database.read() as session:
            rows = await list_organisations(session)
    told = [OrganisationOut(row.code, row.name_zh, row.name_en, System(row.system)) for row in rows]
    if as_json:
        print_json(told)
        return
    for item in told:
        click.echo(f"{item.code:<24} {item.system:<6} {item.name_zh} {item.name_en}".rstrip())


async def _hashed(given: str, login_name: str) -> str:
    hasher = PasswordHasher()
    try:
        return await hasher.hash(check_new_password(given, login_name))
    finally:
        hasher.close()


async def _id_of(parts: Parts, login_name: str) -> UUID:
    async with parts.database.read() as session:
        person = await find_by_login_name(session, normal_name(login_name))
        if person is None:
            raise NotFound("person.not_found", "There is no such person.", "tarim people list")
        return person.id


def _print(people: Sequence[KnownPerson], as_json: bool) -> None:
    told = [person_out(known) for known in people]
    if as_json:
        print_json(told)
        return
    for item in told:
        roles = " ".join(f"{grant.role}@{grant.organisation}" for grant in item.roles) or "no roles"
        state = item.state if item.has_password or item.state == "revoked" else f"{item.state}, no password"
        click.echo(f"{item.id}  {item.login_name:<20} {state:<20} {item.display_name}  {roles}")
