"""The clock everything asks for the time; the only place that reads the machine's own."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """Return the present moment as an aware UTC datetime."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment as an aware UTC datetime."""
        return datetime.now(UTC)  # noqa: TID251 - this is the one place where the machine's clock is read


class ManualClock:
    """A clock moved by hand, for tests and simulated days. It never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = _utc(start)

    def now(self) -> datetime:
        """Return the moment this clock was last set to, aware, in UTC."""
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move forward by `by` and return the new moment. Raises ValueError for a negative step."""
        return self.jump_to(self._now + by)

    def jump_to(self, moment: datetime) -> datetime:
        """Move to `moment` and return it. Raises ValueError when it lies in the past or has no time zone."""
        target = _utc(moment)
        if target < self._now:
            raise ValueError(f"time cannot go back from {self._now.isoformat()} to {target.isoformat()}")
        self._now = target
        return target


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)
