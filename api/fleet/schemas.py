"""What is said about units on duty over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from api.fleet.board import FleetRow
from api.fleet.reporting import Heard, SourceName
from api.fleet.schemas_runs import TimedRunOut
from api.fleet.when import Happened, Sent, WhenIn
from api.roads.schemas import Aware, Latitude, Longitude
from dispatch.units.rules_position import MAX_ACCURACY_M, MAX_SPEED_MPS
from dispatch.units.service_position import MAX_FIXES
from dispatch.units.states_crew import SEATS, Skill
from dispatch.units.states_duty import Effect, OutReason, Source, UnitStatus
from geo.datum import Datum

StatusVersion = Annotated[
    int, Meta(ge=0, description="Of the status that was looked at, 0 for none; null: whatever it is by now.")
]
Speed = Annotated[float, Meta(ge=0, le=MAX_SPEED_MPS, description="Metres per second.")]
Heading = Annotated[float, Meta(ge=0, le=360, description="Degrees clockwise from north.")]
Accuracy = Annotated[float, Meta(ge=0, le=MAX_ACCURACY_M, description="Metres, 68 % radius.")]


class FleetOut(msgspec.Struct, frozen=True):
    """Every unit of the region as it stands at `at`, by call sign."""

    units: list[FleetRow]
    at: datetime


class StatusIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a unit is doing. A stand-by or a planned transfer is begun by its run, an assignment by its order."""

    status: UnitStatus
    at: Happened = None
    sent_at: Sent = None
    source: SourceName = None
    report_id: Annotated[
        UUID | None, Meta(description="The device's own id of the report; repeated, it is kept once.")
    ] = None
    run_id: Annotated[UUID | None, Meta(description="The assignment that is spoken of; null: the present one.")] = None
    reason: Annotated[OutReason | None, Meta(description="Of `out_of_service`, and only of that.")] = None
    expected_end_at: Annotated[
        Aware | None, Meta(description="Of `out_of_service` (null: as is usual for the reason) and `relief`.")
    ] = None
    version: StatusVersion | None = None


class NotApplied(msgspec.Struct, frozen=True):
    """Why a report was kept without moving the status."""

    code: Annotated[str, Meta(examples=["unit.illegal_transition"])]
    detail: str


class StatusToldOut(msgspec.Struct, frozen=True):
    """What became of a report. `unit` is what stands now."""

    effect: Effect
    entry_id: Annotated[UUID | None, Meta(description="Null where nothing was written.")]
    at: Annotated[datetime, Meta(description="Its true time, as far as known.")]
    clock_offset_s: Annotated[
        float | None, Meta(description="Seconds by which the device's clock was ahead, where it was off.")
    ]
    refused: NotApplied | None
    unit: FleetRow


class StatusCorrectionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an entry should have said; the entry itself stays."""

    at: Happened = None
    status: UnitStatus | None = None
    source: Heard = None


class StatusEntryOut(msgspec.Struct, frozen=True):
    """All that was told at one time of a unit's status."""

    id: UUID
    from_status: UnitStatus
    status: UnitStatus
    effect: Effect
    at: Annotated[datetime, Meta(description="True time.")]
    device_at: Annotated[datetime | None, Meta(description="By the clock of who told it.")]
    received_at: Annotated[datetime, Meta(description="Time of entry.")]
    clock_offset_s: float | None
    source: Source
    actor: Annotated[str, Meta(description="`person:ID`, `device:ID`, `system:NAME`.")]
    actor_name: Annotated[str | None, Meta(description="Null where it is erased, or not yours to know.")]
    run_id: UUID | None
    reason: OutReason | None
    expected_end_at: datetime | None
    corrects: Annotated[UUID | None, Meta(description="The entry that it takes the place of.")]


class UnitPositionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a unit is: a dispatcher's, as its crew told by radio; a device's, as its receiver said."""

    lat: Latitude
    lon: Longitude
    datum: Annotated[Datum, Meta(description="What they are given in.")] = Datum.WGS84
    at: Happened = None
    sent_at: Sent = None
    speed_mps: Speed | None = None
    heading_deg: Heading | None = None
    accuracy_m: Accuracy | None = None


class PlacedOut(msgspec.Struct, frozen=True):
    """Whether it is the newest position now; an older one is kept all the same."""

    newest: bool
    unit: FleetRow


class FixIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """One position of a receiver, WGS-84. What cannot be right is refused by itself, the others are taken."""

    at: Annotated[Aware, Meta(description="By the receiver's clock.")]
    lat: float
    lon: float
    speed_mps: Annotated[float | None, Meta(description="Metres per second.")] = None
    heading_deg: Annotated[float | None, Meta(description="Degrees clockwise from north.")] = None
    accuracy_m: Annotated[float | None, Meta(description="Metres, 68 % radius.")] = None


class FixesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Positions of one vehicle, in any order, repeated or not. `unit_id`: null is the device's own vehicle."""

    fixes: Annotated[list[FixIn], Meta(min_length=1, max_length=MAX_FIXES)]
    unit_id: UUID | None = None
    sent_at: Sent = None


class RefusedFixOut(msgspec.Struct, frozen=True):
    """One that was not taken: `fix.place`, `fix.value`, `fix.time`, `fix.too_old`."""

    index: Annotated[int, Meta(description="In the batch, from 0.")]
    code: Annotated[str, Meta(examples=["fix.too_old"])]


class FixesOut(msgspec.Struct, frozen=True):
    """What became of a batch. `newest`: it holds the vehicle's newest position now."""

    stored: int
    duplicates: int
    refused: list[RefusedFixOut]
    newest: bool


class JoiningIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who comes on board, as what."""

    person_id: UUID
    skill: Skill
    seat: (
        Annotated[int, Meta(ge=SEATS[0], le=SEATS[-1], description="1 is the driver's; null: the first that fits.")]
        | None
    ) = None


class SignOnIn(JoiningIn, frozen=True, kw_only=True):
    """The same, with when and how it is known."""

    at: Happened = None
    source: Heard = None


class ShiftChangeIn(WhenIn, frozen=True, kw_only=True):
    """Who takes over; all others leave, at one moment."""

    coming: Annotated[list[JoiningIn], Meta(max_length=len(SEATS))]


class VehicleChangeIn(WhenIn, frozen=True, kw_only=True):
    """The vehicle to which the whole crew goes over."""

    to_unit_id: UUID


class KitIn(WhenIn, frozen=True, kw_only=True):
    """All that is on board; what is not named is not there."""

    kit: Annotated[list[str], Meta(max_length=100, examples=[["bls", "aed"]])]


class DutyCorrectionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From when until when somebody was really on board; `never`: they were not."""

    from_at: Aware | None = None
    until_at: Annotated[Aware | None, Meta(description="Null: still on board.")] = None
    never: bool = False
    source: Heard = None


class CrewDutyOut(msgspec.Struct, frozen=True):
    """A person on board, as what, in which seat, for a time."""

    id: UUID
    unit_id: UUID
    person_id: UUID
    person_name: Annotated[str | None, Meta(description="Null where it is erased, or not yours to know.")]
    skill: Skill
    seat: int
    from_at: datetime
    until_at: Annotated[datetime | None, Meta(description="Null: on board.")]
    source: Source
    recorded_at: Annotated[datetime, Meta(description="Time of entry.")]
    corrects: UUID | None
    voided_at: Annotated[datetime | None, Meta(description="It was corrected, and counts no more.")]


class OwnDutyOut(msgspec.Struct, frozen=True):
    """Where one is signed on oneself."""

    duty: Annotated[CrewDutyOut | None, Meta(description="Null: nowhere.")]


class CrewOnBoardOut(msgspec.Struct, frozen=True):
    """Who is on board now, by seat, and what the unit is with them."""

    crew: list[CrewDutyOut]
    unit: FleetRow


class KitChangedOut(msgspec.Struct, frozen=True):
    """The codes that came on board or left."""

    changed: list[str]
    unit: FleetRow


class UnitHistoryOut(msgspec.Struct, frozen=True):
    """A unit as it stands, who is on board, and what was told of it in a period, by true time."""

    unit: FleetRow
    crew: list[CrewDutyOut]
    from_at: datetime
    until_at: datetime
    statuses: Annotated[list[StatusEntryOut], Meta(description="All versions: `corrects` names what was corrected.")]
    duties: Annotated[list[CrewDutyOut], Meta(description="All versions: `voided_at` tells what counts no more.")]
    runs: list[TimedRunOut]
