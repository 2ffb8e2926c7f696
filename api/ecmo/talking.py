"""Messages and files of a case page, live for both sides."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.ecmo.access import READ, asker_organisations, must_see, side_of
from api.ecmo.examples import FILE, MESSAGE
from api.ecmo.requests import RequestId
from api.ecmo.schemas_case import CaseMessageOut, FileOut
from api.ecmo.schemas_requests import SHA, CaseMessageIn, CaseReadIn, FileIn
from api.ecmo.telling import file_out, message_out
from api.names import names_of_actors
from api.pictures.schemas import PieceIn
from dispatch.accounts.rules_permissions import Principal
from dispatch.ecmo.queries_case import get_whole_file, list_messages, received
from dispatch.ecmo.queries_requests import list_joined
from dispatch.ecmo.service_case import CaseSaying, note_case_view, read_messages, say_to_case
from dispatch.ecmo.service_files import FileAnnounced, announce_file, take_file_piece
from dispatch.ecmo.states_case import FileForm
from dispatch.ecmo.tables_case import EcmoFile
from dispatch.kernel.errors import NotFound

router = APIRouter(prefix="/ecmo/requests/{request_id}", tags=["ecmo"])
Reader = Annotated[Principal, requires(READ)]
FileId = Annotated[UUID, Path(description="The file's id, a fresh one of its writer's own.")]
_said, _read, _file, _piece = Body(CaseMessageIn), Body(CaseReadIn), Body(FileIn), Body(PieceIn)
_TYPES: Final = {FileForm.JPEG: "image/jpeg", FileForm.WEBP: "image/webp", FileForm.MP4: "video/mp4"}


@router.post(
    "/messages",
    summary="Write to the other sides of a case",
    description="A message, a question or advice. The same `id` again changes nothing. The journal tells that it was "
    "sent, never what it says.",
    **contract(
        CaseMessageOut, body=CaseMessageIn, status=201, example=MESSAGE, problems=[404, 409],
        body_examples={"a question": {"id": MESSAGE["id"], "kind": "question", "words": "示例:请补 PIP"}},
    ),
)  # fmt: skip
async def said(request: Request, door: DoorkeeperDep, actor: Reader, request_id: RequestId) -> Response:
    """Write."""
    asked = await _said.of(request)
    async with acting(door, actor) as act:
        row = await must_see(act.session, act.region, actor, request_id)
        side = side_of(actor, await asker_organisations(act.session, row))
        at = asked.at or act.clock.now()
        saying = CaseSaying(asked.id, asked.kind, side, actor.organisation, at, asked.words)
        made = await say_to_case(act, request_id, saying)
        found = next(one for one in await list_messages(act.session, [row.id]) if one.message.id == made.id)
        names = await names_of_actors(act.session, [made.actor, *(one.actor for one in found.reads)])
        told = message_out(found, names, act.actor)
    return answer(told, status=201)


@router.post(
    "/messages/reads",
    summary="Have read messages of a case",
    description="By name and time, told to who wrote them. One's own, and those read before, are passed over.",
    **contract(
        body=CaseReadIn, status=204, problems=[404], told="They are read.",
        body_examples={"one": {"ids": [MESSAGE["id"]]}},
    ),
)  # fmt: skip
async def read(request: Request, door: DoorkeeperDep, actor: Reader, request_id: RequestId) -> Response:
    """Have read."""
    asked = await _read.of(request)
    async with acting(door, actor) as act:
        await must_see(act.session, act.region, actor, request_id)
        await read_messages(act, request_id, actor.organisation, asked.ids)
    return Response(status_code=204)


@router.put(
    "/files/{file_id}",
    summary="Announce a picture or clip of a case, or ask where to go on",
    description="A photo of a blood gas, an X-ray, an echo clip: JPEG, WebP or MP4 of at most 16 MB. Then its pieces "
    "are sent. The same again changes nothing, and `received` tells from where to go on.",
    **contract(
        FileOut, body=FileIn, example=FILE, problems=[404, 409],
        body_examples={"an echo clip": {"kind": "echo", "total": 4_284_112, "sha256": SHA}},
    ),
)  # fmt: skip
async def announced(
    request: Request, door: DoorkeeperDep, actor: Reader, request_id: RequestId, file_id: FileId
) -> Response:
    """Announce."""
    asked = await _file.of(request)
    async with acting(door, actor) as act:
        await must_see(act.session, act.region, actor, request_id)
        at = asked.at or act.clock.now()
        given = FileAnnounced(file_id, asked.kind, at, asked.total, bytes.fromhex(asked.sha256))
        row = await announce_file(act, request_id, given)
        here = row.total if row.whole_at is not None else await received(act.session, row.id)
        told = file_out(row, here, await names_of_actors(act.session, [row.actor]))
    return answer(told)


@router.post(
    "/files/{file_id}/pieces",
    summary="Send a piece of a file",
    description="In any order, once or twice. With the last one the file is freed of what a camera or machine wrote "
    "beside it, and kept.",
    **contract(
        FileOut, body=PieceIn, example=FILE | {"received": 4_284_112, "whole": True, "form": "mp4"}, problems=[404],
        body_examples={"the first": {"start": 0, "data": "AAAAIGZ0"}},
    ),
)  # fmt: skip
async def taken(
    request: Request, door: DoorkeeperDep, actor: Reader, request_id: RequestId, file_id: FileId
) -> Response:
    """Take a piece."""
    asked = await _piece.of(request)
    async with acting(door, actor) as act:
        await must_see(act.session, act.region, actor, request_id)
        row, here = await take_file_piece(act, request_id, file_id, asked.start, asked.data)
        told = file_out(row, here, await names_of_actors(act.session, [row.actor]))
    return answer(told)


@router.get(
    "/files/{file_id}",
    summary="A picture or clip of a case",
    description="As it is kept. It leaves a line in the journal that somebody looked at the case in whole.",
    **contract(problems=[404], media=tuple(_TYPES.values()), told="The file."),
)
async def shown(door: DoorkeeperDep, actor: Reader, request_id: RequestId, file_id: FileId) -> Response:
    """Show."""
    row = await _whole(door, actor, request_id, file_id)
    media = _TYPES[FileForm(str(row.form))]
    return Response(row.data or b"", media_type=media, headers={"Cache-Control": "no-store"})


@router.get(
    "/files/{file_id}/small",
    summary="A small one of a picture",
    description="A JPEG of at most 320 pixels, the right way up. A clip has none.",
    **contract(problems=[404], media=("image/jpeg",), told="The picture."),
)
async def small(door: DoorkeeperDep, actor: Reader, request_id: RequestId, file_id: FileId) -> Response:
    """Show a small one."""
    row = await _whole(door, actor, request_id, file_id)
    if row.small is None:
        raise NotFound("ecmo_file.not_found", "A clip has no small picture.")
    return Response(row.small, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


async def _whole(door: Doorkeeper, actor: Principal, request_id: UUID, file_id: UUID) -> EcmoFile:
    async with acting(door, actor) as act:
        await must_see(act.session, act.region, actor, request_id)
        row = await get_whole_file(act.session, await list_joined(act.session, request_id), file_id)
        await note_case_view(act, request_id, whole=True)
        return row
