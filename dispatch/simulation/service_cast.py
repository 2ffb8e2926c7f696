"""Who plays: the ids and names under which simulated people act. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from dispatch.dispatching.rules_sharing import Party
from dispatch.kernel.actor import Actor
from dispatch.simulation.rules_dice import Dice
from dispatch.simulation.rules_setting import Vehicle
from dispatch.units.service_crew import Joining

Team = tuple[Joining, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A unit: its id, its vehicle, and its two teams (empty where nobody is ever on board)."""

    id: UUID
    organisation: str
    vehicle: Vehicle
    teams: tuple[Team, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """A dispatcher's desk: who sits there, and for which organisation."""

    actor: Actor
    party: Party


@dataclass(frozen=True, slots=True)
class Cast:
    """All who play.

    run: stands before the exchange's ids, so that no two runs share one. crews: who records patients, by organisation.
    devices: of units, by call sign; a unit without one here speaks as its organisation's crews.
    """

    run: str
    members: Mapping[str, Member]
    seats: tuple[Seat, ...]
    crews: Mapping[str, Actor]
    exchange: Actor
    devices: Mapping[str, Actor] = field(default_factory=dict)

    def seat_of(self, dice: Dice, key: str) -> Seat:
        """Return who takes a call: both organisations answer as one."""
        return dice.of("seat", key).choice(self.seats)
