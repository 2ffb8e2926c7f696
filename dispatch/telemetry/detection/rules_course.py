"""How a value went over the last hour, minute by minute, with flat memory. Pure."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from statistics import median
from typing import Final

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
ENOUGH: Final = timedelta(minutes=30)
"""So much of the hour must be known before a rise is said to be over."""


class Course:
    """The middle value of each minute of the last hour. Values come by their true times."""

    __slots__ = ("_begin", "_minutes", "_values")

    def __init__(self) -> None:
        self._begin: datetime | None = None
        self._values: list[float] = []
        self._minutes: deque[tuple[datetime, float]] = deque()

    def take(self, value: float, at: datetime) -> bool:
        """Take a value; whether a minute is whole by it, and the course may be looked at."""
        done = self._begin is not None and at - self._begin >= _MINUTE
        if done and self._begin is not None:
            self._minutes.append((self._begin, median(self._values)))
            while self._minutes and self._minutes[0][0] < at - _HOUR:
                self._minutes.popleft()
        if self._begin is None or done:
            self._begin, self._values = at, []
        self._values.append(value)
        return done and bool(self._minutes)

    @property
    def newest(self) -> float:
        """Of the last whole minute."""
        return self._minutes[-1][1]

    @property
    def lowest(self) -> tuple[datetime, float]:
        """The lowest of the hour, the newest of such."""
        return min(reversed(self._minutes), key=lambda one: one[1])

    @property
    def enough(self) -> bool:
        """Whether so much is known that a rise may be said to be over."""
        return self._minutes[-1][0] - self._minutes[0][0] >= ENOUGH
