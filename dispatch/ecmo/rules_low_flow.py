"""ECPR: how long the patient will have been without flow of his own when the circuit runs. Pure.

A range, reckoned both ways: the patient brought to the cannulator, and the cannulator to the patient. It is an
estimate for the physician, delays neither compressions nor transport nor a call, and is not applied to those it was
not made for. Figures: `transport.toml` (60 min from arrest to flow: Richardson et al., ASAIO Journal 2021;67:221).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dispatch.ecmo.states import LowFlow
from dispatch.kernel.errors import Invalid
from dispatch.kernel.figures import shipped

_FIGURES: Final = shipped("dispatch.ecmo", "transport.toml")["low_flow"]
LIMIT_MIN: Final[float] = _FIGURES["limit_min"]


@dataclass(frozen=True, slots=True)
class Span:
    """A time from `low` to `high` minutes. Raises Invalid (`ecmo.low_flow`): below 0, or the wrong way round."""

    low: float
    high: float

    def __post_init__(self) -> None:
        """Check that there can be such a time."""
        if not 0 <= self.low <= self.high:
            raise Invalid("ecmo.low_flow", "A time is 0 minutes or more, the shorter one first.")


CANNULATION: Final = Span(*map(float, _FIGURES["cannulation_min"]))
TO_CANNULATOR: Final = ("elapsed", "to_scene", "on_scene", "loading", "road", "door_to_table", "cannulation")
"""The legs of bringing the patient to the cannulator."""
TO_PATIENT: Final = ("elapsed", "team_ready", "team_road", "setting_up", "cannulation")
"""The legs of bringing the cannulator to the patient."""


@dataclass(frozen=True, slots=True)
class LowFlowTold:
    """How the time compares with the limit. low, high: minutes of all legs that are known; unknown: the other legs."""

    standing: LowFlow
    low: float
    high: float
    unknown: tuple[str, ...]


def low_flow(
    legs: tuple[str, ...], known: Mapping[str, Span], *, special: bool = False, limit_min: float = LIMIT_MIN
) -> LowFlowTold:
    """Add up the legs of one way. special: hypothermia, drowning in cold water, intoxication or a child.

    A leg that is not known stays unknown; only when the known ones alone pass the limit is that said. Raises Invalid
    (`ecmo.low_flow`): a leg that the way has not.
    """
    if strange := sorted(set(known) - set(legs)):
        raise Invalid("ecmo.low_flow", f"This way has no leg {strange[0]}.")
    low = sum(one.low for one in known.values())
    high = sum(one.high for one in known.values())
    unknown = tuple(one for one in legs if one not in known)
    return LowFlowTold(_standing(low, high, unknown, limit_min, special=special), low, high, unknown)


def _standing(low: float, high: float, unknown: tuple[str, ...], limit_min: float, *, special: bool) -> LowFlow:
    if special:
        return LowFlow.NOT_APPLIED
    if low > limit_min:
        return LowFlow.UNLIKELY
    if unknown:
        return LowFlow.UNKNOWN
    return LowFlow.WITHIN if high <= limit_min else LowFlow.POSSIBLE
