"""What is said about accounts over HTTP. Names are told to administrators only; tokens once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.accounts.queries import KnownPerson
from dispatch.accounts.rules_permissions import Grant, Principal
from dispatch.accounts.states import DeviceKind, PersonState, Role
from dispatch.accounts.tables import Device, LoginSession
from dispatch.kernel.organisations import System

Password = Annotated[str, Meta(max_length=1_024, description="At least 12 characters, or four different words.")]
LoginName = Annotated[str, Meta(min_length=1, max_length=64, description="Letters and digits, with . _ - @ between.")]
OrganisationCode = Annotated[str, Meta(min_length=1, max_length=64, description="As files name it.")]


class LoginIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Name and password."""

    name: Annotated[str, Meta(max_length=256)]
    password: Annotated[str, Meta(max_length=1_024)]


class GrantOut(msgspec.Struct, frozen=True):
    """A role, and the organisation in which it is held. A device's is its kind."""

    role: str
    organisation: str


class GrantIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role, and the organisation in which it is held."""

    role: Role
    organisation: OrganisationCode


class SessionOut(msgspec.Struct, frozen=True):
    """Who is logged in, until when if nothing is asked any more."""

    kind: Annotated[str, Meta(description="person or device.")]
    id: UUID
    organisation: str
    roles: list[GrantOut]
    display_name: Annotated[str | None, Meta(description="One's own; null for a device.")]
    call_sign: Annotated[str | None, Meta(description="A device's vehicle.")]
    expires_at: datetime | None


class OpenSessionOut(msgspec.Struct, frozen=True):
    """One of one's own sessions."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    this: Annotated[bool, Meta(description="The one that asks.")]


class OpenSessionsOut(msgspec.Struct, frozen=True):
    """One's own sessions, oldest first."""

    sessions: list[OpenSessionOut]


class PersonIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A person to be added. Without a password nobody can log in as them yet."""

    login_name: LoginName
    display_name: Annotated[str, Meta(min_length=1, max_length=200)]
    organisation: OrganisationCode
    roles: Annotated[list[GrantIn], Meta(max_length=50)] = []
    password: Password | None = None


class RolesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All roles that a person is to have."""

    roles: Annotated[list[GrantIn], Meta(max_length=50)]


class PasswordIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new password; who changes their own proves the present one."""

    password: Password
    current_password: Annotated[str, Meta(max_length=1_024)] | None = None


class PersonOut(msgspec.Struct, frozen=True):
    """A person, as administrators see them."""

    id: UUID
    login_name: str
    display_name: str
    organisation: str
    state: PersonState
    roles: list[GrantOut]
    has_password: bool
    created_at: datetime
    revoked_at: datetime | None


class PeopleOut(msgspec.Struct, frozen=True):
    """People, oldest account first."""

    people: list[PersonOut]


class OrganisationOut(msgspec.Struct, frozen=True):
    """An organisation of one of the two systems."""

    code: str
    name_zh: str
    name_en: str
    system: System


class OrganisationsOut(msgspec.Struct, frozen=True):
    """Organisations, by code."""

    organisations: list[OrganisationOut]


class DeviceIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A device to be added, for a vehicle or for a telephone exchange."""

    kind: DeviceKind = DeviceKind.VEHICLE
    organisation: OrganisationCode
    call_sign: Annotated[str, Meta(max_length=64, description="The vehicle's; empty for an exchange.")] = ""
    note: Annotated[str, Meta(max_length=200)] = ""


class DeviceOut(msgspec.Struct, frozen=True):
    """A device, without its token."""

    id: UUID
    kind: DeviceKind
    organisation: str
    region: str
    call_sign: str
    note: str
    created_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None


class NewDeviceOut(msgspec.Struct, frozen=True):
    """A device with its token: told now, and never again."""

    device: DeviceOut
    token: str


class DevicesOut(msgspec.Struct, frozen=True):
    """Devices, oldest first."""

    devices: list[DeviceOut]


def grants_out(grants: frozenset[Grant]) -> list[GrantOut]:
    """Tell roles, always in one order."""
    return sorted(
        (GrantOut(str(grant.role), grant.organisation) for grant in grants),
        key=lambda told: (told.organisation, told.role),
    )


def session_out(actor: Principal, display_name: str | None) -> SessionOut:
    """Tell who is logged in."""
    return SessionOut(
        kind=actor.kind,
        id=actor.id,
        organisation=actor.organisation,
        roles=grants_out(actor.grants),
        display_name=display_name,
        call_sign=actor.call_sign or None,
        expires_at=actor.expires_at,
    )


def open_session_out(row: LoginSession, actor: Principal) -> OpenSessionOut:
    """Tell one of one's own sessions."""
    return OpenSessionOut(row.id, row.created_at, row.last_seen_at, row.expires_at, row.id == actor.credential)


def person_out(known: KnownPerson) -> PersonOut:
    """Tell a person."""
    person = known.person
    return PersonOut(
        id=person.id,
        login_name=known.login_name,
        display_name=known.display_name,
        organisation=person.organisation,
        state=PersonState(person.state),
        roles=grants_out(known.grants),
        has_password=person.password_hash is not None,
        created_at=person.created_at,
        revoked_at=person.revoked_at,
    )


def device_out(row: Device) -> DeviceOut:
    """Tell a device."""
    return DeviceOut(
        id=row.id,
        kind=DeviceKind(row.kind),
        organisation=row.organisation,
        region=row.region,
        call_sign=row.call_sign,
        note=row.note,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        revoked_at=row.revoked_at,
    )
