"""People, organisations and devices in a real PostgreSQL."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from factories.people import (
    CIVIL,
    CORPS,
    DIGESTER,
    QUICK_HASH,
    clock,
    context,
    make_organisations,
    make_person,
    populate,
)
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from dispatch.accounts import service_people
from dispatch.accounts.queries import ERASED, find_by_login_name, get_person, list_devices, list_people
from dispatch.accounts.rules_permissions import Grant
from dispatch.accounts.rules_sessions import DEVICE_PREFIX, token_hash
from dispatch.accounts.service_devices import add_device, revoke_device
from dispatch.accounts.service_sessions import find_device_principal
from dispatch.accounts.states import DeviceKind, PersonState, Role
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, NotFound
from dispatch.kernel.journal_table import JournalLine
from dispatch.kernel.organisations import System

pytestmark = pytest.mark.database
CLOCK = clock()


async def journal(database: Database) -> list[JournalLine]:
    async with database.read() as session:
        return list(await session.scalars(select(JournalLine).order_by(JournalLine.seq)))


async def test_a_person_holds_several_roles_each_in_an_organisation(database: Database) -> None:
    async with database.write() as session:
        await make_organisations(session, CLOCK)
        person = await make_person(
            session, CLOCK, "Wang.Fang", Role.DISPATCHER, Role.SUPERVISOR, also=[Grant(Role.CREW, CORPS)]
        )
    async with database.read() as session:
        known = await get_person(session, person)
        assert known.login_name == "wang.fang"
        assert known.grants == {
            Grant(Role.DISPATCHER, CIVIL), Grant(Role.SUPERVISOR, CIVIL), Grant(Role.CREW, CORPS)
        }  # fmt: skip
        assert [one.person.id for one in await list_people(session, [CIVIL])] == [person]
        assert await list_people(session, [CORPS]) == []
    added = (await journal(database))[-1]
    assert (added.type, added.subject, added.organisation) == ("person.added", str(person), CIVIL)
    assert added.payload["roles"] == [f"crew@{CORPS}", f"dispatcher@{CIVIL}", f"supervisor@{CIVIL}"]


async def test_nothing_personal_reaches_the_journal(database: Database) -> None:
    people = await populate(database, CLOCK)
    async with database.write() as session:
        await service_people.revoke(session, CLOCK, context(CLOCK), people["crew"])
    async with database.read() as session:
        whole = " ".join(await session.scalars(text("SELECT journal::text FROM journal")))
    for word in ("示例", "argon2", '"dispatcher"', "login_name"):
        assert word not in whole


async def test_a_login_name_is_taken_once_in_whatever_case(database: Database) -> None:
    async with database.write() as session:
        await make_organisations(session, CLOCK)
        await make_person(session, CLOCK, "wang.fang")
        with pytest.raises(Conflict) as refused:
            await make_person(session, CLOCK, "WANG.Fang")
    assert "wang" not in str(refused.value).casefold()


async def test_two_who_take_one_name_at_once(database: Database) -> None:
    async with database.write() as session:
        await make_organisations(session, CLOCK)

    async def add() -> UUID | Conflict:
        try:
            async with database.write() as session:
                return await make_person(session, CLOCK, "wang.fang")
        except Conflict as error:
            return error

    results = await asyncio.gather(*(add() for _ in range(4)))
    assert sum(isinstance(result, UUID) for result in results) == 1
    async with database.read() as session:
        assert len(await list_people(session)) == 1


async def test_what_is_refused(database: Database) -> None:
    async with database.write() as session:
        await make_organisations(session, CLOCK)
        with pytest.raises(NotFound):
            await make_person(session, CLOCK, "li", organisation="nowhere")
        with pytest.raises(NotFound):
            await make_person(session, CLOCK, "li", also=[Grant(Role.CREW, "nowhere")])
        with pytest.raises(Invalid):
            await make_person(session, CLOCK, "li", also=[Grant(DeviceKind.VEHICLE, CIVIL)])
        with pytest.raises(Invalid):
            await make_person(session, CLOCK, "not a name")
        with pytest.raises(Conflict):
            await make_organisations(session, CLOCK)
        with pytest.raises(Invalid):
            await service_people.add_organisation(
                session, CLOCK, context(CLOCK), code="x\0", name_zh="x", name_en="", system=System.CIVIL
            )


async def test_roles_are_given_and_taken_with_a_line_each(database: Database) -> None:
    people = await populate(database, CLOCK)
    before = len(await journal(database))
    async with database.write() as session:
        known = await service_people.set_roles(
            session, CLOCK, context(CLOCK), people["crew"], [Grant(Role.DISPATCHER, CIVIL)]
        )
        assert known.grants == {Grant(Role.DISPATCHER, CIVIL)}
        await service_people.set_roles(session, CLOCK, context(CLOCK), people["crew"], known.grants)
    told = (await journal(database))[before:]
    assert [line.type for line in told] == ["person.role_withdrawn", "person.role_granted"]


async def test_the_end_of_an_account_and_of_its_names(database: Database) -> None:
    people = await populate(database, CLOCK)
    crew = people["crew"]
    async with database.write() as session:
        with pytest.raises(Conflict):
            await service_people.erase_names(session, CLOCK, context(CLOCK), crew)
        await service_people.lock(session, CLOCK, context(CLOCK), crew)
        await service_people.unlock(session, CLOCK, context(CLOCK), crew)
        await service_people.revoke(session, CLOCK, context(CLOCK), crew)
        for again in (service_people.revoke, service_people.lock, service_people.unlock):
            with pytest.raises(Conflict):
                await again(session, CLOCK, context(CLOCK), crew)
        with pytest.raises(Conflict):
            await service_people.set_password(session, CLOCK, context(CLOCK), crew, QUICK_HASH)
        with pytest.raises(Conflict):
            await service_people.set_roles(session, CLOCK, context(CLOCK), crew, [])
        assert await find_by_login_name(session, "crew") is not None
        await service_people.erase_names(session, CLOCK, context(CLOCK), crew)
        assert await find_by_login_name(session, "crew") is None
        known = await get_person(session, crew)
    assert (known.login_name, known.display_name) == (ERASED, ERASED)
    assert (known.person.state, known.person.password_hash) == (PersonState.REVOKED, None)
    assert (await journal(database))[-1].type == "person.names_erased"
    added = next(line for line in await journal(database) if line.subject == str(crew))
    assert DIGESTER.matches("login", "crew", added.payload["login_digest"]), "the journal still proves the name"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE people SET state = 'asleep'",
        "UPDATE people SET state = 'revoked'",
        "UPDATE people SET password_hash = 'koshka'",
        "UPDATE person_roles SET role = 'king'",
        "UPDATE person_names SET login_name = NULL",
        "UPDATE organisations SET system = 'private'",
        "INSERT INTO person_names VALUES ((SELECT id FROM people LIMIT 1), 2, 'x', 'x', now(), NULL, NULL)",
        "INSERT INTO login_tries VALUES ('pair', 'short', 0)",
        "DELETE FROM organisations",
    ],
)
async def test_the_database_has_the_last_word(database: Database, change: str) -> None:
    await populate(database, CLOCK)
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            await session.execute(text(change))


async def test_a_device_is_bound_to_one_vehicle_and_its_token_told_once(database: Database) -> None:
    async with database.write() as session:
        await make_organisations(session, CLOCK)
        device, token = await add_device(
            session,
            CLOCK,
            context(CLOCK),
            kind=DeviceKind.VEHICLE,
            organisation=CIVIL,
            region="aksu",
            call_sign="阿-07",
        )
    hashed = token_hash(token, DEVICE_PREFIX)
    assert hashed is not None
    async with database.read() as session:
        stored = " ".join(await session.scalars(text("SELECT devices::text FROM devices")))
        assert token not in stored
        assert token.removeprefix(DEVICE_PREFIX) not in stored
        found = await find_device_principal(session, hashed)
        assert found is not None
        assert (found[0].region, found[0].call_sign, found[0].organisation) == ("aksu", "阿-07", CIVIL)
        assert await list_devices(session, "porto") == []
    async with database.write() as session:
        await revoke_device(session, CLOCK, context(CLOCK), device.id)
        assert await find_device_principal(session, hashed) is None
        assert await list_devices(session, "aksu") == []
        assert len(await list_devices(session, "aksu", revoked=True)) == 1
        with pytest.raises(Conflict):
            await revoke_device(session, CLOCK, context(CLOCK), device.id)
    assert [line.type for line in await journal(database)][-2:] == ["device.added", "device.revoked"]


async def test_a_device_that_cannot_be(database: Database) -> None:
    async with database.write() as session:
        await make_organisations(session, CLOCK)
        for kind, call_sign in ((DeviceKind.VEHICLE, ""), (DeviceKind.EXCHANGE, "阿-07"), (DeviceKind.VEHICLE, "x\0")):
            with pytest.raises(Invalid):
                await add_device(
                    session, CLOCK, context(CLOCK), kind=kind, organisation=CIVIL, region="aksu", call_sign=call_sign
                )
