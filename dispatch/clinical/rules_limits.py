"""When measured values alarm: the figures of `limits.toml`, checked as they are read. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from dispatch.clinical.rules_signals import SIGNALS
from dispatch.clinical.states import AlarmPriority


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound of a signal, in its unit. is_upper: beyond is above it. clears: from there inwards it is over."""

    name: str
    signal: str
    bound: float
    is_upper: bool
    clears: float
    priority: AlarmPriority

    def is_beyond(self, value: float) -> bool:
        """Whether a value lies beyond the bound; the bound itself does not."""
        return value > self.bound if self.is_upper else value < self.bound

    def is_clear(self, value: float) -> bool:
        """Whether a value lies so far in that the limit is over."""
        return value <= self.clears if self.is_upper else value >= self.clears


@dataclass(frozen=True, slots=True)
class Change:
    """How much a signal changes, in its unit, to be told as sudden."""

    name: str
    signal: str
    by: float
    priority: AlarmPriority


@dataclass(frozen=True, slots=True)
class Band:
    """Resting ranges of an age, by signal; used by nothing before a medical director has signed."""

    name: str
    from_years: int
    to_years: int
    signed_off_by: str
    ranges: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Limits:
    """All of `limits.toml`; seconds. by_signal, changes: by the number that a signal has on the wire."""

    version: str
    source: str
    signed_off_by: str
    holds_s: float
    gap_s: float
    span_s: float
    apart_s: float
    spots: frozenset[str]
    limits: Mapping[str, Limit]
    by_signal: Mapping[int, tuple[Limit, ...]]
    changes: Mapping[int, Change]
    bands: tuple[Band, ...]


def _limit(name: str, given: Mapping[str, Any]) -> Limit:
    is_upper = "above" in given
    if is_upper == ("below" in given):
        raise ValueError(f"the limit {name} has one bound, below or above")
    bound = float(given["above" if is_upper else "below"])
    made = Limit(name, given["signal"], bound, is_upper, float(given["clears"]), AlarmPriority(given["priority"]))
    if made.is_beyond(made.clears):
        raise ValueError(f"the limit {name} would clear beyond its bound")
    return made


def _band(name: str, given: Mapping[str, Any]) -> Band:
    known = {"from_years", "to_years", "signed_off_by"}
    ranges = {signal: (float(ends[0]), float(ends[1])) for signal, ends in given.items() if signal not in known}
    if not ranges.keys() <= SIGNALS.by_name.keys():
        raise ValueError(f"the band {name} names a signal that is not there")
    return Band(name, given["from_years"], given["to_years"], given["signed_off_by"], ranges)


def read_limits(data: Mapping[str, Any]) -> Limits:
    """Read the figures. Raises ValueError or KeyError for what contradicts itself or names what is not there."""
    limits = [_limit(name, given) for name, given in data["limits"].items()]
    changes = [
        Change(name, one["signal"], float(one["by"]), AlarmPriority(one["priority"]))
        for name, one in data["changes"].items()
    ]
    by_signal: dict[int, tuple[Limit, ...]] = {}
    for limit in limits:
        number = SIGNALS.by_name[limit.signal].number
        by_signal[number] = (*by_signal.get(number, ()), limit)
    spots = frozenset(data["spots"])
    if not spots <= SIGNALS.by_name.keys():
        raise ValueError("limits.toml names a spot signal that is not there")
    return Limits(
        data["version"], data["source"], data["signed_off_by"], float(data["holds_s"]), float(data["gap_s"]),
        float(data["span_s"]), float(data["apart_s"]), spots, {limit.name: limit for limit in limits}, by_signal,
        {SIGNALS.by_name[one.signal].number: one for one in changes},
        tuple(_band(name, given) for name, given in data["bands"].items()),
    )  # fmt: skip


LIMITS: Final = read_limits(
    tomllib.loads(files("dispatch.clinical").joinpath("limits.toml").read_text(encoding="utf-8"))
)
