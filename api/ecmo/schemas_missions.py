"""What goes over the wire of missions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.ecmo.schemas_diversion import DiversionOut
from api.ecmo.schemas_plans import FlightAnswerOut
from dispatch.ecmo.states import Go, Mode, Reading
from dispatch.ecmo.states_kit import (
    CheckList,
    Consent,
    EcmoKitKind,
    GateReason,
    KitProblem,
    Passage,
    Promise,
    TeamRole,
)
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_plans import PlanKind, PlanMark
from dispatch.hospitals.states_status import BedKind


class MissionRow(msgspec.Struct, frozen=True):
    """A mission in the list."""

    id: UUID
    request_id: UUID
    centre_id: UUID
    from_hospital_id: UUID | None
    to_hospital_id: UUID
    mode: Mode
    is_primary: Annotated[bool, Meta(description="The team cannulates; else a circuit runs already.")]
    state: MissionState
    version: int
    began_at: datetime
    incident_id: Annotated[UUID | None, Meta(description="Of the dispatch core; it carries the vehicle.")]
    unit_id: UUID | None
    open_gate: Annotated[CheckList | None, Meta(description="A gate passed with items open, unexplained: warns all.")]


class MissionsOut(msgspec.Struct, frozen=True):
    """Missions under way and of the last days, the newest first."""

    at: datetime
    missions: list[MissionRow]


class ExpectedOut(msgspec.Struct, frozen=True):
    """One of the mission's moments as things stand. planned: null where only the road tells it."""

    mark: PlanMark
    planned: datetime | None
    likely: datetime
    slow: datetime
    happened: datetime | None
    late_s: float


class MissionStepOut(msgspec.Struct, frozen=True):
    """The mission went over into a state."""

    state: MissionState
    at: datetime
    actor: str


class BookingOut(msgspec.Struct, frozen=True):
    """A piece of kit, or somebody in a role."""

    id: UUID
    kit_id: UUID | None
    person_id: UUID | None
    name: Annotated[str | None, Meta(description="Of the person; null: kit, or erased.")]
    role: TeamRole | None
    from_at: datetime
    until_at: datetime | None


class MissingOut(msgspec.Struct, frozen=True):
    """What is still missing."""

    what: Annotated[str, Meta(description="A role of the team, or a kind of kit.")]
    number: int
    could: Annotated[list[UUID], Meta(description="People on call, or hospitals that have a piece that counts.")]


class CheckItemOut(msgspec.Struct, frozen=True):
    """An item of a list."""

    item: str
    at: Annotated[datetime | None, Meta(description="When it was ticked; null: open.")]
    actor: str | None
    name: str | None


class CheckListOut(msgspec.Struct, frozen=True):
    """A list with its items, in the order in which they are read out."""

    checklist: CheckList
    is_gate: bool
    ticked: int
    items: list[CheckItemOut]


class PassageOut(msgspec.Struct, frozen=True):
    """How a gate was passed."""

    id: UUID
    checklist: CheckList
    how: Passage
    open_items: list[str]
    at: datetime
    actor: str
    reason: GateReason | None


class PromiseOut(msgspec.Struct, frozen=True):
    """What is reserved or told."""

    id: UUID
    what: Promise
    bed: BedKind | None
    consent: Consent | None
    asked_at: datetime
    acknowledged_at: Annotated[datetime | None, Meta(description="Null: nobody has acknowledged it yet.")]
    acknowledged_by: str | None


class CylinderOut(msgspec.Struct, frozen=True):
    """A cylinder. Unread and closed ones count nothing."""

    kit_id: UUID
    code: str
    water_l: float
    bar: float | None
    reading: Reading
    read_at: datetime | None


class OxygenOut(msgspec.Struct, frozen=True):
    """Whether oxygen reaches: with the largest cylinder lost, at the worse of the flow now and FiO2 1.0."""

    go: Go
    warns: Annotated[bool, Meta(description="Long before the need: it will not reach with an hour to spare.")]
    usable_l: float
    counted_l: Annotated[float, Meta(description="Without the largest cylinder.")]
    required_l: float
    flow: Annotated[float, Meta(description="L/min of oxygen now.")]
    worst_flow: float
    lasts_min: Annotated[float | None, Meta(description="Null: nothing is drawn.")]
    lasts_worst_min: float | None


class DemandOut(msgspec.Struct, frozen=True):
    """What is breathed, as last told or as devices on board tell now: L/min, and FiO2 from 0.21 to 1."""

    sweep: float
    minute_volume: float
    fio2: float
    bias: float
    other: float
    sweep_fio2: float
    measured: Annotated[list[str], Meta(description="Names of the fields that a device tells; the others were read.")]


