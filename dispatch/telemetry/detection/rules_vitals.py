"""Limits, sudden changes and NEWS2, of one patient's vital signs as they come. Pure."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from dispatch.clinical.rules_limits import LIMITS, Change, Limit, Limits
from dispatch.clinical.rules_news2 import TABLE, USED, News2Level, Reading, news2
from dispatch.clinical.rules_signals import SIGNALS, Plausible, judge_together
from dispatch.clinical.states import AlarmPriority
from dispatch.telemetry.detection.rules import Sign
from dispatch.telemetry.detection.rules_latch import Latch, Turn
from dispatch.telemetry.detection.states import CHANGE, LIMIT, NEWS2
from dispatch.telemetry.rules_payloads import Values

LOOK_EVERY_S: Final = 5.0
"""Changes and the score are looked at so often: they are no matter of a single value."""
_LEVELS: Final = {
    News2Level.URGENT: (AlarmPriority.MEDIUM, TABLE.urgent_at),
    News2Level.EMERGENCY: (AlarmPriority.HIGH, TABLE.emergency_at),
}
_NEVER: Final = timedelta(days=10_000)
_NONE: Final[frozenset[str]] = frozenset()


class _Followed:
    """One limit, with what was measured last."""

    __slots__ = ("at", "latch", "limit", "stands", "value")

    def __init__(self, limit: Limit, stands: bool) -> None:
        self.limit, self.latch, self.stands = limit, Latch(), stands
        self.at: datetime | None = None
        self.value = math.nan

    def take(self, value: float, at: datetime, limits: Limits) -> Sign | None:
        gone = _NEVER if self.at is None else at - self.at
        if not self.stands and gone.total_seconds() > limits.gap_s:
            self.latch.forget()
        self.at, self.value = at, value
        return self.told(at, limits)

    def told(self, at: datetime, limits: Limits) -> Sign | None:
        """What the value that was measured last makes of it at a moment."""
        limit, latch, value = self.limit, self.latch, self.value
        holds = limit.is_beyond(value)
        if not holds and not latch.running and latch.since is None:
            return None
        turn = latch.tell(
            at, holds=holds, clear=limit.is_clear(value), holds_s=limits.holds_s, clears_s=limits.holds_s
        )  # fmt: skip
        if turn is None:
            return None
        if turn is Turn.OVER:
            return Sign(LIMIT + limit.name, at, at, limit.priority, over=True)
        return Sign(LIMIT + limit.name, at, latch.since or at, limit.priority, value, limit.bound)


class _Trend:
    """The last values of a signal that is watched for sudden changes."""

    __slots__ = ("change", "latch", "values")

    def __init__(self, change: Change) -> None:
        self.change, self.latch = change, Latch()
        self.values: deque[tuple[datetime, float]] = deque()

    def take(self, value: float, at: datetime, limits: Limits) -> None:
        self.values.append((at, value))
        oldest = at - timedelta(seconds=limits.apart_s + limits.span_s)
        while self.values[0][0] < oldest:
            self.values.popleft()

    def told(self, at: datetime, limits: Limits) -> Sign | None:
        span, apart = timedelta(seconds=limits.span_s), timedelta(seconds=limits.apart_s)
        now = [value for when, value in self.values if when > at - span]
        before = [value for when, value in self.values if when <= at - apart]
        if not now or not before:
            return None
        middle, earlier, change = median(now), median(before), self.change
        off = abs(middle - earlier)
        turn = self.latch.tell(
            at, holds=off >= change.by, clear=off < change.by / 2, holds_s=0.0, clears_s=limits.holds_s
        )  # fmt: skip
        if turn is None:
            return None
        if turn is Turn.OVER:
            return Sign(CHANGE + change.name, at, at, change.priority, over=True)
        return Sign(CHANGE + change.name, at, at - apart, change.priority, middle, earlier)


class VitalsRules:
    """What is found in an adult's vital signs. Values come by their true times.

    One that cannot be right counts for nothing.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        spots = {SIGNALS.by_name[name].number for name in limits.spots}
        self._followed = {
            number: [_Followed(one, number in spots) for one in given] for number, given in limits.by_signal.items()
        }
        self._standing = [one for number in spots for one in self._followed.get(number, ())]
        self._trends = {number: _Trend(change) for number, change in limits.changes.items()}
        self._readings: dict[str, Reading] = {}
        self._levels = {level: Latch() for level in _LEVELS}
        self._looked_at: datetime | None = None

    def resume(self, code: str) -> None:
        """Go on with something that was found before."""
        latches = {LIMIT + one.limit.name: one.latch for given in self._followed.values() for one in given}
        latches |= {CHANGE + one.change.name: one.latch for one in self._trends.values()}
        latches |= {NEWS2 + level: latch for level, latch in self._levels.items()}
        if code in latches:
            latches[code].resume()

    def see(self, payload: Values, at: datetime, without: AbstractSet[str] = _NONE) -> list[Sign]:
        """Look at values that were measured at a true time; what is found or over.

        without: signals whose limits, and points, give way to others; that one changes suddenly is told all the same.
        """
        named = {
            SIGNALS.by_number[one.number].name: one.value for one in payload.values if math.isfinite(one.value)
        }  # fmt: skip
        signs: list[Sign | None] = []
        for name, judged in judge_together(named).items():
            if judged is Plausible.HARD:
                continue
            value, number = named[name], SIGNALS.by_name[name].number
            if number in self._trends:
                self._trends[number].take(value, at, self._limits)
            if name in without:
                continue
            signs += [one.take(value, at, self._limits) for one in self._followed.get(number, ())]
            if name in USED:
                self._readings[name] = Reading(value, at)
        return [*filter(None, signs), *self.pass_time(at, without)]

    def pass_time(self, at: datetime, without: AbstractSet[str] = _NONE) -> list[Sign]:
        """Look at what time alone brings: a value that stands until the next one, changes, the score."""
        signs: list[Sign | None] = [*self._given_way(at, without)] if without else []
        signs += [one.told(at, self._limits) for one in self._standing if one.at is not None and one.at < at]
        if self._looked_at is None or not 0 <= (at - self._looked_at).total_seconds() < LOOK_EVERY_S:
            self._looked_at = at
            signs += [one.told(at, self._limits) for one in self._trends.values()]
            signs += self._scored(at)
        return [*filter(None, signs)]

    def _given_way(self, at: datetime, without: AbstractSet[str]) -> list[Sign]:
        """What went on by limits that give way now is over; what was measured before them counts for nothing."""
        over: list[Sign] = []
        for name in without:
            self._readings.pop(name, None)
            for one in self._followed.get(SIGNALS.by_name[name].number, ()):
                if one.latch.running:
                    over.append(Sign(LIMIT + one.limit.name, at, at, one.limit.priority, over=True))
                one.latch, one.at = Latch(), None
        return over

    def _scored(self, at: datetime) -> list[Sign | None]:
        low = news2(self._readings, at).low
        return [self._turned(level, at, low) for level in _LEVELS]

    def _turned(self, level: News2Level, at: datetime, low: int) -> Sign | None:
        latch, (priority, bound) = self._levels[level], _LEVELS[level]
        turn = latch.tell(at, holds=low >= bound, clear=low < bound, holds_s=TABLE.holds_s, clears_s=TABLE.holds_s)
        if turn is None:
            return None
        if turn is Turn.OVER:
            return Sign(NEWS2 + level, at, at, priority, over=True)
        return Sign(NEWS2 + level, at, latch.since or at, priority, low, bound)
