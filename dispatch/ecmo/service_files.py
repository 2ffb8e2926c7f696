"""Pictures and clips of a case: announced, sent in pieces, put together once; and all of it erased by law.

Nothing here commits.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from dispatch.ecmo.events_requests import FileAdded, FilesErased
from dispatch.ecmo.queries_case import find_file, list_pieces, personal_of, received
from dispatch.ecmo.queries_requests import concerned_by, get_request
from dispatch.ecmo.rules_files import MOST_BYTES, kept_of
from dispatch.ecmo.states_case import AttachmentKind
from dispatch.ecmo.tables_case import EcmoFile, EcmoFilePiece
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_personal import erase_matching
from dispatch.incidents.states_patients import ErasureBasis
from dispatch.kernel.errors import Conflict, Invalid, NotFound
from dispatch.pictures.rules import PIECE_BYTES
from dispatch.pictures.rules_pieces import fits, put_together


@dataclass(frozen=True, slots=True)
class FileAnnounced:
    """A file that will come, under an id of its writer's own. at: true time; total, sha256: of all its bytes."""

    id: UUID
    kind: AttachmentKind
    at: datetime
    total: int
    sha256: bytes


async def announce_file(act: Act, request_id: UUID, given: FileAnnounced) -> EcmoFile:
    """Await a file; the same again gives what is awaited.

    Raises NotFound (`ecmo_request.not_found`), Invalid (`ecmo.file_size`, `time.*`), Conflict (`ecmo_file.other`).
    """
    if not 0 < given.total <= MOST_BYTES:
        raise Invalid("ecmo.file_size", f"A file has at most {MOST_BYTES} bytes.", "Shorten the clip.")
    async with act.together():
        await get_request(act.session, act.region, request_id)
        when = act.moment(Told(min(given.at, act.clock.now())))
        made = insert(EcmoFile).values(
            id=given.id, request_id=request_id, kind=str(given.kind), at=when.occurred_at, entered_at=when.entered_at,
            actor=act.actor, total=given.total, sha256=given.sha256,
        )  # fmt: skip
        await act.session.execute(made.on_conflict_do_nothing())
        row = await find_file(act.session, given.id)
        told = None if row is None else (row.request_id, row.actor, row.total, row.sha256)
        if row is None or told != (request_id, act.actor, given.total, given.sha256):
            raise Conflict("ecmo_file.other", "This id stands for another file.", "Use a fresh id for each.")
        return row


async def take_file_piece(act: Act, request_id: UUID, file_id: UUID, start: int, data: bytes) -> tuple[EcmoFile, int]:
    """Keep a piece, and the file once it is whole; return it and how many bytes are here from the beginning on.

    Raises NotFound (`ecmo_file.not_found`), Invalid (`ecmo.file_piece`, `ecmo.file_digest`, `ecmo.file_form`,
    `picture.*`).
    """
    async with act.together():
        row = await find_file(act.session, file_id, lock=True)
        if row is None or row.request_id != request_id or row.actor != act.actor:
            raise NotFound("ecmo_file.not_found", "There is no such file of this request.")
        if row.whole_at is not None:
            return row, row.total
        if not fits(start, data, row.total):
            raise Invalid("ecmo.file_piece", f"A piece has 1 to {PIECE_BYTES} bytes and lies within the file.")
        await act.session.execute(
            insert(EcmoFilePiece).values(file_id=file_id, start=start, data=data).on_conflict_do_nothing()
        )
        here = await received(act.session, file_id)
        if here == row.total:
            await _put_together(act, row)
        await act.session.flush()
        return row, here


async def erase_case(act: Act, request_id: UUID, basis: ErasureBasis) -> int:
    """Erase all words, names and files of a request by law; return how many. Values, times and codes stay.

    Raises NotFound (`ecmo_request.not_found`).
    """
    async with act.together():
        row = await get_request(act.session, act.region, request_id, lock=True)
        count = await erase_matching(act, personal_of(row.id), basis)
        wanted = select(EcmoFile).where(EcmoFile.request_id == row.id, EcmoFile.erased_at.is_(None))
        files = (await act.session.scalars(wanted.order_by(EcmoFile.id).with_for_update())).all()
        for one in files:
            await act.session.execute(delete(EcmoFilePiece).where(EcmoFilePiece.file_id == one.id))
            one.data = one.small = None
            one.erased_at, one.erased_by, one.erasure_basis = act.clock.now(), act.actor, str(basis)
        await act.session.flush()
        if files:
            act.tell(
                FilesErased(
                    request_id=row.id, region=row.region, concerned=await concerned_by(act.session, row.id),
                    count=len(files), basis=basis,
                )
            )  # fmt: skip
        return count + len(files)


async def _put_together(act: Act, row: EcmoFile) -> None:
    pieces = await list_pieces(act.session, row.id)
    whole = put_together(((piece.start, piece.data) for piece in pieces), row.sha256)
    if whole is None:
        raise Invalid("ecmo.file_digest", "The pieces do not make the file that was announced.", "Send it anew.")
    form, kept, small = await asyncio.to_thread(kept_of, whole)
    row.form, row.data, row.small = form, kept, small
    row.whole_at = act.clock.now()
    await act.session.execute(delete(EcmoFilePiece).where(EcmoFilePiece.file_id == row.id))
    request = await get_request(act.session, act.region, row.request_id)
    act.tell(
        FileAdded(
            request_id=request.id, region=request.region, concerned=await concerned_by(act.session, request.id),
            file_id=row.id, kind=AttachmentKind(row.kind),
            digest=act.digester.digest("ecmo_file", hashlib.sha256(kept).hexdigest()),
        )
    )  # fmt: skip
