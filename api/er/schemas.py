"""What goes over the wire of patients that are brought."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from api.dispatching.arrivals import ArrivalOut
from api.er.vitals import Happened, Measured, Point
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.states_patients import Sex
from dispatch.receiving.queries_inbound import Bringing
from dispatch.receiving.states import ChoiceReason, Pathway
from dispatch.telemetry.rules_payloads import Defibrillation
from dispatch.units.states_duty import UnitStatus


class OwnHospitalOut(msgspec.Struct, frozen=True):
    """One of the asker's hospitals."""

    hospital_id: UUID
    name_zh: str
    name_en: str
    name_ug: str
    lat: float
    lon: float


class BringingOut(msgspec.Struct, frozen=True):
    """The vehicle that brings somebody."""

    assignment_id: UUID
    unit_id: UUID
    call_sign: str
    system: str
    status: UnitStatus
    since: Annotated[datetime | None, Meta(description="Since when it has that status.")]


class ValueOut(msgspec.Struct, frozen=True):
    """The newest value of one signal, in its unit (UCUM)."""

    signal: str
    at: Annotated[datetime, Meta(description="True time, by the service's clock.")]
    received_at: datetime
    sure: Annotated[bool, Meta(description="False: the device's clock cannot be trusted; `at` is the receipt.")]
    value: Annotated[float | None, Meta(description="Null: could not be measured.")]
    unit: str
    decimals: Annotated[int, Meta(description="How many are shown.")]
    judged: Annotated[Literal["ok", "soft", "hard"], Meta(description="hard: cannot be right, check by hand.")]
    by_hand: bool


class TrendOut(msgspec.Struct, frozen=True):
    """One signal over time: the last value in each 15 s, and each typed one, without those that cannot be right."""

    signal: str
    at: list[datetime]
    values: list[float]
    by_hand: Annotated[list[bool], Meta(description="Of each, whether a person typed it.")]


class EventOut(msgspec.Struct, frozen=True):
    """Something that a device told."""

    at: datetime
    event: Literal["alarm", "defibrillation"]
    code: Annotated[str, Meta(description="The maker's, of an alarm; else empty.")]
    priority: Annotated[Literal["high", "medium", "low"] | None, Meta(description="Of an alarm.")]
    on: bool
    energy_j: int | None


class MeasuredOut(msgspec.Struct, frozen=True):
    """What was measured at a patient on board."""

    attached: Annotated[bool, Meta(description="A place in a vehicle carries this patient's data now.")]
    since: Annotated[datetime | None, Meta(description="Since when it does.")]
    last_at: Annotated[datetime | None, Meta(description="True time of the newest value.")]
    values: list[ValueOut]
    trends: list[TrendOut]
    events: list[EventOut]


class InboundOut(msgspec.Struct, frozen=True):
    """A patient that is brought to one of the asker's hospitals."""

    patient_id: UUID
    incident_id: UUID
    number: Annotated[str, Meta(description="The incident's spoken number.")]
    priority: Priority
    complaint: Annotated[str, Meta(description="Complaint card; empty: not known yet.")]
    t0: datetime
    sex: Sex
    age_years: int | None
    pathway: Pathway
    hospital_id: UUID
    other_id: Annotated[
        UUID | None, Meta(description="The vehicle is sent to this hospital, or it was chosen: ask which holds.")
    ]
    chosen_at: Annotated[datetime | None, Meta(description="When this hospital was chosen; null: the vehicle is sent.")]
    by: Annotated[BringingOut | None, Meta(description="Null: no vehicle has taken the patient up yet.")]
    eta: Annotated[ArrivalOut | None, Meta(description="Null: it is not on its way here, or there is no road answer.")]
    measured: MeasuredOut


class UnrecordedOut(msgspec.Struct, frozen=True):
    """A vehicle on its way here with somebody of whom there is no record yet."""

    incident_id: UUID
    number: str
    priority: Priority
    complaint: str
    t0: datetime
    pathway: Pathway
    hospital_id: UUID
    by: BringingOut
    eta: ArrivalOut | None


class TurnedOut(msgspec.Struct, frozen=True):
    """A patient that was to come here and is brought to another hospital now."""

    patient_id: UUID
    priority: Priority
    sex: Sex
    age_years: int | None
    pathway: Pathway
    to_zh: str
    to_en: str
    to_ug: str
    at: datetime
    reason: ChoiceReason | None


