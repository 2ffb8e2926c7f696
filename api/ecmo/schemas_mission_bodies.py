"""What is sent of missions: plans chosen, states, bookings, ticks, promises, readings."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from api.acting import AnyVersion, LateIn
from api.roads.schemas import Aware
from dispatch.ecmo.states_kit import CheckList, Consent, EcmoKitKind, GateReason, Promise, TeamRole
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanKind
from dispatch.hospitals.states_status import BedKind


class EcmoKitIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A piece of kit for the list."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]
    kind: EcmoKitKind
    hospital_id: UUID
    size: Annotated[str, Meta(max_length=40)] = ""
    expires_at: Aware | None = None
    water_l: Annotated[float, Meta(gt=0, le=100)] | None = None
    capacity_wh: Annotated[float, Meta(gt=0, le=20_000)] | None = None


class KitCheckIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Somebody looked at it."""

    is_ready: bool
    hospital_id: UUID | None = None


class TeamDutyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Somebody on call for missions."""

    hospital_id: UUID
    person_id: UUID
    roles: Annotated[list[TeamRole], Meta(min_length=1)]
    from_at: Aware
    until_at: Aware


class PlanIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of the plans that can be had; its times are reckoned anew."""

    kind: PlanKind
    via: Annotated[
        UUID | None, Meta(description="The hospital it was shown with; null: whichever is the best now.")
    ] = None
    aircraft: Annotated[str | None, Meta(description="The aircraft it was shown with; null: the best now.")] = None
    version: AnyVersion = None


class StateIn(LateIn, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The state that the mission has come to."""

    state: MissionState
    version: AnyVersion = None
    override: Annotated[bool, Meta(description="The lead passes the gate with items open; the reason may follow.")] = (
        False
    )


class MissionVehicleIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A vehicle asked for."""

    unit_id: UUID
    instead: Annotated[
        bool,
        Meta(description="Of the one that was asked for before, which stays on the incident until it is taken off."),
    ] = False


class BookingIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A piece of kit, or somebody in a role."""

    kit_id: UUID | None = None
    person_id: UUID | None = None
    role: TeamRole | None = None


class CheckIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An item ticked, or taken back."""

    checklist: CheckList
    item: Annotated[str, Meta(min_length=1, max_length=40)]
    ticked: bool = True


class ReasonIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why a gate was passed with items open."""

    reason: GateReason


class PromiseIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is reserved or told."""

    what: Promise
    bed: BedKind | None = None
    consent: Consent | None = None


class PressureIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A cylinder as it was read."""

    kit_id: UUID
    bar: Annotated[float, Meta(ge=0, le=350)]
    is_open: bool = True


class DemandIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is breathed: L/min of sweep gas (never blood flow) and of the ventilator."""

    sweep: Annotated[float, Meta(ge=0, le=100)]
    minute_volume: Annotated[float, Meta(ge=0, le=100)]
    fio2: Annotated[float, Meta(ge=0.21, le=1)]
    bias: Annotated[float, Meta(ge=0, le=100)] = 0.0
    other: Annotated[float, Meta(ge=0, le=100)] = 0.0


class BatteryIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A battery as it was tried."""

    kit_id: UUID
    health: Annotated[float, Meta(ge=0, le=1)]
    load_w: Annotated[float, Meta(ge=0, le=10_000)]
    temperature_c: Annotated[float, Meta(ge=-60, le=80)]
    changeover: Annotated[bool, Meta(description="It was seen to take over from the mains.")]
