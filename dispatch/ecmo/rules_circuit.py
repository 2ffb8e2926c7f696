"""Limits of a circuit's signals as they are shown, from `circuit.toml`. Pure.

They raise no alarm by themselves: a screen draws them beside what is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dispatch.kernel.figures import shipped


@dataclass(frozen=True, slots=True)
class Ends:
    """From `low` to `high` in the signal's unit; None: no such end."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class CircuitLimits:
    """What is expected of a signal, and beyond what it warns or is critical. inclusive: the limit itself counts."""

    expected: Ends
    warn: Ends
    critical: Ends
    inclusive: bool


def _ends(data: Mapping[str, Any], name: str) -> Ends:
    low, high = data.get(name, ("", ""))
    return Ends(None if low == "" else float(low), None if high == "" else float(high))


_DATA: Final = shipped("dispatch.ecmo", "circuit.toml")
VERSION: Final[str] = _DATA["version"]
SOURCE: Final[str] = _DATA["source"]
SIGNED_OFF_BY: Final[str] = _DATA["signed_off_by"]
CIRCUIT: Final[Mapping[str, CircuitLimits]] = {
    name: CircuitLimits(
        _ends(one, "expected"), _ends(one, "warn"), _ends(one, "critical"), bool(one.get("inclusive", False))
    )
    for name, one in _DATA["signals"].items()
}
"""By the signal's name; `ecmo_drop` is the pressure before less that after the membrane."""
