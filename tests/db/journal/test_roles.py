"""The service's role on servers of every kind: made once, by whoever may, and told where nobody may."""

from __future__ import annotations

import asyncio
import getpass
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from factories.journal import START, context, unit_sent
from factories.postgres import SYSTEM_15, flavours

from dispatch.kernel import migrate
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.journal import append
from dispatch.kernel.postgres.embedded import EmbeddedPostgres
from dispatch.kernel.service_role import service_access

pytestmark = [pytest.mark.database, pytest.mark.slow]

ROOT = Path(__file__).parents[3]
MIGRATE = "import asyncio, sys; from dispatch.kernel import migrate; asyncio.run(migrate.upgrade(sys.argv[1]))"
DATABASES = 5


@pytest.fixture(params=flavours())
async def server(request: pytest.FixtureRequest, passable_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A fresh server that lets us in as its owner and as two ordinary accounts, but not as the service's role."""
    ident = passable_path / "ident.conf"
    ident.write_text("".join(f'tarim "{getpass.getuser()}" {role}\n' for role in ("tarim", "maker", "plain")))
    ident.chmod(0o644)
    install = SYSTEM_15 if request.param == "system15" else None
    options = {"ident_file": str(ident), "fsync": "off"}
    async with EmbeddedPostgres(passable_path / "home", install=install, options=options) as made:
        yield made


async def admin(server: EmbeddedPostgres, *statements: str) -> None:
    connection = await asyncpg.connect(server.dsn("postgres"))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_many_databases_of_a_new_server_are_migrated_at_once(server: EmbeddedPostgres) -> None:
    """The role belongs to the server: all of them want to make it."""
    names = [f"many_{number}" for number in range(DATABASES)]
    await admin(server, *(f"CREATE DATABASE {name}" for name in names))
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, server.url(name), cwd=ROOT, stderr=asyncio.subprocess.PIPE
        )
        for name in names
    ]
    for process in started:
        _, said = await process.communicate()
        assert process.returncode == 0, said.decode()
    for name in names:
        access = await service_access(server.url(name))
        assert (access.role, access.warning) == ("tarim_service", None)


async def test_an_account_that_may_make_roles_lends_the_service_a_bounded_one(server: EmbeddedPostgres) -> None:
    await admin(server, "CREATE ROLE maker LOGIN CREATEROLE", "CREATE DATABASE made OWNER maker")
    url = server.url("made").replace("tarim@", "maker@")
    await migrate.upgrade(url)
    access = await service_access(url)
    assert (access.url, access.role, access.warning) == (url, "tarim_service", None)
    clock = ManualClock(START)
    async with Database(make_engine(access.url, role=access.role)) as database:
        async with database.write() as session:
            await append(session, clock, context(clock), [unit_sent()])
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
            await removed(database)


async def removed(database: Database) -> None:
    async with database.write() as session:
        driver = (await (await session.connection()).get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute("DELETE FROM journal")


async def test_an_account_that_may_not_is_served_and_told(server: EmbeddedPostgres) -> None:
    await admin(server, "CREATE ROLE plain LOGIN", "CREATE DATABASE made OWNER plain")
    url = server.url("made").replace("tarim@", "plain@")
    await migrate.upgrade(url)
    access = await service_access(url)
    assert access.role is None
    assert "kept by triggers and its chain alone" in (access.warning or "")
    await admin(server, "CREATE ROLE tarim_service LOGIN NOINHERIT", "GRANT tarim_service TO plain")
    await migrate.upgrade(url)
    assert (await service_access(url)).role == "tarim_service"
