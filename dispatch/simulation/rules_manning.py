"""Who is on board of which vehicle, and which vehicles do not stand ready, by plain rules. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dispatch.simulation.rules_dice import Dice
from dispatch.simulation.rules_figures import FleetFigures
from dispatch.units.states_duty import OutReason

_ENOUGH: Final = 6
"""A smaller fleet is wholly ready."""
_REASONS: Final = (OutReason.FAULT, OutReason.DECONTAMINATION, OutReason.RESTOCK)
TEAMS: Final = 2


@dataclass(frozen=True, slots=True)
class Readiness:
    """How a unit begins. crewed: somebody is on board; device: it has one; out: why it is out of service."""

    crewed: bool = True
    device: bool = True
    out: OutReason | None = None


def readiness(call_signs: Sequence[str], figures: FleetFigures) -> dict[str, Readiness]:
    """Say how each unit of a fleet begins: one has no crew, one no device, some are out of service.

    It depends on the fleet only, so that it is the same at every start and for every seed.
    """
    ready = {call_sign: Readiness() for call_sign in call_signs}
    if len(call_signs) < _ENOUGH:
        return ready
    drawn = sorted(call_signs)
    Dice(0).of("fleet").shuffle(drawn)
    bare, silent, *others = drawn
    ready[bare] = Readiness(crewed=False)
    ready[silent] = Readiness(device=False)
    for number, call_sign in enumerate(others[: max(round(len(call_signs) * figures.out_of_service), 1)]):
        ready[call_sign] = Readiness(out=_REASONS[number % len(_REASONS)])
    return ready


def login_of(unit: int, team: int, place: int) -> str:
    """The login name of somebody of a crew; units are counted by call sign. Nobody logs in with it."""
    return f"crew-{unit:03}-{team}-{place}"
