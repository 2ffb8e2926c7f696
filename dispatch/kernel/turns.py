"""Whose turn it is: work that one process at a time may do, of all that share a database."""

from __future__ import annotations

import asyncio
import contextlib
from enum import IntEnum
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from dispatch.kernel.db import Database, connecting, translated

_PATIENCE_S: Final = 2.0
_CLASS: Final = 0x7A61  # keeps our locks apart from others' in one database


class Work(IntEnum):
    """What is done in turns; the number is the lock's key and never changes."""

    ANCHORS = 1
    DEADLINES = 2
    DETECTION = 3


class Turn:
    """A lock of PostgreSQL's, held on a connection of its own: it ends with the process, however that ends."""

    def __init__(self, database: Database, work: Work) -> None:
        self._database = database
        self._work = work
        self._held: AsyncConnection | None = None

    async def mine(self) -> bool:
        """Take the turn if nobody has it; tell whether it is ours. Raises DatabaseUnavailable; then it is not."""
        try:
            async with translated():
                if self._held is not None:
                    await self._held.execute(text("SELECT"))
                    return True
                return await self._taken()
        except BaseException:
            await self.give_up()
            raise

    async def give_up(self) -> None:
        """Let another have it."""
        held, self._held = self._held, None
        if held is None:
            return
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await held.execute(text("SELECT pg_advisory_unlock(:kind, :work)"), _key(self._work))
        except Exception:  # noqa: BLE001 - however it failed, the lock ends with the connection
            with contextlib.suppress(Exception):
                await held.invalidate()
        with contextlib.suppress(Exception):
            await held.close()

    async def _taken(self) -> bool:
        async with connecting():
            opened = await self._database.engine.connect()
        try:
            opened = await opened.execution_options(isolation_level="AUTOCOMMIT")
            asked = text("SELECT pg_try_advisory_lock(:kind, :work)")
            got: bool | None = await opened.scalar(asked, _key(self._work))
        except BaseException:
            await opened.close()
            raise
        if not got:
            await opened.close()
            return False
        self._held = opened
        return True


def _key(work: Work) -> dict[str, int]:
    return {"kind": _CLASS, "work": int(work)}
