"""What a plan is more dangerous by: night, weather, closures, mountains, moving without a circuit. Pure.

Levels are proposed here (`plans.toml`); they await a medical director.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatch.ecmo.rules_air import Weather
from dispatch.ecmo.rules_figures import FIGURES
from dispatch.ecmo.rules_legs import DRIVEN, WITH_PATIENT, Leg, Place
from dispatch.ecmo.rules_sun import night_s
from dispatch.ecmo.states_plans import Known, LegKind, Phenomenon, Risk, RiskLevel, Track

BAD_ROADS: Final = frozenset({Phenomenon.ICE, Phenomenon.SANDSTORM, Phenomenon.SNOW})
"""These make road times longer."""
_POOR: Final = frozenset({Phenomenon.FOG, Phenomenon.DUST, Phenomenon.RAIN})
_HANDLED: Final = frozenset({LegKind.LOAD, LegKind.UNLOAD})


@dataclass(frozen=True, slots=True)
class RiskTold:
    """A risk. value: seconds, metres or a count, as its kind is; None where there is none."""

    risk: Risk
    level: RiskLevel
    value: float | None = None


def risks_of(
    legs: Sequence[Leg], at: datetime, road: Weather | None, *, via: Place | None, moves: bool, late: bool = False
) -> tuple[RiskTold, ...]:
    """All risks of a plan, the worst first. late: if all goes slowly, something speaks against its flights."""
    driven = [one for one in legs if one.kind in DRIVEN]
    found: list[RiskTold] = []
    if moves:
        moved = [one for one in driven if one.kind is LegKind.MOVE]
        found.append(RiskTold(Risk.UNCANNULATED, RiskLevel.HIGH, sum(_length_s(one) for one in moved)))
    if late:
        found.append(RiskTold(Risk.FLIGHT_LATE, RiskLevel.HIGH))
    found.extend(_of_night(driven, at))
    found.extend(_of_weather(road, at))
    detour_s = max((one.drive.detour_s for one in driven if one.drive), default=0.0)
    if detour_s >= FIGURES.detour_s:
        found.append(RiskTold(Risk.CLOSURE, RiskLevel.MEDIUM, round(detour_s)))
    mountain_m = sum(one.drive.mountain_m for one in driven if one.drive)
    if mountain_m >= FIGURES.mountain_m:
        found.append(RiskTold(Risk.MOUNTAIN, RiskLevel.MEDIUM, round(mountain_m)))
    if via is not None and not via.icu:
        found.append(RiskTold(Risk.NO_ICU, RiskLevel.MEDIUM))
    handled = sum(one.kind in _HANDLED and Track.PATIENT in one.tracks for one in legs)
    if handled >= FIGURES.handlings:
        found.append(RiskTold(Risk.HANDLINGS, RiskLevel.MEDIUM, handled))
    longest_s = max((_length_s(one) for one in driven), default=0.0)
    if longest_s > FIGURES.longest_s:
        found.append(RiskTold(Risk.LONG_DRIVE, RiskLevel.LOW, round(longest_s)))
    if any(one.drive is not None and one.drive.known is Known.GUESS for one in driven):
        found.append(RiskTold(Risk.GUESSED, RiskLevel.MEDIUM))
    order = list(RiskLevel)
    return tuple(sorted(found, key=lambda one: -order.index(one.level)))


def _of_night(driven: Sequence[Leg], at: datetime) -> list[RiskTold]:
    def dark_s(one: Leg) -> float:
        begins, ends = (at + timedelta(seconds=moment.likely) for moment in (one.begins, one.ends))
        return night_s(one.start.point, begins, ends)

    dark = {one: dark_s(one) for one in driven}
    total = sum(dark.values())
    if total <= 0:
        return []
    carried = any(seconds > 0 and one.kind in WITH_PATIENT for one, seconds in dark.items())
    return [RiskTold(Risk.NIGHT, RiskLevel.MEDIUM if carried else RiskLevel.LOW, round(total))]


def _of_weather(road: Weather | None, at: datetime) -> list[RiskTold]:
    if road is None or road.old(at):
        return [RiskTold(Risk.WEATHER_UNKNOWN, RiskLevel.LOW)]
    if road.phenomenon in BAD_ROADS:
        return [RiskTold(Risk.WEATHER, RiskLevel.HIGH)]
    return [RiskTold(Risk.WEATHER, RiskLevel.MEDIUM)] if road.phenomenon in _POOR else []


def _length_s(one: Leg) -> float:
    return one.ends.likely - one.begins.likely
