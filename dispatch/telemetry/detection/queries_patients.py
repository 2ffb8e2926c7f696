"""Who lies in vehicles' places, how old they are, and what was measured last."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.charting.queries import list_measured
from dispatch.clinical.rules_circuit import gives_way
from dispatch.clinical.rules_news2 import TABLE, USED, News2, Reading, news2, no_adult
from dispatch.clinical.rules_signals import SIGNALS, Plausible, judge_together
from dispatch.clinical.states import NoAdult
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.states_patients import Sex
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.prepared import Prepared
from dispatch.telemetry.detection.queries_circuits import list_settings
from dispatch.telemetry.detection.rules_attending import Lying, Places
from dispatch.telemetry.queries_attachments import list_patient_frames
from dispatch.telemetry.rules_attachments import Mark
from dispatch.telemetry.rules_payloads import Values
from dispatch.telemetry.states import Kind
from dispatch.telemetry.tables import TelemetryAttachment

PREGNANCY_CARDS: Final = frozenset({"K24", "K25"})
"""Complaint cards of labour and of emergencies in pregnancy: who is called for is taken to be pregnant."""
MARKS_FOR: Final = timedelta(days=8)
"""Longer than a vehicle's data are ever late."""

_MARKS: Final = Prepared(
    select(
        TelemetryAttachment.unit_id, TelemetryAttachment.slot, TelemetryAttachment.at, TelemetryAttachment.patient_id,
        Patient.incident_id, Patient.age_years, Patient.sex, Incident.complaint,
    )
    .outerjoin(Patient, Patient.id == TelemetryAttachment.patient_id)
    .outerjoin(Incident, Incident.id == Patient.incident_id)
    .where(
        TelemetryAttachment.unit_id == any_(bindparam("units", type_=ARRAY(Uuid))),
        TelemetryAttachment.withdrawn_at.is_(None),
    )
    .order_by(TelemetryAttachment.at)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """NEWS2, or why there is none. left_out: what counts as missing, for limits of his circuit hold in its place."""

    none: NoAdult | None
    known: News2 | None
    left_out: frozenset[str] = frozenset()


async def score_of(session: AsyncSession, region: str, patient: Patient, now: datetime) -> Score:
    """NEWS2 of a patient as seen now. Raises NotFound (`incident.not_found`)."""
    incident = await get_incident(session, region, patient.incident_id)
    none = no_adult_of(patient.age_years, patient.sex, incident.complaint)
    if none is not None:
        return Score(none, None)
    left_out = gives_way((await list_settings(session, [patient.id])).get(patient.id)) & USED
    begin = now - timedelta(seconds=max(TABLE.max_age_s.values()))
    found = await list_patient_frames(session, patient.id, (Kind.VITALS,), begin, now + timedelta(seconds=1))
    typed = await list_measured(session, patient.id, begin, now + timedelta(seconds=1))
    moments = [(frame.at, values_of(frame.payload)) for _, frame in found if isinstance(frame.payload, Values)]
    moments += [(one.at, one.measured or {}) for one in typed]
    readings: dict[str, Reading] = {}
    for at, values in sorted(moments, key=lambda moment: moment[0]):
        readings |= readings_of(values, at)
    counted = {name: one for name, one in readings.items() if name not in left_out}
    return Score(None, news2(counted, now), left_out)


def values_of(payload: Values) -> dict[str, float]:
    """Values that were measured at one moment, by signal name; what could not be measured is left out."""
    return {SIGNALS.by_number[one.number].name: one.value for one in payload.values if math.isfinite(one.value)}


def readings_of(values: Mapping[str, float], at: datetime) -> dict[str, Reading]:
    """What the score can use of values of one moment: those that can be right."""
    judged = judge_together(values)
    return {
        name: Reading(value, at)
        for name, value in values.items()
        if name in USED and judged[name] is not Plausible.HARD
    }


async def list_places(session: AsyncSession, unit_ids: Collection[UUID], now: datetime) -> Places:
    """Whose the places of these vehicles are and were; of each the marks of the last days, and the one before them."""
    marks: defaultdict[tuple[UUID, int], list[Mark]] = defaultdict(list)
    lying: dict[UUID, Lying] = {}
    for unit_id, slot, at, patient_id, incident_id, age_years, sex, complaint in await _MARKS.rows(
        session, units=list(unit_ids)
    ):
        known = marks[unit_id, slot]
        if known and at <= now - MARKS_FOR:
            known.pop()
        known.append(Mark(at, patient_id))
        if patient_id is not None:
            lying[patient_id] = Lying(patient_id, incident_id, no_adult_of(age_years, sex, complaint))
    settings = await list_settings(session, lying)
    for patient_id, setting in settings.items():
        lying[patient_id] = replace(lying[patient_id], circuit=setting)
    return Places(marks, lying)


def no_adult_of(age_years: int | None, sex: str, complaint: str) -> NoAdult | None:
    """Why limits and scores of adults are not for somebody; None: they are. complaint: the incident's card."""
    return no_adult(age_years, pregnant=complaint in PREGNANCY_CARDS and sex != Sex.MALE)
