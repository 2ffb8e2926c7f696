"""What was measured at a patient between two times, as the vehicle sent it: one answer for whoever may ask."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from api.er.passing import PASSED, stored
from api.errors import FieldError, ProblemError
from api.parts import Parts
from dispatch.telemetry.queries_attachments import list_carried, list_patient_raw
from dispatch.telemetry.states import Kind

FRAMES: Final = "application/vnd.tarim.frames"
LONGEST: Final = timedelta(minutes=10)
MOST_FRAMES: Final = 4_000
ASKED: Final = (
    "By true time, from `from` until `until`, at most ten minutes: frames one after another, each a head "
    "of 32 bytes and the payload of PROTOCOL.md. The head, little endian: u8 version 1, u8 kind, u8 slot, u8 sure, "
    "u32 bytes of the payload, u64 seq, i64 at, i64 received, both microseconds since 1970. `Tarim-More: 1`: there "
    "are more; ask again from the last time. Only while the patient was attached."
)
"""What the interface says of it."""
KindQuery = Annotated[
    list[str] | None, Query(description="`ecg`, `waves`, `vitals`, `ecmo`, `event`; without one `ecg`.")
]
_NAMES: Final = {kind.name.lower(): kind for kind in sorted(PASSED)}


class Wanted:
    """What is asked for. Raises ProblemError (`request.invalid`)."""

    def __init__(self, span: tuple[datetime, datetime] | None, kinds: Sequence[str] | None) -> None:
        unknown = sorted(set(kinds or ()) - _NAMES.keys())
        if unknown:
            raise _invalid("query.kind", f"is one of {', '.join(_NAMES)}")
        if span is None or span[1] - span[0] > LONGEST:
            raise _invalid("query.until", "name both ends, at most ten minutes apart")
        self.span, self.kinds = span, [_NAMES[name] for name in kinds] if kinds else [Kind.ECG]


async def frames_of(parts: Parts, patient_id: UUID, wanted: Wanted) -> Response:
    """Give the frames of a patient whom the asker may see."""
    async with parts.database.read() as session:
        carried = await list_carried(session, patient_id)
        found = await list_patient_raw(session, carried, wanted.kinds, *wanted.span, most=MOST_FRAMES)
    body = await asyncio.to_thread(lambda: b"".join(stored(frame).told() for frame in found))
    more = {"Tarim-More": "1"} if len(found) == MOST_FRAMES else {}
    return Response(body, media_type=FRAMES, headers={"Cache-Control": "no-store"} | more)


def _invalid(path: str, what: str) -> ProblemError:
    return ProblemError(
        "request.invalid", f"The request cannot be taken: {path}: {what}.", fields=[FieldError(path, what)]
    )
