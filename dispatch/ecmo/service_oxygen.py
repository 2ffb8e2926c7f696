"""Oxygen that will not reach alarms patient, both sides and the crew long before the need. Nothing here commits.

Like every alarm it is latched until it is over and somebody of each side has acknowledged it by name.
"""

from __future__ import annotations

import math
from typing import Final

from sqlalchemy import select

from dispatch.clinical.states import AlarmPriority
from dispatch.ecmo.service_circuit import patient_of
from dispatch.ecmo.service_gas import Gas
from dispatch.ecmo.states_missions import MISSION_OVER, MissionState
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act
from dispatch.telemetry.detection.rules import Found, Sign, Subject
from dispatch.telemetry.detection.service import end, keep_found
from dispatch.telemetry.detection.states import CIRCUIT
from dispatch.telemetry.detection.tables import Detection

LOW: Final = f"{CIRCUIT}oxygen_low"
"""At the worse flow it lasts until the bed, with less than `warn_min` to spare."""
SHORT: Final = f"{CIRCUIT}oxygen_short"
"""At the worse flow it does not last until the bed."""
_BEFORE: Final = frozenset({MissionState.PREPARING, MissionState.OUTBOUND})


async def keep_oxygen(act: Act, mission: EcmoMission, gas: Gas) -> None:
    """Raise and end what alarms by what was last read; before the team is with him the gate alone tells it.

    Where neither the demand nor a plan is known nobody knows whether it reaches: nothing is raised, nothing ended.
    """
    patient_id = await patient_of(act.session, mission)
    if patient_id is None:
        return
    over = MissionState(mission.state) in MISSION_OVER | _BEFORE
    if gas.oxygen is None and not over:
        return
    now, wanted = act.clock.now(), None
    if gas.oxygen is not None and gas.minutes is not None and not over:
        lasts = gas.oxygen.lasts_worst_min
        if lasts < gas.minutes:
            wanted = Sign(SHORT, now, now, AlarmPriority.HIGH, float(math.floor(lasts)), float(math.ceil(gas.minutes)))
        elif gas.oxygen.warns:
            wanted = Sign(LOW, now, now, AlarmPriority.MEDIUM, float(math.floor(lasts)), float(math.ceil(gas.minutes)))
    going_on = await act.session.scalars(
        select(Detection)
        .where(
            Detection.patient_id == patient_id, Detection.code.in_([LOW, SHORT]), Detection.ended_at.is_(None),
        )
        .order_by(Detection.id)
        .with_for_update()
    )  # fmt: skip
    for one in going_on.all():
        # Also at a vehicle that carries him no more: it is told anew at the one that does.
        if wanted is None or one.code != wanted.code or one.unit_id != mission.unit_id:
            await end(act, one, now)
    if wanted is not None and mission.unit_id is not None:
        patient = await get_patient(act.session, act.region, patient_id)
        await keep_found(act, [Found(Subject(mission.unit_id, 0, patient.incident_id, patient_id), wanted)])
