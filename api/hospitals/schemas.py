"""What goes over the wire of hospitals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.roads.schemas import Aware
from dispatch.hospitals.rules_status import MOST_BEDS, ServiceNow
from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.states_status import BedKind, BedMove, BedSide, LimitKind, LimitReason, ServiceState
from dispatch.hospitals.tables import Hospital
from dispatch.hospitals.tables_status import HospitalBedMove, HospitalBeds, HospitalLimit
from dispatch.kernel.organisations import System


class LimitOut(msgspec.Struct, frozen=True):
    """What a hospital said of a service."""

    id: UUID
    kind: LimitKind
    reason: LimitReason
    begins_at: datetime
    until_at: datetime


class ServiceOut(msgspec.Struct, frozen=True):
    """A service now. A diversion warns; it hides the hospital from nobody."""

    service: HospitalCapability
    state: ServiceState
    limit: Annotated[LimitOut | None, Meta(description="What the hospital said; null: nothing.")]
    overruled: Annotated[
        bool, Meta(description="Diverted, but so are all others that are not closed: then none diverts.")
    ]


class BedsOut(msgspec.Struct, frozen=True):
    """Beds of one kind, as last counted and moved."""

    kind: BedKind
    total: int
    free: int
    version: int
    at: Annotated[datetime, Meta(description="Of the last move or count.")]
    side: Annotated[BedSide, Meta(description="Who moved them last.")]


class HospitalOut(msgspec.Struct, frozen=True):
    """A hospital. `id` is the code by which files name it."""

    id: str
    key: Annotated[UUID, Meta(description="Where a patient or a unit goes: `destination_id` of other routes.")]
    name_zh: str
    name_en: str
    name_ug: str
    organisation: str
    system: Annotated[System, Meta(description="civil: 地方. corps: 兵团.")]
    level: Annotated[str, Meta(description="Grade such as 3A; empty if not known.", examples=["3A"])]
    capabilities: list[str]
    beds: Annotated[int | None, Meta(description="Of the whole house, from the file; null: not known.")]
    lat: Annotated[float, Meta(description="Degrees north, WGS-84.")]
    lon: Annotated[float, Meta(description="Degrees east, WGS-84.")]
    services: Annotated[list[ServiceOut], Meta(description="Each capability now, by name.")]
    free_beds: Annotated[list[BedsOut], Meta(description="Kinds that somebody has counted.")]


class HospitalsOut(msgspec.Struct, frozen=True):
    """Hospitals by id."""

    at: Annotated[datetime, Meta(description="The moment that `services` are told of.")]
    hospitals: list[HospitalOut]


class LimitIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A service is diverted or closed from now on."""

    service: HospitalCapability
    kind: LimitKind
    reason: LimitReason
    doctor_id: Annotated[UUID, Meta(description="The emergency doctor who answers for it.")]
    until: Annotated[
        Aware | None,
        Meta(description="Null: two hours, for a diversion; four at most. A closed service needs a time."),
    ] = None


class BedsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A move of beds, or a count of them."""

    kind: BedKind
    move: Annotated[BedMove, Meta(description="counted: `number` are free. held and admitted take, the others give.")]
    number: Annotated[int, Meta(ge=0, le=MOST_BEDS)]
    total: Annotated[int, Meta(ge=0, le=MOST_BEDS, description="Of a count: how many there are.")] | None = None
    version: (
        Annotated[int, Meta(ge=0, description="Of the count looked at, 0 before the first; another is refused (409).")]
        | None
    ) = None


class LimitRow(msgspec.Struct, frozen=True):
    """A limit in the list of what was said."""

    id: UUID
    hospital_id: UUID
    service: HospitalCapability
    kind: LimitKind
    reason: LimitReason
    doctor_id: UUID
    doctor_name: Annotated[str | None, Meta(description="As they are called now; null once erased.")]
    begins_at: datetime
    until_at: datetime
    ended_at: Annotated[datetime | None, Meta(description="Where it was taken back before its time.")]


class RepeatedOut(msgspec.Struct, frozen=True):
    """A service diverted again and again."""

    hospital_id: UUID
    service: HospitalCapability
    times: int


class LimitsOut(msgspec.Struct, frozen=True):
    """What hospitals said of their services, the oldest first."""

    limits: list[LimitRow]
    repeated: Annotated[list[RepeatedOut], Meta(description="Within the last seven days, the most often first.")]


class BedMoveOut(msgspec.Struct, frozen=True):
    """One move, with what stood after it."""

    kind: BedKind
    move: BedMove
    number: int
    free: int
    total: int
    side: BedSide
    at: datetime
    actor: Annotated[str, Meta(description="`person:ID`.")]


class BedMovesOut(msgspec.Struct, frozen=True):
    """The last moves of a hospital's beds, the newest first."""

    moves: list[BedMoveOut]


