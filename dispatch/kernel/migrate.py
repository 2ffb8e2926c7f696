"""Bring a database to the present schema, from the clone and from an installed package alike."""

from collections.abc import Callable
from importlib.resources import as_file, files

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, pool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from dispatch.kernel.db import async_url, connecting
from dispatch.kernel.errors import Refused, Unavailable


async def upgrade(url: str, progress: Callable[[str], None] | None = None) -> list[str]:
    """Migrate the database to `head()`; return the revisions applied, none if it was there already.

    Several servers may do this at once: one works, the others wait. Each step is a transaction of its own. Raises
    DatabaseUnavailable, Unavailable (`database.busy`, a table stayed locked) or Refused (`database.newer_schema`).
    """
    applied: list[str] = []

    def note(*, step: MigrationInfo, **_: object) -> None:
        revision = str(step.up_revision_id)
        applied.append(revision)
        if progress is not None:
            progress(f"Schema {revision} is in place.")

    def run(connection: Connection, config: Config) -> None:
        config.attributes["connection"] = connection
        config.attributes["on_version_apply"] = note
        command.upgrade(config, "head")

    await _with_scripts(url, run)
    return applied


async def current(url: str) -> str | None:
    """Return the revision that the database is at, None for an empty one."""
    found: list[str | None] = []
    await _with_scripts(
        url, lambda connection, _: found.append(MigrationContext.configure(connection).get_current_revision())
    )
    return found[0]


def head() -> str | None:
    """Return the newest revision that this Tarim knows, None when there are no migrations."""
    with as_file(files("migrations")) as folder:
        return ScriptDirectory.from_config(_config(str(folder))).get_current_head()


def _config(folder: str) -> Config:
    config = Config()
    # ConfigParser reads a per cent sign as the start of a name.
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


async def _with_scripts(url: str, work: Callable[[Connection, Config], None]) -> None:
    engine = create_async_engine(async_url(url), poolclass=pool.NullPool)
    try:
        with as_file(files("migrations")) as folder:
            async with connecting():
                connection = await _connect(engine)
            try:
                await connection.run_sync(work, _config(str(folder)))
            finally:
                await connection.close()
    except CommandError as error:
        if "Can't locate revision" not in str(error):
            raise
        raise Refused(
            "database.newer_schema",
            "The database was made by a newer Tarim than this one.",
            "Install that version, or restore a backup made by this one.",
        ) from error
    except DBAPIError as error:
        if isinstance(error.orig.__cause__ if error.orig else None, asyncpg.LockNotAvailableError):
            raise Unavailable(
                "database.busy",
                "The schema could not be changed, because others hold on to its tables.",
                "Stop the other programs that use this database, then try again.",
            ) from error
        raise
    finally:
        await engine.dispose()


async def _connect(engine: AsyncEngine) -> AsyncConnection:
    return await engine.connect()
