"""Places in vehicles, whose their data are, and vital signs, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from api.acting import LateIn
from api.patients.schemas import PATIENT_ID, UNIT_ID

Slot = Annotated[int, Meta(ge=1, le=9, description="A patient's place in the vehicle, as its monitor has it.")]


class AttachIn(LateIn, frozen=True, kw_only=True):
    """The patient whose data a place carries from now on, or from `at`."""

    patient_id: UUID
    instead_of: Annotated[
        UUID | None,
        Meta(description="The `mark_id` of an attachment that was a mistake: the patient's from its time on."),
    ] = None


class DetachIn(LateIn, frozen=True, kw_only=True):
    """From now on, or from `at`, its data are nobody's."""


class SlotOut(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a vehicle."""

    slot: int
    attached: Annotated[bool, Meta(description="False: what comes is nobody's (未归属).")]
    patient_id: Annotated[UUID | None, Meta(description="Null also for a patient that the asker does not reach.")]
    since: datetime | None
    mark_id: Annotated[UUID | None, Meta(description="Of the attachment, for withdrawing it.")]
    last_at: Annotated[datetime | None, Meta(description="True time of the newest data; null: none came yet.")]


class SlotsOut(msgspec.Struct, frozen=True, kw_only=True):
    """All places of a vehicle that ever sent something or carried somebody."""

    slots: list[SlotOut]


class AttachedOut(msgspec.Struct, frozen=True, kw_only=True):
    """A period in which a place in a vehicle carried a patient's data."""

    unit_id: UUID
    slot: int
    begins_at: datetime
    ends_at: datetime | None


class VitalOut(msgspec.Struct, frozen=True, kw_only=True):
    """One measured value, in the signal's unit (UCUM)."""

    at: Annotated[datetime, Meta(description="True time, by the service's clock.")]
    received_at: datetime
    sure: Annotated[bool, Meta(description="False: the device's clock cannot be trusted; `at` is the receipt.")]
    signal: str
    value: Annotated[float | None, Meta(description="Null: could not be measured.")]
    unit: str
    judged: Annotated[
        Literal["ok", "soft", "hard"],
        Meta(description="soft: unusual, marked; hard: cannot be right, shown crossed out (请人工核对), in no trend."),
    ]
    by_hand: Annotated[bool, Meta(description="Typed by a person.")]
    unit_id: Annotated[UUID | None, Meta(description="Null: it was typed elsewhere than on board.")]
    slot: Annotated[int | None, Meta(description="Null: typed on the crew's page, and at no place of the vehicle.")]


class VitalsOut(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured at a patient on board. The ranges are those of adults and await a medical director."""

    attached: list[AttachedOut]
    values: list[VitalOut]
    more: Annotated[bool, Meta(description="There are more; ask from the last `at` on.")]


ATTACHED: Final = {"unit_id": UNIT_ID, "slot": 1, "begins_at": "2026-11-22T09:30:00Z", "ends_at": None}
SLOT: Final = {
    "slot": 1,
    "attached": True,
    "patient_id": PATIENT_ID,
    "since": "2026-11-22T09:30:00Z",
    "mark_id": "0198c0de-0000-7000-8000-000000000f21",
    "last_at": "2026-11-22T09:30:04Z",
}
VITAL: Final = {
    "at": "2026-11-22T09:30:04Z",
    "received_at": "2026-11-22T09:30:05Z",
    "sure": True,
    "signal": "heart_rate",
    "value": 96.0,
    "unit": "/min",
    "judged": "ok",
    "by_hand": False,
    "unit_id": UNIT_ID,
    "slot": 1,
}
