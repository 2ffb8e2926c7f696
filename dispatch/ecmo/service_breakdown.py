"""A mission's vehicle breaks down: put down by name, and what could take over is told. Nothing here commits.

The service knows of no inverter: what is built for circuits stands before what is not, and whoever sends it asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dispatch.dispatching.rules_recommendation import mobilise_s
from dispatch.dispatching.service_look import FleetNow
from dispatch.dispatching.service_reach import reach
from dispatch.ecmo.events_journey import Noted
from dispatch.ecmo.service_adverse import AdverseGiven, put_down
from dispatch.ecmo.service_journey import lock_mission, note
from dispatch.ecmo.states_adverse import AdverseItem
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Conflict
from dispatch.units.queries_fleet import DutyUnit
from dispatch.units.states import Capability, Special
from geo.points import GeoPoint
from geo.travel import TravelTimes

MOST: Final = 5
_GRAVE: Final = 2


@dataclass(frozen=True, slots=True)
class Relief:
    """A free vehicle that could take over. seconds: until it is there; built_for_it: it carries circuits."""

    unit_id: UUID
    call_sign: str
    seconds: float
    built_for_it: bool


async def break_down(act: Act, mission_id: UUID, event_id: UUID) -> EcmoMission:
    """Put down by name that the vehicle stands, as an adverse event, and let the mission ask for another one.

    The same incident goes on, and the old vehicle stays on it until somebody takes it off. event_id: the writer's own.
    Raises as `lock_mission`; Conflict (`ecmo_mission.no_vehicle`).
    """
    async with act.together():
        row = await lock_mission(act, mission_id)
        if row.unit_id is None:
            raise Conflict("ecmo_mission.no_vehicle", "The mission has no vehicle.")
        await put_down(act, mission_id, AdverseGiven(event_id, AdverseItem.VEHICLE, _GRAVE))
        broken, row.unit_id = row.unit_id, None
        row.drive_at = row.drive_s = row.drive_slow_s = row.drive_told = None
        await note(act, row, Noted.BROKEN_DOWN, broken)
        return row


def reliefs(travel: TravelTimes, fleet: FleetNow, broken: UUID) -> list[Relief]:
    """The free vehicles that are soonest at one that stands: those built for circuits first, then with a doctor."""
    there = next((one.reckoning.point for one in fleet.units if one.id == broken), None)
    if there is None:
        return []
    free = [one for one in fleet.units if one.availability.available and one.id != broken]
    able = [one for one in free if _built(one) or Capability.ALS in one.abilities.letters]
    return sorted(_reached(travel, fleet, there, able), key=lambda one: (not one.built_for_it, one.seconds))[:MOST]


def _reached(travel: TravelTimes, fleet: FleetNow, there: GeoPoint, units: list[DutyUnit]) -> list[Relief]:
    points = {one.id: one.reckoning.point for one in units}
    reached, _ = reach(travel, there, units, points, fleet.at, fleet.choosing)
    return [
        Relief(
            one.id, one.call_sign, mobilise_s(one.standing.status, fleet.choosing.figures) + told.travel.eta_s,
            _built(one),
        )
        for one in units
        if (told := reached.get(one.id)) is not None and told.travel.eta_s is not None
    ]  # fmt: skip


def _built(unit: DutyUnit) -> bool:
    return Capability.ECMO in unit.abilities.letters or unit.special == Special.ECMO
