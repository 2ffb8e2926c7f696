"""How a person likes the screen: saved whole, in versions, so that two seats of one person do not undo each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.queries import find_settings, lock_person
from dispatch.accounts.tables import PersonSettings
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict


async def save_settings(
    session: AsyncSession, clock: Clock, person_id: UUID, body: Mapping[str, Any], *, expected_version: int
) -> PersonSettings:
    """Save a person's settings in place of version `expected_version`; 0: there were none. No journal line tells it.

    Raises NotFound, Conflict (`settings.outdated`, with what was saved meanwhile).
    """
    await lock_person(session, person_id)
    row = await find_settings(session, person_id)
    version = 0 if row is None else row.version
    if version != expected_version:
        raise Conflict(
            "settings.outdated",
            "These settings were changed at another seat.",
            "Take what they are now, and repeat your change.",
            current={"version": version, "settings": None if row is None else row.body},
        )
    if row is None:
        row = PersonSettings(person_id=person_id)
        session.add(row)
    row.version, row.body, row.saved_at = version + 1, dict(body), clock.now()
    await session.flush()
    return row
