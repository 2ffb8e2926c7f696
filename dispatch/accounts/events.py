"""What the journal keeps of accounts: ids, codes and keyed digests; never a name, an address or a token."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.accounts.states import DeviceKind, PersonState, Role, SessionEnd
from dispatch.kernel.events import Event, event
from dispatch.kernel.organisations import System


@event("organisation.added", subject="organisation")
class OrganisationAdded(Event):
    """An organisation was added; its own code is no personal data."""

    organisation: str
    system: System


@event("person.added", subject="person_id")
class PersonAdded(Event):
    """An account was made; `login_digest` is the keyed digest of its login name."""

    person_id: UUID
    organisation: str
    login_digest: str
    roles: tuple[str, ...]
    """Each as role@organisation."""


@event("person.role_granted", subject="person_id")
class RoleGranted(Event):
    """A role was given; `organisation` is where it holds."""

    person_id: UUID
    organisation: str
    role: Role


@event("person.role_withdrawn", subject="person_id")
class RoleWithdrawn(Event):
    """A role was taken away; `organisation` is where it held."""

    person_id: UUID
    organisation: str
    role: Role


@event("person.password_changed", subject="person_id")
class PasswordChanged(Event):
    """A password was set, by its owner or by somebody who may."""

    person_id: UUID
    organisation: str
    by_owner: bool
    sessions_ended: int


@event("person.locked", subject="person_id")
class PersonLocked(Event):
    """An account was locked for a time."""

    person_id: UUID
    organisation: str
    sessions_ended: int


@event("person.unlocked", subject="person_id")
class PersonUnlocked(Event):
    """A locked account was opened again."""

    person_id: UUID
    organisation: str


@event("person.revoked", subject="person_id")
class PersonRevoked(Event):
    """An account was ended for good."""

    person_id: UUID
    organisation: str
    sessions_ended: int


@event("person.names_erased", subject="person_id")
class NamesErased(Event):
    """A revoked person's names were erased, all versions of them."""

    person_id: UUID
    organisation: str
    versions: int


@event("session.opened", subject="person_id")
class SessionOpened(Event):
    """Somebody logged in."""

    person_id: UUID
    organisation: str
    session_id: UUID
    source_digest: str
    expires_at: datetime


@event("session.refused", subject="login_digest")
class SessionRefused(Event):
    """A login was tried and failed. Tries that were not even looked at, because of too many before, leave no line."""

    login_digest: str
    source_digest: str
    person_id: UUID | None
    """None: there is no such account."""
    state: PersonState | None
    organisation: str | None
    failures: int
    """In a row from this source under this name, this one included."""
    wait_s: float
    """Until the next try from there is looked at."""


@event("session.ended", subject="person_id")
class SessionEnded(Event):
    """A session was ended before its time."""

    person_id: UUID
    organisation: str
    session_id: UUID
    because: SessionEnd


@event("duty.began", subject="person_id")
class DutyBegan(Event):
    """Somebody signed on for a shift in a role, or stays longer."""

    person_id: UUID
    organisation: str
    duty_id: UUID
    role: Role
    until_at: datetime


@event("duty.ended", subject="person_id")
class DutyEnded(Event):
    """Somebody signed off. A duty that ran out has no line."""

    person_id: UUID
    organisation: str
    duty_id: UUID
    role: Role


@event("device.added", subject="device_id")
class DeviceAdded(Event):
    """A device got a token."""

    device_id: UUID
    kind: DeviceKind
    organisation: str
    region: str
    call_sign: str


@event("device.revoked", subject="device_id")
class DeviceRevoked(Event):
    """A device's token holds no more."""

    device_id: UUID
    organisation: str
    region: str
    call_sign: str
