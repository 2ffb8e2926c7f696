"""The emergency room's board, one patient, and what was measured between two times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.auth import DoorkeeperDep
from api.bodies import answer
from api.contract import contract
from api.dispatching.arrivals import Arrivals, arrival_out
from api.er.access import Follower, must_see, own_hospitals
from api.er.frames import ASKED, FRAMES, KindQuery, Wanted, frames_of
from api.er.handovers import router as handovers
from api.er.live import router as live
from api.er.pictures import router as pictures
from api.er.preparation import router as preparation
from api.er.receiving import router as receiving
from api.er.registrations import router as registrations
from api.er.schemas import (
    INBOUND_EXAMPLE,
    MEASURED_EXAMPLE,
    ErPatientOut,
    InboundOut,
    InboundsOut,
    TurnedOut,
    UnrecordedOut,
    bringing_out,
    hospital_out,
    measured_out,
)
from api.er.teams import router as teams
from api.er.vitals import Measured, Vitals
from api.spans import SpanQuery
from dispatch.dispatching.rules_arrivals import Arrival, Goal
from dispatch.hospitals.queries import list_hospitals
from dispatch.kernel.db import Session
from dispatch.receiving.queries_inbound import (
    Bringing,
    Inbound,
    Turned,
    Unrecorded,
    list_inbound,
    list_turned,
    list_unrecorded,
)

router = APIRouter(prefix="/er", tags=["emergency room"])
router.include_router(live)
router.include_router(pictures)
router.include_router(receiving)
router.include_router(teams)
router.include_router(handovers)
router.include_router(preparation)
router.include_router(registrations)

PatientId = Annotated[UUID, Path(description="The patient's id.")]
TRENDED: Final = timedelta(minutes=20)
TRENDED_OF_ONE: Final = timedelta(hours=1)
TURNED_SHOWN: Final = timedelta(minutes=30)


@router.get(
    "/inbound",
    summary="Patients that are brought to one's own hospital",
    description="Chosen for it, or in a vehicle that is sent there; nobody else's. With when they will be here, what "
    "was measured on board and how old it is. Vehicles on their way with somebody of whom there is no record yet, and "
    "patients brought elsewhere since, stand apart.",
    **contract(
        InboundsOut,
        example={
            "now": "2026-11-27T03:12:40Z", "hospitals": [], "patients": [INBOUND_EXAMPLE], "unrecorded": [],
            "turned": [],
        },
    ),
)  # fmt: skip
async def inbound(request: Request, door: DoorkeeperDep, actor: Follower) -> Response:
    """List who is brought."""
    arrivals: Arrivals = request.app.state.arrivals
    vitals: Vitals = request.app.state.vitals
    region, now = door.parts.settings.region, door.parts.clock.now()
    async with door.parts.database.read() as session:
        hospitals = await own_hospitals(session, region, actor)
        rows = await list_inbound(session, region, hospitals.keys())
        unrecorded = await list_unrecorded(session, region, hospitals.keys())
        turned = await list_turned(session, region, hospitals.keys(), now - TURNED_SHOWN)
        names = {one.id: one for one in await list_hospitals(session, region)} if turned else {}
        units = {one.by.unit_id for one in rows if one.by is not None} | {one.by.unit_id for one in unrecorded}
        coming = await arrivals.now(session, region, now, units) if units else {}
        measured = {one.patient_id: await vitals.of(session, one.patient_id, now) for one in rows}
    told = [_inbound(one, coming, measured[one.patient_id], now, TRENDED) for one in rows]
    told.sort(key=lambda one: (one.priority, one.eta.at if one.eta is not None else now + timedelta(days=1)))
    return answer(
        InboundsOut(
            now, [hospital_out(one) for one in hospitals.values()], told,
            [_unrecorded(one, coming) for one in unrecorded],
            [_turned(one, names[one.to_id].name_zh, names[one.to_id].name_en, names[one.to_id].name_ug)
             for one in turned],
        )
    )  # fmt: skip


@router.get(
    "/patients/{patient_id}",
    summary="One patient that is brought to one's own hospital",
    description="As on the board, with trends of the last hour. It leaves a line in the journal, and so does a "
    "refusal: a patient that is brought to another hospital is not shown (403).",
    **contract(
        ErPatientOut,
        example={
            "now": "2026-11-27T03:12:40Z", "patient_id": INBOUND_EXAMPLE["patient_id"], "inbound": INBOUND_EXAMPLE,
            "measured": MEASURED_EXAMPLE,
        },
        problems=[404],
    ),
)  # fmt: skip
async def shown(request: Request, door: DoorkeeperDep, actor: Follower, patient_id: PatientId) -> Response:
    """Show a patient."""
    seen = await must_see(door, actor, patient_id)
    now, region = door.parts.clock.now(), door.parts.settings.region
    async with door.parts.database.read() as session:
        measured = await request.app.state.vitals.of(session, patient_id, now)
        coming = await _coming(request, session, region, now, seen.inbound)
    one = None if seen.inbound is None else _inbound(seen.inbound, coming, measured, now, TRENDED_OF_ONE)
    return answer(ErPatientOut(now, patient_id, one, measured_out(measured, now, TRENDED_OF_ONE)))


@router.get(
    "/patients/{patient_id}/frames",
    summary="What was measured between two times, as the vehicle sent it",
    description=ASKED,
    **contract(problems=[404], media=(FRAMES,), told="Frames; empty where nothing is kept."),
)
async def frames(
    door: DoorkeeperDep, actor: Follower, patient_id: PatientId, span: SpanQuery, kind: KindQuery = None
) -> Response:
    """Give frames."""
    wanted = Wanted(span, kind)
    await must_see(door, actor, patient_id)
    return await frames_of(door.parts, patient_id, wanted)


async def _coming(
    request: Request, session: Session, region: str, now: datetime, one: Inbound | None
) -> Mapping[UUID, Arrival]:
    if one is None or one.by is None:
        return {}
    arrivals: Arrivals = request.app.state.arrivals
    return await arrivals.now(session, region, now, {one.by.unit_id})


def _eta(by: Bringing | None, hospital_id: UUID, coming: Mapping[UUID, Arrival]) -> Arrival | None:
    """When it is here: only of a vehicle that is on its way to this hospital."""
    found = None if by is None or by.destination_id != hospital_id else coming.get(by.assignment_id)
    return found if found is not None and found.goal is Goal.HOSPITAL else None


def _inbound(
    one: Inbound, coming: Mapping[UUID, Arrival], measured: Measured, now: datetime, trended: timedelta
) -> InboundOut:
    eta = _eta(one.by, one.hospital_id, coming)
    return InboundOut(
        one.patient_id, one.incident_id, one.number, one.priority, one.complaint, one.t0, one.sex, one.age_years,
        one.pathway, one.hospital_id, one.other_id, one.chosen_at, None if one.by is None else bringing_out(one.by),
        None if eta is None else arrival_out(eta), measured_out(measured, now, trended),
    )  # fmt: skip


def _unrecorded(one: Unrecorded, coming: Mapping[UUID, Arrival]) -> UnrecordedOut:
    eta = _eta(one.by, one.hospital_id, coming)
    return UnrecordedOut(
        one.incident_id, one.number, one.priority, one.complaint, one.t0, one.pathway, one.hospital_id,
        bringing_out(one.by), None if eta is None else arrival_out(eta),
    )  # fmt: skip


def _turned(one: Turned, zh: str, en: str, ug: str) -> TurnedOut:
    return TurnedOut(
        one.patient_id, one.priority, one.sex, one.age_years, one.pathway, zh, en, ug, one.at, one.reason
    )  # fmt: skip
