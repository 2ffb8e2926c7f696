"""Pictures of patients."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from dispatch.incidents.queries_patients import list_merged_into
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.errors import NotFound
from dispatch.pictures.rules_pieces import whole_until
from dispatch.pictures.tables import Picture, PicturePiece


async def find_picture(session: AsyncSession, picture_id: UUID, *, lock: bool = False) -> Picture | None:
    """One picture, without its bytes; None: there is none."""
    query = select(Picture).where(Picture.id == picture_id).execution_options(populate_existing=True)
    found: Picture | None = await session.scalar(query.with_for_update() if lock else query)
    return found


async def find_whole(session: AsyncSession, patient_id: UUID, picture_id: UUID) -> Picture | None:
    """One picture of a patient, or of a record merged into that one, with its bytes; None: there is none."""
    query = select(Picture).where(Picture.id == picture_id, Picture.patient_id.in_(await _ids(session, patient_id)))
    found: Picture | None = await session.scalar(query.options(undefer(Picture.data), undefer(Picture.small)))
    return found


async def get_picture(session: AsyncSession, patient_id: UUID, picture_id: UUID) -> Picture:
    """As `find_whole`. Raises NotFound (`picture.not_found`)."""
    found = await find_whole(session, patient_id, picture_id)
    if found is None:
        raise NotFound("picture.not_found", "There is no such picture of this patient.")
    return found


async def list_pictures(session: AsyncSession, patient_id: UUID) -> Sequence[Picture]:
    """The pictures of a patient that are here whole, by when they were taken; without their bytes."""
    query = select(Picture).where(
        Picture.patient_id.in_(await _ids(session, patient_id)), Picture.whole_at.is_not(None)
    )
    return (await session.scalars(query.order_by(Picture.at, Picture.id))).all()


async def list_of(
    session: AsyncSession, *, incident_id: UUID | None = None, patient_id: UUID | None = None
) -> Sequence[tuple[Picture, UUID]]:
    """The pictures of an incident, or of a patient, that are not erased, locked; each with its incident."""
    query = select(Picture, Patient.incident_id).join(Patient, Patient.id == Picture.patient_id)
    query = query.where(Picture.erased_at.is_(None))
    if patient_id is None:
        query = query.where(Patient.incident_id == incident_id)
    else:
        query = query.where(Picture.patient_id == patient_id)
    rows = await session.execute(query.order_by(Picture.id).with_for_update(of=Picture))
    return [(row[0], row[1]) for row in rows]


async def list_pieces(session: AsyncSession, picture_id: UUID) -> Sequence[PicturePiece]:
    """The pieces that are here, in their order."""
    query = select(PicturePiece).where(PicturePiece.picture_id == picture_id).order_by(PicturePiece.start)
    return (await session.scalars(query)).all()


async def received(session: AsyncSession, picture_id: UUID) -> int:
    """How many bytes are here from the beginning on: where to go on."""
    query = select(PicturePiece.start, func.length(PicturePiece.data)).where(PicturePiece.picture_id == picture_id)
    rows = await session.execute(query.order_by(PicturePiece.start))
    return whole_until((start, length) for start, length in rows)


async def _ids(session: AsyncSession, patient_id: UUID) -> list[UUID]:
    return [patient_id, *(row.id for row in await list_merged_into(session, patient_id))]
