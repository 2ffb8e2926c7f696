"""Noting that frames were looked at, and when looking fell behind. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from dispatch.incidents.service import Act
from dispatch.telemetry.detection.events import DetectionBehind, DetectionCaughtUp, FramesNotLookedAt
from dispatch.telemetry.detection.queries_unlooked import Backlog, find_gap
from dispatch.telemetry.detection.tables_unlooked import DetectionGap, Unlooked


async def looked_at(act: Act, batch_ids: Collection[int], *, lost: int = 0) -> None:
    """Note that these batches were looked at. lost: frames of them that could not be, which the journal tells."""
    async with act.together():
        await act.session.execute(delete(Unlooked).where(Unlooked.id.in_(batch_ids)))
        if lost:
            act.tell(FramesNotLookedAt(region=act.region, frames=lost))


async def fall_behind(act: Act, backlog: Backlog, since: datetime) -> None:
    """Note, once, that what came since a moment was not looked at."""
    now = act.clock.now()
    values = {"id": act.new_id(), "began_at": min(since, now), "told_at": now, "ended_at": None}
    made = insert(DetectionGap).values(values).on_conflict_do_nothing().returning(DetectionGap)
    async with act.together():
        row = await act.session.scalar(made)
        if row is not None:
            act.tell(DetectionBehind(gap_id=row.id, began_at=row.began_at, frames=backlog.frames))


async def catch_up(act: Act) -> None:
    """Note that all is looked at again, if it was not."""
    async with act.together():
        row = await find_gap(act.session)
        if row is not None:
            row.ended_at = max(act.clock.now(), row.told_at)
            await act.session.flush()
            act.tell(DetectionCaughtUp(gap_id=row.id, began_at=row.began_at, ended_at=row.ended_at))
