"""What a mission's circuit is judged by: taken from the patient as he leaves, or set by name. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.clinical.rules_circuit import FIGURES, CircuitSetting
from dispatch.clinical.rules_signals import SIGNALS, Plausible, judge
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.queries_patients import list_patients
from dispatch.incidents.service import Act
from dispatch.incidents.service_patients import add_patient
from dispatch.incidents.states_patients import PatientState, Sex
from dispatch.telemetry.detection.queries_circuits import find_circuit, setting_of
from dispatch.telemetry.detection.service_circuits import set_circuit
from dispatch.telemetry.queries_attachments import list_patient_frames
from dispatch.telemetry.rules_payloads import Values
from dispatch.telemetry.states import Kind

TAKEN_OVER: Final = timedelta(minutes=5)
"""What is set as a patient leaves is the middle of what was measured for so long before."""


async def carry_patient(act: Act, mission: EcmoMission, incident_id: UUID) -> UUID:
    """The patient record that the mission's vehicle carries: his own where it is of that incident, else a new one.

    Its crew sees and attaches patients of its own incident only. A new one has no name: the crew sees sex and age.
    """
    request = await act.session.get_one(EcmoRequest, mission.request_id)
    there = [one for one in await list_patients(act.session, incident_id) if one.state != PatientState.MERGED]
    own = [one for one in there if one.id == request.patient_id]
    if not own and request.patient_id is None and request.incident_id == incident_id:
        # Asked for at the scene: of several patients nobody has said which one.
        own = there if len(there) == 1 else []
    if own:
        mission.patient_id = own[0].id
        return own[0].id
    made = await add_patient(act, incident_id, sex=Sex(request.sex or Sex.UNKNOWN), age_years=request.age_years)
    mission.patient_id = made.id
    return made.id


async def patient_of(session: AsyncSession, mission: EcmoMission) -> UUID | None:
    """Whose circuit it is: of the vehicle's incident, else whom the request names."""
    if mission.patient_id is not None:
        return mission.patient_id
    return (await session.get_one(EcmoRequest, mission.request_id)).patient_id


async def measured_of(
    session: AsyncSession, patient_id: UUID, signals: Iterable[str], now: datetime
) -> dict[str, float]:
    """The middle of each of these signals over the last minutes, in its unit; of what did not come, nothing.

    What cannot be right by its range is left out.
    """
    asked = {signal.number: signal for signal in map(SIGNALS.by_name.__getitem__, signals)}
    kinds = sorted({Kind[signal.stream.upper()] for signal in asked.values()})
    found: dict[str, list[float]] = {}
    for _, frame in await list_patient_frames(session, patient_id, kinds, now - TAKEN_OVER, now):
        for one in frame.payload.values if isinstance(frame.payload, Values) else ():
            signal = asked.get(one.number)
            if signal is not None and judge(signal, one.value) is not Plausible.HARD:
                found.setdefault(signal.name, []).append(one.value)
    return {name: median(values) for name, values in found.items()}


async def take_over_circuit(act: Act, mission: EcmoMission) -> None:
    """Set flow and sweep gas from the patient as he leaves; unplugging is expected. Without a patient nothing is."""
    patient_id = await patient_of(act.session, mission)
    if patient_id is None:
        return
    now = act.clock.now()
    measured = await measured_of(act.session, patient_id, ("ecmo_flow", "ecmo_sweep"), now)
    row = await find_circuit(act.session, patient_id)
    known = CircuitSetting() if row is None else setting_of(row)
    flow, sweep = measured.get("ecmo_flow", known.flow_set), measured.get("ecmo_sweep", known.sweep_set)
    setting = replace(
        known, mode=mission.mode, flow_set=flow if flow is not None and flow > 0 else None,
        sweep_set=sweep if sweep is not None and sweep >= 0 else None,
        unplugged_until=now + timedelta(seconds=FIGURES["unplugged_s"]),
    )  # fmt: skip
    await set_circuit(act, patient_id, setting)
