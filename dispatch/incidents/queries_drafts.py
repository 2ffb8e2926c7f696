"""Every question to the table of drafts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.tables_drafts import CallDraft
from dispatch.kernel.errors import NotFound

_MOST = 500


async def find_draft(session: AsyncSession, call_id: UUID) -> CallDraft | None:
    """A call's draft as it is now. To change it, lock the call first."""
    found: CallDraft | None = await session.scalar(
        select(CallDraft).where(CallDraft.call_id == call_id).execution_options(populate_existing=True)
    )
    return found


async def get_draft(session: AsyncSession, region: str, call_id: UUID) -> CallDraft:
    """A call's draft. Raises NotFound (`draft.not_found`)."""
    found = await find_draft(session, call_id)
    if found is None or found.region != region:
        raise NotFound("draft.not_found", "Nothing is being typed for this call.")
    return found


async def list_drafts(session: AsyncSession, region: str) -> Sequence[CallDraft]:
    """All drafts, the oldest first."""
    return (
        await session.scalars(
            select(CallDraft)
            .where(CallDraft.region == region)
            .order_by(CallDraft.started_at, CallDraft.call_id)
            .limit(_MOST)
        )
    ).all()
