"""Pictures and their pieces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.fleet.when import Happened, Sent
from api.patients.schemas import PATIENT_ID, UNIT_ID
from dispatch.pictures.rules import MOST_BYTES
from dispatch.pictures.states import PictureKind
from dispatch.pictures.tables import Picture


class PictureIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A picture that will come in pieces: JPEG or WebP."""

    total: Annotated[int, Meta(ge=1, le=MOST_BYTES, description="Bytes.")]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="Of all of them, in hexadecimal digits.")]
    kind: PictureKind = PictureKind.PHOTO
    unit_id: Annotated[UUID | None, Meta(description="The vehicle on which it was taken.")] = None
    at: Happened = None
    sent_at: Sent = None


class PieceIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Some of its bytes."""

    start: Annotated[int, Meta(ge=0, description="Where they begin.")]
    data: Annotated[bytes, Meta(description="In Base64; at most 262,144 bytes.")]


class TakenPictureOut(msgspec.Struct, frozen=True, kw_only=True):
    """One picture. Its bytes are asked for by themselves."""

    id: UUID
    patient_id: UUID
    unit_id: UUID | None
    kind: PictureKind
    at: Annotated[datetime, Meta(description="When it was taken, true time.")]
    entered_at: datetime
    author_name: str | None
    total: int
    received: Annotated[int, Meta(description="Bytes that are here from the beginning on: go on from there.")]
    whole: bool
    erased: Annotated[bool, Meta(description="By law; its bytes are gone.")]


class TakenPicturesOut(msgspec.Struct, frozen=True):
    """The pictures of a patient that are here whole, by when they were taken."""

    pictures: list[TakenPictureOut]


def picture_out(row: Picture, received: int, names: Mapping[str, str]) -> TakenPictureOut:
    """Tell a picture."""
    return TakenPictureOut(
        id=row.id,
        patient_id=row.patient_id,
        unit_id=row.unit_id,
        kind=PictureKind(row.kind),
        at=row.at,
        entered_at=row.entered_at,
        author_name=names.get(row.actor),
        total=row.total,
        received=received,
        whole=row.whole_at is not None,
        erased=row.erased_at is not None,
    )


SHA: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PICTURE: Final = {
    "id": "0198c0de-0000-7000-8000-000000000c01",
    "patient_id": PATIENT_ID,
    "unit_id": UNIT_ID,
    "kind": "photo",
    "at": "2026-11-22T09:31:00Z",
    "entered_at": "2026-11-22T09:31:02Z",
    "author_name": "示例护士",
    "total": 284_112,
    "received": 262_144,
    "whole": False,
    "erased": False,
}
