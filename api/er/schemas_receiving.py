"""What goes over the wire of how a hospital receives patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.incidents.states_patients import Sex
from dispatch.incidents.tables_patients import Patient
from dispatch.receiving.queries_receptions import Arrived
from dispatch.receiving.queries_times import PatientTimes
from dispatch.receiving.rules_emergency import Clock
from dispatch.receiving.states_emergency import Begins, Centre, Ending, Unsigned, Withdrawal
from dispatch.receiving.tables_prealerts import Prealert
from dispatch.receiving.tables_preparation import PreparationTick
from dispatch.receiving.tables_teams import TeamActivation, TeamStop


class PrealertOut(msgspec.Struct, frozen=True):
    """A hospital was told that a patient is brought to it."""

    id: UUID
    patient_id: UUID
    hospital_id: UUID
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: Annotated[str | None, Meta(description="That person's name; null once it is erased.")]
    escalates_at: Annotated[datetime, Meta(description="When the dispatch centre is told if nobody has acknowledged.")]
    escalated_at: Annotated[datetime | None, Meta(description="When it was.")]
    withdrawn_at: Annotated[datetime | None, Meta(description="The patient is not brought here any more.")]
    withdrawal: Withdrawal | None


class ClockOut(msgspec.Struct, frozen=True):
    """A clock of a team. Figures need sign-off by a medical director."""

    clock: str
    begins: Begins
    stops: Annotated[str, Meta(description="The event that stops it.")]
    began_at: Annotated[datetime | None, Meta(description="Null: not yet, or nobody has told.")]
    warn_s: float
    target_s: float
    stopped_at: datetime | None
    stopped_by: str | None


class TeamOut(msgspec.Struct, frozen=True):
    """A centre's team that was activated for a patient."""

    id: UUID
    patient_id: UUID
    hospital_id: UUID
    number: Annotated[str, Meta(description="Of the incident.")]
    sex: Sex
    age_years: int | None
    centre: Centre
    activated_at: datetime
    activated_by: str | None
    arrived_at: datetime | None
    arrived_by: str | None
    ended_at: datetime | None
    ended_by: str | None
    ending: Ending | None
    clocks: list[ClockOut]


class PlaceOut(msgspec.Struct, frozen=True):
    """A place in a vehicle."""

    unit_id: UUID
    slot: int


class PatientHandoverOut(msgspec.Struct, frozen=True):
    """A patient at the hospital: three times, here, off the crew's stretcher, signed."""

    patient_id: UUID
    hospital_id: UUID
    call_sign: Annotated[str, Meta(description="Of the vehicle that brought it; empty: not known which.")]
    arrived_at: Annotated[datetime | None, Meta(description="T9 of the run, else what the hospital told.")]
    off_at: datetime | None
    off_by: str | None
    signed_at: datetime | None
    signed_by: str | None
    handed_at: Annotated[datetime | None, Meta(description="T10 of the run.")]
    closed_at: Annotated[datetime | None, Meta(description="Closed without a signature, before a witness.")]
    closed_by: str | None
    unsigned: Unsigned | None
    witness: Annotated[str | None, Meta(description="Null also where the name was erased.")]
    wait_s: Annotated[float, Meta(description="Longer on the crew's stretcher alarms.")]
    waits_told_at: Annotated[datetime | None, Meta(description="When it did.")]
    attached: Annotated[list[PlaceOut], Meta(description="Places that carry this patient's data still.")]
    number: Annotated[str, Meta(description="Of the incident.")]
    sex: Sex
    age_years: int | None
    sign_s: Annotated[float, Meta(description="Longer after T10 without a signature alarms.")]
    asked_at: Annotated[datetime | None, Meta(description="The crew told T10, and nobody had signed.")]


class ItemOut(msgspec.Struct, frozen=True):
    """Something to prepare."""

    item: str
    at: Annotated[datetime | None, Meta(description="When somebody said that it is ready; null: nobody has.")]
    by: str | None


class PreparationOut(msgspec.Struct, frozen=True):
    """What is prepared for a patient that is brought. The lists need sign-off by a medical director."""

    patient_id: UUID
    items: list[ItemOut]


class ReceivingOut(msgspec.Struct, frozen=True):
    """What the asker's hospitals do for patients."""

    now: Annotated[datetime, Meta(description="The service's time.")]
    prealerts: Annotated[list[PrealertOut], Meta(description="The oldest first.")]
    teams: Annotated[list[TeamOut], Meta(description="Active ones, and those ended in the last 30 minutes.")]
    handovers: Annotated[
        list[PatientHandoverOut], Meta(description="Who is here, and who was handed over in the last 30 minutes.")
    ]
    preparations: Annotated[list[PreparationOut], Meta(description="Of everybody who is brought.")]


PREALERT_EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-000000000701",
    "patient_id": "0198c0de-0000-7000-8000-000000000601",
    "hospital_id": "0198c0de-0000-7000-8000-000000000101",
    "raised_at": "2026-11-27T02:58:11Z",
    "acknowledged_at": "2026-11-27T02:58:40Z",
    "acknowledged_by": "示例急诊医生",
    "escalates_at": "2026-11-27T03:00:11Z",
    "escalated_at": None,
    "withdrawn_at": None,
    "withdrawal": None,
}


def prealert_out(row: Prealert, names: Mapping[str, str], escalate_s: float) -> PrealertOut:
    """Tell a pre-alert."""
    return PrealertOut(
        row.id, row.patient_id, row.hospital_id, row.raised_at, row.acknowledged_at,
        names.get(row.acknowledged_by or ""), row.raised_at + timedelta(seconds=escalate_s), row.escalated_at,
        row.withdrawn_at, Withdrawal(row.withdrawal) if row.withdrawal else None,
    )  # fmt: skip


