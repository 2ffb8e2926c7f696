"""The board row of a unit on duty: the same in `GET /api/fleet` and in the live feed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from api.roads.schemas import Latitude, Longitude
from dispatch.dispatching.queries_board import BoardRun, list_board_runs
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.db import Session
from dispatch.kernel.organisations import System
from dispatch.kernel.texts import Words
from dispatch.units.queries_fleet import DutyUnit, list_duty_units
from dispatch.units.rules_availability import REASON_WORDS, Basis, Hindrance, Reason
from dispatch.units.states import UnitType
from dispatch.units.states_crew import Skill
from dispatch.units.states_duty import OutReason, Source, UnitStatus


class WordsOut(msgspec.Struct, frozen=True):
    """What a code means to people."""

    zh: Annotated[str, Meta(examples=["位置过时·电台核实"])]
    en: Annotated[str, Meta(examples=["position out of date, check by radio"])]


class NamesOut(msgspec.Struct, frozen=True):
    """A name; empty in a language that nobody gave."""

    zh: Annotated[str, Meta(examples=["示例急救站"])]
    en: str
    ug: str


class StationRef(msgspec.Struct, frozen=True):
    """Where a unit belongs."""

    id: UUID
    code: Annotated[str, Meta(description="The id by which files name it.", examples=["ST-1"])]
    names: NamesOut


class HindranceOut(msgspec.Struct, frozen=True):
    """One reason why a unit cannot be sent."""

    reason: Reason
    code: Annotated[str, Meta(description="The finer reason: `fuel`, `en_route`; or empty.", examples=["fuel"])]
    until: Annotated[datetime, Meta(description="Its expected end.")] | None
    overdue: Annotated[bool, Meta(description="That end has passed and nobody said more: ask.")]
    words: WordsOut


class PositionOut(msgspec.Struct, frozen=True):
    """From where a unit is reckoned. A position out of date takes no unit off the board."""

    lat: Latitude
    lon: Longitude
    basis: Annotated[Basis, Meta(description="fix: fresh. last_place: out of date. station: taken to be there.")]
    fix_at: Annotated[datetime, Meta(description="True time of the newest position known.")] | None
    received_at: datetime | None
    age_s: Annotated[float, Meta(description="Of that position when this row was read, seconds.")] | None
    stale: Annotated[bool, Meta(description="Out of date; `words` are to be shown.")]
    words: WordsOut | None
    source: Annotated[Source, Meta(description="Who told that position.")] | None
    speed_mps: Annotated[float, Meta(description="Metres per second, of that position.")] | None
    heading_deg: Annotated[float, Meta(description="Degrees clockwise from north, of that position.")] | None


class RunRef(msgspec.Struct, frozen=True):
    """What a unit has at present."""

    assignment_id: UUID
    incident_id: UUID
    incident_number: Annotated[str, Meta(examples=["2026-000123"])]
    priority: Priority


class FleetRow(msgspec.Struct, frozen=True):
    """A unit on duty, or off it."""

    id: UUID
    call_sign: Annotated[str, Meta(examples=["阿-07"])]
    type: UnitType
    special: Annotated[str, Meta(description="What a special vehicle is for: ecmo, neonatal, …; else empty.")]
    organisation: str
    system: Annotated[System, Meta(description="civil: 地方. corps: 兵团.")]
    station: StationRef
    status: UnitStatus
    since: Annotated[datetime, Meta(description="Null while nobody ever told a status.")] | None
    reason: OutReason | None
    expected_end_at: datetime | None
    overdue: Annotated[bool, Meta(description="The expected end has passed.")]
    version: Annotated[int, Meta(description="Of the status, 0 for none: give it back with a change.", examples=[7])]
    crew: Annotated[list[Skill], Meta(description="The skill of each person on board, by seat.")]
    kit: Annotated[list[str], Meta(description="Codes of the kit on board.", examples=[["aed", "bls"]])]
    capabilities: Annotated[
        str, Meta(description="Letters of what vehicle, kit and crew can do now: B A E N O G R P.", examples=["BA"])
    ]
    available: Annotated[bool, Meta(description="May be sent.")]
    hindrances: list[HindranceOut]
    position: PositionOut
    assignment: RunRef | None


async def rows(session: Session, region: str, now: datetime, ids: Collection[UUID] | None = None) -> list[FleetRow]:
    """Return the rows of all units of a region, or of `ids`, by call sign, as they stand at `now`."""
    units = await list_duty_units(session, region, now, ids=ids)
    runs = await list_board_runs(session, region, ids)
    return [row_of(unit, runs.get(unit.id), now) for unit in units]


def row_of(unit: DutyUnit, run: BoardRun | None, now: datetime) -> FleetRow:
    """Return a unit's row."""
    standing = unit.standing
    end_at = standing.expected_end_at
    return FleetRow(
        id=unit.id,
        call_sign=unit.call_sign,
        type=unit.type,
        special=unit.special,
        organisation=unit.organisation,
        system=System(unit.system),
        station=StationRef(
            unit.station_id, unit.station_code, NamesOut(unit.station_zh, unit.station_en, unit.station_ug)
        ),
        status=standing.status,
        since=standing.since,
        reason=standing.reason,
        expected_end_at=end_at,
        overdue=end_at is not None and end_at <= now,
        version=unit.version,
        crew=list(unit.crew),
        kit=sorted(unit.kit),
        capabilities=unit.abilities.letters,
        available=unit.availability.available,
        hindrances=[_hindrance(one) for one in unit.availability.hindrances],
        position=_position(unit),
        assignment=None if run is None else RunRef(run.assignment_id, run.incident_id, run.number, run.priority),
    )


def words_out(words: Words) -> WordsOut:
    """Tell what a code means."""
    return WordsOut(words.zh, words.en)


def _hindrance(one: Hindrance) -> HindranceOut:
    return HindranceOut(one.reason, one.code, one.until, one.overdue, words_out(REASON_WORDS[one.reason]))


def _position(unit: DutyUnit) -> PositionOut:
    there, last = unit.reckoning, unit.last_place
    return PositionOut(
        lat=there.point.lat,
        lon=there.point.lon,
        basis=there.basis,
        fix_at=there.fix_at,
        received_at=last.received_at if last is not None else None,
        age_s=there.age_s,
        stale=there.stale,
        words=WordsOut(there.label_zh, there.label_en) if there.stale else None,
        source=last.source if last is not None else None,
        speed_mps=last.speed_mps if last is not None else None,
        heading_deg=last.heading_deg if last is not None else None,
    )
