"""What is found at one patient's circuit: limits, rates of change, faults of sensors, mains, silence. Pure.

A fault of a sensor is told as that, and what only the faulty sensor says alarms nothing besides.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil, floor
from statistics import median
from typing import Final

from dispatch.clinical.rules_circuit import (
    BATTERY,
    CLEARS_S,
    DROP,
    FIGURES,
    GAP_S,
    INSTEAD,
    CircuitLimits,
    CircuitSetting,
    limits_for,
)
from dispatch.clinical.states import AlarmPriority
from dispatch.telemetry.detection.rules import Sign
from dispatch.telemetry.detection.rules_battery import MAINS, BatteryRules
from dispatch.telemetry.detection.rules_course import Course
from dispatch.telemetry.detection.rules_latch import Latch, Turn
from dispatch.telemetry.detection.states import CIRCUIT

FLOW: Final = "ecmo_flow"
SPEED: Final = "ecmo_speed"
VENOUS: Final = "ecmo_venous_pressure"
PRE: Final = "ecmo_pre_membrane"
POST: Final = "ecmo_post_membrane"
SWEEP: Final = "ecmo_sweep"
OF_CIRCUIT: Final = "ecmo_"
_HIGH, _MEDIUM, _LOW = AlarmPriority.HIGH, AlarmPriority.MEDIUM, AlarmPriority.LOW
_TOGETHER: Final = timedelta(seconds=5)
"""Values of two sensors that are no further apart are of one moment."""
_ON_FOR: Final = timedelta(minutes=10)
"""So long after its last value a circuit is taken to run, also where no mission says so: its patient's own pressure
and saturation are judged by its limits."""


def named(signal: str) -> str:
    """A signal as codes name it."""
    return signal.removeprefix(OF_CIRCUIT)


class CircuitRules:
    """Follows one circuit. Values come by their true times; `setting` and `adult` are as they are known at each."""

    def __init__(self) -> None:
        self._latches: defaultdict[str, Latch] = defaultdict(Latch)
        self._last: dict[str, tuple[datetime, float]] = {}
        self._pairs: deque[tuple[datetime, float, float]] = deque()
        self._venous: deque[tuple[datetime, float]] = deque()
        self._drop, self._resistance = Course(), Course()
        self._battery = BatteryRules()
        self._signs: list[Sign] = []
        self._seen_at: datetime | None = None

    def resume(self, code: str) -> None:
        """Go on with something that was found before."""
        if code.startswith(CIRCUIT):
            self._latches[code].resume()

    def see(
        self, values: Mapping[str, float], at: datetime, setting: CircuitSetting | None, *, adult: bool
    ) -> list[Sign]:
        """Look at values, by signal, that were measured at a true time; what is found or over."""
        of_circuit = any(name.startswith(OF_CIRCUIT) for name in values)
        setting = setting or CircuitSetting()
        runs = setting.on_circuit or (self._seen_at is not None and at - self._seen_at <= _ON_FOR)
        self._signs = []
        if not of_circuit and not runs:
            return self._left(at)
        if of_circuit:
            self._seen_at = at
            self._turn("silent", at, holds=False, priority=_MEDIUM, clears_s=0.0)
        given = self._remembered(values, at)
        drop = self._both(PRE, POST, at, given)
        if drop is not None:
            given[DROP] = drop[0] - drop[1]
        faulty = self._faults(given, drop, at)
        limits = limits_for(setting, adult=adult)
        for name, value in given.items():
            if name not in faulty:
                self._limited(name, value, limits.get(name), at)
        if FLOW in given and FLOW not in faulty:
            self._flow(given[FLOW], at, setting)
        if DROP in given and DROP not in faulty:
            self._rises(given[DROP], at)
        if VENOUS in given:
            self._swings(given[VENOUS], at)
        self._gas_and_mains(given, at, setting)
        self._lasts(given, at, setting)
        return self._signs

    def _left(self, at: datetime) -> list[Sign]:
        """He is on no circuit any more: the limits for everybody count again, and what went on by others is over."""
        for name in INSTEAD & {code.removeprefix(CIRCUIT).split("_")[0] for code in self._latches}:
            self._limited(name, 0.0, None, at)
        return self._signs

    def hear(self, at: datetime) -> None:
        """Learn when something came of the circuit last, before this began."""
        self._seen_at = self._seen_at or at

    def pass_time(self, at: datetime) -> list[Sign]:
        """Look at what time alone brings: nothing comes of the circuit any more."""
        self._signs = []
        if self._seen_at is not None:
            silent_s = (at - self._seen_at).total_seconds()
            if silent_s > FIGURES["silent_s"]:
                self._turn("silent", at, holds=True, priority=_MEDIUM, bound=FIGURES["silent_s"])
                self._signs = [replace(one, began_at=self._seen_at) for one in self._signs]
        return self._signs

    def _remembered(self, values: Mapping[str, float], at: datetime) -> dict[str, float]:
        given = dict(values)
        for name, value in values.items():
            last = self._last.get(name)
            if last is not None and (at - last[0]).total_seconds() > GAP_S:
                self._forget(name)
            self._last[name] = (at, value)
        return given

    def _gas_and_mains(self, given: Mapping[str, float], at: datetime, setting: CircuitSetting) -> None:
        if SWEEP in given and setting.sweep_set is not None:
            off = abs(given[SWEEP] - setting.sweep_set) > FIGURES["sweep_off"]
            self._turn("sweep_off_set", at, holds=off, priority=_MEDIUM, value=given[SWEEP], bound=setting.sweep_set,
                       holds_s=FIGURES["sweep_off_s"])  # fmt: skip
        if MAINS in given:
            expected = setting.unplugged_until is not None and at <= setting.unplugged_until
            gone = given[MAINS] < 0.5
            self._turn("mains_lost", at, holds=gone and not expected, clear=not gone, priority=_MEDIUM,
                       holds_s=FIGURES["mains_s"], clears_s=0.0)  # fmt: skip

    def _lasts(self, given: Mapping[str, float], at: datetime, setting: CircuitSetting) -> None:
        """Whether the battery lasts until the bed and some time more. That unplugging is expected changes nothing."""
        reach = self._battery.take(given, at, setting.needed_until)
        if reach is None:
            if setting.needed_until is None:
                for name in ("battery_short", "battery_reserve"):
                    self._turn(name, at, holds=False, priority=_LOW)
            return
        for name, mine, priority in (
            ("battery_short", reach.on_battery, BATTERY.battery_priority),
            ("battery_reserve", not reach.on_battery, BATTERY.mains_priority),
        ):
            self._turn(name, at, holds=mine and reach.short and priority is not None, clear=not mine or reach.ample,
                       priority=priority or _LOW, value=float(floor(reach.runtime_min)),
                       bound=float(ceil(reach.needed_min)),
                       holds_s=BATTERY.holds_s)  # fmt: skip

    def _forget(self, signal: str) -> None:
        """A gap proves nothing: what held of a signal counts anew."""
        own = CIRCUIT + named(signal)
        for code, latch in self._latches.items():
            if code.startswith(own):
                latch.forget()
        if signal in (PRE, POST):
            self._latches[CIRCUIT + "drop_high"].forget()
            self._latches[CIRCUIT + "drop_very_high"].forget()

    def _both(self, one: str, other: str, at: datetime, given: Mapping[str, float]) -> tuple[float, float] | None:
        """Two values of one moment, one of them new."""
        if one not in given and other not in given:
            return None
        first, second = self._last.get(one), self._last.get(other)
        if first is None or second is None or at - min(first[0], second[0]) > _TOGETHER:
            return None
        return first[1], second[1]

    def _faults(self, given: Mapping[str, float], drop: tuple[float, float] | None, at: datetime) -> frozenset[str]:
        faulty: frozenset[str] = frozenset()
        if drop is not None:
            wrong = drop[1] - drop[0] > FIGURES["fault_pressure"]
            self._turn("fault_pressure", at, holds=wrong, priority=_LOW, value=drop[1], bound=drop[0],
                       holds_s=FIGURES["fault_s"])  # fmt: skip
            if wrong:
                faulty |= {DROP}
        pump = self._both(FLOW, SPEED, at, given)
        if pump is not None:
            wrong = pump[0] > FIGURES["fault_flow"] and pump[1] == 0
            # One of two sensors is wrong, and nobody knows which: the pump itself must be looked at.
            self._turn("fault_flow", at, holds=wrong, priority=_HIGH, value=pump[0], bound=0.0,
                       holds_s=FIGURES["fault_s"])  # fmt: skip
            if wrong:
                faulty |= {SPEED}
        return faulty

    def _limited(self, name: str, value: float, limits: CircuitLimits | None, at: datetime) -> None:
        own = named(name)
        if limits is None:
            # They are for others: what went on by them is over.
            for end in ("low", "high", "very_low", "very_high"):
                self._turn(f"{own}_{end}", at, holds=False, priority=_LOW)
            return
        warn, critical = (limits.warn, limits.warn_s, limits.warn_priority), (
            limits.critical, limits.critical_s, limits.critical_priority
        )  # fmt: skip
        for very, (ends, holds_s, priority) in (("", warn), ("very_", critical)):
            for end, bound, sense in (("low", ends.low, -1.0), ("high", ends.high, 1.0)):
                code = f"{own}_{very}{end}"
                if bound is None:
                    self._turn(code, at, holds=False, priority=priority)
                    continue
                beyond = sense * (value - bound)
                self._turn(
                    code, at, holds=beyond >= 0 if limits.inclusive else beyond > 0, clear=beyond <= -limits.slack,
                    priority=priority, value=value, bound=bound, holds_s=holds_s,
                )  # fmt: skip

    def _flow(self, flow: float, at: datetime, setting: CircuitSetting) -> None:
        self._turn("flow_reversed", at, holds=flow < 0, priority=_HIGH, value=flow, bound=0.0, holds_s=2.0)
        if setting.flow_set is not None:
            for code, priority in (("flow_below_set", _MEDIUM), ("flow_far_below_set", _HIGH)):
                key = code.removesuffix("_set")
                bound = setting.flow_set * FIGURES[f"{key}_share"]
                self._turn(code, at, holds=flow < bound, priority=priority, value=flow, bound=bound,
                           holds_s=FIGURES[f"{key}_s"])  # fmt: skip
        speed = self._last.get(SPEED)
        if speed is None or at - speed[0] > _TOGETHER:
            return
        apart, span = timedelta(seconds=FIGURES["apart_s"]), timedelta(seconds=FIGURES["span_s"])
        self._pairs.append((at, speed[1], flow))
        while self._pairs[0][0] < at - apart - span:
            self._pairs.popleft()
        now = [one for one in self._pairs if one[0] > at - span]
        before = [one for one in self._pairs if one[0] <= at - apart]
        if before:
            faster = median(turned for _, turned, _ in now) >= (1 + FIGURES["faster_share"]) * median(
                turned for _, turned, _ in before
            )
            earlier, less = median(flowed for _, _, flowed in before), median(flowed for _, _, flowed in now)
            slower = less <= earlier * (1 - FIGURES["slower_share"])
            self._turn("speed_up_flow_down", at, holds=faster and slower and earlier > 0, priority=_MEDIUM,
                       value=less, bound=earlier)  # fmt: skip

    def _rises(self, drop: float, at: datetime) -> None:
        if self._drop.take(drop, at):
            _, low = self._drop.lowest
            by = self._drop.newest - low
            self._turn("drop_rising", at, holds=by >= FIGURES["drop_rise"], clear=self._drop.enough, priority=_MEDIUM,
                       value=self._drop.newest, bound=low, clears_s=0.0)  # fmt: skip
        flow = self._last.get(FLOW)
        if flow is None or at - flow[0] > _TOGETHER or flow[1] <= FIGURES["fault_flow"]:
            return
        if self._resistance.take(drop / flow[1], at):
            _, low = self._resistance.lowest
            worse = low > 0 and self._resistance.newest >= low * (1 + FIGURES["resistance_share"])
            self._turn("resistance_rising", at, holds=worse, clear=self._resistance.enough, priority=_MEDIUM,
                       value=self._resistance.newest, bound=low, clears_s=0.0)  # fmt: skip

    def _swings(self, venous: float, at: datetime) -> None:
        self._venous.append((at, venous))
        while self._venous[0][0] <= at - timedelta(seconds=FIGURES["span_s"]):
            self._venous.popleft()
        own = [value for _, value in self._venous]
        swing = max(own) - min(own)
        # To and fro: a step that somebody set has no way back.
        path = sum(abs(after - before) for before, after in pairwise(own))
        holds = swing >= FIGURES["swing"] and path >= 2 * swing
        self._turn("venous_pressure_swings", at, holds=holds, clear=swing < FIGURES["swing"] / 2, priority=_HIGH,
                   value=swing, bound=FIGURES["swing"])  # fmt: skip

    def _turn(
        self,
        name: str,
        at: datetime,
        *,
        holds: bool,
        priority: AlarmPriority,
        clear: bool | None = None,
        value: float | None = None,
        bound: float | None = None,
        holds_s: float = 0.0,
        clears_s: float = CLEARS_S,
    ) -> None:
        """Take what is so of one thing. clear: None: as soon as it does not hold."""
        code = CIRCUIT + name
        latch = self._latches.get(code)
        if latch is None:
            if not holds:
                return
            latch = self._latches[code]
        turn = latch.tell(
            at, holds=holds, clear=not holds if clear is None else clear, holds_s=holds_s, clears_s=clears_s
        )  # fmt: skip
        if turn is Turn.OVER:
            self._signs.append(Sign(code, at, at, priority, over=True))
        elif turn is Turn.RAISED:
            self._signs.append(Sign(code, at, latch.since or at, priority, value, bound))
