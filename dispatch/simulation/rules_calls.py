"""Who calls when, from where, about what: drawn hour by hour. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from dispatch.incidents.rules_times import LEGAL_TIME
from dispatch.incidents.states_incidents import Priority
from dispatch.simulation.rules_dice import Dice, pick, poisson
from dispatch.simulation.rules_figures import CallerFigures, Figures, Span
from dispatch.simulation.rules_people import name, phone
from dispatch.simulation.rules_places import Country, Whereabouts
from dispatch.simulation.states import CallKind
from geo.points import METRES_PER_DEGREE, GeoPoint

OPENING_S: Final = (4.0, 35.0, 80.0)
"""When the first callers of a day ring that somebody watches from its beginning."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One call to come. about: the key of the emergency that it follows. position: as the network tells it.

    patience_s: unanswered, the caller hangs up after so long. talk_s: until all is told; holds_s: on the line after it.
    """

    key: str
    at: datetime
    kind: CallKind
    where: Whereabouts
    phone: str
    name: str
    language: str
    patience_s: float
    talk_s: float
    holds_s: float
    complaint: str = ""
    priority: Priority = Priority.P3
    needs: str = ""
    about: str = ""
    position: GeoPoint | None = None
    accuracy_m: float | None = None


def hour_before(moment: datetime) -> datetime:
    """Return the whole hour at or before a moment; the hours of Beijing time and UTC begin together."""
    return moment.replace(minute=0, second=0, microsecond=0)


def calls_of_hour(figures: Figures, country: Country, dice: Dice, begins: datetime, day: int) -> tuple[Caller, ...]:
    """Return the calls of one hour, and those that follow from them (some lie after it), by time.

    begins: a whole hour. day: counted from the first of the run, so that the same seed repeats a day on any date.
    """
    hour = begins.astimezone(LEGAL_TIME).hour
    weights = figures.calls.by_hour
    mean = figures.calls.per_day * weights[hour] / sum(weights)
    random = dice.of("calls", day, hour)
    found: list[Caller] = []
    for number in range(poisson(random, mean)):
        at = begins + timedelta(seconds=random.uniform(0.0, 3600.0))
        found += _with_followers(figures, country, dice, f"{day}-{hour:02}-{number:03}", at)
    return tuple(sorted(found, key=lambda one: (one.at, one.key)))


def opening_calls(figures: Figures, country: Country, dice: Dice, start: datetime) -> tuple[Caller, ...]:
    """Return a few emergencies soon after the beginning, so that a board is not empty for long."""
    return tuple(
        _caller(figures, country, dice, f"o-{number}", start + timedelta(seconds=after_s), CallKind.EMERGENCY)
        for number, after_s in enumerate(OPENING_S)
    )


def _with_followers(figures: Figures, country: Country, dice: Dice, key: str, at: datetime) -> list[Caller]:
    first = _caller(figures, country, dice, key, at, pick(dice.of("kind", key), figures.calls.kinds))
    if first.kind is not CallKind.EMERGENCY:
        return [first]
    callers = figures.callers
    # A crash has many witnesses.
    second = callers.second * (3.0 if figures.complaints[first.complaint].course == "crash" else 1.0)
    wanted: tuple[tuple[CallKind, float, Span], ...] = (
        (CallKind.SECOND, second, callers.second_after_s),
        (CallKind.ASKS_AGAIN, callers.asks_again, callers.asks_again_after_s),
        (CallKind.CALLS_OFF, callers.calls_off, callers.calls_off_after_s),
    )
    found = [first]
    for kind, share, after_s in wanted:
        random = dice.of("follows", key, kind)
        if random.random() < share:
            when = at + timedelta(seconds=random.uniform(*after_s))
            found.append(_after(first, _caller(figures, country, dice, f"{key}-{kind}", when, kind)))
    return found


def _after(first: Caller, later: Caller) -> Caller:
    """A call about what an earlier one told: by somebody else, or by the same caller."""
    told = replace(
        later, about=first.key, where=first.where, complaint=first.complaint, priority=first.priority,
        needs=first.needs, position=None, accuracy_m=None,
    )  # fmt: skip
    if later.kind is CallKind.SECOND:
        return told
    return replace(
        told, phone=first.phone, name=first.name, language=first.language, position=first.position,
        accuracy_m=first.accuracy_m,
    )  # fmt: skip


def _caller(figures: Figures, country: Country, dice: Dice, key: str, at: datetime, kind: CallKind) -> Caller:
    random, callers = dice.of("caller", key), figures.callers
    where = country.draw(random)
    complaint = pick(random, {card: one.weight for card, one in figures.complaints.items()})
    card = figures.complaints[complaint]
    position, accuracy_m = _position(random, where.point, callers)
    patience = callers.abandons_after_s if kind is CallKind.ABANDONS else callers.patience_s
    return Caller(
        key=key, at=at, kind=kind, where=where, phone=phone(random), name=name(random),
        language="ug" if random.random() < callers.uyghur else "zh",
        patience_s=random.uniform(*patience),
        talk_s=random.uniform(*callers.talk_s) * (1.0 if kind is CallKind.EMERGENCY else 0.6),
        holds_s=random.uniform(*callers.holds_s),
        complaint=complaint, priority=pick(random, dict(zip(Priority, card.priority, strict=True))), needs=card.needs,
        position=position, accuracy_m=accuracy_m,
    )  # fmt: skip


def _position(random: Random, point: GeoPoint, callers: CallerFigures) -> tuple[GeoPoint | None, float | None]:
    if random.random() >= callers.positioned:
        return None, None
    accuracy_m = round(random.uniform(*callers.accuracy_m))
    away_m, bearing = random.uniform(0.0, accuracy_m), random.uniform(0.0, math.tau)
    shrink = math.cos(math.radians(point.lat))
    lat = point.lat + away_m * math.cos(bearing) / METRES_PER_DEGREE
    lon = point.lon + away_m * math.sin(bearing) / (METRES_PER_DEGREE * shrink)
    return GeoPoint(lat=round(lat, 6), lon=round(lon, 6)), float(accuracy_m)
