"""From the database to a day: the country, the fleet and the hospitals, and how everything stands now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries import list_active_assignments
from dispatch.hospitals.queries import list_hospitals
from dispatch.incidents.queries_board import list_board_incidents
from dispatch.incidents.queries_incidents import get_incident, list_priority_steps
from dispatch.incidents.queries_patients import carried_by
from dispatch.incidents.states_incidents import IncidentState
from dispatch.kernel.actor import Actor
from dispatch.roads.queries import list_own_places
from dispatch.simulation.rules_day import Day, begin
from dispatch.simulation.rules_dice import Dice
from dispatch.simulation.rules_figures import Figures
from dispatch.simulation.rules_places import Country, localities_of
from dispatch.simulation.rules_resuming import IncidentStanding, RunStanding, UnitStanding, cases_of, standing
from dispatch.simulation.rules_setting import Habits, Hospital, Setting
from dispatch.simulation.service_cast import Cast, Member, Seat
from dispatch.simulation.service_manning import list_members
from dispatch.units.queries_fleet import DutyUnit
from geo.points import GeoPoint


@dataclass(frozen=True, slots=True)
class Script:
    """What a day is to be: its seed, beginning and habits. run: stands before the exchange's ids of its calls."""

    seed: int
    start: datetime
    run: str
    figures: Figures
    habits: Habits = field(default_factory=Habits)


@dataclass(frozen=True, slots=True)
class Actors:
    """In whose names it is played; crews by organisation."""

    seats: tuple[Seat, ...]
    crews: Mapping[str, Actor]
    exchange: Actor
    devices: Mapping[str, Actor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A day that can begin. carried: the patients whom units carry; openers: see `Stage`."""

    setting: Setting
    cast: Cast
    day: Day
    carried: dict[tuple[UUID, int], UUID]
    openers: dict[UUID, str]


async def load_day(
    session: AsyncSession, region: str, tables: Mapping[str, Any], script: Script, actors: Actors
) -> Loaded:
    """Read all that a day is played with, and how it begins. tables: the built-in region's towns."""
    members, units = await list_members(session, region, script.start, script.figures)
    country = Country.of(localities_of(tables, await list_own_places(session, region), script.figures.places))
    setting = Setting(
        script.figures, Dice(script.seed), country, {one.vehicle.call_sign: one.vehicle for one in members},
        await load_hospitals(session, region), script.start, script.habits,
    )  # fmt: skip
    cast = Cast(
        script.run, {one.vehicle.call_sign: one for one in members}, actors.seats, actors.crews, actors.exchange,
        actors.devices,
    )  # fmt: skip
    mine = {str(seat.actor) for seat in actors.seats}
    stands, carried = await _standing(session, region, members, units, mine)
    crews, scenes = standing(setting, stands)
    incidents = [
        IncidentStanding(row.id, row.number, waits=row.state == IncidentState.OPEN)
        for row in [one.incident for one in await list_board_incidents(session, region)]
        if {step.actor for step in await list_priority_steps(session, row.id)} <= mine
    ]
    day = begin(setting, crews, scenes, cases_of(setting, incidents))
    return Loaded(setting, cast, day, carried, {one.incident_id: one.key for one in incidents})


async def load_hospitals(session: AsyncSession, region: str) -> tuple[Hospital, ...]:
    """The hospitals of a region as crews know them."""
    return tuple(
        Hospital(one.id, GeoPoint(lat=one.lat, lon=one.lon), one.system, one.level, frozenset(one.capabilities))
        for one in await list_hospitals(session, region)
    )


async def _standing(
    session: AsyncSession, region: str, members: list[Member], units: list[DutyUnit], mine: set[str]
) -> tuple[list[UnitStanding], dict[tuple[UUID, int], UUID]]:
    active = {one.unit_id: one for one in await list_active_assignments(session, region)}
    found: list[UnitStanding] = []
    carried: dict[tuple[UUID, int], UUID] = {}
    for member, unit in zip(members, units, strict=True):
        run = None
        if (assignment := active.get(unit.id)) is not None:
            incident = await get_incident(session, region, assignment.incident_id)
            patients = await carried_by(session, unit.id)
            point = None
            if incident.lat is not None and incident.lon is not None:
                point = GeoPoint(lat=incident.lat, lon=incident.lon)
            begun = sum(key[0] == incident.id for key in carried)
            carried |= {(incident.id, begun + place): one.id for place, one in enumerate(patients)}
            run = RunStanding(
                assignment.id, incident.id, incident.number, incident.complaint, point,
                by_person=assignment.actor not in mine, carried=len(patients),
            )  # fmt: skip
        team = 0 if unit.crew and member.teams else None
        place = unit.reckoning.point
        found.append(
            UnitStanding(
                unit.call_sign, unit.standing.status, place, team, until=unit.standing.expected_end_at, run=run
            )
        )
    return found, carried
