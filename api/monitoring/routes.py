"""Whose the data of a place in a vehicle are, and what was measured at a patient."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting, told_of
from api.auth import DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.fleet.reporting import UnitId, reported_unit
from api.fleet.units import Reader
from api.incidents.access import must_reach, reach_of
from api.monitoring.holds import router as holds
from api.monitoring.schemas import (
    ATTACHED,
    SLOT,
    VITAL,
    AttachedOut,
    AttachIn,
    DetachIn,
    SlotOut,
    SlotsOut,
    VitalOut,
    VitalsOut,
)
from api.patients.routes import PatientId
from api.patients.routes import Reader as PatientReader
from api.patients.schemas import PATIENT_ID
from api.spans import SpanQuery
from dispatch.accounts.rules_permissions import Principal, may
from dispatch.charting.queries import list_measured
from dispatch.charting.tables import ChartEntry
from dispatch.clinical.rules_signals import SIGNALS, judge_together
from dispatch.incidents.events_patients import PatientViewed
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_views import note_view
from dispatch.incidents.states import Source
from dispatch.receiving.queries_access import is_reached
from dispatch.telemetry.queries import KeptFrame
from dispatch.telemetry.queries_attachments import Carried, list_carried, list_marks, list_patient_frames, list_slots
from dispatch.telemetry.rules_payloads import Origin, Values
from dispatch.telemetry.service_attachments import attach, detach, withdraw
from dispatch.telemetry.states import Kind
from dispatch.units.queries import get_unit_by_id

router = APIRouter(tags=["monitoring"])
router.include_router(holds)

Writer = Annotated[Principal, requires("patients.write")]
SlotNumber = Annotated[int, Path(ge=1, le=9, description="A patient's place in the vehicle.")]
MarkId = Annotated[UUID, Path(description="The attachment's `mark_id`.")]
MOST_VALUES: Final = 20_000
_LAST: Final = timedelta(hours=1)
_attach, _detach = Body(AttachIn), Body(DetachIn)


@router.get(
    "/fleet/{unit_id}/slots",
    summary="Places in a vehicle, and whose their data are",
    description="Each place that ever sent something. What comes while nobody is attached is nobody's (未归属).",
    **contract(SlotsOut, problems=[404], example={"slots": [SLOT]}),
)
async def slots(door: DoorkeeperDep, actor: Reader, unit_id: UnitId) -> Response:
    """List places."""
    async with acting(door, actor) as act:
        await get_unit_by_id(act.session, act.region, unit_id)
        return answer(await _slots(act, actor, unit_id))


@router.put(
    "/fleet/{unit_id}/slots/{slot}/patient",
    summary="Attach a patient to a place in a vehicle",
    description="From now on, or from `at`, its data are this patient's, those that come late too. Who was attached "
    "there before is detached. `instead_of`: another was attached by mistake, and never counts. Crews do it on "
    "board of their own vehicle.",
    **contract(
        SlotsOut,
        body=AttachIn,
        example={"slots": [SLOT]},
        body_examples={"now": {"patient_id": PATIENT_ID}},
        problems=[404, 409],
    ),
)
async def attached(request: Request, door: DoorkeeperDep, actor: Writer, unit_id: UnitId, slot: SlotNumber) -> Response:
    """Attach."""
    asked = await _attach.of(request)
    async with acting(door, actor) as act:
        patient = await get_patient(act.session, act.region, asked.patient_id)
        await must_reach(act.session, act.region, actor, "patients.write", patient.incident_id)
        await reported_unit(act.session, act.region, actor, unit_id)
        when = told_of(asked, actor)
        if asked.instead_of is not None:
            when = Told((await withdraw(act, unit_id, asked.instead_of, slot)).at, Source.MANUAL)
        await attach(act, unit_id, slot, patient.id, when)
        return answer(await _slots(act, actor, unit_id))


@router.post(
    "/fleet/{unit_id}/slots/{slot}/detach",
    summary="Detach the patient from a place in a vehicle",
    description="At handover. From then on its data are nobody's, until the next patient is attached.",
    **contract(SlotsOut, body=DetachIn, example={"slots": [SLOT]}, body_examples={"now": {}}, problems=[404, 409]),
)
async def detached(request: Request, door: DoorkeeperDep, actor: Writer, unit_id: UnitId, slot: SlotNumber) -> Response:
    """Detach."""
    asked = await _detach.of(request)
    async with acting(door, actor) as act:
        await reported_unit(act.session, act.region, actor, unit_id)
        await detach(act, unit_id, slot, told_of(asked, actor))
        return answer(await _slots(act, actor, unit_id))


@router.delete(
    "/fleet/{unit_id}/attachments/{mark_id}",
    summary="Withdraw an attachment that was a mistake",
    description="Its data belong to whoever was attached before it; attach the right patient with the same `at`.",
    **contract(SlotsOut, example={"slots": [SLOT]}, problems=[404, 409]),
)
async def withdrawn(door: DoorkeeperDep, actor: Writer, unit_id: UnitId, mark_id: MarkId) -> Response:
    """Withdraw."""
    async with acting(door, actor) as act:
        await reported_unit(act.session, act.region, actor, unit_id)
        await withdraw(act, unit_id, mark_id)
        return answer(await _slots(act, actor, unit_id))


@router.get(
    "/patients/{patient_id}/vitals",
    summary="What was measured at a patient on board",
    description="By true time, from `from` until `until`, without them the last hour: what was sent while the patient "
    "was attached, and what the crew typed. Each value is judged by its ranges, those of one moment together. It "
    "leaves a line in the journal.",
    **contract(VitalsOut, problems=[404], example={"attached": [ATTACHED], "values": [VITAL], "more": False}),
)
async def vitals(door: DoorkeeperDep, actor: PatientReader, patient_id: PatientId, span: SpanQuery) -> Response:
    """Show vital signs."""
    async with acting(door, actor) as act:
        patient = await get_patient(act.session, act.region, patient_id)
        await must_reach(act.session, act.region, actor, "patients.read", patient.incident_id)
        now = act.clock.now()
        begin, end = span or (now - _LAST, now + timedelta(seconds=1))
        kinds = (Kind.VITALS, Kind.ECMO)
        frames = await list_patient_frames(act.session, patient_id, kinds, begin, end)
        values = [one for carried, frame in frames for one in _values(carried, frame)]
        typed = await list_measured(act.session, patient_id, begin, end)
        if typed:
            values = sorted([*values, *(one for entry in typed for one in _typed(entry))], key=lambda one: one.at)
        told = VitalsOut(
            attached=[_attached(one) for one in await list_carried(act.session, patient_id)],
            values=values[:MOST_VALUES],
            more=len(values) > MOST_VALUES,
        )
        await note_view(act, PatientViewed(patient_id=patient_id, incident_id=patient.incident_id, whole=False))
    return answer(told)


def _attached(carried: Carried) -> AttachedOut:
    one = carried.attachment
    return AttachedOut(unit_id=carried.unit_id, slot=carried.slot, begins_at=one.begins_at, ends_at=one.ends_at)


def _values(carried: Carried, frame: KeptFrame) -> list[VitalOut]:
    if not isinstance(frame.payload, Values):
        return []
    named = [(SIGNALS.by_number[one.number], one) for one in frame.payload.values]
    judged = judge_together({signal.name: one.value for signal, one in named})
    return [
        VitalOut(
            at=frame.at,
            received_at=frame.received_at,
            sure=frame.sure,
            signal=signal.name,
            value=one.value if math.isfinite(one.value) else None,
            unit=signal.unit,
            judged=judged[signal.name].value,
            by_hand=one.origin is Origin.PERSON,
            unit_id=carried.unit_id,
            slot=carried.slot,
        )
        for signal, one in named
    ]


def _typed(entry: ChartEntry) -> list[VitalOut]:
    measured = entry.measured or {}
    judged = judge_together(measured)
    return [
        VitalOut(
            at=entry.at,
            received_at=entry.entered_at,
            sure=True,
            signal=name,
            value=value,
            unit=SIGNALS.by_name[name].unit,
            judged=judged[name].value,
            by_hand=True,
            unit_id=entry.unit_id,
            slot=None,
        )
        for name, value in measured.items()
    ]


async def _slots(act: Act, actor: Principal, unit_id: UUID) -> SlotsOut:
    found = []
    for slot, last_at in (await list_slots(act.session, unit_id)).items():
        marks = [row for row in await list_marks(act.session, unit_id, slot) if row.at <= act.clock.now()]
        mark = marks[-1] if marks and marks[-1].patient_id is not None else None
        patient_id = None if mark is None or mark.patient_id is None else mark.patient_id
        reached = patient_id is not None and await _reaches(act, actor, patient_id)
        found.append(
            SlotOut(
                slot=slot,
                attached=mark is not None,
                patient_id=patient_id if reached else None,
                since=None if mark is None else mark.at,
                mark_id=None if mark is None else mark.id,
                last_at=last_at,
            )
        )
    return SlotsOut(slots=found)


async def _reaches(act: Act, actor: Principal, patient_id: UUID) -> bool:
    if not may(actor, "patients.read"):
        return False
    patient = await get_patient(act.session, act.region, patient_id)
    reach = reach_of(actor, "patients.read")
    return reach is None or await is_reached(act.session, act.region, patient.incident_id, reach)
