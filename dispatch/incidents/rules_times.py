"""True times beside times of entry. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from dispatch.incidents.states import LATE_SOURCES, Source
from dispatch.kernel.errors import Invalid

AHEAD: Final = timedelta(seconds=60)
"""A time told may run ahead of our clock by this much: clocks differ."""
LATE_AFTER: Final = timedelta(seconds=60)
"""An entry made later than this after the fact is marked late."""
OLDEST: Final = timedelta(days=366)
"""A time further back is a slip of the pen."""

LEGAL_TIME: Final = timezone(timedelta(hours=8))
"""Beijing time, by which years are counted."""


@dataclass(frozen=True, slots=True)
class Told:
    """When something truly was, as somebody tells it, and how they know. `at` None: now."""

    at: datetime | None = None
    source: Source = Source.MANUAL


@dataclass(frozen=True, slots=True)
class Moment:
    """When something truly was, and when it was entered; aware UTC."""

    occurred_at: datetime
    entered_at: datetime
    source: Source

    @property
    def late(self) -> bool:
        """Whether it was entered noticeably after the fact."""
        return self.entered_at - self.occurred_at > LATE_AFTER


def moment(told: Told, now: datetime) -> Moment:
    """Check a told time against the clock.

    Raises Invalid: `time.missing` (radio and paper must say when), `time.zone`, `time.future`, `time.too_old`.
    """
    if told.at is None:
        if told.source in LATE_SOURCES:
            raise Invalid("time.missing", "An entry from the radio or from paper must say when it truly was.")
        return Moment(now, now, told.source)
    if told.at.tzinfo is None:
        raise Invalid("time.zone", "A time needs its zone.", "Write it as 2026-03-01T08:00:00+08:00.")
    at = told.at.astimezone(UTC)
    if at > now + AHEAD:
        raise Invalid("time.future", "That time has not come yet.", "Check date, hour and zone.")
    if at < now - OLDEST:
        raise Invalid("time.too_old", "That time lies more than a year back.", "Check the year.")
    return Moment(at, now, told.source)


def legal_year(at: datetime) -> int:
    """The year by Beijing time, in which the spoken number counts."""
    return at.astimezone(LEGAL_TIME).year


def spoken_number(year: int, count: int) -> str:
    """`2026-000123`. Beyond 999,999 it grows a digit rather than repeat."""
    return f"{year:04d}-{count:06d}"
