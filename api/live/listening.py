"""Hearing the database call: NOTIFY on one channel, over a connection of its own that is made again when it is lost."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Final

import structlog

from dispatch.kernel.db import Database, connecting, translated
from dispatch.kernel.errors import DatabaseUnavailable

RETRY_S: Final = 1.0
CHECK_EVERY_S: Final = 10.0
"""A connection that was cut somewhere on the way says nothing: it is asked."""
_PATIENCE_S: Final = 5.0

log = structlog.get_logger("tarim.live")


async def listen(database: Database, channel: str, heard: Callable[[], None]) -> None:
    """Until cancelled: call `heard` at each notification, and whenever listening begins (something may be missed)."""
    while True:
        try:
            await _listen_once(database, channel, heard)
        except (DatabaseUnavailable, TimeoutError, OSError) as error:
            log.info("the database is not heard", error=type(error).__name__)
        await asyncio.sleep(RETRY_S)


async def _listen_once(database: Database, channel: str, heard: Callable[[], None]) -> None:
    lost = asyncio.Event()
    async with connecting():
        held = await database.engine.connect()
    try:
        async with translated():
            driver: Any = (await held.get_raw_connection()).driver_connection
            driver.add_termination_listener(lambda _connection: lost.set())
            async with asyncio.timeout(_PATIENCE_S):
                await driver.add_listener(channel, lambda *_: heard())
            heard()
            while not lost.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(CHECK_EVERY_S):
                        await lost.wait()
                if not lost.is_set():
                    await driver.fetchval("SELECT 1", timeout=_PATIENCE_S)
    finally:
        # Never back into the pool: the next who took it would be called as well.
        with contextlib.suppress(Exception):
            await held.invalidate()
            await held.close()
