"""A plan as it is put together, leg by leg: several clocks, one for each who travels; who comes first waits. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from dispatch.ecmo.rules_figures import FIGURES, NOW, PlanFigures, Times
from dispatch.ecmo.states_plans import Known, LegKind, PlanMark, Track
from geo.points import GeoPoint

WITH_PATIENT: Final = frozenset({LegKind.CARRY, LegKind.MOVE, LegKind.FLY_CARRYING})
DRIVEN: Final = frozenset({LegKind.DRIVE, LegKind.CARRY, LegKind.MOVE})
FLOWN: Final = frozenset({LegKind.FERRY, LegKind.FLY, LegKind.FLY_CARRYING})


@dataclass(frozen=True, slots=True)
class Place:
    """A hospital, or an airport. key: its id or code."""

    key: str
    point: GeoPoint
    icu: bool = False


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive between two places, without rests. detour_s: by how much closures lengthen it; mountain_m: of it."""

    times: Times
    distance_m: float
    known: Known
    detour_s: float = 0.0
    mountain_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Leg:
    """One thing that is done, by one or several together. begins, ends: seconds from the plan's moment."""

    kind: LegKind
    tracks: tuple[Track, ...]
    begins: Times
    ends: Times
    start: Place
    goal: Place
    distance_m: float = 0.0
    drive: Drive | None = None
    pause_s: float = 0.0
    """Of it for rest, change of drivers and fuel."""


@dataclass(slots=True)
class Draft:
    """Legs so far, and where each clock stands. drivers: of the team's vehicle."""

    drivers: int
    figures: PlanFigures = FIGURES
    legs: list[Leg] = field(default_factory=list)
    marks: dict[PlanMark, Times] = field(default_factory=dict)
    clocks: dict[Track, Times] = field(default_factory=dict)

    def go(
        self,
        tracks: Sequence[Track],
        kind: LegKind,
        takes: Times,
        start: Place,
        goal: Place | None = None,
        *,
        distance_m: float = 0.0,
        drive: Drive | None = None,
        pause_s: float = 0.0,
    ) -> Times:
        """Add a leg that begins when all who do it are there; whoever was there before waits. Returns its end."""
        begins = NOW
        for track in tracks:
            begins = begins.latest(self.clocks.get(track, NOW))
        for track in tracks:
            here = self.clocks.get(track, NOW)
            if begins.likely > here.likely:
                self.legs.append(Leg(LegKind.WAIT, (track,), here, begins, start, start))
        ends = begins + takes
        self.legs.append(
            Leg(kind, tuple(tracks), begins, ends, start, goal or start, distance_m, drive, pause_s)
        )  # fmt: skip
        self.clocks.update(dict.fromkeys(tracks, ends))
        return ends

    def usual(self, tracks: Sequence[Track], kind: LegKind, what: str, place: Place) -> Times:
        """Add a leg that takes as long as the figures say of `what`."""
        return self.go(tracks, kind, self.figures.minutes[what], place)

    def drive(self, tracks: Sequence[Track], kind: LegKind, drive: Drive, start: Place, goal: Place) -> Times:
        """Add a drive with its rests and fuel."""
        pause_s = pauses_s(drive, self.drivers, self.figures)
        takes = drive.times + Times(pause_s, pause_s)
        return self.go(tracks, kind, takes, start, goal, distance_m=drive.distance_m, drive=drive, pause_s=pause_s)

    def mark(self, mark: PlanMark, at: Times) -> None:
        """Note one of the moments that plans are compared by."""
        self.marks[mark] = at


def pauses_s(drive: Drive, drivers: int, figures: PlanFigures = FIGURES) -> float:
    """Seconds of rest and fuel on the way. Fuel is taken while the driver rests, where both fall due."""
    rests = int(drive.times.likely // figures.longest_s)
    fuels = int(drive.distance_m // figures.refuel_m)
    rest_s = figures.rest_s if drivers < 2 else figures.change_s
    together = min(rests, fuels)
    return (
        together * max(rest_s, figures.refuel_s) + (rests - together) * rest_s + (fuels - together) * figures.refuel_s
    )


def drivers_for(drives: Sequence[Drive], figures: PlanFigures = FIGURES) -> int:
    """One, or two where the tour in all is long."""
    return 2 if sum(one.times.likely for one in drives) > figures.two_drivers_s else 1
