"""The migrations and the tables in code are the same, forth and back."""

from __future__ import annotations

import asyncpg
import pytest
from factories.migrating import definitions, run
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.schema import metadata

pytestmark = pytest.mark.database

FROM_PAPER = """
INSERT INTO unit_positions (unit_id, at, source, fix_at, received_at, lat, lon, clock_off)
VALUES (gen_random_uuid(), '2026-11-20T08:00Z', 'paper', '2026-11-20T08:00Z', '2026-11-20T09:00Z', 41, 80, false)
"""


async def create_all(url: str) -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
    finally:
        await engine.dispose()


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
