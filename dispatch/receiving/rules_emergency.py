"""What an emergency room is reminded of, and when: figures, read from `emergency.toml`. Pure.

Source: proposed here; needs sign-off by a medical director.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dispatch.kernel.errors import Invalid
from dispatch.kernel.figures import laid_over, read_toml, shipped, unusable
from dispatch.receiving.states import Pathway
from dispatch.receiving.states_emergency import Begins, Centre

_OF: Final = "emergency rooms"
_SHIPPED: Final = shipped("dispatch.receiving", "emergency.toml")


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of a centre's team: from `begins` until the event `stops`, to be no longer than the target; seconds."""

    name: str
    centre: Centre
    begins: Begins
    stops: str
    warn_s: float
    target_s: float


@dataclass(frozen=True, slots=True)
class EmergencyPolicy:
    """All of `emergency.toml`; `source` says whose figures they are, times in seconds."""

    source: str
    escalate_s: float
    wait_s: float
    sign_s: float
    clocks: Mapping[str, Clock]
    preparation: Mapping[str, tuple[str, ...]]

    def items_of(self, pathway: Pathway) -> tuple[str, ...]:
        """What is prepared for a pathway, in the order in which it is shown."""
        return self.preparation.get(pathway, self.preparation["general"])

    def clocks_of(self, centre: Centre) -> list[Clock]:
        """Those of a centre, in the order in which they are shown."""
        return [one for one in self.clocks.values() if one.centre is centre]


def read_emergency(text: str = "") -> EmergencyPolicy:
    """Return the figures that ship with the program, those of a TOML text in their place.

    Raises Invalid (`figures.invalid`): as `laid_over`; a time of nothing; an unknown centre or beginning.
    """
    own = laid_over(read_toml(text, _OF), _SHIPPED, _OF)
    escalate_s = float(own["prealert"]["escalate_s"])
    if escalate_s <= 0:
        raise unusable(_OF, "prealert.escalate_s is more than 0")
    wait_s = float(own["handover"]["wait_s"])
    if wait_s <= 0:
        raise unusable(_OF, "handover.wait_s is more than 0")
    sign_s = float(own["handover"]["sign_s"])
    if sign_s <= 0:
        raise unusable(_OF, "handover.sign_s is more than 0")
    clocks = {name: _clock(name, one) for name, one in own["clocks"].items()}
    preparation = {name: tuple(items) for name, items in own["preparation"].items()}
    return EmergencyPolicy(own["source"], escalate_s, wait_s, sign_s, clocks, preparation)


def _clock(name: str, own: Mapping[str, Any]) -> Clock:
    try:
        centre, begins = Centre(own["centre"]), Begins(own["begins"])
    except ValueError as error:
        raise unusable(_OF, f"clocks.{name}: {error}") from None
    if not 0 < own["warn_s"] <= own["target_s"]:
        raise unusable(_OF, f"clocks.{name}.warn_s is more than 0 and at most its target_s")
    return Clock(name, centre, begins, own["stops"], float(own["warn_s"]), float(own["target_s"]))


def check_clock(policy: EmergencyPolicy, centre: Centre, name: str) -> None:
    """Whether a centre has such a clock. Raises Invalid (`team.clock`)."""
    clock = policy.clocks.get(name)
    if clock is None or clock.centre is not centre:
        raise Invalid("team.clock", f"There is no clock {name} of this centre.")


PROPOSED: Final = read_emergency()


def in_force(info: Mapping[Any, Any]) -> EmergencyPolicy:
    """Return the figures that a session works by: those set for the whole service, else the proposed ones."""
    found: EmergencyPolicy = info.get(EmergencyPolicy, PROPOSED)
    return found


def check_item(policy: EmergencyPolicy, item: str) -> None:
    """Whether there is such a thing to prepare. Raises Invalid (`preparation.item`)."""
    if not any(item in items for items in policy.preparation.values()):
        raise Invalid("preparation.item", f"There is nothing called {item} to prepare.")
