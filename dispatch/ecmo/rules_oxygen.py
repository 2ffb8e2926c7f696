"""How long the oxygen on board lasts, and whether that is enough. Pure. Figures: `transport.toml`.

    flow     = sweep gas + (minute volume + bias flow) * (FiO2 - 0.21) / 0.79 + other        L/min, as oxygen
    usable   = water volume * (pressure - residual) * compressibility                        L, of each cylinder
    required = flow * minutes * reserve                                                      L

Sweep is the gas that flows through the membrane, never the blood flow. GO counts without the largest cylinder, and at
the worse of the flow now and that of FiO2 1.0: a patient gets worse on the way, and a regulator fails.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from dispatch.ecmo.states import Go, Reading
from dispatch.kernel.errors import Invalid
from dispatch.kernel.figures import shipped

_FIGURES: Final = shipped("dispatch.ecmo", "transport.toml")["oxygen"]
RESIDUAL_BAR: Final[float] = _FIGURES["residual_bar"]
COMPRESSIBILITY: Final[float] = _FIGURES["compressibility"]
RESERVE: Final[float] = _FIGURES["reserve"]
STALE_S: Final[float] = _FIGURES["stale_s"]
WARN_MIN: Final[float] = _FIGURES["warn_min"]
_AIR: Final = 0.21
_NITROGEN: Final = 0.79
_SECONDS: Final = 60.0
_MOST_L_MIN: Final = 100.0
_MEASURES: Final[Mapping[str, tuple[str, float, float, float]]] = {
    "ecmo_sweep": ("sweep", 1.0, 0.0, _MOST_L_MIN),
    "ecmo_fdo2": ("sweep_fio2", 100.0, _AIR, 1.0),
    "minute_volume": ("minute_volume", 1.0, 0.0, _MOST_L_MIN),
    "fio2": ("fio2", 100.0, _AIR, 1.0),
}
"""Signal -> the demand's field, signal's units to one of the field's, and between what it can be."""
MEASURED: Final = frozenset(_MEASURES)
"""Signals of console and ventilator that tell what is breathed."""


@dataclass(frozen=True, slots=True)
class Cylinder:
    """A cylinder. bar: as read at `read_at`, None: never read. Raises Invalid (`ecmo.oxygen`): what cannot be."""

    label: str
    water_l: float
    bar: float | None = None
    read_at: datetime | None = None
    is_open: bool = True

    def __post_init__(self) -> None:
        """Check that there can be such a cylinder."""
        if not 0 < self.water_l <= 100 or not (self.bar is None or 0 <= self.bar <= 350):
            raise Invalid("ecmo.oxygen", "A cylinder holds up to 100 L of water and 0 to 350 bar.")
        if (self.bar is None) is not (self.read_at is None):
            raise Invalid("ecmo.oxygen", "A pressure has the time at which it was read.")

    def reading(self, now: datetime) -> Reading:
        """How its pressure is known."""
        if not self.is_open:
            return Reading.CLOSED
        if self.read_at is None:
            return Reading.UNREAD
        return Reading.STALE if (now - self.read_at).total_seconds() > STALE_S else Reading.FRESH

    def usable_l(self, now: datetime, drawn_l_min: float = 0.0) -> float:
        """Litres that can still be drawn. Closed or unread: none.

        drawn_l_min: the whole flow; a stale cylinder counts as if it alone had been drawn on since it was read.
        """
        reading = self.reading(now)
        if self.bar is None or self.read_at is None or reading is Reading.CLOSED:
            return 0.0
        held = self.water_l * max(0.0, self.bar - RESIDUAL_BAR) * COMPRESSIBILITY
        if reading is Reading.STALE:
            held -= drawn_l_min * (now - self.read_at).total_seconds() / _SECONDS
        return max(0.0, held)


