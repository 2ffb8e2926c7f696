"""How long something must hold before it is told, and be gone before it is over. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import Enum


class Turn(Enum):
    """What became of a latch."""

    RAISED = 1
    OVER = 2


class Latch:
    """One thing that is found and is over again, each once. Times are those of the data, in their order."""

    __slots__ = ("_clear_since", "running", "since")

    def __init__(self) -> None:
        self.running = False
        self.since: datetime | None = None
        """Since when it holds without a break."""
        self._clear_since: datetime | None = None

    def resume(self) -> None:
        """Go on as one that was found before."""
        self.running = True

    def forget(self) -> None:
        """Nothing is known of what held so far: it counts anew."""
        self.since = self._clear_since = None

    def tell(self, at: datetime, *, holds: bool, clear: bool, holds_s: float, clears_s: float) -> Turn | None:
        """Take what is so at a moment: it holds, it is clear, or neither. Return what that makes of it."""
        if holds:
            self._clear_since = None
            if self.since is None:
                self.since = at
            if not self.running and (at - self.since).total_seconds() >= holds_s:
                self.running = True
                return Turn.RAISED
            return None
        self.since = None
        if not clear:
            self._clear_since = None
        elif self.running:
            if self._clear_since is None:
                self._clear_since = at
            if (at - self._clear_since).total_seconds() >= clears_s:
                self.running, self._clear_since = False, None
                return Turn.OVER
        return None