HANDOVER_EXAMPLE: Final[dict[str, Any]] = {
    "patient_id": PREALERT_EXAMPLE["patient_id"],
    "hospital_id": PREALERT_EXAMPLE["hospital_id"],
    "call_sign": "阿-07",
    "arrived_at": "2026-11-27T03:20:00Z",
    "off_at": "2026-11-27T03:24:00Z",
    "off_by": "示例急诊医生",
    "signed_at": None,
    "signed_by": None,
    "handed_at": None,
    "closed_at": None,
    "closed_by": None,
    "unsigned": None,
    "witness": None,
    "wait_s": 900.0,
    "waits_told_at": None,
    "attached": [{"unit_id": "0198c0de-0000-7000-8000-000000000501", "slot": 1}],
    "number": "2026-000123",
    "sex": "male",
    "age_years": 58,
    "sign_s": 600.0,
    "asked_at": None,
}
RECEIVING_EXAMPLE: Final[dict[str, Any]] = {
    "now": "2026-11-27T02:58:41Z",
    "prealerts": [PREALERT_EXAMPLE],
    "teams": [
        {
            "id": "0198c0de-0000-7000-8000-000000000711",
            "patient_id": PREALERT_EXAMPLE["patient_id"],
            "hospital_id": PREALERT_EXAMPLE["hospital_id"],
            "number": "2026-000123",
            "sex": "male",
            "age_years": 58,
            "centre": "chest",
            "activated_at": "2026-11-27T02:58:41Z",
            "activated_by": "示例急诊医生",
            "arrived_at": None,
            "arrived_by": None,
            "ended_at": None,
            "ended_by": None,
            "ending": None,
            "clocks": [
                {
                    "clock": "contact_to_wire",
                    "begins": "contact",
                    "stops": "wire",
                    "began_at": "2026-11-27T02:48:00Z",
                    "warn_s": 6000.0,
                    "target_s": 7200.0,
                    "stopped_at": None,
                    "stopped_by": None,
                }
            ],
        }
    ],
    "handovers": [HANDOVER_EXAMPLE],
    "preparations": [
        {
            "patient_id": PREALERT_EXAMPLE["patient_id"],
            "items": [
                {"item": "ecg_read", "at": "2026-11-27T03:11:00Z", "by": "示例急诊医生"},
                {"item": "cath_lab", "at": None, "by": None},
            ],
        }
    ],
}


def team_out(
    row: TeamActivation,
    patient: Patient,
    number: str,
    clocks: Sequence[Clock],
    stops: Sequence[TeamStop],
    times: PatientTimes,
    names: Mapping[str, str],
) -> TeamOut:
    """Tell a team with its clocks."""
    began = {Begins.CONTACT: times.contact_at, Begins.DOOR: times.door_at, Begins.ACTIVATION: row.activated_at}
    stopped = {one.clock: one for one in stops}

    def clock_out(clock: Clock) -> ClockOut:
        stop = stopped.get(clock.name)
        return ClockOut(
            clock.name, clock.begins, clock.stops, began[clock.begins], clock.warn_s, clock.target_s,
            None if stop is None else stop.at, None if stop is None else names.get(stop.actor),
        )  # fmt: skip

    return TeamOut(
        row.id, row.patient_id, row.hospital_id, number, Sex(patient.sex), patient.age_years, Centre(row.centre),
        row.activated_at, names.get(row.activated_by), row.arrived_at, names.get(row.arrived_by or ""), row.ended_at,
        names.get(row.ended_by or ""), Ending(row.ending) if row.ending else None, [clock_out(one) for one in clocks],
    )  # fmt: skip


def patient_handover_out(one: Arrived, names: Mapping[str, str], wait_s: float, sign_s: float) -> PatientHandoverOut:
    """Tell a handover."""
    row = one.row
    places = [PlaceOut(place.unit_id, place.slot) for place in one.attached]
    who = (one.number, Sex(one.patient.sex), one.patient.age_years)
    if row is None:
        return PatientHandoverOut(
            one.patient_id, one.hospital_id, one.call_sign, one.at, None, None, None, None, one.times.handed_at, None,
            None, None, None, wait_s, None, places, *who, sign_s, None,
        )  # fmt: skip
    return PatientHandoverOut(
        one.patient_id, one.hospital_id, one.call_sign, one.at, row.off_at, names.get(row.off_by or ""), row.signed_at,
        names.get(row.signed_by or ""), one.times.handed_at, row.closed_at, names.get(row.closed_by or ""),
        Unsigned(row.unsigned) if row.unsigned else None, names.get(row.witness or str(row.witness_id)), wait_s,
        row.waits_told_at, places, *who, sign_s, row.asked_at,
    )  # fmt: skip


def preparation_out(
    patient_id: UUID, items: Sequence[str], ticks: Sequence[PreparationTick], names: Mapping[str, str]
) -> PreparationOut:
    """Tell what is prepared for a patient; what was ticked for another pathway stands behind."""
    ready = {one.item: one for one in ticks}
    order = [*items, *(one for one in ready if one not in items)]
    return PreparationOut(
        patient_id,
        [
            ItemOut(item, None, None)
            if item not in ready
            else ItemOut(item, ready[item].at, names.get(ready[item].actor))
            for item in order
        ],
    )
