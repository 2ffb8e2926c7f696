"""Entries of a patient's chart, and what can be written there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from api.fleet.when import Happened, Sent
from api.patients.schemas import UNIT_ID
from dispatch.charting.rules import FORMS, Charted, Treatment
from dispatch.charting.states import Group
from dispatch.charting.tables import ChartEntry
from dispatch.clinical.rules_signals import SIGNALS, Range, Signal, judge_together
from dispatch.incidents.states import Source


class ChartIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Values measured by hand at one moment, or one treatment."""

    id: Annotated[UUID, Meta(description="A fresh id of your own: what is sent twice is kept once.")]
    values: Annotated[
        dict[str, float] | None,
        Meta(description="By signal, in its unit. What cannot be right is kept, and shown crossed out."),
    ] = None
    treatment: Annotated[
        Annotated[str, Meta(max_length=40)] | None, Meta(description="Its code, of `/api/chart-forms`.")
    ] = None
    amount: Annotated[float | None, Meta(description="In the treatment's unit; null: not said.")] = None
    unit_id: Annotated[UUID | None, Meta(description="The vehicle on which it was written.")] = None
    corrects: Annotated[UUID | None, Meta(description="The entry in whose place this one stands; both are kept.")] = (
        None
    )
    at: Happened = None
    sent_at: Sent = None

    def charted(self) -> Charted:
        """The same as the domain takes it."""
        return Charted(self.values, self.treatment, self.amount)


class ChartedValueOut(msgspec.Struct, frozen=True):
    """One value, in its signal's unit (UCUM)."""

    signal: str
    value: float
    unit: str
    decimals: Annotated[int, Meta(description="How many are shown.")]
    judged: Annotated[Literal["ok", "soft", "hard"], Meta(description="hard: cannot be right, check by hand.")]


class ChartEntryOut(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. It is never changed."""

    id: UUID
    patient_id: Annotated[UUID, Meta(description="Another one, where that record was merged into the asked one.")]
    unit_id: UUID | None
    at: Annotated[datetime, Meta(description="True time.")]
    entered_at: datetime
    source: Source
    author: str
    author_name: str | None
    values: list[ChartedValueOut]
    treatment: Annotated[str | None, Meta(description="Its code; `other`: an order that no list has, see `words`.")]
    words: Annotated[str | None, Meta(description="Of such an order, unless they were erased; else null.")]
    amount: float | None
    unit: Annotated[str, Meta(description="Of the amount; empty: it has none.")]
    corrects: UUID | None
    counts: Annotated[bool, Meta(description="False: withdrawn, or another entry stands in its place.")]
    withdrawn_at: datetime | None
    withdrawn_by: Annotated[str | None, Meta(description="The name.")]


class ChartOut(msgspec.Struct, frozen=True):
    """All that was ever written down at a patient, by true time."""

    entries: list[ChartEntryOut]


class RangeOut(msgspec.Struct, frozen=True):
    """Both ends belong to it."""

    low: float
    high: float


class HandSignalOut(msgspec.Struct, frozen=True):
    """Something that a person can measure and type. Outside of `hard` it is asked back."""

    name: str
    zh: str
    en: str
    unit: str
    decimals: int
    soft: RangeOut | None
    hard: RangeOut | None


class TreatmentOut(msgspec.Struct, frozen=True):
    """One treatment. `amount` is offered, changed by `step`; above `most` it is asked back."""

    code: str
    group: Group
    zh: str
    en: str
    ug: str
    amount: float | None
    step: float | None
    most: float | None
    unit: str


class ChartFormsOut(msgspec.Struct, frozen=True):
    """What can be written down."""

    version: str
    signed_off: Annotated[bool, Meta(description="False: no medical director has signed the list off.")]
    signals: list[HandSignalOut]
    treatments: list[TreatmentOut]


def entry_out(
    row: ChartEntry, names: Mapping[str, str], gone: frozenset[UUID], words: Mapping[UUID, str]
) -> ChartEntryOut:
    """Tell an entry. gone: those that count no more; words: of orders that no list has."""
    measured = row.measured or {}
    judged = judge_together(measured)
    treatment = FORMS.treatments.get(row.treatment or "")
    return ChartEntryOut(
        id=row.id,
        patient_id=row.patient_id,
        unit_id=row.unit_id,
        at=row.at,
        entered_at=row.entered_at,
        source=Source(row.source),
        author=row.actor,
        author_name=names.get(row.actor),
        values=[_value(SIGNALS.by_name[name], value, judged[name].value) for name, value in sorted(measured.items())],
        treatment=row.treatment,
        words=words.get(row.id),
        amount=row.amount,
        unit="" if treatment is None else treatment.unit,
        corrects=row.corrects,
        counts=row.id not in gone,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=None if row.withdrawn_by is None else names.get(row.withdrawn_by),
    )


def forms_out() -> ChartFormsOut:
    """Tell what can be written down."""
    signals = [SIGNALS.by_name[name] for name in FORMS.by_hand]
    return ChartFormsOut(
        FORMS.version, bool(FORMS.signed_off_by),
        [
            HandSignalOut(one.name, one.zh, one.en, one.unit, one.decimals, _range(one.soft), _range(one.hard))
            for one in signals
        ],
        [_treatment(one) for one in FORMS.treatments.values()],
    )  # fmt: skip


def _value(signal: Signal, value: float, judged: Literal["ok", "soft", "hard"]) -> ChartedValueOut:
    return ChartedValueOut(signal.name, value, signal.unit, signal.decimals, judged)


def _range(given: Range | None) -> RangeOut | None:
    return None if given is None else RangeOut(given.low, given.high)


def _treatment(one: Treatment) -> TreatmentOut:
    return TreatmentOut(one.code, one.group, one.zh, one.en, one.ug, one.amount, one.step, one.most, one.unit)


ENTRY_ID: Final = "0198c0de-0000-7000-8000-000000000e01"
ENTRY: Final = {
    "id": ENTRY_ID,
    "patient_id": "0198c0de-0000-7000-8000-000000000601",
    "unit_id": UNIT_ID,
    "at": "2026-11-22T09:31:00Z",
    "entered_at": "2026-11-22T09:31:02Z",
    "source": "manual",
    "author": "person:0198c0de-0000-7000-8000-000000000501",
    "author_name": "示例护士",
    "values": [
        {"signal": "nibp_diastolic", "value": 60.0, "unit": "mm[Hg]", "decimals": 0, "judged": "ok"},
        {"signal": "nibp_systolic", "value": 98.0, "unit": "mm[Hg]", "decimals": 0, "judged": "ok"},
    ],
    "treatment": None,
    "words": None,
    "amount": None,
    "unit": "",
    "corrects": None,
    "counts": True,
    "withdrawn_at": None,
    "withdrawn_by": None,
}
