"""A crew and its vehicle as values, and what they say. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.incidents.states_patients import CareReason
from dispatch.simulation.rules_actions import (
    Action,
    FindWay,
    FixTold,
    Positions,
    Report,
    SettlePatient,
    TakeOver,
    TakePatient,
    TellTime,
)
from dispatch.simulation.rules_path import Path, Placed
from dispatch.simulation.rules_people import Sufferer
from dispatch.simulation.rules_plan import Plan
from dispatch.simulation.rules_setting import Hospital, Setting, Vehicle
from dispatch.simulation.rules_tours import Tour
from dispatch.simulation.states import DRIVING, ON_ORDER, Phase
from dispatch.units.states_duty import OutReason, UnitStatus
from geo.points import GeoPoint


@dataclass(frozen=True, slots=True)
class Run:
    """What a crew was ordered to. taken: the patients that it looks after, by their places in the scene."""

    assignment_id: UUID
    incident_id: UUID
    complaint: str
    point: GeoPoint
    by_person: bool
    plan: Plan
    taken: tuple[int, ...] = ()
    hospital: Hospital | None = None


@dataclass(frozen=True, slots=True)
class Drive:
    """A path being driven since `began`; it takes its time × `factor`."""

    path: Path
    began: datetime
    factor: float

    @property
    def ends(self) -> datetime:
        """When the vehicle is there."""
        return self.began + timedelta(seconds=self.path.lasts_s * self.factor)

    def placed(self, now: datetime) -> Placed:
        """Return where the vehicle is."""
        found = self.path.place((now - self.began).total_seconds() / self.factor)
        return replace(found, speed_mps=found.speed_mps / self.factor)


@dataclass(frozen=True, slots=True)
class Crew:
    """A crew with its vehicle at one moment.

    place: where it stands, or began to drive. due: when it does something by itself. run: stays until the service knows
    that it is over. way: the number of the last way that was asked for; path: that way, once found. runs: how many it
    was ordered to. held: what it could not send while its link was lost, until `mute_until`. pause: what it is to be
    out of service for once it is home. tour: its timed run, at the stop of that number.
    """

    call_sign: str
    phase: Phase
    place: GeoPoint
    shift_at: datetime
    due: datetime | None = None
    run: Run | None = None
    drive: Drive | None = None
    path: Path | None = None
    way: int = 0
    runs: int = 0
    team: int = 0
    held: tuple[Action, ...] = ()
    mute_until: datetime | None = None
    pause: tuple[OutReason, float] | None = None
    tour: Tour | None = None
    stop: int = 0

    def where(self, now: datetime) -> Placed:
        """Return where the vehicle is now."""
        return self.drive.placed(now) if self.drive is not None else Placed(self.place, 0.0, None)

    @property
    def next_due(self) -> datetime | None:
        """When something happens by itself, the link's return counted."""
        due, until = self.due, self.mute_until
        return due if until is None or (due is not None and due <= until) else until


@dataclass(frozen=True, slots=True)
class Stranded:
    """Patients on board of a unit that goes no further, by their places in the scene. reason: why they change over."""

    call_sign: str
    point: GeoPoint
    places: tuple[int, ...]
    reason: CareReason


@dataclass(frozen=True, slots=True)
class Scene:
    """The patients of an incident as they truly are, which of them crews have taken, and who waits to change over."""

    patients: tuple[Sufferer, ...]
    taken: frozenset[int] = frozenset()
    stranded: tuple[Stranded, ...] = ()

    @property
    def left(self) -> tuple[int, ...]:
        """Those whom nobody looks after."""
        return tuple(place for place in range(len(self.patients)) if place not in self.taken)


