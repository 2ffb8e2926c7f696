"""Run by Alembic: one migration at a time, in bounded time, by one server only."""

import asyncio
import os

from alembic import context
from alembic.script.revision import RevisionError
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.kernel.db import async_url
from dispatch.kernel.service_role import grant
from dispatch.schema import metadata

# Any number, as long as nothing else in Tarim takes it: "tarim" in ASCII.
_LOCK_KEY = int.from_bytes(b"tarim", "big")
_WAIT_FOR_OTHERS = "10min"
_LOCK_TIMEOUT = "10s"
_STATEMENT_TIMEOUT = "10min"


def migrate(connection: Connection) -> None:
    """Migrate over `connection`. A second server starting at once waits here, and then finds nothing left to do."""
    _set(connection, lock_timeout=_WAIT_FOR_OTHERS, statement_timeout=_WAIT_FOR_OTHERS)
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK_KEY})
    # A table that is in use must not hold up everybody behind us for long; the step is tried again later.
    _set(connection, lock_timeout=_LOCK_TIMEOUT, statement_timeout=_STATEMENT_TIMEOUT)
    connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            compare_type=True,
            compare_server_default=True,
            transaction_per_migration=True,
            on_version_apply=context.config.attributes.get("on_version_apply"),
        )
        with context.begin_transaction():
            context.run_migrations()
        # After a restore too, when nothing is left to migrate: a backup carries no privileges.
        grant(connection)
        connection.commit()
    finally:
        connection.rollback()
        if not connection.invalidated:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK_KEY})
            connection.commit()


def _set(connection: Connection, **values: str) -> None:
    for name, value in values.items():
        connection.execute(text("SELECT set_config(:name, :value, false)"), {"name": name, "value": value})


async def _migrate_url(url: str) -> None:
    engine = create_async_engine(async_url(url), poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(migrate)
    finally:
        await engine.dispose()


def _url() -> str:
    url = context.get_x_argument(as_dictionary=True).get("url") or os.environ.get("TARIM_DATABASE_URL")
    if not url:
        raise RevisionError("No database named: set TARIM_DATABASE_URL, or give -x url=postgresql://...")
    return url


if context.is_offline_mode():
    context.configure(dialect_name="postgresql", target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
elif (given := context.config.attributes.get("connection")) is not None:
    migrate(given)
else:
    asyncio.run(_migrate_url(_url()))
