"""Notes on incidents."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import IdempotencyKey, acting, told_of
from api.auth import Doorkeeper, DoorkeeperDep, must_may_anywhere, requires
from api.bodies import Body, answer
from api.contract import contract
from api.incidents.access import must_reach
from api.incidents.examples import NOTE_EXAMPLE
from api.incidents.routes import IncidentId
from api.incidents.schemas import NoteChangeIn, NoteIn, NoteOut
from api.incidents.telling import note_out
from api.names import names_of_actors
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.queries_incidents import get_note
from dispatch.incidents.queries_personal import find_value
from dispatch.incidents.service_notes import add_note, correct_note
from dispatch.incidents.states_patients import PersonalKind

router = APIRouter(tags=["incidents"])
_new, _change = Body(NoteIn), Body(NoteChangeIn)
Author = Annotated[Principal, requires("notes.write")]


@router.post(
    "/incidents/{incident_id}/notes",
    summary="Write a note",
    description="Also on an incident that is over. At most 20,000 characters.",
    **contract(
        NoteOut,
        body=NoteIn,
        status=201,
        example=NOTE_EXAMPLE,
        body_examples={
            "a note": {"text": "三楼，无电梯"},
            "told over the radio": {"text": "桥封了", "at": "2026-11-22T12:05:00+08:00", "source": "voice"},
        },
        problems=[404, 409],
    ),
)
async def written(
    request: Request,
    door: DoorkeeperDep,
    actor: Author,
    incident_id: IncidentId,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Write a note."""
    asked = await _new.of(request)
    async with acting(door, actor) as act:
        await must_reach(act.session, act.region, actor, "notes.write", incident_id)
        note = await add_note(act, incident_id, asked.text, told_of(asked, actor), key=idempotency_key)
        note_id = note.id
    return await _told(door, note_id, status=201)


@router.patch(
    "/notes/{note_id}",
    summary="Correct a note",
    description="One's own; those of others takes `incidents.write`. Earlier texts are kept.",
    **contract(
        NoteOut,
        body=NoteChangeIn,
        example=NOTE_EXAMPLE,
        body_examples={"corrected": {"text": "四楼，无电梯", "version": 1}},
        problems=[404, 409],
    ),
)
async def corrected(
    request: Request,
    door: DoorkeeperDep,
    actor: Author,
    note_id: Annotated[UUID, Path(description="The note's id.")],
) -> Response:
    """Correct a note."""
    asked = await _change.of(request)
    async with acting(door, actor) as act:
        note = await get_note(act.session, act.region, note_id)
        await must_reach(act.session, act.region, actor, "notes.write", note.incident_id)
        if note.actor != act.actor:
            must_may_anywhere(actor, "incidents.write")
        await correct_note(act, note_id, asked.text, expected_version=asked.version, told=told_of(asked, actor))
    return await _told(door, note_id)


async def _told(door: Doorkeeper, note_id: UUID, *, status: int = 200) -> Response:
    """A note as it stands after what was done is committed."""
    async with door.parts.database.read() as session:
        note = await get_note(session, door.parts.settings.region, note_id)
        value = await find_value(session, note_id, PersonalKind.NOTE)
        names = await names_of_actors(session, [note.actor])
    return answer(note_out(note, value, names), status=status)
