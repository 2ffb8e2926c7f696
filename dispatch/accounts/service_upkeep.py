"""What is swept up now and then, by one process at a time. Nothing here commits."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.rules_throttle import KNOWN_FOR, LIMITS
from dispatch.accounts.tables import LoginTries
from dispatch.kernel.clock import Clock

_FORGET: Final = timedelta(seconds=max(limit.forget_s for limit in LIMITS.values()))


async def forget_tries(session: AsyncSession, clock: Clock) -> int:
    """Remove counts of wrong passwords that no longer mean anything; return how many. Else guessed names pile up."""
    now = clock.now()
    old_failure = func.coalesce(LoginTries.last_failure_at, now - _FORGET) <= now - _FORGET
    old_success = func.coalesce(LoginTries.succeeded_at, now - KNOWN_FOR) <= now - KNOWN_FOR
    gone = await session.execute(delete(LoginTries).where(old_failure, old_success).returning(LoginTries.count))
    return len(gone.all())
