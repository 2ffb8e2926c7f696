"""Pictures that a crew sent of a patient: a list, small ones for it, and each in whole."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Query
from msgspec import Meta
from PIL import Image, ImageOps, UnidentifiedImageError
from starlette.responses import Response

from api.auth import DoorkeeperDep
from api.bodies import answer
from api.contract import contract
from api.er.access import Follower, must_see
from dispatch.kernel.errors import Invalid, NotFound, Unavailable
from dispatch.pictures.queries import find_whole as find_taken
from dispatch.pictures.queries import list_pictures as list_taken
from dispatch.pictures.states import PictureKind
from dispatch.pictures.tables import Picture as TakenPicture
from dispatch.telemetry.queries_attachments import list_carried
from dispatch.telemetry.queries_pictures import Picture, list_pictures, list_pieces
from dispatch.telemetry.rules_payloads import ImageForm
from dispatch.telemetry.rules_pictures import form_of, put_together, without_metadata

router = APIRouter()
PatientId = Annotated[UUID, Path(description="The patient's id.")]
SMALL_PX: Final = 320
"""The longer side of a small one."""
_MEDIA: Final = {ImageForm.JPEG: "image/jpeg", ImageForm.WEBP: "image/webp"}
_SAFE: Final = {
    "Cache-Control": "private, max-age=3600",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
_AHEAD: Final = timedelta(seconds=5)
PICTURE_EXAMPLE: Final = {
    "id": "0198c1f2-7d3a-7c10-9a55-3f2b8d6e1a01", "at": "2026-11-27T03:10:02Z", "received_at": "2026-11-27T03:10:31Z",
    "bytes": 812345, "received": 812345, "whole": True,
}  # fmt: skip


class PictureOut(msgspec.Struct, frozen=True):
    """One picture."""

    id: UUID
    at: Annotated[datetime, Meta(description="When it was taken, true time.")]
    received_at: Annotated[datetime, Meta(description="When its last piece came.")]
    bytes: Annotated[int, Meta(description="Of the whole picture.")]
    received: Annotated[int, Meta(description="How many of them are here.")]
    whole: Annotated[bool, Meta(description="False: it is still on its way, or broke off.")]


class PicturesOut(msgspec.Struct, frozen=True):
    """The newest first."""

    now: datetime
    pictures: list[PictureOut]


@router.get(
    "/patients/{patient_id}/pictures",
    summary="Pictures that a crew sent of a patient",
    description="Of the vehicle's streams only those of while the patient was attached; and what the crew took with a "
    "phone. It leaves a line in the journal, and so does a refusal.",
    **contract(
        PicturesOut, example={"now": "2026-11-27T03:12:40Z", "pictures": [PICTURE_EXAMPLE]}, problems=[404]
    ),
)  # fmt: skip
async def pictures(door: DoorkeeperDep, actor: Follower, patient_id: PatientId) -> Response:
    """List pictures."""
    await must_see(door, actor, patient_id)
    now = door.parts.clock.now()
    async with door.parts.database.read() as session:
        found = await list_pictures(session, await list_carried(session, patient_id), now + _AHEAD)
        told = [_out(one) for one in found]
        told += [_taken(row) for row in await list_taken(session, patient_id) if _is_shown(row)]
    told.sort(key=lambda one: one.at, reverse=True)
    return answer(PicturesOut(now, told))


@router.get(
    "/patients/{patient_id}/pictures/{picture_id}",
    summary="One picture",
    description="As the crew sent it, without what its camera wrote beside it; `small`: at most "
    f"{SMALL_PX} pixels on its longer side, as JPEG. One that is not whole yet is 503.",
    **contract(problems=[404], media=tuple(_MEDIA.values()), told="The picture."),
)
async def picture(
    door: DoorkeeperDep,
    actor: Follower,
    patient_id: PatientId,
    picture_id: Annotated[UUID, Path(description="The picture's id.")],
    small: Annotated[bool, Query(description="A small one, for a list.")] = False,
) -> Response:
    """Give a picture."""
    await must_see(door, actor, patient_id)
    now = door.parts.clock.now()
    async with door.parts.database.read() as session:
        pieces = await list_pieces(session, await list_carried(session, patient_id), picture_id, now + _AHEAD)
        taken = None if pieces else await find_taken(session, patient_id, picture_id)
    if taken is not None and taken.data is not None and taken.small is not None:
        if small:
            return Response(taken.small, media_type="image/jpeg", headers=_SAFE)
        return Response(taken.data, media_type=_MEDIA[form_of(taken.data)], headers=_SAFE)
    if not pieces:
        raise NotFound("picture.not_found", "There is no such picture of this patient.")
    data = await asyncio.to_thread(put_together, pieces)
    if data is None:
        raise Unavailable("picture.incomplete", "The picture is not whole yet.", "It is shown once it is.")
    # A client should have taken out where it was taken; one that did not tells it to nobody.
    data = await asyncio.to_thread(_bare, data)
    if not small:
        return Response(data, media_type=_MEDIA[form_of(data)], headers=_SAFE)
    return Response(await asyncio.to_thread(_small, data), media_type="image/jpeg", headers=_SAFE)


def _bare(data: bytes) -> bytes:
    """The same picture without its camera's words. Raises NotFound for what is no picture after all."""
    try:
        return without_metadata(data)
    except Invalid:
        raise NotFound("picture.unreadable", "The picture cannot be read.") from None


def _small(data: bytes) -> bytes:
    """A small JPEG, the right way up. Raises NotFound for what is no picture after all."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "WEBP")) as whole:
            whole.draft("RGB", (SMALL_PX, SMALL_PX))
            made = ImageOps.exif_transpose(whole).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise NotFound("picture.unreadable", "The picture cannot be read.") from None
    made.thumbnail((SMALL_PX, SMALL_PX))
    out = io.BytesIO()
    made.save(out, "JPEG", quality=80)
    return out.getvalue()


def _is_shown(row: TakenPicture) -> bool:
    return row.erased_at is None and row.kind == PictureKind.PHOTO


def _taken(row: TakenPicture) -> PictureOut:
    return PictureOut(row.id, row.at, row.whole_at or row.entered_at, row.total, row.total, whole=True)


def _out(one: Picture) -> PictureOut:
    return PictureOut(one.id, one.at, one.received_at, one.total, min(one.received, one.total), one.whole)
