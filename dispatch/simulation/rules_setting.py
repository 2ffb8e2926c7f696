"""What a simulated day is played with: vehicles, hospitals, people's places, and the habits of the players. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from dispatch.hospitals.states import HospitalCapability
from dispatch.simulation.rules_dice import Dice
from dispatch.simulation.rules_figures import Figures
from dispatch.simulation.rules_places import Country
from geo.points import GeoPoint


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A unit as its crew knows it. device: it has one that reports; without, its crew is heard by radio only."""

    call_sign: str
    system: str
    station: GeoPoint
    letters: str = ""
    device: bool = True


@dataclass(frozen=True, slots=True)
class Hospital:
    """Where patients are taken. level: "3A", "2" … as hospitals state it."""

    id: UUID
    point: GeoPoint
    system: str
    level: str
    capabilities: frozenset[str]


@dataclass(frozen=True, slots=True)
class Habits:
    """How the day is played.

    dispatcher: a simulated one takes calls; after `patience_s` more than they need, so that a person can be first.
    waits: callers wait so many times as long as they would. fix_every_s, still_every_s: between positions of vehicles
    that drive and that stand. opening: a few calls come soon after the beginning.
    """

    dispatcher: bool = True
    patience_s: float = 0.0
    waits: float = 1.0
    fix_every_s: float = 30.0
    still_every_s: float = 600.0
    opening: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """All that does not change during a day."""

    figures: Figures
    dice: Dice
    country: Country
    vehicles: Mapping[str, Vehicle]
    hospitals: tuple[Hospital, ...]
    start: datetime
    habits: Habits = Habits()


_PATHWAYS: Final[Mapping[str, HospitalCapability]] = {
    "K01": HospitalCapability.ICU,
    "K03": HospitalCapability.CHEST_PAIN,
    "K05": HospitalCapability.STROKE,
    "K09": HospitalCapability.TRAUMA,
    "K10": HospitalCapability.TRAUMA,
    "K11": HospitalCapability.TRAUMA,
    "K12": HospitalCapability.TRAUMA,
    "K13": HospitalCapability.TRAUMA,
    "K24": HospitalCapability.OBSTETRIC,
    "K25": HospitalCapability.OBSTETRIC,
    "K26": HospitalCapability.NEONATAL,
    "K29": HospitalCapability.INFECTIOUS,
    "K34": HospitalCapability.TRAUMA,
}
_FAR_M: Final = 60_000.0
"""A hospital with the right pathway is worth a detour up to here; further away, the nearest must do."""
_SMALL: Final = 1.5
"""A hospital of the first grade counts as so many times as far."""


def hospital_for(hospitals: Sequence[Hospital], complaint: str, point: GeoPoint) -> Hospital | None:
    """Return where a crew takes a patient: near, and fit for the complaint; None where there is no hospital."""
    wanted = _PATHWAYS.get(complaint)
    able = [one for one in hospitals if wanted in one.capabilities and one.point.distance_m(point) <= _FAR_M]

    def distance(one: Hospital) -> float:
        return one.point.distance_m(point) * (_SMALL if one.level.startswith("1") else 1.0)

    return min(able or hospitals, key=distance, default=None)
