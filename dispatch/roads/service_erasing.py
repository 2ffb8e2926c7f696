"""Erasing by law what was said of a closure. Nothing here commits."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.clock import Clock
from dispatch.roads.events import ClosureReasonErased
from dispatch.roads.queries import get_closure, lock_region

ERASED: Final = "—"
"""What stands for words that were erased."""


async def erase_closure_reason(
    session: AsyncSession, clock: Clock, region: str, closure_id: UUID, by: str
) -> ClosureReasonErased | None:
    """Take the words away from a closure, in force or not; return the line to be told, None where they were gone.

    Processes that serve the region read it anew. Raises NotFound (`region.not_found`, `closure.not_found`).
    """
    locked = await lock_region(session, region)
    row = await get_closure(session, region, closure_id)
    if row.reason_erased_at is not None:
        return None
    row.reason, row.reason_erased_at, row.reason_erased_by = ERASED, clock.now(), by
    locked.overlay_version += 1
    await session.flush()
    return ClosureReasonErased(closure_id=row.id, region=region, overlay_version=locked.overlay_version)
