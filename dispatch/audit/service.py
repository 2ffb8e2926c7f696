"""Keeping and checking the record: anchors are written as the journal grows, and the whole of it is verified."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.audit.queries import find_hash, find_head, stream_raw
from dispatch.kernel.anchors import Anchor, AnchorFile, behind_anchor, other_than_anchor
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import NotFound
from dispatch.kernel.journal_check import ChainCheck, Verification, result

ANCHOR_EVERY_LINES: Final = 1_000
ANCHOR_EVERY: Final = timedelta(seconds=60)


async def keep_anchor(
    session: AsyncSession,
    clock: Clock,
    file: AnchorFile,
    *,
    every_lines: int = ANCHOR_EVERY_LINES,
    every: timedelta = ANCHOR_EVERY,
) -> Anchor | None:
    """Write the journal's head to the file when enough lines or enough time have passed; return what was written.

    Called every few seconds by one process, with a reading session: only what is committed is anchored. Nothing is
    written while nothing happens. Raises Conflict when the journal ends before the last anchor or differs from it
    (`journal.behind_anchor`, `journal.other_than_anchor`), Unavailable when the file cannot be written.
    """
    head = await find_head(session)
    last = await asyncio.to_thread(file.last)
    now = clock.now()
    if head is None:
        if last is None:
            return None
        head = (0, b"")  # all was cut off: the file refuses it
    anchor = Anchor(head[0], head[1], now)
    grown = anchor.seq - last.seq if last is not None else anchor.seq
    if last is not None and 0 < grown < every_lines and timedelta(0) <= now - last.at < every:
        return None
    return anchor if await asyncio.to_thread(file.append, anchor) else None


async def check_anchor(session: AsyncSession, file: AnchorFile) -> None:
    """Compare the line that was anchored last with what the journal has in its place now; cheap.

    Raises Conflict (`journal.behind_anchor`, `journal.other_than_anchor`), as `keep_anchor`.
    """
    last = await asyncio.to_thread(file.last)
    if last is None:
        return
    found = await find_hash(session, last.seq)
    if found is None:
        head = await find_head(session)
        raise behind_anchor(head[0] if head else 0, last.seq)
    if found != last.hash:
        raise other_than_anchor(last.seq)


async def verify(session: AsyncSession, anchors: AnchorFile | None = None) -> Verification:
    """Check the whole journal against itself and, if given, against the head hashes kept outside the database.

    Streams in constant memory: one batch of lines, one anchor. The session is a reading one. Raises NotFound
    (`journal.no_anchors`) when the named file is not there.
    """
    if anchors is not None and not await asyncio.to_thread(anchors.path.is_file):
        raise NotFound("journal.no_anchors", f"There is no file of anchors {anchors.path}.", "Check the name.")
    check = ChainCheck(anchors.read() if anchors is not None else ())
    async for lines in stream_raw(session):
        for line in lines:
            check.take(line)
    return result(check, with_anchors=anchors is not None)
