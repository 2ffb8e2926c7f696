"""The board of requests for ECMO in the live feed: heads, with what tells a page that it is to ask anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from dispatch.ecmo.queries_requests import list_concerned, list_requests
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_requests import RequestState
from dispatch.kernel.db import Session


class EcmoHead(msgspec.Struct, frozen=True):
    """A request without anything of its patient. organisations: those that it concerns."""

    id: UUID
    number: str | None
    state: RequestState
    version: int
    mode: Mode | None
    organisations: list[str]


async def rows(
    session: Session,
    region: str,
    now: datetime,  # noqa: ARG001 - as every board is asked
    ids: Collection[UUID] | None = None,
) -> Sequence[EcmoHead]:
    """Return the heads of requests that are open, or of some whatever their state."""
    found = await list_requests(session, region, None, ids=ids)
    concerned = await list_concerned(session, [row.id for row in found])
    return [
        EcmoHead(
            row.id, row.number, RequestState(row.state), row.version, None if row.mode is None else Mode(row.mode),
            sorted(concerned[row.id]),
        )
        for row in found
    ]  # fmt: skip
