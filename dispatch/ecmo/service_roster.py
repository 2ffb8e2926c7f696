"""Who is on call for missions: entered, and taken back. Nothing here commits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch.accounts.queries import KnownPerson, list_people
from dispatch.accounts.states import PersonState, Role
from dispatch.accounts.tables import Person
from dispatch.ecmo.events_journey import DutyEntered, DutyWithdrawn
from dispatch.ecmo.queries_missions import get_duty
from dispatch.ecmo.service_kit import find_held, holder_of
from dispatch.ecmo.states_kit import TeamRole
from dispatch.ecmo.tables_kit import EcmoDuty
from dispatch.hospitals.queries import get_hospital
from dispatch.incidents.service import Act
from dispatch.kernel.constraints import broken_by
from dispatch.kernel.db import Session
from dispatch.kernel.errors import Conflict, Invalid, NotFound

LONGEST: Final = timedelta(days=14)
"""As of physicians who are called for requests: a slip in the month or the year is refused."""
SERVE: Final = frozenset({Role.CREW, Role.EMERGENCY_DOCTOR, Role.ECMO_PHYSICIAN})
"""Whoever holds one of these is offered for a duty; nobody checks what he has learnt."""


async def who_can_serve(session: Session) -> list[KnownPerson]:
    """People who can be put on call, by name: their accounts hold, and they work at patients."""
    found = [
        one
        for one in await list_people(session)
        if one.person.state == PersonState.ACTIVE and any(grant.role in SERVE for grant in one.grants)
    ]
    return sorted(found, key=lambda one: (one.display_name, one.person.id))


async def enter_duty(
    act: Act, hospital_id: UUID, person_id: UUID, roles: frozenset[TeamRole], from_at: datetime, until_at: datetime
) -> EcmoDuty:
    """Put somebody on call.

    Raises NotFound (`hospital.not_found`, `person.not_found`: none, or his account does not hold), Invalid
    (`ecmo_duty.roles`, `ecmo_duty.times`), Conflict (`ecmo_duty.overlaps`).
    """
    if not roles:
        raise Invalid("ecmo_duty.roles", "A duty is for one role at least.")
    if not from_at < until_at <= from_at + LONGEST:
        raise Invalid("ecmo_duty.times", f"A duty ends after it begins, within {LONGEST.days} days.")
    async with act.together():
        await get_hospital(act.session, act.region, hospital_id)
        person = await act.session.get(Person, person_id)
        if person is None or person.state == PersonState.REVOKED:
            raise NotFound("person.not_found", "There is no such person.")
        row = EcmoDuty(
            id=act.new_id(), region=act.region, hospital_id=hospital_id, person_id=person_id,
            roles=sorted(map(str, roles)), from_at=from_at, until_at=until_at, actor=act.actor,
            withdrawn_at=None, withdrawn_by=None,
        )  # fmt: skip
        try:
            async with act.session.begin_nested():
                act.session.add(row)
        except IntegrityError as error:
            if broken_by(error) != "ex_ecmo_duties_person":
                raise
            raise Conflict("ecmo_duty.overlaps", "He is on call at that time already.") from None
        act.tell(
            DutyEntered(
                duty_id=row.id, region=act.region, hospital_id=hospital_id, person_id=person_id, from_at=from_at,
                until_at=until_at,
            )
        )  # fmt: skip
        return row


async def withdraw_duty(act: Act, duty_id: UUID) -> EcmoDuty:
    """Take a duty back; its record stays, and the same again changes nothing.

    Raises NotFound (`ecmo_duty.not_found`), Conflict (`ecmo_duty.booked`: a mission has whom it put on call, told by
    its number; what he is on call for later can be taken back).
    """
    async with act.together():
        row = await get_duty(act.session, act.region, duty_id)
        if row.withdrawn_at is not None:
            return row
        # Held as `book_person` holds it: nobody is booked by a duty that is being taken back.
        await act.session.execute(select(Person.id).where(Person.id == row.person_id).with_for_update(key_share=True))
        now = act.clock.now()
        held = await find_held(act, person_id=row.person_id) if row.from_at <= now else None
        if held is not None and held.from_at < row.until_at:
            raise Conflict(
                "ecmo_duty.booked", "A mission has this person.", "Have him released first.",
                current=await holder_of(act, held),
            )  # fmt: skip
        row.withdrawn_at, row.withdrawn_by = now, act.actor
        await act.session.flush()
        act.tell(DutyWithdrawn(duty_id=row.id, region=act.region, person_id=row.person_id, at=now))
        return row