class PowerOut(msgspec.Struct, frozen=True):
    """Whether a battery reaches. One that was never tried counts with nothing."""

    kit_id: UUID
    code: str
    capacity_wh: float
    health: float
    load_w: float
    temperature_c: float
    go: Go
    runtime_min: Annotated[float | None, Meta(description="Null: nothing hangs on it.")]
    required_min: float
    changeover: bool


class GasOut(msgspec.Struct, frozen=True):
    """Oxygen and power by what was last read."""

    minutes: Annotated[float | None, Meta(description="Until the bed when all goes slowly; null: no plan tells.")]
    oxygen_go: Annotated[bool, Meta(description="False also where something is not known.")]
    power_go: bool
    demand: Annotated[DemandOut | None, Meta(description="Null: nobody has told it yet.")]
    oxygen: Annotated[OxygenOut | None, Meta(description="Null: plan or demand is not known.")]
    cylinders: list[CylinderOut]
    power: list[PowerOut]


class MissionOut(msgspec.Struct, frozen=True):
    """A mission with all that belongs to it."""

    at: datetime
    mission: MissionRow
    rules_version: str
    plan_kind: PlanKind | None
    plan_via: UUID | None
    plan_aircraft: str | None
    flight: Annotated[FlightAnswerOut | None, Meta(description="What its operator answered last; null: nothing.")]
    planned_at: datetime | None
    fit_to_move_at: datetime | None
    fit_to_move_by: str | None
    expected: Annotated[list[ExpectedOut], Meta(description="The plan's moments, told anew; else what the road tells.")]
    steps: list[MissionStepOut]
    bookings: list[BookingOut]
    team_lacking: list[MissingOut]
    kit_lacking: list[MissingOut]
    lists: list[CheckListOut]
    passages: list[PassageOut]
    promises: list[PromiseOut]
    diversions: Annotated[list[DiversionOut], Meta(description="The oldest first.")]
    stands_unit_id: Annotated[
        UUID | None, Meta(description="The vehicle by which it stands, until another is asked for; null: it does not.")
    ]
    no_way_at: Annotated[
        datetime | None, Meta(description="Since when no open road leads to where the vehicle drives; null: one does.")
    ]
    gas: GasOut
    names: Annotated[dict[str, str], Meta(description="What those who did something are called now, by actor.")]


class KitOut(msgspec.Struct, frozen=True):
    """A piece of kit."""

    id: UUID
    code: str
    kind: EcmoKitKind
    size: str
    hospital_id: UUID
    is_ready: bool
    expires_at: datetime | None
    checked_at: datetime | None
    water_l: float | None
    capacity_wh: float | None
    mission_id: Annotated[UUID | None, Meta(description="The mission that has it now.")]
    problems: list[KitProblem]
    expires_soon: Annotated[bool, Meta(description="It will have expired before long; figures: missions.toml.")]


class TeamDutyOut(msgspec.Struct, frozen=True):
    """Somebody on call for missions."""

    id: UUID
    hospital_id: UUID
    person_id: UUID
    name: str | None
    roles: list[TeamRole]
    from_at: datetime
    until_at: datetime
    mission_id: Annotated[UUID | None, Meta(description="The mission that he is in now; null of a duty to come.")]


class ResourcesOut(msgspec.Struct, frozen=True):
    """All kit, and who is on call now."""

    at: datetime
    kit: list[KitOut]
    duties: list[TeamDutyOut]


class TeamDutiesOut(msgspec.Struct, frozen=True):
    """Who is on call for missions now, and next: the first to begin first."""

    at: datetime
    duties: list[TeamDutyOut]


class TeamPersonOut(msgspec.Struct, frozen=True):
    """Somebody who can be put on call."""

    person_id: UUID
    name: str
    organisation: str
    is_physician: Annotated[bool, Meta(description="Holds the role of an ECMO physician, of whatever centre.")]


class TeamPeopleOut(msgspec.Struct, frozen=True):
    """Who can be put on call for missions, by name."""

    people: list[TeamPersonOut]


_ROW: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-000000000401", "request_id": "0198c0de-0000-7000-8000-000000000402",
    "centre_id": "0198c0de-0000-7000-8000-000000000101", "from_hospital_id": "0198c0de-0000-7000-8000-000000000102",
    "to_hospital_id": "0198c0de-0000-7000-8000-000000000101", "mode": "vv", "is_primary": True, "state": "preparing",
    "version": 3, "began_at": "2026-11-27T11:21:00Z", "incident_id": None, "unit_id": None, "open_gate": None,
}  # fmt: skip
MISSIONS_EXAMPLE: Final[dict[str, Any]] = {"at": "2026-11-27T11:34:10Z", "missions": [_ROW]}