class Turn:
    """A crew's turn under way: the crew as it becomes, the scene, and what it does meanwhile.

    others: crews of the same incident that have not reached its patients yet.
    """

    def __init__(
        self, setting: Setting, crew: Crew, now: datetime, scene: Scene | None = None, *, others: int = 0
    ) -> None:
        self.setting, self.now, self.scene = setting, now, scene
        self.others = others
        self.crew = crew
        self.actions: list[Action] = []

    @property
    def vehicle(self) -> Vehicle:
        """The crew's vehicle."""
        return self.setting.vehicles[self.crew.call_sign]

    @property
    def run(self) -> Run:
        """The run that the crew is on; it must be on one."""
        if self.crew.run is None:
            raise ValueError(f"{self.crew.call_sign} is on no run")
        return self.crew.run

    def become(
        self, phase: Phase, *, after_s: float | None = None, at: datetime | None = None, place: GeoPoint | None = None
    ) -> None:
        """Go over to another phase; it ends after so long, at a time, or when something is heard."""
        due = self.now + timedelta(seconds=after_s) if after_s is not None else at
        here = place or self.crew.where(self.now).point
        self.crew = replace(self.crew, phase=phase, due=due, place=here, drive=None)

    def find_way(self, target: GeoPoint) -> None:
        """Ask for the way from where the vehicle is."""
        number = self.crew.way + 1
        self.crew = replace(self.crew, way=number, path=None)
        self.actions.append(FindWay(self.crew.call_sign, number, self.crew.where(self.now).point, target))

    def set_off(self, phase: Phase) -> None:
        """Drive as soon as the way is known."""
        self.become(phase)
        if self.crew.path is not None:
            self.drive(self.crew.path)

    def drive(self, path: Path) -> None:
        """Drive a path from now on."""
        factor = self.crew.run.plan.drive if self.crew.run is not None else 1.0
        drive = Drive(path, self.now, factor)
        self.crew = replace(self.crew, drive=drive, due=drive.ends, path=None, place=path.points[0])

    def arrive(self) -> None:
        """Stand where the path ends, and let the receiver say so."""
        end = self.crew.drive.path.points[-1] if self.crew.drive is not None else self.crew.place
        self.crew = replace(self.crew, drive=None, place=end)
        if self.vehicle.device:
            self.send(Positions((FixTold(self.crew.call_sign, self.now, end, 0.0, None),)))

    def report(self, status: UnitStatus, *, reason: OutReason | None = None, until: datetime | None = None) -> None:
        """Press a button, unless it is the one that is forgotten, or say it by radio."""
        run = self.crew.run
        if run is not None and run.plan.forgets is status:
            return
        run_id = run.assignment_id if run is not None and self.crew.phase in ON_ORDER else None
        if self._heard():
            self.send(Report(self.crew.call_sign, status, run_id, reason, until, by_voice=not self.vehicle.device))

    def tell(self, point: TellTime) -> None:
        """Tell T4 or T10."""
        if self._heard():
            self.send(replace(point, by_voice=not self.vehicle.device))

    def _heard(self) -> bool:
        # Who has no device speaks by radio, and only the simulated dispatcher writes that down for them.
        run = self.crew.run
        return self.vehicle.device or (self.setting.habits.dispatcher and (run is None or not run.by_person))

    def send(self, action: Action) -> None:
        """Do it now, or keep it with its time while the link is lost."""
        if self.crew.mute_until is not None:
            if isinstance(action, Report | TellTime | TakePatient | TakeOver | SettlePatient):
                action = replace(action, at=self.now)
            self.crew = replace(self.crew, held=(*self.crew.held, action))
        else:
            self.actions.append(action)

    def leave_run(self) -> None:
        """Have done with the run, as soon as anybody knows: the last button may be forgotten, or the link lost."""
        forgotten = self.run.plan.forgets is UnitStatus.RETURNING_AVAILABLE
        if self.crew.mute_until is None and not forgotten:
            self.crew = replace(self.crew, run=None)

    def link_back(self) -> None:
        """Send what was kept, in its order."""
        self.actions.extend(self.crew.held)
        self.crew = replace(self.crew, held=(), mute_until=None)
        if self.crew.phase not in ON_ORDER and self.crew.run is not None:
            self.leave_run()


def fix_of(crew: Crew, now: datetime) -> FixTold:
    """Return what the receiver tells now."""
    placed = crew.where(now)
    return FixTold(crew.call_sign, now, placed.point, placed.speed_mps, placed.heading_deg)


def moves(crew: Crew) -> bool:
    """Whether the vehicle drives at this moment."""
    return crew.phase in DRIVING and crew.drive is not None
