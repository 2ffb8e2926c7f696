"""Reads a region's versions on one connection kept open for it: a row by its key, some tenths of a millisecond."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog

from dispatch.kernel.db import Database, connecting, translated
from dispatch.kernel.errors import DatabaseUnavailable, NotFound, TarimError
from dispatch.roads.queries import VERSIONS_SQL, Versions

PATIENCE_S: Final = 5.0

log = structlog.get_logger("tarim.database")


class VersionWatch:
    """The versions of one region, straight from the driver. `revive` is called when the database has gone."""

    def __init__(self, database: Database, region: str, revive: Callable[[], Awaitable[None]]) -> None:
        self._database = database
        self._region = region
        self._revive = revive
        self._held: Any = None
        self._reviving: asyncio.Task[None] | None = None
        self._ask: Callable[..., Awaitable[Any]] | None = None

    async def read(self) -> Versions:
        """Return the versions as they are now.

        Raises DatabaseUnavailable; NotFound (`region.not_found`) when the region is not there.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                row = await self._row()
        except (DatabaseUnavailable, TimeoutError) as error:
            self._begin_revival()
            raise DatabaseUnavailable from error
        if row is None:
            raise NotFound(
                "region.not_found",
                f"There is no region {self._region}.",
                f"Make it: tarim region new {self._region} --roads FILE.",
            )
        return Versions(**row)

    async def _row(self) -> Any:  # noqa: ANN401 - asyncpg's record
        """Ask; a held connection that turns out dead is replaced once before the database is called away."""
        held = self._ask
        try:
            return await self._asked()
        except DatabaseUnavailable:
            if held is None:
                raise
            return await self._asked()

    async def _asked(self) -> Any:  # noqa: ANN401 - asyncpg's record
        try:
            async with translated():
                ask = self._ask or await self._connected()
                return await ask(self._region)
        except BaseException:
            # Also when cut off in the middle: what such a connection would say next is not ours.
            await self._let_go()
            raise

    async def close(self) -> None:
        """Close the connection."""
        await self._let_go()
        if self._reviving is not None:
            self._reviving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reviving

    async def _connected(self) -> Callable[..., Awaitable[Any]]:
        async with connecting():
            # From the engine's pool, so that address and options mean the same everywhere; held until it fails.
            self._held = await self._database.engine.connect()
        raw = await self._held.get_raw_connection()
        statement = await raw.driver_connection.prepare(VERSIONS_SQL)
        ask: Callable[..., Awaitable[Any]] = statement.fetchrow
        self._ask = ask
        return ask

    async def _let_go(self) -> None:
        held, self._held, self._ask = self._held, None, None
        if held is not None:
            with contextlib.suppress(Exception):
                await held.invalidate()
                await held.close()

    def _begin_revival(self) -> None:
        if self._reviving is None or self._reviving.done():
            self._reviving = asyncio.create_task(self._revived())

    async def _revived(self) -> None:
        try:
            await self._revive()
        except TarimError as error:
            log.warning("the database cannot be started", code=error.code, reason=error.message)
