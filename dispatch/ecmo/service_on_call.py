"""Who of a centre is on call. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dispatch.accounts.queries import get_person
from dispatch.accounts.rules_permissions import Grant
from dispatch.accounts.states import Role
from dispatch.ecmo.events_requests import OnCallEntered
from dispatch.ecmo.queries_alerting import get_on_call
from dispatch.ecmo.tables_alerting import EcmoOnCall
from dispatch.hospitals.queries import list_ecmo_centres
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Invalid, NotFound

LONGEST: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Roster:
    """A physician from one time until another. place: in the order of calling, from 1."""

    person_id: UUID
    place: int
    from_at: datetime
    until_at: datetime


async def enter_on_call(act: Act, hospital_id: UUID, entry: Roster) -> EcmoOnCall:
    """Enter a physician of a centre.

    Raises NotFound (`hospital.not_found`, `person.not_found`), Invalid (`ecmo_on_call.times`, `ecmo_on_call.person`).
    """
    if not entry.from_at < entry.until_at <= entry.from_at + LONGEST:
        raise Invalid("ecmo_on_call.times", f"A duty ends after it begins, within {LONGEST.days} days.")
    async with act.together():
        centre = await get_centre(act, hospital_id)
        known = await get_person(act.session, entry.person_id)
        if Grant(Role.ECMO_PHYSICIAN, centre.organisation) not in known.grants:
            raise Invalid(
                "ecmo_on_call.person", "On call is who is an ECMO physician of that centre.", "Give the role first."
            )
        row = EcmoOnCall(
            id=act.new_id(), region=act.region, hospital_id=hospital_id, person_id=entry.person_id, place=entry.place,
            from_at=entry.from_at, until_at=entry.until_at, entered_at=act.clock.now(), entered_by=act.actor,
            withdrawn_at=None, withdrawn_by=None,
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        _tell(act, row, centre)
        return row


async def withdraw_on_call(act: Act, on_call_id: UUID) -> EcmoOnCall:
    """Take an entry back; the same again changes nothing. Raises NotFound (`ecmo_on_call.not_found`)."""
    async with act.together():
        row = await get_on_call(act.session, act.region, on_call_id)
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_by = act.clock.now(), act.actor
            await act.session.flush()
            _tell(act, row, await get_centre(act, row.hospital_id))
        return row


async def get_centre(act: Act, hospital_id: UUID) -> Hospital:
    """An ECMO centre, inside the region or outside. Raises NotFound (`hospital.not_found`)."""
    for one in await list_ecmo_centres(act.session, act.region):
        if one.id == hospital_id:
            return one
    raise NotFound("hospital.not_found", "There is no such ECMO centre.")


def _tell(act: Act, row: EcmoOnCall, centre: Hospital) -> None:
    act.tell(
        OnCallEntered(
            on_call_id=row.id, region=row.region, concerned=(centre.organisation,), hospital_id=row.hospital_id,
            person_id=row.person_id, place=row.place, from_at=row.from_at, until_at=row.until_at,
            withdrawn=row.withdrawn_at is not None,
        )
    )  # fmt: skip
