"""The database refuses to change the journal, and the service's role owns nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from factories.journal import START, context, unit_sent

from dispatch.kernel import migrate
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.journal import append
from dispatch.kernel.postgres.cluster import SERVICE_ROLE
from dispatch.kernel.service_role import service_access

pytestmark = pytest.mark.database

CHANGES = [
    "UPDATE journal SET subject = 'x'",
    "UPDATE journal SET subject = 'x' WHERE false",
    "DELETE FROM journal",
    "TRUNCATE journal",
    "INSERT INTO journal SELECT * FROM journal ON CONFLICT (seq) DO UPDATE SET subject = 'x'",
    "MERGE INTO journal USING (VALUES (1)) AS v (n) ON seq = n WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM journal RETURNING 1) SELECT * FROM gone",
]
OWNERS_RIGHTS = [
    "ALTER TABLE journal DISABLE TRIGGER ALL",
    "DROP TABLE journal",
    "DROP TRIGGER journal_append_only ON journal",
    "ALTER TABLE journal ADD COLUMN more text",
    "CREATE TRIGGER mine BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION journal_refuse_change()",
    "CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "SET session_replication_role = replica",
    "CREATE TABLE mine (a int)",
    "UPDATE alembic_version SET version_num = 'x'",
    "SET ROLE tarim",
]


def plain(url: str) -> str:
    return url.replace("+asyncpg", "")


@pytest.fixture
async def filled(database: Database) -> Database:
    clock = ManualClock(START)
    async with database.write() as session:
        await append(session, clock, context(clock), [unit_sent(number) for number in range(5)])
    return database


@pytest.fixture
async def owner(database_url: str, filled: Database) -> AsyncIterator[asyncpg.Connection]:
    assert filled
    connection = await asyncpg.connect(plain(database_url))
    yield connection
    await connection.close()


@pytest.fixture
async def serving(database_url: str, filled: Database) -> AsyncIterator[asyncpg.Connection]:
    assert filled
    access = await service_access(database_url)
    assert (access.role, access.warning) == (None, None)
    connection = await asyncpg.connect(plain(access.url))
    yield connection
    await connection.close()


@pytest.mark.parametrize("change", CHANGES)
async def test_no_change_is_taken_from_the_owner(owner: asyncpg.Connection, change: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await owner.execute(change)
    assert await owner.fetchval("SELECT count(*) FROM journal WHERE subject <> 'x'") == 5


async def test_no_change_is_taken_where_ordinary_triggers_are_off(owner: asyncpg.Connection) -> None:
    await owner.execute("SET session_replication_role = replica")
    for change in CHANGES:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await owner.execute(change)


@pytest.mark.parametrize("change", CHANGES + OWNERS_RIGHTS)
async def test_no_change_is_taken_from_the_service(serving: asyncpg.Connection, change: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match=r"permission denied|must be owner"):
        await serving.execute(change)
    assert await serving.fetchval("SELECT count(*) FROM journal WHERE subject <> 'x'") == 5


async def test_the_service_owns_nothing_and_reaches_all_tables(serving: asyncpg.Connection) -> None:
    role = await serving.fetchrow("SELECT * FROM pg_roles WHERE rolname = current_user")
    assert role["rolname"] == SERVICE_ROLE
    assert not any(role[f"rol{right}"] for right in ("super", "createrole", "createdb", "replication", "bypassrls"))
    owned = "SELECT count(*) FROM pg_shdepend WHERE refobjid = current_user::regrole AND deptype = 'o'"
    assert await serving.fetchval(owned) == 0
    rights = await serving.fetch(
        "SELECT tablename, has_table_privilege(tablename::text, 'SELECT, INSERT') AND"
        " has_table_privilege(tablename::text, 'UPDATE') AND has_table_privilege(tablename::text, 'DELETE') AS full"
        " FROM pg_tables WHERE schemaname = 'public'"
    )
    assert {row["tablename"] for row in rights if not row["full"]} == {"journal", "alembic_version"}
    assert len(rights) > 6


async def test_the_service_appends_and_listens(database_url: str) -> None:
    access = await service_access(database_url)
    clock = ManualClock(START)
    async with Database(make_engine(access.url, role=access.role)) as database:
        async with database.write() as session:
            assert (await append(session, clock, context(clock), [unit_sent()]))[0].seq == 1
        assert await database.healthy()


async def test_later_tables_are_reachable(owner: asyncpg.Connection, serving: asyncpg.Connection) -> None:
    await owner.execute("CREATE TABLE later (id bigserial PRIMARY KEY, a int)")
    await serving.execute("INSERT INTO later (a) VALUES (1)")
    await serving.execute("UPDATE later SET a = 2")
    await serving.execute("DELETE FROM later")


async def test_privileges_lost_in_a_restore_come_back(owner: asyncpg.Connection, database_url: str) -> None:
    await owner.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {SERVICE_ROLE}")
    assert (await service_access(database_url)).warning is not None
    await migrate.upgrade(database_url)
    assert (await service_access(database_url)).warning is None
