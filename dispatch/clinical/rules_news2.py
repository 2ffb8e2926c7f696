"""NEWS2: complete, or the lowest and highest it can be when something is missing or too old. Pure. See `news2.toml`."""

from __future__ import annotations

import math
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from typing import Final

from dispatch.clinical.rules_signals import SIGNALS, Plausible, judge
from dispatch.clinical.states import NoAdult


class Parameter(StrEnum):
    """What the score is made of."""

    RESPIRATORY_RATE = "respiratory_rate"
    SPO2 = "spo2"
    OXYGEN = "oxygen"
    SYSTOLIC = "systolic"
    PULSE = "pulse"
    CONSCIOUSNESS = "consciousness"
    TEMPERATURE = "temperature"


class News2Level(StrEnum):
    """What a score asks for. The thresholds of the chart: 5, a single 3, and 7."""

    LOW = "low"
    SINGLE = "single"
    """One parameter by itself scores 3: urgent review."""
    URGENT = "urgent"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Reading:
    """A value as it was measured last, in its signal's unit."""

    value: float
    at: datetime


@dataclass(frozen=True, slots=True)
class News2:
    """low, high: the score lies between them, both included; equal when complete.

    points: of each parameter that is known and fresh; missing: the others, those too old among them.
    """

    low: int
    high: int
    points: Mapping[Parameter, int]
    missing: tuple[Parameter, ...]

    @property
    def complete(self) -> bool:
        """Whether every parameter is known and fresh."""
        return not self.missing

    @property
    def level(self) -> News2Level:
        """What is certain already: of the lowest that the score can be."""
        if self.low >= TABLE.emergency_at:
            return News2Level.EMERGENCY
        if self.low >= TABLE.urgent_at:
            return News2Level.URGENT
        return News2Level.SINGLE if TABLE.urgent_single in self.points.values() else News2Level.LOW


@dataclass(frozen=True, slots=True)
class Bands:
    """Points of a parameter by its value: those of the last band that begins at or below it."""

    decimals: int
    starts: tuple[float, ...]
    points: tuple[int, ...]

    def of(self, value: float) -> int:
        """Return the points of a value."""
        scale = 10**self.decimals
        return self.points[bisect_right(self.starts, math.floor(value * scale + 0.5 + 1e-9) / scale) - 1]


@dataclass(frozen=True, slots=True)
class Table:
    """See `news2.toml`."""

    version: str
    source: str
    signed_off_by: str
    from_years: int
    urgent_at: int
    urgent_single: int
    emergency_at: int
    oxygen_points: int
    consciousness_points: int
    holds_s: float
    max_age_s: Mapping[Parameter, float]
    bands: Mapping[Parameter, Bands]


def _load() -> Table:
    data = tomllib.loads(files("dispatch.clinical").joinpath("news2.toml").read_text(encoding="utf-8"))
    bands = {
        Parameter(name): Bands(one["decimals"], *(tuple(column) for column in zip(*one["points"], strict=True)))
        for name, one in data.pop("bands").items()
    }
    ages = {Parameter(name): float(seconds) for name, seconds in data.pop("max_age_s").items()}
    return Table(**data, max_age_s=ages, bands=bands)


TABLE: Final = _load()
_SIGNALS: Final[Mapping[Parameter, tuple[str, ...]]] = {
    Parameter.RESPIRATORY_RATE: ("respiratory_rate",),
    Parameter.SPO2: ("spo2",),
    Parameter.SYSTOLIC: ("art_systolic", "nibp_systolic"),
    Parameter.PULSE: ("heart_rate", "pulse_rate"),
    Parameter.TEMPERATURE: ("temperature",),
}
_AIR: Final = 21.0
_ALERT: Final = 1.0
_ORIENTED: Final = 5.0
USED: Final = frozenset(name for names in _SIGNALS.values() for name in names) | {"fio2", "avpu", "gcs_verbal"}
"""Signals that the score looks at."""


def no_adult(age_years: int | None, *, pregnant: bool) -> NoAdult | None:
    """Why the score, and limits for adults, are not for this patient; None: they are."""
    if age_years is None:
        return NoAdult.AGE_UNKNOWN
    if age_years < TABLE.from_years:
        return NoAdult.UNDER_16
    return NoAdult.PREGNANT if pregnant else None


def news2(readings: Mapping[str, Reading], now: datetime) -> News2:
    """Score what was measured last, by signal name, as seen at `now`.

    A value that cannot be right counts as missing. Of two ways to measure one thing the newer one counts. Confused
    speech (GCS verbal below 5) counts as new confusion until somebody knows better, as the chart asks.
    """
    points: dict[Parameter, int] = {}
    missing: list[Parameter] = []
    low = high = 0
    for parameter in Parameter:
        scored = _score(parameter, readings, now)
        if scored is None:
            missing.append(parameter)
            high += _most(parameter)
        else:
            points[parameter] = scored
            low += scored
            high += scored
    return News2(low, high, points, tuple(missing))


def _score(parameter: Parameter, readings: Mapping[str, Reading], now: datetime) -> int | None:
    age_s = TABLE.max_age_s[parameter]
    if parameter is Parameter.OXYGEN:
        share = _fresh(readings, ("fio2",), now, age_s)
        return None if share is None else TABLE.oxygen_points * (share > _AIR)
    if parameter is Parameter.CONSCIOUSNESS:
        awake, speech = (_fresh(readings, (name,), now, age_s) for name in ("avpu", "gcs_verbal"))
        if (awake is not None and awake > _ALERT) or (speech is not None and speech < _ORIENTED):
            return TABLE.consciousness_points
        return None if awake is None else 0
    value = _fresh(readings, _SIGNALS[parameter], now, age_s)
    return None if value is None else TABLE.bands[parameter].of(value)


def _fresh(readings: Mapping[str, Reading], names: tuple[str, ...], now: datetime, age_s: float) -> float | None:
    found = [
        one
        for name in names
        if (one := readings.get(name)) is not None
        and (now - one.at).total_seconds() <= age_s
        and judge(SIGNALS.by_name[name], one.value) is not Plausible.HARD
    ]
    return max(found, key=lambda one: one.at).value if found else None


def _most(parameter: Parameter) -> int:
    if parameter is Parameter.OXYGEN:
        return TABLE.oxygen_points
    return TABLE.consciousness_points if parameter is Parameter.CONSCIOUSNESS else max(TABLE.bands[parameter].points)
