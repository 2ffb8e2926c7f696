"""What the simulated people hear of what happens: from the service, and in answer to what they asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from dispatch.incidents.states_calls import Attempt
from dispatch.incidents.states_incidents import Priority
from dispatch.simulation.rules_actions import Action
from dispatch.simulation.rules_path import Path
from dispatch.units.states_duty import UnitStatus
from geo.points import GeoPoint


@dataclass(frozen=True, slots=True)
class Choice:
    """One offer: a unit that can be sent now.

    eta_s: until it is there, where that is known. diverted: it is on a run to something less urgent.
    """

    call_sign: str
    eta_s: float | None = None
    diverted: bool = False


@dataclass(frozen=True, slots=True)
class CallTaken:
    """A call was answered. by_person: not by the simulated dispatcher."""

    key: str
    by_person: bool


@dataclass(frozen=True, slots=True)
class CallSettled:
    """A person gave a call its outcome: there is nothing more to be said. incident_id: of the incident it opened."""

    key: str
    incident_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CalledBack:
    """Somebody was called back by the simulated dispatcher; None: nobody was reached, and it is given up."""

    key: str
    met: Attempt | None


@dataclass(frozen=True, slots=True)
class IncidentMade:
    """The simulated dispatcher's incident stands. key: of its call."""

    key: str
    incident_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class IncidentTouched:
    """A person did something in an incident: it is theirs from now on."""

    incident_id: UUID


@dataclass(frozen=True, slots=True)
class IncidentOver:
    """An incident was closed or cancelled."""

    incident_id: UUID


@dataclass(frozen=True, slots=True)
class Recommended:
    """Whom to send, the first first; empty when nobody can go now."""

    incident_id: UUID
    recommendation_id: UUID
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Ordered:
    """A unit has a new run to a place. by_person: not by the simulated dispatcher."""

    call_sign: str
    assignment_id: UUID
    incident_id: UUID
    number: str
    complaint: str
    priority: Priority
    point: GeoPoint
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class RunOver:
    """An assignment ended, by whatever cause."""

    call_sign: str
    assignment_id: UUID


@dataclass(frozen=True, slots=True)
class Returned:
    """An incident is without a unit again."""

    incident_id: UUID


@dataclass(frozen=True, slots=True)
class StatusSet:
    """A person set a unit's status."""

    call_sign: str
    status: UnitStatus


@dataclass(frozen=True, slots=True)
class WayFound:
    """The answer to `FindWay`."""

    call_sign: str
    number: int
    path: Path


@dataclass(frozen=True, slots=True)
class Refused:
    """An action was refused by the service, which is no fault: another was quicker, or things have changed."""

    action: Action
    code: str


News: TypeAlias = (
    CallTaken | CallSettled | CalledBack | IncidentMade | IncidentTouched | IncidentOver | Recommended | Ordered
    | RunOver | Returned | StatusSet | WayFound | Refused
)  # fmt: skip
