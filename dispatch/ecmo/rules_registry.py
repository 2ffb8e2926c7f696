"""The registry of transfers as rows: groups of fields in the manner of ELSO's; no conformance is claimed. Pure.

Without patient data each transfer is moved so that its request falls on the full hour: every interval stays to the
minute. Ages are cut to ten years, numbers become counters; names never leave with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from dispatch.ecmo.rules_after import KPIS, Measured
from dispatch.ecmo.states_after import EcmoMark

_YEARS: Final = 10
_MARKS: Final[Mapping[EcmoMark, str]] = {
    EcmoMark.ASKED: "referral.asked_at",
    EcmoMark.DECIDED: "referral.decided_at",
    EcmoMark.WHEELS: "transport.wheels_at",
    EcmoMark.WITH_PATIENT: "transport.with_patient_at",
    EcmoMark.PUNCTURE: "cannulation.puncture_at",
    EcmoMark.FLOW: "cannulation.flow_at",
    EcmoMark.DEPARTED: "transport.departed_at",
    EcmoMark.ARRIVED: "transport.arrived_at",
    EcmoMark.HANDED_OVER: "transport.handed_over_at",
}
FIELDS: Final = (
    *("run.id", "run.mode", "run.indication", "run.decision", "run.state"),
    *("patient.sex", "patient.age_years", "patient.age_from", "patient.weight_kg"),
    *("pre_ecmo.fio2", "pre_ecmo.pao2", "pre_ecmo.paco2", "pre_ecmo.ph", "pre_ecmo.peep", "pre_ecmo.lactate"),
    *("pre_ecmo.support", "transport.kind", "transport.primary", "transport.origin", "transport.centre"),
    *_MARKS.values(),
    *(f"times.{one.id}_min" for one in KPIS),
    *("complications.number", "complications.codes", "outcome.h24", "outcome.discharge", "mark"),
)
_NUMBERS: Final = frozenset({
    "patient.age_years", "patient.age_from", "patient.weight_kg", "pre_ecmo.fio2", "pre_ecmo.pao2", "pre_ecmo.paco2",
    "pre_ecmo.ph", "pre_ecmo.peep", "pre_ecmo.lactate", "complications.number",
    *(f"times.{one.id}_min" for one in KPIS),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Transfer:
    """One request with what came of it. values: the newest measured before the circuit ran, by item."""

    number: str
    asked_at: datetime
    mode: str
    indication: str | None
    decision: str
    state: str
    sex: str
    age_years: int | None
    weight_kg: float | None
    values: Mapping[str, object]
    support: Sequence[str]
    plan_kind: str | None
    is_primary: bool | None
    origin: str
    centre: str
    marks: Mapping[EcmoMark, datetime]
    measured: Sequence[Measured]
    adverse: Sequence[str]
    outcomes: Mapping[str, str]


def registry(transfers: Sequence[Transfer], mark: str) -> pl.LazyFrame:
    """The table. mark: who took patient data out, when and why, in each row; "": they are left out."""
    rows = [_row(one, place, mark) for place, one in enumerate(transfers, start=1)]
    schema = {
        name: pl.Datetime("us", "UTC") if name.endswith("_at") else pl.Float64() if name in _NUMBERS else pl.String()
        for name in FIELDS
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row").lazy()
    return frame if mark else frame.drop("patient.age_years", "mark")


def _row(one: Transfer, place: int, mark: str) -> dict[str, object]:
    hour = one.asked_at.replace(minute=0, second=0, microsecond=0)
    moved = timedelta() if mark else one.asked_at - hour
    told: dict[str, object] = {
        "run.id": one.number if mark else str(place), "run.mode": one.mode, "run.indication": one.indication,
        "run.decision": one.decision, "run.state": one.state, "patient.sex": one.sex,
        "patient.age_years": None if one.age_years is None else float(one.age_years),
        "patient.age_from": None if one.age_years is None else float(one.age_years // _YEARS * _YEARS),
        "patient.weight_kg": one.weight_kg, "pre_ecmo.support": ";".join(one.support),
        "transport.kind": one.plan_kind, "transport.origin": one.origin, "transport.centre": one.centre,
        "transport.primary": None if one.is_primary is None else "yes" if one.is_primary else "no",
        "complications.number": float(len(one.adverse)), "complications.codes": ";".join(one.adverse),
        "outcome.h24": one.outcomes.get("h24"), "outcome.discharge": one.outcomes.get("discharge"), "mark": mark,
    }  # fmt: skip
    for item in ("fio2", "pao2", "paco2", "ph", "peep", "lactate"):
        value = one.values.get(item)
        told[f"pre_ecmo.{item}"] = float(value) if isinstance(value, int | float) else None
    told |= {name: None if (at := one.marks.get(known)) is None else at - moved for known, name in _MARKS.items()}
    told |= {f"times.{known.kpi.id}_min": known.minutes for known in one.measured}
    return {name: told[name] for name in FIELDS}
