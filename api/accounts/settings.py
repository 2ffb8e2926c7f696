"""How a person likes the screen, kept with the account: it follows them to another seat."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from msgspec import Meta
from starlette.responses import Response

from api.auth import DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from dispatch.accounts.queries import find_settings
from dispatch.accounts.rules_permissions import Principal
from dispatch.accounts.service_settings import save_settings

router = APIRouter(prefix="/session/settings", tags=["logging in"])


class Language(StrEnum):
    """What the screen speaks."""

    ZH = "zh"
    EN = "en"
    UG = "ug"


class Theme(StrEnum):
    """How it looks."""

    NIGHT = "night"
    DAY = "day"
    WALL = "wall"


class Panel(StrEnum):
    """What may stand in a window of its own."""

    MAP = "map"
    INCIDENTS = "incidents"
    UNITS = "units"


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How wide and high the panels are, in pixels; which stand in windows of their own."""

    incidents_px: Annotated[int, Meta(ge=280, le=640, description="Width of the incident board.")]
    selected_px: Annotated[int, Meta(ge=340, le=640, description="Width of the incident in hand.")]
    units_px: Annotated[int, Meta(ge=120, le=600, description="Height of the unit board.")]
    windows: Annotated[list[Panel], Meta(max_length=3)]


class Liked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings of a person."""

    language: Language
    theme: Theme
    volume: Annotated[int, Meta(ge=20, le=100, description="Of alarms, per cent. They are muted for a time only.")]
    layout: Layout
    pins: Annotated[list[UUID], Meta(max_length=100, description="Incidents that stand first on the board.")]


class SettingsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings in place of those of that version; 0: there were none."""

    version: Annotated[int, Meta(ge=0)]
    settings: Liked


class SettingsOut(msgspec.Struct, frozen=True):
    """What is saved; `version` 0 and null: nothing yet."""

    version: int
    settings: Liked | None
    saved_at: datetime | None


_body = Body(SettingsIn)
Own = Annotated[Principal, requires("session.own")]
_LIKED: Final = {
    "language": "zh",
    "theme": "night",
    "volume": 100,
    "layout": {"incidents_px": 356, "selected_px": 404, "units_px": 250, "windows": ["map"]},
    "pins": [],
}
_SAVED: Final = {"version": 1, "settings": _LIKED, "saved_at": "2026-11-22T04:00:00Z"}


@router.get(
    "",
    summary="One's own settings of the screen",
    description="As they were saved last, at whatever seat.",
    **contract(SettingsOut, problems=[401, 403], example=_SAVED),
)
async def shown(door: DoorkeeperDep, actor: Own) -> Response:
    """Show them."""
    async with door.parts.database.read() as session:
        row = await find_settings(session, actor.id)
    if row is None:
        return answer(SettingsOut(0, None, None))
    # What an older version saved may not be what this one knows: then the person begins anew.
    try:
        liked = msgspec.convert(row.body, Liked)
    except msgspec.ValidationError:
        liked = None
    return answer(SettingsOut(row.version, liked, row.saved_at))


@router.put(
    "",
    summary="Save one's own settings of the screen",
    description="All of them at once. Where another seat has saved meanwhile: 409, with what is saved now.",
    **contract(
        SettingsOut, body=SettingsIn, problems=[401, 403, 409], example=_SAVED,
        body_examples={"for the first time": {"version": 0, "settings": _LIKED}},
    ),
)  # fmt: skip
async def saved(request: Request, door: DoorkeeperDep, actor: Own) -> Response:
    """Save them."""
    asked = await _body.of(request)
    body = msgspec.to_builtins(asked.settings)
    async with door.parts.database.write() as session:
        row = await save_settings(session, door.parts.clock, actor.id, body, expected_version=asked.version)
    return answer(SettingsOut(row.version, asked.settings, row.saved_at))
