"""What goes over the wire of detections."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.acting import Version
from api.ingest.lookout import Unwatched
from dispatch.clinical.rules_circuit import CIRCUIT as CIRCUIT_LIMITS
from dispatch.clinical.rules_circuit import DROP
from dispatch.clinical.rules_limits import LIMITS
from dispatch.clinical.rules_news2 import News2Level, Parameter
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.clinical.states import AlarmPriority, NoAdult
from dispatch.telemetry.detection.queries import Seat
from dispatch.telemetry.detection.states import CHANGE, CIRCUIT, LIMIT, OFFERED, TYPED, DetectionKind, Side
from dispatch.telemetry.detection.tables import Detection, DetectionAcknowledgement
from dispatch.units.states_duty import UnitStatus


class AcknowledgeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was looked at."""

    version: Version


class AcknowledgementOut(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody of a side has seen it."""

    side: Side
    organisation: Annotated[str | None, Meta(description="Whose hospital's; null for the other sides.")]
    actor: Annotated[str, Meta(description="`person:ID`.")]
    name: Annotated[str | None, Meta(description="That person's name; null once it is erased.")]
    at: datetime


class DetectionOut(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm, or a status offered to the crew. Times are true ones, by the service's clock."""

    id: UUID
    version: int
    kind: DetectionKind
    code: Annotated[
        str,
        Meta(
            description="`ecg.asystole`, `ecg.lead_off`, `ecg.no_leads`, `limit.NAME` and `change.NAME` (names of "
            "`limits.toml`), `typed.NAME` (such a limit, by a value that a person typed), `circuit.NAME` "
            "(`circuit.drop_high`; see `circuit.toml`), `news2.urgent`, `news2.emergency`, `device.CODE` (the "
            "maker's), `crew.CALL` (what the crew calls for), `vehicle.stopped`, `vehicle.off_route`, "
            "`vehicle.departed`, `vehicle.at_scene`, `vehicle.at_hospital`."
        ),
    ]
    priority: Annotated[AlarmPriority | None, Meta(description="Of IEC 60601-1-8; null for an offer.")]
    offered: Annotated[UnitStatus | None, Meta(description="The status that an offer is for; never set by itself.")]
    unit_id: UUID
    slot: Annotated[int | None, Meta(description="The patient's place in the vehicle; null: the vehicle itself.")]
    incident_id: UUID
    patient_id: UUID | None
    assignment_id: UUID | None
    signal: Annotated[str | None, Meta(description="What was measured, of `signals.toml`.")]
    unit: Annotated[str | None, Meta(description="Of `value` and `bound`: UCUM; null where they are counts or scores.")]
    value: Annotated[float | None, Meta(description="What was measured when it was found.")]
    bound: Annotated[float | None, Meta(description="What that is measured against.")]
    began_at: datetime
    raised_at: Annotated[datetime, Meta(description="When it had held long enough.")]
    recorded_at: datetime
    ended_at: Annotated[datetime | None, Meta(description="Null: it goes on.")]
    late: Annotated[bool, Meta(description="Found in data that came after newer ones: it was so then.")]
    times: Annotated[int, Meta(description="How often it came before anybody acknowledged it.")]
    acknowledged: Annotated[bool, Meta(description="By the asker's own side.")]
    acknowledgements: list[AcknowledgementOut]


class UnwatchedOut(msgspec.Struct, frozen=True, kw_only=True):
    """A patient whose data are kept and shown, but not looked at for alarms yet (报警检测未跟上)."""

    patient_id: UUID
    incident_id: UUID
    unit_id: UUID
    slot: Annotated[int, Meta(description="The patient's place in the vehicle.")]
    since: Annotated[datetime, Meta(description="Alarms are looked for up to here.")]
    frames: Annotated[int, Meta(description="How many frames wait to be looked at.")]


class DetectionsOut(msgspec.Struct, frozen=True, kw_only=True):
    """High before medium before low before offers, then the newest first; at most 500."""

    detections: list[DetectionOut]
    unwatched: Annotated[
        list[UnwatchedOut],
        Meta(
            description="At whom alarms are not looked for in time: here an absent alarm says nothing. A technical "
            "alarm of medium priority (IEC 60601-1-8). What waits is looked at late and marked so, never passed over. "
            "Empty where it was asked about one incident or patient."
        ),
    ]


class ScoreOut(msgspec.Struct, frozen=True, kw_only=True):
    """NEWS2 of what was measured last. The table awaits a medical director."""

    patient_id: UUID
    at: Annotated[datetime, Meta(description="As seen now.")]
    none: Annotated[NoAdult | None, Meta(description="Why there is no score; it is for adults only.")]
    low: Annotated[int | None, Meta(description="The lowest that the score can be; null: there is no score.")]
    high: Annotated[int | None, Meta(description="The highest; the same as `low` when it is complete.")]
    level: Annotated[News2Level | None, Meta(description="What is certain already, of `low`.")]
    points: Annotated[dict[str, int], Meta(description="Of each parameter that is known and fresh.")]
    missing: Annotated[list[Parameter], Meta(description="Not measured, or too long ago.")]
    left_out: Annotated[
        list[str],
        Meta(description="Signals that count as missing: while he is on a circuit, limits of the ECMO transfer hold."),
    ]
    version: Annotated[str, Meta(description="Of the table.")]
    signed_off: bool


_VEHICLE: Final = "vehicle."
_OF_RULES: Final = {
    "flow_reversed": "ecmo_flow", "flow_below_set": "ecmo_flow", "flow_far_below_set": "ecmo_flow",
    "speed_up_flow_down": "ecmo_flow", "fault_flow": "ecmo_flow", "fault_pressure": "ecmo_post_membrane",
    "venous_pressure_swings": "ecmo_venous_pressure", "drop_rising": DROP, "resistance_rising": DROP,
    "sweep_off_set": "ecmo_sweep", "mains_lost": "ecmo_mains", "battery_short": "ecmo_battery_runtime",
    "battery_reserve": "ecmo_battery_runtime",
}  # fmt: skip
DETECTION: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-000000000d01",
    "version": 2,
    "kind": "alarm",
    "code": "limit.spo2_low",
    "priority": "medium",
    "offered": None,
    "unit_id": "0198c0de-0000-7000-8000-000000000701",
    "slot": 1,
    "incident_id": "0198c0de-0000-7000-8000-000000000501",
    "patient_id": "0198c0de-0000-7000-8000-000000000601",
    "assignment_id": None,
    "signal": "spo2",
    "unit": "%",
    "value": 89.0,
    "bound": 92.0,
    "began_at": "2026-11-27T03:10:00Z",
    "raised_at": "2026-11-27T03:10:10Z",
    "recorded_at": "2026-11-27T03:10:10.2Z",
    "ended_at": None,
    "late": False,
    "times": 1,
    "acknowledged": False,
    "acknowledgements": [
        {
            "side": "crew",
            "organisation": None,
            "actor": "person:0198c0de-0000-7000-8000-000000000901",
            "name": "王医生",
            "at": "2026-11-27T03:10:31Z",
        }
    ],
}
SCORE: Final[dict[str, Any]] = {
    "patient_id": "0198c0de-0000-7000-8000-000000000601",
    "at": "2026-11-27T03:10:00Z",
    "none": None,
    "low": 4,
    "high": 7,
    "level": "single",
    "points": {"respiratory_rate": 0, "spo2": 3, "systolic": 0, "pulse": 1, "consciousness": 0, "oxygen": 0},
    "missing": ["temperature"],
    "left_out": [],
    "version": "1",
    "signed_off": False,
}

