"""Alarms on values that people typed: at once, for one value is all there is. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dispatch.clinical.rules_circuit import CircuitLimits, CircuitSetting, gives_way, limits_for
from dispatch.clinical.rules_limits import LIMITS
from dispatch.clinical.rules_signals import SIGNALS, Plausible, judge_together
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_patients import get_patient, list_care
from dispatch.incidents.service import Act
from dispatch.incidents.states_patients import Care
from dispatch.telemetry.detection.queries_circuits import find_circuit, setting_of
from dispatch.telemetry.detection.queries_patients import no_adult_of
from dispatch.telemetry.detection.rules import Found, Sign, Subject
from dispatch.telemetry.detection.service import keep_found
from dispatch.telemetry.detection.states import TYPED

FRESH: Final = timedelta(minutes=10)
"""What was true longer ago is written down afterwards: it stands in the trends, and alarms nobody."""


def typed_signs(measured: Mapping[str, float], at: datetime, circuit: CircuitSetting | None = None) -> list[Sign]:
    """The limits beyond which values of one moment lie. One that cannot be right counts for nothing.

    Where those for everybody give way to those of a circuit, these count.
    """
    judged = judge_together(measured)
    without, of_circuit = gives_way(circuit), limits_for(circuit)
    return [
        sign
        for name, value in measured.items()
        if name in without and judged[name] is not Plausible.HARD
        for sign in _of_circuit(name, value, of_circuit[name], at)
    ] + [
        Sign(TYPED + limit.name, at, at, limit.priority, value, limit.bound)
        for name, value in measured.items()
        if judged[name] is not Plausible.HARD and name not in without
        for limit in LIMITS.by_signal.get(SIGNALS.by_name[name].number, ())
        if limit.is_beyond(value)
    ]


def _of_circuit(name: str, value: float, limits: CircuitLimits, at: datetime) -> list[Sign]:
    found = []
    for very, ends, priority in (
        ("", limits.warn, limits.warn_priority), ("very_", limits.critical, limits.critical_priority),
    ):  # fmt: skip
        if ends.low is not None and value < ends.low:
            found.append(Sign(f"{TYPED}{name}_{very}low", at, at, priority, value, ends.low))
        if ends.high is not None and value > ends.high:
            found.append(Sign(f"{TYPED}{name}_{very}high", at, at, priority, value, ends.high))
    return found


async def judge_typed(
    act: Act, patient_id: UUID, measured: Mapping[str, float], at: datetime, unit_id: UUID | None
) -> None:
    """Alarm on what was typed at a patient for whom an adult's limits stand.

    Each is latched until it is acknowledged, and over at once: nobody knows how it went on. unit_id: who typed it;
    None: the vehicle that carries the patient. Without either nothing alarms. Raises NotFound (`patient.not_found`).
    """
    if at < act.clock.now() - FRESH:
        return
    circuit = await find_circuit(act.session, patient_id)
    signs = typed_signs(measured, at, None if circuit is None else setting_of(circuit))
    if not signs:
        return
    patient = await get_patient(act.session, act.region, patient_id)
    incident = await get_incident(act.session, act.region, patient.incident_id)
    if no_adult_of(patient.age_years, patient.sex, incident.complaint) is not None:
        return
    if unit_id is None:
        care = await list_care(act.session, patient_id)
        unit_id = next((one.unit_id for one in care if one.ends_at is None and one.care == Care.CARRIES), None)
    if unit_id is None:
        return
    subject = Subject(unit_id, 0, patient.incident_id, patient_id)
    await keep_found(act, [Found(subject, one) for one in signs])
    await keep_found(act, [Found(subject, Sign(one.code, at, at, one.priority, over=True)) for one in signs])
