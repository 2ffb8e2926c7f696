"""Pictures of patients, and the pieces of those that are not here whole."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.incidents.states_patients import ErasureBasis
from dispatch.kernel.constraints import filled, one_of, within
from dispatch.kernel.db import Base
from dispatch.pictures.states import PictureKind


class Picture(Base):
    """One picture. id: its writer's own. at: when it was taken, a true time; total, sha256: of what is sent.

    whole_at None: pieces are missing. data, small: as it is kept, and a small JPEG of it; gone when erased by law.
    """

    __tablename__ = "pictures"
    __table_args__ = (
        Index("ix_pictures_patient_id_at", "patient_id", "at"),
        Index("ix_pictures_entered_at", "entered_at"),
        one_of("kind", PictureKind),
        one_of("erasure_basis", ErasureBasis),
        filled("actor"),
        within("total", 1, 8_000_000),
        CheckConstraint("at <= entered_at", name="times"),
        CheckConstraint("num_nonnulls(data, small) IN (0, 2)", name="both"),
        CheckConstraint("data IS NULL OR (whole_at IS NOT NULL AND erased_at IS NULL)", name="data"),
        CheckConstraint("num_nonnulls(erased_at, erased_by, erasure_basis) IN (0, 3)", name="erased"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    entered_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    total: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    whole_at: Mapped[datetime | None]
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    small: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    erased_at: Mapped[datetime | None]
    erased_by: Mapped[str | None] = mapped_column(Text)
    erasure_basis: Mapped[str | None] = mapped_column(Text)


class PicturePiece(Base):
    """Bytes of a picture from `start` on."""

    __tablename__ = "picture_pieces"
    __table_args__ = (CheckConstraint("start >= 0", name="start"),)

    picture_id: Mapped[UUID] = mapped_column(ForeignKey("pictures.id"), primary_key=True)
    start: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)
