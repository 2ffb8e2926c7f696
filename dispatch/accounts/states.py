"""The named sets of accounts, and the life of a person's account."""

from enum import StrEnum
from typing import Final

from dispatch.kernel.errors import Conflict


class Role(StrEnum):
    """What a person is on duty as. A person may hold several, each in an organisation."""

    DISPATCHER = "dispatcher"
    """调度员."""
    CREW = "crew"
    """随车人员: driver, paramedic, nurse."""
    EMERGENCY_DOCTOR = "emergency_doctor"
    """急诊医生, at the receiving hospital."""
    ECMO_COORDINATOR = "ecmo_coordinator"
    """ECMO 协调员."""
    ECMO_PHYSICIAN = "ecmo_physician"
    """ECMO 值班医师: assesses requests for the centre at which the role is held."""
    SUPERVISOR = "supervisor"
    """值班长."""
    ADMINISTRATOR = "administrator"
    """管理员: accounts and devices; no patients."""


class DeviceKind(StrEnum):
    """What holds a token of its own, without a person."""

    VEHICLE = "vehicle"
    """Bound to one vehicle of one region."""
    EXCHANGE = "exchange"
    """The telephone exchange of a region."""


class PersonState(StrEnum):
    """Whether a person may log in."""

    ACTIVE = "active"
    LOCKED = "locked"
    """For a time, by an administrator."""
    REVOKED = "revoked"
    """For good."""


class SessionEnd(StrEnum):
    """Why a session ended before its time."""

    LOGOUT = "logout"
    REPLACED = "replaced"
    """The same browser logged in anew."""
    CLOSED = "closed"
    """By its owner, from another session."""
    PASSWORD = "password"  # noqa: S105 - a reason, no secret
    LOCKED = "locked"
    REVOKED = "revoked"


TRANSITIONS: Final[dict[PersonState, frozenset[PersonState]]] = {
    PersonState.ACTIVE: frozenset({PersonState.LOCKED, PersonState.REVOKED}),
    PersonState.LOCKED: frozenset({PersonState.ACTIVE, PersonState.REVOKED}),
    PersonState.REVOKED: frozenset(),
}


def advance(present: PersonState, to: PersonState) -> PersonState:
    """Return the new state. Raises Conflict (`person.state`) where no way leads there."""
    if to not in TRANSITIONS[present]:
        raise Conflict("person.state", f"An account that is {present} cannot become {to}.")
    return to
