"""How a simulated day is to be played, as whoever starts it wishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

PATIENCE_S: Final = 20.0
CALLS_PER_DAY: Final = 400.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a day is to be played.

    speed: times the real clock, 1 to 60. patience_s: real seconds in which a person can be the first to answer. until:
    real time at which it ends; None: never.
    """

    seed: int
    speed: float = 1.0
    dispatcher: bool = True
    calls_per_day: float = CALLS_PER_DAY
    patience_s: float = PATIENCE_S
    until: datetime | None = None
