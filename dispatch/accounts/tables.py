"""Organisations, people, their roles and names, sessions, duties, devices, and counts of wrong passwords."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.accounts.rules_throttle import Count
from dispatch.accounts.states import DeviceKind, PersonState, Role, SessionEnd
from dispatch.kernel.constraints import filled, one_of
from dispatch.kernel.db import Base
from dispatch.kernel.organisations import System

_CURRENT_NAME = text("superseded_at IS NULL")
_OPEN = text("ended_at IS NULL")


def _digest(column: str) -> CheckConstraint:
    return CheckConstraint(f"octet_length({column}) = 32", name=column)


class Organisation(Base):
    """An organisation of one of the two systems. `code` is what files and units name it by."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("char_length(code) BETWEEN 1 AND 64", name="code"),
        filled("name_zh"),
        one_of("system", System),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    system: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class Person(Base):
    """An account. Nothing here tells who it is: names stand in `person_names` and can be erased there."""

    __tablename__ = "people"
    __table_args__ = (
        one_of("state", PersonState),
        CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked"),
        CheckConstraint("state <> 'revoked' OR password_hash IS NULL", name="revoked_password"),
        CheckConstraint("password_hash LIKE '$argon2id$%'", name="password_hash"),
        CheckConstraint("(password_hash IS NULL) = (password_set_at IS NULL)", name="password_set"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"), index=True)
    state: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    password_set_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class PersonName(Base):
    """One version of a person's names; the current one has no `superseded_at`. Erasing takes both names out."""

    __tablename__ = "person_names"
    __table_args__ = (
        Index("uq_person_names_current", "person_id", unique=True, postgresql_where=_CURRENT_NAME),
        Index("uq_person_names_login_name", "login_name", unique=True, postgresql_where=_CURRENT_NAME),
        CheckConstraint("char_length(login_name) BETWEEN 1 AND 64", name="login_name"),
        CheckConstraint("char_length(display_name) BETWEEN 1 AND 200", name="display_name"),
        CheckConstraint(
            "num_nonnulls(login_name, display_name) = CASE WHEN erased_at IS NULL THEN 2 ELSE 0 END", name="erased"
        ),
        CheckConstraint("version >= 1", name="version"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    login_name: Mapped[str | None] = mapped_column(Text)
    display_name: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class PersonRole(Base):
    """A role that a person holds in an organisation."""

    __tablename__ = "person_roles"
    __table_args__ = (one_of("role", Role),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"), primary_key=True)
    granted_at: Mapped[datetime]


class PersonSettings(Base):
    """How a person likes the screen, as it was saved last: no fact of dispatching, and nothing personal."""

    __tablename__ = "person_settings"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("octet_length(body::text) <= 16384", name="body"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    saved_at: Mapped[datetime]


class LoginSession(Base):
    """A login. The token itself is known to its browser only."""

    __tablename__ = "login_sessions"
    __table_args__ = (
        _digest("token_hash"),
        CheckConstraint("expires_at > created_at", name="expires"),
        CheckConstraint("last_seen_at >= created_at", name="last_seen"),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended"),
        one_of("ended_because", SessionEnd),
        Index("ix_login_sessions_open", "person_id", postgresql_where=_OPEN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(Text)


class Duty(Base):
    """A person is on duty at the centre or a hospital in a role, from signing on until signing off, at most to a time.

    until_at: when it is over by itself, so that nobody who forgot to sign off is taken to be there.
    """

    __tablename__ = "person_duties"
    __table_args__ = (
        one_of("role", Role),
        Index("uq_person_duties_open", "person_id", "role", unique=True, postgresql_where=_OPEN),
        CheckConstraint("until_at > began_at AND ended_at >= began_at", name="times"),
        CheckConstraint("isfinite(began_at) AND isfinite(until_at) AND isfinite(ended_at)", name="finite"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"))
    began_at: Mapped[datetime]
    until_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Device(Base):
    """What holds a token without a person: a vehicle's, bound to its call sign and region, or a telephone exchange."""

    __tablename__ = "devices"
    __table_args__ = (
        _digest("token_hash"),
        one_of("kind", DeviceKind),
        CheckConstraint("region ~ '^[a-z0-9][a-z0-9_-]{0,62}$'", name="region"),
        CheckConstraint("(kind = 'vehicle') = (call_sign <> '')", name="call_sign"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
        filled("created_by"),
        Index("ix_devices_region_call_sign", "region", "call_sign"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"))
    region: Mapped[str] = mapped_column(Text)
    call_sign: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Text)
    last_seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(Text)


class LoginTries(Base):
    """Wrong passwords under one count. `key` is a keyed digest: neither names nor addresses are kept."""

    __tablename__ = "login_tries"
    __table_args__ = (one_of("count", Count), _digest("key"), CheckConstraint("failures >= 0", name="failures"))

    count: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_failure_at: Mapped[datetime | None]
    blocked_until: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
