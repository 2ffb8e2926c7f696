"""Figures of units on duty, and what a time told by a device is worth. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from dispatch.kernel.errors import Invalid
from dispatch.kernel.figures import laid_over, shipped
from dispatch.units.states_duty import OutReason


@dataclass(frozen=True, slots=True)
class PositionPolicy:
    """When a position is out of date, and what it is worth then. See `duty.toml`."""

    stale_moving_s: float
    stale_standing_s: float
    last_place_max_age_s: float
    widen_per_age: float
    widen_max_s: float
    at_station_m: float
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class DutyPolicy:
    """All figures of `duty.toml`; `source` says whose they are."""

    source: str
    clock_tolerance_s: float
    fix_max_age_s: float
    position: PositionPolicy
    expected_out_s: Mapping[OutReason, float]


_SHIPPED: Final = shipped("dispatch.units", "duty.toml")


def read_duty(given: Mapping[str, Any] | None = None) -> DutyPolicy:
    """Return the figures that ship with the program, the given ones in their place, named as in `duty.toml`.

    Raises Invalid (`figures.invalid`): a figure that there is not, or one that is no number of 0 or more.
    """
    told = laid_over(given or {}, _SHIPPED, "units on duty")
    out = {OutReason(key): value for key, value in told["expected_out_s"].items()}
    return DutyPolicy(**{**told, "position": PositionPolicy(**told["position"]), "expected_out_s": out})


PROPOSED: Final = read_duty()
DUTY_KEYS: Final = frozenset(_SHIPPED) - {"source"}
"""The names of figures and sections at the top of `duty.toml`."""


def in_force(info: Mapping[Any, Any]) -> DutyPolicy:
    """Return the figures that a session works by: those set for the whole service, else the proposed ones.

    info: what the edge has given the session to carry, by type.
    """
    found: DutyPolicy = info.get(DutyPolicy, PROPOSED)
    return found


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The true time of something told.

    clock_offset_s: by how much the device's clock is ahead (behind: negative) where it is further off than tolerated,
    else None.
    """

    at: datetime
    clock_offset_s: float | None = None


def reckon(
    told_at: datetime | None, received_at: datetime, *, sent_at: datetime | None = None, tolerance_s: float
) -> Reckoned:
    """Return when it really happened, by our clock; never later than `received_at`.

    told_at: by the device's clock; None means now. sent_at: the device's clock as it sent, which tells a late delivery
    from a clock that is behind; without it only a clock that is ahead can be told. Raises Invalid (`time.no_zone`,
    `time.range`).
    """
    told_at, sent_at = as_utc(told_at), as_utc(sent_at)
    if told_at is None:
        return Reckoned(received_at)
    offset_s = ((sent_at if sent_at is not None else max(told_at, received_at)) - received_at).total_seconds()
    if abs(offset_s) <= tolerance_s:
        # Sent after it happened, as the same clock says: what is ahead of the sending is ahead of us all the more.
        ahead_s = (told_at - received_at).total_seconds()
        if ahead_s > tolerance_s:
            return Reckoned(received_at, ahead_s)
        return Reckoned(min(told_at, received_at))
    return Reckoned(min(_shifted(told_at, -offset_s, received_at), received_at), offset_s)


def as_utc(moment: datetime | None) -> datetime | None:
    """Return the same moment in UTC. Raises Invalid: `time.no_zone`, `time.range` (outside the years 1 to 9999)."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise Invalid("time.no_zone", f"The time {moment.isoformat()} has no time zone.")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise Invalid("time.range", f"The time {moment.isoformat()} lies outside the calendar.") from None


def _shifted(moment: datetime, by_s: float, fallback: datetime) -> datetime:
    try:
        return moment + timedelta(seconds=by_s)
    except OverflowError:
        return fallback


def expected_end(
    reason: OutReason, at: datetime, told: datetime | None, expected_out_s: Mapping[OutReason, float]
) -> datetime:
    """Return the expected end of being out of service: as told, or the time proposed for the reason.

    Raises Invalid (`unit.expected_end` for an end that is not after the beginning, `time.*`).
    """
    end_at = as_utc(told) or at + timedelta(seconds=expected_out_s[reason])
    if end_at <= at:
        raise Invalid("unit.expected_end", "The expected end must lie after the beginning.")
    return end_at