UNWATCHED: Final[dict[str, Any]] = {
    "patient_id": "0198c0de-0000-7000-8000-000000000602",
    "incident_id": "0198c0de-0000-7000-8000-000000000502",
    "unit_id": "0198c0de-0000-7000-8000-000000000702",
    "slot": 1,
    "since": "2026-11-27T03:09:40Z",
    "frames": 118,
}


def unwatched_out(one: Unwatched) -> UnwatchedOut:
    """Tell at whom alarms are not looked for."""
    return UnwatchedOut(
        patient_id=one.patient_id, incident_id=one.incident_id, unit_id=one.unit_id, slot=one.slot, since=one.since,
        frames=one.frames,
    )  # fmt: skip


def detection_out(
    row: Detection,
    acknowledgements: Iterable[DetectionAcknowledgement],
    names: Mapping[str, str],
    seats: Collection[Seat],
) -> DetectionOut:
    """Tell a detection to somebody of these sides."""
    told = list(acknowledgements)
    signal = signal_of(row.code)
    return DetectionOut(
        id=row.id,
        version=row.version,
        kind=DetectionKind(row.kind),
        code=row.code,
        priority=None if row.priority is None else AlarmPriority(row.priority),
        offered=UnitStatus(OFFERED[row.code]) if row.code in OFFERED else None,
        unit_id=row.unit_id,
        slot=row.slot or None,
        incident_id=row.incident_id,
        patient_id=row.patient_id,
        assignment_id=row.assignment_id,
        signal=signal,
        unit=_unit_of(row.code, signal),
        value=row.value,
        bound=row.bound,
        began_at=row.began_at,
        raised_at=row.raised_at,
        recorded_at=row.recorded_at,
        ended_at=row.ended_at,
        late=row.late,
        times=row.times,
        acknowledged=any((Side(one.side), one.organisation) in seats for one in told),
        acknowledgements=[
            AcknowledgementOut(
                side=Side(one.side), organisation=one.organisation or None, actor=one.actor,
                name=names.get(one.actor), at=one.at,
            )
            for one in told
        ],
    )  # fmt: skip


def signal_of(code: str) -> str | None:
    """What a detection of that code measured; None where it is no signal's, or the figures do not know it any more."""
    if code.startswith((LIMIT, TYPED)):
        limit = LIMITS.limits.get(code.removeprefix(LIMIT).removeprefix(TYPED))
        return None if limit is None else limit.signal
    if code.startswith(CIRCUIT):
        return circuit_signal(code.removeprefix(CIRCUIT))
    if code.startswith(CHANGE):
        name = code.removeprefix(CHANGE)
        return next((one.signal for one in LIMITS.changes.values() if one.name == name), None)
    return None


def circuit_signal(name: str) -> str | None:
    """The signal of which a finding at a circuit is; None where it is of none, or of several."""
    known = _OF_RULES.get(name)
    if known is not None:
        return known
    stem = name.removesuffix("_low").removesuffix("_high").removesuffix("_very")
    return next((one for one in CIRCUIT_LIMITS if one.removeprefix("ecmo_") == stem), None)


def _unit_of(code: str, signal: str | None) -> str | None:
    if signal == DROP:
        return "mm[Hg]"
    if signal is not None and code != "circuit.resistance_rising":
        return SIGNALS.by_name[signal].unit
    return {"vehicle.stopped": "s", "ecg.asystole": "s"}.get(code, "m" if code.startswith(_VEHICLE) else None)
