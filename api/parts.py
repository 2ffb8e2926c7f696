"""The parts that an edge works with, opened and closed together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from dispatch.kernel import migrate
from dispatch.kernel.clock import Clock, SystemClock
from dispatch.kernel.db import Database, async_url, make_engine
from dispatch.kernel.errors import Refused
from dispatch.kernel.postgres.embedded import EmbeddedPostgres
from dispatch.settings import Settings

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
    embedded: EmbeddedPostgres | None = None

    @property
    def dsn(self) -> str:
        """The database's address for asyncpg itself."""
        return self.url.replace("postgresql+asyncpg:", "postgresql:", 1)

    async def revive(self) -> None:
        """Start the embedded server again if it and its guardian were killed; nothing with an own PostgreSQL."""
        if self.embedded is not None:
            await asyncio.to_thread(self.embedded.revive)


@asynccontextmanager
async def open_parts(settings: Settings, *, clock: Clock | None = None, say: Say = _nothing) -> AsyncIterator[Parts]:
    """Open the database, the embedded one if no other is named, with its schema up to date.

    An empty database of the user's own gets its schema; one with an older schema is left alone: migrating it is a
    decision. Raises Unavailable, or Refused (`database.other_schema`).
    """
    if settings.database_url is None:
        embedded = EmbeddedPostgres(settings.home, progress=say)
        await asyncio.to_thread(embedded.open)
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
    at = await migrate.current(url)
    if at != migrate.head():
        if at is not None and embedded is None:
            raise Refused(
                "database.other_schema",
                "The database has another schema than this Tarim needs.",
                "Make a backup, then run: tarim db upgrade.",
            )
        await migrate.upgrade(url, say)
    async with Database(make_engine(url)) as database:
        yield Parts(settings, clock or SystemClock(), database, url, embedded)
