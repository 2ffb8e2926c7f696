"""Pictures announced, sent in pieces and put together once; erased by law, and after their term. Never commits."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.states_patients import ErasureBasis
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.errors import Conflict, Invalid, NotFound
from dispatch.pictures.events import PatientPictured, PictureErased
from dispatch.pictures.queries import find_picture, list_of, list_pieces, received
from dispatch.pictures.rules import MOST_BYTES, PIECE_BYTES, prepared
from dispatch.pictures.rules_pieces import fits, put_together
from dispatch.pictures.states import PictureKind
from dispatch.pictures.tables import Picture, PicturePiece
from dispatch.telemetry.tables import TelemetryHold


@dataclass(frozen=True, slots=True)
class Announced:
    """A picture that will come, under an id of its writer's own. at: true time; total, sha256: of all its bytes."""

    id: UUID
    kind: PictureKind
    at: datetime
    total: int
    sha256: bytes
    unit_id: UUID | None = None


async def announce(act: Act, patient_id: UUID, given: Announced) -> Picture:
    """Await a picture; the same again gives what is awaited. The unit's existence is the caller's to see to.

    Raises NotFound (`patient.not_found`), Invalid (`picture.size`, `time.*`), Conflict (`picture.other`: the id stands
    for another one).
    """
    if not 0 < given.total <= MOST_BYTES:
        raise Invalid("picture.size", f"A picture has at most {MOST_BYTES} bytes.", "Shrink it before it is sent.")
    async with act.together():
        await get_patient(act.session, act.region, patient_id)
        when = act.moment(Told(min(given.at, act.clock.now())))
        made = insert(Picture).values(
            id=given.id, patient_id=patient_id, unit_id=given.unit_id, kind=str(given.kind), at=when.occurred_at,
            entered_at=when.entered_at, actor=act.actor, total=given.total, sha256=given.sha256,
        )  # fmt: skip
        await act.session.execute(made.on_conflict_do_nothing())
        row = await find_picture(act.session, given.id)
        told = None if row is None else (row.patient_id, row.actor, row.total, row.sha256)
        if row is None or told != (patient_id, act.actor, given.total, given.sha256):
            raise Conflict("picture.other", "This id stands for another picture.", "Use a fresh id for each.")
        return row


async def take_piece(act: Act, patient_id: UUID, picture_id: UUID, start: int, data: bytes) -> tuple[Picture, int]:
    """Keep a piece, and the picture once it is whole; return it and how many bytes are here from the beginning on.

    Raises NotFound (`picture.not_found`), Invalid (`picture.piece`, `picture.digest`, `picture.form`,
    `picture.broken`, `picture.size`). What does not make the picture that was announced is dropped: send it anew.
    """
    async with act.together():
        row = await find_picture(act.session, picture_id, lock=True)
        if row is None or row.patient_id != patient_id or row.actor != act.actor:
            raise NotFound("picture.not_found", "There is no such picture of this patient.")
        if row.whole_at is not None:
            return row, row.total
        if not fits(start, data, row.total):
            raise Invalid("picture.piece", f"A piece has 1 to {PIECE_BYTES} bytes and lies within the picture.")
        piece = insert(PicturePiece).values(picture_id=picture_id, start=start, data=data)
        await act.session.execute(piece.on_conflict_do_nothing())
        here = await received(act.session, picture_id)
        if here == row.total:
            await _put_together(act, row)
        await act.session.flush()
        return row, here


async def erase_pictures(
    act: Act, basis: ErasureBasis, *, incident_id: UUID | None = None, patient_id: UUID | None = None
) -> int:
    """Erase all pictures of an incident, or of a patient; return how many were still there."""
    async with act.together():
        rows = await list_of(act.session, incident_id=incident_id, patient_id=patient_id)
        for row, incident in rows:
            await act.session.execute(delete(PicturePiece).where(PicturePiece.picture_id == row.id))
            row.data = row.small = None
            row.erased_at, row.erased_by, row.erasure_basis = act.clock.now(), act.actor, str(basis)
            act.tell(PictureErased(patient_id=row.patient_id, incident_id=incident, picture_id=row.id, basis=basis))
        await act.session.flush()
        return len(rows)


async def forget_pictures(session: AsyncSession, before: datetime) -> int:
    """Delete pictures that came before a time, but for those of held incidents; return how many."""
    held = exists().where(
        Patient.id == Picture.patient_id, TelemetryHold.incident_id == Patient.incident_id,
        TelemetryHold.lifted_at.is_(None),
    )  # fmt: skip
    old = select(Picture.id).where(Picture.entered_at < before, ~held)
    await session.execute(delete(PicturePiece).where(PicturePiece.picture_id.in_(old)))
    gone = await session.execute(delete(Picture).where(Picture.id.in_(old)).returning(Picture.id))
    return len(gone.all())


async def _put_together(act: Act, row: Picture) -> None:
    pieces = await list_pieces(act.session, row.id)
    whole = put_together(((piece.start, piece.data) for piece in pieces), row.sha256)
    if whole is None:
        raise Invalid("picture.digest", "The pieces do not make the picture that was announced.", "Send it anew.")
    kept, small = await asyncio.to_thread(prepared, whole)
    row.data, row.small = kept, small
    row.whole_at = act.clock.now()
    await act.session.execute(delete(PicturePiece).where(PicturePiece.picture_id == row.id))
    patient = await get_patient(act.session, act.region, row.patient_id)
    act.tell(
        PatientPictured(
            patient_id=row.patient_id, incident_id=patient.incident_id, picture_id=row.id, kind=PictureKind(row.kind),
            at=row.at, digest=act.digester.digest("picture", hashlib.sha256(kept).hexdigest()),
        )
    )  # fmt: skip
