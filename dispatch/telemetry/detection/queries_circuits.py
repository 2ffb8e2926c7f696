"""What is set of patients' circuits, and what flowed in them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.clinical.rules_circuit import CircuitSetting, Ends
from dispatch.telemetry.detection.tables_circuits import CircuitRow


async def list_settings(session: AsyncSession, patient_ids: Collection[UUID]) -> dict[UUID, CircuitSetting]:
    """What is set of these patients' circuits; of whom nothing is set is not there."""
    if not patient_ids:
        return {}
    rows = await session.scalars(
        select(CircuitRow).where(CircuitRow.patient_id.in_(patient_ids)),
        execution_options={"populate_existing": True},
    )  # fmt: skip
    return {row.patient_id: setting_of(row) for row in rows}


async def find_circuit(session: AsyncSession, patient_id: UUID, *, lock: bool = False) -> CircuitRow | None:
    """What is set of one patient's circuit."""
    wanted = select(CircuitRow).where(CircuitRow.patient_id == patient_id)
    row: CircuitRow | None = await session.scalar(wanted.with_for_update() if lock else wanted)
    return row


def setting_of(row: CircuitRow) -> CircuitSetting:
    """Read a row."""
    limits = {name: (Ends(*one["warn"]), Ends(*one["critical"])) for name, one in row.limits.items()}
    return CircuitSetting(
        row.mode, row.flow_set, row.sweep_set, limits, row.unplugged_until, row.on_circuit, row.needed_until
    )
