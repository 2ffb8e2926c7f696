"""Which unit looks after a patient: the first, a relay, a rendezvous, after a breakdown."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.acting import acting, told_of
from api.auth import Doorkeeper, DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.incidents.access import must_reach
from api.names import names_of_actors
from api.patients.routes import PatientId, Writer
from api.patients.schemas import UNIT_ID, CareEndIn, CareIn, CareOut, HandOverIn
from api.patients.telling import care_out
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_care import CareGiven, begin_care, end_care, hand_over
from dispatch.incidents.states_patients import Care
from dispatch.incidents.tables_patients import PatientCare
from dispatch.units.queries import get_unit_by_id

router = APIRouter(prefix="/patients", tags=["patients"])
_begin, _end, _over = Body(CareIn), Body(CareEndIn), Body(HandOverIn)
_EXAMPLE: Final = {
    "unit_id": UNIT_ID,
    "care": "carries",
    "reason": "first",
    "begins_at": "2026-11-22T04:24:00Z",
    "ends_at": None,
    "entered_at": "2026-11-22T04:24:00Z",
    "source": "manual",
    "author": "person:0198c0de-0000-7000-8000-000000000501",
    "author_name": "示例调度员",
}


@router.post(
    "/{patient_id}/care",
    summary="A unit takes a patient",
    description="One unit carries a patient at a time; several may attend.",
    **contract(
        CareOut,
        body=CareIn,
        status=201,
        example=_EXAMPLE,
        body_examples={"carries": {"unit_id": UNIT_ID}},
        problems=[404, 409],
    ),
)
async def begun(request: Request, door: DoorkeeperDep, actor: Writer, patient_id: PatientId) -> Response:
    """Begin care."""
    asked = await _begin.of(request)
    given = CareGiven(asked.unit_id, asked.care, asked.reason, told_of(asked, actor) or Told())
    return await _change(door, actor, patient_id, given.unit_id, lambda act: begin_care(act, patient_id, given), 201)


@router.post(
    "/{patient_id}/care/end",
    summary="A unit looks after a patient no longer",
    description="The patient was brought, left or died; a unit that gives the patient to another hands over instead.",
    **contract(
        CareOut,
        body=CareEndIn,
        example=_EXAMPLE,
        body_examples={"ends": {"unit_id": UNIT_ID}},
        problems=[404, 409],
    ),
)
async def ended(request: Request, door: DoorkeeperDep, actor: Writer, patient_id: PatientId) -> Response:
    """End care."""
    asked = await _end.of(request)
    told = told_of(asked, actor)

    def end(act: Act) -> Coroutine[Any, Any, PatientCare]:
        return end_care(act, patient_id, asked.unit_id, care=asked.care, told=told)

    return await _change(door, actor, patient_id, asked.unit_id, end, 200)


@router.post(
    "/{patient_id}/care/hand-over",
    summary="The unit that carries a patient gives it to another",
    description="At one moment: relay (接力), rendezvous with more skill, or after a breakdown.",
    **contract(
        CareOut,
        body=HandOverIn,
        example=_EXAMPLE,
        body_examples={"a relay": {"unit_id": UNIT_ID, "reason": "relay"}},
        problems=[404, 409],
        told="The care of the unit that has the patient now.",
    ),
)
async def handed_over(request: Request, door: DoorkeeperDep, actor: Writer, patient_id: PatientId) -> Response:
    """Hand over."""
    asked = await _over.of(request)
    given = CareGiven(asked.unit_id, Care.CARRIES, asked.reason, told_of(asked, actor) or Told())
    return await _change(door, actor, patient_id, given.unit_id, lambda act: hand_over(act, patient_id, given), 200)


async def _change(
    door: Doorkeeper,
    actor: Principal,
    patient_id: UUID,
    unit_id: UUID,
    work: Callable[[Act], Coroutine[Any, Any, PatientCare]],
    status: int,
) -> Response:
    async with acting(door, actor) as act:
        patient = await get_patient(act.session, act.region, patient_id)
        await must_reach(act.session, act.region, actor, "patients.write", patient.incident_id)
        await get_unit_by_id(act.session, act.region, unit_id)
        row = await work(act)
        told = care_out(row, await names_of_actors(act.session, [row.actor]))
    return answer(told, status=status)
