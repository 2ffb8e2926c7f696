"""Ticking by name what is ready for a patient. Nothing here commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act
from dispatch.receiving.events_emergency import PreparationTicked, PreparationWithdrawn
from dispatch.receiving.rules_emergency import check_item, in_force
from dispatch.receiving.tables_preparation import PreparationTick


async def list_ticks(
    session: AsyncSession, hospital_ids: Collection[UUID], patient_ids: Collection[UUID]
) -> Mapping[tuple[UUID, UUID], Sequence[PreparationTick]]:
    """What is ready, by patient and hospital."""
    wanted = select(PreparationTick).where(
        PreparationTick.hospital_id.in_(hospital_ids), PreparationTick.patient_id.in_(patient_ids),
        PreparationTick.withdrawn_at.is_(None),
    )  # fmt: skip
    found: defaultdict[tuple[UUID, UUID], list[PreparationTick]] = defaultdict(list)
    for row in await session.scalars(wanted, execution_options={"populate_existing": True}):
        found[row.patient_id, row.hospital_id].append(row)
    return found


async def tick(act: Act, patient_id: UUID, hospital_id: UUID, item: str, *, ready: bool) -> None:
    """Say that something is ready, or is not. Said again it changes nothing: who was first counts.

    Raises NotFound (`patient.not_found`), Invalid (`preparation.item`).
    """
    check_item(in_force(act.session.info), item)
    async with act.together():
        patient = await get_patient(act.session, act.region, patient_id)
        incident_id = patient.incident_id
        if ready:
            row = insert(PreparationTick).values(
                id=act.new_id(), patient_id=patient_id, hospital_id=hospital_id, item=item, at=act.clock.now(),
                actor=act.actor,
            )  # fmt: skip
            made = await act.session.scalar(row.on_conflict_do_nothing().returning(PreparationTick.id))
            if made is not None:
                act.tell(
                    PreparationTicked(
                        patient_id=patient_id, incident_id=incident_id, hospital_id=hospital_id, item=item
                    )
                )
            return
        wanted = select(PreparationTick).where(
            PreparationTick.patient_id == patient_id, PreparationTick.hospital_id == hospital_id,
            PreparationTick.item == item, PreparationTick.withdrawn_at.is_(None),
        )  # fmt: skip
        known = await act.session.scalar(wanted.with_for_update())
        if known is not None:
            known.withdrawn_at, known.withdrawn_by = act.clock.now(), act.actor
            await act.session.flush()
            act.tell(
                PreparationWithdrawn(patient_id=patient_id, incident_id=incident_id, hospital_id=hospital_id, item=item)
            )
