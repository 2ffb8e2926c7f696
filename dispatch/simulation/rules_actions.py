"""What the simulated people do; a world carries it out. What they hear stands in `rules_news`.

Calls are named by the simulation's own keys, vehicles by call sign, patients by incident and place among its patients;
what only the service names (incidents, assignments, recommendations) by the service's ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from dispatch.dispatching.states import OverrideReason, Point
from dispatch.incidents.states_calls import Attempt, Outcome, Signal
from dispatch.incidents.states_incidents import CancelReason, LinkKind
from dispatch.incidents.states_patients import CareReason
from dispatch.simulation.rules_calls import Caller
from dispatch.simulation.rules_people import Sufferer
from dispatch.units.states_crew import RunKind
from dispatch.units.states_duty import OutReason, UnitStatus
from geo.points import GeoPoint

# What callers and the telephone exchange do.


@dataclass(frozen=True, slots=True)
class Signals:
    """The exchange reports of a call. With RINGING comes what it knows of the caller."""

    caller: Caller
    signal: Signal


# What a dispatcher does.


@dataclass(frozen=True, slots=True)
class Answer:
    """Take a ringing call."""

    caller: Caller


@dataclass(frozen=True, slots=True)
class Settle:
    """Say what came of a call that belongs to no incident."""

    key: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class PassOn:
    """Pass a call to the police or to another service."""

    key: str


@dataclass(frozen=True, slots=True)
class CallBack:
    """Call somebody back, and note what that met; None: give up. It is for who still waits to be called."""

    caller: Caller
    met: Attempt | None


@dataclass(frozen=True, slots=True)
class Link:
    """Say that a call belongs to an incident."""

    key: str
    incident_id: UUID
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class Open:
    """Open the incident of a call."""

    caller: Caller


@dataclass(frozen=True, slots=True)
class Recommend:
    """Ask whom to send."""

    incident_id: UUID


@dataclass(frozen=True, slots=True)
class Order:
    """Send a unit; `divert`: from the run that it is on."""

    incident_id: UUID
    call_sign: str
    recommendation_id: UUID | None
    reason: OverrideReason | None = None
    divert: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """Close an incident all of whose patients have an outcome."""

    incident_id: UUID


@dataclass(frozen=True, slots=True)
class SettleLeft:
    """Give an outcome to patients of whom no crew speaks any more: a day was broken off meanwhile."""

    incident_id: UUID


@dataclass(frozen=True, slots=True)
class CancelIncident:
    """Cancel an incident; its units are called off."""

    incident_id: UUID
    reason: CancelReason


@dataclass(frozen=True, slots=True)
class MovePlace:
    """Say where the patients of an incident are now, and wait to be found there."""

    incident_id: UUID
    point: GeoPoint
    words: str


@dataclass(frozen=True, slots=True)
class BeginTour:
    """Plan a timed run of a unit, and begin it. key: of the run; words: where to."""

    key: str
    call_sign: str
    kind: RunKind
    until: datetime
    words: str
    point: GeoPoint


@dataclass(frozen=True, slots=True)
class EndTour:
    """End a timed run; the unit goes home."""

    key: str
    call_sign: str


# What crews and vehicles do. `at`: by the device's clock, where a report is sent late; None: now.


@dataclass(frozen=True, slots=True)
class Report:
    """A crew's status. by_voice: a dispatcher enters what the crew says by radio, as of a unit without a device."""

    call_sign: str
    status: UnitStatus
    run_id: UUID | None = None
    reason: OutReason | None = None
    until: datetime | None = None
    at: datetime | None = None
    by_voice: bool = False


@dataclass(frozen=True, slots=True)
class TellTime:
    """T4 or T10, which no status tells."""

    call_sign: str
    assignment_id: UUID
    point: Point
    at: datetime | None = None
    by_voice: bool = False


@dataclass(frozen=True, slots=True)
class TellClearing:
    """When and where the unit will be free, and to which hospital it goes."""

    call_sign: str
    assignment_id: UUID
    clear_at: datetime
    point: GeoPoint
    hospital_id: UUID


@dataclass(frozen=True, slots=True)
class TakePatient:
    """Record a patient and look after them from now on."""

    call_sign: str
    incident_id: UUID
    place: int
    patient: Sufferer
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SettlePatient:
    """The unit has done with a patient, and says what came of them. hospital_id: where they were taken."""

    call_sign: str
    incident_id: UUID
    place: int
    patient: Sufferer
    hospital_id: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Take over a patient from the unit that carries them."""

    call_sign: str
    incident_id: UUID
    place: int
    reason: CareReason
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FindWay:
    """Ask for the way from here to there; answered by `WayFound` with the same number."""

    call_sign: str
    number: int
    origin: GeoPoint
    target: GeoPoint


@dataclass(frozen=True, slots=True)
class FixTold:
    """Where a vehicle is; m/s, degrees clockwise from north."""

    call_sign: str
    at: datetime
    point: GeoPoint
    speed_mps: float
    heading_deg: float | None


@dataclass(frozen=True, slots=True)
class Positions:
    """What vehicles' receivers tell at one moment."""

    fixes: tuple[FixTold, ...]


@dataclass(frozen=True, slots=True)
class ChangeShift:
    """All on board leave, and a team (0 or 1) takes over."""

    call_sign: str
    team: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Look for crews that do not answer, as a loop of the service does."""


Action: TypeAlias = (
    Signals | Answer | Settle | PassOn | CallBack | Link | Open | Recommend | Order | Close | SettleLeft
    | CancelIncident | Report | TellTime | TellClearing | TakePatient | SettlePatient | FindWay | Positions
    | ChangeShift | Watch | MovePlace | TakeOver | BeginTour | EndTour
)  # fmt: skip
