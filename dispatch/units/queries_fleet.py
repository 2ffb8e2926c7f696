"""The units as dispatching sees them: status, crew, abilities, availability, and from where to reckon."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.errors import NotFound
from dispatch.units.rules import VehicleSize, vehicle_size
from dispatch.units.rules_availability import Availability, LastPlace, Reckoning, availability, reckoning
from dispatch.units.rules_capability import PROPOSED_CAPABILITIES, Abilities, CapabilityTable, abilities
from dispatch.units.rules_duty import PROPOSED, DutyPolicy
from dispatch.units.rules_status import Standing
from dispatch.units.states import UnitType
from dispatch.units.states_crew import Skill
from dispatch.units.states_duty import OutReason, Source, UnitStatus
from dispatch.units.tables import Station, Unit
from dispatch.units.tables_crew import CrewDuty, UnitKit
from dispatch.units.tables_duty import UnitStatusRow
from dispatch.units.tables_position import UnitLatestPosition
from geo.points import GeoPoint


@dataclass(frozen=True, slots=True)
class DutyUnit:
    """All that a choice among units looks at, as of `at`.

    version: of the status, 0 while there is none; to be given back as `expected_version`. crew: the skill of each
    person on board. Every unit of the region is listed, available or not.
    """

    id: UUID
    call_sign: str
    type: UnitType
    special: str
    organisation: str
    system: str
    station_id: UUID
    station_code: str
    station_zh: str
    station_en: str
    station_ug: str
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
    ids: Collection[UUID] | None = None,
    policy: DutyPolicy = PROPOSED,
    table: CapabilityTable = PROPOSED_CAPABILITIES,
) -> list[DutyUnit]:
    """Every unit of the region, or those of `ids`, with status, abilities, availability and reckoning, by call sign.

    It is one statement, so that all of it is of one moment at any isolation.
    """
    query = fleet_query(_NOW).where(Unit.region == region).order_by(Unit.call_sign)
    if ids is not None:
        query = query.where(Unit.id.in_(ids))
    return [duty_unit(row, now, policy, table) for row in await session.execute(query)]


async def get_duty_unit(
    session: AsyncSession,
    unit_id: UUID,
    now: datetime,
    *,
    policy: DutyPolicy = PROPOSED,
    table: CapabilityTable = PROPOSED_CAPABILITIES,
) -> DutyUnit:
    """One unit as `list_duty_units` gives it. Raises NotFound (`unit.not_found`)."""
    row = (await session.execute(fleet_query(_NOW).where(Unit.id == unit_id))).one_or_none()
    if row is None:
        raise NotFound("unit.not_found", f"There is no unit {unit_id}.")
    return duty_unit(row, now, policy, table)


@dataclass(frozen=True, slots=True)
class FleetSources:
    """What counts of each unit: its status and newest position (columns as in their tables), crew, kit, hand's place.

    crew, kit: which rows are on board. position_at: when it was placed by hand, null where that does not count.
    """

    held: type[UnitStatusRow]
    latest: type[UnitLatestPosition]
    crew: ColumnElement[bool]
    kit: ColumnElement[bool]
    position_at: ColumnElement[Any]


_NOW: Final = FleetSources(
    UnitStatusRow,
    UnitLatestPosition,
    CrewDuty.voided_at.is_(None) & CrewDuty.until_at.is_(None),
    UnitKit.until_at.is_(None),
    Unit.position_at.expression,
)


def fleet_query(sources: FleetSources) -> Select[*tuple[Any, ...]]:
    """Plain columns: a choice reads all units and keeps none of them, so that no objects are made of the rows."""
    crew = (
        select(func.array_agg(aggregate_order_by(CrewDuty.skill, CrewDuty.seat)))
        .where(CrewDuty.unit_id == Unit.id, sources.crew)
        .scalar_subquery()
    )
    kit = select(func.array_agg(UnitKit.kit)).where(UnitKit.unit_id == Unit.id, sources.kit).scalar_subquery()
    held, latest = sources.held, sources.latest
    return (
        select(
            Unit.id, Unit.call_sign, Unit.type, Unit.special, Unit.organisation, Unit.system, Unit.station_id,
            Unit.capabilities, Unit.height_cm, Unit.width_cm, Unit.weight_kg, Unit.lat, Unit.lon,
            sources.position_at.label("position_at"),
            Station.lat.label("station_lat"), Station.lon.label("station_lon"), Station.code.label("station_code"),
            Station.name_zh.label("station_zh"), Station.name_en.label("station_en"),
            Station.name_ug.label("station_ug"),
            held.status, held.since, held.run_id, held.reason, held.expected_end_at, held.version,
            latest.lat.label("fix_lat"), latest.lon.label("fix_lon"), latest.at.label("fix_at"),
            latest.source.label("fix_source"), latest.speed_mps, latest.heading_deg,
            latest.received_at.label("fix_received_at"),
            crew.label("crew"), kit.label("kit"),
        )
        .join(Station, (Station.region == Unit.region) & (Station.id == Unit.station_id))
        .outerjoin(held, held.unit_id == Unit.id)
        .outerjoin(latest, latest.unit_id == Unit.id)
    )  # fmt: skip


def duty_unit(row: Row[*tuple[Any, ...]], now: datetime, policy: DutyPolicy, table: CapabilityTable) -> DutyUnit:
    """A unit of a row of `fleet_query`, as of `now`."""
    standing = Standing()
    if row.status is not None:
        reason = OutReason(row.reason) if row.reason else None
        standing = Standing(UnitStatus(row.status), row.since, row.run_id, reason, row.expected_end_at)
    skills = tuple(map(Skill, row.crew or ()))
    kit = frozenset(row.kit or ())
    home = GeoPoint(lat=row.station_lat, lon=row.station_lon)
    last = _last_place(row)
    unit_type = UnitType(row.type)
    return DutyUnit(
        id=row.id,
        call_sign=row.call_sign,
        type=unit_type,
        special=row.special,
        organisation=row.organisation,
        system=row.system,
        station_id=row.station_id,
        station_code=row.station_code,
        station_zh=row.station_zh,
        station_en=row.station_en,
        station_ug=row.station_ug,
        station_point=home,
        size=vehicle_size(unit_type, row.height_cm, row.width_cm, row.weight_kg),
        standing=standing,
        version=row.version or 0,
        crew=skills,
        kit=kit,
        abilities=abilities(row.capabilities, kit, skills, table),
        availability=availability(standing, skills, now),
        last_place=last,
        reckoning=reckoning(standing, last, home, now, policy.position),
        at=now,
    )


def _last_place(row: Row[*tuple[Any, ...]]) -> LastPlace | None:
    """The newest position, or where a unit was placed by hand (`service.place_unit`), whichever is newer."""
    by_hand = None
    if row.position_at is not None:
        by_hand = LastPlace(
            GeoPoint(lat=row.lat, lon=row.lon), row.position_at, Source.DISPATCHER, received_at=row.position_at
        )
    if row.fix_at is None or (by_hand is not None and by_hand.at > row.fix_at):
        return by_hand
    return LastPlace(
        GeoPoint(lat=row.fix_lat, lon=row.fix_lon), row.fix_at, Source(row.fix_source), row.speed_mps,
        row.heading_deg, row.fix_received_at,
    )  # fmt: skip
