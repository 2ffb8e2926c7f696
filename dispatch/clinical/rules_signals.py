"""Codes, units and ranges of what is measured on board, from `signals.toml`, and whether a value can be right. Pure."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final


class Plausible(StrEnum):
    """What a value is worth by its ranges."""

    OK = "ok"
    SOFT = "soft"
    """Unusual: kept, and marked."""
    HARD = "hard"
    """Cannot be right: kept, shown crossed out with "check by hand", in no trend."""


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included, in the signal's unit."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Signal:
    """One quantity. unit: UCUM; number: on the wire; stream: `vitals` or `ecmo`; decimals: as it is shown."""

    name: str
    number: int
    stream: str
    zh: str
    en: str
    unit: str
    decimals: int
    loinc: str | None = None
    mdc: int | None = None
    soft: Range | None = None
    hard: Range | None = None


@dataclass(frozen=True, slots=True)
class Wave:
    """One curve that is no ECG. unit: UCUM."""

    name: str
    number: int
    zh: str
    en: str
    unit: str


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead of an ECG."""

    name: str
    number: int
    mdc: int | None = None


@dataclass(frozen=True, slots=True)
class Signals:
    """All of `signals.toml`. signed_off_by: empty until a medical director has."""

    source: str
    signed_off_by: str
    by_name: Mapping[str, Signal]
    by_number: Mapping[int, Signal]
    waves: Mapping[int, Wave]
    leads: Mapping[int, Lead]


def _range(given: list[float] | None) -> Range | None:
    return None if given is None else Range(*map(float, given))


def _signal(name: str, given: dict[str, Any]) -> Signal:
    ranges = {side: _range(given.get(side)) for side in ("soft", "hard")}
    return Signal(name, **{**given, **ranges})


def _load() -> Signals:
    data = tomllib.loads(files("dispatch.clinical").joinpath("signals.toml").read_text(encoding="utf-8"))
    signals = [_signal(name, given) for name, given in data["signals"].items()]
    waves = [Wave(name, **given) for name, given in data["waves"].items()]
    leads = [Lead(name, **given) for name, given in data["leads"].items()]
    for kind in (signals, waves, leads):
        numbers = [one.number for one in kind]
        if len(set(numbers)) != len(numbers):
            raise ValueError("signals.toml gives a number twice")
    return Signals(
        source=data["source"],
        signed_off_by=data["signed_off_by"],
        by_name={one.name: one for one in signals},
        by_number={one.number: one for one in signals},
        waves={one.number: one for one in waves},
        leads={one.number: one for one in leads},
    )


SIGNALS: Final = _load()


def judge(signal: Signal, value: float) -> Plausible:
    """Say what a value is worth by itself. A value that is no number cannot be right."""
    if not math.isfinite(value) or (signal.hard is not None and value not in signal.hard):
        return Plausible.HARD
    return Plausible.OK if signal.soft is None or value in signal.soft else Plausible.SOFT


_PRESSURES: Final = (
    ("nibp_systolic", "nibp_diastolic", "nibp_mean"),
    ("art_systolic", "art_diastolic", "art_mean"),
)


def judge_together(values: Mapping[str, float]) -> dict[str, Plausible]:
    """Say what the values of one moment are worth, by signal name.

    Besides each range: a diastolic pressure that is not below its systolic one makes the whole measurement wrong.
    Raises KeyError for a name that `signals.toml` has not.
    """
    judged = {name: judge(SIGNALS.by_name[name], value) for name, value in values.items()}
    for systolic, diastolic, mean in _PRESSURES:
        if systolic in values and diastolic in values and not values[diastolic] < values[systolic]:
            judged |= {name: Plausible.HARD for name in (systolic, diastolic, mean) if name in values}
    return judged
