"""How long a console's battery lasts, and whether that is until the bed and some time more. Pure: `circuit.toml`."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatch.clinical.rules_circuit import BATTERY, GAP_S

CHARGE: Final = "ecmo_battery"
RUNTIME: Final = "ecmo_battery_runtime"
MAINS: Final = "ecmo_mains"
_MINUTE: Final = 60.0
_FOLLOWED: Final = timedelta(minutes=30)
_STEP: Final = 0.5
"""By so many per cent a charge falls to count: consoles tell whole ones, and how fast is seen from step to step."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Minutes that a battery lasts, and those that it must. on_battery: nothing else feeds the console now."""

    runtime_min: float
    needed_min: float
    on_battery: bool

    @property
    def short(self) -> bool:
        """Whether it does not last so long."""
        return self.runtime_min < self.needed_min

    @property
    def ample(self) -> bool:
        """Whether there is so much to spare that this is over."""
        return self.runtime_min >= self.needed_min + BATTERY.slack_min


class BatteryRules:
    """Follows one console's battery. Values come by their true times."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[datetime, float]] = {}
        self._fall: deque[tuple[datetime, float]] = deque()
        self._charge: float | None = None

    def take(self, values: Mapping[str, float], at: datetime, needed_until: datetime | None) -> Reach | None:
        """Take what was measured; None: it says nothing of the battery, or nobody knows how long it is needed."""
        for name in (CHARGE, RUNTIME, MAINS):
            if name in values:
                self._last[name] = (at, values[name])
        mains = self._now(MAINS, at)
        if mains is not None and mains >= 0.5:
            self._fall.clear()
            self._charge = None
        elif CHARGE in values:
            self._follow(values[CHARGE], at)
        if needed_until is None or not (CHARGE in values or RUNTIME in values):
            return None
        seen = self._seen()
        known = [one for one in (self._now(RUNTIME, at), seen) if one is not None]
        if not known:
            charge = self._now(CHARGE, at)
            known = [] if charge is None else [BATTERY.full_min * charge / 100]
        if not known:
            return None
        needed_min = max(0.0, (needed_until - at).total_seconds() / _MINUTE) + BATTERY.reserve_min
        # A console that does not say what feeds it is on its battery once that is seen to fall.
        on_battery = mains < 0.5 if mains is not None else seen is not None
        return Reach(min(known), needed_min, on_battery)

    def _now(self, name: str, at: datetime) -> float | None:
        last = self._last.get(name)
        return None if last is None or (at - last[0]).total_seconds() > GAP_S else last[1]

    def _follow(self, charge: float, at: datetime) -> None:
        if self._charge is None or charge > self._charge + BATTERY.seen_percent:
            # It was charged, or changed: what it fell before says nothing.
            self._fall.clear()
            self._charge = charge
        elif charge <= self._charge - _STEP:
            self._charge = charge
            self._fall.append((at, charge))
        fall = self._fall
        while len(fall) > 2 and fall[0][0] < at - _FOLLOWED and fall[1][1] - fall[-1][1] >= BATTERY.seen_percent:
            fall.popleft()

    def _seen(self) -> float | None:
        """Minutes by how it fell so far."""
        if not self._fall:
            return None
        (began, first), (ended, last) = self._fall[0], self._fall[-1]
        seconds, fell = (ended - began).total_seconds(), first - last
        if seconds < BATTERY.seen_s or fell < BATTERY.seen_percent:
            return None
        return last * seconds / fell / _MINUTE
