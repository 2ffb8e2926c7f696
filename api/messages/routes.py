"""What crew, receiving emergency room and dispatch centre write to each other about an incident."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, not_allowed, requires
from api.bodies import Body, answer
from api.contract import contract
from api.detections.routes import SIDES
from api.er.access import seen_of
from api.incidents.access import must_reach
from api.incidents.routes import IncidentId
from api.messages.schemas import (
    MESSAGE,
    MESSAGE_ID,
    MessageIn,
    MessageOut,
    MessagesOut,
    PhrasesOut,
    ReadIn,
    message_out,
    phrase_out,
)
from api.names import names_of_actors
from dispatch.accounts.rules_permissions import TABLE, Principal
from dispatch.accounts.states import Role
from dispatch.incidents.events_incidents import IncidentViewed
from dispatch.incidents.service import Act
from dispatch.incidents.service_views import note_view
from dispatch.kernel.errors import Invalid
from dispatch.messages.queries import list_messages
from dispatch.messages.rules import PHRASES
from dispatch.messages.service import Saying, read, say
from dispatch.telemetry.detection.states import Side
from dispatch.units.queries import get_unit_by_id
from dispatch.units.rules_duty import in_force, reckon

router = APIRouter(tags=["messages"])
_READ: Final = "messages.read"
_WRITE: Final = "messages.write"
Reader = Annotated[Principal, requires(_READ)]
Writer = Annotated[Principal, requires(_WRITE)]
PatientQuery = Annotated[UUID | None, Query(description="Of this patient alone; a hospital always names one.")]
_message, _seen = Body(MessageIn), Body(ReadIn)


def side_of(actor: Principal, permission: str) -> Side:
    """As whom somebody writes: who may dispatch does so as the dispatch centre, whatever else he is."""
    sides = {
        SIDES.get(Role(grant.role), Side.DISPATCH) for grant in actor.grants if permission in TABLE[grant.role].any
    }
    return next(side for side in (Side.DISPATCH, Side.CREW, Side.HOSPITAL) if side in sides)


@router.get(
    "/message-phrases",
    summary="What can be said by one tap",
    description="In three languages, so that each side reads it in its own.",
    dependencies=[requires("session.show")],
    **contract(PhrasesOut),
)
async def phrases() -> Response:
    """List phrases."""
    return answer(PhrasesOut([phrase_out(one) for one in PHRASES.values()]))


@router.get(
    "/incidents/{incident_id}/messages",
    summary="Messages about an incident",
    description="By true time, each with who has read it when. A hospital reads those of its own patients. It leaves a "
    "line in the journal.",
    **contract(MessagesOut, example={"side": "crew", "messages": [MESSAGE]}, problems=[404]),
)
async def listed(
    door: DoorkeeperDep, actor: Reader, incident_id: IncidentId, patient_id: PatientQuery = None
) -> Response:
    """List messages."""
    async with acting(door, actor) as act:
        side = await must_take_part(act, actor, _READ, incident_id, patient_id)
        told = await _told(act, side, incident_id, patient_id)
        await note_view(act, IncidentViewed(incident_id=incident_id, record=False))
    return answer(told)


@router.post(
    "/incidents/{incident_id}/messages",
    summary="Write to the other sides of an incident",
    description="With its true time, also long after. The same `id` again changes nothing. The journal tells that it "
    "was sent, never what it says.",
    **contract(
        MessageOut, body=MessageIn, status=201, example=MESSAGE, problems=[404, 409],
        body_examples={
            "a phrase": {"id": MESSAGE_ID, "phrase": "received"},
            "words": {"id": MESSAGE_ID, "words": "家属要求送地区医院"},
        },
    ),
)  # fmt: skip
async def sent(request: Request, door: DoorkeeperDep, actor: Writer, incident_id: IncidentId) -> Response:
    """Write."""
    asked = await _message.of(request)
    async with acting(door, actor) as act:
        side = await must_take_part(act, actor, _WRITE, incident_id, asked.patient_id)
        if asked.unit_id is not None:
            await get_unit_by_id(act.session, act.region, asked.unit_id)
        tolerance_s = in_force(act.session.info).clock_tolerance_s
        at = reckon(asked.at, act.clock.now(), sent_at=asked.sent_at, tolerance_s=tolerance_s).at
        said = Saying(
            asked.id, side, actor.organisation, at, asked.patient_id, asked.unit_id, asked.phrase, asked.words
        )
        row = await say(act, incident_id, said)
        told = await _told(act, side, incident_id, asked.patient_id)
        made = next(one for one in told.messages if one.id == row.id)
    return answer(made, status=201)


@router.post(
    "/incidents/{incident_id}/messages/reads",
    summary="Have read messages",
    description="By name and time, told to who wrote them. One's own, and those read before, are passed over.",
    **contract(
        MessagesOut, body=ReadIn, example={"side": "hospital", "messages": [MESSAGE]}, problems=[404],
        body_examples={"one": {"ids": [MESSAGE_ID]}},
    ),
)  # fmt: skip
async def seen(request: Request, door: DoorkeeperDep, actor: Reader, incident_id: IncidentId) -> Response:
    """Have read."""
    asked = await _seen.of(request)
    async with acting(door, actor) as act:
        side = await must_take_part(act, actor, _READ, incident_id, asked.patient_id)
        may_see = {one.id for one in (await _told(act, side, incident_id, asked.patient_id)).messages}
        await read(act, incident_id, side, actor.organisation, [one for one in asked.ids if one in may_see])
        told = await _told(act, side, incident_id, asked.patient_id)
    return answer(told)


async def must_take_part(
    act: Act, actor: Principal, permission: str, incident_id: UUID, patient_id: UUID | None
) -> Side:
    """As whom the actor takes part in what is said about an incident; a hospital names one of its own patients.

    Raises Invalid (`message.patient`), NotFound, ProblemError (`permission.refused`).
    """
    side = side_of(actor, permission)
    if side is not Side.HOSPITAL:
        await must_reach(act.session, act.region, actor, permission, incident_id)
        return side
    if patient_id is None:
        raise Invalid("message.patient", "A hospital writes and reads about one patient.", "Name the patient.")
    found = await seen_of(act.session, act.region, act.clock.now(), actor, patient_id)
    if found is None or found.patient.incident_id != incident_id:
        raise not_allowed(permission)
    return side


async def _told(act: Act, side: Side, incident_id: UUID, patient_id: UUID | None) -> MessagesOut:
    rows = await list_messages(act.session, incident_id, patient_id)
    actors = {name for one in rows for name in (one.message.actor, *(read.actor for read in one.reads))}
    names = await names_of_actors(act.session, actors)
    return MessagesOut(side, [message_out(one, names, act.actor) for one in rows])
