"""A whole run copied from paper, after it was over."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import IdempotencyKey, acting
from api.auth import DoorkeeperDep, must_may_anywhere
from api.bodies import Body, answer
from api.contract import contract
from api.dispatching.access import Dispatcher, IncidentId
from api.dispatching.board import AssignmentRow
from api.dispatching.examples import ASSIGNMENT_ROW
from api.dispatching.telling import row_now
from api.figures import figures_of
from api.patients.schemas import HOSPITAL_ID, PatientIn
from api.roads.schemas import Aware
from dispatch.dispatching.service_paper import PaperPatient, PaperRun, enter_run
from dispatch.dispatching.states import EndReason, Point
from dispatch.hospitals.queries import get_hospital
from dispatch.incidents.service import Act

router = APIRouter(tags=["assignments"])
MOST_PATIENTS: Final = 100


class PointAtIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One time point as it stands on the paper."""

    point: Annotated[Point, Meta(description="T3 to T12 or TS.")]
    at: Aware


class PaperRunIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A run that is over, as it stands on paper."""

    unit_id: UUID
    times: Annotated[
        list[PointAtIn],
        Meta(min_length=2, max_length=12, description="T3 and T11 at least; each point once; in their order by time."),
    ]
    ended: Annotated[
        Literal["completed", "cancelled", "stood_down", "broken_down"], Meta(description="How it ended, at T11.")
    ] = "completed"
    patients: Annotated[
        list[PatientIn],
        Meta(
            max_length=MOST_PATIENTS,
            description="Whom it found: at their own `at`, else at T7 (else T6); the outcome is of T10 (else T9, T11).",
        ),
    ] = []


_run = Body(PaperRunIn)
_EXAMPLE: Final = {
    "unit_id": "0198c0de-0000-7000-8000-000000000101",
    "times": [
        {"point": "T3", "at": "2026-11-22T01:10:00Z"},
        {"point": "T6", "at": "2026-11-22T01:24:00Z"},
        {"point": "T9", "at": "2026-11-22T01:55:00Z"},
        {"point": "T11", "at": "2026-11-22T02:10:00Z"},
    ],
    "patients": [{"sex": "male", "outcome": {"outcome": "transported", "destination_id": HOSPITAL_ID}}],
}


@router.post(
    "/incidents/{incident_id}/paper-runs",
    summary="Enter a run that is over, from paper",
    description=(
        "With the true times T3 to T12 and the patients with their outcomes; all of it or nothing, with source "
        "`paper`, and the time of entry beside. It may not overlap another run of the unit: 409 `assignment.overlap` "
        "tells which (`current`). A present status of the unit that is newer stays. Whether it was free or lent then "
        "is not asked: it has happened. A run that goes on is entered by its order and its reports."
    ),
    **contract(
        AssignmentRow,
        body=PaperRunIn,
        status=201,
        example=ASSIGNMENT_ROW,
        problems=[404, 409],
        body_examples={"a run of an outage": _EXAMPLE},
    ),
)
async def entered(
    request: Request,
    door: DoorkeeperDep,
    actor: Dispatcher,
    incident_id: IncidentId,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Enter a run."""
    asked = await _run.of(request)
    if asked.patients:
        must_may_anywhere(actor, "patients.write")
    async with acting(door, actor) as act:
        run = PaperRun(
            unit_id=asked.unit_id,
            times=tuple((one.point, one.at) for one in asked.times),
            ended=EndReason(asked.ended),
            patients=tuple([await _patient(act, one) for one in asked.patients]),
        )
        made = await enter_run(act, incident_id, run, key=idempotency_key)
        told = answer(await row_now(act, made.id, figures_of(door.parts.settings)), status=201)
    told.headers["Location"] = f"/api/assignments/{made.id}"
    return told


async def _patient(act: Act, asked: PatientIn) -> PaperPatient:
    outcome = asked.outcome
    if outcome is not None and outcome.destination_id is not None:
        await get_hospital(act.session, act.region, outcome.destination_id)
    given = None if outcome is None else outcome.given()
    return PaperPatient(tuple(asked.names().items()), asked.sex, asked.age_years, given, asked.at)
