"""Views of the figures that people keep: one's own, and those that others share."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict, NotFound
from dispatch.kernel.ids import new_id
from dispatch.reports.exporting.tables import ReportView

MOST = 200
"""Views that one person keeps."""


async def list_views(session: AsyncSession, region: str, person_id: UUID) -> Sequence[ReportView]:
    """Return a person's own views and those that others share, by name."""
    asked = select(ReportView).where(
        ReportView.region == region, or_(ReportView.person_id == person_id, ReportView.shared)
    )
    return (await session.scalars(asked.order_by(ReportView.name, ReportView.saved_at))).all()


async def keep_view(
    session: AsyncSession, clock: Clock, region: str, person_id: UUID, *, name: str, query: str, shared: bool
) -> ReportView:
    """Keep a view. Raises Conflict (`report.view_name`: the person has one of that name; `report.views_full`)."""
    own = select(func.count()).where(ReportView.region == region, ReportView.person_id == person_id)
    if (await session.scalar(own) or 0) >= MOST:
        raise Conflict("report.views_full", f"There are {MOST} views already.", "Delete one that is not needed.")
    values = {
        "id": new_id(clock), "region": region, "person_id": person_id, "name": name, "query": query, "shared": shared,
        "saved_at": clock.now(),
    }  # fmt: skip
    made = insert(ReportView).values(**values).on_conflict_do_nothing().returning(ReportView.id)
    if await session.scalar(made) is None:
        raise Conflict("report.view_name", "There is a view of this name already.", "Choose another name.")
    return ReportView(**values)


async def drop_view(session: AsyncSession, region: str, person_id: UUID, view_id: UUID) -> None:
    """Delete one of a person's own. Raises NotFound (`report.view`)."""
    asked = delete(ReportView).where(
        ReportView.id == view_id, ReportView.region == region, ReportView.person_id == person_id
    )
    if await session.scalar(asked.returning(ReportView.id)) is None:
        raise NotFound("report.view", "You have no such view.", "GET /api/reports/views lists them.")
