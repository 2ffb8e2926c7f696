"""What an emergency room is reminded of, and when: figures, read from `emergency.toml`. Pure.

Source: proposed here (domain reference, drawings of the emergency room); needs sign-off by a medical director.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dispatch.kernel.figures import laid_over, read_toml, shipped, unusable

_OF: Final = "emergency rooms"
_SHIPPED: Final = shipped("dispatch.receiving", "emergency.toml")


@dataclass(frozen=True, slots=True)
class EmergencyPolicy:
    """All of `emergency.toml`; `source` says whose figures they are, times in seconds."""

    source: str
    escalate_s: float


def read_emergency(text: str = "") -> EmergencyPolicy:
    """Return the figures that ship with the program, those of a TOML text in their place.

    Raises Invalid (`figures.invalid`): as `laid_over`; a time of nothing.
    """
    own = laid_over(read_toml(text, _OF), _SHIPPED, _OF)
    escalate_s = float(own["prealert"]["escalate_s"])
    if escalate_s <= 0:
        raise unusable(_OF, "prealert.escalate_s is more than 0")
    return EmergencyPolicy(own["source"], escalate_s)


PROPOSED: Final = read_emergency()


def in_force(info: Mapping[Any, Any]) -> EmergencyPolicy:
    """Return the figures that a session works by: those set for the whole service, else the proposed ones."""
    found: EmergencyPolicy = info.get(EmergencyPolicy, PROPOSED)
    return found
