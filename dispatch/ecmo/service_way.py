"""A mission under way: limits of its circuit set by name, unplugging told beforehand. Nothing here commits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from dispatch.clinical.rules_circuit import FIGURES, CircuitSetting
from dispatch.ecmo.events_journey import Noted
from dispatch.ecmo.queries_missions import is_lead
from dispatch.ecmo.service_circuit import patient_of
from dispatch.ecmo.service_journey import lock_mission, note
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Refused
from dispatch.telemetry.detection.queries_circuits import find_circuit, setting_of
from dispatch.telemetry.detection.service_circuits import set_circuit


async def set_limits(act: Act, mission_id: UUID, setting: CircuitSetting, *, by_office: bool) -> EcmoMission:
    """Set by name what a circuit is judged by; when unplugging is expected stays.

    by_office: an ECMO physician or coordinator does it; else only the mission's lead may. Raises as `lock_mission`,
    `set_circuit`; Refused (`ecmo_circuit.not_lead`, `ecmo_mission.no_patient`).
    """
    async with act.together():
        row = await lock_mission(act, mission_id)
        if not by_office and not await is_lead(act.session, row.id, act.actor):
            raise Refused(
                "ecmo_circuit.not_lead",
                "Limits of a circuit are set by the mission's lead, an ECMO physician or the coordinator.",
                "Ask one of them.",
            )
        patient_id = await _patient(act, row)
        known = await find_circuit(act.session, patient_id)
        until = None if known is None else known.unplugged_until
        await set_circuit(act, patient_id, replace(setting, mode=row.mode, unplugged_until=until))
        await note(act, row, Noted.CIRCUIT, patient_id)
        return row


async def tell_unplugging(act: Act, mission_id: UUID) -> EcmoMission:
    """Say that the circuit is about to be unplugged: for a set time a loss of mains alarms nobody. Raises as above."""
    async with act.together():
        row = await lock_mission(act, mission_id)
        patient_id = await _patient(act, row)
        known = await find_circuit(act.session, patient_id)
        setting = CircuitSetting(mode=row.mode) if known is None else setting_of(known)
        until = act.clock.now() + timedelta(seconds=FIGURES["unplugged_s"])
        await set_circuit(act, patient_id, replace(setting, unplugged_until=until))
        await note(act, row, Noted.UNPLUGGED, patient_id)
        return row


async def _patient(act: Act, row: EcmoMission) -> UUID:
    patient_id = await patient_of(act.session, row)
    if patient_id is None:
        raise Refused(
            "ecmo_mission.no_patient",
            "The dispatch core has no record of this patient.",
            "Ask for a vehicle first.",
        )
    return patient_id
