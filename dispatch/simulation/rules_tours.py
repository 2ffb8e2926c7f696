"""Timed runs of a day: stand-bys at events and planned transfers, drawn hour by hour. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from dispatch.incidents.rules_times import LEGAL_TIME
from dispatch.simulation.rules_dice import poisson
from dispatch.simulation.rules_setting import Hospital, Setting
from dispatch.units.states_crew import RunKind
from geo.points import GeoPoint

_DRIVES_MPS = 12.0
"""So fast, in a straight line, is a planned transfer thought to drive."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of a timed run, and how long the unit stays there."""

    point: GeoPoint
    stay_s: float


@dataclass(frozen=True, slots=True)
class Tour:
    """A timed run to come. words: where to, as it is planned; until: when it should be over."""

    key: str
    at: datetime
    kind: RunKind
    words: str
    stops: tuple[Stop, ...]
    until: datetime


def tours_of_hour(setting: Setting, begins: datetime, day: int) -> tuple[Tour, ...]:
    """Return the timed runs that begin within an hour, by time. day: as `calls_of_hour`."""
    figures, hour = setting.figures.tours, begins.astimezone(LEGAL_TIME).hour
    if not figures.from_hour <= hour < figures.until_hour:
        return ()
    share = 1.0 / (figures.until_hour - figures.from_hour)
    found: list[Tour] = []
    for kind, per_day in ((RunKind.STANDBY, figures.standbys_per_day), (RunKind.TRANSFER, figures.transfers_per_day)):
        random = setting.dice.of("tours", kind, day, hour)
        for number in range(poisson(random, per_day * share)):
            at = begins + timedelta(seconds=random.uniform(0.0, 3600.0))
            key = f"{kind}-{day}-{hour:02}-{number}"
            if kind is RunKind.STANDBY:
                found.append(_standby(setting, random, key, at))
            elif len(setting.hospitals) > 1:
                found.append(_transfer(setting, random, key, at))
    return tuple(sorted(found, key=lambda one: (one.at, one.key)))


def _standby(setting: Setting, random: Random, key: str, at: datetime) -> Tour:
    where = setting.country.draw(random)
    stay_s = random.uniform(*setting.figures.tours.standby_s)
    until = at + timedelta(seconds=stay_s)
    return Tour(key, at, RunKind.STANDBY, f"示例保障：{where.locality}", (Stop(where.point, stay_s),), until)


def _transfer(setting: Setting, random: Random, key: str, at: datetime) -> Tour:
    figures, (origin, target) = setting.figures.tours, _pair(setting.hospitals, random)
    stops = (
        Stop(origin.point, random.uniform(*figures.loading_s)),
        Stop(target.point, random.uniform(*figures.unloading_s)),
    )
    lasts_s = sum(one.stay_s for one in stops) + 2.0 * origin.point.distance_m(target.point) / _DRIVES_MPS
    until = at + timedelta(seconds=lasts_s + 3600.0)
    return Tour(key, at, RunKind.TRANSFER, "示例院际转运", stops, until)


def _pair(hospitals: Sequence[Hospital], random: Random) -> tuple[Hospital, Hospital]:
    """From a smaller hospital to a greater one, as most are."""
    one, other = random.sample(hospitals, 2)
    return (one, other) if one.level <= other.level else (other, one)
