"""A mission's vehicle breaks down: put down by name, dispatch and police called, and what could take over is told.

What is built for circuits stands first, then what has an inverter on board by its kit. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dispatch.clinical.states import AlarmPriority
from dispatch.dispatching.queries import find_active
from dispatch.dispatching.rules_recommendation import mobilise_s
from dispatch.dispatching.service_breakdown import meet_at_vehicle
from dispatch.dispatching.service_look import FleetNow
from dispatch.dispatching.service_reach import reach
from dispatch.ecmo.events_journey import Noted
from dispatch.ecmo.queries_breakdown import ABOARD, POLICE, STANDS
from dispatch.ecmo.service_adverse import AdverseGiven, put_down
from dispatch.ecmo.service_gas import forget_drive
from dispatch.ecmo.service_journey import lock_mission, note
from dispatch.ecmo.states_adverse import AdverseItem
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Conflict
from dispatch.telemetry.detection.rules import Found, Sign, Subject
from dispatch.telemetry.detection.service import keep_found
from dispatch.telemetry.detection.states import CREW
from dispatch.units.queries_fleet import DutyUnit
from dispatch.units.states import Capability, Special
from geo.points import GeoPoint
from geo.travel import TravelTimes

MOST: Final = 5
INVERTER: Final = "inverter"
"""The kind of kit by which a vehicle says that it feeds a circuit."""
_GRAVE: Final = 2


@dataclass(frozen=True, slots=True)
class Relief:
    """A free vehicle that could take over. seconds: until it is there; built_for_it: it carries circuits.

    inverter: its kit says that one is on board; False: nobody has said so, and whoever sends it asks.
    """

    unit_id: UUID
    call_sign: str
    seconds: float
    built_for_it: bool
    inverter: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """The mission that asks for another vehicle. called: dispatch and police are called, by the alarms of a crew."""

    mission: EcmoMission
    called: bool


async def break_down(act: Act, mission_id: UUID, event_id: UUID) -> Broken:
    """Put down by name that the vehicle stands, as an adverse event, and let the mission ask for another one.

    Every dispatcher is called for a breakdown and for the police, as by the crew's own buttons; with the patient on
    board the incident's place becomes where the vehicle stands, if that is known. The same incident goes on, and the
    old vehicle stays on it until somebody takes it off. event_id: the writer's own. Raises as `lock_mission`;
    Conflict (`ecmo_mission.no_vehicle`).
    """
    async with act.together():
        row = await lock_mission(act, mission_id)
        if row.unit_id is None:
            raise Conflict("ecmo_mission.no_vehicle", "The mission has no vehicle.")
        await put_down(act, mission_id, AdverseGiven(event_id, AdverseItem.VEHICLE, _GRAVE))
        broken, row.unit_id = row.unit_id, None
        forget_drive(row)
        called = await _call(act, row, broken)
        await note(act, row, Noted.BROKEN_DOWN, broken)
        return Broken(row, called)


async def _call(act: Act, row: EcmoMission, unit_id: UUID) -> bool:
    """Call dispatch and the police for a vehicle that is still on the mission's run."""
    run = await find_active(act.session, unit_id)
    if run is None or run.incident_id != row.incident_id:
        return False
    aboard = row.state == MissionState.RETURNING
    if aboard:
        await meet_at_vehicle(act, run)
    now, subject = act.clock.now(), Subject(run.unit_id, 0, run.incident_id, assignment_id=run.id)
    calls = (
        (ABOARD, AlarmPriority.HIGH) if aboard else (STANDS, AlarmPriority.MEDIUM),
        (POLICE, AlarmPriority.MEDIUM),
    )
    await keep_found(act, [Found(subject, Sign(f"{CREW}{code}", now, now, priority)) for code, priority in calls])
    return True


def reliefs(
    travel: TravelTimes, fleet: FleetNow, broken: UUID, with_inverter: Collection[UUID] = frozenset()
) -> list[Relief]:
    """The free vehicles that are soonest at one that stands: built for circuits, then with an inverter, then others.

    All of them can have a doctor on board. with_inverter: whose kit says that one is there.
    """
    there = next((one.reckoning.point for one in fleet.units if one.id == broken), None)
    if there is None:
        return []
    free = [one for one in fleet.units if one.availability.available and one.id != broken]
    able = [one for one in free if _built(one) or Capability.ALS in one.abilities.letters]
    found = _reached(travel, fleet, there, able, with_inverter)
    return sorted(found, key=lambda one: (not one.built_for_it, not one.inverter, one.seconds))[:MOST]


def _reached(
    travel: TravelTimes, fleet: FleetNow, there: GeoPoint, units: list[DutyUnit], with_inverter: Collection[UUID]
) -> list[Relief]:
    points = {one.id: one.reckoning.point for one in units}
    reached, _ = reach(travel, there, units, points, fleet.at, fleet.choosing)
    return [
        Relief(
            one.id, one.call_sign, mobilise_s(one.standing.status, fleet.choosing.figures) + told.travel.eta_s,
            _built(one), one.id in with_inverter,
        )
        for one in units
        if (told := reached.get(one.id)) is not None and told.travel.eta_s is not None
    ]  # fmt: skip


def _built(unit: DutyUnit) -> bool:
    return Capability.ECMO in unit.abilities.letters or unit.special == Special.ECMO
