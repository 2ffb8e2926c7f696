"""The units as dispatching sees them: status, crew, abilities, availability, and from where to reckon."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.errors import NotFound
from dispatch.kernel.prepared import Prepared
from dispatch.units.rules import VehicleSize, vehicle_size
from dispatch.units.rules_availability import Availability, LastPlace, Reckoning, availability, reckoning
from dispatch.units.rules_capability import PROPOSED_CAPABILITIES, Abilities, CapabilityTable, abilities
from dispatch.units.rules_duty import DutyPolicy, in_force
from dispatch.units.rules_status import Standing
from dispatch.units.states import UnitType
from dispatch.units.states_crew import Skill
from dispatch.units.states_duty import OutReason, Source, UnitStatus
from dispatch.units.tables import Station, Unit
from dispatch.units.tables_crew import CrewDuty, UnitKit
from dispatch.units.tables_duty import UnitStatusRow
from dispatch.units.tables_position import UnitLatestPosition
from geo.points import GeoPoint


class DutyUnit(msgspec.Struct, frozen=True, gc=False):
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
    policy: DutyPolicy | None = None,
    table: CapabilityTable = PROPOSED_CAPABILITIES,
) -> list[DutyUnit]:
    """Every unit of the region, or those of `ids`, with status, abilities, availability and reckoning, by call sign.

    It is one statement, so that all of it is of one moment at any isolation.
    """
    policy = policy or in_force(session.info)
    if ids is None:
        rows = await _OF_REGION.rows(session, region=region)
    else:
        rows = await _SOME.rows(session, region=region, ids=list(ids))
    return [duty_unit(row, now, policy, table) for row in rows]


async def get_duty_unit(
    session: AsyncSession,
    unit_id: UUID,
    now: datetime,
    *,
    policy: DutyPolicy | None = None,
    table: CapabilityTable = PROPOSED_CAPABILITIES,
) -> DutyUnit:
    """One unit as `list_duty_units` gives it. Raises NotFound (`unit.not_found`)."""
    rows = await _ONE.rows(session, id=unit_id)
    if not rows:
        raise NotFound("unit.not_found", f"There is no unit {unit_id}.")
    return duty_unit(rows[0], now, policy or in_force(session.info), table)


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
    """Plain columns, in the order in which `duty_unit` takes them."""
    crew = (
        select(func.array_agg(aggregate_order_by(CrewDuty.skill, CrewDuty.seat)))
        .where(CrewDuty.unit_id == Unit.id, sources.crew)
        .scalar_subquery()
    )
    kit = select(func.array_agg(UnitKit.kit)).where(UnitKit.unit_id == Unit.id, sources.kit).scalar_subquery()
    held, latest = sources.held, sources.latest
    return (
        select(
            Unit.id, Unit.call_sign, Unit.type, Unit.special, Unit.organisation, Unit.system, Unit.capabilities,
            Unit.height_cm, Unit.width_cm, Unit.weight_kg,
            Unit.station_id, Station.code, Station.name_zh, Station.name_en, Station.name_ug, Station.lat, Station.lon,
            held.status, held.since, held.run_id, held.reason, held.expected_end_at, held.version, crew, kit,
            Unit.lat, Unit.lon, sources.position_at, latest.lat, latest.lon, latest.at, latest.source, latest.speed_mps,
            latest.heading_deg, latest.received_at,
        )
        .join(Station, (Station.region == Unit.region) & (Station.id == Unit.station_id))
        .outerjoin(held, held.unit_id == Unit.id)
        .outerjoin(latest, latest.unit_id == Unit.id)
    )  # fmt: skip


_OF_REGION: Final = Prepared(fleet_query(_NOW).where(Unit.region == bindparam("region")).order_by(Unit.call_sign))
_SOME: Final = Prepared(
    fleet_query(_NOW)
    .where(Unit.region == bindparam("region"), Unit.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Unit.call_sign)
)
_ONE: Final = Prepared(fleet_query(_NOW).where(Unit.id == bindparam("id")))
_PLACE: Final = 25
"""So many columns come before those of `_last_place`."""
_NEVER_TOLD: Final = Standing()
_NO_KIT: Final[frozenset[str]] = frozenset()


def duty_unit(row: Sequence[Any], now: datetime, policy: DutyPolicy, table: CapabilityTable) -> DutyUnit:
    """A unit of a row of `fleet_query`, as of `now`."""
    (
        unit_id, call_sign, kind, special, organisation, system, capabilities, height_cm, width_cm, weight_kg,
        station_id, station_code, station_zh, station_en, station_ug, station_lat, station_lon,
        status, since, run_id, reason, expected_end_at, version, crew, kit_codes,
    ) = row[:_PLACE]  # fmt: skip
    standing = _NEVER_TOLD
    if status is not None:
        standing = Standing(UnitStatus(status), since, run_id, OutReason(reason) if reason else None, expected_end_at)
    skills = tuple(map(Skill, crew)) if crew else ()
    kit = frozenset(kit_codes) if kit_codes else _NO_KIT
    home = GeoPoint(station_lat, station_lon)
    last = _last_place(row[_PLACE:])
    unit_type = UnitType(kind)
    return DutyUnit(
        id=unit_id, call_sign=call_sign, type=unit_type, special=special, organisation=organisation, system=system,
        station_id=station_id, station_code=station_code, station_zh=station_zh, station_en=station_en,
        station_ug=station_ug, station_point=home, size=vehicle_size(unit_type, height_cm, width_cm, weight_kg),
        standing=standing, version=version or 0, crew=skills, kit=kit,
        abilities=abilities(capabilities, kit, skills, table), availability=availability(standing, skills, now),
        last_place=last, reckoning=reckoning(standing, last, home, now, policy.position), at=now,
    )  # fmt: skip


def _last_place(told: Sequence[Any]) -> LastPlace | None:
    """The newest position, or where a unit was placed by hand (`service.place_unit`), whichever is newer."""
    lat, lon, position_at, fix_lat, fix_lon, fix_at, source, speed_mps, heading_deg, received_at = told
    by_hand = None
    if position_at is not None:
        by_hand = LastPlace(GeoPoint(lat, lon), position_at, Source.DISPATCHER, received_at=position_at)
    if fix_at is None or (by_hand is not None and by_hand.at > fix_at):
        return by_hand
    return LastPlace(GeoPoint(fix_lat, fix_lon), fix_at, Source(source), speed_mps, heading_deg, received_at)