@dataclass(frozen=True, slots=True)
class Demand:
    """Who breathes what. Flows in L/min, FiO2 0.21 to 1. sweep_fio2: below 1 only with a blender fed with air too.

    by_stream: names of the fields that a device on board tells now, and nobody read.
    Raises Invalid (`ecmo.oxygen`): what cannot be.
    """

    sweep: float
    minute_volume: float
    bias: float
    fio2: float
    sweep_fio2: float = 1.0
    other: float = 0.0
    by_stream: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Check that this can be breathed."""
        flows = (self.sweep, self.minute_volume, self.bias, self.other)
        if not all(0 <= one <= _MOST_L_MIN for one in flows) or not all(
            _AIR <= one <= 1 for one in (self.fio2, self.sweep_fio2)
        ):
            raise Invalid("ecmo.oxygen", "Flows are 0 to 100 L/min, and FiO2 is 0.21 to 1.")

    def measured(self, values: Mapping[str, float]) -> Demand:
        """The same with what flows now in place of what was read once. values: by signal (`MEASURED`), in its unit.

        What nobody can breathe is left out: the value that was read stays.
        """
        told = {
            field: values[signal] / per
            for signal, (field, per, low, high) in _MEASURES.items()
            if signal in values and low <= values[signal] / per <= high
        }
        return replace(self, **told, by_stream=frozenset(told))

    @property
    def flow(self) -> float:
        """Oxygen drawn now, L/min."""
        return self._at(self.fio2, self.sweep_fio2)

    @property
    def worst_flow(self) -> float:
        """Oxygen drawn at FiO2 1.0 of ventilator and membrane, L/min; never less than now."""
        return max(self.flow, self._at(1.0, 1.0))

    def _at(self, fio2: float, sweep_fio2: float) -> float:
        ventilator = (self.minute_volume + self.bias) * (fio2 - _AIR) / _NITROGEN
        return self.sweep * (sweep_fio2 - _AIR) / _NITROGEN + ventilator + self.other


@dataclass(frozen=True, slots=True)
class OxygenTold:
    """Whether it reaches. Litres, L/min and minutes; minutes are infinite where nothing is drawn.

    usable_l: of all cylinders; counted_l: without the largest; required_l: at the worse flow, with reserve;
    lasts_min, lasts_worst_min: all cylinders at the flow now and at the worse one, without reserve;
    readings: of each cylinder, in order. warns: less than the journey and `WARN_MIN` at the worse flow.
    """

    go: Go
    usable_l: float
    counted_l: float
    required_l: float
    flow: float
    worst_flow: float
    lasts_min: float
    lasts_worst_min: float
    readings: tuple[Reading, ...]
    warns: bool


def required_l(flow: float, minutes: float, reserve: float = RESERVE) -> float:
    """Litres for a journey. minutes: with loading, delay and handover."""
    return flow * minutes * reserve


def cylinders_needed(litres: float, water_l: float, bar: float) -> int:
    """How many full cylinders of a kind hold so much. Raises Invalid (`ecmo.oxygen`): one holds nothing usable."""
    each = water_l * (bar - RESIDUAL_BAR) * COMPRESSIBILITY
    if each <= 0:
        raise Invalid("ecmo.oxygen", f"At {bar:g} bar nothing can be drawn.")
    return math.ceil(litres / each - 1e-9)


def judge_oxygen(cylinders: Sequence[Cylinder], demand: Demand, minutes: float, now: datetime) -> OxygenTold:
    """Judge whether the oxygen on board reaches for the minutes that remain. More oxygen never turns GO into NO-GO."""
    worst = demand.worst_flow
    litres = [one.usable_l(now, worst) for one in cylinders]
    usable = sum(litres)
    counted = usable - max(litres, default=0.0)
    required = required_l(worst, minutes)
    lasts_worst = _lasts(usable, worst)
    return OxygenTold(
        go=Go.GO if counted >= required else Go.NO_GO,
        usable_l=usable,
        counted_l=counted,
        required_l=required,
        flow=demand.flow,
        worst_flow=worst,
        lasts_min=_lasts(usable, demand.flow),
        lasts_worst_min=lasts_worst,
        readings=tuple(one.reading(now) for one in cylinders),
        warns=lasts_worst < minutes + WARN_MIN,
    )


def _lasts(litres: float, flow: float) -> float:
    return litres / flow if flow > 0 else math.inf
