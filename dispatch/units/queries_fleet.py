"""The units as dispatching sees them: status, crew, abilities, availability, and from where to reckon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.errors import NotFound
from dispatch.units.queries_duty import standing_of
from dispatch.units.rules import VehicleSize, vehicle_size
from dispatch.units.rules_availability import Availability, LastPlace, Reckoning, availability, reckoning
from dispatch.units.rules_capability import PROPOSED_CAPABILITIES, Abilities, CapabilityTable, abilities
from dispatch.units.rules_duty import PROPOSED, DutyPolicy
from dispatch.units.rules_status import Standing
from dispatch.units.states import UnitType
from dispatch.units.states_crew import Skill
from dispatch.units.states_duty import Source
from dispatch.units.tables import Station, Unit
from dispatch.units.tables_crew import CrewDuty, UnitKit
from dispatch.units.tables_duty import UnitStatusRow
from dispatch.units.tables_position import UnitLatestPosition
from geo.points import GeoPoint


@dataclass(frozen=True, slots=True)
class DutyUnit:
    """All that a choice among units looks at, as of `at`.

    version: of the status, 0 while there is none; to be given back as `expected_version`. crew: the skill of each
    person on board. station: its id and point. Every unit of the region is listed, available or not.
    """

    id: UUID
    call_sign: str
    type: UnitType
    special: str
    organisation: str
    system: str
    station_id: UUID
    station_point: GeoPoint
    size: VehicleSize
    standing: Standing
    version: int
    crew: tuple[Skill, ...]
    kit: frozenset[str]
    abilities: Abilities
    availability: Availability
    last_place: LastPlace | None
    reckoning: Reckoning
    at: datetime


async def list_duty_units(
    session: AsyncSession,
    region: str,
    now: datetime,
    *,
    policy: DutyPolicy = PROPOSED,
    table: CapabilityTable = PROPOSED_CAPABILITIES,
) -> list[DutyUnit]:
    """Every unit of the region with its status, abilities, availability and reckoning, by call sign.

    It is one statement, so that all of it is of one moment at any isolation.
    """
    found = await session.execute(
        _query().where(Unit.region == region).order_by(Unit.call_sign), execution_options={"populate_existing": True}
    )
    return [_duty_unit(*row, now=now, policy=policy, table=table) for row in found]


async def get_duty_unit(
    session: AsyncSession,
    unit_id: UUID,
    now: datetime,
    *,
    policy: DutyPolicy = PROPOSED,
    table: CapabilityTable = PROPOSED_CAPABILITIES,
) -> DutyUnit:
    """One unit as `list_duty_units` gives it. Raises NotFound (`unit.not_found`)."""
    found = await session.execute(_query().where(Unit.id == unit_id), execution_options={"populate_existing": True})
    row = found.one_or_none()
    if row is None:
        raise NotFound("unit.not_found", f"There is no unit {unit_id}.")
    return _duty_unit(*row, now=now, policy=policy, table=table)


def _query() -> Select[Unit, Station, UnitStatusRow | None, UnitLatestPosition | None, list[str], list[str]]:
    crew = (
        select(func.array_agg(aggregate_order_by(CrewDuty.skill, CrewDuty.seat)))
        .where(CrewDuty.unit_id == Unit.id, CrewDuty.voided_at.is_(None), CrewDuty.until_at.is_(None))
        .scalar_subquery()
    )
    kit = (
        select(func.array_agg(UnitKit.kit))
        .where(UnitKit.unit_id == Unit.id, UnitKit.until_at.is_(None))
        .scalar_subquery()
    )
    return (
        select(Unit, Station, UnitStatusRow, UnitLatestPosition, crew, kit)
        .join(Station, (Station.region == Unit.region) & (Station.id == Unit.station_id))
        .outerjoin(UnitStatusRow, UnitStatusRow.unit_id == Unit.id)
        .outerjoin(UnitLatestPosition, UnitLatestPosition.unit_id == Unit.id)
    )


def _duty_unit(
    unit: Unit,
    station: Station,
    status: UnitStatusRow | None,
    latest: UnitLatestPosition | None,
    crew: list[str] | None,
    kit: list[str] | None,
    *,
    now: datetime,
    policy: DutyPolicy,
    table: CapabilityTable,
) -> DutyUnit:
    standing = standing_of(status)
    skills = tuple(map(Skill, crew or ()))
    on_board = frozenset(kit or ())
    home = GeoPoint(lat=station.lat, lon=station.lon)
    last = _last_place(unit, latest)
    unit_type = UnitType(unit.type)
    return DutyUnit(
        id=unit.id,
        call_sign=unit.call_sign,
        type=unit_type,
        special=unit.special,
        organisation=unit.organisation,
        system=unit.system,
        station_id=station.id,
        station_point=home,
        size=vehicle_size(unit_type, unit.height_cm, unit.width_cm, unit.weight_kg),
        standing=standing,
        version=status.version if status is not None else 0,
        crew=skills,
        kit=on_board,
        abilities=abilities(unit.capabilities, on_board, skills, table),
        availability=availability(standing, skills, now),
        last_place=last,
        reckoning=reckoning(standing, last, home, now, policy.position),
        at=now,
    )


def _last_place(unit: Unit, latest: UnitLatestPosition | None) -> LastPlace | None:
    """The newest position, or where a unit was placed by hand (`service.place_unit`), whichever is newer."""
    by_hand = None
    if unit.lat is not None and unit.lon is not None and unit.position_at is not None:
        by_hand = LastPlace(GeoPoint(lat=unit.lat, lon=unit.lon), unit.position_at, Source.DISPATCHER)
    if latest is None or (by_hand is not None and by_hand.at > latest.at):
        return by_hand
    return LastPlace(GeoPoint(lat=latest.lat, lon=latest.lon), latest.at, Source(latest.source), latest.speed_mps)
