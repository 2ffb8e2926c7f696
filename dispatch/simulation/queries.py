"""Questions about the people who play."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.tables import PersonName


async def people_by_login(session: AsyncSession, login_names: Collection[str]) -> dict[str, UUID]:
    """The ids of people by their login names, of those that are there."""
    rows = await session.execute(
        select(PersonName.login_name, PersonName.person_id).where(
            PersonName.login_name.in_(list(login_names)), PersonName.superseded_at.is_(None)
        )
    )
    return {str(name): person_id for name, person_id in rows}
