"""Erasing by law: one request, whatever it is about. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dispatch.ecmo.queries_requests import list_of
from dispatch.ecmo.service_files import erase_case
from dispatch.handover.events import HandoverErased
from dispatch.handover.queries import get_handover, lock_with_closure
from dispatch.handover.tables import Handover
from dispatch.incidents.events_patients import ErasureDone
from dispatch.incidents.queries_incidents import get_note
from dispatch.incidents.queries_personal import of_owner
from dispatch.incidents.rules_texts import reference
from dispatch.incidents.service import Act
from dispatch.incidents.service_personal import (
    erase_call,
    erase_incident,
    erase_matching,
    erase_patient,
    erase_phone,
)
from dispatch.incidents.states_patients import ErasureBasis, ErasureTarget
from dispatch.incidents.tables_personal import Owner
from dispatch.kernel.errors import Invalid
from dispatch.messages.service import erase_messages
from dispatch.orders.service import erase_orders
from dispatch.pictures.service import erase_pictures
from dispatch.roads.service_erasing import ERASED, erase_closure_reason


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to be erased, on what ground, and under which file of the request.

    target_id: of all but a telephone number; phone: of that alone, never kept.
    """

    target: ErasureTarget
    basis: ErasureBasis
    reference: str
    target_id: UUID | None = None
    phone: str = ""


async def erase(act: Act, asked: Erasure) -> ErasureDone:
    """Erase, and leave a line that names neither a person nor a value; return it. Again: nothing more is there.

    Raises NotFound (`incident.not_found` and the like), Invalid (`erasure.target`, `reference.invalid`, `text.phone`).
    """
    reference(asked.reference, "reference of the request")
    by_number = asked.target is ErasureTarget.PHONE
    if by_number != bool(asked.phone) or by_number != (asked.target_id is None):
        raise Invalid("erasure.target", "A telephone number is named by itself, everything else by its id.")
    async with act.together():
        values = await _erase(act, asked)
        told = ErasureDone(
            erasure_id=act.new_id(), target=asked.target, target_id=asked.target_id, basis=asked.basis,
            reference=asked.reference, values=values,
        )  # fmt: skip
        act.tell(told)
        return told


async def _erase(act: Act, asked: Erasure) -> int:
    key, basis = asked.target_id, asked.basis
    if key is None:
        return await erase_phone(act, asked.phone, basis)
    ways = {
        ErasureTarget.INCIDENT: _incident,
        ErasureTarget.CALL: erase_call,
        ErasureTarget.PATIENT: _patient,
        ErasureTarget.NOTE: _note,
        ErasureTarget.CLOSURE: _closure,
        ErasureTarget.HANDOVER: _notes,
        ErasureTarget.ECMO_REQUEST: erase_case,
    }
    return await ways[asked.target](act, key, basis)


async def _incident(act: Act, incident_id: UUID, basis: ErasureBasis) -> int:
    count = await erase_incident(act, incident_id, basis)
    count += await erase_messages(act, basis, incident_id=incident_id)
    count += await erase_orders(act, basis, incident_id=incident_id)
    for request_id in await list_of(act.session, act.region, incident_id=incident_id):
        count += await erase_case(act, request_id, basis)
    return count + await erase_pictures(act, basis, incident_id=incident_id)


async def _patient(act: Act, patient_id: UUID, basis: ErasureBasis) -> int:
    count = await erase_patient(act, patient_id, basis)
    count += await erase_messages(act, basis, patient_id=patient_id)
    count += await erase_orders(act, basis, patient_id=patient_id)
    for request_id in await list_of(act.session, act.region, patient_id=patient_id):
        count += await erase_case(act, request_id, basis)
    return count + await erase_pictures(act, basis, patient_id=patient_id)


async def _note(act: Act, note_id: UUID, basis: ErasureBasis) -> int:
    await get_note(act.session, act.region, note_id)
    return await erase_matching(act, of_owner(Owner.NOTE, note_id), basis)


async def _closure(act: Act, closure_id: UUID, basis: ErasureBasis) -> int:
    told = await erase_closure_reason(act.session, act.clock, act.region, closure_id, act.actor)
    if told is not None:
        act.tell(told)
    count = int(told is not None)
    for row in await lock_with_closure(act.session, act.region, closure_id):
        body, reasons = _without_reason(row.body, str(closure_id))
        if reasons:
            row.body = body
            _mark(act, row, basis, notes=False, reasons=reasons)
            count += reasons
    await act.session.flush()
    return count


async def _notes(act: Act, handover_id: UUID, basis: ErasureBasis) -> int:
    row = await get_handover(act.session, act.region, handover_id, lock=True)
    if not row.notes:
        return 0
    row.notes = ""
    _mark(act, row, basis, notes=True, reasons=0)
    await act.session.flush()
    return 1


def _mark(act: Act, row: Handover, basis: ErasureBasis, *, notes: bool, reasons: int) -> None:
    row.erased_at, row.erased_by, row.erasure_basis = act.clock.now(), act.actor, str(basis)
    act.tell(HandoverErased(handover_id=row.id, basis=basis, of_the_shift=notes, reasons=reasons))


def _without_reason(body: dict[str, Any], closure_id: str) -> tuple[dict[str, Any], int]:
    told = [
        one | {"reason": ERASED} if one["id"] == closure_id and one["reason"] != ERASED else one
        for one in body["closures"]
    ]
    return body | {"closures": told}, sum(a is not b for a, b in zip(told, body["closures"], strict=True))
