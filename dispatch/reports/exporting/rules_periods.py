"""Which periods have ended and want their report. Pure; days, weeks from Monday and months are of Beijing time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.reports.exporting.states import Step
from dispatch.reports.rules_views import ZONE

SETTLES: Final = timedelta(minutes=30)
"""So long after its end a report waits for what is entered late."""
MOST: Final = 40
"""Periods that are made up for after a long standstill, the newest."""
_ZONE: Final = ZoneInfo(ZONE)
Period = tuple[datetime, datetime]


def ended(step: Step, since: datetime, now: datetime) -> list[Period]:
    """Return the periods that ended and settled by `now`, of those that end after `since`: the newest 40, in order.

    Each is (begins, until) in UTC, its end left out.
    """
    found: list[Period] = []
    for begins, until in _backwards(step, now):
        if until <= since or len(found) == MOST:
            break
        if until + SETTLES <= now:
            found.append((begins, until))
    return found[::-1]


def coming(step: Step, now: datetime) -> Period:
    """Return the period whose report is the next to be made: the earliest that has not settled by `now`."""
    midnight = now.astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    begins, until = next(_backwards(step, now))
    if until + SETTLES > now:
        return begins, until
    if step is Step.MONTHLY:
        after = (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
    else:
        after = until.astimezone(_ZONE) + timedelta(days=7 if step is Step.WEEKLY else 1)
    return until, after.astimezone(UTC)


def _backwards(step: Step, now: datetime) -> Iterator[Period]:
    midnight = now.astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    if step is Step.MONTHLY:
        until = midnight.replace(day=1)
    else:
        until = midnight - timedelta(days=midnight.weekday() if step is Step.WEEKLY else 0)
    while True:
        if step is Step.MONTHLY:
            begins = (until - timedelta(days=1)).replace(day=1)
        else:
            begins = until - timedelta(days=7 if step is Step.WEEKLY else 1)
        yield begins.astimezone(UTC), until.astimezone(UTC)
        until = begins
