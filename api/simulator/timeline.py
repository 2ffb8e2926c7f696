"""Two clocks: the real one, and that of a day that is played faster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatch.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Timeline:
    """Both clocks show `start` at the beginning; the day's goes `speed` times as fast."""

    clock: Clock
    start: datetime
    speed: float

    def now(self) -> datetime:
        """The time of the day."""
        return self.start + (self.clock.now() - self.start) * self.speed

    def real(self, at: datetime | None = None) -> datetime:
        """A time of the day on the real clock; without one, the real time now."""
        return self.clock.now() if at is None else self.start + (at - self.start) / self.speed

    def real_s(self, until: datetime) -> float:
        """Real seconds from now until a time of the day."""
        return max((until - self.now()).total_seconds() / self.speed, 0.0)
