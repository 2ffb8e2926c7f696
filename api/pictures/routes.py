"""Pictures that a crew takes of a patient: announced, sent in pieces that can be taken up again, and looked at."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.incidents.access import must_reach
from api.names import names_of_actors
from api.patients.routes import PatientId, Reader, Writer
from api.pictures.schemas import PICTURE, SHA, PictureIn, PieceIn, TakenPictureOut, TakenPicturesOut, picture_out
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.events_patients import PatientViewed
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act
from dispatch.incidents.service_views import note_view
from dispatch.kernel.errors import NotFound
from dispatch.pictures.queries import get_picture, list_pictures, received
from dispatch.pictures.service import Announced, announce, take_piece
from dispatch.pictures.tables import Picture
from dispatch.telemetry.rules_payloads import ImageForm
from dispatch.telemetry.rules_pictures import form_of
from dispatch.units.queries import get_unit_by_id
from dispatch.units.rules_duty import in_force, reckon

router = APIRouter(prefix="/patients/{patient_id}/pictures", tags=["pictures"])
PictureId = Annotated[UUID, Path(description="The picture's id, a fresh one of its writer's own.")]
_announced, _piece = Body(PictureIn), Body(PieceIn)
_TYPES = {ImageForm.JPEG: "image/jpeg", ImageForm.WEBP: "image/webp"}
_MEDIA = ("image/jpeg", "image/webp")


@router.put(
    "/{picture_id}",
    summary="Announce a picture of a patient, or ask where to go on",
    description="Then its pieces are sent. The same again changes nothing, and `received` tells from where to go on.",
    **contract(
        TakenPictureOut, body=PictureIn, example=PICTURE, problems=[404, 409],
        body_examples={"a photo": {"total": 284_112, "sha256": SHA}},
    ),
)  # fmt: skip
async def announced(
    request: Request, door: DoorkeeperDep, actor: Writer, patient_id: PatientId, picture_id: PictureId
) -> Response:
    """Announce."""
    asked = await _announced.of(request)
    async with acting(door, actor) as act:
        await _must(act, actor, "patients.write", patient_id)
        if asked.unit_id is not None:
            await get_unit_by_id(act.session, act.region, asked.unit_id)
        tolerance_s = in_force(act.session.info).clock_tolerance_s
        at = reckon(asked.at, act.clock.now(), sent_at=asked.sent_at, tolerance_s=tolerance_s).at
        given = Announced(picture_id, asked.kind, at, asked.total, bytes.fromhex(asked.sha256), asked.unit_id)
        row = await announce(act, patient_id, given)
        here = row.total if row.whole_at is not None else await received(act.session, row.id)
        told = picture_out(row, here, await names_of_actors(act.session, [row.actor]))
    return answer(told)


@router.post(
    "/{picture_id}/pieces",
    summary="Send a piece of a picture",
    description="In any order, once or twice. With the last one the picture is freed of what its camera wrote beside "
    "it, its place among that, and kept.",
    **contract(
        TakenPictureOut, body=PieceIn, example=PICTURE | {"received": 284_112, "whole": True}, problems=[404],
        body_examples={"the first": {"start": 0, "data": "/9j/4AAQ"}},
    ),
)  # fmt: skip
async def taken(
    request: Request, door: DoorkeeperDep, actor: Writer, patient_id: PatientId, picture_id: PictureId
) -> Response:
    """Take a piece."""
    asked = await _piece.of(request)
    async with acting(door, actor) as act:
        await _must(act, actor, "patients.write", patient_id)
        row, here = await take_piece(act, patient_id, picture_id, asked.start, asked.data)
        told = picture_out(row, here, await names_of_actors(act.session, [row.actor]))
    return answer(told)


@router.get(
    "",
    summary="The pictures of a patient",
    description="Those that are here whole. It leaves a line in the journal.",
    **contract(
        TakenPicturesOut, example={"pictures": [PICTURE | {"received": 284_112, "whole": True}]}, problems=[404]
    ),
)
async def listed(door: DoorkeeperDep, actor: Reader, patient_id: PatientId) -> Response:
    """List pictures."""
    async with acting(door, actor) as act:
        incident_id = await _must(act, actor, "patients.read", patient_id)
        rows = await list_pictures(act.session, patient_id)
        names = await names_of_actors(act.session, [row.actor for row in rows])
        told = TakenPicturesOut([picture_out(row, row.total, names) for row in rows])
        await note_view(act, PatientViewed(patient_id=patient_id, incident_id=incident_id, whole=False))
    return answer(told)


@router.get(
    "/{picture_id}",
    summary="A picture of a patient",
    description="As it is kept. It leaves a line in the journal that somebody looked at the patient in whole.",
    **contract(problems=[404], media=_MEDIA, told="The picture."),
)
async def shown(door: DoorkeeperDep, actor: Reader, patient_id: PatientId, picture_id: PictureId) -> Response:
    """Show."""
    row = await _whole(door, actor, patient_id, picture_id)
    data = row.data or b""
    return Response(data, media_type=_TYPES[form_of(data)], headers={"Cache-Control": "no-store"})


@router.get(
    "/{picture_id}/small",
    summary="A small one of it",
    description="A JPEG of at most 320 pixels, the right way up.",
    **contract(problems=[404], media=("image/jpeg",), told="The picture."),
)
async def small(door: DoorkeeperDep, actor: Reader, patient_id: PatientId, picture_id: PictureId) -> Response:
    """Show a small one."""
    row = await _whole(door, actor, patient_id, picture_id)
    return Response(row.small or b"", media_type="image/jpeg", headers={"Cache-Control": "no-store"})


async def _whole(door: Doorkeeper, actor: Principal, patient_id: UUID, picture_id: UUID) -> Picture:
    async with acting(door, actor) as act:
        incident_id = await _must(act, actor, "patients.read", patient_id)
        row = await get_picture(act.session, patient_id, picture_id)
        if row.data is None:
            raise NotFound("picture.gone", "This picture is not here whole, or was erased by law.")
        await note_view(act, PatientViewed(patient_id=patient_id, incident_id=incident_id, whole=True))
        return row


async def _must(act: Act, actor: Principal, permission: str, patient_id: UUID) -> UUID:
    patient = await get_patient(act.session, act.region, patient_id)
    await must_reach(act.session, act.region, actor, permission, patient.incident_id)
    return patient.incident_id
