"""What is set of patients' circuits, and what flowed in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dispatch.clinical.rules_circuit import CircuitSetting, Ends
from dispatch.telemetry.detection.tables_circuits import CircuitRow
from dispatch.telemetry.states import Kind
from dispatch.telemetry.tables import TelemetryAttachment, TelemetryFrame, TelemetryStream


@dataclass(frozen=True, slots=True)
class Heard:
    """A circuit that runs, in the place of a vehicle to which its patient is attached, and when it sent last."""

    unit_id: UUID
    slot: int
    patient_id: UUID
    at: datetime


async def list_settings(session: AsyncSession, patient_ids: Collection[UUID]) -> dict[UUID, CircuitSetting]:
    """What is set of these patients' circuits; of whom nothing is set is not there."""
    if not patient_ids:
        return {}
    rows = await session.scalars(
        select(CircuitRow).where(CircuitRow.patient_id.in_(patient_ids)),
        execution_options={"populate_existing": True},
    )  # fmt: skip
    return {row.patient_id: setting_of(row) for row in rows}


async def list_heard(session: AsyncSession) -> list[Heard]:
    """The circuits that run and have sent something since their patients were attached, by true time."""
    mark, later = TelemetryAttachment, aliased(TelemetryAttachment)
    newest = (
        select(func.max(TelemetryFrame.at))
        .join(TelemetryStream, TelemetryStream.id == TelemetryFrame.stream_id)
        .where(
            TelemetryStream.unit_id == mark.unit_id,
            TelemetryStream.slot == mark.slot,
            TelemetryStream.kind == int(Kind.ECMO),
            TelemetryFrame.at >= mark.at,
        )
        .correlate(mark)
        .scalar_subquery()
    )
    another = and_(
        later.unit_id == mark.unit_id, later.slot == mark.slot, later.at > mark.at, later.withdrawn_at.is_(None)
    )
    rows = await session.execute(
        select(mark.unit_id, mark.slot, CircuitRow.patient_id, newest)
        .join(CircuitRow, CircuitRow.patient_id == mark.patient_id)
        .where(CircuitRow.on_circuit, mark.withdrawn_at.is_(None), ~exists().where(another))
    )
    return [Heard(unit_id, slot, patient_id, at) for unit_id, slot, patient_id, at in rows if at is not None]


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