HOSPITAL_EXAMPLE: Final[dict[str, Any]] = {
    "id": "h-aksu-1",
    "key": "0198c0de-0000-7000-8000-000000000101",
    "name_zh": "阿克苏地区第一人民医院 示例",
    "name_en": "Aksu Prefecture First People's Hospital (example)",
    "name_ug": "",
    "organisation": "阿克苏地区120",
    "system": "civil",
    "level": "3A",
    "capabilities": ["chest_pain", "emergency"],
    "beds": 1200,
    "lat": 41.1712,
    "lon": 80.2618,
    "services": [
        {
            "service": "chest_pain",
            "state": "diverted",
            "limit": {
                "id": "0198c0de-0000-7000-8000-000000000201",
                "kind": "diverted",
                "reason": "equipment",
                "begins_at": "2026-11-27T03:00:00Z",
                "until_at": "2026-11-27T05:00:00Z",
            },
            "overruled": False,
        },
        {"service": "emergency", "state": "open", "limit": None, "overruled": False},
    ],
    "free_beds": [
        {"kind": "icu", "total": 20, "free": 3, "version": 7, "at": "2026-11-27T02:41:00Z", "side": "hospital"}
    ],
}


def hospital_out(row: Hospital, services: Sequence[ServiceNow], beds: Sequence[HospitalBeds]) -> HospitalOut:
    """Tell a hospital with what holds of it now."""
    return HospitalOut(
        id=row.code,
        key=row.id,
        name_zh=row.name_zh,
        name_en=row.name_en,
        name_ug=row.name_ug,
        organisation=row.organisation,
        system=System(row.system),
        level=row.level,
        capabilities=list(row.capabilities),
        beds=row.beds,
        lat=row.lat,
        lon=row.lon,
        services=[_service(one) for one in services],
        free_beds=[
            BedsOut(BedKind(one.kind), one.total, one.free, one.version, one.at, BedSide(one.side)) for one in beds
        ],
    )


def move_out(row: HospitalBedMove) -> BedMoveOut:
    """Tell a move."""
    return BedMoveOut(
        kind=BedKind(row.kind), move=BedMove(row.move), number=row.number, free=row.free, total=row.total,
        side=BedSide(row.side), at=row.at, actor=row.actor,
    )  # fmt: skip


def limit_row(row: HospitalLimit, names: Mapping[UUID, str]) -> LimitRow:
    """Tell a limit, with the present names of the doctors."""
    return LimitRow(
        id=row.id, hospital_id=row.hospital_id, service=HospitalCapability(row.service), kind=LimitKind(row.kind),
        reason=LimitReason(row.reason), doctor_id=row.doctor_id, doctor_name=names.get(row.doctor_id),
        begins_at=row.begins_at, until_at=row.until_at, ended_at=row.ended_at,
    )  # fmt: skip


def _service(one: ServiceNow) -> ServiceOut:
    limit = one.limit
    told = None
    if limit is not None:
        told = LimitOut(limit.id, limit.kind, limit.reason, limit.begins_at, limit.until_at)
    return ServiceOut(one.service, one.state, told, one.overruled)
