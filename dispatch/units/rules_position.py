"""Which fixes are taken, and with what true time. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from dispatch.kernel.errors import Invalid
from dispatch.units.rules_duty import DutyPolicy, reckon
from dispatch.units.states_duty import Source

MAX_SPEED_MPS: Final = 140.0
"""Faster than any road vehicle and a helicopter; a receiver that says more is wrong."""
MAX_ACCURACY_M: Final = 1e6


@dataclass(frozen=True, slots=True)
class Fix:
    """A position as told. Degrees WGS-84, m/s, degrees clockwise from north, metres (68 % radius).

    fix_at: by the receiver's clock; sent_at: the device's clock as it sent. Both aware.
    """

    unit_id: UUID
    fix_at: datetime
    lat: float
    lon: float
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None
    source: Source = Source.AUTO
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimedFix:
    """A fix that is taken. at: true time. clock_off: the device's clock was off, and the time was corrected."""

    fix: Fix
    at: datetime
    clock_off: bool


@dataclass(frozen=True, slots=True)
class RefusedFix:
    """A fix that is not taken. index: in the batch.

    code: `fix.place`, `fix.value`, `fix.time` (no zone, or outside the calendar), `fix.too_old`.
    """

    index: int
    code: str


def sift(
    fixes: Sequence[Fix], received_at: datetime, policy: DutyPolicy
) -> tuple[list[TimedFix], tuple[RefusedFix, ...]]:
    """Part the fixes that can be right from those that cannot; the taken ones in the order of unit and time.

    All writers take units in one order, so that two batches never wait for each other.
    """
    taken: list[TimedFix] = []
    refused: list[RefusedFix] = []
    for index, fix in enumerate(fixes):
        code = _fault(fix)
        if code:
            refused.append(RefusedFix(index, code))
            continue
        try:
            time = reckon(fix.fix_at, received_at, sent_at=fix.sent_at, tolerance_s=policy.clock_tolerance_s)
        except Invalid:
            refused.append(RefusedFix(index, "fix.time"))
            continue
        if (received_at - time.at).total_seconds() > policy.fix_max_age_s:
            refused.append(RefusedFix(index, "fix.too_old"))
            continue
        taken.append(TimedFix(fix, time.at, time.clock_offset_s is not None))
    taken.sort(key=lambda timed: (timed.fix.unit_id.bytes, timed.at, timed.fix.source, timed.fix.fix_at))
    return taken, tuple(refused)


def _fault(fix: Fix) -> str:
    # A comparison with NaN is false: it falls out of every range.
    if not (-90.0 <= fix.lat <= 90.0 and -180.0 <= fix.lon <= 180.0):
        return "fix.place"
    if fix.lat == 0.0 and fix.lon == 0.0:
        return "fix.place"  # what receivers say before they know
    for value, low, high in (
        (fix.speed_mps, 0.0, MAX_SPEED_MPS),
        (fix.heading_deg, 0.0, 360.0),
        (fix.accuracy_m, 0.0, MAX_ACCURACY_M),
    ):
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            return "fix.value"
    return ""
