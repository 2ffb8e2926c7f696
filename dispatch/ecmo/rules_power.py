"""How long batteries last, and whether that is enough. Pure. Figures: `transport.toml`.

    runtime = 60 * Wh * health * frost / W      minutes

What a maker's manual claims of his console is not used unless somebody entered it as the capacity.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dispatch.ecmo.states import Go
from dispatch.kernel.errors import Invalid
from dispatch.kernel.figures import shipped

_FIGURES: Final = shipped("dispatch.ecmo", "transport.toml")["power"]
HEALTH_MOST: Final[float] = _FIGURES["health_most"]
FROST_SHARE: Final[float] = _FIGURES["frost_share"]
FROST_BELOW_C: Final[float] = _FIGURES["frost_below_c"]
RESERVE: Final[float] = _FIGURES["reserve"]
WITHOUT_VEHICLE_MIN: Final[float] = _FIGURES["without_vehicle_min"]
"""Minutes without the vehicle's power, at loading and unloading, that batteries are judged by."""
_MINUTES: Final = 60.0


@dataclass(frozen=True, slots=True)
class Battery:
    """A battery and what hangs on it. health: 0 to 1 as last measured; changeover: seen to take over from the mains.

    Raises Invalid (`ecmo.power`): what cannot be.
    """

    label: str
    capacity_wh: float
    health: float
    load_w: float
    temperature_c: float
    changeover: bool

    def __post_init__(self) -> None:
        """Check that there can be such a battery."""
        if not (0 <= self.capacity_wh <= 20_000 and 0 <= self.health <= 1 and 0 <= self.load_w <= 10_000):
            raise Invalid("ecmo.power", "Capacity is up to 20,000 Wh, health 0 to 1, load up to 10,000 W.")

    @property
    def runtime_min(self) -> float:
        """Minutes without any other power; infinite where nothing hangs on it."""
        frost = FROST_SHARE if self.temperature_c < FROST_BELOW_C else 1.0
        held = _MINUTES * self.capacity_wh * min(self.health, HEALTH_MOST) * frost
        return held / self.load_w if self.load_w > 0 else math.inf


@dataclass(frozen=True, slots=True)
class PowerTold:
    """Whether a battery reaches. required_min: the time without the vehicle's power, with reserve."""

    label: str
    go: Go
    runtime_min: float
    required_min: float
    changeover: bool


def judge_power(batteries: Sequence[Battery], without_vehicle_min: float) -> tuple[PowerTold, ...]:
    """Judge each battery: it must last twice the time without the vehicle's power, and be seen to take over."""
    required = without_vehicle_min * RESERVE
    return tuple(
        PowerTold(
            one.label,
            Go.GO if one.runtime_min >= required and one.changeover else Go.NO_GO,
            one.runtime_min,
            required,
            one.changeover,
        )
        for one in batteries
    )
