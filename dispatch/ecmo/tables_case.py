"""What is on a case page: values over time, messages and who has read them, files in pieces."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.ecmo.rules_files import MOST_BYTES
from dispatch.ecmo.states_case import AttachmentKind, CaseSide, FileForm, MessageKind
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.states_patients import ErasureBasis
from dispatch.kernel.constraints import filled, one_of, within
from dispatch.kernel.db import Base


class EcmoValue(Base):
    """One value of an item of `items.toml`, never changed. value None: what was entered before was a mistake.

    The newest by `at`, then by entry, counts. at: when it was so, true time.
    """

    __tablename__ = "ecmo_values"
    __table_args__ = (
        Index("ix_ecmo_values_request_id_item_at", "request_id", "item", "at"),
        filled("item"),
        filled("actor"),
        CheckConstraint("at <= entered_at", name="times"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoRequest.id))
    item: Mapped[str] = mapped_column(Text)
    value: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    at: Mapped[datetime]
    entered_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)


class EcmoMessage(Base):
    """One message, never changed. id: its writer's own. Its words are a personal value of this id."""

    __tablename__ = "ecmo_messages"
    __table_args__ = (
        Index("ix_ecmo_messages_request_id_at", "request_id", "at"),
        one_of("kind", MessageKind),
        one_of("side", CaseSide),
        filled("actor"),
        filled("organisation"),
        CheckConstraint("at <= entered_at", name="times"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoRequest.id))
    kind: Mapped[str] = mapped_column(Text)
    side: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    entered_at: Mapped[datetime]


class EcmoRead(Base):
    """Somebody has seen a message, at a time by the service's clock."""

    __tablename__ = "ecmo_reads"
    __table_args__ = (filled("actor"), filled("organisation"))

    message_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoMessage.id), primary_key=True)
    actor: Mapped[str] = mapped_column(Text, primary_key=True)
    organisation: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class EcmoFile(Base):
    """A picture or a clip, sent in pieces. id: its writer's own. data: None until it is whole, and once it is erased.

    small: of a picture, a JPEG of at most 320 pixels; a clip has none.
    """

    __tablename__ = "ecmo_files"
    __table_args__ = (
        Index("ix_ecmo_files_request_id_at", "request_id", "at"),
        one_of("kind", AttachmentKind),
        one_of("form", FileForm),
        one_of("erasure_basis", ErasureBasis),
        filled("actor"),
        within("total", 1, MOST_BYTES),
        CheckConstraint("at <= entered_at", name="times"),
        CheckConstraint("(whole_at IS NULL) = (form IS NULL)", name="whole"),
        CheckConstraint("data IS NULL OR (whole_at IS NOT NULL AND erased_at IS NULL)", name="data"),
        CheckConstraint("small IS NULL OR data IS NOT NULL", name="small"),
        CheckConstraint("num_nonnulls(erased_at, erased_by, erasure_basis) IN (0, 3)", name="erased"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoRequest.id))
    kind: Mapped[str] = mapped_column(Text)
    form: Mapped[str | None] = mapped_column(Text)
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


class EcmoFilePiece(Base):
    """Some bytes of a file that is not whole yet."""

    __tablename__ = "ecmo_file_pieces"
    __table_args__ = (CheckConstraint("start >= 0", name="start"),)

    file_id: Mapped[UUID] = mapped_column(ForeignKey(EcmoFile.id), primary_key=True)
    start: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)
