"""The migrations and the tables in code are the same, forth and back."""

from __future__ import annotations

from importlib.resources import files

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.schema import metadata

pytestmark = pytest.mark.database

# Alembic compares neither CHECK constraints nor partial indexes: PostgreSQL's own words for them are compared here.
DEFINITIONS = """
SELECT conrelid::regclass || ' ' || conname || ': ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
  AND conrelid::regclass::text <> 'alembic_version'
UNION ALL
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL
SELECT table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable || ' ' || coalesce(column_default, '')
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
ORDER BY 1
"""

FROM_PAPER = """
INSERT INTO unit_positions (unit_id, at, source, fix_at, received_at, lat, lon, clock_off)
VALUES (gen_random_uuid(), '2026-11-20T08:00Z', 'paper', '2026-11-20T08:00Z', '2026-11-20T09:00Z', 41, 80, false)
"""


def config(connection: Connection) -> Config:
    made = Config()
    made.set_main_option("script_location", str(files("migrations")))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


async def run(url: str, *steps: str) -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool)

    def work(connection: Connection, step: str) -> None:
        match step:
            case "check":
                command.check(config(connection))
            case "base":
                command.downgrade(config(connection), "base")
            case _:
                command.upgrade(config(connection), step)

    try:
        for step in steps:
            async with engine.connect() as connection:
                await connection.run_sync(work, step)
    finally:
        await engine.dispose()


async def create_all(url: str) -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
    finally:
        await engine.dispose()


async def definitions(url: str) -> list[str]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return [row[0] for row in await connection.fetch(DEFINITIONS)]
    finally:
        await connection.close()


async def test_up_down_up_leaves_the_same_schema(empty_database_url: str) -> None:
    await run(empty_database_url, "head")
    first = await definitions(empty_database_url)
    assert any("ck_units_capabilities" in line for line in first)
    await run(empty_database_url, "base")
    assert await definitions(empty_database_url) == []
    await run(empty_database_url, "head")
    assert await definitions(empty_database_url) == first


async def test_alembic_finds_no_difference(empty_database_url: str) -> None:
    await run(empty_database_url, "head", "check")


async def test_the_migrations_make_exactly_what_the_tables_say(database_url: str, empty_database_url: str) -> None:
    await create_all(empty_database_url)
    assert await definitions(database_url) == await definitions(empty_database_url)


async def test_paper_is_taken_on_a_day_that_was_made_before(empty_database_url: str) -> None:
    await run(empty_database_url, "20261122_2140")
    connection = await asyncpg.connect(empty_database_url.replace("+asyncpg", ""))
    try:
        await connection.execute("SELECT unit_positions_ensure('2026-11-20')")
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(FROM_PAPER)
        await run(empty_database_url, "20261127_0010")
        await connection.execute(FROM_PAPER)
    finally:
        await connection.close()
