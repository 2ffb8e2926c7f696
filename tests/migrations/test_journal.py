"""The journal's migration takes back only a journal that holds nothing."""

from __future__ import annotations

from importlib.resources import files

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from factories.journal import fill
from sqlalchemy import Connection, pool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

pytestmark = pytest.mark.database


async def downgraded(url: str) -> None:
    def work(connection: Connection) -> None:
        made = Config()
        made.set_main_option("script_location", str(files("migrations")))
        made.set_main_option("path_separator", "os")
        made.attributes["connection"] = connection
        command.downgrade(made, "20261122_2016")

    engine = create_async_engine(url, poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(work)
    finally:
        await engine.dispose()


async def test_a_journal_with_lines_is_not_dropped_and_an_empty_one_is(database_url: str) -> None:
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        await fill(connection, 3)
        with pytest.raises(DBAPIError, match="a legal record and is not dropped"):
            await downgraded(database_url)
        assert await connection.fetchval("SELECT count(*) FROM journal") == 3
        await connection.execute("ALTER TABLE journal DISABLE TRIGGER ALL; TRUNCATE journal")
        await downgraded(database_url)
        assert await connection.fetchval("SELECT to_regclass('journal') IS NULL")
    finally:
        await connection.close()