class InboundsOut(msgspec.Struct, frozen=True):
    """All that is brought to the asker's hospitals: by priority, then by who is here first."""

    now: Annotated[datetime, Meta(description="The service's time.")]
    hospitals: list[OwnHospitalOut]
    patients: list[InboundOut]
    unrecorded: list[UnrecordedOut]
    turned: Annotated[list[TurnedOut], Meta(description="In the last 30 minutes.")]


class ErPatientOut(msgspec.Struct, frozen=True):
    """One patient of the asker's hospital."""

    now: datetime
    patient_id: UUID
    inbound: Annotated[InboundOut | None, Meta(description="Null: brought already, or handed over.")]
    measured: MeasuredOut


def hospital_out(row: Hospital) -> OwnHospitalOut:
    """Tell a hospital."""
    return OwnHospitalOut(row.id, row.name_zh, row.name_en, row.name_ug, row.lat, row.lon)


def bringing_out(by: Bringing) -> BringingOut:
    """Tell a vehicle."""
    return BringingOut(by.assignment_id, by.unit_id, by.call_sign, by.system, by.status, by.since)


def value_out(one: Point) -> ValueOut:
    """Tell a value."""
    return ValueOut(
        one.signal.name, one.at, one.received_at, one.sure, one.value, one.signal.unit, one.signal.decimals,
        one.judged.value, one.by_hand,
    )  # fmt: skip


def event_out(at: datetime, told: Happened) -> EventOut:
    """Tell what a device told."""
    if isinstance(told, Defibrillation):
        return EventOut(at, "defibrillation", "", None, on=True, energy_j=told.energy_j)
    return EventOut(at, "alarm", told.code, told.priority.value, on=told.on, energy_j=None)


def measured_out(known: Measured, now: datetime, trended: timedelta) -> MeasuredOut:
    """Tell what was measured, with trends over so long."""
    place = known.now_in
    trends = [(name, known.trend(name, now - trended)) for name in known.trended]
    newest = known.newest
    return MeasuredOut(
        place is not None, None if place is None else place.attachment.begins_at, known.last_at,
        [value_out(newest[name]) for name in sorted(newest)],
        [
            TrendOut(
                name, [one.at for one in points], [one.value for one in points if one.value is not None],
                [one.by_hand for one in points],
            )
            for name, points in trends
            if points
        ],
        [event_out(at, told) for at, told in known.happened()],
    )  # fmt: skip


_VALUE: Final[dict[str, Any]] = {
    "signal": "heart_rate",
    "at": "2026-11-27T03:12:38Z",
    "received_at": "2026-11-27T03:12:38.4Z",
    "sure": True,
    "value": 104.0,
    "unit": "/min",
    "decimals": 0,
    "judged": "ok",
    "by_hand": False,
}
MEASURED_EXAMPLE: Final[dict[str, Any]] = {
    "attached": True,
    "since": "2026-11-27T02:50:00Z",
    "last_at": "2026-11-27T03:12:38Z",
    "values": [_VALUE],
    "trends": [{"signal": "heart_rate", "at": ["2026-11-27T03:12:38Z"], "values": [104.0], "by_hand": [False]}],
    "events": [],
}
INBOUND_EXAMPLE: Final[dict[str, Any]] = {
    "patient_id": "0198c0de-0000-7000-8000-000000000601",
    "incident_id": "0198c0de-0000-7000-8000-000000000201",
    "number": "2026-000123",
    "priority": "P1",
    "complaint": "K03",
    "t0": "2026-11-27T02:31:00Z",
    "sex": "male",
    "age_years": 58,
    "pathway": "chest",
    "hospital_id": "0198c0de-0000-7000-8000-000000000101",
    "other_id": None,
    "chosen_at": "2026-11-27T02:58:10Z",
    "by": {
        "assignment_id": "0198c0de-0000-7000-8000-000000000401",
        "unit_id": "0198c0de-0000-7000-8000-000000000501",
        "call_sign": "阿-07",
        "system": "civil",
        "status": "transporting",
        "since": "2026-11-27T02:59:00Z",
    },
    "eta": None,
    "measured": MEASURED_EXAMPLE,
}
