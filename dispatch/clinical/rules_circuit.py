"""Limits of a circuit's signals, from `circuit.toml`: for adults, by mode, and as set for one patient. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from dispatch.clinical.states import AlarmPriority
from dispatch.kernel.errors import Invalid
from dispatch.kernel.figures import shipped

DROP: Final = "ecmo_drop"
"""The pressure before less that after the membrane."""


@dataclass(frozen=True, slots=True)
class Ends:
    """From `low` to `high` in the signal's unit; None: no such end."""

    low: float | None
    high: float | None

    def in_order(self) -> bool:
        """Whether the low end, if both are there, lies below the high one."""
        return self.low is None or self.high is None or self.low < self.high


@dataclass(frozen=True, slots=True)
class CircuitLimits:
    """What is expected of a signal, and beyond what it warns or is critical. inclusive: the limit itself counts.

    slack: so far within it is over; warn_s, critical_s: seconds that it must hold; any_age: also for a child.
    modes: of those alone; empty: of all. instead: the limits for everybody give way to it on a circuit.
    """

    expected: Ends
    warn: Ends
    critical: Ends
    inclusive: bool
    slack: float = 0.0
    warn_s: float = 0.0
    critical_s: float = 0.0
    warn_priority: AlarmPriority = AlarmPriority.MEDIUM
    critical_priority: AlarmPriority = AlarmPriority.HIGH
    any_age: bool = False
    modes: frozenset[str] = frozenset()
    instead: bool = False


@dataclass(frozen=True, slots=True)
class CircuitSetting:
    """What was set for one patient's circuit. mode: vv, va or ecpr.

    flow_set, sweep_set: L/min as they were at departure. limits: `warn` and `critical` by signal, in the place of the
    usual ones. unplugged_until: until then a loss of mains is expected. on_circuit: whom a
    mission has in its hands, cannulated. needed_until: he is at his bed then, when all goes slowly; None: nobody knows.
    """

    mode: str | None = None
    flow_set: float | None = None
    sweep_set: float | None = None
    limits: Mapping[str, tuple[Ends, Ends]] = field(default_factory=dict)
    unplugged_until: datetime | None = None
    on_circuit: bool = False
    needed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class BatteryFigures:
    """Of a console's battery against the way that remains; see `circuit.toml`. A priority of None: nobody is told."""

    reserve_min: float
    full_min: float
    seen_s: float
    seen_percent: float
    slack_min: float
    holds_s: float
    battery_priority: AlarmPriority | None
    mains_priority: AlarmPriority | None


def _ends(data: Mapping[str, Any], name: str) -> Ends:
    low, high = data.get(name, ("", ""))
    return Ends(None if low == "" else float(low), None if high == "" else float(high))


def _limits(one: Mapping[str, Any]) -> CircuitLimits:
    return CircuitLimits(
        _ends(one, "expected"), _ends(one, "warn"), _ends(one, "critical"), bool(one.get("inclusive", False)),
        float(one["slack"]), float(one.get("warn_s", _DATA["warn_s"])),
        float(one.get("critical_s", _DATA["critical_s"])),
        AlarmPriority(one.get("warn_priority", _DATA["warn_priority"])),
        AlarmPriority(one.get("critical_priority", _DATA["critical_priority"])), bool(one.get("any_age", False)),
        frozenset(one.get("modes", ())), bool(one.get("instead", False)),
    )  # fmt: skip


def _battery(one: Mapping[str, Any]) -> BatteryFigures:
    on_battery, on_mains = (AlarmPriority(one[name]) if one[name] else None for name in _PRIORITIES)
    return BatteryFigures(
        float(one["reserve_min"]), float(one["full_min"]), float(one["seen_s"]), float(one["seen_percent"]),
        float(one["slack_min"]), float(one["holds_s"]), on_battery, on_mains,
    )  # fmt: skip


_PRIORITIES: Final = ("battery_priority", "mains_priority")
_DATA: Final = shipped("dispatch.clinical", "circuit.toml")
VERSION: Final[str] = _DATA["version"]
SOURCE: Final[str] = _DATA["source"]
SIGNED_OFF_BY: Final[str] = _DATA["signed_off_by"]
CLEARS_S: Final = float(_DATA["clears_s"])
GAP_S: Final = float(_DATA["gap_s"])
FIGURES: Final[Mapping[str, float]] = {name: float(value) for name, value in _DATA["rules"].items()}
"""Of the rules that are more than a limit of one signal."""
BATTERY: Final = _battery(_DATA["battery"])
CIRCUIT: Final[Mapping[str, CircuitLimits]] = {name: _limits(one) for name, one in _DATA["signals"].items()}
"""By the signal's name; `ecmo_drop` is the pressure before less that after the membrane."""
INSTEAD: Final = frozenset(name for name, one in CIRCUIT.items() if one.instead)
"""Signals whose limits for everybody may give way."""
_BY_MODE: Final[Mapping[str, Mapping[str, CircuitLimits]]] = {
    mode: {name: replace(CIRCUIT[name], warn=_ends(one, "warn")) for name, one in given.items()}
    for mode, given in _DATA["modes"].items()
}


def limits_for(setting: CircuitSetting | None, *, adult: bool = True) -> dict[str, CircuitLimits]:
    """The limits that count at one patient: set for him, else of the mode, else the usual ones.

    Of a child only those for any age, and those that somebody set for him.
    """
    if setting is None:
        setting = CircuitSetting()
    known = {**CIRCUIT, **_BY_MODE.get(setting.mode or "", {})}
    made = {name: one for name, one in known.items() if not one.modes or setting.mode in one.modes}
    if not adult:
        made = {name: one for name, one in made.items() if one.any_age}
    for name, (warn, critical) in setting.limits.items():
        made[name] = replace(CIRCUIT[name], warn=warn, critical=critical)
    return made if setting.on_circuit else {name: one for name, one in made.items() if not one.instead}


def gives_way(setting: CircuitSetting | None, *, adult: bool = True) -> frozenset[str]:
    """The signals of one patient whose limits for everybody, and points of NEWS2, give way to those of his circuit."""
    return INSTEAD & limits_for(setting, adult=adult).keys()


def check_own(limits: Mapping[str, tuple[Ends, Ends]]) -> None:
    """Refuse limits that contradict themselves, or that would take away an end at which it is critical.

    Raises Invalid (`circuit.limit`).
    """
    for name, (warn, critical) in limits.items():
        usual = CIRCUIT.get(name)
        if usual is None:
            raise Invalid("circuit.limit", f"There is no limit for {name[:40]}.")
        lows = [one for one in (critical.low, warn.low, warn.high, critical.high) if one is not None]
        gone = (usual.critical.low is not None and critical.low is None) or (
            usual.critical.high is not None and critical.high is None
        )
        if gone or lows != sorted(lows) or not warn.in_order() or not critical.in_order():
            raise Invalid(
                "circuit.limit", f"The limits of {name} cannot be so.",
                "Critical lies beyond warning, and no critical end is taken away.",
            )  # fmt: skip
