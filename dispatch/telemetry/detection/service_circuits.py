"""Setting what a patient's circuit is judged by. Nothing here commits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.clinical.rules_circuit import CircuitSetting, check_own
from dispatch.incidents.service import Act
from dispatch.telemetry.detection.queries_circuits import find_circuit
from dispatch.telemetry.detection.tables_circuits import CircuitRow


async def set_circuit(act: Act, patient_id: UUID, setting: CircuitSetting) -> CircuitRow:
    """Set what one patient's circuit is judged by from now on, in the place of what was set. The caller tells of it.

    That he is on a circuit, and for how long, stays as it is known: see `keep_running`.

    Raises Invalid (`circuit.limit`).
    """
    check_own(setting.limits)
    limits = {
        name: {"warn": [warn.low, warn.high], "critical": [critical.low, critical.high]}
        for name, (warn, critical) in setting.limits.items()
    }
    now = act.clock.now()
    async with act.together():
        row = await find_circuit(act.session, patient_id, lock=True)
        if row is None:
            row = CircuitRow(patient_id=patient_id, version=0, on_circuit=False)
            act.session.add(row)
        row.mode, row.flow_set, row.sweep_set = setting.mode, setting.flow_set, setting.sweep_set
        row.limits, row.unplugged_until = limits, setting.unplugged_until
        row.version, row.set_at, row.set_by = row.version + 1, now, act.actor
        await act.session.flush()
        return row


async def keep_running(
    act: Act, patient_id: UUID, mode: str, *, on_circuit: bool, needed_until: datetime | None
) -> CircuitRow | None:
    """Keep whether one patient is on a circuit, and until when at the latest he needs it. What was set by name stays.

    Of whom nothing is known, and who is on no circuit, there is nothing to keep.
    """
    async with act.together():
        row = await find_circuit(act.session, patient_id, lock=True)
        if row is None:
            if not on_circuit:
                return None
            row = CircuitRow(patient_id=patient_id, mode=mode, limits={}, version=1)
            row.set_at, row.set_by = act.clock.now(), act.actor
            act.session.add(row)
        row.on_circuit, row.needed_until = on_circuit, needed_until
        await act.session.flush()
        return row
