"""Views of the figures that people keep under a name."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.auth import DoorkeeperDep, not_allowed
from api.bodies import Body, answer
from api.contract import contract
from api.names import names_of_actors
from api.reports.asking import Reader
from dispatch.accounts.rules_permissions import may
from dispatch.kernel.actor import ActorKind
from dispatch.reports.exporting.service_views import drop_view, keep_view, list_views

router = APIRouter(prefix="/reports/views", tags=["reports"])
SHARE: Final = "reports.share"


class ViewIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A view and its name."""

    name: Annotated[str, Meta(min_length=1, max_length=80, pattern=r"\S", examples=["农村反应 近 30 天"])]
    query: Annotated[
        str,
        Meta(max_length=2_000, pattern=r"^(\?|$)", description="Of the page's address: the whole question."),
    ]
    shared: Annotated[bool, Meta(description="Whether everybody who reads figures finds it.")]


class ViewOut(msgspec.Struct, frozen=True, kw_only=True):
    """A view that somebody keeps."""

    id: UUID
    name: str
    query: str
    shared: bool
    own: Annotated[bool, Meta(description="Of who asks: only these can be deleted.")]
    by: Annotated[str | None, Meta(description="Whose it is, by name.")]
    saved_at: datetime


class ViewsOut(msgspec.Struct, frozen=True, kw_only=True):
    """One's own, and those that others share."""

    views: list[ViewOut]


_body = Body(ViewIn)
_VIEW: Final = {"name": "农村反应 近 30 天", "query": "?period=days30&ground=rural&targets=aksu", "shared": True}
_EXAMPLE: Final = {
    "id": "0198c0de-0000-7000-8000-000000000b01", **_VIEW, "own": True, "by": "示例值班长",
    "saved_at": "2026-11-22T04:00:00Z",
}  # fmt: skip


@router.get(
    "",
    summary="Views that are kept",
    description="One's own and those that others share, by name.",
    **contract(ViewsOut, example={"views": [_EXAMPLE]}),
)
async def listed(door: DoorkeeperDep, actor: Reader) -> Response:
    """List them."""
    async with door.parts.database.read() as session:
        rows = await list_views(session, door.parts.settings.region, actor.id)
        names = await names_of_actors(session, (f"{ActorKind.PERSON}:{row.person_id}" for row in rows))
    told = [
        ViewOut(
            id=row.id, name=row.name, query=row.query, shared=row.shared, own=row.person_id == actor.id,
            by=names.get(f"{ActorKind.PERSON}:{row.person_id}"), saved_at=row.saved_at,
        )
        for row in rows
    ]  # fmt: skip
    return answer(ViewsOut(views=told))


@router.post(
    "",
    summary="Keep a view",
    description="The question of the page's address under a name of one's own; sharing it takes `reports.share`.",
    **contract(
        ViewOut, body=ViewIn, status=201, problems=(403, 409), example=_EXAMPLE, body_examples={"a view": _VIEW}
    ),
)
async def kept(request: Request, door: DoorkeeperDep, actor: Reader) -> Response:
    """Keep one."""
    asked = await _body.of(request)
    if asked.shared and not may(actor, SHARE):
        raise not_allowed(SHARE)
    parts = door.parts
    async with parts.database.write() as session:
        row = await keep_view(
            session, parts.clock, parts.settings.region, actor.id, name=asked.name.strip(), query=asked.query,
            shared=asked.shared,
        )  # fmt: skip
        names = await names_of_actors(session, [str(actor.actor)])
    told = ViewOut(
        id=row.id, name=row.name, query=row.query, shared=row.shared, own=True, by=names.get(str(actor.actor)),
        saved_at=row.saved_at,
    )  # fmt: skip
    return answer(told, status=201)


@router.delete(
    "/{view_id}",
    summary="Delete a view",
    description="One of one's own.",
    **contract(status=204, problems=(404,), told="It is deleted."),
)
async def dropped(
    door: DoorkeeperDep, actor: Reader, view_id: Annotated[UUID, Path(description="The view's id.")]
) -> Response:
    """Delete one."""
    async with door.parts.database.write() as session:
        await drop_view(session, door.parts.settings.region, actor.id, view_id)
    return Response(status_code=204)
