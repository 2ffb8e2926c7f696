"""Signing on and off for a shift. Nothing here commits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.events import DutyBegan, DutyEnded
from dispatch.accounts.queries_duty import find_open_duty
from dispatch.accounts.rules_permissions import Principal, may
from dispatch.accounts.states import Role
from dispatch.accounts.tables import Duty, Person
from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict, Invalid, Refused
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append

LONGEST: Final = timedelta(hours=24)
USUAL: Final = timedelta(hours=12)
"""How long a shift is taken to be where nobody says. Proposed."""


async def begin_duty(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    person: Principal,
    role: Role,
    until_at: datetime | None = None,
) -> Duty:
    """Sign somebody on in a role that they hold, first of all in their own organisation; again: until another time.

    Raises Refused (`duty.not_yours`, they do not hold it), Invalid (`duty.until`: past, or more than 24 hours ahead).
    """
    held = sorted(grant.organisation for grant in person.grants if grant.role == role)
    if not held:
        raise Refused("duty.not_yours", f"You are no {role}.", "Sign on as what you are.")
    now = clock.now()
    until_at = now + USUAL if until_at is None else until_at
    if not now < until_at <= now + LONGEST:
        raise Invalid("duty.until", "A duty ends later than now, and within 24 hours.")
    # Two that sign on at once take turns.
    await session.get(Person, person.id, with_for_update={"key_share": True})
    duty = await find_open_duty(session, person.id, role)
    if duty is not None and duty.until_at <= now:
        duty.ended_at = duty.until_at
        await session.flush()
        duty = None
    if duty is None:
        where = person.organisation if person.organisation in held else held[0]
        duty = Duty(
            id=new_id(clock), person_id=person.id, role=role, organisation=where, began_at=now, until_at=until_at,
            ended_at=None,
        )  # fmt: skip
        session.add(duty)
    duty.until_at = until_at
    await session.flush()
    told = DutyBegan(person_id=person.id, organisation=duty.organisation, duty_id=duty.id, role=role, until_at=until_at)
    await append(session, clock, context, [told])
    return duty


async def end_duty(session: AsyncSession, clock: Clock, context: Context, person: Principal, role: Role) -> None:
    """Sign off. Raises Conflict (`duty.none`) for who is not on duty in that role."""
    duty = await _open(session, clock, person.id, role)
    if duty is None:
        raise Conflict("duty.none", f"You are not on duty as {role}.")
    await _end(session, clock, context, duty)


async def end_duty_of(
    session: AsyncSession, clock: Clock, context: Context, actor: Principal, person_id: UUID, role: Role
) -> None:
    """Sign somebody else off who has gone without doing so; the journal says by whom.

    Raises Conflict (`duty.none`) for who is not on duty in that role, Refused (`permission.refused`) where the actor
    may not do it in the organisation of that duty.
    """
    duty = await _open(session, clock, person_id, role)
    if duty is None:
        raise Conflict("duty.none", f"This person is not on duty as {role}.")
    if not may(actor, "duty.end", duty.organisation):
        raise Refused("permission.refused", "You may not sign people of this organisation off.")
    await _end(session, clock, context, duty)


async def _open(session: AsyncSession, clock: Clock, person_id: UUID, role: Role) -> Duty | None:
    duty = await find_open_duty(session, person_id, role)
    return duty if duty is not None and duty.until_at > clock.now() else None


async def _end(session: AsyncSession, clock: Clock, context: Context, duty: Duty) -> None:
    duty.ended_at = clock.now()
    await session.flush()
    told = DutyEnded(
        person_id=duty.person_id, organisation=duty.organisation, duty_id=duty.id, role=Role(duty.role)
    )  # fmt: skip
    await append(session, clock, context, [told])
