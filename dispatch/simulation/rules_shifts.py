"""When crews change. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from dispatch.incidents.rules_times import LEGAL_TIME
from dispatch.simulation.rules_setting import Setting

_WITHIN_S: Final = (0.0, 1500.0)


def next_shift(setting: Setting, call_sign: str, now: datetime) -> datetime:
    """Return when a unit's crew changes next; stations do not all change in the same minute."""
    apart = timedelta(seconds=setting.dice.seconds(_WITHIN_S, "shift", call_sign))
    today = now.astimezone(LEGAL_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
    times = [
        today + timedelta(days=day, hours=hour) + apart
        for day in (-1, 0, 1)
        for hour in setting.figures.fleet.shift_at_hours
    ]
    return min(time for time in times if time > now).astimezone(now.tzinfo)
