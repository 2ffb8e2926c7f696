"""Requests for ECMO: saved as they are typed, put before centres, joined, withdrawn, closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, must_may, not_allowed, requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import LiveDep
from api.ecmo.access import COORDINATE, READ, REQUEST, must_ask, must_see
from api.ecmo.examples import CASE, ROW
from api.ecmo.rows import rows_out
from api.ecmo.schemas_assessment import ValueIn, WaysOut
from api.ecmo.schemas_case import CaseOut, RequestsOut
from api.ecmo.schemas_requests import (
    CENTRE_ID,
    OTHER_ID,
    TYPED,
    AskIn,
    JoinIn,
    RequestIn,
    ValuesIn,
    WithdrawIn,
)
from api.ecmo.telling import case_out
from api.ecmo.ways import longest_of, roads_there, ways_of
from api.incidents.access import must_reach
from api.regions.live import LiveRegion
from dispatch.accounts.rules_permissions import Principal, organisations_where
from dispatch.ecmo.queries_requests import find_request, list_requests
from dispatch.ecmo.service_asking import ask_centres, close_request, join_request, withdraw_request
from dispatch.ecmo.service_case import Measured, note_case_view, record_values
from dispatch.ecmo.service_requests import Typed, save_request
from dispatch.ecmo.states import Mode
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act

router = APIRouter(prefix="/ecmo/requests", tags=["ecmo"])
RequestId = Annotated[UUID, Path(description="The request's id, a fresh one of its writer's own.")]
Reader = Annotated[Principal, requires(READ)]
Asker = Annotated[Principal, requires(REQUEST)]
AskerOrCoordinator = Annotated[Principal, requires(REQUEST, COORDINATE)]
Whole = Annotated[bool, Query(description="The patient's name and number in whole; it leaves a line of its own.")]
_typed, _values, _ask, _join, _withdraw = Body(RequestIn), Body(ValuesIn), Body(AskIn), Body(JoinIn), Body(WithdrawIn)


@router.get(
    "",
    summary="Requests for ECMO",
    description="Those that are not over, those of whose patient nobody has told what became of him, and with `hours` "
    "those begun within so many; the newest first, without anything that names a patient. A hospital and a centre see "
    "those that concern them.",
    **contract(RequestsOut, example={"at": "2026-11-27T11:12:24Z", "requests": [ROW]}, problems=[404]),
)
async def listed(
    door: DoorkeeperDep,
    actor: Reader,
    hours: Annotated[int | None, Query(ge=1, le=8_784, description="How far back; null: only what is open.")] = None,
) -> Response:
    """List requests."""
    now = door.parts.clock.now()
    since = None if hours is None else now - timedelta(hours=hours)
    async with door.parts.database.read() as session:
        rows = await list_requests(
            session, door.parts.settings.region, organisations_where(actor, READ), since=since, awaiting=True
        )
        told = await rows_out(session, rows, actor.id)
    return answer(RequestsOut(now, told))


@router.get(
    "/{request_id}",
    summary="One request with its case page",
    description="Values over time, scores and criteria of its mode, who was called, what centres answered, messages, "
    "files. It leaves a line in the journal. Scores and criteria are to be considered; a physician decides.",
    **contract(CaseOut, example=CASE, problems=[404]),
)
async def shown(
    door: DoorkeeperDep, live: LiveDep, actor: Reader, request_id: RequestId, whole: Whole = False
) -> Response:
    """Show a case."""
    async with acting(door, actor) as act:
        row = await must_see(act.session, act.region, actor, request_id)
        told = await told_case(act, live, actor, row, whole=whole)
        await note_case_view(act, row.id, whole=whole)
    return answer(told)


@router.put(
    "/{request_id}",
    summary="Save what was typed of a request",
    description="Begins it, or merges what changes: two who type different fields lose nothing. Values get their time "
    "and author, and keep their history. It works in parts: nothing is compulsory until centres are asked. 409 "
    "`ecmo_request.duplicate`: ECMO is asked for this patient already, `current` tells where.",
    **contract(CaseOut, body=RequestIn, example=CASE, problems=[404, 409], body_examples={"a county's ICU": TYPED}),
)
async def saved(request: Request, door: DoorkeeperDep, live: LiveDep, actor: Asker, request_id: RequestId) -> Response:
    """Save a request."""
    asked = await _typed.of(request)
    async with acting(door, actor) as act:
        if await find_request(act.session, request_id) is None:
            must_may(actor, REQUEST, actor.organisation)
        else:
            await must_ask(act.session, act.region, actor, request_id)
        await _must_reach_named(act, actor, asked)
        typed = Typed(asked.fields(), asked.personal())
        async with act.together():
            row = await save_request(act, request_id, asked.origin, actor.organisation, typed)
            if asked.values:
                row = await record_values(act, request_id, measured_of(asked.values))
        told = await told_case(act, live, actor, row, whole=True)
    return answer(told)


@router.post(
    "/{request_id}/values",
    summary="Enter values of a case",
    description="With their time; who enters them is who is logged in. Of each item the newest counts, the others "
    "stay. Both sides may.",
    **contract(
        CaseOut, body=ValuesIn, example=CASE, problems=[404, 409],
        body_examples={"one": {"values": [{"item": "ph", "value": 7.19, "at": "2026-11-27T10:47:00Z"}]}},
    ),
)  # fmt: skip
async def measured(
    request: Request, door: DoorkeeperDep, live: LiveDep, actor: Reader, request_id: RequestId
) -> Response:
    """Enter values."""
    asked = await _values.of(request)
    async with acting(door, actor) as act:
        await must_see(act.session, act.region, actor, request_id)
        row = await record_values(act, request_id, measured_of(asked.values))
        told = await told_case(act, live, actor, row)
    return answer(told)


@router.get(
    "/{request_id}/ways",
    summary="How long until the circuit runs",
    description="Both ways of every centre, as ranges of minutes: the patient brought to the cannulator, and the "
    "cannulator brought to the patient, by the roads as they are now. For E-CPR compared with the limit of low flow, "
    "which is not applied to hypothermia, drowning in cold water, intoxication or children. A leg that is not known "
    "stays unknown. It delays neither compressions, nor transport, nor a call to the physician.",
    **contract(WaysOut, problems=[404]),
)
async def ways(door: DoorkeeperDep, live: LiveDep, actor: Reader, request_id: RequestId) -> Response:
    """Tell both ways."""
    served = await roads_there(live)
    async with door.parts.database.read() as session:
        row = await must_see(session, door.parts.settings.region, actor, request_id)
        told = await ways_of(session, door.parts.clock, served, row)
    return answer(told)


@router.post(
    "/{request_id}/ask",
    summary="Put a request before ECMO centres",
    description="In this order, or at once. It needs the mode and where the patient is, nothing else. Further centres "
    "can be asked at any time until one is bound. Their physicians on call are alerted, the next when nobody opens "
    "the case; after 10 minutes without an answer everybody is told.",
    **contract(
        CaseOut, body=AskIn, example=CASE, problems=[404, 409],
        body_examples={"one after the other": {"hospital_ids": [CENTRE_ID, OTHER_ID]}},
    ),
)  # fmt: skip
async def put_before(
    request: Request, door: DoorkeeperDep, live: LiveDep, actor: AskerOrCoordinator, request_id: RequestId
) -> Response:
    """Ask centres."""
    asked = await _ask.of(request)
    async with acting(door, actor) as act:
        await must_ask(act.session, act.region, actor, request_id, COORDINATE)
        row = await ask_centres(act, request_id, asked.hospital_ids, at_once=asked.at_once, version=asked.version)
        told = await told_case(act, live, actor, row)
    return answer(told)


@router.post(
    "/{request_id}/join",
    summary="Join a request into another of the same patient",
    description="The other goes on for both, and shows what was entered here. One that a centre has accepted is not "
    "joined: join the other into it.",
    **contract(
        CaseOut, body=JoinIn, example=CASE, problems=[404, 409], body_examples={"into another": {"into": OTHER_ID}}
    ),
)
async def joined(
    request: Request, door: DoorkeeperDep, live: LiveDep, actor: AskerOrCoordinator, request_id: RequestId
) -> Response:
    """Join two requests."""
    asked = await _join.of(request)
    async with acting(door, actor) as act:
        await must_ask(act.session, act.region, actor, request_id, COORDINATE)
        await must_see(act.session, act.region, actor, asked.into)
        into = await join_request(act, request_id, asked.into)
        told = await told_case(act, live, actor, into)
    return answer(told)


@router.post(
    "/{request_id}/withdraw",
    summary="Withdraw a request",
    description="Nothing is asked any more, and everybody who was is told. Once a centre is bound, its mission is "
    "stood down instead.",
    **contract(
        CaseOut, body=WithdrawIn, example=CASE, problems=[404, 409],
        body_examples={"better": {"reason": "improved"}},
    ),
)  # fmt: skip
async def withdrawn(
    request: Request, door: DoorkeeperDep, live: LiveDep, actor: AskerOrCoordinator, request_id: RequestId
) -> Response:
    """Withdraw a request."""
    asked = await _withdraw.of(request)
    async with acting(door, actor) as act:
        await must_ask(act.session, act.region, actor, request_id, COORDINATE)
        row = await withdraw_request(act, request_id, asked.reason, asked.words)
        told = await told_case(act, live, actor, row)
    return answer(told)


@router.post(
    "/{request_id}/close",
    summary="Close a request that no centre takes",
    description="Its advice was followed, or the patient is treated otherwise.",
    **contract(CaseOut, example=CASE, problems=[404, 409]),
)
async def closed(door: DoorkeeperDep, live: LiveDep, actor: AskerOrCoordinator, request_id: RequestId) -> Response:
    """Close a request."""
    async with acting(door, actor) as act:
        await must_ask(act.session, act.region, actor, request_id, COORDINATE)
        row = await close_request(act, request_id)
        told = await told_case(act, live, actor, row)
    return answer(told)


async def told_case(act: Act, live: LiveRegion, actor: Principal, row: EcmoRequest, *, whole: bool = False) -> CaseOut:
    """Tell a case; of E-CPR with what the roads say of the time without flow."""
    longest = None
    if row.mode == Mode.ECPR:
        longest = longest_of(await ways_of(act.session, act.clock, await roads_there(live), row))
    return await case_out(act.session, act.clock, actor, row, whole=whole, low_flow_min=longest)


def measured_of(values: list[ValueIn]) -> list[Measured]:
    """The same as the domain takes it."""
    return [Measured(one.item, one.value, one.at) for one in values]


async def _must_reach_named(act: Act, actor: Principal, asked: RequestIn) -> None:
    """Whoever names a patient or an incident of the core must be allowed to read it."""
    if isinstance(asked.patient_id, UUID):
        patient = await get_patient(act.session, act.region, asked.patient_id)
        await _must(act, actor, "patients.read", patient.incident_id)
    elif isinstance(asked.incident_id, UUID):
        await _must(act, actor, "incidents.read", asked.incident_id)


async def _must(act: Act, actor: Principal, permission: str, incident_id: UUID) -> None:
    where = organisations_where(actor, permission)
    if where is not None and not where:
        raise not_allowed(permission)
    await must_reach(act.session, act.region, actor, permission, incident_id)
