"""Databases brought to any revision, and what their schema is in PostgreSQL's own words."""

from __future__ import annotations

from importlib.resources import files

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

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


def config(connection: Connection) -> Config:
    made = Config()
    made.set_main_option("script_location", str(files("migrations")))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


async def run(url: str, *steps: str) -> None:
    """Go to revisions, one after the other; "base" and "-1" go back, "check" compares with the tables in code."""
    engine = create_async_engine(url, poolclass=pool.NullPool)

    def work(connection: Connection, step: str) -> None:
        match step:
            case "check":
                command.check(config(connection))
            case "base" | "-1":
                command.downgrade(config(connection), step)
            case _:
                command.upgrade(config(connection), step)

    try:
        for step in steps:
            async with engine.connect() as connection:
                await connection.run_sync(work, step)
    finally:
        await engine.dispose()


async def definitions(url: str) -> list[str]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return [row[0] for row in await connection.fetch(DEFINITIONS)]
    finally:
        await connection.close()
