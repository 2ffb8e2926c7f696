"""The parts that an edge works with, opened and closed together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from api.figures import carried
from dispatch.kernel import migrate
from dispatch.kernel.clock import Clock, SystemClock
from dispatch.kernel.db import Database, async_url, make_engine
from dispatch.kernel.errors import DatabaseUnavailable, Refused
from dispatch.kernel.postgres.embedded import EmbeddedPostgres
from dispatch.kernel.service_role import service_access
from dispatch.settings import Settings

log = structlog.get_logger("tarim.database")

Say = Callable[[str], None]


def _nothing(_sentence: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Parts:
    """Settings, clock and database of one process. `embedded` is None with a PostgreSQL of the user's own."""

    settings: Settings
    clock: Clock
    database: Database
    url: str
    """The owner's address, for migrations and archives."""
    embedded: EmbeddedPostgres | None = None
    _reviving: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def revive(self) -> None:
        """Start the embedded server again if it and its guardian were killed; nothing with an own PostgreSQL."""
        if self.embedded is not None:
            async with self._reviving:
                await asyncio.to_thread(self.embedded.revive)


@asynccontextmanager
async def open_parts(settings: Settings, *, clock: Clock | None = None, say: Say = _nothing) -> AsyncIterator[Parts]:
    """Open the database, the embedded one if no other is named, with its schema up to date.

    An empty database of the user's own gets its schema; one with an older schema is left alone: migrating it is a
    decision. Raises Unavailable, or Refused (`database.other_schema`).
    """
    if settings.database_url is None:
        embedded = EmbeddedPostgres(settings.home, progress=say)
        try:
            await asyncio.to_thread(embedded.open)
        except BaseException:
            embedded.abandon()  # the thread goes on without us, and gives back what it gets
            raise
        try:
            async with _opened(settings, clock, embedded.url(), embedded, say) as parts:
                yield parts
        finally:
            await asyncio.to_thread(embedded.close)
    else:
        async with _opened(settings, clock, async_url(settings.database_url), None, say) as parts:
            yield parts


@asynccontextmanager
async def _opened(
    settings: Settings, clock: Clock | None, url: str, embedded: EmbeddedPostgres | None, say: Say
) -> AsyncIterator[Parts]:
    try:
        at = await migrate.current(url)
    except DatabaseUnavailable as error:
        if embedded is not None or error.code != "database.unavailable":
            raise
        hint = "See whether PostgreSQL runs at the address in TARIM_DATABASE_URL."
        raise DatabaseUnavailable(error.code, error.message, hint) from error
    if at != migrate.head():
        if at is not None and embedded is None:
            raise Refused(
                "database.other_schema",
                "The database has another schema than this Tarim needs.",
                "Make a backup, then run: tarim db upgrade.",
            )
        await migrate.upgrade(url, say)
    # Migrations, backups and restores keep the owner's address; everything else works as a role that owns nothing.
    access = await service_access(url)
    if access.warning:
        log.warning("the service works as the owner of its tables", reason=access.warning)
    async with Database(make_engine(access.url, role=access.role), carried(settings)) as database:
        yield Parts(settings, clock or SystemClock(), database, url, embedded)
